"""Looking into the store: channels, and full-text search in all scripts."""

from __future__ import annotations

import json
import re
from datetime import datetime

from sqlite_utils import Database

from monitor.models import Channel
from monitor.store.chain import moment
from monitor.store.records import Found, StoredChannel

_WORDS = re.compile(r'"([^"]+)"|(\S+)')


def channel(db: Database, key: int) -> Channel:
    """Return a channel by its key, with the name that it bore last."""
    title, name, guessed = db.execute(
        "SELECT channels.title, channel_names.name, channel_names.guessed FROM channels"
        " LEFT JOIN channel_names ON channel_names.channel = channels.id WHERE channels.id = ?"
        " ORDER BY channel_names.guessed, channel_names.last_seen DESC, channel_names.first_seen DESC LIMIT 1",
        [key],
    ).fetchone()
    return Channel(key if key > 0 else None, name, title, bool(guessed))


def channels(db: Database) -> list[StoredChannel]:
    """Return all channels with the number of their posts and the last one, by name."""
    rows = db.execute(
        "SELECT channels.id, count(posts.id), max(posts.post_id), max(posts.date) FROM channels"
        " LEFT JOIN posts ON posts.channel = channels.id GROUP BY channels.id"
    ).fetchall()
    found = [StoredChannel(key, channel(db, key), posts, last, _date(date)) for key, posts, last, date in rows]
    return sorted(found, key=lambda one: (one.channel.name or one.channel.title or "").lower())


def _date(stored: int | None) -> datetime | None:
    return moment(stored) if stored is not None else None


def query(words: str) -> str | None:
    """Write a search as FTS5 takes it: every word must be there, "…" is a phrase, `…*` a beginning; None: no words."""
    parts = []
    for found in _WORDS.finditer(words):
        text = found[1] or found[2]
        beginning = found[2] is not None and text.endswith("*")
        bare = text.rstrip("*").replace('"', " ")
        if any(char.isalnum() for char in bare):
            parts.append(f'"{bare}"' + ("*" if beginning else ""))
    return " ".join(parts) or None


def search(db: Database, words: str, limit: int) -> list[Found]:
    """Return the posts that hold all of `words` (folded as the texts are), newest first, at most `limit`."""
    wanted = query(words)
    if wanted is None:
        return []
    rows = db.execute(
        "SELECT posts.channel, posts.post_id, posts.date, posts.url, revisions.body, revisions.attached FROM search"
        " JOIN posts ON posts.id = search.rowid"
        " JOIN revisions ON revisions.post = posts.id AND revisions.number = posts.revision"
        " WHERE search MATCH ? ORDER BY posts.date DESC LIMIT ?",
        [wanted, limit],
    ).fetchall()
    return [
        Found(channel(db, key), post_id, moment(date), url, _text(body, attached))
        for key, post_id, date, url, body, attached in rows
    ]


def _text(body: str, attached: str | None) -> str:
    return "\n\n".join(part for part in (body, *(json.loads(attached) if attached else ())) if part)
