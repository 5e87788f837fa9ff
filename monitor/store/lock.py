"""One daemon a database: who holds it, and the sentence for whoever comes second."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import Self

from monitor.store.records import StoreError


class Lock:
    """The right to be the only one that writes a database for long; a context manager that gives it back.

    It is a lock of the system on a file beside the database, so it ends with the process, however that ends.
    """

    def __init__(self, handle: int) -> None:
        self._handle = handle

    @classmethod
    def take(cls, database: Path) -> Self:
        """Take the lock of `database`. StoreError: another process has it."""
        path = database.with_name(database.name + ".lock")
        try:
            handle = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreError(f"{path}: cannot be written ({error.strerror}); check the folder's permissions") from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(handle, 32).decode(errors="replace").strip() or "unknown"
            os.close(handle)
            raise StoreError(
                f"{database}: another monitor works on this database (process {holder}); stop it first"
            ) from error
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        return cls(handle)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.give_back()

    def give_back(self) -> None:
        """Give the lock back; a second time does nothing."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1
