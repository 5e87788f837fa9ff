"""Channels that are read back into the past, and how far that is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from monitor.store.rows import moment, stamp


@dataclass(frozen=True, slots=True)
class Backfill:
    """A channel (its key) that is read from `since` up to the id `until`; `last` is how far, None: not begun.

    `alerts` says that its old posts make alerts like new ones.
    """

    channel: int
    since: datetime
    until: int
    last: int | None = None
    alerts: bool = False

    @property
    def done(self) -> bool:
        """Whether it has met the posts that were read live."""
        return self.last is not None and self.last >= self.until


def load(db: Database, source: str) -> dict[int, Backfill]:
    """Return the backfills of a source by channel, done ones too."""
    rows = db.execute("SELECT channel, since, until, last, alerts FROM backfills WHERE source = ?", [source])
    return {key: Backfill(key, moment(since), until, last, bool(alerts)) for key, since, until, last, alerts in rows}


def save(db: Database, source: str, backfill: Backfill) -> None:
    """Write down a backfill or how far it is."""
    db.execute(
        "INSERT OR REPLACE INTO backfills (channel, source, since, until, last, alerts) VALUES (?, ?, ?, ?, ?, ?)",
        [backfill.channel, source, stamp(backfill.since), backfill.until, backfill.last, backfill.alerts],
    )
