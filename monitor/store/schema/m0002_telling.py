"""Alerts of several kinds, which may stand for others; the texts by which a story is known; silences; deletions."""

from __future__ import annotations

from sqlite_utils import Database

from monitor.store.schema import MIGRATIONS


@MIGRATIONS(name="0002 alerts of several kinds, texts of stories, silences, deletions")
def telling(db: Database) -> None:
    db.executescript("""
        CREATE TABLE alerts_new (
            id INTEGER PRIMARY KEY,
            kind TEXT NOT NULL CHECK (kind IN ('post', 'edit', 'raise', 'deletion', 'bundle', 'summary', 'backlog')),
            story INTEGER REFERENCES stories (id),         -- null, like revision, where it stands for other alerts
            revision INTEGER REFERENCES revisions (id),    -- of a deletion: the last one that was kept
            near INTEGER REFERENCES stories (id),          -- the earlier story that its post nearly repeats
            news TEXT,                                     -- JSON array: what the post adds to that story
            reply_to INTEGER REFERENCES alerts_new (id),   -- the alert that it follows up
            folded_in INTEGER REFERENCES alerts_new (id),  -- the alert that stands for it
            origin TEXT NOT NULL,                          -- run or replay: each tells its own
            level TEXT NOT NULL CHECK (level IN ('low', 'medium', 'high')),
            ring INTEGER NOT NULL CHECK (ring IN (0, 1)),
            decided_at TEXT NOT NULL,
            due_at TEXT NOT NULL,
            open_until TEXT,                               -- until when others are folded in
            random_id INTEGER NOT NULL UNIQUE,
            state TEXT NOT NULL CHECK (state IN ('due', 'delivered', 'folded', 'silenced')),
            version INTEGER NOT NULL DEFAULT 1,            -- goes up when there is more to show
            shown INTEGER NOT NULL DEFAULT 0,              -- the version that was delivered last
            edit_due TEXT,                                 -- when the version above `shown` is due
            CHECK ((state = 'folded') = (folded_in IS NOT NULL)),
            CHECK ((kind IN ('bundle', 'summary', 'backlog')) = (revision IS NULL))
        ) STRICT;
        INSERT INTO alerts_new
            (id, kind, story, revision, origin, level, ring, decided_at, due_at, random_id, state, version, shown)
            SELECT id, 'post', story, revision, origin, level, ring, due_at, due_at, random_id,
                CASE state WHEN 'folded' THEN 'silenced' ELSE state END, 1, state = 'delivered' FROM alerts;

        CREATE TABLE deliveries_new (
            id INTEGER PRIMARY KEY,
            alert INTEGER NOT NULL REFERENCES alerts_new (id),
            notifier TEXT NOT NULL,
            at TEXT NOT NULL,
            message TEXT,                     -- the notifier's own id of it
            outcome TEXT NOT NULL
        ) STRICT;
        INSERT INTO deliveries_new SELECT id, alert, notifier, at, message, outcome FROM deliveries;

        DROP TABLE deliveries;
        DROP TABLE alerts;
        ALTER TABLE alerts_new RENAME TO alerts;
        ALTER TABLE deliveries_new RENAME TO deliveries;
        CREATE INDEX alerts_due ON alerts (state, due_at, id);
        CREATE INDEX alerts_decided ON alerts (decided_at);
        CREATE INDEX alerts_by_story ON alerts (story);
        CREATE INDEX alerts_by_revision ON alerts (revision);
        CREATE INDEX alerts_folded ON alerts (folded_in) WHERE folded_in IS NOT NULL;
        CREATE INDEX alerts_edited ON alerts (edit_due) WHERE shown < version;
        CREATE INDEX alerts_open ON alerts (open_until) WHERE open_until IS NOT NULL;
        CREATE INDEX deliveries_by_alert ON deliveries (alert);

        CREATE TABLE story_texts (            -- what has been told of a story: its first post, and edits of it
            story INTEGER NOT NULL REFERENCES stories (id),
            revision INTEGER NOT NULL REFERENCES revisions (id),
            date TEXT NOT NULL,               -- when the revision was published
            key BLOB NOT NULL,
            sketch BLOB NOT NULL,             -- numbers of 64 bits, little-endian
            PRIMARY KEY (story, revision)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO story_texts SELECT id, revision, date, key, x'' FROM stories;
        CREATE INDEX story_texts_by_date ON story_texts (date);
        CREATE INDEX story_posts_by_post ON story_posts (post);

        CREATE TABLE silences (               -- never changed; the earliest end counts
            id INTEGER PRIMARY KEY,
            made_at TEXT NOT NULL,
            made_by TEXT NOT NULL,
            ends_at TEXT NOT NULL,
            rule TEXT,
            entity TEXT,
            channel INTEGER REFERENCES channels (id),
            text TEXT,                        -- folded words
            CHECK (coalesce(rule, entity, channel, text) IS NOT NULL)
        ) STRICT;
        CREATE INDEX silences_by_end ON silences (ends_at);

        CREATE TABLE silence_ends (           -- ended before its time
            silence INTEGER NOT NULL REFERENCES silences (id),
            at TEXT NOT NULL,
            by TEXT NOT NULL
        ) STRICT;
        CREATE INDEX silence_ends_by_silence ON silence_ends (silence);

        CREATE TABLE deletions (
            post INTEGER PRIMARY KEY REFERENCES posts (id),
            noticed_at TEXT NOT NULL
        ) STRICT;
    """)
