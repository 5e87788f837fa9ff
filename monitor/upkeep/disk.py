"""The guard of the disk: warns when room runs short, and stops the reading before there is none left.

What is in hand is stored, and alerts go on: they need little. Reading goes on by itself when there is room again.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import structlog

from monitor.upkeep.conditions import Condition

log = structlog.get_logger()

GB = 10**9
_ROOM_AGAIN = 1.2  # times the least room: reading that goes on is not to stop again at once
_MARGIN = 1.05  # … and a warning is not to come and go with every byte


class Room(StrEnum):
    """How much room there is: enough, little (a warning), or none (nothing is read)."""

    ENOUGH = "enough"
    LITTLE = "little"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Bounds:
    """Bytes free on the disk below which is warned, and below which nothing is read."""

    warn: float
    stop: float

    @classmethod
    def of_gb(cls, warn: float, stop: float) -> Bounds:
        """Take the bounds in gigabytes."""
        return cls(warn * GB, stop * GB)


def room(free: float, bounds: Bounds, before: Room = Room.ENOUGH) -> Room:
    """Say how much room `free` bytes are, after `before`: it has to grow a little beyond a bound to count as more."""
    if free < bounds.stop * (_ROOM_AGAIN if before is Room.NONE else 1.0):
        return Room.NONE
    if free < bounds.warn * (1.0 if before is Room.ENOUGH else _MARGIN):
        return Room.LITTLE
    return Room.ENOUGH


def free_bytes(path: Path) -> int:
    """Return how many bytes this user may still write where `path` is, or will be."""
    there = next(one for one in (path.absolute(), *path.absolute().parents) if one.exists())
    return shutil.disk_usage(there).free


def file_bytes(path: Path) -> int:
    """Return the size of a file; 0: it is not there."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


class DiskGuard:
    """Looks at the disk of the database, and holds the reading while there is no room on it."""

    def __init__(
        self, database: Path, bounds: Bounds, hold: Callable[[str | None], None], low: Condition, full: Condition
    ) -> None:
        """`hold` stops the reading with a reason, or (None) lets it go on."""
        self._database = database
        self._bounds = bounds
        self._hold = hold
        self._low = low
        self._full = full
        self.room = Room.ENOUGH

    async def look(self) -> None:
        """Look once, and act; the reading is held before anything else, since writing a notice needs room, too."""
        before = self.room
        self.room = room(free_bytes(self._database), self._bounds, before)
        stop = self.room is Room.NONE
        self._hold(f"less than {self._bounds.stop / GB:g} GB are free on the disk" if stop else None)
        if self.room is not before:
            log.info("room_on_disk", room=self.room.value)
        where = self._database.absolute().parent
        await self._full.is_now(
            f"Nothing is read any more: less than {self._bounds.stop / GB:g} GB are free on the disk of {where}."
            " What was read is stored, and reading goes on by itself when there is room again. Make room there."
            if stop
            else None
        )
        if stop:
            return
        await self._low.is_now(
            f"Less than {self._bounds.warn / GB:g} GB are free on the disk of {where}. Make room: below"
            f" {self._bounds.stop / GB:g} GB nothing is read any more."
            if self.room is Room.LITTLE
            else None
        )
