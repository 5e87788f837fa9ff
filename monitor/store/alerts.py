"""Alerts read back as what the analyst is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from monitor.models import Alert, AnyAlert, Appearance, Bundle, Findings, FollowUp, Kind, Level, Post
from monitor.store.findings import findings
from monitor.store.rows import (
    CHANNEL_COLUMNS,
    POST_COLUMNS,
    POST_TABLES,
    POST_WIDTH,
    channel,
    json_list,
    json_values,
    moment,
    post,
)

MEMBERS = 40  # of a bundle that are given one by one
_STANDING_FOR_OTHERS = (Kind.BUNDLE, Kind.SUMMARY, Kind.BACKLOG)
_FOLLOWING = (Kind.EDIT, Kind.RAISE, Kind.DELETION)
_BY_LEVEL = "CASE m.level WHEN 'high' THEN 0 WHEN 'medium' THEN 1 ELSE 2 END"
_MATCHES = "JOIN matches f ON f.revision = m.revision"
_CHANNELS = "JOIN revisions r ON r.id = m.revision JOIN posts p ON p.id = r.post JOIN channels c ON c.id = p.channel"


def read_alerts(db: Database, ids: Sequence[int]) -> list[AnyAlert]:
    """Return these alerts, in this order; one that is not there is left out."""
    rows = db.execute(
        "SELECT id, kind, level, reply_to, decided_at, open_until FROM alerts"
        " WHERE id IN (SELECT value FROM json_each(?))",
        [json_list(ids)],
    ).fetchall()
    kinds = {row[0]: Kind(row[1]) for row in rows}
    answered = [row[3] for row in rows if row[3] is not None]
    posts = _of_posts(db, [id_ for id_, kind in kinds.items() if kind not in _STANDING_FOR_OTHERS] + answered)
    found: dict[int, AnyAlert] = {}
    for id_, _, level, reply_to, decided, until in rows:
        if kinds[id_] in _STANDING_FOR_OTHERS:
            found[id_] = _bundle(db, id_, kinds[id_], Level(level), moment(decided), moment(until))
        elif kinds[id_] in _FOLLOWING and reply_to in posts:
            found[id_] = _follow_up(db, posts[id_], posts[reply_to], moment(decided))
        elif id_ in posts:
            found[id_] = posts[id_]
    return [found[id_] for id_ in ids if id_ in found]


def appearances(db: Database, stories: Sequence[int]) -> list[tuple[int, int, Appearance]]:
    """Return story, row of the post, and the appearance, for all posts of these stories, oldest first."""
    rows = db.execute(
        f"SELECT {CHANNEL_COLUMNS}, s.story, p.id, p.post_id, p.date, p.url, r.forward IS NOT NULL"
        " FROM story_posts s"
        " JOIN posts p ON p.id = s.post JOIN revisions r ON r.id = s.revision JOIN channels c ON c.id = p.channel"
        " WHERE s.story IN (SELECT value FROM json_each(?)) ORDER BY p.date, p.id",
        [json_list(stories)],
    ).fetchall()
    return [
        (story, row_id, Appearance(channel(*row[:4]), post_id, moment(date), url, bool(forwarded)))
        for row in rows
        for story, row_id, post_id, date, url, forwarded in [row[4:]]
    ]


def _of_posts(db: Database, ids: Sequence[int]) -> dict[int, Alert]:
    """Return the alerts that are about a post, by their ids."""
    rows = db.execute(
        f"SELECT {POST_COLUMNS}, a.id, a.story, r.id, p.id, r.number, r.language, a.level, a.kind, a.state, a.news,"
        " (SELECT min(n.id) FROM alerts n WHERE n.story = a.near AND n.kind = 'post' AND n.state <> 'silenced'),"
        " (SELECT d.noticed_at FROM deletions d WHERE d.post = p.id)"
        f" FROM {POST_TABLES} JOIN alerts a ON a.revision = r.id WHERE a.id IN (SELECT value FROM json_each(?))",
        [json_list(ids)],
    ).fetchall()
    found = findings(db, [row[POST_WIDTH + 2] for row in rows])
    also: dict[int, list[tuple[int, Appearance]]] = {}
    for story, post_row, appearance in appearances(db, [row[POST_WIDTH + 1] for row in rows]):
        also.setdefault(story, []).append((post_row, appearance))
    return {
        id_: Alert(
            id=id_,
            post=post(row[:POST_WIDTH]),
            revision=number,
            language=language,
            findings=found[revision],
            level=Level(level),
            also_in=tuple(appearance for other, appearance in also.get(story, ()) if other != post_row),
            of_story=near,
            news=json_values(news, str),
            kind=Kind(kind),
            silenced=state == "silenced",
            deleted=moment(gone) if gone else None,
        )
        for row in rows
        for id_, story, revision, post_row, number, language, level, kind, state, news, near, gone in [row[POST_WIDTH:]]
    }


def _follow_up(db: Database, changed: Alert, answered: Alert, decided: datetime) -> FollowUp:
    before, earlier = changed.post, changed.findings
    if changed.kind is not Kind.DELETION:
        before, earlier = _revision_before(db, changed) or (before, earlier)
    return FollowUp(
        id=changed.id,
        kind=changed.kind,
        alert=replace(answered, also_in=()),
        before=before,
        after=changed.post,
        revision=changed.revision,
        earlier=earlier,
        findings=changed.findings,
        level=changed.level,
        noticed=decided if changed.deleted is None else changed.deleted,
    )


def _revision_before(db: Database, changed: Alert) -> tuple[Post, Findings] | None:
    row = db.execute(
        f"SELECT {POST_COLUMNS}, r.id FROM {POST_TABLES}"
        " JOIN revisions n ON n.post = r.post AND r.number = n.number - 1"
        " JOIN alerts a ON a.revision = n.id WHERE a.id = ?",
        [changed.id],
    ).fetchone()
    return None if row is None else (post(row[:POST_WIDTH]), findings(db, [row[POST_WIDTH]])[row[POST_WIDTH]])


def _bundle(db: Database, id_: int, kind: Kind, level: Level, opened: datetime, until: datetime) -> Bundle:
    members = [
        row[0]
        for row in db.execute(
            f"SELECT m.id FROM alerts m WHERE m.folded_in = ? ORDER BY {_BY_LEVEL}, m.id LIMIT ?", [id_, MEMBERS]
        ).fetchall()
    ]
    posts = _of_posts(db, members)
    levels = _counts(db, "m.level", "", id_)
    return Bundle(
        id=id_,
        kind=kind,
        level=level,
        opened=opened,
        until=until,
        members=tuple(posts[member] for member in members),
        total=sum(count for _, count in levels),
        levels=tuple(sorted(((Level(one), count) for one, count in levels), key=lambda one: -one[0].rank)),
        rules=tuple((title, count) for title, count in _counts(db, "f.title", _MATCHES, id_)),
        channels=tuple(
            (channel(*given), count) for *given, _, count in _counts(db, f"{CHANNEL_COLUMNS}, c.id", _CHANNELS, id_)
        ),
    )


def _counts(db: Database, what: str, joined: str, bundle: int) -> list[tuple[Any, ...]]:
    """Count the members of a bundle by something, most first."""
    places = ", ".join(str(place) for place in range(1, what.count(",") + 2))
    return db.execute(
        f"SELECT {what}, count(*) AS members FROM alerts m {joined} WHERE m.folded_in = ?"
        f" GROUP BY {places} ORDER BY members DESC, {places}",
        [bundle],
    ).fetchall()
