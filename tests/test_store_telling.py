"""What the store keeps of what was told, also from earlier versions."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from monitor.models import Alert, Bundle, Due, Fold, FollowUp, Kind, Level, Silence, StoryChoice
from monitor.store import outbox, silences, telling
from monitor.store.database import transaction
from monitor.store.migrations import APPLICATION
from monitor.store.records import Recorded
from monitor.store.schema import MIGRATIONS
from monitor.store.store import Store
from tests.store_example import CORPS, NOW, SUNDAY, entry, found, post, tell

HOUR = timedelta(hours=1)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A database of the first version with a delivered alert and one that is due."""
    path = tmp_path / "old.db"
    db = Database(sqlite3.connect(path, isolation_level=None))
    db.execute("PRAGMA foreign_keys = ON")
    with transaction(db):
        db.execute(f"PRAGMA application_id = {APPLICATION}")
        MIGRATIONS.apply(db, stop_before="0002 alerts of several kinds, texts of stories, silences, deletions")
    db.executescript("""
        INSERT INTO channels VALUES (1700000001, 1700000001, 'russvolcorps', 0, 'РДК', '2023-06-04T09:00:00+00:00');
        INSERT INTO posts VALUES (1, 1700000001, 7, '2023-06-04T09:07:00+00:00', 1, NULL, NULL);
        INSERT INTO revisions VALUES (1, 1, 1, 'ru', NULL, '2023-06-04T09:08:00+00:00', '', x'', x'', x'', x'', NULL,
            NULL, NULL, NULL, NULL, 'Пленных двое.', 'пленных двое.', x'7b7d');
        INSERT INTO stories VALUES (1, x'aa', 1, '2023-06-04T09:07:00+00:00');
        INSERT INTO alerts VALUES (1, 1, 1, 'run', 'high', 1, '2023-06-04T09:07:00+00:00', 11, 'delivered');
        INSERT INTO alerts VALUES (2, 1, 1, 'replay', 'low', 0, '2023-06-04T09:07:00+00:00', 12, 'due');
        INSERT INTO deliveries VALUES (1, 1, 'console', '2023-06-04T09:09:00+00:00', NULL, 'delivered');
    """)
    db.close()
    return path


def test_alerts_and_deliveries_of_an_earlier_version_are_kept(old: Path) -> None:
    with Store.open(old) as store:
        at = SUNDAY + timedelta(minutes=7)
        assert [(one.id, one.at) for one in store.alerts()] == [(2, at), (1, at)]
        assert [one.id for one in store.due(origin="replay")] == [2]
        assert list(store.due()) == []
        for notifier in ("chat", "console"):
            store.write(outbox.open_outbox, notifier, NOW)
            assert [store.read(ask, notifier, NOW) for ask in (outbox.next_alert, outbox.next_edit)] == [None, None]
        rows = store.read(lambda db: db.execute("SELECT alert, notifier, outcome FROM deliveries").fetchall())
        assert rows == [(1, "console", "delivered")]
        assert [(text.story, text.key, text.sketch, text.told) for text in store.read(telling.story_texts, SUNDAY)] == [
            (1, b"\xaa", (), Level.HIGH)
        ]
        assert store.read(lambda db: db.execute("PRAGMA foreign_key_check").fetchall()) == []


def fold(store: Store, number: int, kind: Kind = Kind.BUNDLE, *, minutes: int = 0, ring: bool = False) -> Recorded:
    """Store a post whose alert is folded at so many minutes after NOW."""
    at = NOW + timedelta(minutes=minutes)
    (fresh,) = store.fresh([post(number, f"Пленных {number}.")], NOW)
    due = Due(Level.MEDIUM, ring=False, at=at, fold=Fold(kind, at + HOUR, at + HOUR, edit=at + 2 * HOUR, ring=ring))
    choice = StoryChoice(f"{number}".encode(), sketch=(1, 2**64 - 1))
    return store.record([entry(fresh, found(fresh.post.text), story=choice, due=due)], NOW)[0]


def test_a_bundle_is_read_with_its_members_and_counts(tmp_path: Path) -> None:
    with Store.open(tmp_path / "kept.db") as store:
        fold(store, 1)
        fold(store, 2, minutes=5)
        (bundle,) = store.due()
        assert isinstance(bundle, Bundle)
        assert [one.post.id for one in bundle.members] == [1, 2]
        assert replace(bundle, members=()) == Bundle(
            id=1,
            kind=Kind.BUNDLE,
            level=Level.MEDIUM,
            opened=NOW,
            until=NOW + HOUR,
            members=(),
            total=2,
            levels=((Level.MEDIUM, 2),),
            rules=(("Named actors", 2), ("Prisoners of war", 2)),
            channels=((CORPS, 2),),
        )
        assert [type(one) for one in store.alerts()] == [Bundle, Alert, Alert]


