"""Who changed what from the chat (never changed afterwards), and the questions that have several pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from monitor.store.rows import json_list, moment, sound, stamp

ACKNOWLEDGE = "acknowledge"
FALSE_ALARM = "false alarm"
_QUESTIONS_FOR = timedelta(days=8)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the audit: who did what when, to which alert, and what else is to be known of it."""

    at: datetime
    person: int
    name: str
    action: str
    detail: str
    alert: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What analysts said of an alert: the last word of each, oldest first."""

    acknowledged: tuple[str, ...] = ()
    false_alarm: tuple[str, ...] = ()


def note(db: Database, entry: Entry) -> int:
    """Add a line to the audit; return its number."""
    row = db.execute(
        "INSERT INTO audit (at, person, name, action, alert, detail) VALUES (?, ?, ?, ?, ?, ?)",
        [stamp(entry.at), entry.person, sound(entry.name), entry.action, entry.alert, sound(entry.detail)],
    )
    assert row.lastrowid is not None
    return row.lastrowid


def entries(db: Database, since: datetime, limit: int = 1000) -> list[Entry]:
    """Return the lines of the audit from `since` on, newest first."""
    rows = db.execute(
        "SELECT at, person, name, action, detail, alert FROM audit WHERE at >= ? ORDER BY id DESC LIMIT ?",
        [stamp(since), limit],
    )
    return [Entry(moment(at), person, name, action, detail, alert) for at, person, name, action, detail, alert in rows]


def verdicts(db: Database, alerts: list[int]) -> dict[int, Verdict]:
    """Return what analysts said of each of these alerts."""
    last: dict[tuple[int, int], tuple[str, str]] = {}
    for alert, person, name, action in db.execute(
        "SELECT alert, person, name, action FROM audit WHERE alert IN (SELECT value FROM json_each(?))"
        " AND action IN (?, ?) ORDER BY id",
        [json_list(alerts), ACKNOWLEDGE, FALSE_ALARM],
    ):
        last.pop((alert, person), None)
        last[alert, person] = (name, action)
    found = dict.fromkeys(alerts, Verdict())
    for (alert, _), (name, action) in last.items():
        one = found[alert]
        if action == ACKNOWLEDGE:
            found[alert] = Verdict((*one.acknowledged, name), one.false_alarm)
        else:
            found[alert] = Verdict(one.acknowledged, (*one.false_alarm, name))
    return found


def last_word(db: Database, alert: int, person: int) -> str | None:
    """Return what an analyst said of an alert last; None: nothing."""
    row = db.execute(
        "SELECT action FROM audit WHERE alert = ? AND person = ? AND action IN (?, ?) ORDER BY id DESC LIMIT 1",
        [alert, person, ACKNOWLEDGE, FALSE_ALARM],
    ).fetchone()
    return row[0] if row else None


def judged(db: Database) -> list[int]:
    """Return the alerts that analysts acknowledged or called false, in order."""
    rows = db.execute(
        "SELECT DISTINCT alert FROM audit WHERE action IN (?, ?) AND alert IS NOT NULL ORDER BY alert",
        [ACKNOWLEDGE, FALSE_ALARM],
    )
    return [row[0] for row in rows]


def ask(db: Database, text: str, now: datetime) -> int:
    """Keep a question whose answer has several pages, for as long as its buttons work; return its number."""
    db.execute("DELETE FROM questions WHERE at < ?", [stamp(now - _QUESTIONS_FOR)])
    row = db.execute("INSERT INTO questions (at, text) VALUES (?, ?)", [stamp(now), sound(text)])
    assert row.lastrowid is not None
    return row.lastrowid


def question(db: Database, number: int) -> str | None:
    """Return a question that was kept; None: it was too long ago."""
    row = db.execute("SELECT text FROM questions WHERE id = ?", [number]).fetchone()
    return row[0] if row else None
