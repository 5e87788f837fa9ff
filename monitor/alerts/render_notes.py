"""How a note about the monitor itself reads. Pure."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from monitor.alerts.message import Lines, Rendered, clip
from monitor.alerts.passage import harmless
from monitor.alerts.phrases import MARKS, local_time
from monitor.models import Note

_KEPT_FREE = 10


def render_note(note: Note, *, zone: ZoneInfo) -> Rendered:
    """Write a note: its level and kind, its text, and when it was noticed."""
    lines = Lines()
    lines.add(MARKS[note.level], "level")
    lines.line(f" · monitor · {note.kind}")
    when = f"Noticed {local_time(note.at, zone)}"
    lines.line(clip(harmless(note.text), lines.room - len(when) - _KEPT_FREE))
    lines.add(when, "dim")
    return lines.rendered(None)
