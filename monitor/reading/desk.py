"""What all errands of the reading share: the account, the writer, the clock, the plan and the channels."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog

from monitor.models import Level
from monitor.polling import Plan
from monitor.reading.account import AccountLine
from monitor.reading.clock import Clock
from monitor.reading.targets import Target, state_of
from monitor.reading.writer import Writer
from monitor.sources.live import Action, LiveSource, Standing
from monitor.store import notices
from monitor.store.notices import Notice
from monitor.store.states import State

log = structlog.get_logger()

POLL_SHARE = 0.75  # of the budget at least, as long as there are posts to be read again and channels to look at


@dataclass(frozen=True, slots=True)
class Job:
    """One request that is due: its kind, and how to send it and store what comes; `target` is blamed if it fails."""

    action: Action
    run: Callable[[], Awaitable[Any]]
    target: Target | None = None
    urgent: bool = False
    share: str | None = None  # of which part of the budget it is


@dataclass(frozen=True, slots=True)
class Options:
    """How the desk wants channels to be read; `since` begins backfills: of all channels, `backfill` of new ones."""

    bound: timedelta = timedelta(minutes=30)
    recheck: timedelta = timedelta(hours=48)
    backfill: timedelta | None = None
    since: datetime | None = None
    alert_old: bool = False


@dataclass(slots=True)
class Desk:
    """The shared state of one reading; lives on the event loop."""

    account: AccountLine
    writer: Writer
    clock: Clock
    plan: Plan
    options: Options
    draw: random.Random
    targets: dict[int, Target] = field(default_factory=dict)
    begun: list[Target] = field(default_factory=list)  # channels that are read for the first time
    poll_share: float = POLL_SHARE

    @property
    def source(self) -> LiveSource:
        """Where posts come from."""
        return self.account.source

    @property
    def gap(self) -> float:
        """Mean seconds between two polls."""
        return self.account.budget.gap / self.poll_share

    def readable(self, target: Target) -> bool:
        """Tell whether a channel can be read now: it is open, its beginning is known, and nothing holds it."""
        known = target.standing is Standing.OPEN and target.cursor is not None
        return known and target.hold_until <= self.clock.monotonic()

    def set_out(self, target: Target) -> None:
        """Put a channel into the plan if it can be read and is not in it."""
        if target.key not in self.plan and self.readable(target):
            self.plan.put(target.key, target.pace, target.wanted.weight)

    def hold(self, target: Target, seconds: float) -> None:
        """Leave a channel alone for a while."""
        target.hold_until = max(target.hold_until, self.clock.monotonic() + seconds)
        self.plan.drop(target.key)
        target.dirty = True

    def state(self, target: Target) -> State:
        """Return what is to be stored of a channel."""
        return state_of(target, self.source.name, self.clock.now(), self.clock.monotonic())

    async def notice(self, kind: str, text: str, level: Level, target: Target | None = None) -> None:
        """Write a notice down for the analyst, with the state of the channel that it tells of, and log it."""
        notice = Notice(kind, text, level, target.key if target else None)
        state = self.state(target) if target else None
        await self.writer.write(notices.note, notice, self.clock.now(), state)
        log.warning("notice", kind=kind, level=level.value, text=text)
