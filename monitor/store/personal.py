"""Where a person can be named: in posts, and in what we and the desk wrote; found there, and taken out of it.

Every column of text is one of these, of a post (which `purging` empties), or of constants, numbers and names that stay;
a test that walks the schema demands that each is put into one of the classes.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlite_utils import Database

from monitor.store.rows import json_list, shown_text, stamp

Place = tuple[int, int]  # the store's id of a channel, and the post's id in it
Choose = Callable[[Database], Sequence[Place]]
REDACTED = "(purged)"

# Columns in which words of ours, of the desk or of a channel's owner may name somebody.
WORDS: tuple[tuple[str, str], ...] = (
    ("accounts", "fault"),
    ("audit", "detail"),
    ("channels", "title"),
    ("found_channels", "answer"),
    ("matches", "rule"),
    ("matches", "title"),
    ("mentions", "lemma"),
    ("mentions", "rule"),
    ("mentions", "term"),
    ("notices", "text"),
    ("outboxes", "fault"),
    ("purges", "reference"),
    ("refusals", "reason"),
    ("silences", "entity"),
    ("silences", "rule"),
    ("silences", "text"),
    ("states", "last_error"),
    ("wishes", "answer"),
)
_PAGE = 500
_LINE = re.compile(r":\d+$")  # of a file, after its path
_TAG = re.compile(r"<[^>]*>")
_JOINED = str.maketrans("-_", "  ")  # ids of rules and entities are names with hyphens


@dataclass(frozen=True, slots=True)
class Person:
    """Who is to be found: `finds` tells whether a text names the person, `known_as` are the ids and names of rules."""

    finds: Callable[[str], bool]
    known_as: frozenset[str] = frozenset()

    def is_in(self, words: str) -> bool:
        """Tell whether words of ours name the person, also as the id of a rule or entity."""
        known = words in self.known_as or not self.known_as.isdisjoint(words.split())
        return known or self.finds(words) or self.finds(words.translate(_JOINED))


class Naming:
    """Finds the posts that name a person in one database after another, reading what several hold only once."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self._without: set[bytes] = set()  # contents that do not name the person

    def __call__(self, db: Database) -> list[Place]:
        """Return the posts of which a revision names the person: in its text, its raw record, or what was found."""
        places = dict.fromkeys(self._found(db))
        for row, channel, post_id, content in _unpurged(db):
            if (channel, post_id) in places or content in self._without:
                continue
            if self.person.finds(_everything(db, row)):
                places[channel, post_id] = None
            else:
                self._without.add(content)
        return list(places)

    def _found(self, db: Database) -> list[Place]:
        """Return the posts in which rules of their time found the person."""
        query = (
            "SELECT p.channel, p.post_id FROM entities e JOIN revisions r ON r.id = e.revision"
            " JOIN posts p ON p.id = r.post WHERE e.entity IN (SELECT value FROM json_each(:known))"
            " OR e.name IN (SELECT value FROM json_each(:known))"
        )
        return list(db.execute(query, {"known": json_list(sorted(self.person.known_as))}))


def _unpurged(db: Database) -> Iterator[tuple[int, int, int, bytes]]:
    last = 0
    while rows := db.execute(
        "SELECT r.id, p.channel, p.post_id, r.content_sha256, r.raw_sha256 FROM revisions r"
        " JOIN posts p ON p.id = r.post WHERE r.id > ?"
        " AND NOT EXISTS (SELECT 1 FROM purged x WHERE x.post = p.id) ORDER BY r.id LIMIT ?",
        [last, _PAGE],
    ).fetchall():
        last = rows[-1][0]
        yield from ((row, channel, post_id, content[:8] + raw[:8]) for row, channel, post_id, content, raw in rows)


def _everything(db: Database, row: int) -> str:
    """Return all words of a revision: its text, who is named as its origin, its files, and the rest of its record."""
    body, attached, forward, media, raw = db.execute(
        "SELECT body, attached, forward, media, raw FROM revisions WHERE id = ?", [row]
    ).fetchone()
    parts = [shown_text(body, attached)]
    for plain in (forward, media):
        parts += _strings(orjson.loads(plain)) if plain else ()
    return "\n\n".join(dict.fromkeys([*parts, raw_words(raw)]))


