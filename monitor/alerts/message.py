"""A message as plain text with styled spans, and the same for Telegram, counted in UTF-16 units. Pure.

Telegram's limits for one message are 4,096 UTF-16 units of text and 100 entities.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from monitor.alerts.passage import Passage, harmless, passage
from monitor.models import Span

MOST_UNITS = 4096
MOST_ENTITIES = 100
TITLE = 80  # characters of a title or name
_AND_MORE = 20  # UTF-16 units
_ISOLATE, _END = "\u2068", "\u2069"  # first-strong isolate: right-to-left text keeps its order and leaves ours alone

StyleKind = Literal["level", "mention", "dim", "link", "gone", "new"]
EntityKind = Literal["bold", "strike", "url"]
_ENTITIES: dict[str, EntityKind] = {"level": "bold", "mention": "bold", "new": "bold", "gone": "strike", "link": "url"}


@dataclass(frozen=True, slots=True)
class Style:
    """A span of the rendered text and what it is: `level`, `mention`, `dim`, `link`, or of an edit `gone` or `new`."""

    start: int
    end: int
    kind: StyleKind


@dataclass(frozen=True, slots=True)
class Rendered:
    """The message: text, styled spans in code points of it, and the page of the post where there is one."""

    text: str
    styles: tuple[Style, ...]
    url: str | None


@dataclass(frozen=True, slots=True)
class ChatEntity:
    """A style for Telegram: offset and length in UTF-16 units."""

    offset: int
    length: int
    kind: EntityKind


def chat_entities(rendered: Rendered) -> tuple[ChatEntity, ...]:
    """Return the entities of a message in order, at most 100; none is empty, begins or ends with blanks."""
    units = [0, *accumulate(1 if ord(char) < 0x10000 else 2 for char in rendered.text)]
    found = []
    for style in rendered.styles:
        kind = _ENTITIES.get(style.kind)
        inside = rendered.text[style.start : style.end]
        start = style.start + len(inside) - len(inside.lstrip())
        end = start + len(inside.strip())
        if kind is not None and end > start:
            found.append(ChatEntity(units[start], units[end] - units[start], kind))
    return tuple(sorted(found, key=lambda one: (one.offset, -one.length))[:MOST_ENTITIES])


def units(text: str) -> int:
    """Count the UTF-16 units of a text."""
    return len(text) + sum(char > "\uffff" for char in text)


def clip(text: str, most: int) -> str:
    """Cut a text to so many UTF-16 units, with an ellipsis at the end where something was cut."""
    if units(text) <= most:
        return text
    ends = list(accumulate(1 if char < "\U00010000" else 2 for char in text))
    return text[: bisect_left(ends, most)].rstrip() + "…" if most > 0 else ""


def one_line(text: str, most: int = TITLE) -> str:
    """Make a text harmless and one line of at most `most` characters."""
    flat = " ".join(harmless(text).split())
    return flat if len(flat) <= most else flat[: most - 1] + "…"


def isolated(text: str) -> str:
    """Make a foreign name or title one harmless line that cannot reorder what stands beside it."""
    return f"{_ISOLATE}{one_line(text)}{_END}"


def listed(parts: Sequence[str], most: int, between: str = " · ", total: int | None = None) -> str:
    """Join as many of the parts as fit into `most` UTF-16 units, and say how many (of `total`) are left out."""
    shown: list[str] = []
    used = 0
    for part in parts:
        used += units(part) + len(between)
        if shown and used > most - _AND_MORE:
            break
        shown.append(part if shown else clip(part, most - _AND_MORE))
    left = (len(parts) if total is None else total) - len(shown)
    return between.join(shown) + (f" and {left:,} more" if left else "")


def passage_within(text: str, spans: Sequence[Span], most: int, room: int) -> Passage:
    """Cut a passage of at most `most` characters and `room` UTF-16 units, the isolates of its lines included."""
    cut = passage(text, spans, most)
    while (needed := units(cut.text) + 2 * (cut.text.count("\n") + 1)) > room and most > 1:
        most = max(1, min(most - 1, most * room // needed))
        cut = passage(text, spans, most)
    return cut


class Lines:
    """Collects the parts of a message and where its styles fall."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._units = 0
        self._styles: list[Style] = []

    @property
    def units(self) -> int:
        """How many UTF-16 units there are."""
        return self._units

    @property
    def room(self) -> int:
        """How many UTF-16 units are left."""
        return MOST_UNITS - self._units

    def add(self, text: str, kind: StyleKind | None = None) -> None:
        """Add text to the line."""
        if kind and text:
            self._styles.append(Style(self._length, self._length + len(text), kind))
        self._parts.append(text)
        self._length += len(text)
        self._units += units(text)

    def line(self, text: str, kind: StyleKind | None = None) -> None:
        """Add text and end the line; nothing where there is no text."""
        if text:
            self.add(text, kind)
            self.add("\n")

    def passage(self, cut: Passage, kind: StyleKind = "mention", lead: str = "") -> None:
        """Add a passage with its spans styled, each line isolated, and end the line."""
        if not cut.text:
            return
        self.add(lead)
        start = 0
        spans = merged(cut.spans)
        for number, line in enumerate(cut.text.split("\n")):
            if number:
                self.add("\n")
            if line:
                self.add(_ISOLATE)
                self._styled(line, start, spans, kind)
                self.add(_END)
            start += len(line) + 1
        self.add("\n")

    def extend(self, other: Lines) -> None:
        """Add what another one has collected."""
        self._styles += (Style(self._length + one.start, self._length + one.end, one.kind) for one in other._styles)
        self._parts += other._parts
        self._length += other._length
        self._units += other._units

    def rendered(self, url: str | None) -> Rendered:
        """Return the message, within the limits."""
        text = clip("".join(self._parts).rstrip(), MOST_UNITS)
        styles = sorted(self._styles, key=lambda style: (style.start, -style.end))
        inside = (Style(style.start, min(style.end, len(text)), style.kind) for style in styles)
        return Rendered(text, tuple(style for style in inside if style.start < style.end), url)

    def _styled(self, line: str, start: int, spans: Iterable[Span], kind: StyleKind) -> None:
        at = 0
        for a, b in spans:
            first, end = max(a - start, 0), min(b - start, len(line))
            if first < end:
                self.add(line[at:first])
                self.add(line[first:end], kind)
                at = end
        self.add(line[at:])


def merged(spans: Iterable[Span]) -> list[Span]:
    """Join spans that overlap, in order."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
