"""Copies of the database: made while it is written to, proved by opening them, kept by age and size, put back.

A backup is one SQLite file named after its time, `monitor-20230604T093000Z.db`. It holds what the database holds: no
session, no setting and no secret is in it.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from monitor.store.database import check_file, told
from monitor.store.migrations import APPLICATION, check_ours, migrate
from monitor.store.records import StoreError
from monitor.store.schema import MIGRATIONS

KEEP_HOURLY, KEEP_DAILY, KEEP_WEEKLY = 6, 7, 4
_NAME = re.compile(r"monitor-(\d{8}T\d{6}Z)\.db")
_STAMP = "%Y%m%dT%H%M%SZ"
_PART = ".part"
# What only grows, and so may not be less in a copy than it was before the copy began.
_COUNTED = ("channels", "posts", "revisions", "alerts", "deliveries")
_MARGIN = 64 * 2**20  # bytes that a copy leaves free on the disk


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup file, when it was made, and its size in bytes."""

    path: Path
    at: datetime
    size: int


@dataclass(frozen=True, slots=True)
class Proof:
    """What opening a backup showed: the rows of its tables, and the last hash of its chain of records (hex)."""

    rows: dict[str, int]
    head: str


def backups_in(folder: Path) -> list[Backup]:
    """Return the backups in a folder, newest first; other files are passed over."""
    found = []
    for path in folder.glob("monitor-*.db") if folder.is_dir() else ():
        name = _NAME.fullmatch(path.name)
        if name is not None and path.is_file():
            made = datetime.strptime(name[1], _STAMP).replace(tzinfo=UTC)
            found.append(Backup(path, made, path.stat().st_size))
    return sorted(found, key=lambda backup: backup.at, reverse=True)


def back_up(database: Path, folder: Path, now: datetime) -> tuple[Backup, Proof]:
    """Copy a database, in use or not, into `folder`, and prove the copy. StoreError: there is no sound copy.

    The copy is one state of the database between two transactions; neither readers nor the writer wait for it.
    """
    check_file(database)
    _make_folder(folder)
    _check_room(database, folder)
    target = folder / f"monitor-{now.astimezone(UTC):{_STAMP}}.db"
    part = target.with_name(target.name + _PART)
    with _discarded_on_failure(part):
        before = _copied(database, part)
        proof = prove(part)
        fewer = [table for table, rows in before.items() if proof.rows[table] < rows]
        if fewer:
            raise StoreError(f"{part}: the copy has fewer {fewer[0]} than the database; the disk may be failing")
        _synced(part)
        part.replace(target)
        _synced(folder)
    return Backup(target, now, target.stat().st_size), proof


def prove(path: Path) -> Proof:
    """Open a backup and check it: pages, indexes, references, the words. StoreError: it is unsound."""
    check_file(path)
    with told(path), closing(sqlite3.connect(path)) as db:
        if db.execute("PRAGMA application_id").fetchone()[0] != APPLICATION:
            raise StoreError(f"{path}: this is no database of monitor; name another file")
        faults = [row[0] for row in db.execute("PRAGMA integrity_check(3)") if row[0] != "ok"]
        faults += [f"a row of {row[0]} refers to none" for row in db.execute("PRAGMA foreign_key_check")]
        if faults:
            raise StoreError(f"{path}: the backup is damaged ({faults[0]}); use an earlier one")
        db.execute("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)")
        db.rollback()
        rows = {table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in _COUNTED}
        last = db.execute("SELECT record_hash FROM revisions ORDER BY id DESC LIMIT 1").fetchone()
    return Proof(rows, (last[0] if last else bytes(32)).hex())


def restore(backup: Path, database: Path, now: datetime) -> Path | None:
    """Put a backup in the place of the database; return where the former database went, None where there was none.

    A backup of an earlier version is brought to this one on the way. The former database is moved aside, never removed.
    StoreError: the backup is unsound, or of a later version; nothing was changed. The caller sees to it that nobody has
    the database open.
    """
    prove(backup)
    _check_room(backup, database.parent)
    part = database.with_name(database.name + _PART)
    with _discarded_on_failure(part):
        _private_copy(backup, part)
        _bring_up_to_date(part, backup)
        aside = _move_aside(database, now)
        part.replace(database)
        _synced(database.parent)
    return aside


