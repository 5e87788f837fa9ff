"""Which channel a post belongs to, by which name it goes, and the link to a post.

A channel is its numeric id. Where a source gives none, the store takes an id of its own, negative, made from the name.
Names are aliases with the dates of the posts that came under them:

- A post with a name alone belongs to the one numbered channel that bears or bore this name; if there are several, or if
  none is known, it stands under an id made from the name.
- A channel known by its name alone that later comes with a number is the same channel as far as anybody can tell: its
  row gains the number and keeps its own id, so nothing stored is rewritten. That is done only where both named it (a
  file's name is a guess and proves nothing), and where no other number has the name and no row has the number.
- A name that led to one number and comes with another: two channels, never merged, and a notice. The name is then that
  channel's from which a later post came under it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from sqlite_utils import Database

from monitor.models import Channel
from monitor.store.records import NameMoved
from monitor.store.rows import json_list, moment, sound_or_none, stamp

_USER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}")
_ANY_EXPORT = re.compile(
    r"(?:results?|messages?|chats?|chat_?export|exports?|telegram|posts|data)[_\d]*", re.IGNORECASE
)

# Of a channel `c`: the language of most of its posts, once five are in it.
USUAL_LANGUAGE = (
    "(SELECT l.language FROM channel_languages l WHERE l.channel = c.id AND l.posts >= 5 AND 2 * l.posts >"
    " (SELECT sum(a.posts) FROM channel_languages a WHERE a.channel = c.id))"
)


@dataclass(frozen=True, slots=True)
class Known:
    """A channel as the store knows it.

    `taken` says that its given name is a real name of another one; `gained` that its number is not stored yet.
    """

    key: int
    telegram_id: int | None
    name: str | None = None
    guessed: bool = False
    title: str | None = None
    last_seen: datetime | None = None
    name_seen: datetime | None = None
    usual_language: str | None = None
    taken: bool = False
    gained: bool = False

    @property
    def stored(self) -> bool:
        """Whether the channel has a row."""
        return self.last_seen is not None


def resolve(db: Database, channels: Iterable[Channel]) -> dict[Channel, Known]:
    """Find each channel in the store, or say under which id it will stand; nothing is written."""
    wanted = set(channels)
    numbers = [channel.id for channel in wanted if channel.id is not None]
    own = [own_key(channel) for channel in wanted if channel.name or channel.id is None]
    names = [_name_key(channel.name) for channel in wanted if channel.name]
    holders: dict[str, set[int]] = {}  # name -> the numbered channels that bear or bore it
    for name, key in db.execute(
        "SELECT n.name_key, n.channel FROM channel_names n JOIN channels c ON c.id = n.channel"
        " WHERE n.name_key IN (SELECT value FROM json_each(?)) AND NOT n.guessed AND c.telegram_id IS NOT NULL",
        [json_list(names)],
    ):
        holders.setdefault(name, set()).add(key)
    keys = [*own, *(key for held in holders.values() for key in held)]
    rows = [
        Known(key, telegram_id, name, bool(guessed), title, moment(seen), moment(named) if named else None, language)
        for key, telegram_id, name, guessed, title, seen, named, language in db.execute(
            "SELECT c.id, c.telegram_id, c.name, c.guessed, c.title, c.last_seen,"
            " (SELECT max(n.last_seen) FROM channel_names n WHERE n.channel = c.id AND NOT n.guessed),"
            f" {USUAL_LANGUAGE} FROM channels c WHERE c.telegram_id IN (SELECT value FROM json_each(?))"
            " OR c.id IN (SELECT value FROM json_each(?))",
            [json_list(numbers), json_list(keys)],
        )
    ]
    by_number = {row.telegram_id: row for row in rows if row.telegram_id is not None}
    by_key = {row.key: row for row in rows}
    claims = _claims(wanted)
    numbered = [channel for channel in wanted if channel.id is not None]
    found = {channel: _numbered(channel, by_number, by_key, holders, claims) for channel in numbered}
    for channel, known in found.items():
        if channel.name and not channel.guessed:
            by_key.setdefault(known.key, known)
            holders.setdefault(_name_key(channel.name), set()).add(known.key)
    return found | {channel: _named(channel, by_key, holders) for channel in wanted if channel.id is None}


def _claims(channels: Iterable[Channel]) -> dict[str, set[int]]:
    """Return for each real name the numbers that come with it."""
    claims: dict[str, set[int]] = {}
    for channel in channels:
        if channel.id is not None and channel.name and not channel.guessed:
            claims.setdefault(_name_key(channel.name), set()).add(channel.id)
    return claims


def gain_number(db: Database, known: Known) -> None:
    """Write down the number of a channel that was known by its name alone."""
    db.execute("UPDATE channels SET telegram_id = ? WHERE id = ?", [known.telegram_id, known.key])


def _numbered(
    channel: Channel,
    by_number: dict[int, Known],
    by_key: dict[int, Known],
    holders: dict[str, set[int]],
    claims: dict[str, set[int]],
) -> Known:
    assert channel.id is not None
    name = _name_key(channel.name)
    held = holders.get(name, set()) if name else set()
    known = by_number.get(channel.id)
    if known is None and not channel.guessed and not held and len(claims.get(name, ())) == 1:
        alone = by_key.get(own_key(channel))
        if alone is not None and alone.telegram_id is None:
            known = replace(alone, telegram_id=channel.id, gained=True)
    if known is None:
        known = Known(channel.id, channel.id)
    return replace(known, taken=any(key != known.key for key in held))


def _named(channel: Channel, by_key: dict[int, Known], holders: dict[str, set[int]]) -> Known:
    key = own_key(channel)
    held = holders.get(_name_key(channel.name), set()) if channel.name and not channel.guessed else set()
    if key not in by_key and len(held) == 1:
        return by_key[next(iter(held))]
    return by_key.get(key, Known(key, None))


@lru_cache(maxsize=4096)
def own_key(channel: Channel) -> int:
    """Return the id of a channel without a number: negative, of 52 bits, the same in every store."""
    kind = "file" if channel.guessed else "name" if channel.name else "title"
    text = f"{kind} {_name_key(channel.name or channel.title or '')}"
    return -1 - (int.from_bytes(hashlib.sha256(text.encode("utf-8", "replace")).digest()[:8]) >> 12)


def completed(given: Channel, known: Known, at: datetime) -> Channel:
    """Return the channel of a post of date `at` with what the store knows of it.

    A real name goes before a guessed one, and of two real names the one that came with the later post.
    """
    name, guessed = given.name, given.guessed
    if known.name and not known.guessed and (given.name is None or given.guessed or _before(at, known.name_seen)):
        name, guessed = known.name, False
    elif name is None:
        name, guessed = known.name, known.guessed
    title = known.title if known.title and (not given.title or _before(at, known.last_seen)) else given.title
    return Channel(known.telegram_id, sound_or_none(name), sound_or_none(title), guessed)


def _before(at: datetime, seen: datetime | None) -> bool:
    return seen is not None and at < seen


def link(channel: Channel, post_id: int, taken: bool = False) -> str | None:
    """Return the address of a post; None where neither a user name nor an id is known.

    A file's name is taken for the user name where the file also gave a numeric id (a Telegram export that somebody
    named after its channel), unless it is a usual name of exports or `taken` by another channel.
    """
    name = channel.name
    if name and _USER_NAME.fullmatch(name) and (not channel.guessed or _tells(name, channel, taken)):
        return f"https://t.me/{name}/{post_id}"
    return f"https://t.me/c/{channel.id}/{post_id}" if channel.id is not None else None


def _tells(name: str, channel: Channel, taken: bool) -> bool:
    return channel.id is not None and not taken and _ANY_EXPORT.fullmatch(name) is None


@dataclass(frozen=True, slots=True)
class Sighting:
    """Posts of the dates `first` to `last` came under a name and title (`given`) and belong to the channel `key`."""

    key: int
    given: Channel
    first: datetime
    last: datetime


def see(db: Database, sightings: Sequence[Sighting]) -> list[NameMoved | None]:
    """Write down channels, titles, names and their dates; tell for each sighting if its name moved."""
    db.conn.executemany(
        "INSERT INTO channels (id, telegram_id, title, last_seen) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
        " telegram_id = coalesce(telegram_id, excluded.telegram_id),"
        " title = iif(title IS NULL OR excluded.last_seen >= last_seen, coalesce(excluded.title, title), title),"
        " last_seen = max(last_seen, excluded.last_seen)",
        [(one.key, one.given.id, sound_or_none(one.given.title), stamp(one.last)) for one in sightings],
    )
    bearers = _bearers(db, [one.key for one in sightings])
    known = [one for one in sightings if not one.given.guessed and (one.key, _name_key(one.given.name)) in bearers]
    db.conn.executemany(
        "UPDATE channel_names SET first_seen = min(first_seen, ?), last_seen = max(last_seen, ?)"
        " WHERE channel = ? AND name_key = ?",
        [(stamp(one.first), stamp(one.last), one.key, _name_key(one.given.name)) for one in known],
    )
    settled = set(known)
    return [None if one in settled or not one.given.name else _see_name(db, one) for one in sightings]


def _bearers(db: Database, keys: list[int]) -> set[tuple[int, str]]:
    """Return the channels with the real names that lead to them now: nothing changes when these are seen again."""
    return set(
        db.execute(
            "SELECT n.channel, n.name_key FROM json_each(?) w CROSS JOIN channels c ON c.id = w.value"
            " JOIN channel_names n ON n.channel = c.id AND n.name = c.name WHERE NOT n.guessed",
            [json_list(keys)],
        ).fetchall()
    )


def _see_name(db: Database, sighting: Sighting) -> NameMoved | None:
    key, given = sighting.key, sighting.given
    name = sound_or_none(given.name) or ""
    known = db.execute(
        "SELECT guessed FROM channel_names WHERE channel = ? AND name_key = ?", [key, _name_key(name)]
    ).fetchone()
    if known is not None and given.guessed:
        return None
    db.execute(
        "INSERT INTO channel_names (channel, name_key, name, guessed, first_seen, last_seen) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (channel, name_key) DO UPDATE SET name = excluded.name, guessed = excluded.guessed,"
        " first_seen = min(first_seen, excluded.first_seen), last_seen = max(last_seen, excluded.last_seen)",
        [key, _name_key(name), name, given.guessed, stamp(sighting.first), stamp(sighting.last)],
    )
    others = [] if given.guessed else _other_holders(db, key, name)
    for one in (key, *(other for other, _ in others)):
        _choose_name(db, one)
    is_new = known is None or known[0]
    if given.id is not None and others and is_new:
        return NameMoved(name, channel=given.id, before=others[0][1])
    return None


def _other_holders(db: Database, key: int, name: str) -> list[tuple[int, int]]:
    """Return the key and number of the other numbered channels with this name, the latest first."""
    return db.execute(
        "SELECT c.id, c.telegram_id FROM channel_names n JOIN channels c ON c.id = n.channel WHERE n.name_key = ?"
        " AND NOT n.guessed AND c.id <> ? AND c.telegram_id IS NOT NULL ORDER BY n.last_seen DESC",
        [_name_key(name), key],
    ).fetchall()


def _choose_name(db: Database, key: int) -> None:
    """Set the name that leads to a channel now: its latest real one that no other numbered channel took later."""
    row = db.execute(
        "SELECT n.name, n.guessed FROM channel_names n JOIN channels c ON c.id = n.channel WHERE n.channel = ?"
        " AND (c.telegram_id IS NULL OR NOT EXISTS (SELECT 1 FROM channel_names o JOIN channels d ON d.id = o.channel"
        "  WHERE o.name_key = n.name_key AND o.channel <> n.channel AND NOT o.guessed AND d.telegram_id IS NOT NULL"
        "  AND (n.guessed OR o.last_seen > n.last_seen)))"
        " ORDER BY n.guessed, n.last_seen DESC LIMIT 1",
        [key],
    ).fetchone()
    name, guessed = row or (None, 0)
    db.execute("UPDATE channels SET name = ?, guessed = ? WHERE id = ?", [name, guessed, key])


@lru_cache(maxsize=4096)
def _name_key(name: str | None) -> str:
    return (sound_or_none(name) or "").lower()
