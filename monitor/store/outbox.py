"""What each notifier is to send next, and what it has sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from monitor.models import Level, Note
from monitor.store.random_ids import RandomIds
from monitor.store.records import Delivery
from monitor.store.rows import json_list, moment, sound, stamp

RUN = "run"
_EDITABLE = timedelta(hours=72)  # after which a message is not brought up to date any more
_LONGEST = timedelta(hours=1)  # for which an edit or a message that was refused waits
_LOUDEST_FIRST = "CASE a.level WHEN 'high' THEN 0 WHEN 'medium' THEN 1 ELSE 2 END"
# An alert that a notifier has not sent and may send: the parameter is the notifier.
_UNSENT = (
    "FROM outboxes o JOIN alerts a ON a.id >= max(o.first_alert, o.settled_below)"
    " LEFT JOIN sent s ON s.alert = a.id AND s.notifier = o.notifier"
    " LEFT JOIN refusals f ON f.notifier = o.notifier AND f.kind = 'alert' AND f.id = a.id"
    " WHERE o.notifier = :notifier AND a.origin = o.origin AND a.state IN ('due', 'delivered') AND s.alert IS NULL"
)
_OUTDATED = (
    "FROM sent s JOIN alerts a ON a.id = s.alert"
    " LEFT JOIN refusals f ON f.notifier = s.notifier AND f.kind = 'edit' AND f.id = a.id"
    " WHERE s.notifier = :notifier AND s.at >= :since AND s.version < a.version AND s.message IS NOT NULL"
    " AND a.edit_due IS NOT NULL"
)
# What is dated later than it can be was dated before the clock was set back, and is not waited for.
_ALERT_DUE = "(a.due_at <= :now OR a.decided_at > :now)"
_EDIT_DUE = "(a.edit_due <= :now OR a.edit_due > :latest)"
_NOT_REFUSED = "(f.id IS NULL OR f.retry_at <= :now OR f.retry_at > :latest)"


@dataclass(frozen=True, slots=True)
class DueAlert:
    """An alert to send, or (`sent` is the notifier's id of the message) to bring up to date."""

    alert: int
    random_id: int
    ring: bool
    version: int
    reply_to: str | None = None
    sent: str | None = None


@dataclass(frozen=True, slots=True)
class DueNote:
    """A notice to send."""

    note: Note
    random_id: int


@dataclass(frozen=True, slots=True)
class Held:
    """A notifier's outbox: failures in a row, what stands in the way until when, what waits, what it will not take."""

    notifier: str
    failures: int
    retry_at: datetime | None
    fault: str | None
    waiting: int
    oldest: datetime | None
    refused: int


def open_outbox(db: Database, notifier: str, now: datetime, origin: str = RUN) -> Held:
    """Make the outbox of a notifier unless it is there: it tells what of this origin is due now or comes later.

    Notices are of the run, and only its outboxes tell them.
    """
    db.execute(
        "INSERT INTO outboxes (notifier, origin, first_alert, settled_below, first_notice) SELECT :notifier, :origin,"
        " coalesce((SELECT min(id) FROM alerts WHERE state = 'due' AND origin = :origin),"
        " (SELECT max(id) + 1 FROM alerts), 1), 0,"
        " coalesce((SELECT min(id) FROM notices WHERE told_at IS NULL), (SELECT max(id) + 1 FROM notices), 1)"
        " WHERE true ON CONFLICT (notifier) DO NOTHING",
        {"notifier": notifier, "origin": origin},
    )
    return next(one for one in outboxes(db, now) if one.notifier == notifier)


def outboxes(db: Database, now: datetime) -> list[Held]:
    """Return all outboxes by name."""
    found = []
    for notifier, failures, retry_at, fault in db.execute(
        "SELECT notifier, failures, retry_at, fault FROM outboxes ORDER BY notifier"
    ).fetchall():
        waiting, oldest = db.execute(
            f"SELECT count(*), min(a.due_at) {_UNSENT} AND {_ALERT_DUE}", _times(notifier, now)
        ).fetchone()
        refused = db.execute("SELECT count(*) FROM refusals WHERE notifier = ?", [notifier]).fetchone()[0]
        until = moment(retry_at) if retry_at else None
        found.append(Held(notifier, failures, until, fault, waiting, moment(oldest) if oldest else None, refused))
    return found


def close_others(db: Database, notifiers: list[str]) -> list[str]:
    """Forget the outboxes of a run's notifiers that are not among these, and return their names: nobody is told by them
    any more, and one that comes back begins anew."""
    gone = [
        str(name)
        for (name,) in db.execute(
            "SELECT notifier FROM outboxes WHERE origin = 'run' AND notifier NOT IN (SELECT value FROM json_each(?))",
            [json_list(notifiers)],
        ).fetchall()
    ]
    for name in gone:
        db.execute("DELETE FROM outboxes WHERE notifier = ?", [name])
        db.execute("DELETE FROM refusals WHERE notifier = ?", [name])
    return gone


def sent_since(db: Database, notifier: str, since: datetime) -> list[datetime]:
    """Return when a notifier sent something from `since` on: what its limits look back at."""
    rows = db.execute(
        "SELECT at FROM deliveries WHERE notifier = :notifier AND at >= :since AND id >"
        " (SELECT coalesce(max(id), 0) - 200 FROM deliveries)"
        " UNION ALL SELECT at FROM sent_notices WHERE notifier = :notifier AND at >= :since",
        {"notifier": notifier, "since": stamp(since)},
    )
    return [moment(row[0]) for row in rows]


def next_note(db: Database, notifier: str, now: datetime) -> DueNote | None:
    """Return the first notice that a notifier has not sent."""
    row = db.execute(
        "SELECT n.id, n.kind, n.level, n.text, n.at, (SELECT png FROM pictures WHERE notice = n.id)"
        " FROM outboxes o JOIN notices n ON n.id >= o.first_notice"
        " LEFT JOIN sent_notices s ON s.notice = n.id AND s.notifier = o.notifier"
        " LEFT JOIN refusals f ON f.notifier = o.notifier AND f.kind = 'notice' AND f.id = n.id"
        f" WHERE o.notifier = :notifier AND o.origin = 'run' AND s.notice IS NULL AND {_NOT_REFUSED}"
        " ORDER BY n.id LIMIT 1",
        _times(notifier, now),
    ).fetchone()
    if row is None:
        return None
    id_, kind, level, text, at, picture = row
    return DueNote(Note(id_, kind, Level(level), text, moment(at), picture), RandomIds(db).of_notice(id_, at))


def next_alert(db: Database, notifier: str, now: datetime) -> DueAlert | None:
    """Return the alert that a notifier is to send first: the loudest and, of these, the one due first.

    A reply waits for the alert that it answers.
    """
    values = _times(notifier, now)
    row = db.execute(
        f"SELECT a.id {_UNSENT} AND {_ALERT_DUE} AND {_NOT_REFUSED} ORDER BY {_LOUDEST_FIRST}, a.due_at, a.id LIMIT 1",
        values,
    ).fetchone()
    if row is None:
        return None
    alert = row[0]
    while (answered := _unsent_answered(db, alert, values)) is not None:
        alert = answered
    random_id, ring, version, reply_to = db.execute(
        "SELECT random_id, ring, version, reply_to FROM alerts WHERE id = ?", [alert]
    ).fetchone()
    return DueAlert(alert, random_id, bool(ring), version, _message_of(db, reply_to, notifier))


def next_edit(db: Database, notifier: str, now: datetime) -> DueAlert | None:
    """Return the sent alert that is to be brought up to date first."""
    row = db.execute(
        f"SELECT a.id, a.random_id, a.version, s.message {_OUTDATED} AND {_EDIT_DUE} AND {_NOT_REFUSED}"
        " ORDER BY a.edit_due, a.id LIMIT 1",
        _times(notifier, now),
    ).fetchone()
    return DueAlert(row[0], row[1], False, row[2], sent=row[3]) if row else None


def next_at(db: Database, notifier: str, now: datetime, *, edits: bool) -> datetime | None:
    """Return when something will be due for a notifier that is not due yet; None: nothing is in sight."""
    values = _times(notifier, now)
    times = [db.execute(f"SELECT min(a.due_at) {_UNSENT} AND a.due_at > :now", values).fetchone()[0]]
    if edits:
        times.append(db.execute(f"SELECT min(a.edit_due) {_OUTDATED} AND a.edit_due > :now", values).fetchone()[0])
    times.append(
        db.execute(
            "SELECT min(retry_at) FROM refusals WHERE notifier = :notifier AND retry_at > :now", values
        ).fetchone()[0]
    )
    return min((moment(time) for time in times if time), default=None)


def note_sent(db: Database, notifier: str, due: DueAlert, now: datetime, message: str | None, *, chief: bool) -> None:
    """Note that an alert went out or was brought up to date; the chief notifier's word makes it told."""
    values = [due.alert, notifier, message, due.version, stamp(now)]
    db.execute(
        "INSERT INTO sent (alert, notifier, message, version, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT (alert, notifier)"
        " DO UPDATE SET version = max(version, excluded.version)",
        values,
    )
    db.execute(
        "INSERT INTO deliveries (alert, notifier, at, message, outcome) VALUES (?, ?, ?, ?, ?)",
        [due.alert, notifier, stamp(now), message, "delivered" if due.sent is None else "edited"],
    )
    db.execute(
        "DELETE FROM refusals WHERE notifier = ? AND id = ? AND kind = ?",
        [notifier, due.alert, "alert" if due.sent is None else "edit"],
    )
    if chief:
        db.execute(
            "UPDATE alerts SET shown = max(shown, ?), state = iif(state = 'due', 'delivered', state) WHERE id = ?",
            [due.version, due.alert],
        )
    if due.sent is None:
        _settle(db, notifier)


def note_notice_sent(
    db: Database, notifier: str, notice: int, now: datetime, message: str | None, *, chief: bool
) -> None:
    """Note that a notice went out."""
    db.execute(
        "INSERT INTO sent_notices (notice, notifier, message, at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (notice, notifier) DO NOTHING",
        [notice, notifier, message, stamp(now)],
    )
    db.execute("DELETE FROM refusals WHERE notifier = ? AND kind = 'notice' AND id = ?", [notifier, notice])
    if chief:
        db.execute("UPDATE notices SET told_at = coalesce(told_at, ?) WHERE id = ?", [stamp(now), notice])


def note_refused(db: Database, notifier: str, kind: str, id_: int, now: datetime, reason: str) -> None:
    """Note that a notifier does not take a message (`kind` is alert, edit or notice); it is tried again, ever later."""
    row = db.execute(
        "SELECT attempts FROM refusals WHERE notifier = ? AND kind = ? AND id = ?", [notifier, kind, id_]
    ).fetchone()
    attempts = (row[0] if row else 0) + 1
    again = now + min(_LONGEST, timedelta(minutes=2 ** min(attempts - 1, 6)))
    db.execute(
        "INSERT OR REPLACE INTO refusals (notifier, kind, id, attempts, retry_at, reason) VALUES (?, ?, ?, ?, ?, ?)",
        [notifier, kind, id_, attempts, stamp(again), sound(reason)],
    )


def note_held(db: Database, notifier: str, failures: int, until: datetime | None, fault: str | None) -> None:
    """Note what stands in a notifier's way and until when; None: nothing does."""
    db.execute(
        "UPDATE outboxes SET failures = ?, retry_at = ?, fault = ? WHERE notifier = ?",
        [failures, stamp(until) if until else None, sound(fault) if fault else None, notifier],
    )


def states(db: Database, alerts: list[int]) -> dict[int, str]:
    """Say of each of these alerts what became of it: due, delivered, folded into another, silenced."""
    rows = db.execute(
        "SELECT id, state, folded_in, due_at FROM alerts WHERE id IN (SELECT value FROM json_each(?))",
        [json_list(alerts)],
    )
    return {
        id_: f"folded into alert {folded}" if folded else f"due {due}" if state == "due" else state
        for id_, state, folded, due in rows
    }


def deliveries(db: Database, alert: int) -> list[Delivery]:
    """Return when which notifier sent or edited an alert, the first time first."""
    rows = db.execute("SELECT at, notifier, outcome, message FROM deliveries WHERE alert = ? ORDER BY id", [alert])
    return [Delivery(moment(at), notifier, outcome, message) for at, notifier, outcome, message in rows]


def _times(notifier: str, now: datetime) -> dict[str, str]:
    """Return the parameters of what is due by now."""
    return {
        "notifier": notifier,
        "now": stamp(now),
        "latest": stamp(now + _LONGEST),
        "since": stamp(now - _EDITABLE),
    }


def _unsent_answered(db: Database, alert: int, values: dict[str, str]) -> int | None:
    row = db.execute(
        f"SELECT a.id {_UNSENT} AND {_ALERT_DUE} AND f.id IS NULL"
        " AND a.id = (SELECT reply_to FROM alerts WHERE id = :alert)",
        {**values, "alert": alert},
    ).fetchone()
    return row[0] if row else None


def _message_of(db: Database, alert: int | None, notifier: str) -> str | None:
    """Return the message that shows an alert: its own, or that of the alert into which it was folded."""
    while alert is not None:
        row = db.execute(
            "SELECT s.message, a.folded_in FROM alerts a LEFT JOIN sent s ON s.alert = a.id AND s.notifier = ?"
            " WHERE a.id = ?",
            [notifier, alert],
        ).fetchone()
        if row is None or row[0] is not None:
            return row[0] if row else None
        alert = row[1]
    return None


def _settle(db: Database, notifier: str) -> None:
    """Move the mark below which nothing is left to send."""
    first = db.execute(f"SELECT min(a.id) {_UNSENT}", {"notifier": notifier}).fetchone()[0]
    db.execute(
        "UPDATE outboxes SET settled_below = coalesce(?, (SELECT coalesce(max(id), 0) + 1 FROM alerts))"
        " WHERE notifier = ?",
        [first, notifier],
    )
