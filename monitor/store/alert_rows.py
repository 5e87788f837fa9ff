"""Writing alerts: the rows of what is due, those folded into others, and which delivered ones are to be edited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from sqlite_utils import Database

from monitor.models import Due, Fold, Kind, Level, highest
from monitor.store.random_ids import RandomIds
from monitor.store.records import Gone
from monitor.store.rows import json_list, sound, stamp

_COLUMNS = (
    "id, kind, story, revision, near, news, reply_to, folded_in, origin, level, ring, decided_at, due_at, open_until,"
    " random_id, state"
)
_LEVEL = _COLUMNS.split(", ").index("level")
ALERT_TABLE = {"alerts": _COLUMNS}
_INSERT = f"INSERT INTO alerts ({_COLUMNS}) VALUES ({', '.join('?' * len(_COLUMNS.split(',')))})"
# A version that is not shown yet keeps its time: several changes go together.
_CHANGED = (
    "edit_due = CASE WHEN shown < version AND edit_due IS NOT NULL THEN edit_due ELSE ? END, version = version + 1"
)


@dataclass(slots=True)
class _Open:
    """An alert that others are folded into: its row, its level, when it is to be edited if it was delivered, and its
    place among the new rows (None: it is stored)."""

    row: int
    level: Level
    edit: datetime
    place: int | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """The revision that an alert is about: its row; and channel, post, number and content, which outlive the row."""

    row: int
    channel: int
    post: int
    number: int
    content: bytes


@dataclass(slots=True)
class AlertRows:
    """The alerts of one batch, numbered from the store's last one on."""

    db: Database
    origin: str
    now: datetime
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    _ids: RandomIds = field(init=False)
    _last: int = 0
    _open: dict[tuple[Kind, bool], _Open] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._ids = RandomIds(self.db)
        self._last = self.db.execute("SELECT coalesce(max(id), 0) FROM alerts").fetchone()[0]

    def add(
        self,
        due: Due,
        story: int,
        revision: Told,
        *,
        near: int | None = None,
        news: Sequence[str] = (),
        reply_to: int | None = None,
    ) -> int:
        """Add the alert of a revision, and the one into which it is folded where that is new; return its row."""
        folded_in = None if due.fold is None else self._fold(due.fold, due.level, due.at)
        state = "silenced" if due.silenced else "due" if folded_in is None else "folded"
        self._last += 1
        random_id = self._ids.of_post(
            self.origin, due.kind, revision.channel, revision.post, revision.number, revision.content
        )
        self.rows.append(
            (
                *(self._last, due.kind.value, story, revision.row, near, _json(news), reply_to, folded_in),
                *(self.origin, due.level.value, due.ring, stamp(due.at), stamp(due.at), None, random_id, state),
            )
        )
        return self._last

    def update_open(self) -> None:
        """Let the stored alerts into which the batch folded others know of it."""
        for one in self._open.values():
            if one.place is None:
                self.db.execute(
                    f"UPDATE alerts SET {_CHANGED}, level = ? WHERE id = ?", [stamp(one.edit), one.level.value, one.row]
                )

    def _fold(self, fold: Fold, level: Level, now: datetime) -> int:
        key = (fold.kind, fold.ring)
        there = self._open.get(key) or self._stored(fold, now)
        if there is None:
            self._last += 1
            there = _Open(self._last, level, fold.edit, place=len(self.rows))
            random_id = self._ids.of_bundle(self.origin, fold.kind, self._last, now)
            self.rows.append(
                (
                    *(self._last, fold.kind.value, None, None, None, None, None, None, self.origin, level.value),
                    *(fold.ring, stamp(now), stamp(fold.at), stamp(fold.until), random_id, "due"),
                )
            )
        there.level = highest((there.level, level))
        if there.place is not None:
            values = self.rows[there.place]
            self.rows[there.place] = (*values[:_LEVEL], there.level.value, *values[_LEVEL + 1 :])
        self._open[key] = there
        return there.row

    def _stored(self, fold: Fold, now: datetime) -> _Open | None:
        """Find the stored alert that is still open for others. A bundle that was sent is closed whatever its time."""
        row = self.db.execute(
            "SELECT id, level FROM alerts WHERE open_until > ? AND kind = ? AND ring = ? AND origin = ?"
            " AND (kind <> 'bundle' OR state = 'due') ORDER BY id DESC LIMIT 1",
            [stamp(now), fold.kind.value, fold.ring, self.origin],
        ).fetchone()
        return None if row is None else _Open(row[0], Level(row[1]), fold.edit)


def mark_edited_stories(db: Database, stories: Mapping[int, datetime], origin: str) -> None:
    """Let the alerts of stories know that there are further copies, to be told at the times given."""
    db.conn.executemany(
        f"UPDATE alerts SET {_CHANGED} WHERE story = ? AND kind = 'post' AND state IN ('due', 'delivered')"
        " AND origin = ?",
        [(stamp(at), story, origin) for story, at in stories.items()],
    )


def note_gone(
    db: Database, channel_key: int, post_ids: Sequence[int], gone: Sequence[Gone], now: datetime, origin: str
) -> int:
    """Mark posts as deleted and write the replies that are due for those that were told; return how many were not
    marked before."""
    noted = db.execute(
        "INSERT OR IGNORE INTO deletions (post, noticed_at) SELECT id, ? FROM posts"
        " WHERE channel = ? AND post_id IN (SELECT value FROM json_each(?))",
        [stamp(now), channel_key, json_list(post_ids)],
    ).rowcount
    rows = AlertRows(db, origin, now)
    for one in gone:
        rows.add(one.due, one.story, _told(db, one.revision), reply_to=one.due.reply_to)
    db.conn.executemany(_INSERT, rows.rows)
    rows.update_open()
    return int(noted)


def _json(news: Sequence[str]) -> str | None:
    return orjson.dumps([sound(one) for one in news]).decode() if news else None


def _told(db: Database, revision: int) -> Told:
    row = db.execute(
        "SELECT p.channel, p.post_id, r.number, r.content_sha256 FROM revisions r JOIN posts p ON p.id = r.post"
        " WHERE r.id = ?",
        [revision],
    ).fetchone()
    return Told(revision, *row)
