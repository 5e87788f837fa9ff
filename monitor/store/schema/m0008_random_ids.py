"""The salt from which the random ids of alerts are derived."""

from __future__ import annotations

import secrets

from sqlite_utils import Database

from monitor.store.schema import MIGRATIONS


@MIGRATIONS(name="0008 salt of random ids")
def random_ids(db: Database) -> None:
    db.executescript("""
        CREATE TABLE random_id_salt (         -- one row, made once: it goes into each backup with the rest
            one INTEGER PRIMARY KEY CHECK (one = 1),
            salt BLOB NOT NULL
        ) STRICT;
    """)
    db.execute("INSERT INTO random_id_salt (one, salt) VALUES (1, ?)", [secrets.token_bytes(32)])
