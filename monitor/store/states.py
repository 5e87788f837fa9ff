"""The state of each channel as a source reads it: how far, when last, how often, and what stands in the way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from monitor.store.rows import moment, stamp


@dataclass(frozen=True, slots=True)
class State:
    """One row; times by the wall clock. `posts`, `seconds` and `burst` are the estimate of `monitor.polling.Pace`."""

    channel: int
    source: str
    standing: str
    since: datetime
    told_name: str | None
    read_at: datetime | None
    next_at: datetime | None
    looked_at: datetime | None
    retry_at: datetime | None
    failures: int
    last_error: str | None
    posts: float
    seconds: float
    burst: float
    skipped: int
    unparsed: int
    open_from: int | None


_COLUMNS = tuple(State.__slots__)
_TIMES = frozenset(("since", "read_at", "next_at", "looked_at", "retry_at"))


def save(db: Database, states: Iterable[State]) -> None:
    """Write states, each over the earlier one."""
    db.conn.executemany(
        f"INSERT OR REPLACE INTO states ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})",
        [tuple(_written(name, getattr(state, name)) for name in _COLUMNS) for state in states],
    )


def load(db: Database, source: str) -> dict[int, State]:
    """Return the states of all channels of a source, by their keys."""
    rows = db.execute(f"SELECT {', '.join(_COLUMNS)} FROM states WHERE source = ?", [source])
    states = (State(**{name: _read(name, value) for name, value in zip(_COLUMNS, row, strict=True)}) for row in rows)
    return {state.channel: state for state in states}


def _written(name: str, value: object) -> object:
    return stamp(value) if isinstance(value, datetime) else value


def _read(name: str, value: Any) -> Any:
    return moment(value) if name in _TIMES and isinstance(value, str) else value


def cursors(db: Database, source: str) -> dict[int, int]:
    """Return up to which id each channel was read, by its key."""
    return dict(db.execute("SELECT channel, last FROM cursors WHERE source = ?", [source]).fetchall())


def newest_posts(db: Database, source: str) -> dict[int, tuple[int, datetime]]:
    """Return of each channel with a cursor the newest stored post at or below it, its id and date, by its key."""
    rows = db.execute(
        "SELECT u.channel, p.post_id, p.date FROM cursors u JOIN posts p ON p.channel = u.channel AND p.post_id ="
        " (SELECT max(q.post_id) FROM posts q WHERE q.channel = u.channel AND q.post_id <= u.last)"
        " WHERE u.source = ?",
        [source],
    )
    return {key: (post_id, moment(date)) for key, post_id, date in rows}
