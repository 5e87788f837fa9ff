"""Which account reaches which channel how, and to which channel a name of the desk's list led."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson
from sqlite_utils import Database

from monitor.models import Channel
from monitor.store import identity
from monitor.store.records import NameMoved
from monitor.store.rows import CHANNEL_COLUMNS, channel, moment, stamp


@dataclass(frozen=True, slots=True)
class Account:
    """Who reads: `fault` says why nothing can be read until a person acts."""

    name: str
    source: str
    seen_at: datetime
    blind_spots: tuple[str, ...] = ()
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Reached:
    """A channel (its key in the store) as an account reaches it; `access` is Telegram's access hash."""

    key: int
    channel: Channel
    access: int | None
    joined: bool


@dataclass(frozen=True, slots=True)
class Found:
    """Where a name of the list led: to the channel `key`, or to none; `answer` says why it is not read."""

    name_key: str
    key: int | None
    at: datetime
    answer: str | None = None


def note_account(db: Database, account: Account) -> None:
    """Write down that an account answered, or what is wrong with it."""
    db.execute(
        "INSERT INTO accounts (name, source, seen_at, blind_spots, fault) VALUES (?, ?, ?, ?, ?) ON CONFLICT (name)"
        " DO UPDATE SET source = excluded.source, seen_at = excluded.seen_at, blind_spots = excluded.blind_spots,"
        " fault = excluded.fault",
        [
            account.name,
            account.source,
            stamp(account.seen_at),
            orjson.dumps(account.blind_spots).decode(),
            account.fault,
        ],
    )


def accounts(db: Database) -> list[Account]:
    """Return all accounts, the one that answered last first."""
    rows = db.execute("SELECT name, source, seen_at, blind_spots, fault FROM accounts ORDER BY seen_at DESC, name")
    return [
        Account(name, source, moment(seen), tuple(orjson.loads(blind)), fault)
        for name, source, seen, blind, fault in rows
    ]


def settle(
    db: Database, account: str, given: Channel, access: int | None, now: datetime, *, joined: bool = False
) -> tuple[int, NameMoved | None]:
    """Write down a channel, its name and how an account reaches it.

    Returns its key, and a notice where its name led to another channel before.
    """
    known = identity.resolve(db, [given])[given]
    if known.gained:
        identity.gain_number(db, known)
    notice = identity.see(db, [identity.Sighting(known.key, given, now, now)])[0]
    db.execute(
        "INSERT INTO addresses (account, channel, access, resolved_at, joined) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (account, channel) DO UPDATE SET access = excluded.access, joined = excluded.joined",
        [account, known.key, access, stamp(now), joined],
    )
    return known.key, notice


def reached(db: Database, account: str) -> dict[int, Reached]:
    """Return all channels that an account reaches, by their keys."""
    rows = db.execute(
        f"SELECT {CHANNEL_COLUMNS}, c.id, a.access, a.joined FROM addresses a"
        " JOIN channels c ON c.id = a.channel WHERE a.account = ?",
        [account],
    ).fetchall()
    return {
        key: Reached(key, channel(*row[:4]), access, bool(joined)) for row in rows for key, access, joined in [row[4:]]
    }


def note_found(db: Database, source: str, found: Found) -> None:
    """Write down where a name of the list led."""
    db.execute(
        "INSERT INTO found_channels (source, name_key, channel, at, answer) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (source, name_key) DO UPDATE SET channel = excluded.channel, at = excluded.at,"
        " answer = excluded.answer",
        [source, found.name_key, found.key, stamp(found.at), found.answer],
    )


def found(db: Database, source: str) -> dict[str, Found]:
    """Return where the names of the list led, by name."""
    rows = db.execute("SELECT name_key, channel, at, answer FROM found_channels WHERE source = ?", [source])
    return {name: Found(name, key, moment(at), answer) for name, key, at, answer in rows}


def channels_by_key(db: Database, keys: Sequence[int]) -> dict[int, Channel]:
    """Return channels as the store knows them now."""
    rows = db.execute(
        f"SELECT {CHANNEL_COLUMNS}, c.id FROM channels c WHERE c.id IN (SELECT value FROM json_each(?))",
        [orjson.dumps(list(keys)).decode()],
    )
    return {row[4]: channel(*row[:4]) for row in rows}
