"""Which days had their digest, and pictures that go with notices."""

from __future__ import annotations

from sqlite_utils import Database

from monitor.store.schema import MIGRATIONS


@MIGRATIONS(name="0007 digests")
def digests(db: Database) -> None:
    db.executescript("""
        CREATE TABLE digests (
            day TEXT PRIMARY KEY,             -- in the desk's zone: one a day, also when an hour comes twice
            at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE pictures (
            notice INTEGER PRIMARY KEY REFERENCES notices (id),
            png BLOB NOT NULL
        ) STRICT;
    """)
