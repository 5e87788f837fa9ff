"""Removing posts for good: out of the tables, the full-text index, the free pages, the log and the backups.

What stays of a purged post is its place (channel, id, dates) and the hashes of its records, so that the chain of
records goes on proving all others. Neither tells what it said. A purged post that is read again is not stored again.
"""

from __future__ import annotations

import getpass
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from sqlite_utils import Database

from monitor.store import media, personal
from monitor.store.database import PATIENCE, check_file, connect, log_of, told, transaction
from monitor.store.migrations import check_ours, migrate
from monitor.store.personal import REDACTED, Person, Place
from monitor.store.records import DiskFull
from monitor.store.rows import json_list, stamp

Kind = Literal["person", "channel", "before", "retention"]


@dataclass(frozen=True, slots=True)
class Request:
    """Why posts are removed: of which kind, for the channel or date `subject`, under which `reference` of the desk's.

    A person's name is never written down.
    """

    kind: Kind
    subject: str | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Purge:
    """How many posts, revisions and other texts went; `id` is the row in the audit, None: there was nothing to do."""

    id: int | None
    posts: int
    revisions: int
    texts: int = 0


_UNTOUCHED = " AND NOT EXISTS (SELECT 1 FROM purged x WHERE x.post = p.id)"
_MARKED = (
    " AND NOT EXISTS (SELECT 1 FROM revisions r JOIN matches m ON m.revision = r.id WHERE r.post = p.id)"
    " AND NOT EXISTS (SELECT 1 FROM story_posts s WHERE s.post = p.id)"
)


def posts_of_channel(db: Database, channel_key: int) -> list[Place]:
    """Return the posts of a channel that are not purged yet."""
    query = f"SELECT p.channel, p.post_id FROM posts p WHERE p.channel = ?{_UNTOUCHED}"
    return list(db.execute(query, [channel_key]))


def posts_before(db: Database, moment: datetime, *, with_matches: bool) -> list[Place]:
    """Return the unpurged posts from before `moment`; without `with_matches` only those that no rule matched."""
    kept = "" if with_matches else _MARKED
    query = f"SELECT p.channel, p.post_id FROM posts p WHERE p.date < ?{_UNTOUCHED}{kept}"
    return list(db.execute(query, [stamp(moment)]))


def posts_past_retention(db: Database, now: datetime, days: int) -> list[Place]:
    """Return the posts older than `days` that no rule and no alert speaks of."""
    return posts_before(db, now - timedelta(days=days), with_matches=False)


def next_past_retention(db: Database, moment: datetime, after: int, limit: int) -> list[int]:
    """Return the next `limit` rows of posts from before `moment`, above the row `after`, that nothing speaks of."""
    query = f"SELECT p.id FROM posts p WHERE p.id > ? AND p.date < ?{_UNTOUCHED}{_MARKED} ORDER BY p.id LIMIT ?"
    return [row[0] for row in db.execute(query, [after, stamp(moment), limit])]


def audit(db: Database) -> list[str]:
    """Return the entries of the audit of purges in words, oldest first; a day's batches of retention are one."""
    return [
        f"{at}: {posts:,} posts ({revisions:,} revisions)"
        + (f" and {texts:,} other texts" if texts else "")
        + f" by {by}, {kind}"
        + (f" {subject}" if subject else "")
        + (f", reference {reference}" if reference else "")
        for at, kind, subject, reference, by, posts, revisions, texts in db.execute(
            "SELECT min(at), kind, subject, reference, by, sum(posts), sum(revisions), sum(texts) FROM purges"
            " GROUP BY iif(kind = 'retention', substr(at, 1, 10) || by || coalesce(subject, '') ||"
            " coalesce(reference, ''), id) ORDER BY min(id)"
        )
    ]


def purge(
    path: Path,
    places: Sequence[Place],
    request: Request,
    now: datetime,
    *,
    person: Person | None = None,
    thorough: bool = True,
) -> Purge:
    """Remove the contents of posts from the database or backup at `path`, with an entry in the audit, at once.

    What we wrote ourselves and names `person` goes, too. `thorough` rewrites the file afterwards, so that not even its
    free pages and its log keep a trace: nobody else may have it open then. Without it the bytes are overwritten where
    they stood, which is enough for retention.
    """
    check_file(path)
    with told(path), closing(connect(path, PATIENCE).conn) as connection:
        db = Database(connection)
        check_ours(db, path)
        migrate(db)
        db.execute("PRAGMA secure_delete = ON")
        with transaction(db):
            done = _remove(db, _rows_of(db, places), request, now, person)
            if done.posts:
                # Words that are deleted from the index stay in its pages until these are merged.
                db.execute("INSERT INTO words (words) VALUES ('optimize')")
        if thorough and done.id is not None:
            _rewrite(db, path)
    return done


