"""A week of 200 channels at speed, by a clock of the test: memory, handles and tasks stay flat, and all adds up.

The parts of a running monitor work side by side on one database: reading, matching, stories, an outbox, the daily
digest, retention, backups, the watch on the log, metrics, the status line.
"""

from __future__ import annotations

import asyncio
import gc
import os
import random
import re
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from monitor.alerts.notifier import Dispatch, Limit
from monitor.alerts.outbox import Outbox
from monitor.cli.digesting import DailyDigest
from monitor.health import Report, headline, report
from monitor.ledger import StoreLedger
from monitor.metrics.measuring import Measuring
from monitor.models import Alert, Level, Message, Note, Post
from monitor.reading.channel_list import parse_names
from monitor.store import chain
from monitor.store.backup import back_up, backups_in
from monitor.store.reader import Reader
from monitor.store.store import Store
from monitor.upkeep.conditions import Condition
from monitor.upkeep.retention import Retention
from monitor.upkeep.write_ahead_log import LogWatch
from tests.faults.figures import note
from tests.live_world import Desk, LiveWorld, Published, VirtualClock

HOUR = 3600.0
RECHECK = timedelta(hours=12)
FORGOTTEN = timedelta(hours=14)  # after which the world needs a post no more: it is past its last re-reading
KEPT_DAYS = 3
ZONE = ZoneInfo("Europe/Amsterdam")
GROWTH = 1.1  # of the second half of the time against the first, which has filled what is kept for a window


@dataclass(frozen=True, slots=True)
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
        self.rang: set[tuple[int, int]] = set()
        self.matches = 0
        self._world = world
        self._channels = channels
        self._dice = random.Random(5)
        self._last_hour: list[tuple[Published, Post]] = []

    def hour(self, posts: int) -> None:
        """Let an hour's posts appear, and some of the hour before change or vanish."""
        self._forget()
        before, self._last_hour = self._last_hour, []
        for _ in range(posts):
            channel = self._dice.choice(self._channels)
            rings = self._dice.random() < 0.1
            text = f"Рейс {len(self.published)}: {'двое пленных' if rings else 'погода ясная'}."
            post = self._world.post(channel, text + f"\nПодробнее на сайте {channel.name}\nПодписывайтесь на канал!")
            place = (channel.id, post.id)
            self.published.add(place)
            if rings:
                self.rang.add(place)
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

    def _forget(self) -> None:
        """Keep the test's own memory flat: what is asked for no more is known by its number only."""
        self._world.sent.clear()
        old = self._world.clock.now() - FORGOTTEN
        for channel in self._channels:
            for number in [one for one, post in channel.records.items() if post is not None and post.date < old]:
                del channel.records[number]


@dataclass
class Chat:
    """A notifier that counts what it is given: alerts by kind, notices, edits of messages, and whatever came twice."""

    name: str = "chat"
    limits: tuple[Limit, ...] = (Limit(1, 1.0), Limit(20, 60.0))
    edits: bool = True
    alerts: Counter[str] = field(default_factory=Counter)
    notices: list[str] = field(default_factory=list)
    twice: int = 0
    _ids: set[int] = field(default_factory=set)

    async def send(self, message: Message, how: Dispatch) -> str | None:
        self.twice += how.random_id in self._ids
        self._ids.add(how.random_id)
        if isinstance(message, Note):
            self.notices.append(message.text)
        else:
            self.alerts["post" if isinstance(message, Alert) else str(message.kind)] += 1
        return str(len(self._ids))

    async def edit(self, message: Message, how: Dispatch, sent: str) -> None:
        self.alerts["brought up to date"] += 1

    async def close(self) -> None:
        pass


@dataclass(frozen=True, slots=True)
class Measured:
    """What the process holds."""

    day: float
    resident: int  # bytes
    blocks: int  # of memory that Python has given out
    handles: int
    tasks: int
    wal: int  # bytes


@dataclass
class Due:
    """Work that is done every so many seconds, next at a moment of the virtual clock."""

    every: float
    work: Callable[[], Awaitable[object]]
    at: float = 0.0


