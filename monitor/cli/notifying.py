"""Who is told: the notifiers that the settings speak of, each with an outbox of its own."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

from monitor.alerts.apprise import AppriseNotifier
from monitor.alerts.console import ConsoleNotifier
from monitor.alerts.notifier import Notifier
from monitor.alerts.outbox import Outbox
from monitor.alerts.webhook import WebhookNotifier, address_fault
from monitor.config import ConfigError, Settings
from monitor.ledger import StoreLedger
from monitor.reading.clock import Clock
from monitor.reading.writer import Writer


def outboxes(told: Sequence[Notifier], writer: Writer, clock: Clock) -> list[Outbox]:
    """Return an outbox for each notifier; the first one's word makes an alert told."""
    ledger = StoreLedger(writer, chief=told[0].name)
    return [Outbox(notifier, ledger, clock.now, clock.monotonic) for notifier in told]


def notifiers(settings: Settings, chat: Notifier | None) -> Sequence[Notifier]:
    """Return the notifiers: the chat where there is one, else the screen, and beside it the webhook and Apprise's.

    ConfigError where a setting is missing or wrong.
    """
    found: list[Notifier] = [chat or _screen(settings)]
    hook = _webhook(settings)
    if hook is not None:
        found.append(hook)
    return [*found, *_apprise(settings)]


def _screen(settings: Settings) -> Notifier:
    return ConsoleNotifier(Console(highlight=False, markup=False, emoji=False), settings.zone)


def _webhook(settings: Settings) -> Notifier | None:
    url, secret = settings.webhook_url, settings.webhook_secret
    if url is None:
        return None
    if secret is None:
        raise ConfigError("WEBHOOK_SECRET: is not set; posts to WEBHOOK_URL are signed with it, make up a long one")
    fault = address_fault(url)
    if fault is not None:
        raise ConfigError(f"WEBHOOK_URL: {fault}")
    return WebhookNotifier(url, secret.get_secret_value(), settings.zone)


def _apprise(settings: Settings) -> list[Notifier]:
    urls = settings.apprise_urls.get_secret_value().split() if settings.apprise_urls is not None else []
    found: dict[str, Notifier] = {}
    for number, url in enumerate(urls, start=1):
        try:
            notifier = AppriseNotifier(url, settings.zone)
        except ImportError as error:
            raise ConfigError("APPRISE_URLS: needs an extra; run: pip install 'monitor[apprise]'") from error
        except ValueError as error:
            raise ConfigError(f"APPRISE_URLS: address {number} {error}") from error
        found[notifier.name] = notifier
    return list(found.values())
