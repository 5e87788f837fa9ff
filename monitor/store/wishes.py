"""What was asked for by command or from the chat: channels to add, remove, join or leave. It outlives the list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from monitor.store.rows import moment, sound, stamp


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for a channel, by its user name in small letters or its id (`name_key`).

    `watched`: to be read or not, None as the list says; `joined`: to be joined or left, None: nothing asked.
    `done_at` and `answer` tell what came of joining or leaving.
    """

    name_key: str
    given: str
    watched: bool | None
    joined: bool | None
    done_at: datetime | None
    answer: str | None
    made_at: datetime
    made_by: str


def wishes(db: Database) -> list[Wish]:
    """Return all wishes by name."""
    rows = db.execute(
        "SELECT name_key, given, watched, joined, done_at, answer, made_at, made_by FROM wishes ORDER BY name_key"
    )
    return [
        Wish(name, given, _flag(watched), _flag(joined), moment(done) if done else None, answer, moment(made), by)
        for name, given, watched, joined, done, answer, made, by in rows
    ]


def watch(db: Database, name_key: str, given: str, watched: bool, now: datetime, by: str) -> None:
    """Ask for a channel to be read, or not to be read any more."""
    db.execute(
        "INSERT INTO wishes (name_key, given, watched, made_at, made_by) VALUES (?, ?, ?, ?, ?) ON CONFLICT (name_key)"
        " DO UPDATE SET given = excluded.given, watched = excluded.watched, made_at = excluded.made_at,"
        " made_by = excluded.made_by",
        [name_key, sound(given), watched, stamp(now), sound(by)],
    )


def join(db: Database, name_key: str, given: str, joined: bool, now: datetime, by: str) -> None:
    """Ask for a channel to be joined or left."""
    db.execute(
        "INSERT INTO wishes (name_key, given, joined, made_at, made_by) VALUES (?, ?, ?, ?, ?) ON CONFLICT (name_key)"
        " DO UPDATE SET joined = excluded.joined, done_at = NULL, answer = NULL, made_at = excluded.made_at,"
        " made_by = excluded.made_by",
        [name_key, sound(given), joined, stamp(now), sound(by)],
    )


def answer_join(db: Database, name_key: str, answer: str, now: datetime) -> None:
    """Note what came of joining or leaving a channel."""
    db.execute("UPDATE wishes SET done_at = ?, answer = ? WHERE name_key = ?", [stamp(now), sound(answer), name_key])


def _flag(value: int | None) -> bool | None:
    return None if value is None else bool(value)
