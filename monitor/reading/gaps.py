"""Ids that a page left out: which they are (pure), and asking the far side for them one by one."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice

import structlog

from monitor.reading.desk import Desk, Job
from monitor.reading.pages import store_posts
from monitor.reading.targets import Target
from monitor.sources.live import Action, Revisit
from monitor.store import gaps as rows
from monitor.store.gaps import Gap

log = structlog.get_logger()

ASKED_AT_EACH_END = 500  # ids that are asked for at either end of a long gap; between them nothing is looked for


@dataclass(slots=True)
class _Search:
    gap: Gap
    ids: deque[int]


class Gaps:
    """Asks for the ids that were left out: what comes is stored, the rest was deleted or never was there."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._searches: dict[tuple[int, int], _Search] = {}

    async def load(self) -> None:
        """Take up the gaps that an earlier process saw."""
        for gap in await self._desk.writer.read(rows.open_gaps, self._desk.source.name):
            self._add(gap)
        # What could not be stored by an earlier version, or under earlier rules, perhaps can be now.
        for gap in await self._desk.writer.read(rows.unstored, self._desk.source.name):
            self._add(gap)

    def add(self, gaps: Iterable[Gap]) -> None:
        """Look into these gaps when the budget allows."""
        for gap in gaps:
            self._add(gap)

    def job(self) -> Job | None:
        """Return the next request, None where there is no gap to look into."""
        if not self._desk.source.revisit_batch:
            return None
        for search in self._searches.values():
            target = self._desk.targets.get(search.gap.channel)
            if target is not None and self._desk.readable(target):
                return Job(Action.REVISIT, partial(self._ask, search, target), target)
        return None

    def _add(self, gap: Gap) -> None:
        ids = deque(_asked(gap))
        for _ in range(min(gap.asked, len(ids))):
            ids.popleft()
        self._searches.setdefault((gap.channel, gap.first), _Search(gap, ids))

    async def _ask(self, search: _Search, target: Target) -> None:
        source, place = self._desk.source, (search.gap.channel, search.gap.first)
        self._searches[place] = self._searches.pop(place)  # if it fails, the others come first
        most = target.batch or source.revisit_batch
        ids = list(islice(search.ids, most))
        answer = await self._desk.account.ask(Action.REVISIT, lambda: source.revisit(target.address, ids))
        outcomes = await store_posts(self._desk, target, answer.posts, answer.rejected)
        target.batch = max(1, len(ids) // 2) if answer.unread else None
        if answer.unread and len(ids) > 1:
            return
        search.gap = _counted(search.gap, ids, answer)
        for _ in ids:
            search.ids.popleft()
        done = not search.ids
        if done:
            del self._searches[place]
        now = self._desk.clock.now() if done else None
        await self._desk.writer.write(rows.update_gap, source.name, search.gap, now)
        if outcomes:
            stored = [outcome.post.id for outcome in outcomes]
            await self._desk.writer.write(rows.forget_raw, source.name, target.key, stored)
            log.warning("missed_posts_fetched", channel=target.label, posts=len(stored))


def _counted(gap: Gap, ids: list[int], answer: Revisit) -> Gap:
    fetched = {number for post in answer.posts for number in post.ids or (post.id,)} & set(ids)
    return replace(
        gap,
        asked=gap.asked + len(ids),
        gone=gap.gone + len(answer.missing),
        service=gap.service + len(answer.skipped),
        fetched=gap.fetched + len(fetched),
    )


def _asked(gap: Gap) -> Iterator[int]:
    """Give the ids to ask for: all, or of a long gap those at its ends."""
    if gap.size <= 2 * ASKED_AT_EACH_END:
        yield from range(gap.first, gap.last + 1)
        return
    yield from range(gap.first, gap.first + ASKED_AT_EACH_END)
    yield from range(gap.last - ASKED_AT_EACH_END + 1, gap.last + 1)
