"""Opening a database file: who may read it, how it is written, and what SQLite's complaints mean in plain words."""

from __future__ import annotations

import os
import sqlite3
import stat
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import orjson
from sqlite_utils import Database

from monitor.store.records import DiskFull, ForeignValue, StoreError

PATIENCE = 5.0  # seconds to wait for another writer


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn what SQLite raises inside into a StoreError that names the file and what to do."""
    try:
        yield
    except (OverflowError, orjson.JSONEncodeError) as error:  # SQLite's limit, and that of our JSON columns
        raise StoreError(f"{path}: a number has more than 64 bits and cannot be stored; nothing was stored") from error
    except (ForeignValue, orjson.JSONDecodeError, UnicodeDecodeError) as error:
        raise StoreError(f"{path}: {ForeignValue()}") from error
    except sqlite3.Error as error:
        kind = DiskFull if _code(error) == sqlite3.SQLITE_FULL else StoreError
        raise kind(f"{path}: {_meaning(error)}") from error


def _code(error: sqlite3.Error) -> int:
    return (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF


def _meaning(error: sqlite3.Error) -> str:
    if "Could not decode to UTF-8" in str(error):
        return str(ForeignValue())  # and not SQLite's own words, which show the whole text
    return {
        sqlite3.SQLITE_BUSY: "another process is writing to this database; wait for it to end or stop it",
        sqlite3.SQLITE_LOCKED: "another process is writing to this database; wait for it to end or stop it",
        sqlite3.SQLITE_NOTADB: "this is no SQLite database; name another file",
        sqlite3.SQLITE_CORRUPT: "the database is damaged; put a backup back with `monitor restore`",
        sqlite3.SQLITE_FULL: "the disk is full; make room and run again, nothing of this step was stored",
        sqlite3.SQLITE_READONLY: "the database may not be written to; check the permissions of the file and its folder",
        sqlite3.SQLITE_CANTOPEN: "the database cannot be opened; check the permissions of the file and its folder",
        sqlite3.SQLITE_IOERR: f"reading or writing the disk failed ({error}); check the disk and run again",
        sqlite3.SQLITE_CONSTRAINT: "another process stored the same posts meanwhile; run again, nothing was stored",
    }.get(_code(error), f"the database refuses ({error})")


def create(path: Path) -> None:
    """Make an empty file that only its owner may read and write, unless `path` is there already."""
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        check_file(path)
        return
    except OSError as error:
        raise StoreError(
            f"{path}: cannot be created ({error.strerror}); name a file in a folder that is there and yours to write in"
        ) from error
    try:
        os.fchmod(handle, 0o600)  # the process's umask may have taken our own rights away
    finally:
        os.close(handle)


def check_file(path: Path) -> None:
    """Refuse a path that is no file."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError as error:
        raise StoreError(
            f"{path}: there is no such database; `monitor run` makes one, and `monitor replay --db` of saved posts"
        ) from error
    except OSError as error:
        raise StoreError(f"{path}: cannot be reached ({error.strerror}); check the path and its permissions") from error
    if not stat.S_ISREG(mode):
        kind = "a folder" if stat.S_ISDIR(mode) else "no ordinary file"
        raise StoreError(f"{path}: this is {kind}; name a database file")


def connect(path: Path, patience: float, *, lasting: bool = True) -> Database:
    """Open the writer's connection; `lasting=False` gives up safety on power cuts, for a temporary database."""
    connection = sqlite3.connect(path, timeout=patience, isolation_level=None, check_same_thread=False)
    try:
        connection.execute(f"PRAGMA synchronous = {'FULL' if lasting else 'OFF'}")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA cache_size = -32768")
        return Database(connection)
    except BaseException:
        connection.close()
        raise


def connect_reader(path: Path) -> Database:
    """Open a connection that can only read.

    It is opened for writing where the file allows that, so that the last to close can clear the write-ahead log away.
    """
    mode = "rw" if os.access(path, os.W_OK) else "ro"
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    connection = sqlite3.connect(uri, uri=True, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA query_only = ON")
        return Database(connection, recursive_triggers=False)
    except BaseException:
        connection.close()
        raise


def log_of(path: Path) -> Path:
    """Return the write-ahead log of a database."""
    return path.with_name(path.name + "-wal")


_OFTEN = 1000  # pages after which a commit moves the log into the database
_MUCH = 16 * 2**20


def put_off_emptying(db: Database, path: Path) -> None:
    """Leave a big log, as a process that was killed may leave it, to `empty_log`: the first commit is not to do it."""
    log = log_of(path)
    size = log.stat().st_size if log.exists() else 0
    if size > _MUCH:
        pages = size // 4096 + _OFTEN
        db.execute(f"PRAGMA wal_autocheckpoint = {int(pages)}")


def empty_log(db: Database) -> bool:
    """Move the write-ahead log into the database and empty its file; False: a reader still needs it. Nobody waits."""
    patience = db.execute("PRAGMA busy_timeout").fetchone()[0]
    db.execute("PRAGMA busy_timeout = 0")
    try:
        emptied = bool(db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0)
        if emptied:
            db.execute(f"PRAGMA wal_autocheckpoint = {_OFTEN}")
        return emptied
    finally:
        db.execute(f"PRAGMA busy_timeout = {int(patience)}")


def quick_check(db: Database, seconds: float | None = None) -> str | None:
    """Return what SQLite finds damaged at a quick look through the file, None where it is sound.

    A look that takes longer than `seconds` ends there, with what it found so far.
    """
    ends = threading.Timer(seconds, db.conn.interrupt) if seconds is not None else None
    if ends is not None:
        ends.start()
    try:
        said = str(db.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            raise
        return None
    finally:
        if ends is not None:
            ends.cancel()
            ends.join()
    return None if said == "ok" else said


class QuickLook:
    """A quick look through a database that begins at once, on a thread of its own, beside whatever else is to be done.

    Where there is no file, nothing is wrong with it. To be closed when the writer is there, and not before: the last to
    close a database writes its whole log into the file.
    """

    def __init__(self, path: Path, seconds: float) -> None:
        self._path = path
        self._seconds = seconds
        self._db: Database | None = None
        self._thread = ThreadPoolExecutor(1, "quick-look")
        self._found = self._thread.submit(self._look)

    def fault(self) -> str | None:
        """Wait for its end; return what is damaged, None where nothing was found. StoreError: it cannot be read."""
        return self._found.result()

    def close(self) -> None:
        """Wait for its end, and close the connection."""
        self._thread.shutdown()
        if self._db is not None:
            self._db.close()

    def _look(self) -> str | None:
        if not self._path.is_file():
            return None
        with told(self._path):
            self._db = connect_reader(self._path)
            return quick_check(self._db, self._seconds)


@contextmanager
def transaction(db: Database) -> Iterator[None]:
    """Run one transaction that waits for its turn at the start, so that it cannot fail half-way for another writer."""
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.commit()
    except BaseException:
        db.rollback()
        raise
