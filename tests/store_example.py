"""Posts and entries for the tests of the store."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from monitor.models import (
    Channel,
    Due,
    EntityMention,
    Findings,
    Level,
    Match,
    Mention,
    Post,
    StoryChoice,
)
from monitor.store.records import Entry, Fresh, Recorded
from monitor.store.store import Store

NOW = datetime(2024, 1, 1, 12, tzinfo=UTC)
SUNDAY = datetime(2023, 6, 4, 9, tzinfo=UTC)
CORPS = Channel(1700000001, "russvolcorps", "РДК")
NOTHING = Findings((), ())


def post(number: int, body: str = "Пленных двое.", channel: Channel = CORPS, **more: Any) -> Post:
    """A post of Sunday, `number` minutes after nine."""
    more.setdefault("date", SUNDAY + timedelta(minutes=number))
    more.setdefault("raw", f'{{"id": {number}}}'.encode())
    return Post(channel, number, body=body, **more)


def entry(fresh: Fresh, findings: Findings = NOTHING, language: str | None = "ru", **more: Any) -> Entry:
    """A fresh post as the pipeline hands it back."""
    more.setdefault("folded", fresh.post.text.lower().replace("ё", "е"))
    return Entry(fresh, language, findings, story=more.pop("story", None), due=more.pop("due", None), **more)


def keep(store: Store, *posts: Post, findings: Findings = NOTHING, language: str | None = "ru") -> list[Recorded]:
    """Store what is fresh of `posts`, in one batch."""
    return store.record([entry(fresh, findings, language) for fresh in store.fresh(posts, NOW)], NOW)


def places(fresh: Sequence[Fresh]) -> list[tuple[int, int, str]]:
    """Post id, revision number and text of what is fresh."""
    return [(one.post.id, one.revision, one.post.text) for one in fresh]


def found(text: str = "Пленных двое.") -> Findings:
    """Two matches and two entities, which share mentions and a span."""
    captive = Mention(0, 7, "пленных", "пленный", "genitive plural", rule="prisoners", term="captive")
    corps = Mention(8, len(text), "двое", "РДК", "as written", entity="russian-volunteer-corps")
    legion = Mention(8, len(text), "двое", "Легион", "prefix", entity="freedom-of-russia-legion")
    return Findings(
        (
            Match("prisoners", "Prisoners of war", Level.HIGH, (captive,)),
            Match("named-actors", "Named actors", Level.LOW, (corps, legion)),
        ),
        (
            EntityMention("russian-volunteer-corps", "organisation", "Russian Volunteer Corps", (corps,)),
            EntityMention("freedom-of-russia-legion", "organisation", "Freedom of Russia Legion", (legion,)),
        ),
    )


def tell(store: Store, one: Post, story: int | None = None, **more: Any) -> Recorded:
    """Store a post with matches: a new story with a high alert, or a copy of `story`."""
    (fresh,) = store.fresh([one], NOW)
    choice = StoryChoice(b"key of " + fresh.post.text.encode(), story)
    due = Due(Level.HIGH, ring=True, at=one.as_of) if story is None else None
    return store.record([entry(fresh, found(one.text), story=choice, due=due)], NOW, **more)[0]


def make_earlier(path: Path) -> None:
    """Take back one step of a database's schema: it is then as the version left it that did not know that step."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("ALTER TABLE outboxes DROP COLUMN origin")
        db.execute("DELETE FROM _sqlite_migrations WHERE name LIKE '0009%'")
        db.commit()


def make_later(path: Path) -> None:
    """Write into a database that it has been through a step that this version does not know."""
    with closing(sqlite3.connect(path)) as db:
        db.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
            " VALUES ('monitor', '9999 telepathy', '2099')"
        )
        db.commit()
