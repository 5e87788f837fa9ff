"""An outbox tells the alerts of one origin: those of a replay go out by an outbox of their own."""

from __future__ import annotations

from sqlite_utils import Database

from monitor.store.schema import MIGRATIONS


@MIGRATIONS(name="0009 outboxes by origin")
def outboxes_by_origin(db: Database) -> None:
    db.executescript("""
        ALTER TABLE outboxes ADD COLUMN origin TEXT NOT NULL DEFAULT 'run';   -- run or replay
    """)
