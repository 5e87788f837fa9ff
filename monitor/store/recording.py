"""Writing a batch: the rows of its posts, of what was found in them, and of what is due, inside one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlite_utils import Database

from monitor.models import Channel, Mention, Post
from monitor.store import identity
from monitor.store.alert_rows import ALERT_TABLE, AlertRows, Told, mark_edited_stories
from monitor.store.chain import FIRST, Link, content_hash, record_hash
from monitor.store.records import Cursor, Entry, NameMoved, Recorded
from monitor.store.rows import attached_json, forward_json, json_list, media_json, sound, stamp
from monitor.store.telling import sketch_blob

_TABLES = {  # in the order in which they refer to each other
    "posts": "id, channel, post_id, date, latest, album, url",
    "album_posts": "channel, telegram_id, post",
    "revisions": "id, post, number, language, edited, first_seen, source, content_sha256, raw_sha256, previous_hash,"
    " record_hash, reply_to, views, forward, media, attached, body, folded, raw",
    "words": "rowid, folded",
    "matches": "id, revision, rule, title, level",
    "entities": "id, revision, entity, kind, name",
    "mentions": "revision, of_match, of_entity, span_start, span_end, form, lemma, via, entity, rule, term",
    "stories": "id, key, revision, date",
    "story_posts": "story, post, revision",
    "story_texts": "story, revision, date, key, sketch",
    **ALERT_TABLE,
}
_MAY_BE_THERE = ("album_posts", "story_posts", "story_texts")
_INSERTS = {
    table: f"INSERT {'OR IGNORE ' if table in _MAY_BE_THERE else ''}INTO {table} ({columns})"
    f" VALUES ({', '.join('?' * len(columns.split(',')))})"
    for table, columns in _TABLES.items()
}
_NUMBERED = ("posts", "revisions", "matches", "entities", "stories")


@dataclass(slots=True)
class _Batch:
    """The rows to write, the next free id of each table, and the last hash of the chain."""

    now: str
    alerts: AlertRows
    ids: dict[str, int]
    last_hash: bytes
    posts: dict[tuple[int, int], int]
    edited: dict[int, datetime] = field(default_factory=dict)  # stories that gained a copy, and when to say so
    rows: dict[str, list[tuple[Any, ...]]] = field(default_factory=lambda: {table: [] for table in _TABLES})

    def next_id(self, table: str) -> int:
        self.ids[table] += 1
        return self.ids[table]


def record(db: Database, entries: Sequence[Entry], now: datetime, origin: str) -> list[Recorded]:
    """Write the entries; to be called inside a transaction. See `Store.record`."""
    if not entries:
        return []
    notices = _see_channels(db, entries)
    batch = _begin(db, entries, now, origin)
    recorded: list[Recorded] = []
    for index, entry in enumerate(entries):
        recorded.append(_add(batch, entry, recorded, notices.get(index)))
    batch.rows["alerts"] = batch.alerts.rows
    for table, rows in batch.rows.items():
        if rows:
            db.conn.executemany(_INSERTS[table], rows)
    batch.alerts.update_open()
    mark_edited_stories(db, batch.edited, origin)
    db.conn.executemany(
        "UPDATE posts SET latest = ? WHERE id = ? AND latest < ?",
        [
            (entry.fresh.revision, row.post, entry.fresh.revision)
            for entry, row in zip(entries, recorded, strict=True)
            if entry.fresh.revision > 1
        ],
    )
    _count_languages(db, entries)
    return recorded


def _see_channels(db: Database, entries: Sequence[Entry]) -> dict[int, NameMoved]:
    """Write down channels and names; return the notices by the index of the entry that gave cause."""
    seen: dict[tuple[int, Channel], tuple[int, datetime, datetime]] = {}
    for index, entry in enumerate(entries):
        fresh = entry.fresh
        at = fresh.post.as_of
        first = seen.get((fresh.channel_key, fresh.given), (index, at, at))
        seen[fresh.channel_key, fresh.given] = (first[0], min(first[1], at), max(first[2], at))
    notices = identity.see(
        db, [identity.Sighting(key, given, first, last) for (key, given), (_, first, last) in seen.items()]
    )
    indices = (index for index, _, _ in seen.values())
    return {index: notice for index, notice in zip(indices, notices, strict=True) if notice is not None}


def _begin(db: Database, entries: Sequence[Entry], now: datetime, origin: str) -> _Batch:
    ids = {table: db.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0] for table in _NUMBERED}
    last = db.execute("SELECT record_hash FROM revisions ORDER BY id DESC LIMIT 1").fetchone()
    revised = [(entry.fresh.channel_key, entry.fresh.post.id) for entry in entries if entry.fresh.revision > 1]
    posts = {
        (channel, post_id): row
        for channel, post_id, row in db.execute(
            "SELECT p.channel, p.post_id, p.id FROM json_each(?) w"
            " CROSS JOIN posts p ON p.channel = w.value ->> 0 AND p.post_id = w.value ->> 1",
            [json_list(revised)],
        )
    }
    return _Batch(stamp(now), AlertRows(db, origin, now), ids, last[0] if last else FIRST, posts)


def _add(batch: _Batch, entry: Entry, earlier: Sequence[Recorded], notice: NameMoved | None) -> Recorded:
    post = _add_post(batch, entry)
    revision = _add_revision(batch, entry, post)
    _add_findings(batch, entry, revision)
    story = _add_story(batch, entry, earlier, post, revision)
    alert = _add_alert(batch, entry, earlier, story, revision)
    return Recorded(post, revision, story, alert, notice)


def _add_post(batch: _Batch, entry: Entry) -> int:
    fresh, post = entry.fresh, entry.fresh.post
    key = (fresh.channel_key, post.id)
    row = batch.posts.get(key)
    if row is None:
        row = batch.posts[key] = batch.next_id("posts")
        batch.rows["posts"].append((row, *key, stamp(post.date), fresh.revision, post.album, post.url))
    if len(post.ids) > 1:
        batch.rows["album_posts"].extend((fresh.channel_key, number, row) for number in post.ids)
    return row


def _add_revision(batch: _Batch, entry: Entry, post_row: int) -> int:
    fresh, post = entry.fresh, entry.fresh.post
    row = batch.next_id("revisions")
    content = _content(post)
    raw = sha256(post.raw).digest()
    edited = stamp(post.edited) if post.edited else None
    link = Link(
        channel_key=fresh.channel_key,
        post_id=post.id,
        revision=fresh.revision,
        date=stamp(post.date),
        edited=edited,
        first_seen=batch.now,
        source=post.source,
        raw_sha256=raw,
        content_sha256=content,
    )
    previous, batch.last_hash = batch.last_hash, record_hash(batch.last_hash, link)
    folded = sound(entry.folded)
    forward, media, attached = forward_json(post.forward), media_json(post.media), attached_json(post.attached)
    batch.rows["revisions"].append(
        (
            *(row, post_row, fresh.revision, entry.language, edited, batch.now, post.source),
            *(content, raw, previous, batch.last_hash),
            *(post.reply_to, post.views, forward, media, attached, post.body, folded, post.raw),
        )
    )
    batch.rows["words"].append((row, folded))
    return row


def _content(post: Post) -> bytes:
    return content_hash(post.text, (media.kind for media in post.media), post.forward is not None)


def _add_findings(batch: _Batch, entry: Entry, revision: int) -> None:
    for match in entry.findings.matches:
        row = batch.next_id("matches")
        batch.rows["matches"].append((row, revision, match.rule, match.title, match.level.value))
        _add_mentions(batch, revision, match.mentions, row, None)
    for entity in entry.findings.entities:
        row = batch.next_id("entities")
        batch.rows["entities"].append((row, revision, entity.id, entity.kind, entity.name))
        _add_mentions(batch, revision, entity.mentions, None, row)


def _add_mentions(
    batch: _Batch, revision: int, mentions: Iterable[Mention], match: int | None, entity: int | None
) -> None:
    batch.rows["mentions"].extend(
        (
            *(revision, match, entity, mention.start, mention.end),
            *(sound(mention.form), sound(mention.lemma), mention.via, mention.entity, mention.rule, mention.term),
        )
        for mention in mentions
    )


def _add_story(batch: _Batch, entry: Entry, earlier: Sequence[Recorded], post: int, revision: int) -> int | None:
    choice = entry.story
    if choice is None:
        return None
    published = stamp(entry.fresh.post.as_of)
    story = choice.story
    if story is None and choice.earlier is not None:
        story = earlier[choice.earlier].story
    elif story is not None and entry.edit_at is not None:
        batch.edited.setdefault(story, entry.edit_at)
    if story is None:
        story = batch.next_id("stories")
        batch.rows["stories"].append((story, choice.key, revision, published))
    if choice.telling or choice.is_new:
        batch.rows["story_texts"].append((story, revision, published, choice.key, sketch_blob(choice.sketch)))
    batch.rows["story_posts"].append((story, post, revision))
    return story


def _add_alert(
    batch: _Batch, entry: Entry, earlier: Sequence[Recorded], story: int | None, revision: int
) -> int | None:
    due, choice = entry.due, entry.story
    if due is None:
        return None
    if story is None or choice is None:
        raise ValueError("an alert is due for a post without a story")
    near = choice.near if choice.near_earlier is None else earlier[choice.near_earlier].story
    reply_to = due.reply_to if due.reply_earlier is None else earlier[due.reply_earlier].alert
    fresh = entry.fresh
    told = Told(revision, fresh.channel_key, fresh.post.id, fresh.revision, _content(fresh.post))
    return batch.alerts.add(due, story, told, near=near, news=choice.news, reply_to=reply_to)


def _count_languages(db: Database, entries: Sequence[Entry]) -> None:
    counts = Counter(
        (entry.fresh.channel_key, entry.language)
        for entry in entries
        if entry.language is not None and entry.fresh.revision == 1
    )
    db.conn.executemany(
        "INSERT INTO channel_languages (channel, language, posts) VALUES (?, ?, ?)"
        " ON CONFLICT (channel, language) DO UPDATE SET posts = posts + excluded.posts",
        [(*key, count) for key, count in counts.items()],
    )


def move_cursors(db: Database, cursors: Sequence[Cursor], now: datetime) -> None:
    """Move cursors forward; one that is further already stays. To be called inside a transaction."""
    channels = identity.resolve(db, (cursor.channel for cursor in cursors))
    for cursor in cursors:
        known = channels[cursor.channel]
        identity.see(db, [identity.Sighting(known.key, cursor.channel, now, now)])
        db.execute(
            "INSERT INTO cursors (channel, source, last, at) VALUES (?, ?, ?, ?) ON CONFLICT (channel, source)"
            " DO UPDATE SET last = excluded.last, at = excluded.at WHERE excluded.last > last",
            [known.key, cursor.source, cursor.last, stamp(now)],
        )
