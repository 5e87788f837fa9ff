"""One running monitor a database: a lock that ends with the process, however that ends."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self


class InstanceRunning(Exception):  # noqa: N818  it is a state
    """Another process reads into this database."""


class InstanceLock:
    """Holds `<database>.lock`, in which the number of the process stands; a context manager."""

    def __init__(self, database: Path) -> None:
        self.path = database.with_name(database.name + ".lock")
        self._handle: int | None = None

    def __enter__(self) -> Self:
        handle = os.open(self.path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            number = os.read(handle, 32).decode("ascii", "replace").strip()
            os.close(handle)
            raise InstanceRunning(
                f"another monitor (process {number or 'unknown'}) reads into this database already; stop it first"
            ) from error
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        self._handle = handle
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def holder(self) -> int | None:
        """Return the number of the process that runs; None: none does."""
        try:
            handle = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return None
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            number = os.read(handle, 32).decode("ascii", "replace").strip()
            return int(number) if number.isdecimal() else 0
        finally:
            os.close(handle)
        return None
