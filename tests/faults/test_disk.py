"""The disk is full or fails, the database is held by somebody else or damaged: rolled back, told, and it goes on."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.reading.writer import Writer
from monitor.store.database import empty_log
from monitor.store.records import DiskFull
from monitor.store.store import Store
from monitor.upkeep.retention import Retention
from tests.faults.cycle import Cycle, sound
from tests.faults.tracing import failing_at, needs_strace
from tests.loopback.scene import Scene, run
from tests.store_example import NOW, keep, post

# The calls that fail, how, and the words by which the log tells it.
FAILURES = {
    "the disk is full": ("pwrite64", "ENOSPC", "the disk is full"),
    "writing fails": ("pwrite64", "EIO", "reading or writing the disk failed"),
    "syncing fails": ("fdatasync", "EIO", "reading or writing the disk failed"),
}


@needs_strace
@pytest.mark.parametrize("case", FAILURES)
def test_a_disk_that_fails_a_while(case: str, tmp_path: Path) -> None:
    calls, error, told = FAILURES[case]

    async def story(scene: Scene) -> None:
        async with Cycle(scene, tmp_path) as cycle:
            assert (await cycle.monitor.stop())[0] == 0
            for first in (1, 4, 9):
                cycle.publish()
                under = failing_at(first, first + 4, calls, error, [tmp_path / "monitor.db-wal"])
                assert await cycle.run(under) is None, cycle.monitor.text()
                cycle.check()
                assert (await cycle.monitor.stop())[0] == 0
            failed = cycle.monitor.lines("job_failed")
            assert failed
            assert {told in line["error"] for line in failed} == {True}
            assert not any("Traceback" in line["error"] for line in failed)

    run(story)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 8 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "none", folder], check=False).returncode != 0:
        pytest.skip("only root may mount a small disk")
    yield folder
    subprocess.run(["umount", folder], check=True)


@pytest.mark.skipif(os.getuid() != 0, reason="only root may mount a small disk")
def test_a_full_disk(small_disk: Path, tmp_path: Path) -> None:
    database = small_disk / "monitor.db"
    settings = {"DATABASE": str(database), "DISK_STOP_GB": "0", "DISK_WARN_GB": "0", "BACKUP_EVERY": "off"}

    async def story(scene: Scene) -> None:
        cycle = Cycle(scene, tmp_path, **settings)
        cycle.monitor.database = database
        async with cycle:
            filler = small_disk / "filler"
            _fill(filler)
            for _ in range(3):
                cycle.publish()
            await cycle.monitor.until(lambda: len(cycle.monitor.lines("job_failed")) >= 3)
            assert {"the disk is full" in line["error"] for line in cycle.monitor.lines("job_failed")} == {True}
            filler.unlink()
            await cycle.monitor.until(cycle.quiet, 60)
            cycle.check()
            assert (await cycle.monitor.stop())[0] == 0

    run(story)


def _fill(file: Path) -> None:
    with file.open("wb", buffering=0) as full:
        try:
            while full.write(bytes(4096)):
                pass
        except OSError:
            pass


def _leave(folder: Path, room: int) -> Path:
    """Fill a disk but for so many bytes; return the file that does."""
    filler = folder / "filler"
    with filler.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, shutil.disk_usage(folder).free - room)
    return filler


def _old_posts(database: Path) -> None:
    """Posts that are past every retention, some of which name somebody, and pages that were free before."""
    with Store.open(database) as store:
        for start in range(1, 400, 50):
            numbers = range(start, start + 50)
            names = {number: "Иваненко Сергей " if number % 20 == 0 else "" for number in numbers}
            keep(store, *(post(one, f"{names[one]}{one} " + "стариннословие " * 60) for one in numbers))
        store.read(lambda db: db.execute("CREATE TABLE former (text TEXT)"))
        store.read(lambda db: db.execute("INSERT INTO former VALUES (?)", ["Сергей Иваненко " * 400]))
        store.read(lambda db: db.execute("DROP TABLE former"))
        store.read(empty_log)


@pytest.mark.skipif(os.getuid() != 0, reason="only root may mount a small disk")
def test_retention_on_a_full_disk(small_disk: Path) -> None:
    """A step that meets it is undone as a whole, and the next round goes on where there is room."""
    database = small_disk / "monitor.db"
    _old_posts(database)

    async def story(store: Store) -> None:
        writer = Writer(store, None)  # type: ignore[arg-type]  # no post is stored
        retention = Retention(writer, store.reader, 30, lambda: NOW, lambda: 0.0, batch=100, rest=0.0)
        filler = _leave(small_disk, 64 * 1024)
        with pytest.raises(DiskFull):
            await retention.look()
        kept = "SELECT count(*) FROM revisions WHERE raw <> x''"
        [[left], [purged]] = [*store._rows(kept), *store._rows("SELECT count(*) FROM purged")]
        assert left + purged == 400
        assert left % 100 == 0
        filler.unlink()
        await retention.look()
        assert [*store._rows(kept), *store._rows("SELECT count(*) FROM purged")] == [(0,), (400,)]
        await writer.close()

    with Store.open(database) as store:
        asyncio.run(story(store))
    assert sound(database) == []


@pytest.mark.skipif(os.getuid() != 0, reason="only root may mount a small disk")
def test_a_purge_on_a_full_disk(small_disk: Path, tmp_path: Path) -> None:
    """Without room it begins nothing; where room ends on the way it says so, and the same command ends it."""
    database = small_disk / "monitor.db"
    _old_posts(database)
    size, before = database.stat().st_size, database.read_bytes()

    filler = _leave(small_disk, size // 2)
    code, said = _purge(database, tmp_path)
    assert (code, "make room first, nothing was removed from it" in said) == (2, True)
    assert database.read_bytes() == before
    filler.unlink()

    filler = _leave(small_disk, size + 4096)
    code, said = _purge(database, tmp_path)
    assert (code, "make room and give the same command again" in said) == (2, True)
    assert "Traceback" not in said
    filler.unlink()

    code, said = _purge(database, tmp_path)
    assert (code, "written anew without its free pages" in said) == (0, True)
    for file in small_disk.iterdir():
        assert "Иваненко".encode() not in file.read_bytes(), file
    assert sound(database) == []


def _purge(database: Path, folder: Path) -> tuple[int, str]:
    command = [sys.executable, "-m", "monitor", "purge", "--person", "Сергей Иваненко", "--yes", "--db", str(database)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(("seconds", "complains"), [(2.0, False), (8.0, True)], ids=["a while", "long"])
def test_a_second_writer(seconds: float, complains: bool, tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        async with Cycle(scene, tmp_path) as cycle:
            other = sqlite3.connect(cycle.monitor.database, isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
            cycle.publish()
            await asyncio.sleep(seconds)
            assert not cycle.quiet()
            other.execute("ROLLBACK")
            other.close()
            await cycle.monitor.until(cycle.quiet, 60)
            cycle.check()
            failed = cycle.monitor.lines("job_failed")
            assert bool(failed) == complains
            assert all("another process is writing to this database" in line["error"] for line in failed)

    run(story)


def test_a_damaged_database_is_refused_with_the_way_out(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        async with Cycle(scene, tmp_path) as cycle:
            for _ in range(4):
                cycle.publish()
            await cycle.monitor.until(cycle.quiet, 30)
            assert (await cycle.monitor.call("backup"))[0] == 0
            assert (await cycle.monitor.stop())[0] == 0
            database = cycle.monitor.database
            whole = database.read_bytes()
            dice = random.Random(3)
            for _ in range(6):
                database.write_bytes(_flipped(whole, dice))
                code, _, errors = await cycle.monitor.call("run", "--no-packs")
                assert code == 2, errors
                assert "monitor restore" in errors
                assert "Traceback" not in errors
            code, _, errors = await cycle.monitor.call("restore", "--yes")
            assert code == 0, errors
            assert await cycle.run() is None
            cycle.check()

    run(story)


def _flipped(whole: bytes, dice: random.Random) -> bytes:
    """Turn bytes at the beginning of a dozen pages, where their contents are listed; the first page stays."""
    damaged = bytearray(whole)
    for page in dice.sample(range(1, len(whole) // 4096), 12):
        for offset in range(32):
            damaged[page * 4096 + offset] ^= dice.randrange(1, 256)
    return bytes(damaged)
