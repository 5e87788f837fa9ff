"""The store: one SQLite file, one writer, everything kept.

Write-ahead log with full synchronisation: what `record` has returned survives a power cut. Texts are stored as they
came; a lone surrogate, which a source should have replaced, is stored as U+FFFD.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlite_utils import Database

from monitor.models import Alert, Post
from monitor.store import alerts, search, writing
from monitor.store.chain import content_hash, microseconds, moment
from monitor.store.channels import ChannelBook, Impersonator, link
from monitor.store.migrations import migrations
from monitor.store.records import Entry, Found, Fresh, Recorded, StoredChannel, StoredStory

BUSY_SECONDS = 5.0


class StoreError(Exception):
    """The store cannot be used; the text is one sentence that says which file, what is wrong and what to do."""


class Store:
    """The writer's view of the store; use `open`, and as a context manager."""

    def __init__(self, db: Database, path: Path, temporary: Path | None) -> None:
        self._db = db
        self._path = path
        self._temporary = temporary
        self._channels = ChannelBook(db)
        self._languages = writing.Languages(db)

    @classmethod
    def open(cls, path: Path | None) -> Self:
        """Open or create the store at `path`, readable by its owner alone; None makes one that is removed on close."""
        folder = Path(tempfile.mkdtemp(prefix="monitor-")) if path is None else None
        file = path if path is not None else Path(str(folder), "replay.db")
        try:
            return cls(_connect(file), file, folder)
        except (OSError, sqlite3.Error) as error:
            raise StoreError(_explained(file, error)) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; a temporary store is removed."""
        self._db.close()
        if self._temporary is not None:
            shutil.rmtree(self._temporary)

    @property
    def impersonators(self) -> Sequence[Impersonator]:
        """User names that led to another channel than before, since the store was opened."""
        return tuple(self._channels.impersonators)

    def fresh(self, posts: Sequence[Post], now: datetime) -> list[Fresh]:
        """Return those of `posts` that are not stored yet, as new posts or new revisions, in order.

        A revision whose content equals any stored one of the post is not new: an older export adds nothing.
        """
        keys = self._resolve(posts, now)
        known = writing.known_revisions(self._db, {(key, post.id) for key, post in zip(keys, posts, strict=True)})
        fresh: list[Fresh] = []
        for key, post in zip(keys, posts, strict=True):
            history = known.setdefault((key, post.id), set())
            content = content_hash(post)
            if content not in history:
                history.add(content)
                channel = self._channels.completed(post.channel, key)
                complete = replace(post, channel=channel)
                complete = replace(complete, url=link(complete))
                fresh.append(Fresh(complete, key, len(history), self._languages.usual(key)))
        return fresh

    def record(self, entries: Sequence[Entry], now: datetime, *, origin: str = "run") -> list[Recorded]:
        """Store entries with findings, stories, alerts due and cursors in one transaction; return their ids, in order.

        `origin` is `run` or `replay`: whose alerts these are. If anything fails, nothing is stored.
        """
        if not entries:
            return []
        try:
            with self._transaction():
                return writing.record(self._db, entries, microseconds(now), origin, self._languages)
        except BaseException:
            self._languages.forget()
            raise

    def due(self, *, origin: str = "run") -> Iterator[Alert]:
        """Give the alerts that are due and were not delivered, in the order of their posts' dates."""
        for (id_,) in self._db.execute(alerts.DUE, [origin]).fetchall():
            yield alerts.read(self._db, id_)

    def mark_delivered(self, ids: Sequence[int], notifier: str, now: datetime) -> None:
        """Note that alerts were handed over by `notifier`."""
        with self._transaction():
            for id_ in ids:
                self._db.execute("UPDATE alerts SET state = 'delivered' WHERE id = ?", [id_])
                self._db.execute(
                    "INSERT INTO deliveries (alert, notifier, at) VALUES (?, ?, ?)", [id_, notifier, microseconds(now)]
                )

    def recent_stories(self, since: datetime) -> list[StoredStory]:
        """Return the stories opened since a time, oldest first."""
        rows = self._db.execute(
            "SELECT id, key, opened FROM stories WHERE opened >= ? ORDER BY opened", [microseconds(since)]
        )
        return [StoredStory(id_, key, moment(opened)) for id_, key, opened in rows]

    def newest(self) -> datetime | None:
        """Return the date of the newest post; None where there is none."""
        row = self._db.execute("SELECT max(date) FROM posts").fetchone()
        return moment(row[0]) if row[0] is not None else None

    def channels(self) -> list[StoredChannel]:
        """Return all channels with how many posts are stored of each, by name."""
        return search.channels(self._db)

    def search(self, words: str, *, limit: int = 50) -> list[Found]:
        """Return the posts that hold all `words` ("…" is a phrase, `…*` a beginning), newest first."""
        return search.search(self._db, words, limit)

    def _resolve(self, posts: Sequence[Post], now: datetime) -> list[int]:
        keys = [self._channels.known(post.channel) for post in posts]
        if all(key is not None for key in keys):
            return [key for key in keys if key is not None]
        try:
            with self._transaction():
                return [self._channels.resolve(post.channel, microseconds(now)) for post in posts]
        except BaseException:
            self._channels.forget()
            raise

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """One transaction, which takes the write lock at once so that a second writer is waited for, not run into."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")
        except sqlite3.OperationalError as error:
            raise StoreError(_explained(self._path, error)) from error


def _connect(path: Path) -> Database:
    if not path.exists():
        # Created by hand, because SQLite would leave the file readable for others.
        os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}")
        db = Database(connection)
        applied = {migration.name for migration in migrations.applied(db)}
        unknown = sorted(applied - {"0001_posts", "0002_findings", "0003_search"})
        if unknown:
            raise sqlite3.DatabaseError(f"made by a newer version of monitor ({unknown[-1]})")
        if not applied and db.table_names():
            raise sqlite3.DatabaseError("a database of another program")
        if migrations.pending(db):
            migrations.apply(db)
    except BaseException:
        connection.close()
        raise
    return db


def _explained(path: Path, error: Exception) -> str:
    text = str(error)
    if isinstance(error, IsADirectoryError) or path.is_dir():
        return f"{path}: is a folder; name a file for the database"
    if isinstance(error, FileNotFoundError):
        return f"{path}: its folder does not exist; make it, or name another file for the database"
    if "locked" in text or "busy" in text:
        return f"{path}: another process has been writing to it for {BUSY_SECONDS:.0f} s; wait for it or stop it"
    if "not a database" in text:
        return f"{path}: is no database; name another file, this one was left as it is"
    if "disk is full" in text:
        return f"{path}: the disk is full; nothing of the last batch was stored, make room and start again"
    return f"{path}: the database cannot be used: {text}"
