"""What the store has gained since somebody last looked: counted from row to row, so that looking stays cheap."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from monitor.store.rows import stamp

_TABLES = ("revisions", "matches", "alerts", "deliveries", "requests")


@dataclass(frozen=True, slots=True)
class Marks:
    """The last row of each table that was counted."""

    revisions: int
    matches: int
    alerts: int
    deliveries: int
    requests: int


@dataclass(frozen=True, slots=True)
class Gains:
    """Counts of new rows; `delays`: of posts published since a time, by whole seconds from publication to storing."""

    posts: dict[str, int]
    edits: dict[str, int]
    delays: dict[int, int]
    matches: dict[str, int]
    alerts: dict[tuple[str, str], int]
    deliveries: dict[tuple[str, str], int]
    requests: dict[str, int]


def marks(db: Database) -> Marks:
    """Return where each table ends now."""
    return Marks(*(db.execute(f"SELECT coalesce(max(rowid), 0) FROM {table}").fetchone()[0] for table in _TABLES))


def gains(db: Database, after: Marks, upto: Marks, published_since: datetime) -> Gains:
    """Count what lies between two marks: by channel, rule, level and kind, notifier and outcome, kind of request."""
    revisions = [after.revisions, upto.revisions]
    named = (
        "SELECT coalesce('@' || c.name, c.title, c.id), count(*) FROM revisions r JOIN posts p ON p.id = r.post"
        " JOIN channels c ON c.id = p.channel WHERE r.id > ? AND r.id <= ? AND r.number"
    )
    return Gains(
        posts=_counted(db, f"{named} = 1 GROUP BY c.id", revisions),
        edits=_counted(db, f"{named} > 1 GROUP BY c.id", revisions),
        delays=_counted(
            db,
            "SELECT max(0, CAST(round((julianday(r.first_seen) - julianday(p.date)) * 86400) AS INTEGER)) AS delay,"
            " count(*) FROM revisions r JOIN posts p ON p.id = r.post"
            " WHERE r.id > ? AND r.id <= ? AND r.number = 1 AND p.date >= ? GROUP BY delay",
            [*revisions, stamp(published_since)],
        ),
        matches=_counted(
            db,
            "SELECT rule, count(*) FROM matches WHERE id > ? AND id <= ? GROUP BY rule",
            [after.matches, upto.matches],
        ),
        alerts=_counted_pairs(
            db,
            "SELECT level, kind, count(*) FROM alerts WHERE id > ? AND id <= ? GROUP BY level, kind",
            [after.alerts, upto.alerts],
        ),
        deliveries=_counted_pairs(
            db,
            "SELECT notifier, outcome, count(*) FROM deliveries WHERE id > ? AND id <= ? GROUP BY notifier, outcome",
            [after.deliveries, upto.deliveries],
        ),
        requests=_counted(
            db,
            "SELECT action, count(*) FROM requests WHERE rowid > ? AND rowid <= ? GROUP BY action",
            [after.requests, upto.requests],
        ),
    )


def _counted(db: Database, query: str, values: list[Any]) -> dict[Any, int]:
    found: dict[Any, int] = {}
    for name, count in db.execute(query, values):
        found[name] = found.get(name, 0) + count
    return found


def _counted_pairs(db: Database, query: str, values: list[Any]) -> dict[tuple[str, str], int]:
    return {(first, second): count for first, second, count in db.execute(query, values)}
