"""What an account has asked of the far side in the last day, and what it was told to wait for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from monitor.store.rows import json_list, moment, stamp

KEPT = timedelta(hours=25)  # requests are kept a little longer than the day that they are counted for


@dataclass(frozen=True, slots=True)
class Flood:
    """A wait that the far side asked of an account, for one kind of request (`action`; None: for all)."""

    account: str
    action: str | None
    began: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Request:
    """One request that was about to be sent."""

    at: datetime
    action: str


def note_request(db: Database, account: str, action: str, now: datetime) -> None:
    """Write down a request before it is sent."""
    db.execute("INSERT INTO requests (account, at, action) VALUES (?, ?, ?)", [account, stamp(now), action])


def requests(db: Database, accounts: Sequence[str], since: datetime) -> list[Request]:
    """Return the requests of these accounts from `since` on, oldest first."""
    rows = db.execute(
        "SELECT at, action FROM requests WHERE account IN (SELECT value FROM json_each(?)) AND at >= ? ORDER BY at",
        [json_list(accounts), stamp(since)],
    )
    return [Request(moment(at), action) for at, action in rows]


def forget_requests(db: Database, now: datetime) -> None:
    """Remove requests that count for nothing any more."""
    db.execute("DELETE FROM requests WHERE at < ?", [stamp(now - KEPT)])


def note_flood(db: Database, flood: Flood) -> None:
    """Write down a wait; of two for the same kind of request the later end counts."""
    db.execute(
        "INSERT INTO floods (account, action, began, until) VALUES (?, ?, ?, ?) ON CONFLICT (account, action)"
        " DO UPDATE SET began = excluded.began, until = excluded.until WHERE excluded.until > until",
        [flood.account, flood.action or "", stamp(flood.began), stamp(flood.until)],
    )


def floods(db: Database, now: datetime) -> list[Flood]:
    """Return the waits that are not over, the first to end first."""
    rows = db.execute("SELECT account, action, began, until FROM floods WHERE until > ? ORDER BY until", [stamp(now)])
    return [Flood(account, action or None, moment(began), moment(until)) for account, action, began, until in rows]
