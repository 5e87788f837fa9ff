"""What was removed on purpose, so that the chain of records still proves the rest."""

from __future__ import annotations

from sqlite_utils import Database

from monitor.store.schema import MIGRATIONS


@MIGRATIONS(name="0004 purges")
def purges(db: Database) -> None:
    db.executescript("""
        CREATE TABLE purges (                 -- the audit: never changed
            id INTEGER PRIMARY KEY,
            at TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('person', 'channel', 'before', 'retention')),
            subject TEXT,                     -- the channel's id, or the date; never a person's name
            reference TEXT,                   -- what the desk calls the request: a file number, say
            by TEXT NOT NULL,
            posts INTEGER NOT NULL,
            revisions INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE purged (                 -- posts whose contents are gone and do not come back
            post INTEGER PRIMARY KEY REFERENCES posts (id),
            purge INTEGER NOT NULL REFERENCES purges (id)
        ) STRICT;
    """)
