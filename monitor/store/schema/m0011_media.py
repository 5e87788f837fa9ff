"""Media of posts that a rule matched: what is to be kept, what became of it, and the chain of what was kept."""

from __future__ import annotations

from sqlite_utils import Database

from monitor.store.schema import MIGRATIONS


@MIGRATIONS(name="0011 media")
def media(db: Database) -> None:
    db.executescript("""
        CREATE TABLE media (                  -- the files of posts that a rule matched, since KEEP_MEDIA is on
            id INTEGER PRIMARY KEY,
            revision INTEGER NOT NULL REFERENCES revisions (id),
            number INTEGER NOT NULL,          -- place among the media of the revision, from 1
            message INTEGER NOT NULL,         -- Telegram's id of the part of the post that carries it
            file INTEGER,                     -- Telegram's id of the file, the same in forwards; null once purged
            kind TEXT NOT NULL,
            mime TEXT,
            size INTEGER,                     -- bytes: as announced, of a kept one as it is
            state TEXT NOT NULL CHECK (state IN ('wanted', 'kept', 'left', 'failed', 'gone', 'purged')),
            reason TEXT,                      -- why it is not kept, or not yet
            attempts INTEGER NOT NULL DEFAULT 0,
            next_at TEXT NOT NULL,            -- when a wanted one is tried (again)
            sha256 BLOB,                      -- known before the file gets its name, so that a kill loses none
            UNIQUE (revision, number)
        ) STRICT;
        CREATE INDEX media_wanted ON media (next_at) WHERE state = 'wanted';
        CREATE INDEX media_by_file ON media (file);
        CREATE INDEX media_by_sha256 ON media (sha256);

        CREATE TABLE media_records (          -- the chain of what was kept; see store/media_chain.py
            id INTEGER PRIMARY KEY,
            media INTEGER NOT NULL UNIQUE REFERENCES media (id),
            fetched_at TEXT NOT NULL,
            size INTEGER NOT NULL,
            sha256 BLOB NOT NULL,
            previous_hash BLOB NOT NULL,
            record_hash BLOB NOT NULL
        ) STRICT;

        CREATE TABLE media_removals (         -- files that a purge leaves without a post; they go before anything else
            sha256 BLOB PRIMARY KEY
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE media_mark (             -- up to which revision posts were looked at; no row: KEEP_MEDIA is off
            one INTEGER PRIMARY KEY CHECK (one = 1),
            revision INTEGER NOT NULL
        ) STRICT;
    """)
