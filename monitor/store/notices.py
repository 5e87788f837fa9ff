"""Notices: what the analyst is to know about the reading itself, told once each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from monitor.models import Level
from monitor.store.rows import moment, sound, stamp
from monitor.store.states import State, save

_SAID_AGAIN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice: `kind` is a short constant (renamed, gone, back, impersonator, access …), `channel` a key."""

    kind: str
    text: str
    level: Level
    channel: int | None = None


@dataclass(frozen=True, slots=True)
class StoredNotice:
    """A notice with its number, and when it was told."""

    id: int
    at: datetime
    notice: Notice
    told_at: datetime | None


def note(db: Database, notice: Notice, now: datetime, state: State | None = None) -> int:
    """Write a notice down, with the state of the channel that it tells of; return its number."""
    if state is not None:
        save(db, [state])
    row = db.execute(
        "INSERT INTO notices (at, kind, channel, level, text) VALUES (?, ?, ?, ?, ?)",
        [stamp(now), notice.kind, notice.channel, notice.level.value, sound(notice.text)],
    )
    assert row.lastrowid is not None
    return row.lastrowid


def note_once(db: Database, notice: Notice, now: datetime) -> None:
    """Write a notice down unless the same was said in the last thirty days."""
    known = db.execute(
        "SELECT 1 FROM notices WHERE kind = ? AND text = ? AND at >= ? LIMIT 1",
        [notice.kind, sound(notice.text), stamp(now - _SAID_AGAIN)],
    ).fetchone()
    if known is None:
        note(db, notice, now)


OVER = " over"  # what is added to a condition's kind when it is over


def turn(db: Database, condition: str, begins: Notice | None, ends: str, now: datetime) -> bool:
    """Tell once that a condition holds (`begins`), and once that it is over (None; `ends` says so, at the level low).

    What was told last is looked up, so that no restart tells it again. False: there was nothing to tell.
    """
    last = db.execute(
        "SELECT kind FROM notices WHERE kind IN (?, ?) ORDER BY id DESC LIMIT 1", [condition, condition + OVER]
    ).fetchone()
    held = last is not None and last[0] == condition
    if held == (begins is not None):
        return False
    note(db, begins or Notice(condition + OVER, ends, Level.LOW), now)
    return True


CONDITIONS = ("disk full", "disk low", "log grows", "backup fails", "clock wrong", "media not kept")


def holding(db: Database) -> list[StoredNotice]:
    """Return the notices of the conditions that hold, as they were told, the gravest first."""
    newest = [
        row
        for condition in CONDITIONS
        for row in _notices(db, "WHERE kind IN (?, ?) ORDER BY id DESC LIMIT 1", [condition, condition + OVER])
    ]
    return [one for one in newest if not one.notice.kind.endswith(OVER)]


def latest(db: Database, since: datetime, limit: int = 20) -> list[StoredNotice]:
    """Return the newest notices from `since` on, newest first."""
    return _notices(db, "WHERE at >= ? ORDER BY id DESC LIMIT ?", [stamp(since), limit])


def _notices(db: Database, clause: str, values: list[object]) -> list[StoredNotice]:
    rows = db.execute(f"SELECT id, at, kind, text, level, channel, told_at FROM notices {clause}", values)
    return [
        StoredNotice(id_, moment(at), Notice(kind, text, Level(level), key), moment(told) if told else None)
        for id_, at, kind, text, level, key, told in rows
    ]
