"""Databases that somebody changed and backups that a disk spoilt: what is wrong is told, in one sentence."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from random import Random
from typing import Any

from monitor.language.searching import search_forms
from monitor.models import Forward, Media
from monitor.store import chain
from monitor.store.backup import prove, restore
from monitor.store.reader import Reader
from monitor.store.records import Examined, StoreError
from monitor.store.store import Store
from tests.fuzz import mutation
from tests.fuzz.running import Parser, outcome, quick_and_long
from tests.fuzz.scratch import folder
from tests.store_example import post, tell

NOW = datetime(2024, 1, 1, 12, tzinfo=UTC)
POSTS = 12
# What the hash of a record covers, by the table that holds it.
_COVERED = {
    "posts": ("channel", "post_id", "date"),
    "revisions": (
        *("number", "edited", "first_seen", "source", "content_sha256", "raw_sha256", "previous_hash", "record_hash"),
        *("attached", "body", "raw"),
    ),
}
_NO_TEXTS = {None, b"", b"[]"}  # all of them say that there is none
_TOLD = {
    "channels": ("name", "title", "last_seen"),
    "posts": ("url", "latest", "album"),
    "revisions": ("language", "views", "reply_to", "forward", "media", "folded"),
    "mentions": ("span_start", "span_end", "form", "via"),
    "alerts": ("level", "due_at", "state", "ring"),
}
_WORDS = [
    "пленных",
    '"Пленных двое"',
    "двое*",
    "evacu* -x",
    "NEAR(a b)",
    "body:x",
    "日本",
    "a AND (b OR NOT c)",
    "^x",
    "''",
]


@dataclass(frozen=True, slots=True)
class Change:
    """Another value in one cell of a database, `row` counted from the first; a delete where there is no column."""

    table: str
    column: str | None
    row: int
    value: Any


@cache
def _sound() -> tuple[bytes, str]:
    """The bytes of a database with posts, edits, media and alerts in it, and the head of its chain."""
    path = folder("databases") / "sound.db"
    with closing(Store.open(path)) as store:
        for number in range(1, POSTS + 1):
            tell(store, post(number, f"Пленных двое, {number}.", **_more(number)))
        tell(store, post(3, "Пленных трое.", edited=NOW))
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode = DELETE")
    return path.read_bytes(), prove(path).head


def _more(number: int) -> dict[str, Any]:
    return {
        "media": (Media("photo", size=17),) if number % 3 == 0 else (),
        "forward": Forward(name="Некто", date=NOW) if number % 4 == 0 else None,
        "attached": ("Обмен", "Двое") if number % 5 == 0 else (),
    }


def _changes(columns: dict[str, tuple[str, ...]]) -> Callable[[Random], list[Change]]:
    def make(random: Random) -> list[Change]:
        return [_change(random, columns) for _ in range(random.choice((1, 1, 2, 4)))]

    return make


def _change(random: Random, columns: dict[str, tuple[str, ...]]) -> Change:
    table = random.choice(list(columns))
    if table == "revisions" and random.random() < 0.1:
        return Change(table, None, random.randrange(POSTS - 1), None)
    return Change(table, random.choice(columns[table]), random.randrange(POSTS), _cell(random))


def _cell(random: Random) -> Any:
    kind = random.random()
    if kind < 0.2:
        return random.choice((None, "", b"", 0, -1, 2**63 - 1, -(2**63), 1e300, bytes(32), random.randbytes(32)))
    if kind < 0.4:
        return random.choice(
            ("[]", "{}", "[1]", '[{"kind": 7}]', '{"date": 5}', '["a"', "null", "true", '"x"', "[null]")
        )
    if kind < 0.6:
        return str(random.choice(mutation.DATES))
    if kind < 0.7:
        return random.randbytes(random.randrange(8))
    return mutation.noise(random, 20).encode("utf-8", "replace").decode()


def _with(changes: list[Change]) -> tuple[Path, bool]:
    """Write a database with other values in it; return where, and whether any cell is another than before."""
    path = folder("databases") / "changed.db"
    path.write_bytes(_sound()[0])
    changed = False
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA synchronous = OFF")
        db.execute("PRAGMA journal_mode = MEMORY")
        for one in changes:
            try:
                changed |= _made(db, one)
            except (sqlite3.IntegrityError, sqlite3.DataError):
                continue  # the table itself refuses such a value
    return path, changed


def _made(db: sqlite3.Connection, one: Change) -> bool:
    ids = [row[0] for row in db.execute(f"SELECT id FROM {one.table} ORDER BY id")]
    chosen = ids[one.row % len(ids)]
    if one.column is None:
        db.execute(f"DELETE FROM {one.table} WHERE id = ?", [chosen])
        return True
    cell = f"SELECT typeof({one.column}), CAST({one.column} AS BLOB) FROM {one.table} WHERE id = ?"
    kind, before = db.execute(cell, [chosen]).fetchone()
    # Bytes that are no text can stand in a text column: SQLite does not look at them.
    value = "CAST(? AS TEXT)" if kind == "text" and isinstance(one.value, bytes) else "?"
    db.execute(f"UPDATE {one.table} SET {one.column} = {value} WHERE id = ?", [one.value, chosen])
    after = db.execute(cell, [chosen]).fetchone()[1]
    return bool(before != after) and not (one.column == "attached" and {before, after} <= _NO_TEXTS)


def proved(changes: list[Change]) -> None:
    """Prove the chain of a database in which records were changed or deleted: each time that is seen."""
    path, changed = _with(changes)
    with Reader.open(path) as reader:
        found = outcome(lambda: reader.read(chain.examine, bytes.fromhex(_sound()[1])), StoreError)
    if isinstance(found, Examined):
        assert (found.broken is not None) or not changed, changes
        assert found.head_found or found.broken is not None
    else:
        assert str(found)


def listed(changes: list[Change]) -> None:
    """Show what a changed database holds: values, or one sentence about it."""
    path, _ = _with(changes)
    with Reader.open(path) as reader:
        for look in (
            lambda: list(reader.due()),
            reader.alerts,
            reader.channels,
            reader.summary,
            lambda: list(reader.posts()),
            lambda: reader.search("пленных", forms=search_forms),
            lambda: reader.read(chain.examine),
        ):
            found = outcome(look, StoreError)
            assert not isinstance(found, StoreError) or str(found)


def _spoilt(random: Random) -> bytes:
    """A backup with bits flipped, pages mixed up, or its end missing."""
    whole = bytearray(_sound()[0])
    for _ in range(random.choice((1, 1, 3, 20))):
        at = random.randrange(len(whole)) if random.random() < 0.7 else random.randrange(200)
        kind = random.random()
        if kind < 0.6:
            whole[at] ^= 1 << random.randrange(8)
        elif kind < 0.8:
            one, other = (random.randrange(len(whole) // 4096) * 4096 for _ in range(2))
            whole[one : one + 4096] = random.choice((bytes(4096), whole[other : other + 4096]))
        else:
            whole[at : at + 16] = random.randbytes(16)
    if random.random() < 0.2:
        del whole[random.randrange(len(whole)) :]
    return bytes(whole)


def put_back(content: bytes) -> None:
    """Restore a spoilt backup: it is in the place of the database, or is refused and the database stays."""
    backup, database = folder("databases") / "backup.db", folder("restored") / "monitor.db"
    for former in database.parent.iterdir():
        former.unlink()
    backup.write_bytes(content)
    database.write_bytes(b"as it was")
    found = outcome(lambda: restore(backup, database, NOW), StoreError)
    if isinstance(found, StoreError):
        assert str(found)
        assert [path.name for path in database.parent.iterdir()] == ["monitor.db"]
        assert database.read_bytes() == b"as it was"
    else:
        assert found is not None
        assert found.read_bytes() == b"as it was"
        with Reader.open(database) as reader:
            outcome(lambda: reader.read(chain.examine), StoreError)


@cache
def _reader() -> Reader:
    _sound()
    return Reader.open(folder("databases") / "sound.db")


def _words(random: Random) -> str:
    return mutation.text(random, _WORDS, soup=0.3)


def sought(words: str) -> None:
    """Search: what was found lies in its text, or there was no word; no word is a command to the index."""
    for by_rank in (False, True):
        found = outcome(partial(_reader().search, words, by_rank=by_rank, forms=search_forms), StoreError)
        if isinstance(found, StoreError):
            assert "there is no word to search for" in str(found)
        else:
            assert all(0 <= start <= end for one in found for start, end in one.spans)


PARSERS = [
    Parser("databases, changed and proved", _changes(_COVERED), proved, 5_000, _sound),
    Parser("databases, changed and shown", _changes(_COVERED | _TOLD), listed, 5_000, _sound),
    Parser("backups, spoilt", _spoilt, put_back, 2_000, _sound),
    Parser("searches", _words, sought, 10_000, _reader),
]
test_quick, test_long = quick_and_long(PARSERS)
