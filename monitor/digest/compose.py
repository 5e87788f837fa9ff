"""A digest as a message: counts against the week before, stories by size, coverage, the head of the chain. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.alerts.message import Lines, clip, isolated, listed, one_line
from monitor.alerts.passage import harmless
from monitor.alerts.phrases import MARKS, channel_name, local_time
from monitor.models import Level
from monitor.store.counts import StorySize

WEEK = timedelta(days=7)
_LINES_UNITS = 700
_EXCERPT = 110


@dataclass(frozen=True, slots=True)
class Digest:
    """What happened from `since` to `until`; `…_before` are the same counts over the week before `since`."""

    since: datetime
    until: datetime
    posts: int
    posts_before: int
    rules: Mapping[str, int]
    rules_before: Mapping[str, int]
    channels: Mapping[str, int]
    channels_before: Mapping[str, int]
    stories: Sequence[StorySize]
    low: int
    coverage: str
    head: str
    media_head: str | None = None


def compose(digest: Digest, zone: ZoneInfo) -> Lines:
    """Write a digest; it leaves room in one message for a heading and a last line."""
    span = digest.until - digest.since
    lines = Lines()
    lines.line(f"Digest · {local_time(digest.since, zone)} to {local_time(digest.until, zone)}", "level")
    lines.line(f"{digest.posts:,} posts read ({_usual(digest.posts_before, span)})")
    lines.line(harmless(digest.coverage), "level")
    lines.line(_counts("Rules", digest.rules, digest.rules_before, span) or "No rule fired.")
    lines.line(_counts("Channels", digest.channels, digest.channels_before, span))
    if digest.low:
        lines.line(f"{digest.low:,} posts with low mentions only", "dim")
    if digest.stories:
        lines.line("Stories", "level")
        for story in digest.stories:
            lines.line(_story(story))
    if digest.media_head is not None:
        lines.line(f"Head of the media: {digest.media_head}", "dim")
    lines.add(f"Head of the chain: {digest.head}", "dim")
    return lines


def _counts(what: str, counts: Mapping[str, int], before: Mapping[str, int], span: timedelta) -> str:
    if not counts:
        return ""
    named = [f"{one_line(name)} {count:,} ({_usual(before.get(name, 0), span)})" for name, count in counts.items()]
    return f"{what}: " + listed(named, _LINES_UNITS)


def _usual(before: int, span: timedelta) -> str:
    """Say how many there were in a time of this length in the week before, on average."""
    usual = before * (span / WEEK)
    return f"usually {usual:,.0f}" if usual >= 10 or usual == int(usual) else f"usually {usual:,.1f}"


def _story(story: StorySize) -> str:
    mark = MARKS[story.level or Level.LOW].split()[0]
    number = f"#{story.alert} " if story.alert is not None else ""
    where = f"{story.posts:,} posts in {story.channels:,} channels" if story.posts > 1 else channel_name(story.channel)
    return f"{mark} {number}{where}: {isolated(clip(' '.join(story.text.split()), _EXCERPT))}"
