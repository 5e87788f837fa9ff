"""How an alert reads that stands for others: low ones of some minutes, those above the hour's cap, old posts. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from monitor.alerts.message import Lines, Rendered, listed, one_line, passage_within
from monitor.alerts.phrases import MARKS, channel_name, link, names, number, titles
from monitor.models import Alert, Bundle, Kind

_SHOWN = 15  # members that are shown at most
_ONE_LINE = {0x0A: " ", 0x2028: " ", 0x2029: " "}
_EXCERPT = 120  # characters of each post
_EXCERPT_UNITS = 260
_COUNTS_UNITS = 300
_TITLES = 120
_KEPT_FREE = 60  # UTF-16 units, for the last line
_TELLS = {
    Kind.BUNDLE: "bundled",
    Kind.SUMMARY: "more than are told one by one in an hour",
    Kind.BACKLOG: "older posts, read only now",
}


def render_bundle(bundle: Bundle, *, zone: ZoneInfo, mark: str = "") -> Rendered:
    """Write one message for many alerts: how many of what, and the loudest and first of them, each in two lines."""
    lines = Lines()
    lines.add(MARKS[bundle.level], "level")
    lines.line(f" · {bundle.total:,} alerts · {_TELLS[bundle.kind]}{number(bundle, mark)}")
    if bundle.kind is not Kind.BUNDLE and len(bundle.levels) > 1:
        lines.line(", ".join(f"{count:,} {level.value}" for level, count in bundle.levels), "dim")
    lines.line(_counts("Rules", bundle.rules), "dim")
    lines.line(_counts("Channels", [(channel_name(one), count) for one, count in bundle.channels]), "dim")
    shown = 0
    for member in bundle.members[:_SHOWN]:
        item = _item(member, zone, marked=len(bundle.levels) > 1)
        if item.units > lines.room - _KEPT_FREE:
            break
        lines.extend(item)
        shown += 1
    if shown < bundle.total:
        lines.add(f"… and {bundle.total - shown:,} more; `monitor alerts` lists all.", "dim")
    return lines.rendered(None)


def _counts(what: str, counts: Sequence[tuple[str, int]]) -> str:
    if len(counts) < 2:
        return ""
    return f"{what}: " + listed([f"{one_line(name)} {count:,}" for name, count in counts], _COUNTS_UNITS)


def _item(member: Alert, zone: ZoneInfo, *, marked: bool) -> Lines:
    """Write one member: what was found and where, and below a short passage."""
    post = member.post
    item = Lines()
    item.add("\n")
    if marked:
        item.add(MARKS[member.level].split()[0] + " ")
    what = "" if member.kind is Kind.POST else f"{member.kind.value}: "
    item.add(what + titles(member.findings.matches)[:_TITLES], "level")
    where = f"{channel_name(post.channel)} {post.date.astimezone(zone):%a %H:%M}"
    found = names(member.findings.entities)[:_TITLES]
    item.line(" · " + " · ".join(part for part in (found, where) if part) + number(member))
    item.passage(passage_within(post.text.translate(_ONE_LINE), member.findings.spans, _EXCERPT, _EXCERPT_UNITS))
    item.line(link(post), "link")
    return item
