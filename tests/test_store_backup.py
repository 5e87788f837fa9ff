"""Backups: made beside a writer, proved, kept by age and size, put back."""

from __future__ import annotations

import sqlite3
import stat
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.store import backup
from monitor.store.backup import Backup, back_up, backups_in, prove, restore, to_remove
from monitor.store.migrations import steps_behind
from monitor.store.reader import Reader
from monitor.store.records import StoreError
from monitor.store.store import Store
from tests.store_example import NOW, keep, make_earlier, make_later, post


def _database(path: Path, posts: int = 3) -> Path:
    with Store.open(path) as store:
        keep(store, *(post(number, f"Пост {number}") for number in range(1, posts + 1)))
    return path


def _ids(path: Path) -> list[int]:
    with closing(sqlite3.connect(path)) as db:
        return [row[0] for row in db.execute("SELECT post_id FROM posts ORDER BY post_id")]


def test_a_backup_is_one_private_file_that_holds_everything(tmp_path: Path) -> None:
    database = _database(tmp_path / "monitor.db")
    with Store.open(database) as store:
        keep(store, post(4, "Пост 4"))  # still in the log when the copy is made
        made, proof = back_up(database, tmp_path / "backups", NOW)
        head = store.read(lambda db: db.execute("SELECT record_hash FROM revisions ORDER BY id DESC").fetchone()[0])
    assert [path.name for path in sorted((tmp_path / "backups").iterdir())] == ["monitor-20240101T120000Z.db"]
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.path.parent.stat().st_mode) == 0o700
    assert proof.rows["revisions"] == 4
    assert proof.head == head.hex()
    assert _ids(made.path) == [1, 2, 3, 4]
    assert backups_in(tmp_path / "backups") == [made]


def test_backups_made_while_posts_are_stored_are_sound(tmp_path: Path) -> None:
    database = _database(tmp_path / "monitor.db")
    ended = threading.Event()

    def write() -> None:
        with Store.open(database) as store:
            for number in range(10, 400):
                if ended.is_set():
                    return
                keep(store, post(number, f"Пост {number} " * 50))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        seen = []
        for second in range(5):
            made, proof = back_up(database, tmp_path / "backups", NOW + timedelta(seconds=second))
            seen.append(proof.rows["revisions"])
            ids = _ids(made.path)
            assert ids == [1, 2, 3, *range(10, 10 + len(ids) - 3)]
    finally:
        ended.set()
        writer.join()
    assert seen == sorted(seen)


def test_restoring_brings_the_backup_back_and_keeps_what_was_there(tmp_path: Path) -> None:
    database = _database(tmp_path / "monitor.db")
    made, _ = back_up(database, tmp_path / "backups", NOW)
    with Store.open(database) as store:
        keep(store, post(4, "Пост 4"))
    database.write_bytes(b"\0" * 4096 + database.read_bytes()[4096:])  # the disk has failed us

    aside = restore(made.path, database, NOW)

    with Store.open(database) as store:
        assert store.verify_chain() is None
        assert [one.revision for one in store.fresh([post(4, "Пост 4"), post(3, "Пост 3")], NOW)] == [1]
    assert aside == tmp_path / "monitor.db.before-restore-20240101T120000Z"
    assert aside.read_bytes()[:16] == b"\0" * 16
    assert made.path.exists()


def test_a_backup_of_an_earlier_version_is_brought_to_this_one(tmp_path: Path) -> None:
    database = _database(tmp_path / "monitor.db")
    made, _ = back_up(database, tmp_path / "backups", NOW)
    make_earlier(made.path)
    assert steps_behind(made.path) == 1
    before = made.path.read_bytes()
    restore(made.path, database, NOW)
    assert steps_behind(database) == 0
    with Reader.open(database) as reader:
        assert reader.verify_chain() is None
    assert made.path.read_bytes() == before, "the backup itself stays as it is"
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "backups", "monitor.db", "monitor.db.before-restore-20240101T120000Z",
    ]  # fmt: skip


def _flip(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    for page in range(1, len(raw) // 4096):
        raw[page * 4096 + 8] ^= 0xFF
    path.write_bytes(raw)


def _empty_index(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("INSERT INTO words (words, rowid, folded) VALUES ('delete', 1, 'пост 1')")
        db.commit()


def _strange(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE other (id)")


@pytest.mark.parametrize(
    "spoil", [_flip, _empty_index, _strange, make_later, lambda path: path.write_bytes(b"no database")]
)
def test_an_unsound_backup_is_refused_and_changes_nothing(spoil: object, tmp_path: Path) -> None:
    assert callable(spoil)
    database = _database(tmp_path / "monitor.db", 40)
    made, _ = back_up(database, tmp_path / "backups", NOW)
    spoil(made.path)
    before = database.read_bytes()
    with pytest.raises(StoreError) as caught:
        restore(made.path, database, NOW)
    assert str(made.path) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert database.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["monitor.db"]


def test_an_open_folder_is_refused(tmp_path: Path) -> None:
    database = _database(tmp_path / "monitor.db")
    folder = tmp_path / "backups"
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)
    with pytest.raises(StoreError, match="chmod 700"):
        back_up(database, folder, NOW)


def test_a_copy_that_cannot_be_proved_leaves_no_file(tmp_path: Path) -> None:
    database = _database(tmp_path / "monitor.db", 40)
    with Store.open(database):
        pass
    _empty_index(database)
    with pytest.raises(StoreError):
        back_up(database, tmp_path / "backups", NOW)
    assert list((tmp_path / "backups").iterdir()) == []


SUNDAY = datetime(2023, 6, 4, 23, 30, tzinfo=UTC)


def _hourly(hours: int, size: int = 1) -> list[Backup]:
    times = [SUNDAY - timedelta(hours=hour) for hour in range(hours)]
    return [Backup(Path(f"{at:%m-%dT%H}"), at, size) for at in times]


@pytest.mark.parametrize(
    ("backups", "room", "kept"),
    [
        pytest.param([], 10, [], id="none"),
        pytest.param(_hourly(1), 0, ["06-04T23"], id="the newest stays however big"),
        pytest.param(_hourly(6), 99, [f"06-04T{hour}" for hour in range(23, 17, -1)], id="six hours"),
        pytest.param(
            _hourly(24 * 40),
            99,
            [
                *(f"06-04T{hour}" for hour in range(23, 17, -1)),
                *(f"06-0{day}T23" for day in (3, 2, 1)),
                *(f"05-{day}T23" for day in (31, 30, 29)),
                *(f"05-{day}T23" for day in (28, 21, 14)),
            ],
            id="six hours, seven days, four weeks",
        ),
        pytest.param(
            _hourly(24 * 40, size=2), 9, [f"06-04T{hour}" for hour in range(23, 19, -1)], id="within the room"
        ),
    ],
)
def test_which_backups_are_kept(backups: list[Backup], room: int, kept: list[str]) -> None:
    removed = {one.path for one in to_remove(backups, room)}
    assert [one.path.name for one in backups if one.path not in removed] == kept


def test_a_copy_that_was_never_finished_is_found_later(tmp_path: Path) -> None:
    part = tmp_path / "monitor-20230604T093000Z.db.part"
    part.touch()
    now = datetime.now(UTC)
    assert backup.leftovers(tmp_path, now) == []
    assert backup.leftovers(tmp_path, now + timedelta(hours=2)) == [part]
    assert backups_in(tmp_path) == []


def test_proof_of_an_empty_database(tmp_path: Path) -> None:
    proof = prove(_database(tmp_path / "monitor.db", 0))
    assert (set(proof.rows.values()), proof.head) == ({0}, "0" * 64)
