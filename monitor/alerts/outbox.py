"""The outbox: what is due goes out by one notifier, once, in order, within its limits. Commit, then send, then mark.

A message that was sent and not marked, since the process died in between, is sent again with the same random id, by
which the far side knows it. Nothing is dropped: what cannot be sent stays due, and what stands in the way is told.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

import structlog

from monitor.alerts.notifier import Dispatch, Notifier, NotifierError
from monitor.alerts.pacing import Pace, back_off, patience
from monitor.models import Message, Note

log = structlog.get_logger()

IDLE = 30.0  # seconds after which the ledger is looked into even if nobody said that something is due
_LONGEST_HOLD = 6 * 3600.0  # a hold that was written down under another clock is not believed for longer
_RECENT = timedelta(minutes=2)


class Work(StrEnum):
    """What is to be done with a message."""

    ALERT = "alert"
    EDIT = "edit"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Item:
    """One message that is due: its number, how it goes out, the `version` it shows; `sent` is the message to edit."""

    work: Work
    id: int
    message: Message
    how: Dispatch
    version: int = 1
    sent: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What a notifier's outbox remembers: failures in a row, until when it is held, and when it sent lately."""

    failures: int = 0
    retry_at: datetime | None = None
    recent: tuple[datetime, ...] = ()


class Ledger(Protocol):
    """What the outbox needs of the store."""

    async def standing(self, notifier: str, since: datetime) -> Standing:
        """Open the outbox of a notifier; return what it remembers, with the times of messages from `since` on."""
        ...

    async def next(self, notifier: str, now: datetime, *, edits: bool) -> Item | None:
        """Return what is to go out first, None where nothing is due by now."""
        ...

    async def next_at(self, notifier: str, now: datetime, *, edits: bool) -> datetime | None:
        """Return when something will be due that is not yet; None: nothing is in sight."""
        ...

    async def done(self, notifier: str, item: Item, now: datetime, message: str | None) -> None:
        """Note that a message went out or was edited; `message` is the notifier's own id of it."""
        ...

    async def refused(self, notifier: str, item: Item, now: datetime, reason: str) -> None:
        """Note that the notifier does not take this message; it is tried again at growing intervals."""
        ...

    async def held(self, notifier: str, failures: int, until: datetime | None, fault: str | None) -> None:
        """Note what stands in the notifier's way and until when; None: nothing does."""
        ...


def _messages(message: Message) -> int:
    """Count as how many a message comes: a picture is one of its own."""
    return 2 if isinstance(message, Note) and message.picture is not None else 1


class Outbox:
    """Sends what is due by one notifier; `turn` does one piece of work and says how long to rest."""

    def __init__(
        self, notifier: Notifier, ledger: Ledger, now: Callable[[], datetime], monotonic: Callable[[], float]
    ) -> None:
        self._notifier = notifier
        self._ledger = ledger
        self._now = now
        self._monotonic = monotonic
        self._pace: Pace | None = None
        self._hold = float("-inf")
        self._failures = 0
        self._caught_up = False  # nothing is left that an earlier process may have sent
        self._broken_off: set[int] = set()  # alerts of which an attempt may have got through
        self.woken = asyncio.Event()
        self.sent = 0  # messages that went out or were edited
        self.idle = False  # whether nothing was due at the last turn
        self.fault: NotifierError | None = None  # what holds it

    @property
    def name(self) -> str:
        """The notifier's name."""
        return self._notifier.name

    async def close(self) -> None:
        """Let the notifier close what it holds open."""
        await self._notifier.close()

    def wake(self) -> None:
        """Say that something may be due."""
        self.woken.set()

    async def turn(self) -> float:
        """Send at most one message; return after how many seconds the next turn is worth while, unless woken."""
        self.woken.clear()
        pace = self._pace or await self._open()
        held = self._hold - self._monotonic()
        if held > 0:
            return held
        item = await self._ledger.next(self.name, self._now(), edits=self._notifier.edits)
        self.idle = item is None
        if item is None:
            self._caught_up = True
            return await self._rest()
        wait = pace.wait(self._monotonic())
        if wait > 0:
            return wait
        try:
            message = await self._send(item)
        except NotifierError as error:
            await self._failed(item, error)
            return 0.0
        finally:
            # The far side counts when a message reaches it: at the latest when it answers.
            for _ in range(_messages(item.message)):
                pace.took(self._monotonic())
        await self._ledger.done(self.name, self._as_shown(item), self._now(), message)
        self.sent += 1
        await self._works_again()
        return 0.0

    async def _open(self) -> Pace:
        now, clock = self._now(), self._monotonic()
        standing = await self._ledger.standing(self.name, now - _RECENT)
        ago = [max(0.0, (now - at).total_seconds()) for at in standing.recent]
        self._failures = standing.failures
        if standing.retry_at is not None:
            self._hold = clock + min(_LONGEST_HOLD, (standing.retry_at - now).total_seconds())
        self._pace = Pace(self._notifier.limits, (clock - seconds for seconds in ago))
        return self._pace

    async def _rest(self) -> float:
        now = self._now()
        at = await self._ledger.next_at(self.name, now, edits=self._notifier.edits)
        return IDLE if at is None else min(IDLE, max(0.0, (at - now).total_seconds()))

    async def _send(self, item: Item) -> str | None:
        if item.work is Work.EDIT and item.sent is not None:
            await self._notifier.edit(item.message, item.how, item.sent)
            return item.sent
        return await self._notifier.send(item.message, item.how)

    def _as_shown(self, item: Item) -> Item:
        """Return a message that went out with the version that it surely shows.

        Where an earlier attempt got through, the far side goes on showing that: what came since is due as an edit.
        """
        if item.work is not Work.ALERT or (self._caught_up and item.id not in self._broken_off):
            return item
        self._broken_off.discard(item.id)
        return replace(item, version=1)

    async def _failed(self, item: Item, error: NotifierError) -> None:
        """Hold this one message, or all of them, and say why."""
        if error.refused:
            log.error("message_refused", notifier=self.name, work=item.work, id=item.id, reason=str(error))
            await self._ledger.refused(self.name, item, self._now(), str(error))
            return
        if item.work is Work.ALERT:
            self._broken_off.add(item.id)
        self._failures += 1
        self.fault = error
        seconds = error.retry_after
        if seconds is None:
            seconds = patience(self._failures) if error.needs_person else back_off(self._failures)
        self._hold = self._monotonic() + seconds
        log.warning("held", notifier=self.name, seconds=round(seconds), in_a_row=self._failures, reason=str(error))
        until = self._now() + timedelta(seconds=seconds)
        await self._ledger.held(self.name, self._failures, until, str(error))

    async def _works_again(self) -> None:
        self.fault = None
        if self._failures:
            self._failures = 0
            log.info("delivers_again", notifier=self.name)
            await self._ledger.held(self.name, 0, None, None)
