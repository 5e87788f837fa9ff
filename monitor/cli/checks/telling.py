"""Who is told: the analyst chat and the webhook, as the settings have them and as they answer."""

from __future__ import annotations

import asyncio
import ssl
from urllib.parse import urlsplit

from monitor.cli import desking, notifying
from monitor.cli.checks.findings import Findings
from monitor.config import ConfigError, Settings
from monitor.sources.source import SourceError
from monitor.telegram.chat_look import ChatLook, look

_PATIENCE = 10.0  # seconds


def telling(settings: Settings, found: Findings) -> None:
    """Check the settings of the chat and of the webhook."""
    try:
        chat = desking.chat(settings)
        notifying.notifiers(settings, chat.notifier if chat is not None else None)
    except ConfigError as error:
        found.faults.append(str(error))
        return
    if chat is None:
        found.advice.append("TELEGRAM_BOT_TOKEN: is not set, so that alerts are printed and nobody is told elsewhere")
    elif not settings.analysts:
        found.advice.append(
            "ANALYSTS: is empty, so that the bot tells and answers nobody; write the analysts' ids there"
        )


async def telling_online(settings: Settings, found: Findings) -> None:
    """Ask whether the bot may write in the chat (it shows as typing for a moment), and whether the webhook answers."""
    await _chat(settings, found)
    if settings.webhook_url is not None:
        await _webhook(settings.webhook_url, found)


async def _chat(settings: Settings, found: Findings) -> None:
    try:
        chat = desking.chat(settings)
    except ConfigError:
        return  # said before
    if chat is None:
        return
    try:
        async with asyncio.timeout(3 * _PATIENCE):
            seen = await look(chat.bot, chat.notifier, settings.analysts)
    except (SourceError, TimeoutError) as error:
        found.faults.append(f"TELEGRAM_BOT_TOKEN: {error or 'Telegram does not answer the bot in half a minute'}")
    else:
        _say(seen, found)
    finally:
        await chat.bot.close()


def _say(seen: ChatLook, found: Findings) -> None:
    found.good.append(f"bot: @{seen.bot.username or seen.bot.id}")
    if seen.fault is None:
        found.good.append("chat: the bot may write in it")
    else:
        found.faults.append(f"ALERT_CHAT: {seen.fault}")
    for one in seen.bots:
        found.faults.append(f"ANALYSTS: {one} is a bot, and bots are not answered; write people's ids there")
    for one in seen.unknown:
        found.advice.append(f"ANALYSTS: the bot has not met {one}: check the number, or let that person press Start")
    if len(seen.people) > 0:
        found.good.append(f"analysts: {len(seen.people)}")


async def _webhook(url: str, found: Findings) -> None:
    """Open a connection and close it: nothing is posted."""
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    try:
        async with asyncio.timeout(_PATIENCE):
            _, writer = await asyncio.open_connection(
                parts.hostname,
                parts.port or (443 if secure else 80),
                ssl=ssl.create_default_context() if secure else None,
            )
            writer.close()
    except (OSError, TimeoutError) as error:
        why = getattr(error, "strerror", None) or str(error) or "no answer in time"
        found.faults.append(
            f"WEBHOOK_URL: {parts.hostname} cannot be reached ({why}); check the address and the firewall"
        )
    else:
        found.good.append(f"webhook: {parts.hostname} answers")
