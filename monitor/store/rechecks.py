"""Posts that are to be read again: which, and when they last were."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson
from sqlite_utils import Database

from monitor.store.rows import moment, stamp


@dataclass(frozen=True, slots=True)
class Watched:
    """A stored post that may still be edited or deleted: all its Telegram ids, and when it was last read."""

    channel: int
    post_id: int
    ids: tuple[int, ...]
    date: datetime
    checked_at: datetime


_POSTS = (
    "SELECT p.channel, p.post_id, (SELECT json_group_array(a.telegram_id) FROM album_posts a WHERE a.post = p.id),"
    " p.date, coalesce(k.checked_at, (SELECT min(r.first_seen) FROM revisions r WHERE r.post = p.id))"
    " FROM posts p LEFT JOIN rechecks k ON k.channel = p.channel AND k.post_id = p.post_id"
    " WHERE NOT EXISTS (SELECT 1 FROM deletions d WHERE d.post = p.id) AND p.channel = ?"
)


def watched(db: Database, channel: int, first: int) -> list[Watched]:
    """Return the posts of a channel (its key) from the id `first` on that are not known to be deleted."""
    return _watched(db, f"{_POSTS} AND p.post_id >= ? ORDER BY p.post_id", [channel, first])


def posts_of(db: Database, channel: int, ids: Sequence[int]) -> list[Watched]:
    """Return the posts that have any of these Telegram ids and are not known to be deleted."""
    wanted = orjson.dumps(list(ids)).decode()
    return _watched(
        db,
        f"{_POSTS} AND (p.post_id IN (SELECT value FROM json_each(?)) OR p.id IN (SELECT a.post FROM album_posts a"
        " WHERE a.channel = p.channel AND a.telegram_id IN (SELECT value FROM json_each(?)))) ORDER BY p.post_id",
        [channel, wanted, wanted],
    )


def _watched(db: Database, sql: str, values: list[object]) -> list[Watched]:
    return [
        Watched(key, post_id, tuple(orjson.loads(ids)) or (post_id,), moment(date), moment(checked))
        for key, post_id, ids, date, checked in db.execute(sql, values)
    ]


def note_checked(db: Database, channel: int, post_ids: Sequence[int], now: datetime, open_from: int | None) -> None:
    """Note that posts were read again; what is below `open_from` will not be read again and is forgotten."""
    db.conn.executemany(
        "INSERT OR REPLACE INTO rechecks (channel, post_id, checked_at) VALUES (?, ?, ?)",
        [(channel, post_id, stamp(now)) for post_id in post_ids],
    )
    if open_from is not None:
        db.execute("DELETE FROM rechecks WHERE channel = ? AND post_id < ?", [channel, open_from])
        db.execute(
            "UPDATE states SET open_from = ? WHERE channel = ? AND (open_from IS NULL OR open_from < ?)",
            [open_from, channel, open_from],
        )