def finish(path: Path) -> bool:
    """Rewrite a file that has free pages, as a purge leaves it that found no room to do so; False: it has none."""
    check_file(path)
    with told(path), closing(connect(path, PATIENCE).conn) as connection:
        db = Database(connection)
        check_ours(db, path)
        if not db.execute("PRAGMA freelist_count").fetchone()[0]:
            return False
        check_room(path)
        _rewrite(db, path)
    return True


def retire(db: Database, posts: Sequence[int], moment: datetime, days: int, now: datetime) -> Purge:
    """Remove the contents of posts (rows) from before `moment` that nothing speaks of, as the retention of `days` asks.

    To be called inside a transaction. The bytes are overwritten where they stood; their words stay in the pages of the
    index until `merge_words` has gone through it.
    """
    db.execute("PRAGMA secure_delete = ON")
    query = (
        f"SELECT p.id FROM json_each(?) w CROSS JOIN posts p ON p.id = w.value WHERE p.date < ?{_UNTOUCHED}{_MARKED}"
    )
    still = [row[0] for row in db.execute(query, [json_list(posts), stamp(moment)])]
    return _remove(db, still, Request("retention", f"{days} days"), now)


def retire_unreadable(db: Database, moment: datetime) -> int:
    """Remove the records from before `moment` that could not be read as posts; return how many there were."""
    db.execute("PRAGMA secure_delete = ON")
    return int(db.execute("DELETE FROM unparsed WHERE first_seen < ?", [stamp(moment)]).rowcount)


def merge_words(db: Database, pages: int, *, first: bool) -> bool:
    """Merge about so many pages of the full-text index, so that deleted words leave it; False: all of it is merged.

    To be called until it is, `first` at first: https://www.sqlite.org/fts5.html#the_merge_command
    """
    before = db.conn.total_changes
    db.execute("INSERT INTO words (words, rank) VALUES ('merge', ?)", [-pages if first else pages])
    return db.conn.total_changes - before >= 2


def purge_channel_name(db: Database, channel_key: int) -> None:
    """Forget how a channel was called, and what of it could not be read; to be called inside a transaction."""
    db.execute("DELETE FROM unparsed WHERE channel = ?", [channel_key])
    db.execute("UPDATE channels SET name = NULL, title = NULL WHERE id = ?", [channel_key])
    db.execute("DELETE FROM channel_names WHERE channel = ?", [channel_key])


def _rows_of(db: Database, places: Sequence[Place]) -> list[int]:
    """Return the rows of those of the posts that are not purged yet."""
    query = (
        "SELECT p.id FROM json_each(?) w CROSS JOIN posts p"
        f" ON p.channel = w.value ->> 0 AND p.post_id = w.value ->> 1 WHERE true{_UNTOUCHED}"
    )
    return [row[0] for row in db.execute(query, [json_list(places)])]


def _remove(db: Database, posts: Sequence[int], request: Request, now: datetime, person: Person | None = None) -> Purge:
    texts = personal.count(db, person) if person is not None else 0
    if not posts and not texts:
        return Purge(None, 0, 0)
    chosen = json_list(posts)
    revisions = [
        row[0]
        for row in db.execute("SELECT r.id FROM json_each(?) w CROSS JOIN revisions r ON r.post = w.value", [chosen])
    ]
    counts = (len(posts), len(revisions), texts)
    said = (request.kind, request.subject, request.reference)
    entry = db.execute(
        "INSERT INTO purges (at, kind, subject, reference, by, posts, revisions, texts)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [stamp(now), *said, getpass.getuser(), *counts],
    ).lastrowid
    assert entry is not None
    _blank(db, json_list(revisions))
    _forget_findings(db, json_list(revisions))
    _forget_telling(db, json_list(revisions), chosen)
    media.forget(db, chosen)
    db.conn.executemany("INSERT INTO purged (post, purge) VALUES (?, ?)", [(post, entry) for post in posts])
    if request.kind != "retention":
        _forget_words_of_ours(db, chosen)
    if person is not None:
        personal.redact(db, person, entry, now)
    if request.kind == "before" and request.subject is not None:
        db.execute("DELETE FROM unparsed WHERE first_seen < ?", [request.subject])
    if request.kind == "channel" and request.subject is not None:
        purge_channel_name(db, int(request.subject))
    return Purge(entry, *counts)


