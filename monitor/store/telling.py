"""What the store knows of what was told: the texts of stories, the alerts of posts, and how many of late."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from monitor.models import Level
from monitor.store.findings import findings
from monitor.store.records import StoredText, StoryText, ToldPost
from monitor.store.rows import moment, shown_text, stamp

_TOLD = "state <> 'silenced'"


def sketch_blob(sketch: Sequence[int]) -> bytes:
    """Write a sketch as it is stored: numbers of 64 bits, little-endian."""
    numbers = array("Q", sketch)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()


def _sketch(blob: bytes) -> tuple[int, ...]:
    numbers = array("Q")
    numbers.frombytes(blob)
    if sys.byteorder == "big":
        numbers.byteswap()
    return tuple(numbers)


def story_texts(db: Database, since: datetime) -> list[StoryText]:
    """Return the texts of stories that were published at `since` or later, oldest first."""
    rows = db.execute(
        "SELECT t.story, t.key, t.sketch, t.date, (SELECT max(CASE a.level WHEN 'low' THEN 1 WHEN 'medium' THEN 2"
        f" ELSE 3 END) FROM alerts a WHERE a.story = t.story AND a.{_TOLD})"
        " FROM story_texts t WHERE t.date >= ? ORDER BY t.date, t.story, t.revision",
        [stamp(since)],
    ).fetchall()
    levels = (None, *Level)
    return [
        StoryText(story, key, _sketch(sketch), moment(at), levels[told or 0]) for story, key, sketch, at, told in rows
    ]


def texts_of(db: Database, story: int) -> list[StoredText]:
    """Return the texts by which a story is known, with what was found in each."""
    return _texts(db, "FROM story_texts t JOIN revisions r ON r.id = t.revision", "WHERE t.story = ?", [story])


def recent_folded(db: Database, channel_key: int, limit: int) -> list[str]:
    """Return the folded texts of the newest posts of a channel as first published, oldest of them first."""
    rows = db.execute(
        "SELECT r.folded FROM posts p JOIN revisions r ON r.post = p.id AND r.number = 1"
        " WHERE p.channel = ? ORDER BY p.post_id DESC LIMIT ?",
        [channel_key, limit],
    ).fetchall()
    return [folded for (folded,) in reversed(rows)]


def story_of(db: Database, channel_id: int, post_id: int) -> int | None:
    """Return the story that a post of a channel (Telegram's ids) belongs to, the newest of several; None: to none."""
    row = db.execute(
        "SELECT s.story FROM channels c JOIN posts p ON p.channel = c.id JOIN story_posts s ON s.post = p.id"
        " WHERE c.telegram_id = ? AND (p.post_id = ? OR p.id ="
        " (SELECT a.post FROM album_posts a WHERE a.channel = c.id AND a.telegram_id = ?))"
        " ORDER BY s.story DESC LIMIT 1",
        [channel_id, post_id, post_id],
    ).fetchone()
    return None if row is None else int(row[0])


def told_post(db: Database, channel_key: int, post_id: int) -> ToldPost | None:
    """Return the newest alert that told of this post itself, and the post's last stored revision; None: none did."""
    row = db.execute(
        "SELECT a.id, a.story, a.level, a.state, p.id, p.latest,"
        " EXISTS (SELECT 1 FROM deletions d WHERE d.post = p.id) FROM posts p JOIN revisions r ON r.post = p.id"
        " JOIN alerts a ON a.revision = r.id AND a.kind = 'post'"
        " WHERE p.channel = ? AND p.post_id = ? ORDER BY a.id DESC LIMIT 1",
        [channel_key, post_id],
    ).fetchone()
    if row is None:
        return None
    alert, story, level, state, post, latest, deleted = row
    (text,) = _texts(db, "FROM revisions r", "WHERE r.post = ? AND r.number = ?", [post, latest])
    raised = db.execute("SELECT level FROM alerts WHERE reply_to = ? AND kind = 'raise'", [alert]).fetchall()
    loudest = max((Level(level), *(Level(one) for (one,) in raised)), key=lambda one: one.rank)
    return ToldPost(alert, story, loudest, state, text, bool(deleted))


def told_since(db: Database, since: datetime, origin: str) -> list[datetime]:
    """Return when the alerts of `origin` were decided that were told one by one from `since` on."""
    rows = db.execute(
        "SELECT decided_at FROM alerts WHERE decided_at >= ? AND origin = ? AND state IN ('due', 'delivered')"
        " AND revision IS NOT NULL ORDER BY decided_at",
        [stamp(since), origin],
    ).fetchall()
    return [moment(at) for (at,) in rows]


def _texts(db: Database, tables: str, condition: str, values: Sequence[Any]) -> list[StoredText]:
    rows = db.execute(
        f"SELECT r.id, p.channel, p.post_id, r.body, r.attached {tables} JOIN posts p ON p.id = r.post {condition}",
        list(values),
    ).fetchall()
    found = findings(db, [row[0] for row in rows])
    return [
        StoredText(id_, channel, post_id, shown_text(body, attached), found[id_])
        for id_, channel, post_id, body, attached in rows
    ]
