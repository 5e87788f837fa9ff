"""Every post is stored once, and the cursors are right, whatever the server and the machine do meanwhile."""

from __future__ import annotations

import asyncio
import random
import signal
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.loopback.faults import Drop, Fail, LostAnswer, flood_wait
from tests.loopback.peers import Channel
from tests.loopback.scene import Scene, run
from tests.running import Monitor


@dataclass(frozen=True)
class Size:
    """How much happens."""

    channels: int
    posts: int
    kills: int
    per_minute: int


SIZES = [
    pytest.param(Size(channels=12, posts=300, kills=4, per_minute=2400), id="small"),
    pytest.param(Size(channels=1000, posts=50_000, kills=20, per_minute=6000), id="full", marks=pytest.mark.long),
]


def _have_faults(scene: Scene) -> None:
    faults = scene.server.faults
    faults.add("*", Drop(), times=None, probability=0.01)
    faults.add("*", LostAnswer(), times=None, probability=0.01)
    faults.add("*", Fail(500, "INTERNAL"), times=None, probability=0.01)
    faults.add("messages.getHistory", flood_wait(1), times=None, probability=0.005)
    faults.add("messages.getPeerDialogs", flood_wait(1), times=None, probability=0.005)


async def _publish(scene: Scene, channels: list[Channel], posts: int, draw: random.Random) -> None:
    """Publish in random channels, now and then a service message, an album, an edit or a deletion."""
    for number in range(posts):
        channel = draw.choice(channels)
        scene.world.post(channel, f"Пост {number}")
        if draw.random() < 0.02:
            scene.world.service(channel)
        if number % 50 == 0:
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("size", SIZES)
def test_every_post_is_stored_once_and_the_cursors_are_right(tmp_path: Path, size: Size) -> None:
    async def story(scene: Scene) -> None:
        draw = random.Random(4)
        channels = [scene.world.add_channel(f"source_{number:04d}") for number in range(size.channels)]
        for channel in channels:
            scene.world.post(channel, "from before")
        settings = {
            "CHANNELS": ",".join(channel.username or "" for channel in channels),
            "POLL_REQUESTS_PER_MINUTE": str(size.per_minute),
            "RESOLVES_PER_DAY": "10000",
        }
        async with Monitor(scene, tmp_path, **settings) as monitor:
            await monitor.start()
            await monitor.until(lambda: _begun(monitor) == size.channels, 60 + size.channels)
            _have_faults(scene)
            publishing = asyncio.create_task(_publish(scene, channels, size.posts, draw))
            for _ in range(size.kills):
                await asyncio.sleep(draw.uniform(0.5, 4.0))
                await monitor.stop(signal.SIGKILL)
                await monitor.start()
            await publishing
            scene.server.faults.clear()
            expected = sorted(
                (channel.id, message.id)
                for channel in channels
                for message in channel.box.messages.values()
                if message.id > 1 and not _is_service(message)
            )
            await monitor.until(lambda: _count(monitor) >= len(expected), 60 + size.posts / 50)
            assert monitor.rows("SELECT channel, post_id FROM posts ORDER BY 1, 2") == expected
            assert monitor.rows("SELECT count(*) FROM revisions") == [(len(expected),)]
            heads = {channel.id: max(channel.box.messages) for channel in channels}
            await monitor.until(lambda: dict(monitor.rows("SELECT channel, last FROM cursors")) == heads, 120)
            assert monitor.rows("PRAGMA integrity_check") == [("ok",)]
            code, _ = await monitor.stop()
            assert code == 0
        assert scene.server.journal.count("contacts.resolveUsername") == size.channels
        assert scene.server.journal.most_in(60.0) <= size.per_minute

    run(story)


@pytest.mark.long
def test_no_minute_holds_more_requests_than_the_budget_whatever_breaks(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        channels = [scene.world.add_channel(f"source_{number}") for number in range(5)]
        names = ",".join(channel.username or "" for channel in channels)
        for channel in channels:
            scene.world.join(channel, scene.reader)
        async with Monitor(scene, tmp_path, CHANNELS=names, POLL_REQUESTS_PER_MINUTE="60") as monitor:
            scene.server.journal.clear()  # signing in is the test's
            await monitor.start()
            scene.server.faults.add("*", Drop(), times=None, probability=0.1)
            for turn in range(100):
                scene.world.post(channels[turn % 5], f"Пост {turn}")
                await asyncio.sleep(1.0)
                if turn in (20, 25, 60):
                    await monitor.stop(signal.SIGKILL)
                    await monitor.start()
        assert 40 < scene.server.journal.most_in(60.0) <= 60

    run(story)


def _begun(monitor: Monitor) -> int:
    return int(monitor.rows("SELECT count(*) FROM cursors")[0][0]) if monitor.rows("SELECT 1 FROM cursors") else 0


def _count(monitor: Monitor) -> int:
    return int(monitor.rows("SELECT count(*) FROM posts")[0][0])


def _is_service(message: object) -> bool:
    return type(message).__name__ == "MessageService"
