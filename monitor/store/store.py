"""The writer of the database: which posts are new, and storing them with everything found in them in one transaction.

A database has one writer. A Store may be handed to another thread; everybody else reads through `Store.reader()`.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Concatenate, ParamSpec, Self, TypeVar

from sqlite_utils import Database

from monitor.models import Channel, Post
from monitor.store import identity, recording
from monitor.store.database import PATIENCE, connect, create, put_off_emptying, told, transaction
from monitor.store.freshness import fresh_posts
from monitor.store.migrations import check_ours, migrate
from monitor.store.reader import Reader
from monitor.store.records import Cursor, Entry, Fresh, Recorded, StoreError
from monitor.store.rows import stamp

__all__ = ["Store", "StoreError"]

P = ParamSpec("P")
T = TypeVar("T")


class Store(Reader):
    """The database, opened for writing: all that a Reader tells, and the writing; a context manager that closes it."""

    def __init__(self, db: Database, path: Path, folder: tempfile.TemporaryDirectory[str] | None = None) -> None:
        super().__init__(db, path)
        self._folder = folder
        self._turn = threading.Lock()
        self._known: dict[Channel, identity.Known] = {}
        self._version = 0

    @classmethod
    def open(cls, path: Path | None, *, patience: float = PATIENCE) -> Self:
        """Open or make the database at `path`; None: a temporary one. StoreError: it cannot be used.

        `patience` is how many seconds to wait for another writer.
        """
        if path is not None:
            return cls(_opened(path, patience), path)
        folder = tempfile.TemporaryDirectory(prefix="monitor-")
        file = Path(folder.name, "monitor.db")
        return cls(_opened(file, patience, lasting=False), file, folder)

    def close(self) -> None:
        """Close the database; a temporary one is removed."""
        super().close()
        if self._folder is not None:
            self._folder.cleanup()

    def reader(self) -> Reader:
        """Open a connection of its own that can only read."""
        return Reader.open(self._path)

    def fresh(self, posts: Sequence[Post], now: datetime) -> list[Fresh]:
        """Return those of `posts` that are not stored: new posts, and revisions whose content no stored one has.

        Each is resolved to its channel; one batch may hold several revisions of a post. NUL and lone surrogates in
        texts become U+FFFD. Nothing is written, but for the number of a channel that was known by its name alone.
        """
        with told(self._path):
            channels = self._resolved({post.channel for post in posts})
        gained = {known.key: known for known in channels.values() if known.gained}
        if gained:
            # At once, even if all its posts are known: else a second number could come and take the same place.
            with self._writing():
                for known in gained.values():
                    identity.gain_number(self._db, known)
        with told(self._path):
            return fresh_posts(self._db, posts, channels)

    def record(
        self, entries: Sequence[Entry], now: datetime, *, origin: str = "run", cursors: Sequence[Cursor] = ()
    ) -> list[Recorded]:
        """Store entries with their findings, stories, alerts due and cursors in one transaction: all of it or nothing.

        `now` is the real time, `origin` (run or replay) says whose alerts they are. The result has one item an entry.
        """
        with self._writing():
            recorded = recording.record(self._db, entries, now, origin)
            recording.move_cursors(self._db, cursors, now)
        return recorded

    def write(self, work: Callable[Concatenate[Database, P], T], *values: P.args, **named: P.kwargs) -> T:
        """Call a function of this package that writes, in a transaction of its own."""
        with self._writing():
            return work(self._db, *values, **named)

    def mark_delivered(self, alerts: Sequence[int], notifier: str, now: datetime) -> None:
        """Note that a notifier has shown these alerts, each as it stands now."""
        with self._writing():
            self._db.conn.executemany(
                "INSERT INTO deliveries (alert, notifier, at, outcome) VALUES (?, ?, ?, 'delivered')",
                [(alert, notifier, stamp(now)) for alert in alerts],
            )
            self._db.conn.executemany(
                "UPDATE alerts SET state = 'delivered', shown = version WHERE id = ?", [(alert,) for alert in alerts]
            )

    def _resolved(self, channels: set[Channel]) -> dict[Channel, identity.Known]:
        """Resolve channels; what is stored of them is remembered until anybody writes."""
        version = self._db.execute("PRAGMA data_version").fetchone()[0]
        if version != self._version:
            self._version, self._known = version, {}
        asked = channels - self._known.keys()
        new = identity.resolve(self._db, asked) if asked else {}
        self._known |= {channel: known for channel, known in new.items() if known.stored and not known.gained}
        return {channel: new.get(channel) or self._known[channel] for channel in channels}

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self._known = {}
        with self._turn, told(self._path), transaction(self._db):
            yield


def _opened(path: Path, patience: float, *, lasting: bool = True) -> Database:
    create(path)
    with told(path):
        db = connect(path, patience, lasting=lasting)
        try:
            check_ours(db, path)
            db.execute("PRAGMA journal_mode = WAL")
            put_off_emptying(db, path)
            migrate(db)
        except BaseException:
            db.close()
            raise
    return db