def test_what_is_open_takes_only_its_kind_and_the_same_ring_until_its_end(tmp_path: Path) -> None:
    with Store.open(tmp_path / "kept.db") as store:
        fold(store, 1, Kind.SUMMARY)
        fold(store, 2, Kind.SUMMARY, ring=True)
        fold(store, 3, Kind.BACKLOG)
        fold(store, 4, Kind.SUMMARY, minutes=59)
        fold(store, 5, Kind.SUMMARY, minutes=60)
        assert [(one.kind, one.total) for one in store.due() if isinstance(one, Bundle)] == [
            (Kind.SUMMARY, 2),
            (Kind.SUMMARY, 1),
            (Kind.BACKLOG, 1),
            (Kind.SUMMARY, 1),
        ]


def test_sketches_are_kept_whole(tmp_path: Path) -> None:
    with Store.open(tmp_path / "kept.db") as store:
        fold(store, 1)
        assert [text.sketch for text in store.read(telling.story_texts, SUNDAY)] == [(1, 2**64 - 1)]


def test_what_a_post_was_told_by(tmp_path: Path) -> None:
    with Store.open(tmp_path / "kept.db") as store:
        assert store.read(telling.told_post, CORPS.id or 0, 7) is None
        tell(store, post(7))
        one = store.read(telling.told_post, CORPS.id or 0, 7)
        assert one is not None
        assert (one.alert, one.story, one.level, one.state, one.deleted) == (1, 1, Level.HIGH, "due", False)
        assert (one.latest.text, one.latest.findings) == ("Пленных двое.", found())
        assert store.read(telling.story_of, CORPS.id or 0, 7) == 1
        assert store.read(telling.story_of, CORPS.id or 0, 8) is None
        at = SUNDAY + timedelta(minutes=7)
        assert store.read(telling.told_since, at, "run") == [at]
        assert store.read(telling.told_since, at + HOUR, "run") == store.read(telling.told_since, at, "replay") == []


def test_a_reply_is_read_with_its_alert_and_what_was_before(tmp_path: Path) -> None:
    with Store.open(tmp_path / "kept.db") as store:
        tell(store, post(7))
        (fresh,) = store.fresh([post(7, "Пленных трое.", edited=SUNDAY + HOUR)], NOW)
        due = Due(Level.HIGH, ring=False, at=NOW, kind=Kind.EDIT, reply_to=1)
        store.record([entry(fresh, found(fresh.post.text), story=StoryChoice(b"b", 1), due=due)], NOW)
        reply = store.alert(2)
        assert isinstance(reply, FollowUp)
        assert (reply.alert.id, reply.before.text, reply.after.text) == (1, "Пленных двое.", "Пленных трое.")
        assert (reply.earlier, reply.findings) == (found(), found("Пленных трое."))
        store.write(outbox.open_outbox, "chat", NOW)
        answered = store.read(outbox.next_alert, "chat", NOW)
        assert answered is not None
        store.write(outbox.note_sent, "chat", answered, NOW, "5", chief=True)
        due = store.read(outbox.next_alert, "chat", NOW)
        assert due is not None
        assert (answered.alert, due.alert, due.reply_to, due.ring) == (1, 2, "5", False)


def test_silences_end_at_the_earliest_end(tmp_path: Path) -> None:
    with Store.open(tmp_path / "kept.db") as store:
        tell(store, post(7))
        given = [
            Silence(NOW, NOW + 3 * HOUR, rule="prisoners", by="7"),
            Silence(NOW, NOW + 2 * HOUR, channel=CORPS.id, text="пленных двое", by="8"),
        ]
        first, second = (store.write(silences.add_silence, one) for one in given)
        assert store.read(silences.silences, NOW) == [replace(given[1], id=second), replace(given[0], id=first)]
        assert store.write(silences.end_silence, first, NOW + HOUR, "9")
        assert store.read(silences.silences, NOW) == [
            replace(given[0], id=first, until=NOW + HOUR),
            replace(given[1], id=second),
        ]
        assert [one.id for one in store.read(silences.silences, NOW + HOUR)] == [second]
        assert not store.write(silences.end_silence, 99, NOW, "9")
