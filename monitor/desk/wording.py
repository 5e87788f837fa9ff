"""How the desk writes what it is asked for: one item of a list each. Pure."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from monitor.alerts.message import Lines, clip, isolated, listed, one_line, passage_within
from monitor.alerts.passage import harmless
from monitor.alerts.phrases import MARKS, channel_name, link, local_time, names, titles
from monitor.health import Coverage, Report
from monitor.language.fold import fold
from monitor.models import Alert, AnyAlert, Bundle, FollowUp, Silence
from monitor.rules.schema import Rule
from monitor.store.audit import Verdict
from monitor.store.records import Found

_EXCERPT = 220  # characters
_ITEM_UNITS = 600
_SAID_UNITS = 200


def alert_item(alert: AnyAlert, verdict: Verdict, zone: ZoneInfo) -> Lines:
    """Write an alert in a few lines: number, level, what, where, when, an excerpt, what analysts said."""
    lines = Lines()
    lines.add(f"#{alert.id} ", "level")
    if isinstance(alert, Bundle):
        lines.line(f"{MARKS[alert.level]} · {alert.total:,} alerts in one ({alert.kind})")
        lines.line(local_time(alert.at, zone), "dim")
        return lines
    post = alert.after if isinstance(alert, FollowUp) else alert.post
    kind = f" · {alert.kind}" if isinstance(alert, FollowUp) else ""
    lines.line(f"{MARKS[alert.level]}{kind} · {titles(alert.findings.matches)}")
    lines.line(names(alert.findings.entities))
    lines.line(f"{channel_name(post.channel)} · {local_time(alert.at, zone)}", "dim")
    lines.passage(passage_within(post.text, alert.findings.spans, _EXCERPT, _ITEM_UNITS))
    said = [*(f"acknowledged by {one}" for one in verdict.acknowledged)]
    said += [f"called a false alarm by {one}" for one in verdict.false_alarm]
    lines.line(link(post), "link")
    lines.line(listed([one_line(one) for one in said], _SAID_UNITS), "dim")
    lines.add("\n")
    return lines


def found_item(found: Found, zone: ZoneInfo) -> Lines:
    """Write a post that a search found, around the words found."""
    lines = Lines()
    post = found.post
    lines.add(channel_name(post.channel), "level")
    old = "" if found.current else " · in an earlier revision"
    lines.line(f" · {local_time(post.date, zone)}{old}")
    folded = fold(post.text)
    spans = [folded.span(start, end) for start, end in found.spans]
    lines.passage(passage_within(post.text, spans, _EXCERPT, _ITEM_UNITS))
    lines.line(link(post), "link")
    lines.add("\n")
    return lines


def silence_item(silence: Silence, channel: str | None, zone: ZoneInfo) -> Lines:
    """Write a silence: its number, what it mutes, until when, and who made it."""
    what = [f"rule {one_line(silence.rule)}" if silence.rule else ""]
    what += [f"entity {one_line(silence.entity)}" if silence.entity else ""]
    what += [f"channel {channel}" if channel else "", f"text {isolated(silence.text)}" if silence.text else ""]
    lines = Lines()
    lines.add(f"{silence.id} ", "level")
    lines.line(" and ".join(one for one in what if one))
    lines.line(f"until {local_time(silence.until, zone)}, by {isolated(silence.by)}", "dim")
    return lines


def rule_item(rule: Rule) -> Lines:
    """Write a rule: its id, title, level and condition."""
    lines = Lines()
    lines.add(one_line(rule.id), "level")
    lines.line(f" · {rule.level} · {one_line(rule.title)}")
    lines.line(clip(" ".join(rule.when_text.split()), 300), "dim")
    return lines


def coverage_item(one: Coverage, zone: ZoneInfo) -> Lines:
    """Write how far a channel is read."""
    lines = Lines()
    lines.add(one_line(one.label), "level")
    rate = f" · {one.posts_a_day:.0f} posts a day" if one.posts_a_day is not None else ""
    lines.line(f" · {one.standing}{rate}{' · joined' if one.joined else ''}")
    if one.answer:
        lines.line(clip(harmless(one.answer), 300), "dim")
    if one.state is not None and one.state.read_at is not None:
        up_to = f", up to post {one.last:,}" if one.last is not None else ""
        lines.line(f"read {local_time(one.state.read_at, zone)}{up_to}", "dim")
    if one.gaps.open or one.gaps.fetched:
        lines.line(f"gaps: {one.gaps.open} open, {one.gaps.fetched} posts fetched later", "dim")
    return lines


def status_lines(report: Report, waiting: int, now: datetime, zone: ZoneInfo) -> list[Lines]:
    """Write how the reading goes: coverage in a sentence, what holds it, what a person must see to."""
    lines = Lines()
    lines.line(coverage_sentence(report, now, zone))
    for flood in report.floods:
        lines.line(f"Telegram asks to wait with {flood.action or 'everything'} until {local_time(flood.until, zone)}.")
    lines.line(f"{report.last_minute} requests in the last minute; {waiting} messages wait to be sent.", "dim")
    found = [lines]
    for sentence in report.attention:
        one = Lines()
        one.line("⚠ " + clip(harmless(sentence), 500))
        found.append(one)
    return found


def coverage_sentence(report: Report, now: datetime, zone: ZoneInfo) -> str:
    """Say in a sentence how many channels are read how freshly, so that a quiet day differs from a blind one."""
    reading = [one for one in report.coverage if one.standing == "open" and one.state and one.state.read_at]
    if not report.coverage:
        return "No channels are configured."
    if not reading:
        return f"None of {len(report.coverage)} channels is read."
    oldest = max((now - one.state.read_at).total_seconds() for one in reading if one.state and one.state.read_at)
    gaps = sum(one.gaps.open for one in report.coverage)
    minutes = max(1, -(-int(oldest) // 60))
    parts = [f"{len(reading)} of {len(report.coverage)} channels read to within {minutes:,} min"]
    held = max((flood.until for flood in report.floods), default=None)
    if held is not None:
        parts.append(f"held until {held.astimezone(zone):%H:%M}")
    parts.append("no gaps" if not gaps else f"{gaps} gaps not looked into yet")
    return "; ".join(parts) + "."


def why_lines(alert: Alert | FollowUp, explained: str) -> Lines:
    """Write why an alert rang: what the rules say of its text now."""
    lines = Lines()
    lines.line(f"#{alert.id} {MARKS[alert.level]}", "level")
    lines.line(clip(harmless(explained), lines.room - 20))
    return lines
