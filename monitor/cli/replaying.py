"""The work behind `monitor replay`: reading, ingesting, showing, comparing, summing up."""

from __future__ import annotations

import asyncio
import difflib
import io
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TextIO

import click
from rich.console import Console

from monitor.alerts.console import ConsoleNotifier
from monitor.alerts.policy import Policy
from monitor.cli import start
from monitor.cli.jsonl import line
from monitor.cli.logs import set_up
from monitor.cli.progress import progress
from monitor.cli.summary import Tally, counted, summary
from monitor.config import ConfigError, Settings
from monitor.models import Post, Rejected, Skipped
from monitor.pipeline import BATCH, Pipeline, stored_stories
from monitor.sources.files import FileSource
from monitor.sources.source import Read, SourceError
from monitor.store.store import Store, StoreError

if TYPE_CHECKING:  # telethon takes a second to load, which a replay to the screen does not need
    from monitor.cli.sending import Sent
    from monitor.telegram.chat import ChatNotifier

_REPLAY: Literal["replay"] = "replay"
_INTERRUPTED = 130  # as shells write the end by Ctrl-C


@dataclass(frozen=True, slots=True)
class Order:
    """What the command line asked for."""

    paths: tuple[str, ...]
    form: str
    db: str | None
    rules: tuple[str, ...]
    no_packs: bool
    channel: str | None
    notify: str | None
    expect: str | None


def run(order: Order) -> int:
    """Do a replay; return the exit code: 0, 1 where the output differs from what was expected or alerts could not be
    sent, 2 on bad input."""
    settings = start.settings()
    chat = _chat(order, settings)
    matcher = start.matcher(order.rules, order.no_packs, settings.rules)
    expected = _expected(order.expect)
    out = io.StringIO() if expected is not None else _stdout(order.form)
    tally = Tally()
    began = time.perf_counter()
    try:
        source = FileSource([Path(path) for path in order.paths], channel=order.channel)
        with Store.open(Path(order.db) if order.db else None) as store:
            policy = Policy(settings.alert_level, per_hour=settings.alerts_per_hour if chat is not None else 0)
            pipeline = Pipeline(matcher, store, stored_stories(store), policy, origin=_REPLAY)
            sent = asyncio.run(_replay(source, pipeline, store, order, settings, out, tally, chat))
    except (SourceError, StoreError) as error:
        start.fail(str(error))
    except KeyboardInterrupt:
        click.echo(_farewell(order.db, tally), err=True)
        return _INTERRUPTED
    click.echo(summary(tally, time.perf_counter() - began, settings.zone), err=True)
    code = 0
    if sent is not None:
        code = _say_what_was_sent(sent, order.db)
    if expected is not None:
        assert isinstance(out, io.StringIO)
        code = _compare(expected, out.getvalue(), str(order.expect))
    return 2 if tally.rejected else code


