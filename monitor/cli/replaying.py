"""The work behind `monitor replay`: reading, ingesting, showing, comparing, summing up."""

from __future__ import annotations

import asyncio
import difflib
import io
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from monitor.alerts.console import ConsoleNotifier
from monitor.alerts.policy import Policy
from monitor.alerts.stories import StoryIndex
from monitor.cli import start
from monitor.cli.jsonl import channel_label, line
from monitor.config import Settings
from monitor.models import Post, Rejected, Skipped
from monitor.pipeline import BATCH, Outcome, Pipeline
from monitor.sources.files import FileSource
from monitor.sources.source import Read, SourceError
from monitor.store.store import Store, StoreError

_SHOWN_REJECTIONS = 20


@dataclass(frozen=True, slots=True)
class Order:
    """What the command line asked for."""

    paths: tuple[str, ...]
    form: str
    db: str | None
    rules: tuple[str, ...]
    no_packs: bool
    channel: str | None
    expect: str | None


@dataclass(slots=True)
class Tally:
    """What went through, for the closing summary."""

    read: int = 0
    stored: int = 0
    copies: int = 0
    alerts: int = 0
    channels: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    rejected: list[Rejected] = field(default_factory=list)

    def add(self, outcomes: list[Outcome]) -> None:
        """Count what was stored of one batch."""
        self.stored += len(outcomes)
        for outcome in outcomes:
            self.channels[channel_label(outcome.post)] += 1
            self.languages[outcome.language or "none"] += 1
            self.rules.update(match.rule for match in outcome.findings.matches)
            self.copies += outcome.copy


def run(order: Order) -> int:
    """Do a replay; return the exit code: 0, 1 where the output differs from what was expected, 2 on bad input."""
    settings = start.settings()
    matcher = start.matcher(order.rules, order.no_packs, settings.rules)
    expected = _expected(order.expect)
    out: TextIO = io.StringIO() if expected is not None else sys.stdout
    tally = Tally()
    began = time.perf_counter()
    try:
        source = FileSource([Path(path) for path in order.paths], channel=order.channel)
        with Store.open(Path(order.db) if order.db else None) as store:
            stories = _stories(store)
            pipeline = Pipeline(matcher, store, stories, Policy(settings.alert_level), origin="replay")
            asyncio.run(_replay(source, pipeline, store, order, settings, out, tally))
    except (SourceError, StoreError) as error:
        start.fail(str(error))
    _print_summary(tally, time.perf_counter() - began)
    if tally.rejected:
        return 2
    if expected is not None:
        assert isinstance(out, io.StringIO)
        return _compare(expected, out.getvalue(), str(order.expect))
    return 0


def _stories(store: Store) -> StoryIndex:
    """The stories that the store knows: a replay may bring older posts, so all of them count."""
    index = StoryIndex()
    for story in store.recent_stories(datetime.fromtimestamp(0, UTC)):
        index.learn(story.key, story.id, story.at)
    return index


async def _replay(
    source: FileSource, pipeline: Pipeline, store: Store, order: Order, settings: Settings, out: TextIO, tally: Tally
) -> None:
    with progress(order.paths) as advance:
        batch: list[Post] = []
        async for read in source.posts():
            if isinstance(read, Post):
                batch.append(read)
                if len(batch) == BATCH:
                    _ingest(batch, pipeline, order, out, tally)
                    advance(batch)
                    batch = []
            else:
                _count(read, tally)
        _ingest(batch, pipeline, order, out, tally)
        advance(batch)
    await _tell(store, settings, out if order.form == "text" else None, tally)


def _ingest(batch: list[Post], pipeline: Pipeline, order: Order, out: TextIO, tally: Tally) -> None:
    tally.read += len(batch)
    outcomes = pipeline.ingest(batch, datetime.now(UTC))
    tally.add(outcomes)
    if order.form == "jsonl":
        for outcome in outcomes:
            if outcome.findings:
                out.write(line(outcome).decode() + "\n")