class Service:
    """The parts of a running monitor, by the clock of the test."""

    def __init__(self, world: LiveWorld, folder: Path, size: Size) -> None:
        self.clock, self.folder = world.clock, folder
        self.database = folder / "monitor.db"
        self.store = Store.open(self.database)
        # All are found on the first day, or what the last ones publish then is from before their beginning.
        resolves = size.channels
        self.desk = Desk(world, self.store, per_minute=size.per_minute, resolves_per_day=resolves, recheck=RECHECK)
        names = ",".join(one.name or "" for one in world.channels.values())
        self.wanted = parse_names(names).channels
        self.desk.want(names)
        clock, writer = self.clock, self.desk.writer
        self.chat = Chat()
        self.box = Outbox(self.chat, StoreLedger(writer, "chat"), clock.now, clock.monotonic)
        writer.when_written(self.box.wake)
        self.digest = DailyDigest(writer, self.report, clock.now, ZONE, time(7), timedelta(hours=6))
        self.retention = Retention(writer, self.store.reader, KEPT_DAYS, clock.now, clock.monotonic, rest=0.0)
        grows = Condition("log grows", "It is small again.", Level.MEDIUM, writer, clock.now)
        self.watch = LogWatch(self.database, writer, clock.monotonic, grows)
        self.measuring = Measuring(
            self.desk.reader,
            writer,
            clock,
            self.store.reader,
            database=self.database,
            backups=folder / "backups",
            failures=dict,
            fed_at=lambda: None,
        )
        self.backups = 0
        self._box_at = 0.0
        self._work = [
            Due(60.0, self.desk.reader.save),
            Due(600.0, self.digest.look),
            Due(600.0, self.retention.look),
            Due(600.0, self.watch.look),
            Due(HOUR, self.desk.reader.tidy),
            Due(HOUR, self.desk.reader.take_wishes),
            Due(HOUR, self.measuring.page),
            Due(6 * HOUR, self.back_up),
        ]

    def report(self, store: Reader) -> Report:
        now = self.clock.now()
        return report(store, "telegram", self.wanted, now, process=None, longest=timedelta(minutes=30))

    def channels_begun(self) -> int:
        return len(self.store._rows("SELECT 1 FROM cursors"))

    async def back_up(self) -> None:
        await asyncio.to_thread(back_up, self.database, self.folder / "backups", self.clock.now())
        self.backups += 1
        for old in backups_in(self.folder / "backups")[2:]:
            old.path.unlink()

    async def go_on(self, seconds: float, until: Callable[[], bool] = lambda: False) -> None:
        """Let virtual time pass: turns of reader and outbox, and whatever is due every so often."""
        end = self.clock.monotonic() + seconds
        while (now := self.clock.monotonic()) < end and not until():
            await self.desk.reader.turn()
            if self.box.woken.is_set() or now >= self._box_at:
                self._box_at = now + await self.box.turn()
            for job in self._work:
                if now >= job.at:
                    job.at = now + job.every
                    await job.work()

    def measure(self, day: float) -> Measured:
        gc.collect()
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return Measured(
            day=day,
            resident=pages * os.sysconf("SC_PAGE_SIZE"),
            blocks=sys.getallocatedblocks(),
            handles=len(list(Path("/proc/self/fd").iterdir())),
            tasks=len(asyncio.all_tasks()),
            wal=(self.folder / "monitor.db-wal").stat().st_size,
        )


