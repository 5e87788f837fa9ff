"""What the daemon does with jobs that fail: tries again later, counts, and in the end gives up."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from monitor.daemon import Daemon, Task
from monitor.reading.clock import Clock, SystemClock
from monitor.service import ServiceManager
from monitor.store.store import Store
from tests.live_world import Desk, LiveWorld, VirtualClock


async def _nothing() -> None:
    pass


def _daemon(desk: Desk, clock: Clock, *tasks: Task) -> Daemon:
    return Daemon(desk.reader, desk.writer, clock, ServiceManager({}), reload=_nothing, status=lambda: "", tasks=tasks)


def _play(story: Callable[[LiveWorld, Desk], Awaitable[None]]) -> None:
    async def run() -> None:
        with Store.open(None) as store:
            world = LiveWorld(VirtualClock())
            async with asyncio.timeout(60):
                await story(world, Desk(world, store))

    asyncio.run(run())


def test_the_same_failure_again_and_again_ends_it() -> None:
    async def story(world: LiveWorld, desk: Desk) -> None:
        world.channel("news")
        desk.want("news")
        desk.store._db.execute("DROP TABLE requests")
        daemon = _daemon(desk, world.clock)
        fault = await daemon.run()
        assert fault is not None
        assert fault.startswith("poll failed 10 times in a row: ")
        assert fault.endswith("the database refuses (no such table: requests)")
        assert daemon.failures["poll"] == 10
        assert 60 < world.clock.monotonic() - 1000 < 600, "each try comes later than the one before"

    _play(story)


def test_a_job_that_fails_now_and_then_is_tried_again_and_the_others_go_on() -> None:
    async def story(world: LiveWorld, desk: Desk) -> None:
        done: list[str] = []

        async def shaky() -> None:
            if done.count("shaky") < 2:
                done.append("shaky")
                raise ValueError("not this time")
            done.append("at last")
            daemon.stop()

        async def steady() -> None:
            done.append("steady")

        daemon = _daemon(desk, SystemClock(), Task("shaky", 0.05, shaky), Task("steady", 0.05, steady))
        assert await daemon.run() is None
        assert daemon.failures == {"shaky": 2}
        assert [one for one in done if one != "steady"] == ["shaky", "shaky", "at last"]
        assert done.count("steady") > 5

    _play(story)
