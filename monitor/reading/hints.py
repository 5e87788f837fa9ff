"""Listening to hints: the far side says of its own accord that a channel has something new."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from monitor.reading.desk import Desk
from monitor.sources.live import Hint

log = structlog.get_logger()

_AGAIN = 10.0  # seconds between two attempts to listen


class Hints:
    """Listens while the connection stands, and hands on the hints of channels that are read."""

    def __init__(self, desk: Desk, take: Callable[[int, Hint], None]) -> None:
        """`take` is given the channel's key with each hint."""
        self._desk = desk
        self._take = take
        self._keys: dict[int, int] = {}
        self._task: asyncio.Task[None] | None = None
        self._again_from = float("-inf")

    def know_channels(self) -> None:
        """Note by which number the far side calls each channel that is read."""
        numbers = ((target.address.channel.id, key) for key, target in self._desk.targets.items())
        self._keys = {number: key for number, key in numbers if number is not None}

    def listen(self) -> None:
        """Listen, also anew where that ended: with a connection that broke, or with a fault of ours."""
        task, now = self._task, self._desk.clock.monotonic()
        if (task is not None and not task.done()) or now < self._again_from:
            return
        if task is not None and not task.cancelled() and task.exception() is not None:
            log.info("hints_ended", error=str(task.exception()))
        self._again_from = now + _AGAIN
        self._task = asyncio.create_task(self._listen(), name="hints")

    async def stop(self) -> None:
        """Listen no more."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _listen(self) -> None:
        """Take what the far side gives; it ends when the connection does."""
        async for hint in self._desk.source.hints():
            self._desk.account.budget.hinted(self._desk.clock.monotonic())
            key = self._keys.get(hint.channel_id)
            if key is not None:
                self._take(key, hint)
