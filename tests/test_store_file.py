"""The database as a file: made, migrated, refused, shared, and whole after a process was killed."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlite_utils import Database

from monitor.store.database import empty_log, log_of
from monitor.store.migrations import MIGRATIONS, migrate
from monitor.store.records import StoreError
from monitor.store.store import Store
from tests.store_example import NOW, entry, keep, make_later, post

ROOT = Path(__file__).parent.parent


def _schema(path: Path) -> list[tuple[str, str]]:
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
    connection.close()
    return rows


def test_a_new_file_is_migrated_once(tmp_path: Path) -> None:
    path = tmp_path / "kept.db"
    Store.open(path).close()
    first, written = _schema(path), path.read_bytes()
    with Store.open(path) as store:
        assert MIGRATIONS.pending(store._db) == []
        migrate(store._db)
    assert _schema(path) == first
    assert path.read_bytes() == written


def test_an_empty_file_becomes_a_database(tmp_path: Path) -> None:
    path = tmp_path / "kept.db"
    path.touch()
    with Store.open(path) as store:
        assert len(keep(store, post(7))) == 1


def test_every_table_is_strict_and_the_file_is_synchronised(tmp_path: Path) -> None:
    with Store.open(tmp_path / "kept.db") as store:
        pragmas = {
            name: store._rows(f"PRAGMA {name}")[0][0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "integrity_check")
        }
        loose = store._rows(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT strict"
            " AND name NOT LIKE 'sqlite_%' AND name <> '_sqlite_migrations'"
        )
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "integrity_check": "ok"}
    assert loose == []


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o777])
def test_the_file_is_its_owners_alone_and_its_folder_stays(tmp_path: Path, umask: int) -> None:
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(0o755)
    path = folder / "kept.db"
    before = os.umask(umask)
    try:
        with Store.open(path) as store:
            keep(store, post(7))
            modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}
    finally:
        os.umask(before)
    assert modes == {"kept.db": 0o600, "kept.db-wal": 0o600, "kept.db-shm": 0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o755


def test_closing_leaves_one_file(tmp_path: Path) -> None:
    with Store.open(tmp_path / "kept.db") as store, store.reader() as reader:
        keep(store, post(7))
        assert reader.summary().posts == 1
    assert [file.name for file in tmp_path.iterdir()] == ["kept.db"]


def test_a_reader_that_closes_last_leaves_one_file_too(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "kept.db")
    with store.reader() as reader:
        keep(store, post(7))
        store.close()
        assert reader.summary().posts == 1
    assert [file.name for file in tmp_path.iterdir()] == ["kept.db"]


def test_a_temporary_database_is_gone_when_closed() -> None:
    with Store.open(None) as store:
        folder = store._path.parent
        assert folder.is_dir()
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert not folder.exists()


def _text(path: Path) -> None:
    path.write_text("это не база\n" * 1000)


def _another_program(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE songs (title)")
    connection.close()


def _of_the_future(path: Path) -> None:
    Store.open(path).close()
    make_later(path)


def _pipe(path: Path) -> None:
    os.mkfifo(path)


REFUSED: dict[str, tuple[Callable[[Path], None], str]] = {
    "a folder": (Path.mkdir, "this is a folder; name a database file"),
    "a pipe": (_pipe, "this is no ordinary file; name a database file"),
    "a text": (_text, "this is no SQLite database; name another file"),
    "another program's": (_another_program, "this is a database of another program; name another file"),
    "a later version's": (_of_the_future, "a later version of monitor wrote this database (9999 telepathy)"),
}


@pytest.mark.parametrize(("make", "sentence"), REFUSED.values(), ids=REFUSED)
def test_a_path_that_cannot_be_used_is_one_sentence_and_left_alone(
    tmp_path: Path, make: Callable[[Path], None], sentence: str
) -> None:
    path = tmp_path / "kept.db"
    make(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(StoreError) as refused:
        Store.open(path)
    assert str(refused.value).startswith(f"{path}: {sentence}")
    assert "\n" not in str(refused.value)
    assert (path.read_bytes() if path.is_file() else None) == before
    assert [file.name for file in tmp_path.iterdir()] == ["kept.db"]


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="name a file in a folder that is there"):
        Store.open(tmp_path / "nowhere" / "kept.db")


def test_a_damaged_file_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "kept.db"
    with Store.open(path) as store:
        keep(store, *(post(number, f"Пост {number} " * 50) for number in range(1, 200)))
    data = bytearray(path.read_bytes())
    data[8192:] = b"\xff" * (len(data) - 8192)
    path.write_bytes(data)
    with (
        pytest.raises(StoreError, match="damaged; put a backup back with `monitor restore`"),
        Store.open(path) as store,
    ):
        store.verify_chain()


def test_a_failed_migration_leaves_nothing(tmp_path: Path) -> None:
    db = Database(sqlite3.connect(tmp_path / "kept.db", isolation_level=None))
    db.execute("CREATE TABLE cursors (id INTEGER)")
    with pytest.raises(sqlite3.OperationalError, match="already exists"):
        migrate(db)
    assert db.table_names() == ["cursors"]
    assert db.execute("PRAGMA application_id").fetchone()[0] == 0
    db.close()


def test_a_second_writer_waits_and_then_says_so(tmp_path: Path) -> None:
    path = tmp_path / "kept.db"
    with Store.open(path) as first:
        keep(first, post(1))
        with Store.open(path, patience=0.3) as second:
            fresh = second.fresh([post(2)], NOW)
            with first._writing():
                began = time.monotonic()
                with pytest.raises(StoreError, match="another process is writing to this database"):
                    second.record([entry(one) for one in fresh], NOW)
                assert time.monotonic() - began > 0.2
            assert len(second.record([entry(one) for one in fresh], NOW)) == 1
        assert first.fresh([post(2)], NOW) == []


def test_a_post_that_two_writers_store_is_stored_once(tmp_path: Path) -> None:
    path = tmp_path / "kept.db"
    with Store.open(path) as first, Store.open(path) as second:
        entries = [entry(one) for one in second.fresh([post(1), post(2)], NOW)]
        keep(first, post(2))
        with pytest.raises(StoreError, match="stored the same posts meanwhile; run again, nothing was stored"):
            second.record(entries, NOW)
        assert second.summary().posts == 1
        assert len(keep(second, post(1), post(2))) == 1
        assert first.verify_chain() is None


KILLED = """
import sys
from pathlib import Path
from monitor.store.store import Store
from tests.store_example import NOW, entry, post, tell
with Store.open(Path(sys.argv[1])) as store:
    tell(store, post(1))
    entries = [entry(one) for one in store.fresh([post(number, raw=bytes(20_000)) for number in range(2, 4_000)], NOW)]
    print("begins", flush=True)
    store.record(entries, NOW)
    print("done", flush=True)
