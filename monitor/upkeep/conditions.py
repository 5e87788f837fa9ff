"""Conditions that an analyst is told of once when they begin, and once when they are over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import structlog

from monitor.models import Level
from monitor.reading.writer import Writer
from monitor.store import notices
from monitor.store.notices import Notice

log = structlog.get_logger()


class Condition:
    """One thing that may be wrong; the store knows what was told last, so that a restart does not tell it again."""

    def __init__(self, kind: str, ends: str, level: Level, writer: Writer, now: Callable[[], datetime]) -> None:
        """`kind` is that of its notices, `ends` the sentence that says that it is over."""
        self._kind = kind
        self._ends = ends
        self._level = level
        self._writer = writer
        self._now = now
        self._holds: bool | None = None

    async def is_now(self, text: str | None) -> None:
        """Say that it holds (`text` says what and what to do), or (None) that it does not."""
        holds = text is not None
        if holds == self._holds:
            return
        begins = Notice(self._kind, text, self._level) if text is not None else None
        told = await self._writer.write(notices.turn, self._kind, begins, self._ends, self._now())
        self._holds = holds
        if told:
            log.warning("condition", kind=self._kind, text=text or self._ends)
