"""Retention: posts that no rule matched go after RETENTION_DAYS, in small steps between which everybody else writes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from monitor.reading.writer import Writer
from monitor.store import purging
from monitor.store.reader import Reader

log = structlog.get_logger()

BATCH = 200  # posts removed in one transaction
MERGE_PAGES = 500  # of the full-text index, merged in one transaction
REST = 0.2  # seconds between two steps
AGAIN = 24 * 3600.0  # seconds between two rounds


class Retention:
    """Removes what is past its time, once a day; `look` does nothing until the next round is due."""

    def __init__(
        self,
        writer: Writer,
        open_reader: Callable[[], Reader],
        days: int,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        *,
        batch: int = BATCH,
        rest: float = REST,
    ) -> None:
        self._writer = writer
        self._open_reader = open_reader
        self._days = days
        self._now = now
        self._monotonic = monotonic
        self._batch = batch
        self._rest = rest
        self._next = float("-inf")

    async def look(self) -> None:
        """Do a round if one is due. One that fails is done again from its beginning: what is removed is passed over."""
        if self._monotonic() < self._next:
            return
        removed = await self._round()
        self._next = self._monotonic() + AGAIN
        if removed:
            log.info("retention", posts=removed, days=self._days)

    async def _round(self) -> int:
        moment = self._now() - timedelta(days=self._days)
        await self._writer.write(purging.retire_unreadable, moment)
        removed = last = 0
        while True:
            # Looking through old posts takes time, which the writer's thread is spared.
            rows = await asyncio.to_thread(self._next_rows, moment, last)
            if not rows:
                break
            last = rows[-1]
            done = await self._writer.write(purging.retire, rows, moment, self._days, self._now())
            removed += done.posts
            await asyncio.sleep(self._rest)
        if removed:
            await self._merge()
        return removed

    def _next_rows(self, moment: datetime, after: int) -> list[int]:
        with self._open_reader() as reader:
            return reader.read(purging.next_past_retention, moment, after, self._batch)

    async def _merge(self) -> None:
        """Take the words of what was removed out of the pages of the index, too."""
        more = await self._writer.write(purging.merge_words, MERGE_PAGES, first=True)
        while more:
            await asyncio.sleep(self._rest)
            more = await self._writer.write(purging.merge_words, MERGE_PAGES, first=False)
