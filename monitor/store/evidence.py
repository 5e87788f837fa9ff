"""What a packet of evidence needs of one post beside its revisions: its records in the chain, its deletion, alerts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from monitor.store.chain import FIRST, Link
from monitor.store.rows import json_list, moment


@dataclass(frozen=True, slots=True)
class ChainRecord:
    """One record of the chain: its row, what its hash covers, the hash of the record before it, and its own."""

    row: int
    link: Link
    previous: bytes
    hashed: bytes


@dataclass(frozen=True, slots=True)
class PostPlace:
    """Where a post stands in the store: the channel's key and the post's id in it."""

    channel_key: int
    post_id: int


def chain_around(db: Database, revisions: Sequence[int]) -> list[ChainRecord]:
    """Return the records of these revisions (rows), each with the one before and the one after it, in order."""
    rows = sorted({near for row in revisions for near in (row - 1, row, row + 1)})
    return [
        ChainRecord(row, Link(*values), previous, hashed)
        for row, *values, previous, hashed in db.execute(
            "SELECT r.id, p.channel, p.post_id, r.number, p.date, r.edited, r.first_seen, r.source, r.raw_sha256,"
            " r.content_sha256, r.previous_hash, r.record_hash FROM revisions r JOIN posts p ON p.id = r.post"
            " WHERE r.id IN (SELECT value FROM json_each(?)) ORDER BY r.id",
            [json_list(rows)],
        )
    ]


def head(db: Database) -> bytes:
    """Return the hash of the last record; 32 zero bytes where there is none."""
    last = db.execute("SELECT record_hash FROM revisions ORDER BY id DESC LIMIT 1").fetchone()
    return last[0] if last else FIRST


def deletion_noticed(db: Database, place: PostPlace) -> datetime | None:
    """Return when the deletion of a post was noticed; None: it was not."""
    row = db.execute(
        "SELECT d.noticed_at FROM deletions d JOIN posts p ON p.id = d.post WHERE p.channel = ? AND p.post_id = ?",
        [place.channel_key, place.post_id],
    ).fetchone()
    return moment(row[0]) if row else None


def place_of_alert(db: Database, alert: int) -> PostPlace | None:
    """Return the post that an alert is about; None: there is no such alert, or it stands for others."""
    row = db.execute(
        "SELECT p.channel, p.post_id FROM alerts a JOIN revisions r ON r.id = a.revision JOIN posts p ON p.id = r.post"
        " WHERE a.id = ?",
        [alert],
    ).fetchone()
    return PostPlace(*row) if row else None


def members_of_alert(db: Database, alert: int) -> list[int]:
    """Return the alerts that one stands for."""
    return [row[0] for row in db.execute("SELECT id FROM alerts WHERE folded_in = ? ORDER BY id", [alert])]


def place_of_name(db: Database, name: str, post_id: int) -> PostPlace | None:
    """Return the post with this id in the channel of this user name or number, as links to posts have it."""
    row = db.execute(
        "SELECT p.channel, p.post_id FROM posts p WHERE p.post_id = ? AND (p.channel = ? OR p.channel IN"
        " (SELECT channel FROM channel_names WHERE name_key = lower(?) ORDER BY last_seen DESC LIMIT 1))",
        [post_id, int(name) if name.isdecimal() else None, name],
    ).fetchone()
    return PostPlace(*row) if row else None


def alerts_of(db: Database, place: PostPlace) -> list[tuple[int, str, str, str]]:
    """Return the alerts about a post: id, kind, level, and when it was decided (ISO 8601, UTC)."""
    return db.execute(
        "SELECT a.id, a.kind, a.level, a.decided_at FROM alerts a JOIN revisions r ON r.id = a.revision"
        " JOIN posts p ON p.id = r.post WHERE p.channel = ? AND p.post_id = ? ORDER BY a.id",
        [place.channel_key, place.post_id],
    ).fetchall()


def purged(db: Database, place: PostPlace) -> bool:
    """Tell whether the contents of a post were purged."""
    row = db.execute(
        "SELECT 1 FROM purged x JOIN posts p ON p.id = x.post WHERE p.channel = ? AND p.post_id = ?",
        [place.channel_key, place.post_id],
    ).fetchone()
    return row is not None