def _blank(db: Database, revisions: str) -> None:
    """Take the contents out of revisions, and their words out of the index, which needs the old text for that."""
    db.execute(
        "INSERT INTO words (words, rowid, folded) SELECT 'delete', r.id, r.folded FROM json_each(?) w"
        " CROSS JOIN revisions r ON r.id = w.value",
        [revisions],
    )
    db.execute(
        "UPDATE revisions SET body = '', folded = '', raw = x'', attached = NULL, media = NULL, forward = NULL,"
        " views = NULL, language = NULL, reply_to = NULL WHERE id IN (SELECT value FROM json_each(?))",
        [revisions],
    )
    db.execute(
        "INSERT INTO words (rowid, folded) SELECT value, '' FROM json_each(?)",
        [revisions],
    )


def _forget_words_of_ours(db: Database, posts: str) -> None:
    """Forget what we said of posts: the digests of their days, which quote them, and what analysts searched for."""
    db.execute("DELETE FROM questions")  # may be the very name
    digests = (
        "SELECT n.id FROM notices n WHERE n.kind = 'digest' AND EXISTS (SELECT 1 FROM json_each(?) w"
        " CROSS JOIN posts p ON p.id = w.value JOIN revisions r ON r.post = p.id"
        " WHERE min(p.date, r.first_seen) <= n.at AND max(r.first_seen, coalesce(r.edited, p.date))"
        " >= strftime('%Y-%m-%dT%H:%M:%S', n.at, '-2 days'))"
    )
    ids = json_list([row[0] for row in db.execute(digests, [posts])])
    db.execute(f"UPDATE notices SET text = '{REDACTED}' WHERE id IN (SELECT value FROM json_each(?))", [ids])
    db.execute("DELETE FROM pictures WHERE notice IN (SELECT value FROM json_each(?))", [ids])


def _forget_findings(db: Database, revisions: str) -> None:
    for table in ("mentions", "entities", "matches"):
        db.execute(f"DELETE FROM {table} WHERE revision IN (SELECT value FROM json_each(?))", [revisions])


def _forget_telling(db: Database, revisions: str, posts: str) -> None:
    """What was told stays told, without a word of what it said."""
    db.execute("DELETE FROM story_texts WHERE revision IN (SELECT value FROM json_each(?))", [revisions])
    db.execute("UPDATE stories SET key = x'' WHERE revision IN (SELECT value FROM json_each(?))", [revisions])
    db.execute("UPDATE alerts SET news = NULL WHERE revision IN (SELECT value FROM json_each(?))", [revisions])
    # An alert that is still due would have nothing to say.
    db.execute(
        "UPDATE alerts SET state = 'silenced' WHERE state = 'due' AND revision IN (SELECT value FROM json_each(?))",
        [revisions],
    )
    db.execute("UPDATE posts SET url = NULL WHERE id IN (SELECT value FROM json_each(?))", [posts])
    db.execute(
        "DELETE FROM unparsed WHERE (channel, telegram_id) IN"
        " (SELECT p.channel, p.post_id FROM json_each(?) w CROSS JOIN posts p ON p.id = w.value)",
        [posts],
    )


def _rewrite(db: Database, path: Path) -> None:
    """Write the file anew without its free pages, and empty the log."""
    try:
        db.execute("VACUUM")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_FULL:
            raise
        raise DiskFull(
            f"{path}: there is no room to write the file anew, so that pages that were free before may still hold"
            " something; make room and give the same command again, which ends it"
        ) from error


def check_room(path: Path) -> None:
    """Refuse what would end half-way: the file is written anew through its log."""
    log = log_of(path)
    needed = path.stat().st_size + (log.stat().st_size if log.exists() else 0)
    free = shutil.disk_usage(path.parent).free
    if free < needed:
        raise DiskFull(
            f"{path}: {free / 10**6:,.1f} MB are free there, and to write the file anew takes {needed / 10**6:,.1f} MB;"
            " make room first, nothing was removed from it"
        )
