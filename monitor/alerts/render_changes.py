"""How the replies to an alert read: its post was edited, a further rule fires on it, or it is gone. Pure."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from monitor.alerts.edits import Change, change
from monitor.alerts.message import Lines, Rendered, listed, one_line, passage_within
from monitor.alerts.phrases import MARKS, channel_title, duration, link, local_time, number, titles, why
from monitor.models import Findings, FollowUp, Kind, Match, Span

_SIDE = 500  # characters of each side of a difference that are shown
_SIDE_UNITS = 800
_LOST_UNITS = 300
_KEPT = 300  # characters of a deleted post


def render_follow_up(reply: FollowUp, *, zone: ZoneInfo, mark: str = "") -> Rendered:
    """Write the reply to an alert; what an edit took away stands after −, what it brought after +."""
    return _deletion(reply, zone, mark) if reply.kind is Kind.DELETION else _edit(reply, zone, mark)


def _edit(reply: FollowUp, zone: ZoneInfo, mark: str) -> Rendered:
    lines = Lines()
    new = _new_matches(reply)
    if reply.kind is Kind.RAISE:
        raised = reply.level.rank > reply.alert.level.rank
        lines.add(f"⬆️ RAISED to {MARKS[reply.level]}" if raised else f"➕ {MARKS[reply.level]}", "level")
        lines.line(" · now also " + titles(new) + number(reply, mark))
    else:
        lines.add("✏️ EDITED", "level")
        lines.line(" · " + titles(reply.alert.findings.matches) + number(reply, mark))
    when = local_time(reply.after.as_of, zone)
    since = duration(reply.after.as_of - reply.after.date)
    lines.line(
        f"{channel_title(reply.after.channel)} · edited (revision {reply.revision}) · {when} · after {since}", "dim"
    )
    _add_difference(lines, reply)
    lines.line(link(reply.after), "link")
    if new:
        lines.add("Why: " + why(reply.after.text, new), "dim")
    return lines.rendered(reply.after.url)


def _add_difference(lines: Lines, reply: FollowUp) -> None:
    before, after = reply.before.text, reply.after.text
    found = change(before, after, reply.earlier, reply.findings)
    gone, come = _sides(found)
    if not gone and not come:
        lines.line("The words are the same; pictures, marks or attachments changed.")
        return
    first = found.pieces[[piece.what != "same" for piece in found.pieces].index(True)]
    if before.strip():
        # A side without words of its own is shown around the place where the other side has some.
        lines.passage(
            passage_within(before, gone or [first.before], _SIDE, _SIDE_UNITS), "gone" if gone else "dim", "− "
        )
    if after.strip():
        lines.passage(passage_within(after, come or [first.after], _SIDE, _SIDE_UNITS), "new" if come else "dim", "+ ")
    lost = _lost(reply.earlier, reply.findings)
    if lost:
        lines.line(f"No longer found: {lost}")


def _sides(found: Change) -> tuple[list[Span], list[Span]]:
    gone = [piece.before for piece in found.pieces if piece.what == "gone"]
    come = [piece.after for piece in found.pieces if piece.what == "new"]
    return gone, come


def _new_matches(reply: FollowUp) -> list[Match]:
    known = {match.rule for match in reply.earlier.matches}
    return [match for match in reply.findings.matches if match.rule not in known]


def _lost(earlier: Findings, findings: Findings) -> str:
    """Name the rules and entities that the edit took away."""
    rules = {match.rule for match in findings.matches}
    entities = {entity.id for entity in findings.entities}
    lost = [one_line(match.title) for match in earlier.matches if match.rule not in rules]
    lost += [one_line(entity.name) for entity in earlier.entities if entity.id not in entities]
    return listed(lost, _LOST_UNITS)


def _deletion(reply: FollowUp, zone: ZoneInfo, mark: str) -> Rendered:
    lines = Lines()
    lines.add("🗑 DELETED", "level")
    lines.line(" · " + titles(reply.alert.findings.matches) + number(reply, mark))
    stood = duration(reply.noticed - reply.after.date)
    noticed = local_time(reply.noticed, zone)
    lines.line(f"{channel_title(reply.after.channel)} · noticed {noticed} · stood for at most {stood}", "dim")
    lines.passage(passage_within(reply.after.text, [], _KEPT, _SIDE_UNITS))
    lines.line(link(reply.after), "link")
    lines.add("The text and its hashes are kept.", "dim")
    return lines.rendered(reply.after.url)
