"""Ids that the far side left out of a page, what came of asking for them, and records that could not be read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from monitor.store.rows import stamp

NOT_STORED = "it cannot be stored: "  # how the reason begins where the record was read, but not stored


@dataclass(frozen=True, slots=True)
class Gap:
    """The ids `first` to `last` of a channel (its key) that were not served; of `asked` ids, `gone` are deleted or were
    never there, `service` are no posts, `fetched` were missed and are stored now."""

    channel: int
    first: int
    last: int
    asked: int = 0
    gone: int = 0
    service: int = 0
    fetched: int = 0

    @property
    def size(self) -> int:
        """How many ids it has."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class GapCount:
    """The gaps of a channel in sum: those not looked into yet, and what came of the ids of the others."""

    open: int = 0
    gone: int = 0
    fetched: int = 0


@dataclass(frozen=True, slots=True)
class Raw:
    """A record that could not be read as a post, as it came."""

    channel: int
    telegram_id: int
    reason: str
    raw: bytes


def note_gaps(db: Database, source: str, gaps: Iterable[Gap], now: datetime) -> None:
    """Write down gaps; one that is known stays as it is."""
    db.conn.executemany(
        "INSERT OR IGNORE INTO gaps (channel, source, first, last, seen_at) VALUES (?, ?, ?, ?, ?)",
        [(gap.channel, source, gap.first, gap.last, stamp(now)) for gap in gaps],
    )


def open_gaps(db: Database, source: str) -> list[Gap]:
    """Return the gaps that are not looked into to their end, oldest first."""
    rows = db.execute(
        "SELECT channel, first, last, asked, gone, service, fetched FROM gaps"
        " WHERE source = ? AND closed_at IS NULL ORDER BY seen_at, channel, first",
        [source],
    )
    return [Gap(*row) for row in rows]


def update_gap(db: Database, source: str, gap: Gap, closed_at: datetime | None) -> None:
    """Write down how far a gap was looked into; `closed_at` when that is done."""
    db.execute(
        "UPDATE gaps SET asked = ?, gone = ?, service = ?, fetched = ?, closed_at = ?"
        " WHERE channel = ? AND source = ? AND first = ?",
        [
            *(gap.asked, gap.gone, gap.service, gap.fetched),
            *(stamp(closed_at) if closed_at else None, gap.channel, source, gap.first),
        ],
    )


def gap_counts(db: Database, source: str) -> dict[int, GapCount]:
    """Return the gaps of each channel in sum, by its key."""
    rows = db.execute(
        "SELECT channel, sum(closed_at IS NULL), sum(gone), sum(fetched) FROM gaps WHERE source = ? GROUP BY channel",
        [source],
    )
    return {channel: GapCount(*counts) for channel, *counts in rows}


def keep_raw(db: Database, source: str, records: Iterable[Raw], now: datetime) -> None:
    """Keep records that could not be read as posts; one that is kept already stays."""
    db.conn.executemany(
        "INSERT OR IGNORE INTO unparsed (channel, source, telegram_id, first_seen, reason, raw)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        [(one.channel, source, one.telegram_id, stamp(now), one.reason, one.raw) for one in records],
    )


def unstored(db: Database, source: str) -> list[Gap]:
    """Return the posts that were kept raw because they could not be stored, each as a gap of one id."""
    rows = db.execute(
        "SELECT channel, telegram_id FROM unparsed WHERE source = ? AND reason LIKE ? ORDER BY channel, telegram_id",
        [source, f"{NOT_STORED}%"],
    )
    return [Gap(channel, number, number) for channel, number in rows]


def forget_raw(db: Database, source: str, channel: int, ids: Iterable[int]) -> None:
    """Forget the raw records of posts that are stored now."""
    db.conn.executemany(
        "DELETE FROM unparsed WHERE source = ? AND channel = ? AND telegram_id = ?",
        [(source, channel, number) for number in ids],
    )
