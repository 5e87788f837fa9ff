"""Backups of the running monitor where no timer makes them: `monitor backup`, in a process of its own."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from monitor.store.backup import backups_in
from monitor.upkeep.conditions import Condition

log = structlog.get_logger()

COMMAND = (sys.executable, "-m", "monitor", "backup")
_AGAIN = timedelta(minutes=30)  # after a backup that failed


class BackupWatch:
    """Makes a backup when the newest one is older than `every`; a timer that makes them sooner leaves it nothing to do.

    The copy is made by another process: one that is big must not hold up the end of this one, which takes it along.
    """

    def __init__(
        self,
        folder: Path,
        every: timedelta,
        now: Callable[[], datetime],
        fails: Condition,
        *,
        command: Sequence[str] = COMMAND,
    ) -> None:
        self._folder = folder
        self._every = every
        self._now = now
        self._fails = fails
        self._command = tuple(command)
        self._not_before: datetime | None = None

    async def look(self) -> None:
        """Make a backup if one is due; say once when it cannot be made."""
        now = self._now()
        # A backup of a clock that ran ahead is no reason to make none, and none to make one at every look.
        newest = next((one for one in backups_in(self._folder) if one.at <= now), None)
        if newest is not None and now - newest.at < self._every:
            return
        if self._not_before is not None and now < self._not_before <= now + _AGAIN:
            return
        code, said = await self._back_up()
        if code == 0:
            self._not_before = None
            log.info("backup_made", said=said)
            await self._fails.is_now(None)
        else:
            self._not_before = now + _AGAIN
            log.error("backup_failed", said=said)
            await self._fails.is_now(f"No backup can be made: {said} It is tried again every half hour.")

    async def _back_up(self) -> tuple[int, str]:
        process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            _, said = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        lines = said.decode("utf-8", "replace").strip().splitlines()
        return process.returncode or 0, lines[-1] if lines else "it ended without a word."
