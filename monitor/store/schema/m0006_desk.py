"""Who changed what from the chat, and what was asked there."""

from __future__ import annotations

from sqlite_utils import Database

from monitor.store.schema import MIGRATIONS


@MIGRATIONS(name="0006 audit of the desk")
def desk(db: Database) -> None:
    db.executescript("""
        CREATE TABLE audit (                  -- append only: the triggers below see to it
            id INTEGER PRIMARY KEY,
            at TEXT NOT NULL,
            person INTEGER NOT NULL,          -- Telegram's id of the analyst
            name TEXT NOT NULL,
            action TEXT NOT NULL,             -- acknowledge, false alarm, mute, unmute, add, remove
            alert INTEGER REFERENCES alerts (id),
            detail TEXT NOT NULL
        ) STRICT;
        CREATE INDEX audit_by_alert ON audit (alert) WHERE alert IS NOT NULL;
        CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
            BEGIN SELECT raise(ABORT, 'the audit is never changed'); END;
        CREATE TRIGGER audit_is_not_shortened BEFORE DELETE ON audit
            BEGIN SELECT raise(ABORT, 'the audit is never changed'); END;

        CREATE TABLE questions (              -- commands whose answers have several pages
            id INTEGER PRIMARY KEY,
            at TEXT NOT NULL,
            text TEXT NOT NULL
        ) STRICT;
    """)
