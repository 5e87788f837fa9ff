"""The random ids of alerts: the same after a backup was put back, never taken twice, another database's others."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.alerts.policy import Policy
from monitor.alerts.stories import StoryIndex
from monitor.models import Channel, Kind, Post
from monitor.pipeline import Pipeline
from monitor.rules.matcher import Matcher
from monitor.store.random_ids import RandomIds
from monitor.store.store import Store
from tests.matching import matcher_of
from tests.running import RULES

NOON = datetime(2026, 3, 28, 12, tzinfo=UTC)
CHANNEL = Channel(1_000_001, "news_example")
FIRST = Post(CHANNEL, 1, NOON, "Двое пленных в Белгороде.", b"1")
SECOND = Post(CHANNEL, 2, NOON, "Семеро пленных в Курске.", b"2")
EDITED = Post(CHANNEL, 1, NOON, "Трое пленных в Белгороде.", b"3", edited=NOON + timedelta(hours=1))
AGAIN = Post(CHANNEL, 1, NOON, "Пятеро пленных в Белгороде.", b"4", edited=NOON + timedelta(hours=2))


@pytest.fixture(scope="module")
def matcher(tmp_path_factory: pytest.TempPathFactory) -> Matcher:
    return matcher_of(tmp_path_factory.mktemp("rules"), RULES)


def tell(path: Path, matcher: Matcher, *posts: Post | Sequence[int], policy: Policy | None = None) -> dict[str, int]:
    """Take posts in, and note those as deleted whose numbers are given; return the ids by kind, post and number."""
    with Store.open(path) as store:
        pipeline = Pipeline(matcher, store, StoryIndex(), policy or Policy(), origin="run")
        for post in posts:
            if isinstance(post, Post):
                pipeline.ingest([post], NOON + timedelta(hours=3))
            else:
                pipeline.delete(CHANNEL.id or 0, post, NOON + timedelta(hours=4))
        rows = store._rows(
            "SELECT a.kind || coalesce(' ' || p.post_id || '.' || r.number, ''), a.random_id FROM alerts a"
            " LEFT JOIN revisions r ON r.id = a.revision LEFT JOIN posts p ON p.id = r.post"
        )
    return {str(what): int(number) for what, number in rows}


def test_after_an_older_backup_was_put_back_the_same_alerts_have_the_same_ids(tmp_path: Path, matcher: Matcher) -> None:
    path, backup = tmp_path / "monitor.db", tmp_path / "backup.db"
    tell(path, matcher)
    shutil.copy(path, backup)
    told = tell(path, matcher, FIRST, SECOND, EDITED, [2])
    assert list(told) == ["post 1.1", "post 2.1", "edit 1.2", "deletion 2.1"]
    assert len(set(told.values()) | {0}) == 5
    assert tell(backup, matcher, SECOND, FIRST, EDITED, [2]) == told


def test_another_text_under_the_same_number_is_another_message(tmp_path: Path, matcher: Matcher) -> None:
    path, backup = tmp_path / "monitor.db", tmp_path / "backup.db"
    tell(path, matcher, FIRST)
    shutil.copy(path, backup)
    told, after = tell(path, matcher, EDITED), tell(backup, matcher, AGAIN)
    assert told["post 1.1"] == after["post 1.1"]
    assert told["edit 1.2"] != after["edit 1.2"]


def test_another_database_has_other_ids(tmp_path: Path, matcher: Matcher) -> None:
    assert tell(tmp_path / "one.db", matcher, FIRST) != tell(tmp_path / "other.db", matcher, FIRST)


def test_bundles_opened_at_other_times_are_other_messages(tmp_path: Path) -> None:
    with Store.open(tmp_path / "monitor.db") as store:
        ids = RandomIds(store._db)
        made = [ids.of_bundle("run", Kind.BUNDLE, 7, NOON + timedelta(minutes=minute)) for minute in range(3)]
        assert len({*made, ids.of_bundle("run", Kind.BUNDLE, 8, NOON)}) == 4


def test_an_id_that_is_taken_is_not_given_again(tmp_path: Path, matcher: Matcher) -> None:
    path = tmp_path / "monitor.db"
    tell(path, matcher, FIRST)
    with Store.open(path) as store:
        post = ("run", Kind.POST, 5, 5, 1, b"content")
        free = RandomIds(store._db).of_post(*post)
        assert RandomIds(store._db).of_post(*post) == free
        store._db.execute("UPDATE alerts SET random_id = ?", [free])
        ids = RandomIds(store._db)
        second, third = ids.of_post(*post), ids.of_post(*post)
        assert len({0, free, second, third}) == 4


def test_notices_keep_their_ids_in_their_database(tmp_path: Path) -> None:
    with Store.open(tmp_path / "one.db") as one, Store.open(tmp_path / "other.db") as other:
        at = NOON.isoformat()
        assert RandomIds(one._db).of_notice(3, at) == RandomIds(one._db).of_notice(3, at)
        assert RandomIds(one._db).of_notice(3, at) != RandomIds(other._db).of_notice(3, at)
