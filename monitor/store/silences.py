"""Silences: written once, ended by a line of their own, never changed."""

from __future__ import annotations

from datetime import datetime

from sqlite_utils import Database

from monitor.models import Silence
from monitor.store.rows import moment, sound_or_none, stamp

_ENDS = "min(s.ends_at, coalesce((SELECT min(e.at) FROM silence_ends e WHERE e.silence = s.id), s.ends_at))"
_SELECT = f"SELECT s.id, s.made_at, {_ENDS}, s.rule, s.entity, s.channel, s.text, s.made_by FROM silences s"


def add_silence(db: Database, silence: Silence) -> int:
    """Write a silence down; return its number. ValueError: it has no condition, or its end is not after its start."""
    if not (silence.rule or silence.entity or silence.channel is not None or silence.text):
        raise ValueError("a silence needs a rule, an entity, a channel or a text; without one it would mute everything")
    if silence.until <= silence.made:
        raise ValueError("a silence ends after it begins")
    row = db.execute(
        "INSERT INTO silences (made_at, made_by, ends_at, rule, entity, channel, text) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            *(stamp(silence.made), silence.by, stamp(silence.until), silence.rule, silence.entity, silence.channel),
            sound_or_none(silence.text),
        ],
    )
    assert row.lastrowid is not None
    return row.lastrowid


def end_silence(db: Database, silence: int, at: datetime, by: str) -> bool:
    """End a silence before its time; False: there is none with this number, or it is over."""
    row = db.execute(f"SELECT {_ENDS} FROM silences s WHERE s.id = ?", [silence]).fetchone()
    if row is None or moment(row[0]) <= at:
        return False
    db.execute("INSERT INTO silence_ends (silence, at, by) VALUES (?, ?, ?)", [silence, stamp(at), by])
    return True


def silences(db: Database, now: datetime) -> list[Silence]:
    """Return the silences that are not over, those that end first at first."""
    rows = db.execute(f"{_SELECT} WHERE s.ends_at > ? ORDER BY s.id", [stamp(now)]).fetchall()
    found = [
        Silence(moment(made), moment(until), rule, entity, channel, text, by, id_)
        for id_, made, until, rule, entity, channel, text, by in rows
    ]
    return sorted((silence for silence in found if silence.until > now), key=lambda silence: silence.until)
