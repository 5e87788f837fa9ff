"""Media of posts that a rule matched: which are wanted, what became of each, and which files have to go.

A wish is a row from the moment on at which its post is seen, so that it outlives the process. `begin`, `take_up`,
`arriving`, `keep`, `settle`, `put_off`, `removed` and `forget` write, and are called inside a transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlite_utils import Database

from monitor.store.media_chain import MediaLink, media_head, media_record_hash
from monitor.store.rows import moment, stamp

State = Literal["wanted", "kept", "left", "failed", "gone", "purged"]
_LONGEST = timedelta(hours=7)  # for which none is put off: what is due later was dated before the clock was set back
_IN_USE = "SELECT 1 FROM media m WHERE m.sha256 = ?1 AND m.state <> 'purged'"
_STILL_OF = (  # the media of posts (a JSON list of rows) that are not purged yet
    "m.revision IN (SELECT r.id FROM json_each(?) w CROSS JOIN revisions r ON r.post = w.value) AND m.state <> 'purged'"
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A revision with media of a post that a rule matched: its row and its raw record."""

    revision: int
    raw: bytes


@dataclass(frozen=True, slots=True)
class Found:
    """One medium of a candidate; `refusal` says why it is not kept, None: it is wanted."""

    revision: int
    number: int
    message: int
    file: int | None
    kind: str
    mime: str | None
    size: int | None
    refusal: str | None


@dataclass(frozen=True, slots=True)
class WantedMedia:
    """A medium that is to be fetched: its row, its channel's key, where it stands in the raw record, and its attempts.

    `sha256` is set where it had arrived already when the process ended.
    """

    id: int
    channel_key: int
    number: int
    message: int
    file: int | None
    kind: str
    size: int | None
    attempts: int
    sha256: bytes | None
    raw: bytes


@dataclass(frozen=True, slots=True)
class PostMedia:
    """What became of one medium of a post: of which revision, which place in it, and, where it is kept, its record."""

    revision: int
    number: int
    message: int
    kind: str
    mime: str | None
    state: State
    reason: str | None
    sha256: bytes | None
    size: int | None
    fetched_at: datetime | None
    record_hash: bytes | None
    previous_hash: bytes | None


@dataclass(frozen=True, slots=True)
class MediaCount:
    """How many media are in each state, and how many bytes the kept ones take, each file once."""

    states: dict[str, int]
    bytes: int


def begin(db: Database, off: str | None) -> None:
    """Begin a run that keeps media of what is stored from now on; `off` says why it keeps none, and wishes end."""
    if off is None:
        db.execute("INSERT OR IGNORE INTO media_mark (one, revision) SELECT 1, coalesce(max(id), 0) FROM revisions")
        return
    # By its number: to empty a table as a whole is a write even where it is empty, and a start is to need no room.
    db.execute("DELETE FROM media_mark WHERE one = 1")
    db.execute("UPDATE media SET state = 'left', reason = ? WHERE state = 'wanted'", [off])


def candidates(db: Database, limit: int) -> tuple[int, list[Candidate]]:
    """Return the revision up to which was looked now, and those with media, of posts that a rule matched, before it."""
    upto = db.execute(
        "SELECT max(id) FROM"
        " (SELECT id FROM revisions WHERE id > (SELECT revision FROM media_mark) ORDER BY id LIMIT ?)",
        [limit],
    ).fetchone()[0]
    rows = db.execute(
        "SELECT r.id, r.raw FROM revisions r WHERE r.id > (SELECT revision FROM media_mark) AND r.id <= ?"
        " AND r.media IS NOT NULL AND r.source = 'telegram' AND EXISTS (SELECT 1 FROM revisions o"
        " JOIN matches m ON m.revision = o.id WHERE o.post = r.post) ORDER BY r.id",
        [upto or 0],
    )
    return upto or 0, [Candidate(*row) for row in rows]


def take_up(db: Database, found: Sequence[Found], upto: int, now: datetime) -> None:
    """Write down what is to be kept, and that the revisions up to `upto` were looked at."""
    db.conn.executemany(
        "INSERT OR IGNORE INTO media (revision, number, message, file, kind, mime, size, state, reason, next_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                *(one.revision, one.number, one.message, one.file, one.kind, one.mime, one.size),
                *("left" if one.refusal else "wanted", one.refusal, stamp(now)),
            )
            for one in found
        ],
    )
    db.execute("UPDATE media_mark SET revision = max(revision, ?)", [upto])


def wanted(db: Database, now: datetime, limit: int) -> list[WantedMedia]:
    """Return the next media to fetch, those first that were due first."""
    return [
        WantedMedia(*row)
        for row in db.execute(
            "SELECT m.id, p.channel, m.number, m.message, m.file, m.kind, m.size, m.attempts, m.sha256, r.raw"
            " FROM media m JOIN revisions r ON r.id = m.revision JOIN posts p ON p.id = r.post"
            " WHERE m.state = 'wanted' AND (m.next_at <= ? OR m.next_at > ?) ORDER BY m.next_at, m.id LIMIT ?",
            [stamp(now), stamp(now + _LONGEST), limit],
        )
    ]


def kept_alike(db: Database, file: int) -> tuple[bytes, int] | None:
    """Return hash and size of a file of Telegram's that is kept already, in a copy or another revision of the post."""
    row = db.execute("SELECT sha256, size FROM media WHERE file = ? AND state = 'kept' LIMIT 1", [file]).fetchone()
    return (row[0], row[1]) if row else None


def arriving(db: Database, media: int, sha256: bytes, size: int) -> None:
    """Write down which file is about to get its name, so that a purge or the next process finds it."""
    db.execute("UPDATE media SET sha256 = ?, size = ? WHERE id = ? AND state = 'wanted'", [sha256, size, media])


