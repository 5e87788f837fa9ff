"""The one thread that writes: the store and the rules work there, and the event loop never waits for a disk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from monitor.models import Post
from monitor.pipeline import Outcome, Pipeline
from monitor.store.records import Cursor
from monitor.store.store import Store

T = TypeVar("T")


class Writer:
    """Runs everything that touches the store on one thread, in the order in which it was asked for."""

    def __init__(self, store: Store, pipeline: Pipeline) -> None:
        self._store = store
        self._pipeline = pipeline
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="writer")
        self.turns = 0  # how many pieces of work were done

    def use(self, pipeline: Pipeline) -> None:
        """Take another pipeline (changed rules) from the next batch on."""
        self._pipeline = pipeline

    async def ingest(
        self, posts: Sequence[Post], now: datetime, *, cursors: Sequence[Cursor] = (), backfill: bool = False
    ) -> list[Outcome]:
        """Store posts and cursors; see `Pipeline.ingest`."""
        return await self._run(lambda: self._pipeline.ingest(posts, now, cursors=cursors, backfill=backfill))

    async def delete(self, channel: int, post_ids: Sequence[int], now: datetime) -> int:
        """Note that posts of a channel (its key) are gone; see `Pipeline.delete`."""
        return await self._run(lambda: self._pipeline.delete(channel, post_ids, now))

    async def delivered(self, alert: int, notifier: str, now: datetime, message: str | None) -> None:
        """Note that an alert was told; see `Store.mark_delivered`."""
        await self._run(lambda: self._store.mark_delivered([alert], notifier, now, message=message))

    async def write(self, work: Callable[..., T], *values: Any, **named: Any) -> T:
        """Call a function of the store that writes; see `Store.write`."""
        return await self._run(partial(self._store.write, work, *values, **named))

    async def read(self, work: Callable[..., T], *values: Any, **named: Any) -> T:
        """Call a function of the store that reads; see `Reader.read`."""
        return await self._run(partial(self._store.read, work, *values, **named))

    async def call(self, work: Callable[[Store], T]) -> T:
        """Call `work` with the store."""
        return await self._run(partial(work, self._store))

    async def close(self) -> None:
        """Let what was asked for be done, and end the thread."""
        await asyncio.to_thread(self._thread.shutdown, wait=True)

    async def _run(self, work: Callable[[], T]) -> T:
        result = await asyncio.get_running_loop().run_in_executor(self._thread, work)
        self.turns += 1
        return result
