"""What an edit changed, and whether that is worth a reply. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from monitor.language.fold import fold_form
from monitor.language.numbers import numbers
from monitor.language.words import words
from monitor.models import Findings, Span

TELLING_SHARE = 0.2  # of the words; a larger change is told whatever it touches
_LONGEST = 3000  # words that are compared one by one


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that stayed, went or came, as spans of the published text before and after."""

    what: Literal["same", "gone", "new"]
    before: Span
    after: Span


@dataclass(frozen=True, slots=True)
class Change:
    """The pieces of two texts in order, the share of the longer one's words that changed (0 to 1), what it touches."""

    pieces: tuple[Piece, ...]
    share: float
    touches_number: bool
    touches_mention: bool

    @property
    def telling(self) -> bool:
        """Whether an analyst wants to know of it."""
        return self.touches_number or self.touches_mention or self.share > TELLING_SHARE


def change(before: str, after: str, earlier: Findings, findings: Findings) -> Change:
    """Compare two revisions of a post's text, word by word; capitals, punctuation and marks do not count."""
    old, new = _words(before), _words(after)
    if max(len(old), len(new)) > _LONGEST:
        same = _common_ends(old, new)
    else:
        matcher = SequenceMatcher(None, [word for word, _ in old], [word for word, _ in new], autojunk=False)
        same = [(block.a, block.b, block.size) for block in matcher.get_matching_blocks() if block.size]
    pieces = _pieces(old, new, same, (len(before), len(after)))
    stayed = sum(size for _, _, size in same)
    gone = [piece.before for piece in pieces if piece.what == "gone"]
    come = [piece.after for piece in pieces if piece.what == "new"]
    return Change(
        pieces=tuple(pieces),
        share=(max(len(old), len(new)) - stayed) / max(1, len(old), len(new)),
        touches_number=_numbers(before) != _numbers(after),
        touches_mention=_touched(earlier, gone) or _touched(findings, come) or _found(earlier) != _found(findings),
    )


def _words(text: str) -> list[tuple[str, Span]]:
    return [(fold_form(text[start:end]), (start, end)) for start, end in words(text)]


def _common_ends(old: list[tuple[str, Span]], new: list[tuple[str, Span]]) -> list[tuple[int, int, int]]:
    """Match only what two very long texts share at their beginning and end."""
    shortest = min(len(old), len(new))
    head = next((at for at in range(shortest) if old[at][0] != new[at][0]), shortest)
    tail = next((at for at in range(shortest - head) if old[-1 - at][0] != new[-1 - at][0]), shortest - head)
    ends = [(0, 0, head), (len(old) - tail, len(new) - tail, tail)]
    return [one for one in ends if one[2]]


def _pieces(
    old: list[tuple[str, Span]],
    new: list[tuple[str, Span]],
    same: list[tuple[int, int, int]],
    lengths: tuple[int, int],
) -> list[Piece]:
    pieces: list[Piece] = []
    at, to = 0, 0
    for a, b, size in [*same, (len(old), len(new), 0)]:
        here = (_start(old, at, lengths[0]), _start(new, to, lengths[1]))
        if a > at:
            pieces.append(Piece("gone", _span(old, at, a), (here[1], here[1])))
        if b > to:
            pieces.append(Piece("new", (here[0], here[0]), _span(new, to, b)))
        if size:
            pieces.append(Piece("same", _span(old, a, a + size), _span(new, b, b + size)))
        at, to = a + size, b + size
    return pieces


def _span(listed: list[tuple[str, Span]], first: int, end: int) -> Span:
    return (listed[first][1][0], listed[end - 1][1][1])


def _start(listed: list[tuple[str, Span]], at: int, length: int) -> int:
    return listed[at][1][0] if at < len(listed) else length


def _numbers(text: str) -> list[str]:
    return sorted(value for value, _ in numbers(fold_form(text)))


def _found(findings: Findings) -> tuple[set[str], set[str]]:
    return {match.rule for match in findings.matches}, {entity.id for entity in findings.entities}


def _touched(findings: Findings, spans: list[Span]) -> bool:
    return any(start < end_ and end > start_ for start, end in findings.spans for start_, end_ in spans)