"""


def test_a_process_killed_while_it_records_leaves_nothing_half_stored(tmp_path: Path) -> None:
    path = tmp_path / "kept.db"
    child = subprocess.Popen([sys.executable, "-c", KILLED, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "begins\n"
    log = Path(f"{path}-wal")
    before = log.stat().st_size
    while log.stat().st_size < before + 1_000_000 and child.poll() is None:  # rows of the batch are on the disk
        time.sleep(0.005)
    child.send_signal(signal.SIGKILL)
    rest = child.stdout.read()
    child.stdout.close()
    assert (child.wait(), rest) == (-signal.SIGKILL, "")
    with Store.open(path) as store:
        summary = store.summary()
        assert (summary.posts, summary.revisions, summary.stories, summary.due) == (1, 1, 1, 1)
        assert store.verify_chain() is None
        assert store._rows("PRAGMA integrity_check") == [("ok",)]
        assert len(keep(store, post(2))) == 1


def test_a_big_log_that_a_kill_left_is_not_emptied_by_the_first_commit(tmp_path: Path) -> None:
    path, left = tmp_path / "kept.db", tmp_path / "left.db"
    with Store.open(path) as store, sqlite3.connect(path, isolation_level=None) as view:
        view.execute("BEGIN")
        view.execute("SELECT count(*) FROM posts").fetchone()
        keep(store, *(post(number, f"{number} " + "слово " * 200_000) for number in range(1, 6)))
        for file in (path, log_of(path)):
            shutil.copy(file, file.with_name(file.name.replace("kept", "left")))
    view.close()
    before, size = left.read_bytes(), log_of(left).stat().st_size
    assert size > 16 * 2**20
    with Store.open(left) as store:
        keep(store, post(7))
        assert left.read_bytes() == before, "nothing of the log was moved"
        assert store.read(empty_log)
        assert log_of(left).stat().st_size == 0
        assert store._rows("PRAGMA wal_autocheckpoint") == [(1000,)]
        assert store.summary().posts == 6