@pytest.mark.parametrize(
    "size",
    [
        pytest.param(Size(10, 1, 10, 4), id="a day"),
        pytest.param(Size(200, 7, 120, 30), id="a week", marks=pytest.mark.long),
    ],
)
def test_a_soak(size: Size, tmp_path: Path) -> None:
    measured: list[Measured] = []

    async def live() -> None:
        world = LiveWorld(VirtualClock())
        channels = [world.channel(f"source_{number:03d}") for number in range(size.channels)]
        traffic = Traffic(world, channels)
        service = Service(world, tmp_path, size)
        await service.measuring.begin()
        await service.go_on(12 * HOUR, lambda: service.channels_begun() == size.channels)
        assert service.channels_begun() == size.channels
        for hour in range(24 * size.days):
            traffic.hour(size.posts_an_hour)
            await service.go_on(HOUR)
            if hour % 6 == 5:
                measured.append(service.measure((hour + 1) / 24))
                note(f"soak of {size.days} days", measured[-1])
        await service.go_on(13 * HOUR)
        page = (await service.measuring.page()).decode()
        assert headline(service.desk.reader).startswith(f"reading {size.channels} of {size.channels} channels")
        await service.desk.close()
        _add_up(service.store, traffic, {one.id: one.last for one in channels})
        _all_told(service, traffic)
        _figures_agree(service.store, page)
        _digests_agree(service, size)
        assert service.backups == len(range(0, int(service.clock.monotonic() - 1000), int(6 * HOUR)))
        service.store.close()

    asyncio.run(live())
    middle, last = measured[len(measured) // 2], measured[-1]
    assert last.resident < GROWTH * middle.resident
    assert last.blocks < GROWTH * middle.blocks
    assert (last.handles, last.tasks) <= (middle.handles, middle.tasks)


def _add_up(store: Store, traffic: Traffic, last: dict[int, int]) -> None:
    """Compare what is stored with what was published; retention took the contents of old posts that rang nothing."""
    assert set(store._rows("SELECT channel, post_id FROM posts")) == traffic.published
    matched = (
        "SELECT p.channel, p.post_id FROM matches m JOIN revisions r ON r.id = m.revision JOIN posts p ON p.id = r.post"
    )
    assert set(store._rows(matched)) == traffic.rang
    purged = set(store._rows("SELECT p.channel, p.post_id FROM purged g JOIN posts p ON p.id = g.post"))
    assert purged.isdisjoint(traffic.rang)
    assert store._rows("SELECT coalesce(sum(posts), 0) FROM purges") == [(len(purged),)]
    revised = "SELECT p.channel, p.post_id FROM posts p JOIN revisions r ON r.post = p.id WHERE r.number > 1"
    assert sorted(store._rows(revised)) == sorted(traffic.edited)
    gone = "SELECT p.channel, p.post_id FROM deletions d JOIN posts p ON p.id = d.post"
    assert set(store._rows(gone)) == traffic.deleted
    assert store._rows("SELECT count(*) FROM matches") == [(traffic.matches,)]
    assert dict(store._rows("SELECT channel, last FROM cursors")) == last
    assert store._rows("PRAGMA integrity_check") == [("ok",)]
    assert store.read(chain.verify) is None


def _all_told(service: Service, traffic: Traffic) -> None:
    """Every alert of the store went out once, and nothing else; each story of a post that rang has one."""
    told, store = service.chat.alerts, service.store
    assert service.chat.twice == 0
    by_kind = dict(store._rows("SELECT kind, count(*) FROM alerts GROUP BY kind"))
    assert {kind: count for kind, count in told.items() if kind != "brought up to date"} == by_kind
    assert by_kind["post"] == len(traffic.rang)  # each has a number of its own in its text, which is news
    assert store._rows("SELECT count(*) FROM alerts WHERE state != 'delivered'") == [(0,)]
    assert store._rows("SELECT count(DISTINCT alert) FROM deliveries WHERE alert IS NOT NULL") == [
        (sum(by_kind.values()),)
    ]


def _figures_agree(store: Store, page: str) -> None:
    """The counters of the metrics are the rows of the store."""

    def figure(name: str) -> int:
        return round(sum(float(value) for value in re.findall(rf"^monitor_{name}_total{{.*}} (\S+)$", page, re.M)))

    def rows(query: str) -> int:
        return int(store._rows(query)[0][0])

    assert figure("posts") == rows("SELECT sum(last) FROM cursors")
    assert figure("matches") == rows("SELECT count(*) FROM matches")
    assert figure("alerts") == rows("SELECT count(*) FROM alerts")
    assert figure("deliveries") == rows("SELECT count(*) FROM deliveries")
    assert re.findall(r'^monitor_outbox_waiting{notifier="chat"} (\S+)$', page, re.M) == ["0.0"]


def _digests_agree(service: Service, size: Size) -> None:
    """A digest a day came, and each named as many posts as were published in its day."""
    counted = [int(found.replace(",", "")) for text in service.chat.notices for found in _READ.findall(text)]
    assert len(counted) == size.days
    assert all(count == 24 * size.posts_an_hour for count in counted[1:-1])


_READ = re.compile(r"^([\d,]+) posts read", re.M)
