"""Alerts as they are read back: the post's revision, what was found in it, and where else its story stands."""

from __future__ import annotations

import json
from typing import Any

from sqlite_utils import Database

from monitor.models import (
    Alert,
    Appearance,
    EntityMention,
    Findings,
    Forward,
    Level,
    Match,
    Media,
    Mention,
    Post,
)
from monitor.store.chain import moment
from monitor.store.search import channel

DUE = """
    SELECT alerts.id FROM alerts
    JOIN revisions ON revisions.id = alerts.revision JOIN posts ON posts.id = revisions.post
    WHERE alerts.state = 'due' AND alerts.origin = ? ORDER BY coalesce(revisions.edited, posts.date), alerts.id
"""


def read(db: Database, id_: int) -> Alert:
    """Return the alert with this id."""
    story, revision, level = db.execute("SELECT story, revision, level FROM alerts WHERE id = ?", [id_]).fetchone()
    post_row, number, language, post = _post(db, revision)
    return Alert(
        id=id_,
        post=post,
        revision=number,
        language=language,
        findings=_findings(db, revision),
        level=Level(level),
        also_in=_appearances(db, story, post_row),
    )


def _post(db: Database, revision: int) -> tuple[int, int, str | None, Post]:
    row = db.execute(
        "SELECT posts.id, revisions.number, revisions.language, posts.channel, posts.post_id, posts.date, posts.url,"
        " posts.album_ids, revisions.body, revisions.attached, revisions.edited, revisions.raw, revisions.details,"
        " revisions.source FROM revisions JOIN posts ON posts.id = revisions.post WHERE revisions.id = ?",
        [revision],
    ).fetchone()
    post_row, number, language, key, post_id, date, url, album, body, attached, edited, raw, details, source = row
    more: dict[str, Any] = json.loads(details) if details else {}
    post = Post(
        channel=channel(db, key),
        id=post_id,
        date=moment(date),
        body=body,
        raw=raw,
        attached=tuple(json.loads(attached)) if attached else (),
        edited=moment(edited) if edited is not None else None,
        media=tuple(Media(**media) for media in more.get("media", ())),
        forward=_forward(more.get("forward")),
        reply_to=more.get("reply_to"),
        views=more.get("views"),
        album=more.get("album"),
        ids=tuple(json.loads(album)) if album else (post_id,),
        url=url,
        source=source,
    )
    return post_row, number, language, post


def _forward(stored: dict[str, Any] | None) -> Forward | None:
    if stored is None:
        return None
    date = stored.pop("date", None)
    return Forward(**stored, date=moment(date) if date is not None else None)


def _findings(db: Database, revision: int) -> Findings:
    by_match: dict[int | None, list[Mention]] = {}
    rows = db.execute(
        'SELECT match, start, "end", form, lemma, via, entity, rule, term FROM mentions WHERE revision = ? ORDER BY id',
        [revision],
    )
    for match, *fields in rows:
        by_match.setdefault(match, []).append(Mention(*fields))
    matches = [
        Match(rule, title, Level(level), tuple(by_match.get(position, ())))
        for position, rule, title, level in db.execute(
            "SELECT position, rule, title, level FROM matches WHERE revision = ? ORDER BY position", [revision]
        )
    ]
    of_entity: dict[str, list[Mention]] = {}
    for mention in by_match.get(None, ()):
        of_entity.setdefault(str(mention.entity), []).append(mention)
    entities = []
    for id_, mentions in of_entity.items():
        kind, name = db.execute("SELECT kind, name FROM entities WHERE id = ?", [id_]).fetchone()
        entities.append(EntityMention(id_, kind, name, tuple(mentions)))
    return Findings(tuple(matches), tuple(entities))


def _appearances(db: Database, story: int, first: int) -> tuple[Appearance, ...]:
    rows = db.execute(
        "SELECT posts.channel, posts.post_id, story_posts.date, posts.url, story_posts.forwarded"
        " FROM story_posts JOIN posts ON posts.id = story_posts.post"
        " WHERE story_posts.story = ? AND story_posts.post <> ? ORDER BY story_posts.date, posts.id",
        [story, first],
    ).fetchall()
    return tuple(
        Appearance(channel(db, key), post_id, moment(date), url, bool(forwarded))
        for key, post_id, date, url, forwarded in rows
    )
