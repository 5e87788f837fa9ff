"""The upkeep of a store that is written to: room on the disk, its log, retention, backups; told once each."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.alerts.policy import Policy
from monitor.models import Level
from monitor.pipeline import Pipeline, stored_stories
from monitor.reading.clock import SystemClock
from monitor.reading.writer import Writer
from monitor.store.backup import backups_in
from monitor.store.chain import examine
from monitor.store.database import log_of
from monitor.store.purging import audit
from monitor.store.records import DiskFull
from monitor.store.store import Store
from monitor.upkeep.backups import BackupWatch
from monitor.upkeep.clock import ClockWatch, clock_fault
from monitor.upkeep.conditions import Condition
from monitor.upkeep.disk import GB, Bounds, DiskGuard, Room, file_bytes, room
from monitor.upkeep.retention import Retention
from monitor.upkeep.write_ahead_log import LogWatch
from tests.loopback.scene import Scene, run
from tests.matching import matcher_of
from tests.running import RULES, Monitor
from tests.store_example import NOW, keep, post, tell

BOUNDS = Bounds.of_gb(2, 0.5)


@pytest.mark.parametrize(
    ("free", "before", "now"),
    [
        pytest.param(3.0, Room.ENOUGH, Room.ENOUGH, id="enough"),
        pytest.param(1.9, Room.ENOUGH, Room.LITTLE, id="a warning"),
        pytest.param(0.4, Room.ENOUGH, Room.NONE, id="filled at once"),
        pytest.param(0.4, Room.LITTLE, Room.NONE, id="filled slowly"),
        pytest.param(0.55, Room.NONE, Room.NONE, id="a little room is not enough to begin again"),
        pytest.param(0.55, Room.LITTLE, Room.LITTLE, id="but enough to go on"),
        pytest.param(0.7, Room.NONE, Room.LITTLE, id="reading again, still warned"),
        pytest.param(2.05, Room.LITTLE, Room.LITTLE, id="the warning does not flicker"),
        pytest.param(2.2, Room.LITTLE, Room.ENOUGH, id="over"),
        pytest.param(2.2, Room.NONE, Room.ENOUGH, id="all over at once"),
    ],
)
def test_how_much_room_there_is(free: float, before: Room, now: Room) -> None:
    assert room(free * GB, BOUNDS, before) is now


class Upkeep:
    """A store with its writer on a real file, and the conditions that were told."""

    def __init__(self, store: Store, writer: Writer, database: Path) -> None:
        self.store = store
        self.writer = writer
        self.database = database
        self.seconds = 0.0

    def condition(self, kind: str) -> Condition:
        return Condition(kind, "It is over.", Level.HIGH, self.writer, SystemClock().now)

    def told(self) -> list[str]:
        return [row[0] for row in self.store._rows("SELECT kind FROM notices ORDER BY id")]


@asynccontextmanager
async def upkeep(folder: Path, fill: Callable[[Store], object] = lambda store: None) -> AsyncIterator[Upkeep]:
    database = folder / "monitor.db"
    with Store.open(database) as store:
        fill(store)
        pipeline = Pipeline(matcher_of(folder, RULES), store, stored_stories(store), Policy(), origin="run")
        writer = Writer(store, pipeline)
        try:
            yield Upkeep(store, writer, database)
        finally:
            await writer.close()


def test_the_disk_is_told_of_once_also_after_a_restart(tmp_path: Path) -> None:
    async def story() -> None:
        async with upkeep(tmp_path) as care:
            held: list[str | None] = []
            for bounds in (Bounds.of_gb(2e6, 1e6), Bounds.of_gb(1e6, 0), Bounds.of_gb(0, 0)):
                for _ in range(2):  # each time as after a restart
                    conditions = (care.condition("disk low"), care.condition("disk full"))
                    guard = DiskGuard(care.database, bounds, held.append, *conditions)
                    await guard.look()
                    await guard.look()
            stopped = ["less than 1e+06 GB are free on the disk"] * 4
            assert held == [*stopped, *[None] * 8]
            assert care.told() == ["disk full", "disk full over", "disk low", "disk low over"]

    asyncio.run(story())


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        (0.0, None),
        (-60.0, None),
        (90.0, "This machine's clock is 2 min behind Telegram's. "),
        (-7190.0, "This machine's clock is 2 h 00 ahead of Telegram's. "),
        (-86400.0, "This machine's clock is 24 h 00 ahead of Telegram's. "),
    ],
)
def test_what_is_said_of_the_clock(ahead: float, said: str | None) -> None:
    fault = clock_fault(ahead)
    assert (fault is None) == (said is None)
    assert fault is None or fault.startswith(said or "")


def test_a_clock_that_nobody_knows_is_neither_wrong_nor_right(tmp_path: Path) -> None:
    async def story() -> None:
        async with upkeep(tmp_path) as care:
            for ahead in (None, 0.0, 3600.0, None, 3600.0, None, 0.0, None):  # each time as after a restart
                await ClockWatch(lambda ahead=ahead: ahead, care.condition("clock wrong")).look()
            assert care.told() == ["clock wrong", "clock wrong over"]

    asyncio.run(story())


def test_the_program_reads_nothing_without_room_and_goes_on_with_it(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        async with Monitor(scene, tmp_path) as monitor:
            await monitor.start()
            await monitor.until(lambda: monitor.rows("SELECT * FROM cursors"))
            await monitor.stop()
            monitor.settings |= {"DISK_STOP_GB": "1000000"}
            new = scene.world.post(scene.news, "Двое пленных.")
            await monitor.start()
            await monitor.until(lambda: monitor.rows("SELECT * FROM notices WHERE told_at IS NOT NULL"))
            await asyncio.sleep(1.0)
            assert monitor.stored() == []
            code, out, _ = await monitor.call("status")
            assert (code, "Nothing is read any more" in out) == (1, True)
            assert (await monitor.stop())[0] == 0
            monitor.settings |= {"DISK_STOP_GB": "0"}
            await monitor.start()
            await monitor.until(lambda: monitor.stored() == [new.id])
            assert (await monitor.stop())[0] == 0
            assert monitor.rows("SELECT kind, level FROM notices WHERE kind LIKE 'disk full%'") == [
                ("disk full", "high"),
                ("disk full over", "low"),
            ]

    run(story)


def test_a_full_disk_costs_the_step_in_hand_alone(tmp_path: Path) -> None:
    with Store.open(tmp_path / "monitor.db") as store:
        keep(store, post(1))
        pages = store._rows("PRAGMA page_count")[0][0]
        store._rows(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(
            DiskFull, match="the disk is full; make room and run again, nothing of this step was stored"
        ):
            keep(store, *(post(number, "слово " * 5000) for number in range(2, 9)))
        assert store.summary().posts == 1
        store._rows("PRAGMA max_page_count = 1000000")
        keep(store, *(post(number, "слово " * 5000) for number in range(2, 9)))
        assert store.summary().posts == 8
        assert store.verify_chain() is None


def test_the_log_is_emptied_when_nobody_writes_and_a_view_left_open_is_told_of(tmp_path: Path) -> None:
    async def story() -> None:
        async with upkeep(tmp_path) as care:
            watch = LogWatch(
                care.database, care.writer, lambda: care.seconds, care.condition("log"), worth_it=1, too_big=200_000
            )
            log = log_of(care.database)
            with closing(sqlite3.connect(care.database, isolation_level=None)) as view:
                view.execute("BEGIN")
                view.execute("SELECT count(*) FROM posts").fetchone()
                for number in range(1, 9):
                    keep(care.store, post(number, "слово " * 5000))
                care.seconds += 60
                await watch.look()
                await watch.look()
                assert file_bytes(log) >= 200_000
                assert care.told() == ["log"]
            care.seconds += 60
            await watch.look()
            assert care.told() == ["log", "log over"]
            assert file_bytes(log) < 50_000
            care.seconds += 60
            await watch.look()
            assert file_bytes(log) == 0

    asyncio.run(story())


def test_retention_goes_in_small_steps_and_spares_what_rules_spoke_of(tmp_path: Path) -> None:
    def fill(store: Store) -> None:
        keep(store, *(post(number, f"{number} " + "стариннословие " * 400) for number in range(1, 30)))
        tell(store, post(30, "Пленных двое."))
        keep(store, post(31, "Свежее свежесловие", date=NOW - timedelta(days=1)))

    async def story() -> None:
        async with upkeep(tmp_path, fill) as care:
            head = care.store.read(examine).head
            retention = Retention(
                care.writer, care.store.reader, 90, lambda: NOW, lambda: care.seconds, batch=10, rest=0.0
            )
            await retention.look()
            left = care.store._rows(
                "SELECT p.post_id FROM posts p JOIN revisions r ON r.post = p.id WHERE r.body <> ''"
            )
            assert left == [(30,), (31,)]
            assert care.store._rows("SELECT kind, subject, posts FROM purges") == [
                ("retention", "90 days", 10),
                ("retention", "90 days", 10),
                ("retention", "90 days", 9),
            ]
            [entry] = care.store.read(audit)
            assert "29 posts (29 revisions)" in entry
            examined = care.store.read(examine, head)
            assert (examined.broken, examined.purged, examined.head_found) == (None, 29, True)
            await care.writer.call(lambda store: store.read(lambda db: db.execute("PRAGMA wal_checkpoint(TRUNCATE)")))
            raw = care.database.read_bytes()
            assert ["стариннословие".encode() in raw, "свежесловие".encode() in raw] == [False, True]
            assert [len(care.store.search("стариннословие")), len(care.store.search("свежесловие"))] == [0, 1]

    asyncio.run(story())


def test_retention_goes_once_a_day(tmp_path: Path) -> None:
    async def story() -> None:
        async with upkeep(tmp_path) as care:
            retention = Retention(care.writer, care.store.reader, 90, lambda: NOW, lambda: care.seconds, rest=0.0)
            await retention.look()
            keep(care.store, post(1))
            removed = []
            for care.seconds in (3600.0, 23 * 3600.0, 24 * 3600.0):
                await retention.look()
                removed.append(care.store._rows("SELECT count(*) FROM purged")[0][0])
            assert removed == [0, 0, 1]

    asyncio.run(story())


def test_a_backup_is_made_when_the_newest_is_old_and_a_failure_is_told_once(tmp_path: Path) -> None:
    async def story() -> None:
        async with upkeep(tmp_path, lambda store: keep(store, post(1))) as care:
            folder, clock = tmp_path / "backups", SystemClock()
            ahead = timedelta(0)
            command = (sys.executable, "-m", "monitor", "backup", "--db", str(care.database), "--to", str(folder))
            watch = BackupWatch(
                folder, timedelta(hours=2), lambda: clock.now() + ahead, care.condition("backup"), command=command
            )
            newest_after = []
            for hours in (0.0, 1.0, 3.0):
                ahead = timedelta(hours=hours)
                await watch.look()
                newest_after.append(backups_in(folder)[0].path)
                await asyncio.sleep(1.0)  # names of backups tell seconds
            first, young, old = newest_after
            assert (young == first, old == first) == (True, False)
            newest = backups_in(folder)[0]
            folder.chmod(0o755)
            for hours in (6.0, 6.1, 9.0):
                ahead = timedelta(hours=hours)
                await watch.look()
            assert care.told() == ["backup"]
            [(text,)] = care.store._rows("SELECT text FROM notices")
            assert f"run: chmod 700 {folder}" in text
            folder.chmod(0o700)
            ahead = timedelta(hours=10)
            await watch.look()
            assert care.told() == ["backup", "backup over"]
            assert backups_in(folder)[0].at > newest.at

    asyncio.run(story())


def test_a_backup_of_a_clock_that_ran_ahead_is_followed_by_one_and_not_by_one_at_every_look(tmp_path: Path) -> None:
    async def story() -> None:
        async with upkeep(tmp_path, lambda store: keep(store, post(1))) as care:
            folder, clock = tmp_path / "backups", SystemClock()
            command = (sys.executable, "-m", "monitor", "backup", "--db", str(care.database), "--to", str(folder))
            watch = BackupWatch(folder, timedelta(hours=2), clock.now, care.condition("backup"), command=command)
            await watch.look()
            [made] = backups_in(folder)
            made.path.rename(folder / f"monitor-{clock.now() + timedelta(days=1):%Y%m%dT%H%M%SZ}.db")
            found = []
            for _ in range(2):
                await asyncio.sleep(1.0)  # names of backups tell seconds
                await watch.look()
                found.append([one.path for one in backups_in(folder)])
            assert len(found[0]) == 2
            assert found[1] == found[0]

    asyncio.run(story())
