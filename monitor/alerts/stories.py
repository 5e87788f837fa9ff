"""Which posts say the same: copies of a text within a window are one story, and one story is one alert.

Pure: the caller hands in what posts say and when, remembers what it stored, and looks up what stored stories have said.
An exact copy is found by its key, a near-copy by the sketch of its text; a near-copy that says more than the story is a
story of its own, near to that one.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.alerts.near_copies import Said, added
from monitor.alerts.tellings import Telling
from monitor.models import Level, StoryChoice, highest

WINDOW = timedelta(hours=24)
CONTAINED = 0.3  # share of the smaller sketch that two texts must have in common to be looked at
KEYS = 8  # hashes of a sketch by which a text is found; all are then compared
COMMON = 60  # texts of the window from which on a run of words says nothing about whose it is
SHORT, WHOLE = 12, 0.4  # a text of fewer words is a copy only of one that it has so large a share of
LOOKED_AT = 5  # stories that one post is compared with word by word
_KEPT = 1.25  # windows for which texts are kept: posts may come slightly out of order


@dataclass(slots=True, eq=False)
class _Story:
    """A story as the index knows it: its store's id, or its place in the batch and what it says."""

    id: int | None
    index: int | None = None
    told: Level | None = None
    said: Said | None = None
    at: datetime | None = None  # when its newest text was published
    copies: int = 0
    texts: int = 0  # by which it is known


@dataclass(frozen=True, slots=True, eq=False)
class _Text:
    """One text by which a story is known; its sketch is packed, since there may be a hundred thousand of them."""

    story: _Story
    key: bytes
    sketch: array[int]
    at: datetime


