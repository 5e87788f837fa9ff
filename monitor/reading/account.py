"""The account that reads: its one queue of requests, each written down before it is sent, and what it was told."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

import structlog

from monitor.reading.budget import DAY, Budget, Hold, back_off
from monitor.reading.clock import Clock
from monitor.reading.writer import Writer
from monitor.sources.live import Action, LiveSource
from monitor.sources.source import AccessLost, SourceError, Unreachable, Wait
from monitor.store import limits, reach

T = TypeVar("T")
log = structlog.get_logger()

PATIENCE = 60.0  # seconds that one request may take
_LONGEST_FLOOD = 7 * DAY
_OPENING = "open"
_TO_OPEN = 6  # requests that opening takes, at most: telethon's own greetings are among them
_TO_RECONNECT = 2  # … and making a broken connection anew
_REOPEN_AFTER = 3  # failures in a row after which the connection is opened anew


class AccountLine:
    """Sends the requests of one account one by one, within its budget."""

    def __init__(self, source: LiveSource, writer: Writer, clock: Clock, budget: Budget, draw: random.Random) -> None:
        self.source = source
        self.budget = budget
        self.fault: str | None = None  # why nothing can be read until a person acts
        self.fault_is_new = True  # not told by an earlier process
        self.is_open = False
        self.outage: str | None = None  # what the network said last
        self._writer = writer
        self._clock = clock
        self._draw = draw
        self._began = clock.now()
        self._recalled = False
        self.failures = 0  # to reach the far side, one after another
        self._reconnects = False
        self._pause_until = float("-inf")

    @property
    def name(self) -> str:
        """The account's name; only the source's until that is open."""
        return self.source.account or self.source.name

    async def open(self) -> None:
        """Connect, and recall what the account asked and was told before."""
        for _ in range(_TO_OPEN):
            await self._count(_OPENING)
        try:
            async with asyncio.timeout(PATIENCE):
                await self.source.open()
        except TimeoutError as error:
            self._failed("the far side did not answer")
            raise Unreachable("the far side did not answer") from error
        except SourceError as error:
            await self._told(error, None)
            raise
        await self._recall()
        await self._note(None)
        self.is_open = True
        self._reconnects = False

    async def _recall(self) -> None:
        """Count what earlier processes asked, and wait as they were told to."""
        now, monotonic = self._clock.now(), self._clock.monotonic()
        if not self._recalled:
            names = sorted({self.name, self.source.name})  # opening is noted before the account is known
            sent = await self._writer.read(limits.requests, names, now - timedelta(days=1))
            # Of a clock that stepped back, what it dates in the future counts as sent just now.
            earlier = [one for one in sent if one.at < self._began or one.at > now]
            self.budget.recall((monotonic - max(0.0, (now - one.at).total_seconds()), one.action) for one in earlier)
            self._recalled = True
        for flood in await self._writer.read(limits.floods, now):
            if flood.account == self.name:
                # A clock that stepped back must not make the wait longer than it was.
                left = min(flood.until - now, flood.until - flood.began).total_seconds()
                self.budget.flood(monotonic, left, flood.action)

    async def close(self) -> None:
        """Disconnect."""
        self.is_open = False
        await self.source.close()

    def hold(self, action: Action | None, *, urgent: bool = False) -> Hold | None:
        """Return why a request (None: opening the connection) has to wait now; None: it may go."""
        now = self._clock.monotonic()
        pause = self._pause_until - now
        room = _TO_OPEN if action is None else 1 + _TO_RECONNECT * self._reconnects
        hold = self.budget.hold(now, action or _OPENING, urgent=urgent, room=room)
        if pause > 0 and (hold is None or pause > hold.seconds):
            return Hold(pause, "network")
        return hold

    async def ask(self, action: Action, request: Callable[[], Awaitable[T]], *, errands: int = 0) -> T:
        """Send one request, which brings so many `errands` with it, and return its answer; the caller asked `hold`.

        Floods are kept and errors of the network counted here; the error is raised all the same.
        """
        if self._reconnects:
            self._reconnects = False
            for _ in range(_TO_RECONNECT):
                await self._count(_OPENING)
        for _ in range(errands):
            await self._count(_OPENING)
        await self._count(action)
        try:
            async with asyncio.timeout(PATIENCE):
                result = await request()
        except TimeoutError as error:
            self._failed("the far side did not answer")
            raise Unreachable("the far side did not answer within a minute") from error
        except SourceError as error:
            await self._told(error, action)
            raise
        self._succeeded()
        return result

    async def _count(self, action: str) -> None:
        await self._writer.write(limits.note_request, self.name, action, self._clock.now())
        self.budget.sent(self._clock.monotonic(), action, self._draw.random())

    async def _told(self, error: SourceError, action: Action | None) -> None:
        if isinstance(error, Wait):
            await self._flooded(error, action)
        elif isinstance(error, Unreachable):
            self._failed(str(error))
        elif isinstance(error, AccessLost):
            self.fault = str(error)
            self.is_open = False
            await self._note(self.fault)
        else:
            self._succeeded()  # an answer, though not the one we wished for

    async def _flooded(self, error: Wait, action: Action | None) -> None:
        seconds = min(max(error.seconds, 1.0), _LONGEST_FLOOD)
        now = self._clock.now()
        self.budget.flood(self._clock.monotonic(), seconds, error.action)
        log.warning("flood_wait", seconds=round(seconds), action=error.action or "all")
        if action is None:
            self._pause_until = self._clock.monotonic() + seconds
            return
        flood = limits.Flood(self.name, error.action, now, now + timedelta(seconds=seconds))
        await self._writer.write(limits.note_flood, flood)

    async def _note(self, fault: str | None) -> None:
        stored = await self._writer.read(reach.accounts)
        # Whoever cannot be opened does not tell its name, so that the last word of the source counts.
        last = next((one for one in stored if one.source == self.source.name), None)
        self.fault_is_new = last is None or last.fault != fault
        account = reach.Account(self.name, self.source.name, self._clock.now(), tuple(self.source.blind_spots), fault)
        await self._writer.write(reach.note_account, account)

    def _succeeded(self) -> None:
        self.failures = 0
        self.outage = None

    def _failed(self, message: str) -> None:
        self.failures += 1
        self._reconnects = True  # the next request may have to make a new connection
        self.outage = message
        if self.failures >= _REOPEN_AFTER:
            self.is_open = False
        seconds = back_off(self.failures, self._draw.random(), first=0.5, most=60.0)
        self._pause_until = self._clock.monotonic() + seconds
        log.warning("unreachable", failures=self.failures, pause=round(seconds, 1), error=message)
