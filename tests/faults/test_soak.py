"""A week of 200 channels at speed, by a clock of the test: memory, handles and tasks stay flat, and all adds up."""

from __future__ import annotations

import asyncio
import gc
import random
import tracemalloc
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.models import Post
from monitor.store import chain
from monitor.store.store import Store
from tests.faults.figures import note
from tests.live_world import Desk, LiveWorld, Published, VirtualClock

HOUR = 3600.0


@dataclass(frozen=True)
class Size:
    """How long, and how much."""

    channels: int
    days: int
    posts_an_hour: int
    per_minute: int


class Traffic:
    """Publishes, edits and deletes at random, and counts what the store must hold in the end."""

    def __init__(self, world: LiveWorld, channels: list[Published]) -> None:
        self.published: set[tuple[int, int]] = set()
        self.edited: set[tuple[int, int]] = set()
        self.deleted: set[tuple[int, int]] = set()
        self.matches = 0
        self._world = world
        self._channels = channels
        self._dice = random.Random(5)
        self._last_hour: list[tuple[Published, Post]] = []

    def hour(self, posts: int) -> None:
        """Let an hour's posts appear, and some of the hour before change or vanish."""
        before, self._last_hour = self._last_hour, []
        for _ in range(posts):
            channel = self._dice.choice(self._channels)
            rings = self._dice.random() < 0.1
            text = f"Рейс {len(self.published)}: {'двое пленных' if rings else 'погода ясная'}."
            post = self._world.post(channel, text)
            self.published.add((channel.id, post.id))
            self.matches += rings
            self._last_hour.append((channel, post))
        for channel, post in self._dice.sample(before, len(before) // 20):
            place = (channel.id, post.id)
            if self._dice.random() < 0.5:
                body = post.body + " Уточнено."
                channel.records[post.id] = replace(post, body=body, edited=self._world.clock.now())
                self.edited.add(place)
                self.matches += "пленных" in body
            else:
                del channel.records[post.id]
                self.deleted.add(place)


@pytest.mark.parametrize(
    "size",
    [
        pytest.param(Size(10, 1, 10, 4), id="a day"),
        pytest.param(Size(200, 7, 120, 30), id="a week", marks=pytest.mark.long),
    ],
)
def test_a_soak(size: Size, tmp_path: Path) -> None:
    measured: list[tuple[int, int, int]] = []

    async def live() -> None:
        world = LiveWorld(VirtualClock())
        channels = [world.channel(f"source_{number:03d}") for number in range(size.channels)]
        traffic = Traffic(world, channels)
        store = Store.open(tmp_path / "monitor.db")
        desk = Desk(world, store, per_minute=size.per_minute, recheck=timedelta(hours=12))
        desk.want(",".join(channel.name or "" for channel in channels))
        await desk.read(12 * HOUR, lambda: len(store._rows("SELECT 1 FROM cursors")) == size.channels)
        for hour in range(24 * size.days):
            traffic.hour(size.posts_an_hour)
            await desk.read(HOUR)
            await desk.reader.save()
            await desk.reader.tidy()
            if hour % 6 == 5:
                measured.append(_measure())
        await desk.read(13 * HOUR)
        _add_up(store, traffic, {one.id: one.last for one in channels})
        await desk.close()
        store.close()
        (memory, handles, tasks), last = measured[len(measured) // 2], measured[-1]
        note(
            f"soak of {size.days} days, {size.channels} channels, {len(traffic.published)} posts",
            f"memory {memory // 1024} → {last[0] // 1024} KB, handles {handles} → {last[1]}, tasks {tasks} → {last[2]}",
        )

    tracemalloc.start()
    try:
        asyncio.run(live())
    finally:
        tracemalloc.stop()
    middle, last = measured[len(measured) // 2], measured[-1]
    assert last[0] < 1.3 * middle[0]
    assert last[1:] <= middle[1:]


def _measure() -> tuple[int, int, int]:
    """Return bytes that Python holds, open handles, tasks."""
    gc.collect()
    handles = len(list(Path("/proc/self/fd").iterdir()))
    return tracemalloc.get_traced_memory()[0], handles, len(asyncio.all_tasks())


def _add_up(store: Store, traffic: Traffic, last: dict[int, int]) -> None:
    assert set(store._rows("SELECT channel, post_id FROM posts")) == traffic.published
    revised = "SELECT p.channel, p.post_id FROM posts p JOIN revisions r ON r.post = p.id WHERE r.number > 1"
    assert sorted(store._rows(revised)) == sorted(traffic.edited)
    gone = "SELECT p.channel, p.post_id FROM deletions d JOIN posts p ON p.id = d.post"
    assert set(store._rows(gone)) == traffic.deleted
    assert store._rows("SELECT count(*) FROM matches") == [(traffic.matches,)]
    assert dict(store._rows("SELECT channel, last FROM cursors")) == last
    assert store._rows("PRAGMA integrity_check") == [("ok",)]
    assert store.read(chain.verify) is None
