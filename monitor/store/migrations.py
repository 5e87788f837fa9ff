"""Bringing a database to the schema of this version, and refusing one that is not ours or is newer."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from monitor.store.database import check_file, connect_reader, told, transaction
from monitor.store.records import StoreError
from monitor.store.schema import MIGRATIONS

APPLICATION = 0x6D6F6E69  # SQLite's application id of our files


def check_ours(db: Database, path: Path, *, complete: bool = False) -> None:
    """Refuse a database of another program or of a later version of this one, before anything is written to it.

    With `complete` an earlier version's is refused too: only a writer can migrate it.
    """
    application = db.execute("PRAGMA application_id").fetchone()[0]
    empty = application == 0 and db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
    if application != APPLICATION and not empty:
        raise StoreError(f"{path}: this is a database of another program; name another file")
    applied = {migration.name for migration in MIGRATIONS.applied(db)}
    later = sorted(applied - {migration.name for migration in _all()})
    if later:
        raise StoreError(f"{path}: a later version of monitor wrote this database ({later[0]}); install that version")
    if complete and (missing := MIGRATIONS.pending(db)):
        if len(missing) == len(_all()):
            raise StoreError(f"{path}: this database is empty; `monitor run` or `monitor replay --db` fills it")
        raise StoreError(
            f"{path}: this database is of an earlier version; `monitor run` brings it to this one when it starts"
        )


def steps_behind(path: Path) -> int:
    """Return how many steps the schema of an existing database lacks; 0: none, or there is nothing in the file.

    StoreError: it is another program's, or of a later version.
    """
    check_file(path)
    with told(path), closing(connect_reader(path).conn) as connection:
        db = Database(connection)
        check_ours(db, path)
        missing = len(MIGRATIONS.pending(db))
    return missing if missing < len(_all()) else 0


def _all() -> list[Any]:
    """Return all migrations: those that an empty database has yet to see."""
    empty = Database(memory=True)
    try:
        return list(MIGRATIONS.pending(empty))
    finally:
        empty.close()


def migrate(db: Database) -> None:
    """Bring the database to the schema of this version; nothing happens where it is there already."""
    if not MIGRATIONS.pending(db):
        return
    with transaction(db):
        db.execute(f"PRAGMA application_id = {APPLICATION}")
        MIGRATIONS.apply(db)
