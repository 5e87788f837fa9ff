"""Who is told: the notifiers that the settings speak of, each with an outbox of its own."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

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
    """Return the notifiers: the chat where there is one, else the screen, and beside it the webhook.

    ConfigError where a setting is missing or wrong.
    """
    found: list[Notifier] = [chat or _screen(settings)]
    hook = _webhook(settings)
    return [*found, hook] if hook is not None else found


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