def to_remove(backups: Sequence[Backup], max_bytes: int) -> list[Backup]:
    """Say which backups have had their time: all but the newest of 6 hours, 7 days and 4 weeks, within `max_bytes`.

    Hours, days and weeks are those in which a backup was made, counted back from the newest. The newest always stays.
    """
    newest_first = sorted(backups, key=lambda backup: backup.at, reverse=True)
    kept = {backup.path: backup for backup in newest_first[:1]}
    for number, period in (
        (KEEP_HOURLY, lambda at: at.strftime("%Y%m%d%H")),
        (KEEP_DAILY, lambda at: at.strftime("%Y%m%d")),
        (KEEP_WEEKLY, lambda at: "{}-{}".format(*at.isocalendar()[:2])),
    ):
        kept |= {backup.path: backup for backup in _newest_of_each(newest_first, period, number)}
    room = max_bytes
    for index, backup in enumerate(backup for backup in newest_first if backup.path in kept):
        room -= backup.size
        if room < 0 and index > 0:
            del kept[backup.path]
    return [backup for backup in newest_first if backup.path not in kept]


def thin_out(folder: Path, max_bytes: int, now: datetime) -> list[Backup]:
    """Remove the backups that have had their time, and copies that were never finished; return those backups."""
    gone = to_remove(backups_in(folder), max_bytes)
    for old in gone:
        old.path.unlink(missing_ok=True)
    for part in leftovers(folder, now):
        part.unlink(missing_ok=True)
    return gone


def _newest_of_each(newest_first: Iterable[Backup], period: Callable[[datetime], str], number: int) -> list[Backup]:
    found: dict[str, Backup] = {}
    for backup in newest_first:
        found.setdefault(period(backup.at.astimezone(UTC)), backup)
    return list(found.values())[:number]


def leftovers(folder: Path, now: datetime) -> list[Path]:
    """Return copies that were begun and never finished, an hour old at least."""
    hour_ago = (now - timedelta(hours=1)).timestamp()
    return [path for path in folder.glob(f"monitor-*.db{_PART}*") if path.stat().st_mtime < hour_ago]


def _copied(database: Path, part: Path) -> dict[str, int]:
    """Copy the database page by page; return the counts of rows from before."""
    with told(database), closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=rw", uri=True)) as source:
        before = {table: source.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in _COUNTED}
        os.close(os.open(part, os.O_CREAT | os.O_TRUNC | os.O_RDWR | os.O_CLOEXEC, 0o600))
        with told(part), closing(sqlite3.connect(part)) as target:
            # All pages in one step: with several, a busy writer would make it begin again and again.
            source.backup(target, pages=-1)
            target.execute("PRAGMA journal_mode = DELETE")
    return before


def _private_copy(source: Path, target: Path) -> None:
    try:
        os.close(os.open(target, os.O_CREAT | os.O_TRUNC | os.O_RDWR | os.O_CLOEXEC, 0o600))
        shutil.copyfile(source, target)
    except OSError as error:
        raise StoreError(f"{target}: cannot be written ({error.strerror}); the database is as it was") from error


def _bring_up_to_date(part: Path, backup: Path) -> None:
    with told(backup), closing(sqlite3.connect(part, isolation_level=None)) as connection:
        db = Database(connection)
        check_ours(db, backup)
        if MIGRATIONS.pending(db):
            # No file beside it, which a kill would leave: a copy that is not finished is made anew.
            connection.execute("PRAGMA journal_mode = MEMORY")
            migrate(db)
    _synced(part)


def _move_aside(database: Path, now: datetime) -> Path | None:
    """Give the database and its log, which belong together, another name; the log is gone before another file comes.

    Where the file system has hard links, the database keeps its old name too until another takes it: a monitor that is
    started after a kill would else begin an empty one.
    """
    if not database.exists():
        return None
    _empty_log(database)
    aside = database.with_name(f"{database.name}.before-restore-{now.astimezone(UTC):{_STAMP}}")
    with suppress(OSError):
        os.link(database, aside)
    for ending in ("-wal", "-shm"):
        file = database.with_name(database.name + ending)
        if file.exists():
            file.replace(aside.with_name(aside.name + ending))
    if not aside.exists():
        database.replace(aside)
    return aside


def _empty_log(database: Path) -> None:
    """Bring what stands in the log alone into the file, so that no kill parts them; a damaged one stays as it is."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(database)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{folder}: cannot be made ({error.strerror}); name a folder for the backups") from error
    if folder.stat().st_mode & 0o077:
        raise StoreError(f"{folder}: other users can read the backups here; run: chmod 700 {folder}")


def _check_room(source: Path, folder: Path) -> None:
    log = source.with_name(source.name + "-wal")
    needed = source.stat().st_size + (log.stat().st_size if log.exists() else 0) + _MARGIN
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise StoreError(
            f"{folder}: {free // 2**20:,} MB are free and a copy needs {needed // 2**20:,} MB;"
            " make room or name another folder"
        )


class _discarded_on_failure:  # noqa: N801  reads as what it does: with _discarded_on_failure(part)
    """Remove an unfinished copy when something goes wrong, whatever it is."""

    def __init__(self, part: Path) -> None:
        self._part = part

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            for ending in ("", "-journal", "-wal", "-shm"):
                self._part.with_name(self._part.name + ending).unlink(missing_ok=True)


def _synced(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
