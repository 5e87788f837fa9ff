"""The statements behind `Store.record`: posts, revisions, findings, stories, alerts, cursors and the search index."""

from __future__ import annotations

import json
import secrets
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from sqlite_utils import Database

from monitor.models import Forward, Mention, Post
from monitor.store import chain
from monitor.store.chain import microseconds
from monitor.store.records import Entry, Recorded

_ENOUGH = 5  # posts of a channel before its usual language counts for anything


class Languages:
    """How many posts of each language a channel has."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._counts: dict[int, Counter[str]] = {}

    def usual(self, channel: int) -> str | None:
        """Return the channel's most frequent language once there are enough posts; None before."""
        counts = self._of(channel)
        return counts.most_common(1)[0][0] if counts.total() >= _ENOUGH else None

    def add(self, channel: int, language: str) -> None:
        """Count one post."""
        self._of(channel)[language] += 1
        self._db.execute(
            "INSERT INTO channel_languages (channel, language, posts) VALUES (?, ?, 1)"
            " ON CONFLICT (channel, language) DO UPDATE SET posts = posts + 1",
            [channel, language],
        )

    def forget(self) -> None:
        """Drop what is remembered, after a transaction that failed."""
        self._counts.clear()

    def _of(self, channel: int) -> Counter[str]:
        if channel not in self._counts:
            rows = self._db.execute("SELECT language, posts FROM channel_languages WHERE channel = ?", [channel])
            self._counts[channel] = Counter(dict(rows.fetchall()))
        return self._counts[channel]


def known_revisions(db: Database, posts: Iterable[tuple[int, int]]) -> dict[tuple[int, int], set[str]]:
    """Return for each stored one of the posts (channel key, post id) the content hashes of its revisions."""
    known: dict[tuple[int, int], set[str]] = {}
    rows = db.execute(
        "SELECT posts.channel, posts.post_id, revisions.content_sha256 FROM json_each(?) AS wanted"
        " JOIN posts ON posts.channel = wanted.value ->> 0 AND posts.post_id = wanted.value ->> 1"
        " JOIN revisions ON revisions.post = posts.id",
        [json.dumps(sorted(posts))],
    )
    for channel, post_id, content in rows:
        known.setdefault((channel, post_id), set()).add(content)
    return known


def record(db: Database, entries: Sequence[Entry], now: int, origin: str, languages: Languages) -> list[Recorded]:
    """Write entries within the caller's transaction; `now` in microseconds since 1970."""
    last = db.execute("SELECT record_hash FROM revisions ORDER BY id DESC LIMIT 1").fetchone()
    previous = str(last[0]) if last else chain.START
    recorded: list[Recorded] = []
    for entry in entries:
        post = _post(db, entry)
        revision, previous = _revision(db, entry, post, now, previous)
        _findings(db, entry, revision)
        story = _story(db, entry, post, recorded)
        alert = _alert(db, entry, revision, story, origin)
        recorded.append(Recorded(post, entry.fresh.revision, story, alert))
        if entry.fresh.revision == 1 and entry.language:
            languages.add(entry.fresh.channel_key, entry.language)
    _cursors(db, entries, now, origin)
    return recorded


def _post(db: Database, entry: Entry) -> int:
    fresh, post = entry.fresh, entry.fresh.post
    album = json.dumps(post.ids) if len(post.ids) > 1 else None
    row = db.execute(
        "INSERT INTO posts (channel, post_id, date, url, album_ids, revision) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (channel, post_id) DO UPDATE SET revision = excluded.revision, url = excluded.url RETURNING id",
        [fresh.channel_key, post.id, microseconds(post.date), post.url, album, fresh.revision],
    ).fetchone()
    if fresh.revision > 1:
        db.execute("DELETE FROM search WHERE rowid = ?", [row[0]])
    db.execute("INSERT INTO search (rowid, text) VALUES (?, ?)", [row[0], _clean(entry.folded)])
    return int(row[0])


