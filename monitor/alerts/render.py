"""How an alert reads: plain text plus styled spans, the same for the chat and for the screen. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.alerts.passage import harmless, passage
from monitor.models import Alert, Appearance, Level, Match, Mention, Post

MARKS = {Level.HIGH: "🔴 HIGH", Level.MEDIUM: "🟠 MEDIUM", Level.LOW: "⚪ LOW"}
PASSAGE = 900  # characters of the post that are shown
_FORMS = 6  # forms of one rule that the last line names
_ALSO = 8  # appearances that are named one by one
_TITLE = 80
_ISOLATE = "\u2068{}\u2069"  # first-strong isolate: right-to-left text keeps its order and leaves ours alone
_ATTACHED = {"voice": "voice message", "round": "video message", "other": "attachment"}


@dataclass(frozen=True, slots=True)
class Style:
    """A span of the rendered text and what it is: `level`, `mention`, `dim` or `link`."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """The message: text, styled spans in code points of it, and the page of the post where there is one."""

    text: str
    styles: tuple[Style, ...]
    url: str | None


class _Lines:
    """Collects the parts of a message and where its styles fall."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self.styles: list[Style] = []

    def add(self, text: str, kind: str | None = None) -> int:
        start = self._length
        self._parts.append(text)
        self._length += len(text)
        if kind and text:
            self.styles.append(Style(start, self._length, kind))
        return start

    def end_line(self) -> None:
        self.add("\n")

    @property
    def text(self) -> str:
        return "".join(self._parts).rstrip("\n")


def render(alert: Alert, *, zone: ZoneInfo, passage_limit: int = PASSAGE) -> Rendered:
    """Write the message of an alert; `zone` is the desk's, `passage_limit` the longest cut of the post (characters)."""
    lines = _Lines()
    lines.add(MARKS[alert.level], "level")
    lines.add(" · " + " · ".join(_one_line(match.title) for match in alert.findings.matches))
    lines.end_line()
    names = [_one_line(entity.name) for entity in alert.findings.entities]
    if names:
        lines.add(" · ".join(names))
        lines.end_line()
    lines.add(_heading(alert, zone), "dim")
    lines.end_line()
    _add_passage(lines, alert, passage_limit)
    if alert.also_in:
        lines.add("Also in " + _also(alert.post, alert.also_in))
        lines.end_line()
    if alert.post.url:
        lines.add(harmless(alert.post.url), "link")
        lines.end_line()
    lines.add("Why: " + why(alert.post.text, alert.findings.matches), "dim")
    return Rendered(lines.text, tuple(lines.styles), alert.post.url)


def why(text: str, matches: Iterable[Match]) -> str:
    """Say in one line which words made which rule fire, as they stand in `text`."""
    return " · ".join(f"{match.rule} ({', '.join(_forms(text, match.mentions))})" for match in matches)


def local_time(moment: datetime, zone: ZoneInfo) -> str:
    """Write a time in the desk's zone and in UTC: `Sun 4 Jun 2023 11:30 CEST (09:30 UTC)`."""
    there = moment.astimezone(zone)
    date = f"{there:%a} {there.day} {there:%b} {there.year} {there:%H:%M}"
    if there.utcoffset() == timedelta(0):
        return f"{date} UTC"
    return f"{date} {there.tzname()} ({moment.astimezone(UTC):%H:%M} UTC)"


def _heading(alert: Alert, zone: ZoneInfo) -> str:
    post = alert.post
    parts = [_channel(post), local_time(post.date, zone)]
    if alert.language:
        parts.append(alert.language)
    parts.extend(_kinds(post))
    if post.forward:
        origin = f" from {_isolated(post.forward.name)}" if post.forward.name else ""
        parts.append(f"forward{origin}")
    if alert.revision > 1:
        parts.append(f"edited (revision {alert.revision})")
    return " · ".join(parts)


def _channel(post: Post) -> str:
    title, name = post.channel.title, post.channel.name
    if title and name and title != name:
        return f"{_isolated(title)} (@{_one_line(name)})"
    if name:
        return f"@{_one_line(name)}"
    return _isolated(title) if title else f"channel {post.channel.id}"


def _kinds(post: Post) -> list[str]:
    kinds = [_ATTACHED.get(media.kind, media.kind) for media in post.media]
    if len(post.ids) > 1:
        return [f"album of {len(post.ids)}"]
    return [f"{kind}s" if kinds.count(kind) > 1 else kind for kind in dict.fromkeys(kinds)]


def _add_passage(lines: _Lines, alert: Alert, limit: int) -> None:
    mentions = {mention.span for match in alert.findings.matches for mention in match.mentions}
    mentions |= {mention.span for entity in alert.findings.entities for mention in entity.mentions}
    cut = passage(alert.post.text, sorted(mentions), limit)
    if not cut.text:
        return
    start = lines.add(_ISOLATE.format(cut.text)) + 1
    lines.styles.extend(Style(start + s, start + e, "mention") for s, e in merged(cut.spans))
    lines.end_line()


def merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join spans that overlap, in order."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _also(first: Post, appearances: Sequence[Appearance]) -> str:
    named = [_appearance(first, appearance) for appearance in appearances[:_ALSO]]
    rest = len(appearances) - len(named)
    return ", ".join(named) + (f" and {rest} more" if rest else "")


def _appearance(first: Post, appearance: Appearance) -> str:
    channel = appearance.channel
    name = f"@{_one_line(channel.name)}" if channel.name else _isolated(channel.title or f"channel {channel.id}")
    return f"{name} {_delay(appearance.date - first.date)}" + (" (forward)" if appearance.forwarded else "")


def _delay(delay: timedelta) -> str:
    seconds = delay.total_seconds()
    sign, minutes = ("+" if seconds >= 0 else "−"), round(abs(seconds) / 60)
    if minutes < 90:
        return f"{sign}{minutes} min"
    return f"{sign}{minutes // 60} h {minutes % 60:02d}"


def _forms(text: str, mentions: Iterable[Mention]) -> list[str]:
    forms = list(dict.fromkeys(_one_line(text[mention.start : mention.end]) for mention in mentions))
    return forms if len(forms) <= _FORMS else [*forms[:_FORMS], "…"]


def _one_line(text: str) -> str:
    flat = " ".join(harmless(text).split())
    return flat if len(flat) <= _TITLE else flat[: _TITLE - 1] + "…"


def _isolated(text: str) -> str:
    return _ISOLATE.format(_one_line(text))
