"""What reading live posts has to remember: accounts and addresses, the state of each channel, limits, gaps, wishes."""

from __future__ import annotations

from sqlite_utils import Database

from monitor.store.schema import MIGRATIONS


@MIGRATIONS(name="0003 accounts, addresses, states of channels, limits, gaps, notices, wishes")
def reading(db: Database) -> None:
    db.executescript("""
        CREATE TABLE accounts (               -- who reads: a Telegram account, or the preview pages
            name TEXT PRIMARY KEY,
            source TEXT NOT NULL,             -- telegram or preview
            seen_at TEXT NOT NULL,            -- when it last answered
            blind_spots TEXT NOT NULL,        -- JSON array of sentences: what it cannot see
            fault TEXT                        -- why nothing can be read until a person acts
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE addresses (              -- how an account reaches a channel
            account TEXT NOT NULL REFERENCES accounts (name),
            channel INTEGER NOT NULL REFERENCES channels (id),
            access INTEGER,
            resolved_at TEXT NOT NULL,
            joined INTEGER NOT NULL DEFAULT 0 CHECK (joined IN (0, 1)),
            PRIMARY KEY (account, channel)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE requests (               -- each request of the last day, written before it is sent
            account TEXT NOT NULL,
            at TEXT NOT NULL,
            action TEXT NOT NULL
        ) STRICT;
        CREATE INDEX requests_by_time ON requests (account, at);

        CREATE TABLE floods (                 -- what the far side asked us to wait for
            account TEXT NOT NULL,
            action TEXT NOT NULL,             -- the kind of request, '' for all
            began TEXT NOT NULL,
            until TEXT NOT NULL,
            PRIMARY KEY (account, action)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE states (                 -- of a channel as a source reads it
            channel INTEGER NOT NULL REFERENCES channels (id),
            source TEXT NOT NULL,
            standing TEXT NOT NULL,           -- open, private, deleted, restricted
            since TEXT NOT NULL,              -- when it became so
            told_name TEXT,                   -- the name that the last notice of a renaming spoke of, or the first
            read_at TEXT,                     -- the last successful poll
            next_at TEXT,                     -- when the next one is expected
            looked_at TEXT,
            retry_at TEXT,                    -- not before, where reading it failed
            failures INTEGER NOT NULL,        -- one after another
            last_error TEXT,
            posts REAL NOT NULL,              -- the estimate of its rate: posts …
            seconds REAL NOT NULL,            -- … in so many seconds …
            burst REAL NOT NULL,              -- … and posts a second beside these
            skipped INTEGER NOT NULL,         -- service messages so far
            unparsed INTEGER NOT NULL,
            open_from INTEGER,                -- every post below is past its last re-reading
            PRIMARY KEY (channel, source)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE backfills (              -- reading back, from the past to where live reading began
            channel INTEGER NOT NULL REFERENCES channels (id),
            source TEXT NOT NULL,
            since TEXT NOT NULL,
            last INTEGER,                     -- read up to here; null: the place of `since` is not known yet
            until INTEGER NOT NULL,           -- the id at which live reading began
            alerts INTEGER NOT NULL CHECK (alerts IN (0, 1)),
            PRIMARY KEY (channel, source)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE gaps (                   -- ids that the far side left out
            channel INTEGER NOT NULL REFERENCES channels (id),
            source TEXT NOT NULL,
            first INTEGER NOT NULL,
            last INTEGER NOT NULL,
            seen_at TEXT NOT NULL,
            asked INTEGER NOT NULL DEFAULT 0, -- how many of the ids were asked for
            gone INTEGER NOT NULL DEFAULT 0,  -- … and are deleted or were never there
            service INTEGER NOT NULL DEFAULT 0,
            fetched INTEGER NOT NULL DEFAULT 0,   -- … and were missed: stored now
            closed_at TEXT,
            PRIMARY KEY (channel, source, first)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX gaps_open ON gaps (source) WHERE closed_at IS NULL;

        CREATE TABLE rechecks (               -- when a post was last read again
            channel INTEGER NOT NULL,
            post_id INTEGER NOT NULL,
            checked_at TEXT NOT NULL,
            PRIMARY KEY (channel, post_id)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE unparsed (               -- what could not be read as a post, as it came
            channel INTEGER NOT NULL REFERENCES channels (id),
            source TEXT NOT NULL,
            telegram_id INTEGER NOT NULL,
            first_seen TEXT NOT NULL,
            reason TEXT NOT NULL,
            raw BLOB NOT NULL,
            PRIMARY KEY (channel, source, telegram_id)
        ) STRICT;

        CREATE TABLE notices (                -- what the analyst is to know about the reading itself
            id INTEGER PRIMARY KEY,
            at TEXT NOT NULL,
            kind TEXT NOT NULL,
            channel INTEGER REFERENCES channels (id),
            level TEXT NOT NULL CHECK (level IN ('low', 'medium', 'high')),
            text TEXT NOT NULL,
            told_at TEXT
        ) STRICT;
        CREATE INDEX notices_untold ON notices (id) WHERE told_at IS NULL;

        CREATE TABLE wishes (                 -- what was asked for by command or from the chat; outlives a reload
            name_key TEXT PRIMARY KEY,        -- user name in small letters, or the id
            given TEXT NOT NULL,
            watched INTEGER CHECK (watched IN (0, 1)),    -- added, removed; null: as the list says
            joined INTEGER CHECK (joined IN (0, 1)),      -- to be joined, to be left; null: nothing asked
            done_at TEXT,                     -- when joining or leaving was done
            answer TEXT,                      -- what came of it
            made_at TEXT NOT NULL,
            made_by TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE found_channels (         -- to which channel a name of the list led
            source TEXT NOT NULL,
            name_key TEXT NOT NULL,
            channel INTEGER REFERENCES channels (id),     -- null: to none
            at TEXT NOT NULL,
            answer TEXT,                      -- why it is not read
            PRIMARY KEY (source, name_key)
        ) STRICT, WITHOUT ROWID;
    """)
