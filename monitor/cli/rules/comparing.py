"""`monitor rules diff`: which alerts a change of rules adds and removes on the same posts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import orjson

from monitor.alerts.message import one_line
from monitor.alerts.policy import Policy
from monitor.alerts.stories import StoryIndex
from monitor.cli import start
from monitor.cli.jsonl import channel_label
from monitor.cli.progress import progress
from monitor.cli.rules.wording import marked
from monitor.models import Findings, Post, Rejected
from monitor.pipeline import BATCH, Pipeline
from monitor.rules.matcher import Matcher
from monitor.sources.files import FileSource
from monitor.sources.source import Read, SourceError
from monitor.store.reader import Reader
from monitor.store.store import Store, StoreError

_PASSAGE = 240  # characters of a post that are shown
_NOTHING = "-"  # for OLD or NEW: no folder beside the packs

Key = tuple[str, int]  # channel as it is called, id of the post


@dataclass(slots=True)
class _Side:
    """One rule set's way through the posts, with the alerts that it makes."""

    pipeline: Pipeline
    alerts: dict[Key, tuple[Post, Findings]] = field(default_factory=dict)

    def ingest(self, posts: Sequence[Post]) -> None:
        for outcome in self.pipeline.ingest(posts, datetime.now(UTC)):
            if outcome.findings.matches and not outcome.copy:
                key = (channel_label(outcome.post), outcome.post.id)
                self.alerts.setdefault(key, (outcome.post, outcome.findings))


@dataclass(frozen=True, slots=True)
class Change:
    """An alert that is only under the new rules, only under the old ones, or under both and not the same."""

    post: Post
    old: Findings | None
    new: Findings | None


def run(
    folders: Sequence[str], no_packs: bool, old: str, new: str, paths: Sequence[str], channel: str | None, form: str
) -> int:
    """Print which alerts differ; exit code 0, or 2 where some input cannot be used."""
    before, after = (_matcher(folders, no_packs, folder) for folder in (old, new))
    rejected: list[Rejected] = []
    try:
        with ExitStack() as stack:
            sides = [_side(stack, matcher) for matcher in (before, after)]
            read = asyncio.run(_through(sides, paths, channel, rejected))
    except (SourceError, StoreError) as error:
        start.fail(str(error))
    changes = compared(sides[0].alerts, sides[1].alerts)
    if form == "json":
        click.echo(orjson.dumps([_plain(one) for one in changes], option=orjson.OPT_INDENT_2).decode())
    else:
        click.echo("\n".join(_lines(changes)))
    click.echo(f"{read:,} posts, {len(sides[0].alerts):,} alerts before, {len(sides[1].alerts):,} after", err=True)
    for one in rejected:
        click.echo(one_line(f"{one.file}{f':{one.line}' if one.line else ''}: {one.reason}", 600), err=True)
    return 2 if rejected else 0


def compared(old: dict[Key, tuple[Post, Findings]], new: dict[Key, tuple[Post, Findings]]) -> list[Change]:
    """Return the alerts of two rule sets that are not the same, oldest post first."""
    changes = []
    for key in {**old, **new}:
        (post, _), before, after = new.get(key) or old[key], old.get(key), new.get(key)
        if before is None or after is None or _told(before[1]) != _told(after[1]):
            changes.append(Change(post, before and before[1], after and after[1]))
    return sorted(changes, key=lambda change: (change.post.date, channel_label(change.post), change.post.id))


def _told(findings: Findings) -> list[tuple[str, str]]:
    return [(match.rule, match.level) for match in findings.matches]


def _matcher(folders: Sequence[str], no_packs: bool, folder: str) -> Matcher:
    return start.matcher([*folders, *([folder] if folder != _NOTHING else [])], no_packs)


def _side(stack: ExitStack, matcher: Matcher) -> _Side:
    store = stack.enter_context(Store.open(None))
    return _Side(Pipeline(matcher, store, StoryIndex(), Policy(), origin="replay"))


async def _through(sides: Sequence[_Side], paths: Sequence[str], channel: str | None, rejected: list[Rejected]) -> int:
    """Run the posts through both sides; return how many there were."""
    read = 0
    with progress(tuple(paths)) as advance:
        batch: list[Post] = []
        async for one in _reads(paths, channel):
            if isinstance(one, Rejected):
                rejected.append(one)
            elif isinstance(one, Post):
                batch.append(one)
            if len(batch) == BATCH:
                read += _ingest(sides, batch)
                advance(batch)
                batch = []
        read += _ingest(sides, batch)
        advance(batch)
    return read


def _ingest(sides: Sequence[_Side], batch: list[Post]) -> int:
    for side in sides:
        side.ingest(batch)
    return len(batch)


async def _reads(paths: Sequence[str], channel: str | None) -> AsyncIterator[Read]:
    """Give the posts of the databases among the paths, then those of the saved files."""
    databases = [Path(path) for path in paths if Path(path).suffix == ".db"]
    files = [Path(path) for path in paths if Path(path).suffix != ".db"]
    for database in databases:
        with Reader.open(database) as reader:
            for post in reader.posts():
                yield post
    if files:
        async for read in FileSource(files, channel=channel).posts():
            yield read


def _lines(changes: Sequence[Change]) -> Iterator[str]:
    added = sum(change.old is None for change in changes)
    removed = sum(change.new is None for change in changes)
    changed = len(changes) - added - removed
    yield f"+{added} −{removed} alerts" + (f", {changed} changed" if changed else "")
    for change in changes:
        yield ""
        yield f"{_sign(change)} {channel_label(change.post)}/{change.post.id} · {change.post.date:%Y-%m-%d %H:%M} UTC"
        yield f"    {_rules(change)}"
        yield f"    {_shown(change)}"


def _sign(change: Change) -> str:
    return "+" if change.old is None else "−" if change.new is None else "~"


def _rules(change: Change) -> str:
    sides = [_named(findings) for findings in (change.old, change.new) if findings is not None]
    return " → ".join(sides)


def _named(findings: Findings) -> str:
    return ", ".join(f"{match.rule} ({match.level})" for match in findings.matches)


def _shown(change: Change) -> str:
    findings = change.new or change.old
    assert findings is not None
    spans = sorted({mention.span for match in findings.matches for mention in match.mentions})
    return marked(change.post.text, spans, _PASSAGE)


def _plain(change: Change) -> dict[str, Any]:
    def side(findings: Findings | None) -> list[dict[str, str]] | None:
        return None if findings is None else [{"id": one.rule, "level": one.level} for one in findings.matches]

    post = change.post
    return {
        "change": {"+": "added", "−": "removed", "~": "changed"}[_sign(change)],
        "channel": channel_label(post),
        "post_id": post.id,
        "date": post.date.isoformat(timespec="seconds"),
        "url": post.url,
        "old": side(change.old),
        "new": side(change.new),
        "text": post.text,
    }
