"""The alerts of a replay into the analyst chat, on purpose: once each, at the pace that Telegram allows."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from monitor.alerts.notifier import NotifierError
from monitor.alerts.outbox import IDLE, Outbox
from monitor.cli import account, desking
from monitor.cli.progress import sending
from monitor.config import ConfigError, Settings
from monitor.ledger import StoreLedger
from monitor.pipeline import Pipeline
from monitor.reading.clock import SystemClock
from monitor.reading.writer import Writer
from monitor.store import outbox
from monitor.store.store import Store
from monitor.telegram.chat import ChatNotifier

REPLAY = "replay"
NAME = "chat (replay)"  # beside the outbox of a running monitor on the same database


@dataclass(frozen=True, slots=True)
class Sent:
    """How many messages went out, how many Telegram would not take, and what stood in the way of the others."""

    messages: int
    refused: int
    fault: str | None


def chat(settings: Settings) -> ChatNotifier:
    """Return the analyst chat, where each alert is marked as a replay's; ConfigError where a setting is missing."""
    try:
        token, number = desking.place(settings)
    except ConfigError as error:
        raise ConfigError(f"--notify chat: {error}") from error
    return ChatNotifier(account.bot(settings, token), number, settings.zone, name=NAME, mark=REPLAY)


async def send(notifier: ChatNotifier, store: Store, pipeline: Pipeline) -> Sent:
    """Send the alerts of replays that are due, until none is left or a person must act."""
    writer, clock = Writer(store, pipeline), SystemClock()
    box = Outbox(notifier, StoreLedger(writer, NAME, REPLAY), clock.now, clock.monotonic)
    try:
        await writer.write(outbox.open_outbox, NAME, clock.now(), REPLAY)
        with sending((await _held(writer)).waiting) as advance:
            while not (box.fault is not None and box.fault.needs_person):
                rest = await box.turn()
                if box.idle and rest >= IDLE:
                    break
                advance(box.sent)
                await asyncio.sleep(rest)
        return Sent(box.sent, (await _held(writer)).refused, str(box.fault) if box.fault is not None else None)
    finally:
        await writer.close()


async def check(notifier: ChatNotifier) -> str | None:
    """Say why the chat cannot be reached; None: it can."""
    try:
        await notifier.peer()
    except NotifierError as error:
        return str(error)
    return None


async def _held(writer: Writer) -> outbox.Held:
    held = await writer.read(outbox.outboxes, SystemClock().now())
    return next(one for one in held if one.notifier == NAME)
