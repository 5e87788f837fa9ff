"""The database's write-ahead log: emptied when nobody writes, and watched, since a view left open makes it grow."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import structlog

from monitor.reading.writer import Writer
from monitor.store.database import empty_log, log_of
from monitor.upkeep.conditions import Condition
from monitor.upkeep.disk import file_bytes

log = structlog.get_logger()

WORTH_IT = 4 * 2**20  # bytes: below, emptying the log gains nothing
TOO_BIG = 256 * 2**20
IDLE = 2.0  # seconds without a write


class LogWatch:
    """Empties the log in a quiet moment, and tells when it cannot be emptied and grows."""

    def __init__(
        self,
        database: Path,
        writer: Writer,
        monotonic: Callable[[], float],
        grows: Condition,
        *,
        worth_it: int = WORTH_IT,
        too_big: int = TOO_BIG,
    ) -> None:
        self._log = log_of(database)
        self._writer = writer
        self._monotonic = monotonic
        self._grows = grows
        self._worth_it = worth_it
        self._too_big = too_big
        self._wrote_at = monotonic()
        writer.when_written(self._note)

    def _note(self) -> None:
        self._wrote_at = self._monotonic()

    async def look(self) -> None:
        """Look once; a log that is too big is emptied even if writing goes on."""
        size = file_bytes(self._log)
        quiet = self._monotonic() - self._wrote_at >= IDLE
        if size >= self._too_big or (size >= self._worth_it and quiet):
            emptied = await self._writer.call(lambda store: store.read(empty_log))
            log.info("log_emptied" if emptied else "log_in_use", bytes=size)
            size = file_bytes(self._log)
        await self._grows.is_now(
            f"The database's log has more than {self._too_big / 2**20:.0f} MB and cannot be emptied: another program"
            " has kept a view of the database open since it was small. End what reads it (an open sqlite3, an export"
            " that hangs): `lsof` on the database names it."
            if size >= self._too_big
            else None
        )
