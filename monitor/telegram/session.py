"""The file that holds an account's key: whoever has it has the account, so it is kept as closely as a private key.

A session folder is readable by its owner alone (0700), and so is each file in it (0600): `reader.session` of the
reading account, `bot.session` of the bot. Looser ones are refused, and so are empty and broken ones and those that
another process uses: Telegram ends a key for ever that is used from two places.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from pathlib import Path

from telethon.sessions import SQLiteSession

from monitor.sources.source import AccessLost

READER = "reader"
BOT = "bot"
_MAGIC = b"SQLite format 3\0"
_KEY_BYTES = range(250, 257)  # 256, but telethon drops leading zeros
_OTHERS = 0o077


class SessionFile:
    """One session, held by this process alone until `close`."""

    def __init__(self, path: Path, lock: int) -> None:
        self.path = path
        self._lock = lock

    def open(self) -> SQLiteSession:
        """Read the session; AccessLost where it cannot be read."""
        try:
            session = SQLiteSession(str(self.path))
        except (sqlite3.Error, TypeError, ValueError) as error:
            raise AccessLost(_broken(self.path)) from error
        if session.auth_key and len(session.auth_key.key) not in _KEY_BYTES:
            session.close()
            raise AccessLost(_broken(self.path))
        # Names and numbers of whoever posts are no business of the session's.
        session.save_entities = False
        return session

    def delete(self) -> None:
        """Remove the key from the disk and let the session go."""
        for left in (self.path, self.path.with_name(f"{self.path.name}-journal")):
            left.unlink(missing_ok=True)
        self.close()

    def close(self) -> None:
        """Let other processes have the session."""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1


def existing_session(folder: Path, name: str = READER) -> SessionFile:
    """Take the session of an account that is signed in; AccessLost says what stands in the way and what to do."""
    path = _path(folder, name)
    if not path.exists():
        raise AccessLost(f"there is no session in {folder}; sign in with `monitor login`")
    _check_folder(folder)
    held = SessionFile(path, _lock(folder, name))
    try:
        check_file(path)
        _check_signed_in(held)
    except AccessLost:
        held.close()
        raise
    return held


def new_session(folder: Path, name: str = READER) -> SessionFile:
    """Take the session in order to sign in; folder and file are made where they are missing, for the owner alone."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise AccessLost(f"{folder}: the session's folder cannot be made ({error.strerror})") from error
    _check_folder(folder)
    path = _path(folder, name)
    held = SessionFile(path, _lock(folder, name))
    try:
        if path.exists() and path.stat().st_size == 0:
            path.unlink()  # left over from a sign-in that was cut off: there is no key in it to lose
        if path.exists():
            check_file(path)
        else:
            # SQLite would make it as the umask says, readable by all on most machines.
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        held.close()
        raise AccessLost(f"{path}: the session cannot be made ({error.strerror})") from error
    except AccessLost:
        held.close()
        raise
    return held


def check_file(path: Path) -> None:
    """Raise AccessLost where a session file is open to others, empty or no session; reads nothing of the key."""
    mode = path.stat().st_mode & 0o777
    if mode & _OTHERS:
        raise AccessLost(f"{path} is open to other users (mode {mode:04o}); run: chmod 600 {path}")
    try:
        with path.open("rb") as file:
            start = file.read(len(_MAGIC))
    except OSError as error:
        raise AccessLost(f"{path} cannot be read ({error.strerror})") from error
    if not start:
        raise AccessLost(f"{path} is empty, so it holds no key; sign in with `monitor login`")
    if start != _MAGIC:
        raise AccessLost(_broken(path))


def _path(folder: Path, name: str) -> Path:
    return folder / f"{name}.session"


def _broken(path: Path) -> str:
    return f"{path} is damaged or no session; restore it from a backup, or delete it and sign in with `monitor login`"


def _check_folder(folder: Path) -> None:
    try:
        mode = folder.stat().st_mode & 0o777
    except OSError as error:
        raise AccessLost(f"{folder}: the session's folder cannot be read ({error.strerror})") from error
    if mode & _OTHERS:
        raise AccessLost(f"the folder {folder} is open to other users (mode {mode:04o}); run: chmod 700 {folder}")


def _check_signed_in(held: SessionFile) -> None:
    session = held.open()
    signed_in = bool(session.auth_key)
    session.close()
    if not signed_in:
        raise AccessLost(f"{held.path} holds no key: its sign-in was not finished; run `monitor login`")


def _lock(folder: Path, name: str) -> int:
    """Lock the session for this process; the number of the open lock file, which holds the process's id."""
    path = folder / f"{name}.lock"
    try:
        lock = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise AccessLost(f"{path} cannot be opened ({error.strerror}); the session's folder must be yours") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        owner = os.read(lock, 20).decode("ascii", "replace").strip()
        os.close(lock)
        who = f"process {owner}" if owner else "another process"
        raise AccessLost(f"the session in {folder} is in use by {who}; stop that one first") from error
    os.ftruncate(lock, 0)
    os.write(lock, str(os.getpid()).encode())
    return lock
