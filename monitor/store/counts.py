"""How much was found and read between two times, for digests. Times are those of publication."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from monitor.models import Channel, Level
from monitor.store import notices
from monitor.store.notices import Notice
from monitor.store.rows import CHANNEL_COLUMNS, channel, moment, stamp

_FIRST = "r.number = 1 AND p.date >= :since AND p.date < :until"


@dataclass(frozen=True, slots=True)
class StorySize:
    """A story with its number of posts and channels, its first alert (None: none was told), and the first text."""

    story: int
    posts: int
    channels: int
    alert: int | None
    level: Level | None
    channel: Channel
    text: str


def by_rule(db: Database, since: datetime, until: datetime) -> dict[str, int]:
    """Return how many posts each rule fired on, by its title."""
    return _counted(
        db,
        "SELECT m.title, count(*) FROM posts p JOIN revisions r ON r.post = p.id JOIN matches m ON m.revision = r.id"
        f" WHERE {_FIRST} GROUP BY m.rule ORDER BY 2 DESC, 1",
        since,
        until,
    )


def by_channel(db: Database, since: datetime, until: datetime) -> dict[str, int]:
    """Return in how many posts of each channel a rule fired, by its user name, title or number."""
    return _counted(
        db,
        "SELECT coalesce('@' || c.name, c.title, c.id), count(DISTINCT p.id) FROM posts p"
        " JOIN channels c ON c.id = p.channel JOIN revisions r ON r.post = p.id JOIN matches m ON m.revision = r.id"
        f" WHERE {_FIRST} GROUP BY c.id ORDER BY 2 DESC, 1",
        since,
        until,
    )


def posts(db: Database, since: datetime, until: datetime) -> int:
    """Return how many posts were published in channels that are read."""
    query = "SELECT count(*) FROM posts p WHERE p.date >= :since AND p.date < :until"
    count: int = db.execute(query, {"since": stamp(since), "until": stamp(until)}).fetchone()[0]
    return count


def low_mentions(db: Database, since: datetime, until: datetime) -> int:
    """Return on how many posts nothing louder than a low rule fired."""
    query = (
        "SELECT count(*) FROM (SELECT 1 FROM posts p JOIN revisions r ON r.post = p.id"
        f" JOIN matches m ON m.revision = r.id WHERE {_FIRST} GROUP BY p.id HAVING min(m.level = 'low') = 1)"
    )
    count: int = db.execute(query, {"since": stamp(since), "until": stamp(until)}).fetchone()[0]
    return count


def largest_stories(db: Database, since: datetime, until: datetime, limit: int = 8) -> list[StorySize]:
    """Return the stories that were opened in this time, those of most posts first."""
    rows = db.execute(
        f"SELECT {CHANNEL_COLUMNS}, s.id, (SELECT count(*) FROM story_posts x WHERE x.story = s.id) AS size,"
        " (SELECT count(DISTINCT q.channel) FROM story_posts x JOIN posts q ON q.id = x.post WHERE x.story = s.id),"
        " (SELECT min(a.id) FROM alerts a WHERE a.story = s.id AND a.kind = 'post'),"
        " (SELECT a.level FROM alerts a WHERE a.story = s.id AND a.kind = 'post' ORDER BY a.id LIMIT 1), r.body"
        " FROM stories s JOIN revisions r ON r.id = s.revision JOIN posts p ON p.id = r.post"
        " JOIN channels c ON c.id = p.channel WHERE s.date >= :since AND s.date < :until"
        " ORDER BY size DESC, s.id LIMIT :limit",
        {"since": stamp(since), "until": stamp(until), "limit": limit},
    ).fetchall()
    return [
        StorySize(story, size, channels, alert, Level(level) if level else None, channel(*row[:4]), text)
        for row in rows
        for story, size, channels, alert, level, text in [row[4:]]
    ]


def by_hour(db: Database, since: datetime, until: datetime) -> dict[str, dict[datetime, int]]:
    """Return how many posts each rule (by title) fired on in each hour (its beginning, UTC)."""
    found: dict[str, dict[datetime, int]] = {}
    for title, hour, count in db.execute(
        "SELECT m.title, substr(p.date, 1, 13), count(*) FROM posts p JOIN revisions r ON r.post = p.id"
        f" JOIN matches m ON m.revision = r.id WHERE {_FIRST} GROUP BY m.rule, 2 ORDER BY 1, 2",
        {"since": stamp(since), "until": stamp(until)},
    ):
        found.setdefault(title, {})[moment(f"{hour}:00:00+00:00")] = count
    return found


def newest_post(db: Database) -> datetime | None:
    """Return the date of the newest post; None: there is none."""
    row = db.execute("SELECT max(date) FROM posts").fetchone()
    return moment(row[0]) if row[0] else None


def last_digest(db: Database, until: str) -> str | None:
    """Return the newest day (YYYY-MM-DD, in the desk's zone) for which no digest is owed any more; None: none yet.

    Days after `until`, noted by a clock that was fast, hold back no digest of the days before them.
    """
    day: str | None = db.execute("SELECT max(day) FROM digests WHERE day <= ?", [until]).fetchone()[0]
    return day


def begin_digests(db: Database, day: str, now: datetime) -> None:
    """Note that digests begin after `day`, for which none is made."""
    db.execute("INSERT OR IGNORE INTO digests (day, at) VALUES (?, ?)", [day, stamp(now)])


def note_digest(db: Database, day: str, now: datetime, text: str, png: bytes | None) -> None:
    """Note the digest of a day, to be told once: a notice, with its picture."""
    number = notices.note(db, Notice("digest", text, Level.LOW), now)
    if png is not None:
        db.execute("INSERT INTO pictures (notice, png) VALUES (?, ?)", [number, png])
    db.execute("INSERT INTO digests (day, at) VALUES (?, ?)", [day, stamp(now)])


def _counted(db: Database, query: str, since: datetime, until: datetime) -> dict[str, int]:
    return {str(name): count for name, count in db.execute(query, {"since": stamp(since), "until": stamp(until)})}
