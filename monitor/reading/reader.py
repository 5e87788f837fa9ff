"""The reading itself: one request after another, whichever is due most, and every failure where it belongs."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from datetime import timedelta

import structlog

from monitor.models import Level
from monitor.polling import Plan
from monitor.reading.account import AccountLine
from monitor.reading.backfill import Backfills
from monitor.reading.budget import Budget, back_off
from monitor.reading.channel_list import Wanted
from monitor.reading.choice import SHARES, Choice
from monitor.reading.clock import Clock
from monitor.reading.desk import POLL_SHARE, Desk, Job, Options
from monitor.reading.downloads import Downloads, Keeping
from monitor.reading.gaps import Gaps
from monitor.reading.hints import Hints
from monitor.reading.looks import Looks
from monitor.reading.memberships import Memberships
from monitor.reading.polls import Polls
from monitor.reading.rechecks import Rechecks
from monitor.reading.roster import Roster, effective
from monitor.reading.targets import Target
from monitor.reading.writer import Writer
from monitor.sources.live import Action, Hint, LiveSource
from monitor.sources.source import AccessLost, ChannelGone, SourceError, Unreachable, Unreadable, Wait
from monitor.store import limits, states, wishes
from monitor.store.records import DiskFull
from monitor.store.wishes import Wish

log = structlog.get_logger()

_TOLD_AFTER = 5  # failures of a channel in a row


class Reader:
    """Reads all wanted channels from one source; `turn` does one request, or waits a little where none may go."""

    def __init__(
        self,
        source: LiveSource,
        writer: Writer,
        clock: Clock,
        *,
        per_minute: int,
        resolves_per_day: int | None,
        options: Options,
        draw: random.Random | None = None,
        longest_pause: float = 5.0,
        keeping: Keeping | None = None,
    ) -> None:
        """`longest_pause`: seconds after which a turn ends that has nothing to do; whoever watches counts turns.

        `keeping` says which media are kept, and where; None: none.
        """
        draw = draw or random.Random()
        per_day = {Action.RESOLVE.value: resolves_per_day} if resolves_per_day is not None else {}
        budget = Budget(per_minute, per_day)
        account = AccountLine(source, writer, clock, budget, draw)
        self.desk = Desk(account, writer, clock, Plan(options.bound.total_seconds()), options, draw)
        self.turns = 0
        self._longest_pause = longest_pause
        self._wake = asyncio.Event()
        self._gaps = Gaps(self.desk)
        self._rechecks = Rechecks(self.desk)
        self._looks = Looks(self.desk)
        self._polls = Polls(self.desk, self._gaps, self._looks)
        self._roster = Roster(self.desk, self._looks, self._rechecks)
        self._backfills = Backfills(self.desk, self._gaps)
        self._memberships = Memberships(self.desk)
        self.downloads = Downloads(self.desk, keeping) if keeping is not None else None
        if self.downloads is not None:
            self.desk.poll_share = POLL_SHARE - SHARES["media"]
        self._choice = Choice(
            self._may_send,
            urgent=(self._polls.urgent, self._rechecks.urgent),
            asked=(self._memberships.job, self._looks.asked),
            shared={
                "resolve": self._roster.job,
                "begin": self._looks.beginning,
                "recheck": self._rechecks.job,
                "gaps": self._gaps.job,
                "look": self._looks.job,
                "backfill": self._backfills.job,
                "media": self._media,
            },
            polling=self._polls.job,
        )
        self._hints = Hints(self.desk, self._take_hint)
        self._listed: tuple[Wanted, ...] = ()
        self._wishes: list[Wish] = []
        self._list_changed = False
        self.held: str | None = None  # why we do not read for the moment, of our own accord

    @property
    def account(self) -> AccountLine:
        """The account that reads."""
        return self.desk.account

    @property
    def heads_work(self) -> bool | None:
        """Whether head checks of many channels are served; None: not known yet."""
        return self._polls.heads_work

    @property
    def unresolved(self) -> int:
        """How many names are yet to be resolved."""
        return self._roster.unresolved

    def want(self, listed: Sequence[Wanted]) -> None:
        """Take a (changed) list of channels from the next turn on."""
        self._listed = tuple(listed)
        self._list_changed = True
        self.wake()

    def wake(self) -> None:
        """Look for work at once."""
        self._wake.set()

    def hold(self, reason: str | None) -> None:
        """Read nothing until this is called with None; what is in hand is stored."""
        self.held = reason

    async def take_wishes(self) -> None:
        """Take up what was asked for by command since last time."""
        asked = await self.desk.writer.read(wishes.wishes)
        if asked != self._wishes:
            self._wishes, self._list_changed = asked, True
            self.wake()

    async def turn(self) -> None:
        """Send one request and store what comes, or wait up to a few seconds where none may go."""
        self.turns += 1
        if self.account.fault is not None or self.held is not None:
            await self._pause(self._longest_pause)
        elif not self.account.is_open:
            await self._open()
        else:
            await self._work()

    async def save(self) -> None:
        """Store the states of the channels that changed."""
        desk = self.desk
        changed = [target for target in desk.targets.values() if target.dirty]
        if not changed:
            return
        now, monotonic = desk.clock.now(), desk.clock.monotonic()
        gap = desk.gap / (min(len(desk.plan), desk.source.heads_batch) or 1) if self.heads_work else desk.gap
        pressure = desk.plan.pressure(monotonic, gap)
        for target in changed:
            target.dirty = False
            target.next_at = None
            if target.key in desk.plan:
                interval = max(self._polls.shortest, desk.plan.interval(target.key, monotonic, gap, pressure))
                ahead = interval - desk.plan.waited(target.key, monotonic)
                target.next_at = now + timedelta(seconds=max(0.0, ahead))
        await desk.writer.write(states.save, [desk.state(target) for target in changed])

    async def tidy(self) -> None:
        """Remove what is remembered for nothing any more, and try names again that led nowhere."""
        self._list_changed = True
        await self.desk.writer.write(limits.forget_requests, self.desk.clock.now())

    async def close(self) -> None:
        """Store what is to be remembered, and disconnect."""
        await self._hints.stop()
        if self.downloads is not None:
            await self.downloads.close()
        await self.save()
        await self.account.close()

    def reopen(self) -> None:
        """Try again after a person acted on a lost access."""
        self.account.fault = None
        self.wake()

    async def _open(self) -> None:
        hold = self.account.hold(None)
        if hold is not None:
            await self._pause(hold.seconds)
            return
        try:
            await self.account.open()
        except AccessLost as error:
            await self._lost(error)
            return
        except SourceError as error:
            log.info("not_open_yet", error=str(error))
            return
        await self._gaps.load()
        await self._backfills.load()
        self._list_changed = True
        log.info("source_open", source=self.desk.source.name)

    async def _work(self) -> None:
        if self._list_changed:
            await self._update_list()
        self._hints.listen()
        self._release()
        job = self._choice.job()
        if job is None:
            await self._pause(self._polls.shortest / 2)
            return
        hold = self.account.hold(job.action, urgent=job.urgent)
        if hold is not None:
            await self._pause(hold.seconds)
            return
        await self._do(job)

    async def _update_list(self) -> None:
        self._list_changed = False
        self._wishes = await self.desk.writer.read(wishes.wishes)
        for key in await self._roster.update(effective(self._listed, self._wishes)):
            self._polls.forget(key)
            self._backfills.forget(key)
        self._memberships.update(self._wishes)
        for target in self.desk.targets.values():
            self._backfills.take(target, is_new=False)
        self._hints.know_channels()

    def _release(self) -> None:
        """Put channels back into the plan that were left alone for long enough."""
        for target in self.desk.targets.values():
            if target.key not in self.desk.plan:
                self.desk.set_out(target)

    def _may_send(self, job: Job) -> bool:
        """Tell whether neither the far side nor a day's budget forbids a job's kind for a while."""
        hold = self.account.hold(job.action, urgent=True)
        return hold is None or hold.reason not in ("flood", "day")

    def _media(self) -> Job | None:
        """Return the next piece of a file to fetch; while channels are new to us, these go before."""
        if self.downloads is None or self._roster.job() is not None or self._looks.beginning() is not None:
            return None
        return self.downloads.job()

    async def _do(self, job: Job) -> None:
        self._choice.count(job)
        target = job.target
        try:
            await job.run()
        except AccessLost as error:
            await self._lost(error)
        except Wait:
            pass  # the account remembers it
        except ChannelGone as error:
            if target is not None:
                self._looks.soon(target)  # that tells what became of it
                await self._failed(target, error)
        except (Unreachable, Unreadable) as error:
            if target is not None:
                await self._failed(target, error)
        except DiskFull:
            raise  # no fault of the channel: when there is room, all go on at once
        except Exception as error:  # noted on its channel, then raised to the job's boundary
            if target is not None:  # whatever it is, the others go on meanwhile
                target.failures += 1
                target.last_error = f"{type(error).__name__}: {error}"
                self.desk.hold(target, back_off(target.failures, 1.0, first=15.0, most=1800.0))
            raise
        if target is not None and target.key in self.desk.targets:
            self._rechecks.changed(target)
        while self.desk.begun:
            self._backfills.take(self.desk.begun.pop(), is_new=True)
        if job.action in (Action.RESOLVE, Action.LOOK):
            self._hints.know_channels()

    async def _failed(self, target: Target, error: SourceError) -> None:
        """Leave a channel alone, the longer the more often it failed; an outage is no fault of the channel."""
        if isinstance(error, Unreachable) and self.account.failures > 1:
            return
        target.failures += 1
        target.last_error = str(error)
        seconds = back_off(target.failures, self.desk.draw.random(), first=5.0, most=1800.0)
        self.desk.hold(target, seconds)
        log.warning("channel_failed", channel=target.label, failures=target.failures, error=str(error))
        if target.failures == _TOLD_AFTER and isinstance(error, Unreadable):
            since = f"{target.read_at or target.since:%d %b %Y %H:%M} UTC"
            text = f"{target.label} cannot be read since {since}: {error}. It is tried again."
            await self.desk.notice("failing", text, Level.MEDIUM, target)

    async def _lost(self, error: AccessLost) -> None:
        """Stop reading, say so, and let the session go to `monitor login`; alerts due are sent all the same."""
        self.account.fault = str(error)
        log.error("access_lost", error=str(error))
        if self.account.fault_is_new:
            await self.desk.notice("access lost", f"Nothing is read any more: {error}", Level.HIGH)
        await self._hints.stop()
        await self.account.close()

    def _take_hint(self, key: int, hint: Hint) -> None:
        self._polls.hint(key)
        self._rechecks.urge(key, hint.changed)
        self.wake()

    async def _pause(self, seconds: float) -> None:
        self._wake.clear()
        await self.desk.clock.wait(self._wake, min(seconds, self._longest_pause))