def raw_words(raw: bytes) -> str:
    """Return the words of a record as it came: the strings of JSON, the text of HTML, or what is text in it."""
    try:
        return "\n\n".join(dict.fromkeys(_strings(orjson.loads(raw))))
    except orjson.JSONDecodeError:
        return html.unescape(_TAG.sub(" ", raw.decode("utf-8", "replace")))


def _strings(plain: Any) -> Iterator[str]:
    if isinstance(plain, str):
        yield plain
    elif isinstance(plain, dict):
        for key, value in plain.items():
            yield key
            yield from _strings(value)
    elif isinstance(plain, list):
        for value in plain:
            yield from _strings(value)


def words_naming(db: Database, person: Person) -> dict[tuple[str, str], list[str]]:
    """Return the words of ours that name a person, by table and column."""
    found = {}
    for table, column in WORDS:
        if column not in (row[1] for row in db.execute(f"PRAGMA table_info({table})")):
            continue  # a backup of an earlier version
        rows = db.execute(f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL")
        if words := [one for (one,) in rows if one != REDACTED and person.is_in(one)]:
            found[table, column] = words
    return found


def unreadable_naming(db: Database, person: Person) -> list[tuple[int, str, int]]:
    """Return the keys of the records that could not be read as posts and name a person."""
    rows = db.execute("SELECT channel, source, telegram_id, reason, raw FROM unparsed")
    return [
        (channel, source, number)
        for channel, source, number, reason, raw in rows
        if person.is_in(reason) or person.finds(raw_words(raw))
    ]


def count(db: Database, person: Person) -> int:
    """Return how many texts beside posts name a person."""
    found = len(unreadable_naming(db, person))
    for (table, column), words in words_naming(db, person).items():
        query = f"SELECT count(*) FROM {table} WHERE {column} IN (SELECT value FROM json_each(?))"
        found += int(db.execute(query, [json_list(words)]).fetchone()[0])
    return found


def remaining(db: Database, person: Person) -> list[str]:
    """Return the names of channels and of imported files that name a person; they stay where they are.

    A channel is read by its name; the name of a file stands in the record that the chain of hashes covers.
    """
    names = [name for (name,) in db.execute("SELECT DISTINCT name FROM channel_names ORDER BY 1")]
    files = {_LINE.sub("", source): None for (source,) in db.execute("SELECT DISTINCT source FROM revisions")}
    return [f"@{one}" for one in names if person.is_in(one)] + [one for one in files if person.is_in(one)]


def redact(db: Database, person: Person, purge: int, now: datetime) -> None:
    """Take a person's name out of everything beside posts; to be called inside the transaction of the purge `purge`.

    A silence that named the person ends. Of the desk's audit the words of a line go, with a line of their own that says
    so; who did what and when stays.
    """
    for (table, column), words in words_naming(db, person).items():
        these = f"{column} IN (SELECT value FROM json_each(:words))"
        values = {"words": json_list(words), "purge": purge, "now": stamp(now)}
        if table == "audit":
            db.execute(f"INSERT INTO redactions (audit, purge) SELECT id, :purge FROM audit WHERE {these}", values)
        elif table == "silences":
            db.execute(
                f"INSERT INTO silence_ends (silence, at, by) SELECT id, :now, 'purge' FROM silences WHERE {these}",
                values,
            )
        elif table == "notices":
            db.execute(f"DELETE FROM pictures WHERE notice IN (SELECT id FROM notices WHERE {these})", values)
        instead = "NULL" if table == "channels" else f"'{REDACTED}'"
        db.execute(f"UPDATE {table} SET {column} = {instead} WHERE {these}", values)
    db.conn.executemany(
        "DELETE FROM unparsed WHERE channel = ? AND source = ? AND telegram_id = ?", unreadable_naming(db, person)
    )
