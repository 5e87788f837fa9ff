"""Channels by id and by name: a name is an alias with dates, an id is for ever.

A channel that a source knows by name alone gets a negative id of the store's own, unless a channel with Telegram's id
is known under just that name. Two ids are never merged, whatever names they bear.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from sqlite_utils import Database

from monitor.models import Channel, Post

USER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}\Z")
# What export programs call their files: such a name says nothing about the channel.
FILE_NAMES = frozenset({"result", "results", "messages", "export", "chat", "posts", "data"})


@dataclass(frozen=True, slots=True)
class Impersonator:
    """A user name that now leads to another channel than before."""

    name: str
    known: int
    now: int

    def __str__(self) -> str:
        return f"@{self.name} was channel {self.known} and now leads to {self.now}; they are kept apart"


class ChannelBook:
    """Resolves the channels of posts; writes what it learns through the connection of the store's writer."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._keys: dict[Channel, int] = {}
        self.impersonators: list[Impersonator] = []

    def known(self, channel: Channel) -> int | None:
        """Return the key of a channel that was resolved before, as it is now; None where something must be written."""
        return self._keys.get(channel)

    def forget(self) -> None:
        """Drop what is remembered, after a transaction that failed."""
        self._keys.clear()

    def resolve(self, channel: Channel, now: int) -> int:
        """Return the key of a channel, storing it and its name where they are new; `now` in microseconds since 1970."""
        key = channel.id if channel.id is not None else self._by_name(channel.name or channel.title or "unknown")
        self._db.execute("INSERT OR IGNORE INTO channels (id, title) VALUES (?, NULL)", [key])
        if channel.title:
            title = channel.title
            self._db.execute("UPDATE channels SET title = ? WHERE id = ? AND title IS NOT ?", [title, key, title])
        name = channel.name or (channel.title if channel.id is None else None)
        if name:
            self._name(key, name, channel.guessed, now)
        self._keys[channel] = key
        return key

    def completed(self, channel: Channel, key: int) -> Channel:
        """Return the channel with the name and title that the store knows: a real name goes before a file's."""
        row = self._db.execute(
            "SELECT name, guessed FROM channel_names WHERE channel = ? ORDER BY guessed, last_seen DESC, first_seen DESC",
            [key],
        ).fetchone()
        if channel.name and not channel.guessed:
            name, guessed = channel.name, False
        elif row:
            name, guessed = str(row[0]), bool(row[1])
        else:
            name, guessed = channel.name or "", channel.guessed
        title = channel.title
        if title is None:
            title = self._db.execute("SELECT title FROM channels WHERE id = ?", [key]).fetchone()[0]
        return replace(channel, id=key if key > 0 else None, name=name or None, title=title, guessed=guessed)

    def _by_name(self, name: str) -> int:
        rows = self._db.execute(
            "SELECT channel FROM channel_names WHERE name = ? AND (channel < 0 OR guessed = 0)"
            " ORDER BY channel < 0, last_seen DESC",
            [name],
        ).fetchall()
        if rows:
            return int(rows[0][0])
        lowest = self._db.execute("SELECT min(id) FROM channels").fetchone()[0]
        return min(0, int(lowest or 0)) - 1

    def _name(self, key: int, name: str, guessed: bool, now: int) -> None:
        if guessed:
            named = self._db.execute(
                "SELECT 1 FROM channel_names WHERE channel = ? AND name <> ?", [key, name]
            ).fetchone()
            if named:
                return
        elif key > 0:
            other = self._db.execute(
                "SELECT channel FROM channel_names WHERE name = ? AND guessed = 0 AND channel > 0 AND channel <> ?"
                " ORDER BY last_seen DESC",
                [name, key],
            ).fetchone()
            if other:
                self.impersonators.append(Impersonator(name, int(other[0]), key))
        self._db.execute(
            "INSERT INTO channel_names (channel, name, guessed, first_seen, last_seen) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (channel, name) DO UPDATE SET last_seen = excluded.last_seen,"
            " guessed = min(guessed, excluded.guessed)",
            [key, name, int(guessed), now, now],
        )


def link(post: Post) -> str | None:
    """Return the page of a post: of its user name, else of its channel's id; None where neither is known."""
    if post.url:
        return post.url
    name, id_ = post.channel.name, post.channel.id
    if name and USER_NAME.match(name) and not (post.channel.guessed and name.lower() in FILE_NAMES):
        return f"https://t.me/{name}/{post.id}"
    return f"https://t.me/c/{id_}/{post.id}" if id_ else None