def _count(read: Read, tally: Tally) -> None:
    if isinstance(read, Skipped):
        tally.skipped[read.reason] += 1
    elif isinstance(read, Rejected):
        tally.rejected.append(read)


async def _tell(store: Store, settings: Settings, out: TextIO | None, tally: Tally) -> None:
    """Show the alerts that are due and mark them told; where JSONL was asked for, its lines have told them."""
    notifier = ConsoleNotifier(_screen(out), settings.zone) if out is not None else None
    told: list[int] = []
    for alert in store.due(origin="replay"):
        if notifier is not None:
            await notifier.send(alert)
        assert alert.id is not None
        told.append(alert.id)
    store.mark_delivered(told, "console" if notifier else "jsonl", datetime.now(UTC))
    tally.alerts = len(told)


def _screen(out: TextIO) -> Console:
    return Console(file=out, highlight=False, markup=False, emoji=False)


@contextmanager
def progress(paths: tuple[str, ...]) -> Iterator[Callable[[list[Post]], None]]:
    """Show a bar on a terminal, by the bytes of the files; nothing in a pipe."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda batch: None
        return
    columns = (SpinnerColumn(), TextColumn("{task.fields[posts]:,} posts"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=_size(paths) or None, posts=0)

        def advance(batch: list[Post]) -> None:
            done = int(bar.tasks[task].fields["posts"]) + len(batch)
            bar.update(task, advance=sum(len(post.raw) for post in batch), posts=done)

        yield advance


def _size(paths: tuple[str, ...]) -> int:
    files = (file for path in map(Path, paths) for file in ([path] if path.is_file() else path.rglob("*")))
    return sum(file.stat().st_size for file in files if file.is_file())


def _expected(path: str | None) -> str | None:
    if path is None:
        return None
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        start.fail(f"{path}: cannot be read as text ({error}); --expect takes a file that an earlier replay wrote")


def _compare(expected: str, got: str, name: str) -> int:
    if expected == got:
        click.echo(f"The output is as in {name}.", err=True)
        return 0
    lines = difflib.unified_diff(expected.splitlines(), got.splitlines(), name, "this replay", lineterm="")
    click.echo("\n".join(lines))
    return 1


def _print_summary(tally: Tally, seconds: float) -> None:
    """Say on stderr what was read, found and refused."""
    rate = tally.read / seconds if seconds else 0.0
    known = tally.read - tally.stored
    say = [
        f"{tally.read:,} posts read in {seconds:.1f} s ({rate:,.0f} posts/s)"
        + (f", {known:,} known before" if known else "")
    ]
    say += [
        f"  {label}: {_counts(counter)}"
        for label, counter in (
            ("channels", tally.channels),
            ("languages", tally.languages),
            ("rules", tally.rules),
            ("passed over", tally.skipped),
        )
        if counter
    ]
    say.append(
        f"  alerts: {tally.alerts:,}"
        + (f", and {tally.copies:,} copies of stories told already" if tally.copies else "")
    )
    if tally.rejected:
        say.append(f"  rejected: {len(tally.rejected):,}")
        say += [f"    {_place(item)}: {item.reason}" for item in tally.rejected[:_SHOWN_REJECTIONS]]
        if len(tally.rejected) > _SHOWN_REJECTIONS:
            rest = Counter(item.reason for item in tally.rejected[_SHOWN_REJECTIONS:])
            say.append(f"    and {len(tally.rejected) - _SHOWN_REJECTIONS:,} more: {_counts(rest)}")
    click.echo("\n".join(say), err=True)


def _counts(counter: Counter[str]) -> str:
    named = [f"{name} {number:,}" for name, number in counter.most_common(12)]
    return ", ".join(named) + (f", and {len(counter) - 12} more" if len(counter) > 12 else "")


def _place(item: Rejected) -> str:
    return item.file if item.line is None else f"{item.file}:{item.line}"