def keep(db: Database, media: int, sha256: bytes, size: int, now: datetime) -> bool:
    """Write down that a medium is kept, as the next record of the chain; False: it was purged meanwhile."""
    row = db.execute(
        "SELECT r.record_hash, m.number, m.message, m.kind FROM media m JOIN revisions r ON r.id = m.revision"
        " WHERE m.id = ? AND m.state = 'wanted'",
        [media],
    ).fetchone()
    if row is None:
        _remove_unused(db, [sha256])
        return False
    previous = media_head(db)
    revision_hash, number, message, kind = row
    link = MediaLink(revision_hash, number, message, kind, size, sha256, stamp(now))
    db.execute(
        "INSERT INTO media_records (media, fetched_at, size, sha256, previous_hash, record_hash)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        [media, link.fetched_at, size, sha256, previous, media_record_hash(previous, link)],
    )
    db.execute(
        "UPDATE media SET state = 'kept', reason = NULL, sha256 = ?, size = ? WHERE id = ?", [sha256, size, media]
    )
    db.execute("DELETE FROM media_removals WHERE sha256 = ?", [sha256])
    return True


def settle(db: Database, media: int, state: State, reason: str) -> None:
    """Write down that a wanted medium will not be kept, and why."""
    db.execute("UPDATE media SET state = ?, reason = ? WHERE id = ? AND state = 'wanted'", [state, reason, media])


def put_off(db: Database, media: int, reason: str, until: datetime, *, counts: bool = True) -> None:
    """Try a wanted medium again later; an attempt that `counts` brings nearer that it is given up."""
    db.execute(
        "UPDATE media SET reason = ?, next_at = ?, attempts = attempts + ? WHERE id = ? AND state = 'wanted'",
        [reason, stamp(until), int(counts), media],
    )


def forget(db: Database, posts: str) -> None:
    """Forget the media of posts (a JSON list of rows): their files go unless another post has them; records stay."""
    query = f"SELECT DISTINCT m.sha256 FROM media m WHERE {_STILL_OF} AND m.sha256 IS NOT NULL"
    hashes = [row[0] for row in db.execute(query, [posts])]
    db.execute(
        "UPDATE media AS m SET state = 'purged', reason = NULL, file = NULL, mime = NULL, size = NULL"
        f" WHERE {_STILL_OF}",
        [posts],
    )
    _remove_unused(db, hashes)


def _remove_unused(db: Database, hashes: Sequence[bytes]) -> None:
    db.conn.executemany(
        f"INSERT OR IGNORE INTO media_removals (sha256) SELECT ?1 WHERE NOT EXISTS ({_IN_USE})",
        [(one,) for one in hashes],
    )


def removals(db: Database) -> list[bytes]:
    """Return the hashes of the files that have to go and that no remaining post has."""
    return [
        row[0]
        for row in db.execute(
            "SELECT x.sha256 FROM media_removals x WHERE NOT EXISTS"
            " (SELECT 1 FROM media m WHERE m.sha256 = x.sha256 AND m.state <> 'purged')"
        )
    ]


def unused(db: Database, hashes: Sequence[bytes]) -> list[bytes]:
    """Return those of the files that no post has that is not purged."""
    query = f"SELECT 1 WHERE EXISTS ({_IN_USE})"
    return [one for one in hashes if db.execute(query, [one]).fetchone() is None]


def removed(db: Database, hashes: Sequence[bytes]) -> None:
    """Write down that these files are gone."""
    db.conn.executemany("DELETE FROM media_removals WHERE sha256 = ?", [(one,) for one in hashes])


def unknown(db: Database, hashes: Sequence[bytes]) -> list[bytes]:
    """Return those of the files that no post of this database has and none is to be removed for."""
    query = f"SELECT 1 WHERE EXISTS ({_IN_USE}) OR EXISTS (SELECT 1 FROM media_removals WHERE sha256 = ?1)"
    return [one for one in hashes if db.execute(query, [one]).fetchone() is None]


def count(db: Database) -> MediaCount:
    """Return how many media are in each state, and the room that the kept ones take."""
    states = dict(db.execute("SELECT state, count(*) FROM media GROUP BY state ORDER BY state").fetchall())
    taken = db.execute(
        "SELECT coalesce(sum(size), 0) FROM (SELECT max(size) AS size FROM media WHERE state = 'kept' GROUP BY sha256)"
    ).fetchone()[0]
    return MediaCount(states, taken)


def of_post(db: Database, channel_key: int, post_id: int) -> list[PostMedia]:
    """Return what became of the media of a post, by the number of the revision and the place in it."""
    rows = db.execute(
        "SELECT r.number, m.number, m.kind, m.mime, m.state, m.reason, k.sha256, k.size, k.fetched_at,"
        " k.record_hash, k.previous_hash, m.message FROM media m JOIN revisions r ON r.id = m.revision"
        " JOIN posts p ON p.id = r.post LEFT JOIN media_records k ON k.media = m.id"
        " WHERE p.channel = ? AND p.post_id = ? ORDER BY r.number, m.number",
        [channel_key, post_id],
    )
    return [
        PostMedia(
            revision=revision,
            number=number,
            message=message,
            kind=kind,
            mime=mime,
            state=state,
            reason=reason,
            sha256=sha256,
            size=size,
            fetched_at=moment(fetched) if fetched else None,
            record_hash=hashed,
            previous_hash=previous,
        )
        for revision, number, kind, mime, state, reason, sha256, size, fetched, hashed, previous, message in rows
    ]
