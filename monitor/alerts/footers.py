"""Lines that a channel sets over or under each of its posts, learnt from its posts and left out of comparisons. Pure.

Some lines are known for what they are before they are learnt: a call to subscribe, a bare link, a line of marks.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice

from xxhash import xxh3_64_intdigest

from monitor.language.fold import fold_form
from monitor.language.words import opaque, outside, words

REMEMBERED = 30  # posts of a channel
OFTEN = 3  # posts in whose frame a line must stand to be one of the channel's own
_ABOVE, _BELOW = 2, 4  # lines of a post that may be its frame; a post of fewer than two teaches nothing
_SHORT = 14  # words; a longer line is no call to subscribe
_POINTING = 6  # words that may stand beside a link or user name in a line that only points there

_CALLS = re.compile(
    r"\b(?:подпис\w*|подпиш\w*|підпис\w*|підпиш\w*|падпіс\w*|падпіш\w*|прислать|присылай\w*|надіслати|надсилай\w*|дасылай\w*"
    r"|наш (?:канал|чат|бот|телеграм\w*)|нашего канала|наш бот|в телеграм\w*|читайте нас|читайте также|читайте далее"
    r"|чытайце нас|читайте нас|обратная связь|зворотний зв'язок|предложить новость|обсудить|комментарии|бот для связи"
    r"|subscribe|follow us|join (?:us|our)|our channel|read more|source|send us"
    r"|abonneer\w*|volg ons|ons kanaal|lees (?:meer|verder)|stuur ons"
    r"|abonnier\w*|folgt? uns|unser(?:en|em)? kanal|mehr lesen|weiterlesen"
    r"|abonne[zr]\w*|suive[zr]-? ?nous|notre (?:chaine|canal)|lire la suite"
    r"|subskryb\w*|zasubskryb\w*|obserwuj\w*|nasz(?:ego|ym)? kanal\w*|czytaj wiecej)",
)
# What stands before news and says nothing of it.
CRIES = frozenset(
    fold_form(
        "срочно срочная молния важно внимание экстренно терміново увага важливо блискавка тэрмінова "
        "breaking urgent alert attention important spoed dringend belangrijk let op "
        "eilmeldung eil achtung wichtig alerte pilne uwaga ważne"
    ).split()
)


def frame_key(folded_line: str) -> int | None:
    """Return by what a line is recognised: a hash of its words; None where it has none."""
    found = [folded_line[start:end] for start, end in words(folded_line)]
    return xxh3_64_intdigest(" ".join(found).encode("utf-8", "replace")) if found else None


def _keys(lines: Iterable[str], most: int) -> list[int]:
    """Return the keys of the first lines that have words."""
    return list(islice((key for line in lines if (key := frame_key(line)) is not None), most))


@dataclass(slots=True)
class _Frames:
    """The frames of the last posts of one channel."""

    posts: deque[tuple[int, frozenset[int]]] = field(default_factory=deque)
    counts: Counter[int] = field(default_factory=Counter)


class Footers:
    """What recurs over and under the posts of each channel; at most `remembered` posts of a channel count."""

    def __init__(self, remembered: int = REMEMBERED) -> None:
        self._remembered = remembered
        self._channels: dict[int, _Frames] = {}

    def knows(self, channel: int) -> bool:
        """Tell whether any post of the channel was learnt."""
        return channel in self._channels

    def start(self, channel: int) -> None:
        """Remember that there is a channel, though none of its posts is known."""
        self._channels.setdefault(channel, _Frames())

    def learn(self, channel: int, folded: str) -> None:
        """Remember the outer lines of a post, given folded; the same text again counts once, a single line never."""
        frames = self._channels.setdefault(channel, _Frames())
        lines = folded.split("\n")
        above, below = _keys(lines, _ABOVE), _keys(reversed(lines), _BELOW)
        whole = hash(folded)
        if len(above) < _ABOVE or any(whole == other for other, _ in frames.posts):
            return
        frame = frozenset(above + below)
        frames.posts.append((whole, frame))
        frames.counts.update(frame)
        if len(frames.posts) > self._remembered:
            _, oldest = frames.posts.popleft()
            frames.counts.subtract(oldest)
            frames.counts += Counter()

    def body(self, channel: int, folded_lines: Sequence[str], kept: Sequence[bool]) -> tuple[int, int]:
        """Return which lines of a post are its own, as (first, end).

        `kept` says of each line whether it holds something that was found: it then gives way only to what the channel
        has taught. A post that would be left without words is kept whole.
        """
        counts = self._channels[channel].counts if channel in self._channels else Counter[int]()
        first, end = 0, len(folded_lines)
        while end > first and self._outside(folded_lines[end - 1], counts, kept[end - 1]):
            end -= 1
        while first < end and self._outside(folded_lines[first], counts, kept[first]):
            first += 1
        return (first, end) if first < end else (0, len(folded_lines))

    @staticmethod
    def _outside(line: str, counts: Counter[int], kept: bool) -> bool:
        key = frame_key(line)
        if key is None or counts[key] >= OFTEN:
            return True
        return not kept and is_frame(line)


def is_frame(folded_line: str) -> bool:
    """Tell whether a line is no news by its look: a call to subscribe, a cry, nothing but links and user names."""
    hidden = opaque(folded_line)
    said = [folded_line[start:end] for start, end in outside(words(folded_line), hidden)]
    if len(said) > _SHORT:
        return False
    pointing = bool(hidden) and len(said) <= _POINTING and not any(map(str.isdigit, folded_line))
    return pointing or all(word in CRIES for word in said) or _CALLS.search(folded_line) is not None