def _stdout(form: str) -> TextIO:
    """Prepare stdout: UTF-8 in files and pipes; a terminal never fails for a character that it lacks."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        screen = form == "text" and sys.stdout.isatty()
        sys.stdout.reconfigure(encoding=None if screen else "utf-8", errors="replace")
    return sys.stdout


def _chat(order: Order, settings: Settings) -> ChatNotifier | None:
    """Return the chat that the alerts are to go to; None: none was asked for."""
    if order.notify is None:
        return None
    if order.expect is not None:
        start.fail("--expect compares what is shown, and with --notify nothing is: give one of them")
    from monitor.cli import sending

    try:
        chat = sending.chat(settings)
    except ConfigError as error:
        start.fail(str(error))
    set_up()
    return chat


async def _replay(
    source: FileSource,
    pipeline: Pipeline,
    store: Store,
    order: Order,
    settings: Settings,
    out: TextIO,
    tally: Tally,
    chat: ChatNotifier | None,
) -> Sent | None:
    if chat is None:
        await _read(source, pipeline, order, out, tally)
        await _tell(store, settings, out if order.form == "text" else None, tally)
        return None
    from monitor.cli import sending

    try:
        fault = await sending.check(chat)
        if fault is not None:
            start.fail(f"--notify chat: {fault}")
        await _read(source, pipeline, order, out, tally)
        tally.alerts.update(alert.level for alert in store.due(origin=_REPLAY))
        return await sending.send(chat, store, pipeline)
    finally:
        await chat.close()


async def _read(source: FileSource, pipeline: Pipeline, order: Order, out: TextIO, tally: Tally) -> None:
    with progress(order.paths) as advance:
        batch: list[Post] = []
        number = 0
        async for read in source.posts():
            number += 1
            if isinstance(read, Post):
                batch.append(read)
            else:
                _count(read, tally)
            if len(batch) == BATCH:
                _ingest(batch, pipeline, order, out, tally)
                advance(batch)
                batch = []
            if number % BATCH == 0:
                # Between two batches, never inside one, Ctrl-C is heard.
                await asyncio.sleep(0)
        _ingest(batch, pipeline, order, out, tally)
        advance(batch)


def _ingest(batch: list[Post], pipeline: Pipeline, order: Order, out: TextIO, tally: Tally) -> None:
    outcomes = pipeline.ingest(batch, datetime.now(UTC))
    tally.add(batch, outcomes)
    if order.form == "jsonl":
        out.writelines(line(outcome).decode() + "\n" for outcome in outcomes if outcome.findings)
        out.flush()


def _count(read: Read, tally: Tally) -> None:
    if isinstance(read, Skipped):
        tally.skipped[read.reason] += 1
    elif isinstance(read, Rejected):
        tally.rejected.append(read)


async def _tell(store: Store, settings: Settings, out: TextIO | None, tally: Tally) -> None:
    """Show the alerts that are due and mark them told; where JSONL was asked for, its lines have told them."""
    notifier = ConsoleNotifier(_screen(out), settings.zone) if out is not None else None
    told: list[int] = []
    for alert in store.due(origin=_REPLAY):
        if notifier is not None:
            await notifier.send(alert)
        assert alert.id is not None
        told.append(alert.id)
        tally.alerts[alert.level] += 1
    if out is not None:
        out.flush()
    store.mark_delivered(told, "console" if notifier else "jsonl", datetime.now(UTC))


def _say_what_was_sent(sent: Sent, db: str | None) -> int:
    """Say what came into the chat and what did not; return the exit code."""
    said = f"{counted(sent.messages, 'message')} sent to the analyst chat"
    if sent.refused:
        said += f"; {counted(sent.refused, 'message')} not taken by Telegram, as the log above says"
    if sent.fault is not None:
        rest = f"the others wait in {db}: the same command sends them" if db else "the others are lost without --db"
        said += f"; {sent.fault}; {rest}"
    click.echo(said, err=True)
    return 1 if sent.refused or sent.fault is not None else 0


def _screen(out: TextIO) -> Console:
    return Console(file=out, highlight=False, markup=False, emoji=False)


def _farewell(db: str | None, tally: Tally) -> str:
    done = f"Stopped by Ctrl-C after {counted(tally.read, 'post')}"
    if db is None:
        return f"{done}; nothing is kept without --db."
    return f"{done}; what was read is kept in {db}, and the same command goes on from there."


def _expected(path: str | None) -> str | None:
    if path is None:
        return None
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        what = error.strerror if isinstance(error, OSError) else "it is no UTF-8"
        start.fail(f"{path}: cannot be read as text ({what}); --expect takes a file that an earlier replay wrote")


def _compare(expected: str, got: str, name: str) -> int:
    if expected == got:
        click.echo(f"The output is as in {name}.", err=True)
        return 0
    was, now = expected.split("\n"), got.split("\n")
    lines = list(difflib.unified_diff(was, now, name, "this replay", lineterm=""))
    click.echo("\n".join(lines))
    click.echo(f"The output is not as in {name}: {counted(_changes(lines), 'line')} changed.", err=True)
    return 1


def _changes(lines: list[str]) -> int:
    return sum(one.startswith(("+", "-")) for one in lines[2:])
