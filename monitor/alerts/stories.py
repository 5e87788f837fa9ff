"""Which posts say the same: copies of a text within a window are one story, and one story is one alert.

Pure: the caller hands in texts and times and remembers what it stored.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.models import StoryChoice

WINDOW = timedelta(hours=24)


def story_key(words: Iterable[str], rules: Iterable[str], unique: str = "") -> bytes:
    """Return the digest by which a copy is recognised: the folded words of the text and the rules that fired on it.

    The rules are part of it because a rule may ask for the channel or for media: a copy on which another rule fires
    says more than the first. Punctuation, emoji and line breaks do not count. A text without words is no copy of
    another one: `unique` (the post's own name) then stands in for it.
    """
    digest = hashlib.sha256()
    text = " ".join(words)
    digest.update((text or f"\0{unique}").encode("utf-8", "replace"))
    for rule in sorted(rules):
        digest.update(b"\0" + rule.encode())
    return digest.digest()


@dataclass(frozen=True, slots=True)
class _Known:
    story: int | None
    index: int | None
    at: datetime


class StoryIndex:
    """The stories of the last window by their keys; rebuilt from the store at start with `learn`."""

    def __init__(self, window: timedelta = WINDOW) -> None:
        self._window = window
        self._known: OrderedDict[bytes, _Known] = OrderedDict()

    def __len__(self) -> int:
        return len(self._known)

    def choose(self, key: bytes, at: datetime, index: int) -> StoryChoice:
        """Give the story that `key` belongs to at time `at`; a new one is opened under `index`, its batch place."""
        self._forget(at)
        known = self._known.get(key)
        if known is not None and abs(at - known.at) <= self._window:
            return StoryChoice(key, known.story, known.index)
        self._known[key] = _Known(None, index, at)
        self._known.move_to_end(key)
        return StoryChoice(key)

    def learn(self, key: bytes, story: int, at: datetime) -> None:
        """Remember the stored `story` under `key`; `at` is the time of the post that opened it."""
        self._known[key] = _Known(story, None, at)
        self._known.move_to_end(key)

    def drop_batch(self) -> None:
        """Forget stories that a batch opened and that were not stored."""
        for key in [key for key, known in self._known.items() if known.story is None]:
            del self._known[key]

    def _forget(self, now: datetime) -> None:
        """Drop the oldest entries; two windows are kept because posts may come slightly out of order."""
        while self._known:
            key, known = next(iter(self._known.items()))
            if now - known.at <= 2 * self._window:
                return
            del self._known[key]