def _revision(db: Database, entry: Entry, post_row: int, now: int, previous: str) -> tuple[int, str]:
    fresh, post = entry.fresh, entry.fresh.post
    raw, content = chain.raw_hash(post.raw), chain.content_hash(post)
    hashed = chain.record_hash(previous, fresh.channel_key, post.id, fresh.revision, now, raw, content)
    cursor = db.execute(
        "INSERT INTO revisions (post, number, body, attached, language, edited, first_seen, source, details, raw,"
        " raw_sha256, content_sha256, previous_hash, record_hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            post_row,
            fresh.revision,
            _clean(post.body),
            json.dumps(post.attached, ensure_ascii=False) if post.attached else None,
            entry.language,
            microseconds(post.edited) if post.edited else None,
            now,
            post.source,
            _details(post),
            post.raw,
            raw,
            content,
            previous,
            hashed,
        ],
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid, hashed


def _details(post: Post) -> str | None:
    """Everything of a revision that is shown but not searched, as JSON without what is not there."""
    details: dict[str, Any] = {
        "media": [_slots(media) for media in post.media],
        "forward": _forward(post.forward) if post.forward else None,
        "reply_to": post.reply_to,
        "views": post.views,
        "album": post.album,
    }
    kept = {key: value for key, value in details.items() if value}
    return json.dumps(kept, ensure_ascii=True) if kept else None


def _slots(value: Any) -> dict[str, Any]:
    return {name: found for name in value.__slots__ if (found := getattr(value, name)) is not None}


def _forward(forward: Forward) -> dict[str, Any]:
    return _slots(forward) | ({"date": microseconds(forward.date)} if forward.date else {})


def _findings(db: Database, entry: Entry, revision: int) -> None:
    for entity in entry.findings.entities:
        db.execute(
            "INSERT INTO entities (id, kind, name) VALUES (?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, name = excluded.name",
            [entity.id, entity.kind, entity.name],
        )
        _mentions(db, revision, None, entity.mentions)
    for position, match in enumerate(entry.findings.matches):
        db.execute(
            "INSERT INTO matches (revision, position, rule, title, level) VALUES (?, ?, ?, ?, ?)",
            [revision, position, match.rule, match.title, match.level.value],
        )
        _mentions(db, revision, position, match.mentions)


def _mentions(db: Database, revision: int, match: int | None, mentions: Sequence[Mention]) -> None:
    for mention in mentions:
        db.execute(
            'INSERT INTO mentions (revision, match, start, "end", form, lemma, via, entity, rule, term)'
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                revision,
                match,
                mention.start,
                mention.end,
                _clean(mention.form),
                mention.lemma,
                mention.via,
                mention.entity,
                mention.rule,
                mention.term,
            ],
        )


def _story(db: Database, entry: Entry, post: int, recorded: Sequence[Recorded]) -> int | None:
    choice = entry.story
    if choice is None:
        return None
    date = microseconds(entry.fresh.post.date)
    story = choice.story if choice.earlier is None else recorded[choice.earlier].story
    if story is None:
        story = db.execute(
            "INSERT INTO stories (key, opened) VALUES (?, ?) RETURNING id",
            [choice.key, microseconds(entry.fresh.post.as_of)],
        ).fetchone()[0]
    db.execute(
        "INSERT OR IGNORE INTO story_posts (story, post, date, forwarded) VALUES (?, ?, ?, ?)",
        [story, post, date, int(entry.fresh.post.forward is not None)],
    )
    return int(story)


def _alert(db: Database, entry: Entry, revision: int, story: int | None, origin: str) -> int | None:
    if entry.due is None or story is None:
        return None
    due = entry.due
    row = db.execute(
        "INSERT INTO alerts (story, revision, level, ring, due, random_id, origin, state)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, 'due') RETURNING id",
        [story, revision, due.level.value, int(due.ring), microseconds(due.at), _random_id(), origin],
    ).fetchone()
    return int(row[0])


def _random_id() -> int:
    """A signed 64-bit number, never 0, as Telegram takes it."""
    return secrets.randbelow(2**63 - 1) + 1


def _cursors(db: Database, entries: Sequence[Entry], now: int, origin: str) -> None:
    furthest: dict[int, int] = {}
    for entry in entries:
        key, last = entry.fresh.channel_key, max(entry.fresh.post.ids or (entry.fresh.post.id,))
        furthest[key] = max(last, furthest.get(key, last))
    for key, last in furthest.items():
        db.execute(
            "INSERT INTO cursors (channel, source, last_id, at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (channel, source) DO UPDATE SET last_id = max(last_id, excluded.last_id), at = excluded.at",
            [key, origin, last, now],
        )


def _clean(text: str) -> str:
    """Replace lone surrogates, which SQLite cannot store, one for one."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)
    return text
