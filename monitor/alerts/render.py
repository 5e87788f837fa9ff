"""How an alert reads: plain text plus styled spans, the same for the chat and for the screen. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from monitor.alerts.message import Lines, Rendered, Style, listed, merged, one_line, passage_within, units
from monitor.alerts.phrases import MARKS, channel_name, delay, heading, link, local_time, names, number, titles, why
from monitor.alerts.render_bundles import render_bundle
from monitor.alerts.render_changes import render_follow_up
from monitor.alerts.render_notes import render_note
from monitor.models import Alert, Appearance, Bundle, FollowUp, Message, Note, Post

__all__ = ["PASSAGE", "Rendered", "Style", "local_time", "merged", "render", "why"]

PASSAGE = 900  # characters of the post that are shown
_ALSO = 8  # appearances that are named one by one
_ALSO_UNITS = 500  # UTF-16 units
_NEWS_UNITS = 240


def render(alert: Message, *, zone: ZoneInfo, passage_limit: int = PASSAGE, mark: str = "") -> Rendered:
    """Write the message of an alert or note; `zone` is the desk's, `passage_limit` the longest cut of the post
    (characters), `mark` a word before the number that sets apart what is not told in earnest.

    It is within Telegram's limits whatever the post holds.
    """
    match alert:
        case Note():
            return render_note(alert, zone=zone)
        case FollowUp():
            return render_follow_up(alert, zone=zone, mark=mark)
        case Bundle() if alert.only is not None:
            return _render_post(alert.only, zone, passage_limit, mark)
        case Bundle():
            return render_bundle(alert, zone=zone, mark=mark)
        case Alert():
            return _render_post(alert, zone, passage_limit, mark)


def _render_post(alert: Alert, zone: ZoneInfo, limit: int, mark: str) -> Rendered:
    post = alert.post
    lines = Lines()
    lines.add(MARKS[alert.level], "level")
    lines.line(" · " + titles(alert.findings.matches) + number(alert, mark))
    lines.line(names(alert.findings.entities))
    lines.line(heading(alert, zone), "dim")
    lines.line(_nearly(alert))
    also = _also(post, alert.also_in) if alert.also_in else ""
    reason = "Why: " + why(post.text, alert.findings.matches)
    room = lines.room - sum(units(part) + 1 for part in (also, link(post), reason))
    lines.passage(passage_within(post.text, alert.findings.spans, limit, room))
    lines.line(also)
    lines.line(link(post), "link")
    lines.add(reason, "dim")
    return lines.rendered(post.url)


def _nearly(alert: Alert) -> str:
    """Say of which alert the text is nearly a copy, and what is new in it."""
    news = listed([one_line(one) for one in alert.news], _NEWS_UNITS, ", ") if alert.news else ""
    if alert.of_story is None:
        return ""
    return f"Nearly as #{alert.of_story}" + (f"; new here: {news}" if news else "")


def _also(first: Post, appearances: Sequence[Appearance]) -> str:
    named = [_appearance(first, appearance) for appearance in appearances[:_ALSO]]
    return "Also in " + listed(named, _ALSO_UNITS, ", ", total=len(appearances))


def _appearance(first: Post, appearance: Appearance) -> str:
    late = delay(appearance.date - first.date)
    return f"{channel_name(appearance.channel)} {late}" + (" (forward)" if appearance.forwarded else "")
