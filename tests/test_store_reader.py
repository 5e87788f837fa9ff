"""What the store tells of itself."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.models import Alert, Appearance, Channel, Forward, Level
from monitor.store.reader import Reader
from monitor.store.records import Name, StoredChannel, StoreError, Summary
from monitor.store.store import Store
from tests.store_example import CORPS, NOW, SUNDAY, found, keep, make_earlier, post, tell

LEGION = Channel(1700000002, "legionoffreedom", "Легион")


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.open(None) as opened:
        yield opened


def test_an_alert_is_read_back_with_its_findings_and_its_copies(store: Store) -> None:
    first = tell(store, post(7))
    tell(store, post(30, channel=LEGION, forward=Forward("РДК")), first.story)
    tell(store, post(20, channel=LEGION), first.story)
    tell(store, post(7, "Пленных двое!", edited=SUNDAY + timedelta(hours=1)), first.story)
    expected = Alert(
        id=first.alert,
        post=replace(post(7), ids=(7,), url="https://t.me/russvolcorps/7"),
        revision=1,
        language="ru",
        findings=found(),
        level=Level.HIGH,
        also_in=(
            Appearance(LEGION, 20, SUNDAY + timedelta(minutes=20), "https://t.me/legionoffreedom/20"),
            Appearance(LEGION, 30, SUNDAY + timedelta(minutes=30), "https://t.me/legionoffreedom/30", forwarded=True),
        ),
    )
    assert list(store.due()) == [expected]
    assert store.alert(first.alert or 0) == expected


def test_an_alert_of_an_edit_shows_that_revision(store: Store) -> None:
    tell(store, post(7))
    edit = tell(store, post(7, "Пленных трое.", edited=SUNDAY + timedelta(hours=1)))
    alert = store.alert(edit.alert or 0)
    assert alert is not None
    assert (alert.revision, alert.post.text, alert.also_in) == (2, "Пленных трое.", ())


def test_alerts_that_are_due_come_in_the_order_of_their_time_and_may_be_marked_meanwhile(store: Store) -> None:
    numbers = [(number * 7) % 451 for number in range(1, 451)]
    for number in numbers:
        tell(store, post(number, f"Пленных {number}."))
    seen = []
    for alert in store.due():
        seen.append(alert.post.id)
        store.mark_delivered([alert.id or 0], "console", NOW)
    assert seen == sorted(numbers)
    assert list(store.due()) == []


def test_the_newest_alerts(store: Store) -> None:
    for number in (1, 2, 3):
        tell(store, post(number, f"Пленных {number}."))
    assert [alert.post.id for alert in store.alerts(limit=2)] == [3, 2]
    assert [alert.post.id for alert in store.alerts(since=SUNDAY + timedelta(minutes=3))] == [3]
    assert store.alert(99) is None


def test_channels_and_counts(store: Store) -> None:
    assert store.summary() == Summary(0, 0, 0, 0, dict.fromkeys(Level, 0), 0)
    for number in range(1, 6):
        tell(store, post(number, f"Пленных {number}."))
    keep(store, post(2, "правка"))
    store.mark_delivered([1], "console", NOW)
    assert store.summary() == Summary(1, 5, 6, 5, {Level.LOW: 0, Level.MEDIUM: 0, Level.HIGH: 5}, 4)
    first, last = SUNDAY + timedelta(minutes=1), SUNDAY + timedelta(minutes=5)
    assert store.channels() == [
        StoredChannel(
            key=1700000001,
            channel=CORPS,
            names=(Name("russvolcorps", False, first, last),),
            posts=5,
            first=first,
            last=last,
            usual_language="ru",
        )
    ]
    assert store.revisions(1700000001, 99) == []


def test_a_reader_sees_what_was_committed_and_cannot_write(tmp_path: Path) -> None:
    with Store.open(tmp_path / "kept.db") as store, store.reader() as reader:
        assert reader.summary().posts == 0
        keep(store, post(7))
        assert reader.summary().posts == 1
        with pytest.raises(StoreError, match="may not be written to"), Store._writing(store):
            reader._rows("DELETE FROM posts")
        assert reader.summary().posts == 1


def test_readers_are_not_held_up_by_a_transaction_nor_hold_it_up(tmp_path: Path) -> None:
    with Store.open(tmp_path / "kept.db") as store:
        keep(store, *(post(number, f"Пост {number}") for number in range(1, 300)))
        stop = threading.Event()
        counts: list[int] = []

        def read() -> None:
            with store.reader() as reader:
                while not stop.is_set():
                    counts.append(reader.summary().revisions)
                    assert reader.verify_chain() is None

        thread = threading.Thread(target=read)
        thread.start()
        try:
            for start in range(300, 1500, 100):
                keep(store, *(post(number, f"Пост {number}") for number in range(start, start + 100)))
        finally:
            stop.set()
            thread.join()
        assert counts == sorted(counts)
        assert {(count - 299) % 100 for count in counts} == {0}


def test_an_existing_file_is_opened_without_the_writer_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "kept.db"
    with Store.open(path) as store:
        keep(store, post(7))
    with Reader.open(path) as reader:
        assert reader.summary().posts == 1
    assert [file.name for file in tmp_path.iterdir()] == ["kept.db"]


def test_a_reader_makes_no_file(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no such database"):
        Reader.open(tmp_path / "kept.db")
    (tmp_path / "empty.db").touch()
    with pytest.raises(StoreError, match="this database is empty; `monitor run` or"):
        Reader.open(tmp_path / "empty.db")
    assert (tmp_path / "empty.db").stat().st_size == 0


def test_a_database_of_an_earlier_version_is_left_to_the_writer(tmp_path: Path) -> None:
    path = tmp_path / "kept.db"
    Store.open(path).close()
    make_earlier(path)
    before = path.read_bytes()
    with pytest.raises(StoreError, match="of an earlier version; `monitor run` brings it to this one"):
        Reader.open(path)
    assert path.read_bytes() == before
