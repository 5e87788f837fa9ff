"""Reading back where pages lead nowhere for a while, as they do while an unreadable record is looked for."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import pytest

from monitor.sources.live import Address, Page
from monitor.store.store import Store
from tests.live_world import Desk, LiveWorld, VirtualClock


class _Hesitant(LiveWorld):
    """Gives each page only after so many that hold nothing."""

    empty = 0

    def __init__(self, clock: VirtualClock) -> None:
        super().__init__(clock)
        self._asked: Counter[int] = Counter()

    async def history(self, address: Address, after: int, *, limit: int = 100) -> Page:
        page = await super().history(address, after, limit=limit)
        self._asked[after] += 1
        return page if self._asked[after] > self.empty else Page((), (), (), (), after, more=True)


def _read_back(empty: int) -> Sequence[int]:
    """Read a channel of 250 old posts back; return the ids stored."""

    async def run() -> Sequence[int]:
        with Store.open(None) as store:
            world = _Hesitant(VirtualClock())
            world.empty = empty
            news = world.channel("news")
            for _ in range(250):
                world.post(news)
            world.clock.pass_by(3600)
            desk = Desk(world, store, backfill=timedelta(days=7))
            desk.want("news")
            await desk.read(600)
            await desk.close()
            return desk.stored().get("news", [])

    return asyncio.run(run())


@pytest.mark.parametrize(("empty", "stored"), [(0, 250), (3, 250), (28, 250), (100, 0)])
def test_empty_pages_end_the_reading_back_only_when_there_is_no_end_of_them(empty: int, stored: int) -> None:
    assert _read_back(empty) == list(range(1, stored + 1))
