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
from monitor.store.reader import Reader
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
        self.waiting = 0  # how many are asked for and not done
        self._listeners: list[Callable[[], None]] = []

    def when_written(self, listener: Callable[[], None]) -> None:
        """Call `listener` in the event loop after each piece of work that writes."""
        self._listeners.append(listener)

    def use(self, pipeline: Pipeline) -> None:
        """Take another pipeline (changed rules) from the next batch on."""
        self._pipeline = pipeline

    async def ingest(
        self, posts: Sequence[Post], now: datetime, *, cursors: Sequence[Cursor] = (), backfill: bool = False
    ) -> list[Outcome]:
        """Store posts and cursors; see `Pipeline.ingest`."""
        found = await self._run(lambda: self._pipeline.ingest(posts, now, cursors=cursors, backfill=backfill))
        self._wrote()
        return found

    async def delete(self, channel: int, post_ids: Sequence[int], now: datetime) -> int:
        """Note that posts of a channel (its key) are gone; see `Pipeline.delete`."""
        gone = await self._run(lambda: self._pipeline.delete(channel, post_ids, now))
        self._wrote()
        return gone

    async def write(self, work: Callable[..., T], *values: Any, **named: Any) -> T:
        """Call a function of the store that writes; see `Store.write`."""
        result = await self._run(partial(self._store.write, work, *values, **named))
        self._wrote()
        return result

    async def read(self, work: Callable[..., T], *values: Any, **named: Any) -> T:
        """Call a function of the store that reads; see `Reader.read`."""
        return await self._run(partial(self._store.read, work, *values, **named))

    async def call(self, work: Callable[[Store], T]) -> T:
        """Call `work` with the store."""
        return await self._run(partial(work, self._store))

    async def look(self, work: Callable[[Reader], T]) -> T:
        """Call `work` with a view of the store on another thread: for what may take long and holds up nothing else."""
        return await asyncio.to_thread(_look, self._store, work)

    async def close(self) -> None:
        """Let what was asked for be done, and end the thread."""
        await asyncio.to_thread(self._thread.shutdown, wait=True)

    def _wrote(self) -> None:
        for listener in self._listeners:
            listener()

    async def _run(self, work: Callable[[], T]) -> T:
        self.waiting += 1
        try:
            result = await asyncio.get_running_loop().run_in_executor(self._thread, work)
        finally:
            self.waiting -= 1
        self.turns += 1
        return result


def _look(store: Store, work: Callable[[Reader], T]) -> T:
    with store.reader() as view:
        return work(view)
