"""The phrases that messages are made of: who, when, what kind of post, which words. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.alerts.message import isolated, listed, one_line
from monitor.alerts.passage import harmless, quoted_whole
from monitor.models import Alert, AnyAlert, Channel, EntityMention, FollowUp, Level, Match, Mention, Post

MARKS = {Level.HIGH: "🔴 HIGH", Level.MEDIUM: "🟠 MEDIUM", Level.LOW: "⚪ LOW"}
_FORMS = 6  # forms of one rule that the last line names
_FORM = 40  # characters of one
_TITLES = _NAMES = 380  # UTF-16 units
_WHY = 560
_KINDS_UNITS = 120
_LONGEST_LINK = 400  # characters; a longer one is no link of a post
_KINDS = ("person", "organisation", "place")
_ATTACHED = {"voice": "voice message", "round": "video message", "other": "attachment"}


def number(alert: AnyAlert, mark: str = "") -> str:
    """Write an alert's number as it stands at the end of the first line, by which the desk's commands and other alerts
    refer to it; a reply names the alert that it answers, too. `mark` stands before it."""
    if alert.id is None:
        return f" · {mark}" if mark else ""
    answered = f" to #{alert.alert.id}" if isinstance(alert, FollowUp) and alert.alert.id is not None else ""
    return " · " + " ".join(part for part in (mark, f"#{alert.id}{answered}") if part)


def titles(matches: Iterable[Match]) -> str:
    """Name the rules that fired."""
    return listed([one_line(match.title) for match in matches], _TITLES)


def names(entities: Iterable[EntityMention]) -> str:
    """Name the entities: persons, then organisations, then places."""
    ordered = sorted(entities, key=lambda entity: _KINDS.index(entity.kind))
    return listed([one_line(entity.name) for entity in ordered], _NAMES)


def why(text: str, matches: Iterable[Match]) -> str:
    """Say in one line which words made which rule fire, as they stand in `text`."""
    return listed([f"{match.rule} ({', '.join(_forms(text, match.mentions))})" for match in matches], _WHY)


def _forms(text: str, mentions: Iterable[Mention]) -> list[str]:
    spans = (quoted_whole(text, mention.span) for mention in mentions)
    forms = list(dict.fromkeys(one_line(text[start:end], _FORM) for start, end in spans))
    return forms if len(forms) <= _FORMS else [*forms[:_FORMS], "…"]


def local_time(moment: datetime, zone: ZoneInfo) -> str:
    """Write a time in the desk's zone and in UTC: `Sun 4 Jun 2023 11:30 CEST (09:30 UTC)`."""
    there = moment.astimezone(zone)
    date = f"{there:%a} {there.day} {there:%b} {there.year} {there:%H:%M}"
    if there.utcoffset() == timedelta(0):
        return f"{date} UTC"
    return f"{date} {there.tzname()} ({moment.astimezone(UTC):%H:%M} UTC)"


def channel_title(channel: Channel) -> str:
    """Name a channel by its title and user name, as far as they are known."""
    title, name = channel.title, channel.name
    if title and name and title != name:
        return f"{isolated(title)} (@{one_line(name)})"
    return channel_name(channel)


def channel_name(channel: Channel) -> str:
    """Name a channel by its user name, else by its title, else by its number."""
    if channel.name:
        return f"@{one_line(channel.name)}"
    return isolated(channel.title) if channel.title else f"channel {channel.id}"


def kinds(post: Post) -> list[str]:
    """Say what a post carries beside text."""
    found = [_ATTACHED.get(media.kind, media.kind) for media in post.media]
    if len(post.ids) > 1:
        return [f"album of {len(post.ids)}"]
    return [f"{one_line(kind)}s" if found.count(kind) > 1 else one_line(kind) for kind in dict.fromkeys(found)]


def link(post: Post) -> str:
    """Return the page of a post as it stands in a message; nothing where there is none."""
    return harmless(post.url) if post.url and len(post.url) <= _LONGEST_LINK else ""


def heading(alert: Alert, zone: ZoneInfo) -> str:
    """Say where and when a post was published, in which language, and what it is."""
    post = alert.post
    parts = [channel_title(post.channel), local_time(post.date, zone)]
    if alert.language:
        parts.append(alert.language)
    if post.media or len(post.ids) > 1:
        parts.append(listed(kinds(post), _KINDS_UNITS))
    if post.forward:
        origin = f" from {isolated(post.forward.name)}" if post.forward.name else ""
        parts.append(f"forward{origin}")
    if alert.revision > 1:
        parts.append(f"edited (revision {alert.revision})")
    if alert.deleted is not None:
        parts.append("deleted")
    if alert.silenced:
        parts.append("silenced")
    return " · ".join(parts)


def delay(length: timedelta) -> str:
    """Write how long after (or before) something came: `+7 min`, `−1 h 35`."""
    seconds = length.total_seconds()
    return ("+" if seconds >= 0 else "−") + duration(abs(length))


def duration(length: timedelta) -> str:
    """Write a length of time: `7 min`, `1 h 35`, `3 d 4 h`."""
    minutes = round(length.total_seconds() / 60)
    if minutes < 90:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h {minutes % 60:02d}"
    return f"{minutes // 1440} d {minutes % 1440 // 60} h"
