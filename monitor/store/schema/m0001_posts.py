"""Channels, posts and what was found in them, stories, alerts, cursors, and the words to search."""

from __future__ import annotations

from sqlite_utils import Database

from monitor.store.schema import MIGRATIONS


@MIGRATIONS(name="0001 channels, posts and what was found in them")
def posts(db: Database) -> None:
    db.executescript("""
        CREATE TABLE channels (
            id INTEGER PRIMARY KEY,           -- Telegram's bare id; negative where a channel came with a name alone
            telegram_id INTEGER UNIQUE,       -- null as long as only the name is known
            name TEXT,                        -- the user name that leads to it now, without @
            guessed INTEGER NOT NULL DEFAULT 0 CHECK (guessed IN (0, 1)),
            title TEXT,
            last_seen TEXT NOT NULL           -- date of the newest post from which name and title are known
        ) STRICT;

        CREATE TABLE channel_names (
            channel INTEGER NOT NULL REFERENCES channels (id),
            name_key TEXT NOT NULL,           -- the name in small letters
            name TEXT NOT NULL,
            guessed INTEGER NOT NULL CHECK (guessed IN (0, 1)),
            first_seen TEXT NOT NULL,
            last_seen TEXT NOT NULL,
            PRIMARY KEY (channel, name_key)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX channel_names_by_name ON channel_names (name_key);

        CREATE TABLE channel_languages (
            channel INTEGER NOT NULL REFERENCES channels (id),
            language TEXT NOT NULL,
            posts INTEGER NOT NULL,
            PRIMARY KEY (channel, language)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE posts (
            id INTEGER PRIMARY KEY,
            channel INTEGER NOT NULL REFERENCES channels (id),
            post_id INTEGER NOT NULL,
            date TEXT NOT NULL,
            latest INTEGER NOT NULL,          -- number of the newest revision
            album INTEGER,
            url TEXT,
            UNIQUE (channel, post_id)
        ) STRICT;
        CREATE INDEX posts_by_date ON posts (date);

        CREATE TABLE album_posts (            -- all Telegram ids of the posts that have several
            channel INTEGER NOT NULL,
            telegram_id INTEGER NOT NULL,
            post INTEGER NOT NULL REFERENCES posts (id),
            PRIMARY KEY (channel, telegram_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX album_posts_by_post ON album_posts (post);

        CREATE TABLE revisions (
            id INTEGER PRIMARY KEY,
            post INTEGER NOT NULL REFERENCES posts (id),
            number INTEGER NOT NULL,
            language TEXT,
            edited TEXT,
            first_seen TEXT NOT NULL,         -- by our clock
            source TEXT NOT NULL,
            content_sha256 BLOB NOT NULL,
            raw_sha256 BLOB NOT NULL,
            previous_hash BLOB NOT NULL,
            record_hash BLOB NOT NULL,
            reply_to INTEGER,
            views INTEGER,
            forward TEXT,                     -- JSON object
            media TEXT,                       -- JSON array of objects
            attached TEXT,                    -- JSON array of strings
            body TEXT NOT NULL,
            folded TEXT NOT NULL,
            raw BLOB NOT NULL,
            UNIQUE (post, number)
        ) STRICT;

        CREATE TABLE matches (
            id INTEGER PRIMARY KEY,           -- in the order of the findings
            revision INTEGER NOT NULL REFERENCES revisions (id),
            rule TEXT NOT NULL,
            title TEXT NOT NULL,
            level TEXT NOT NULL CHECK (level IN ('low', 'medium', 'high'))
        ) STRICT;
        CREATE INDEX matches_by_revision ON matches (revision);
        CREATE INDEX matches_by_rule ON matches (rule);

        CREATE TABLE entities (               -- found in a revision, in the order of the findings
            id INTEGER PRIMARY KEY,
            revision INTEGER NOT NULL REFERENCES revisions (id),
            entity TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('person', 'organisation', 'place')),
            name TEXT NOT NULL
        ) STRICT;
        CREATE INDEX entities_by_revision ON entities (revision);
        CREATE INDEX entities_by_entity ON entities (entity);

        CREATE TABLE mentions (               -- of a match or of an entity, in their order
            id INTEGER PRIMARY KEY,
            revision INTEGER NOT NULL REFERENCES revisions (id),
            of_match INTEGER REFERENCES matches (id),
            of_entity INTEGER REFERENCES entities (id),
            span_start INTEGER NOT NULL,      -- code points of the published text
            span_end INTEGER NOT NULL,
            form TEXT NOT NULL,
            lemma TEXT NOT NULL,
            via TEXT NOT NULL,
            entity TEXT,
            rule TEXT,
            term TEXT,
            CHECK ((of_match IS NULL) <> (of_entity IS NULL))
        ) STRICT;
        CREATE INDEX mentions_by_revision ON mentions (revision);

        CREATE TABLE stories (
            id INTEGER PRIMARY KEY,
            key BLOB NOT NULL,
            revision INTEGER NOT NULL REFERENCES revisions (id),     -- the one that opened it
            date TEXT NOT NULL                -- when that was published or last edited
        ) STRICT;
        CREATE INDEX stories_by_date ON stories (date);

        CREATE TABLE story_posts (
            story INTEGER NOT NULL REFERENCES stories (id),
            post INTEGER NOT NULL REFERENCES posts (id),
            revision INTEGER NOT NULL REFERENCES revisions (id),
            PRIMARY KEY (story, post)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE alerts (
            id INTEGER PRIMARY KEY,
            story INTEGER NOT NULL REFERENCES stories (id),
            revision INTEGER NOT NULL REFERENCES revisions (id),
            origin TEXT NOT NULL,             -- run or replay: each tells its own
            level TEXT NOT NULL CHECK (level IN ('low', 'medium', 'high')),
            ring INTEGER NOT NULL CHECK (ring IN (0, 1)),
            due_at TEXT NOT NULL,
            random_id INTEGER NOT NULL UNIQUE,
            state TEXT NOT NULL CHECK (state IN ('due', 'delivered', 'folded'))
        ) STRICT;
        CREATE INDEX alerts_due ON alerts (state, due_at, id);
        CREATE INDEX alerts_by_story ON alerts (story);

        CREATE TABLE deliveries (
            id INTEGER PRIMARY KEY,
            alert INTEGER NOT NULL REFERENCES alerts (id),
            notifier TEXT NOT NULL,
            at TEXT NOT NULL,
            message TEXT,                     -- the notifier's own id of it
            outcome TEXT NOT NULL
        ) STRICT;
        CREATE INDEX deliveries_by_alert ON deliveries (alert);

        CREATE TABLE cursors (
            channel INTEGER NOT NULL REFERENCES channels (id),
            source TEXT NOT NULL,
            last INTEGER NOT NULL,
            at TEXT NOT NULL,
            PRIMARY KEY (channel, source)
        ) STRICT, WITHOUT ROWID;

        CREATE VIRTUAL TABLE words USING fts5 (
            folded, content = 'revisions', content_rowid = 'id',
            tokenize = "unicode61 remove_diacritics 0 categories 'L* N* M* Co'"
        );
    """)