class StoryIndex:
    """The stories of the last window by their texts; rebuilt from the store at start with `learn`."""

    def __init__(self, window: timedelta = WINDOW) -> None:
        self._window = window
        self._texts: OrderedDict[bytes, _Text] = OrderedDict()
        self._by_hash: dict[int, _Text | list[_Text]] = {}
        self._stories: dict[int, _Story] = {}  # those with an id, as long as a text of theirs is kept
        self._batch: dict[int, _Story] = {}
        self._undo: list[tuple[_Story, Level | None]] = []
        self._new: list[_Text] = []

    def __len__(self) -> int:
        return len(self._texts)

    def learn(
        self, key: bytes, story: int, at: datetime, sketch: tuple[int, ...] = (), told: Level | None = None
    ) -> None:
        """Remember a text of the stored `story`, published at `at`; `told` is the level at which it was told."""
        known = self._stories.setdefault(story, _Story(story))
        if told is not None:
            known.told = told if known.told is None else highest((told, known.told))
        self._add(_Text(known, key, array("Q", sketch), at))

    def choose(
        self, post: Telling, at: datetime, index: int, said: Callable[[int], Said], forward: int | None = None
    ) -> StoryChoice:
        """Give the story that a post belongs to; a new one is opened under `index`, its place in the batch.

        `said` looks up what a stored story says, `forward` is the stored story of the post that this one forwards.
        """
        self._forget(at)
        same = self._texts.get(post.key)
        if same is not None and abs(at - same.at) <= self._window:
            return _part_of(same.story, post)
        near: tuple[_Story, tuple[str, ...]] | None = None
        for story in self._candidates(post, at, forward):
            known = story.said if story.said is not None else said(story.id or 0)
            if (forward is None or story.id != forward) and len(post.words) < min(SHORT, WHOLE * known.longest):
                continue
            news = added(post, known)
            if not news:
                return _part_of(story, post)
            if near is None or len(news) < len(near[1]):
                near = (story, news)
        self._batch[index] = story = _Story(None, index, said=Said.of([post]))
        text = _Text(story, post.key, array("Q", post.sketch), at)
        self._add(text)
        self._new.append(text)
        other, news = near or (_Story(None), ())
        return StoryChoice(
            post.key, sketch=post.sketch, near=other.id, near_earlier=other.index, news=news, telling=True
        )

    def retell(self, choice: StoryChoice, post: Telling, at: datetime) -> None:
        """Let the story of `choice` be known by a further text too: an edit of a post that was told."""
        story = self._story(choice)
        if story.said is not None:
            story.said |= Said.of([post])
        text = _Text(story, post.key, array("Q", post.sketch), at)
        self._add(text)
        self._new.append(text)

    def tell(self, choice: StoryChoice, index: int, level: Level) -> None:
        """Remember that an alert of `level` tells the story that was chosen for the post at `index`."""
        story = self._batch[index] if choice.is_new else self._story(choice)
        self._undo.append((story, story.told))
        story.told = level if story.told is None else highest((level, story.told))

    def stored(self, ids: dict[int, int]) -> None:
        """Take over the store's ids of the stories that the batch opened, by their places in the batch."""
        for index, id_ in ids.items():
            story = self._batch.get(index)
            if story is not None:
                story.id, story.index, story.said = id_, None, None
                if story.texts:
                    self._stories[id_] = story
        self._batch, self._undo, self._new = {}, [], []

    def drop_batch(self) -> None:
        """Forget what a batch brought that was not stored."""
        for story, told in reversed(self._undo):
            story.told = told
        for text in self._new:
            if self._texts.get(text.key) is text:
                self._remove(text)
        self._batch, self._undo, self._new = {}, [], []

    def _story(self, choice: StoryChoice) -> _Story:
        if choice.earlier is not None:
            return self._batch[choice.earlier]
        assert choice.story is not None
        return self._stories.setdefault(choice.story, _Story(choice.story))

    def _candidates(self, post: Telling, at: datetime, forward: int | None) -> Iterable[_Story]:
        """Give the stories that the post may be a copy of: that of the post it forwards, then the most alike."""
        found: dict[int, _Story] = {}
        if forward is not None:
            story = self._stories.get(forward)
            if story is not None and story.at is not None and abs(at - story.at) <= self._window:
                found[id(story)] = story
        for text in self._alike(post.sketch):
            if abs(at - text.at) <= self._window:
                found.setdefault(id(text.story), text.story)
            if len(found) >= LOOKED_AT:
                break
        return found.values()

    def _alike(self, sketch: tuple[int, ...]) -> list[_Text]:
        """Return the texts whose sketches share enough with this one, those that share most at first."""
        here = set(sketch)
        shared: Counter[_Text] = Counter()
        for number in sketch:
            texts = self._by_hash.get(number, ())
            alike = [texts] if isinstance(texts, _Text) else texts
            if len(alike) <= COMMON:
                shared.update(dict.fromkeys(alike, 0))
            else:
                here.discard(number)
        for text in shared:
            common = len(here.intersection(text.sketch))
            if common >= max(1, math.ceil(CONTAINED * min(len(here), len(text.sketch)))):
                shared[text] = common
        return [text for text, common in shared.most_common() if common]

    def _add(self, text: _Text) -> None:
        known = self._texts.get(text.key)
        if known is not None:
            self._remove(known)
        self._texts[text.key] = text
        text.story.texts += 1
        if text.story.id is not None:
            self._stories[text.story.id] = text.story
        text.story.at = text.at if text.story.at is None else max(text.at, text.story.at)
        for number in text.sketch[:KEYS]:
            there = self._by_hash.get(number)
            if there is None:
                self._by_hash[number] = text
            elif isinstance(there, _Text):
                self._by_hash[number] = [there, text]
            else:
                there.append(text)

    def _remove(self, text: _Text) -> None:
        del self._texts[text.key]
        text.story.texts -= 1
        if not text.story.texts and text.story.id is not None:
            self._stories.pop(text.story.id, None)
        for number in text.sketch[:KEYS]:
            there = self._by_hash[number]
            if isinstance(there, _Text) or len(there) == 1:
                del self._by_hash[number]
            else:
                there.remove(text)

    def _forget(self, now: datetime) -> None:
        """Drop the texts that no post of now can be a copy of."""
        while self._texts:
            text = next(iter(self._texts.values()))
            if now - text.at <= _KEPT * self._window:
                return
            self._remove(text)


def _part_of(story: _Story, post: Telling) -> StoryChoice:
    story.copies += 1
    return StoryChoice(post.key, story.id, story.index, sketch=post.sketch, told=story.told, copies=story.copies - 1)
