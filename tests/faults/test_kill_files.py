"""kill -9 at each write, sync and rename of the commands that make, migrate, copy and put back a database."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from monitor.store.backup import backups_in, prove
from monitor.store.schema import MIGRATIONS
from tests.faults.cycle import sound
from tests.faults.figures import note
from tests.faults.tracing import WRITES, killed_at, needs_strace
from tests.running import ROOT, RULES

pytestmark = needs_strace
POSTS = 40
OLD = "0003"  # the first migration that the old database has not seen
KEPT = ("channels", "channel_names", "posts", "revisions", "stories", "story_posts", "alerts")


class Place:
    """A folder with rules, saved posts and the database that a replay of them makes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = folder / "monitor.db"
        (folder / "rules").mkdir()
        (folder / "rules" / "rules.yaml").write_text(RULES, encoding="utf-8")
        self.posts = folder / "news_example.jsonl"
        lines = [
            {"channel": "news_example", "id": number, "date": f"2024-01-01T{number // 60:02}:{number % 60:02}:00Z",
             "text": f"Рейс {number}: родные встретили {number} пленных." if number % 2 else f"Погода: день {number}."}
            for number in range(1, POSTS + 1)
        ]  # fmt: skip
        self.posts.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
        assert self.replay() == 0
        self.content = contents(self.database)

    def call(self, *arguments: str, under: Sequence[str] = ()) -> int:
        """Run a command of the program; return its exit code."""
        environment = {**os.environ, "XDG_CACHE_HOME": str(self.folder / "cache"), "DATABASE": str(self.database)}
        command = [*under, sys.executable, "-m", "monitor", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=120, check=False)
        assert b"Traceback" not in done.stderr, done.stderr.decode()
        return done.returncode

    def replay(self, under: Sequence[str] = ()) -> int:
        """Take the saved posts into the database, which is made or migrated where that is needed."""
        rules = ("--no-packs", "--rules", str(self.folder / "rules"))
        return self.call("replay", str(self.posts), "--db", str(self.database), *rules, under=under)

    def clear(self) -> None:
        """Remove the database."""
        for file in self.folder.glob("monitor.db*"):
            file.unlink()


def contents(database: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return what must be the same however often it was begun; when it was first seen may differ."""
    with closing(sqlite3.connect(database)) as db:
        return {
            "posts": db.execute(
                "SELECT p.channel, p.post_id, r.number, r.body FROM posts p JOIN revisions r ON r.post = p.id"
                " ORDER BY p.channel, p.post_id, r.number"
            ).fetchall(),
            "alerts": db.execute("SELECT level, state, count(*) FROM alerts GROUP BY 1, 2").fetchall(),
            "migrations": [(name,) for name in sorted(one.name for one in MIGRATIONS.applied(Database(db)))],
        }


def numbers(quick: Iterable[int], long: bool) -> Iterable[int]:
    """Return at which calls to kill: some, or one after the other until there are no more."""
    return itertools.count(1) if long else quick


HOW = pytest.mark.parametrize("long", [False, pytest.param(True, marks=pytest.mark.long)], ids=["some", "each"])


@HOW
def test_a_database_that_is_being_made(long: bool, tmp_path: Path) -> None:
    place = Place(tmp_path)
    kills = 0
    for number in numbers((1, 30, 200), long):
        place.clear()
        under = killed_at(number, WRITES, [place.database, tmp_path / "monitor.db-wal"])
        if place.replay(under) == 0:
            break
        kills += 1
        assert place.replay() == 0
        assert contents(place.database) == place.content
        assert sound(place.database) == []
    note("kills: making a database", kills)
    assert kills >= (100 if long else 3)


@HOW
def test_a_database_that_is_being_migrated(long: bool, tmp_path: Path) -> None:
    place = Place(tmp_path)
    old = tmp_path / "old.db"
    _make_old(place.database, old)
    kills = 0
    for number in numbers((1, 9, 60), long):
        place.clear()
        shutil.copy(old, place.database)
        under = killed_at(number, WRITES, [place.database, tmp_path / "monitor.db-wal"])
        if place.replay(under) == 0:
            break
        kills += 1
        assert place.replay() == 0
        assert contents(place.database) == place.content
        assert sound(place.database) == []
    note("kills: migrating", kills)
    assert kills >= (50 if long else 3)


def _make_old(database: Path, old: Path) -> None:
    """Make a database as an earlier version left it, with the same posts."""
    with closing(sqlite3.connect(old, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        target = Database(db)
        with closing(sqlite3.connect(database)) as whole:
            db.execute(f"PRAGMA application_id = {whole.execute('PRAGMA application_id').fetchone()[0]}")
        names = [one.name for one in MIGRATIONS.pending(target)]
        MIGRATIONS.apply(target, stop_before=next(name for name in names if name.startswith(OLD)))
        db.execute("ATTACH ? AS whole", [str(database)])
        for table in KEPT:
            columns = ", ".join(row[1] for row in db.execute(f"PRAGMA table_info({table})"))
            db.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM whole.{table}")
        db.execute("INSERT INTO words (rowid, folded) SELECT id, folded FROM revisions")


@HOW
def test_a_backup(long: bool, tmp_path: Path) -> None:
    place = Place(tmp_path)
    folder = tmp_path / "backups"
    kills = 0
    for number in numbers((1, 60, 100), long):
        under = killed_at(number, WRITES)
        if place.call("backup", "--to", str(folder), under=under) == 0:
            break
        kills += 1
        assert [prove(one.path).rows["posts"] for one in backups_in(folder)] == [POSTS] * len(backups_in(folder))
        assert contents(place.database) == place.content
    assert place.call("backup", "--to", str(folder)) == 0
    assert contents(backups_in(folder)[0].path) == place.content
    assert sound(place.database) == []
    note("kills: backup", kills)
    assert kills >= (20 if long else 3)


@HOW
def test_a_backup_that_is_put_back(long: bool, tmp_path: Path) -> None:
    place = Place(tmp_path)
    folder = tmp_path / "backups"
    assert place.call("backup", "--to", str(folder)) == 0
    [backup] = backups_in(folder)
    kills = 0
    for number in numbers((1, 2, 3, 4, 5), long):
        _change(place, tmp_path)
        under = killed_at(number, WRITES)
        if place.call("restore", str(backup.path), "--yes", under=under) == 0:
            break
        kills += 1
        assert place.database.exists(), "a monitor that is started now would begin an empty one"
        assert place.call("restore", str(backup.path), "--yes") == 0
        assert contents(place.database) == place.content
        assert sound(place.database) == []
        assert "changed since" in _titles(place.folder), "the former database is kept, with all that was in it"
    note("kills: restore", kills)
    assert kills >= 4


def _change(place: Place, folder: Path) -> None:
    """Leave a database as a kill leaves it: its last transaction stands in the log alone."""
    for file in folder.glob("monitor.db*"):
        file.unlink()
    made = folder / "made.db"
    shutil.copy(backups_in(folder / "backups")[0].path, made)
    with closing(sqlite3.connect(made, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("UPDATE channels SET title = 'changed since'")
        for ending in ("", "-wal"):
            shutil.copy(f"{made}{ending}", f"{place.database}{ending}")
    made.unlink()


def _titles(folder: Path) -> set[str | None]:
    """Return the titles of the channel in all databases that were moved aside."""
    found = set()
    for file in folder.glob("monitor.db.before-restore-*"):
        if not file.name.endswith(("-wal", "-shm")):
            with closing(sqlite3.connect(file)) as db:
                found |= {title for (title,) in db.execute("SELECT title FROM channels")}
    return found
