"""What each notifier has sent, and what holds it."""

from __future__ import annotations

from sqlite_utils import Database

from monitor.store.schema import MIGRATIONS


@MIGRATIONS(name="0005 outboxes")
def outboxes(db: Database) -> None:
    db.executescript("""
        CREATE TABLE outboxes (
            notifier TEXT PRIMARY KEY,
            first_alert INTEGER NOT NULL,     -- alerts before this one were told before the notifier was there
            settled_below INTEGER NOT NULL,   -- every alert below this one is sent, folded or silenced
            first_notice INTEGER NOT NULL,
            failures INTEGER NOT NULL DEFAULT 0,  -- one after another
            retry_at TEXT,                    -- not before
            fault TEXT                        -- what stands in the way, in words
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE sent (                   -- the alerts that a notifier has sent
            alert INTEGER NOT NULL REFERENCES alerts (id),
            notifier TEXT NOT NULL,
            message TEXT,                     -- its own id of the message
            version INTEGER NOT NULL,         -- what it shows
            at TEXT NOT NULL,
            PRIMARY KEY (alert, notifier)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX sent_by_time ON sent (notifier, at);
        INSERT INTO sent SELECT d.alert, d.notifier, max(d.message), max(a.shown), max(d.at) FROM deliveries d
            JOIN alerts a ON a.id = d.alert WHERE d.outcome = 'delivered' GROUP BY d.alert, d.notifier;

        CREATE TABLE sent_notices (
            notice INTEGER NOT NULL REFERENCES notices (id),
            notifier TEXT NOT NULL,
            message TEXT,
            at TEXT NOT NULL,
            PRIMARY KEY (notice, notifier)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE refusals (               -- single messages that a notifier would not take
            notifier TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('alert', 'edit', 'notice')),
            id INTEGER NOT NULL,
            attempts INTEGER NOT NULL,
            retry_at TEXT NOT NULL,
            reason TEXT NOT NULL,
            PRIMARY KEY (notifier, kind, id)
        ) STRICT, WITHOUT ROWID;
    """)
