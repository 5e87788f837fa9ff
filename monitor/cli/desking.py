"""The analyst chat of a run: the bot that tells and listens, and the desk that answers."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from monitor.cli import account
from monitor.cli.digesting import digest_answer
from monitor.cli.rules.explaining import lines
from monitor.config import ConfigError, Settings
from monitor.desk.callbacks import Sealer
from monitor.desk.desk import MENU, Desk
from monitor.desk.keyboard import alert_keys, asked_about
from monitor.desk.ports import Ports
from monitor.desk.values import Keys
from monitor.health import Report, report
from monitor.language.detect import detect
from monitor.language.searching import search_forms
from monitor.models import Message
from monitor.reading.channel_list import ChannelList
from monitor.reading.clock import Clock
from monitor.reading.roster import effective
from monitor.reading.writer import Writer
from monitor.rules.matcher import Matcher
from monitor.store import audit
from monitor.store.audit import Verdict
from monitor.store.reader import Reader
from monitor.store.wishes import wishes
from monitor.telegram.bot import Bot
from monitor.telegram.chat import ChatNotifier
from monitor.telegram.line import DeskLine


@dataclass(frozen=True, slots=True)
class Chat:
    """The bot in the analyst chat: what it tells through, what it hears through, and the seal of its buttons."""

    bot: Bot
    notifier: ChatNotifier
    line: DeskLine
    sealer: Sealer


@dataclass(frozen=True, slots=True)
class Parts:
    """What a run hands to its desk; rules and channels are asked for each time, since a reload changes them."""

    settings: Settings
    writer: Writer
    clock: Clock
    matcher: Callable[[], Matcher]
    channels: Callable[[], ChannelList]
    look_again: Callable[[], None]


def chat(settings: Settings) -> Chat | None:
    """Return the analyst chat, None where none is set; ConfigError where a setting is missing."""
    if settings.telegram_bot_token is None and settings.alert_chat is None:
        return None
    token, number = place(settings)
    line = DeskLine()
    bot = account.bot(settings, token, line.handlers)
    return Chat(bot, ChatNotifier(bot, number, settings.zone), line, Sealer(token))


def place(settings: Settings) -> tuple[str, int]:
    """Return the bot's token and the number of the analyst chat; ConfigError where one of them is not set."""
    token, number = settings.telegram_bot_token, settings.alert_chat
    if token is None or number is None:
        missing = "TELEGRAM_BOT_TOKEN" if token is None else "ALERT_CHAT"
        raise ConfigError(f"{missing}: is not set; the analyst chat needs both TELEGRAM_BOT_TOKEN and ALERT_CHAT")
    return token.get_secret_value(), number


def open_desk(chat: Chat, parts: Parts) -> DeskLine:
    """Let the desk answer in the chat, and put its buttons under the alerts; return the line to keep open."""
    settings = parts.settings
    assert settings.alert_chat is not None
    chat.notifier.keys = partial(_keys, chat, parts)
    desk = Desk(_ports(chat, parts), settings.alert_chat, settings.analysts)
    chat.line.open(chat.bot, desk, [(entry.name, entry.does) for entry in MENU])
    return chat.line


def _ports(chat: Chat, parts: Parts) -> Ports:
    return Ports(
        store=parts.writer,
        now=parts.clock.now,
        sealer=chat.sealer,
        zone=parts.settings.zone,
        report=partial(reported, parts),
        explain=partial(_explain, parts),
        forms=search_forms,
        rules=lambda: parts.matcher().rules,
        digest=partial(digest_answer, parts.writer, partial(reported, parts), parts.settings.zone),
        read_channels=parts.look_again,
    )


async def _keys(chat: Chat, parts: Parts, message: Message) -> Keys:
    """Return the buttons of a message, with what analysts said of it so far."""
    number = parts.settings.alert_chat
    assert number is not None
    verdict = Verdict()
    alert = asked_about(message)
    if alert is not None and alert.id is not None:
        found = await parts.writer.read(audit.verdicts, [alert.id])
        verdict = found[alert.id]
    return alert_keys(message, verdict, chat.sealer, number, parts.clock.now())


def reported(parts: Parts, store: Reader) -> Report:
    """Say how the reading goes, as `monitor status` does."""
    settings = parts.settings
    return report(
        store,
        settings.source,
        effective(parts.channels().channels, store.read(wishes)),
        parts.clock.now(),
        process=os.getpid(),
        longest=settings.poll_max_interval,
    )


def _explain(parts: Parts, text: str, channel: str | None) -> str:
    return "\n".join(lines(parts.matcher().explain(text, channel=channel), detect(text), everything=False))
