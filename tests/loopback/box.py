"""A message box: messages numbered by id, and their changes numbered by `pts` (core.telegram.org/api/updates).

Each account has one for its private chats and small groups, each channel one of its own.
"""

from __future__ import annotations

import time
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

# telethon's types.Message or types.MessageService, which it does not annotate.
Message = Any


class Kind(StrEnum):
    """What happened to messages."""

    NEW = "new"
    EDITED = "edited"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Change:
    """One event of a box; `pts` is the box's state after it, which it moved on by `count`."""

    kind: Kind
    ids: tuple[int, ...]
    pts: int
    count: int


@dataclass(frozen=True, slots=True)
class Difference:
    """What a box tells a client that knows an older state: only what still matters, as of now."""

    new: tuple[Message, ...]
    others: tuple[Change, ...]
    pts: int
    final: bool


class Box:
    """Messages in the order of their ids, with the changes that are still remembered."""

    def __init__(self) -> None:
        self.pts = 1
        self.messages: dict[int, Message] = {}
        self.last_id = 0
        # When something last changed, in seconds since 1970.
        self.changed_at = 0.0
        self._ids: list[int] = []
        self._changes: list[Change] = []
        self._remembered_from = 1

    @property
    def top(self) -> int:
        """The id of the newest message that still stands; 0 if there is none."""
        return self._ids[-1] if self._ids else 0

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, message: Message) -> Change:
        """Add a message, which has its id."""
        if message.id in self.messages:
            raise ValueError(f"message {message.id} is there already")
        insort(self._ids, message.id)
        self.messages[message.id] = message
        self.last_id = max(self.last_id, message.id)
        return self._record(Kind.NEW, (message.id,))

    def replace(self, message: Message) -> Change:
        """Put an edited message in the place of the one with its id."""
        if message.id not in self.messages:
            raise KeyError(message.id)
        self.messages[message.id] = message
        return self._record(Kind.EDITED, (message.id,))

    def remove(self, ids: Iterable[int]) -> Change | None:
        """Delete those of the messages that are there; None if none is."""
        there = tuple(sorted(set(ids) & self.messages.keys()))
        if not there:
            return None
        for one in there:
            del self.messages[one]
            del self._ids[bisect_left(self._ids, one)]
        return self._record(Kind.DELETED, there)

    def _record(self, kind: Kind, ids: tuple[int, ...]) -> Change:
        self.pts += len(ids)
        self.changed_at = time.time()
        change = Change(kind, ids, self.pts, len(ids))
        self._changes.append(change)
        return change

    def forget(self) -> None:
        """Forget all changes so far: who asks for them hears that the difference is too long."""
        self._changes.clear()
        self._remembered_from = self.pts

    def page(
        self,
        *,
        offset_id: int = 0,
        offset_date: datetime | None = None,
        add_offset: int = 0,
        limit: int = 100,
        min_id: int = 0,
        max_id: int = 0,
        fill: bool = False,
    ) -> list[Message]:
        """Return a page of messages, newest first, as core.telegram.org/api/offsets describes it.

        The page starts `add_offset` after the messages with ids from `offset_id` up; `min_id` and `max_id` thin out
        the page afterwards, so that it may be empty although there are such messages. With `fill` a page that would
        reach beyond the newest message is filled up with older ones.
        """
        start = self._newer(offset_id, offset_date) + add_offset
        end = (max(start, 0) if fill else start) + limit
        held = len(self._ids)
        newest_first = reversed(self._ids[max(held - end, 0) : max(min(held - start, held), 0)])
        return [self.messages[one] for one in newest_first if one > min_id and (not max_id or one < max_id)]

    def _newer(self, offset_id: int, offset_date: datetime | None) -> int:
        """How many messages stand before the place that an offset names, that place included."""
        if offset_id:
            return len(self._ids) - bisect_left(self._ids, offset_id)
        if offset_date and offset_date.timestamp() > 0:
            return sum(1 for message in self.messages.values() if message.date >= offset_date)
        return 0

    def since(self, pts: int, limit: int) -> Difference | None:
        """Return at most `limit` changes after the state `pts`, merged; None if that state is no longer remembered.

        A message that came and went is not given; one that came and was edited is given as it stands.
        """
        if pts < self._remembered_from:
            return None
        start = bisect_right(self._changes, pts, key=lambda change: change.pts)
        taken = self._changes[start : start + limit]
        came = {change.ids[0] for change in taken if change.kind is Kind.NEW}
        last = {one: change for change in taken for one in change.ids}
        others = tuple(
            change
            for change in taken
            if change.kind is Kind.DELETED
            or (
                change.kind is Kind.EDITED
                and change.ids[0] not in came
                and change.ids[0] in self.messages
                and last[change.ids[0]] is change
            )
        )
        return Difference(
            tuple(self.messages[one] for one in sorted(came) if one in self.messages),
            others,
            taken[-1].pts if taken else self.pts,
            start + limit >= len(self._changes),
        )
