"""Looking into the store: every question that is asked of it, each answered with one short read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

from sqlite_utils import Database

from monitor.models import AnyAlert, Level, Post
from monitor.store import alerts, chain, identity, search
from monitor.store.database import check_file, connect_reader, told
from monitor.store.findings import findings
from monitor.store.migrations import check_ours
from monitor.store.records import (
    Broken,
    Found,
    Name,
    Revision,
    StoredChannel,
    Summary,
)
from monitor.store.rows import (
    CHANNEL_COLUMNS,
    POST_COLUMNS,
    POST_TABLES,
    POST_WIDTH,
    channel,
    moment,
    post,
    stamp,
)

P = ParamSpec("P")
T = TypeVar("T")

_PAGE = 200  # alerts read at a time


class Reader:
    """A view of the database; a context manager that closes it. No read holds a transaction longer than its query."""

    def __init__(self, db: Database, path: Path) -> None:
        self._db = db
        self._path = path

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open an existing database of this version to read only. StoreError: it cannot be used."""
        check_file(path)
        with told(path):
            db = connect_reader(path)
            try:
                check_ours(db, path, complete=True)
            except BaseException:
                db.close()
                raise
        return cls(db, path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._db.close()

    def read(self, work: Callable[Concatenate[Database, P], T], *values: P.args, **named: P.kwargs) -> T:
        """Call a function of this package that reads."""
        with told(self._path):
            return work(self._db, *values, **named)

    def due(self, *, origin: str = "run") -> Iterator[AnyAlert]:
        """Give the alerts of `origin` (run or replay) that are not delivered, also those that are due later, the
        first due at first. Those folded into another or silenced are not among them."""
        ids = self._rows("SELECT id FROM alerts WHERE state = 'due' AND origin = ? ORDER BY due_at, id", [origin])
        for start in range(0, len(ids), _PAGE):
            yield from self.read(alerts.read_alerts, [row[0] for row in ids[start : start + _PAGE]])

    def alerts(self, *, since: datetime | None = None, limit: int = 50) -> list[AnyAlert]:
        """Return the newest alerts (due from `since` on) of every state, newest first."""
        ids = self._rows(
            "SELECT id FROM alerts WHERE due_at >= ? ORDER BY due_at DESC, id DESC LIMIT ?",
            [stamp(since) if since else "", limit],
        )
        return self.read(alerts.read_alerts, [row[0] for row in ids])

    def alert(self, alert: int) -> AnyAlert | None:
        """Return one alert; None: there is none with this id."""
        return next(iter(self.read(alerts.read_alerts, [alert])), None)

    def revisions(self, channel_key: int, post_id: int) -> list[Revision]:
        """Return all revisions of a post with what was found in each, oldest first."""
        rows = self._rows(
            f"SELECT {POST_COLUMNS}, r.id, r.number, r.language, r.first_seen, r.raw_sha256, r.record_hash"
            f" FROM {POST_TABLES} WHERE p.channel = ? AND p.post_id = ? ORDER BY r.number",
            [channel_key, post_id],
        )
        found = self.read(findings, [row[POST_WIDTH] for row in rows])
        return [
            Revision(id_, number, post(row[:POST_WIDTH]), language, moment(seen), found[id_], raw, record)
            for row in rows
            for id_, number, language, seen, raw, record in [row[POST_WIDTH:]]
        ]

    def posts(self) -> Iterator[Post]:
        """Give every stored revision of every post as it was published, in the order in which they were stored."""
        last = 0
        while rows := self._rows(
            f"SELECT {POST_COLUMNS}, r.id FROM {POST_TABLES} WHERE r.id > ? ORDER BY r.id LIMIT ?", [last, _PAGE]
        ):
            last = rows[-1][POST_WIDTH]
            with told(self._path):
                posts = [post(row[:POST_WIDTH]) for row in rows]
            yield from posts

    def channels(self) -> list[StoredChannel]:
        """Return all channels, by name or title."""
        names: dict[int, list[Name]] = {}
        for key, name, guessed, first, last in self._rows(
            "SELECT channel, name, guessed, first_seen, last_seen FROM channel_names ORDER BY first_seen"
        ):
            names.setdefault(key, []).append(Name(name, bool(guessed), moment(first), moment(last)))
        rows = self._rows(
            f"SELECT {CHANNEL_COLUMNS}, c.id, count(p.id), min(p.date), max(p.date), {identity.USUAL_LANGUAGE}"
            " FROM channels c LEFT JOIN posts p ON p.channel = c.id GROUP BY c.id"
        )
        found = [
            StoredChannel(
                key=key,
                channel=channel(*row[:4]),
                names=tuple(names.get(key, ())),
                posts=posts,
                first=moment(first) if first else None,
                last=moment(last) if last else None,
                usual_language=language,
            )
            for row in rows
            for key, posts, first, last, language in [row[4:]]
        ]
        return sorted(found, key=lambda one: ((one.channel.name or one.channel.title or "").lower(), one.key))

    def summary(self) -> Summary:
        """Count what is stored."""
        channels, posts, revisions, stories, due = self._rows(
            "SELECT (SELECT count(*) FROM channels), (SELECT count(*) FROM posts), (SELECT count(*) FROM revisions),"
            " (SELECT count(*) FROM stories), (SELECT count(*) FROM alerts WHERE state = 'due')"
        )[0]
        levels = dict(self._rows("SELECT level, count(*) FROM alerts GROUP BY level"))
        return Summary(channels, posts, revisions, stories, {level: levels.get(level.value, 0) for level in Level}, due)

    def search(
        self, words: str, *, limit: int = 50, by_rank: bool = False, forms: search.Forms | None = None
    ) -> list[Found]:
        """Return the posts that hold all `words` in any revision, newest first (or the best match first).

        The words must be folded as the texts are. `"…"` is a phrase, `…*` a beginning; `forms` gives all forms of any
        other word. StoreError: no word in it.
        """
        with told(self._path):
            return search.search(self._db, words, limit, by_rank, forms)

    def verify_chain(self) -> Broken | None:
        """Compute every hash anew; return the first record that does not fit, None where all do."""
        with told(self._path):
            return chain.verify(self._db)

    def _rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with told(self._path):
            return self._db.execute(sql, list(values)).fetchall()
