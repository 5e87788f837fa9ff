"""The running monitor: its jobs, signals, the watchdog, and an orderly end.

APScheduler starts the jobs; each is paced by the monotonic clock inside, and rescheduled when the wall's clock steps.
A job that fails is started again, later each time; the same failure again and again ends the process, so that whoever
supervises it starts it anew.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from monitor.reading.budget import back_off
from monitor.reading.clock import Clock
from monitor.reading.reader import Reader
from monitor.reading.writer import Writer
from monitor.service import ServiceManager
from monitor.store import limits
from monitor.store.records import DiskFull

log = structlog.get_logger()

IN_HAND = 6.0  # seconds that what is in hand may take at the end; all together stays under ten
_MOST_FAILURES = 10  # of one job in a row
_LONGEST_BACK_OFF = 60.0
_STEP = 5.0  # seconds by which the wall's clock may drift against the monotonic one in a second before it is a step
_SAVE_EVERY = 10.0
_TIDY_EVERY = 3600.0
_WISHES_EVERY = 2.0


@dataclass(frozen=True, slots=True)
class Task:
    """A piece of work that is done every so many seconds."""

    name: str
    every: float
    work: Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Loop:
    """Work that goes on and on: each turn says after how many seconds the next is worth while, unless woken."""

    name: str
    turn: Callable[[], Awaitable[float]]
    woken: asyncio.Event


class Daemon:
    """Runs until it is told to stop, or cannot go on."""

    def __init__(
        self,
        reader: Reader,
        writer: Writer,
        clock: Clock,
        service: ServiceManager,
        *,
        reload: Callable[[], Awaitable[None]],
        status: Callable[[], str],
        tasks: Sequence[Task] = (),
        loops: Sequence[Loop] = (),
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._clock = clock
        self._service = service
        self._reload = reload
        self._status = status
        self._tasks = (
            *tasks,
            Task("save", _SAVE_EVERY, reader.save),
            Task("tidy", _TIDY_EVERY, reader.tidy),
            Task("wishes", _WISHES_EVERY, reader.take_wishes),
        )
        self._loops = tuple(loops)
        self._scheduler = AsyncIOScheduler(
            timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )
        self._stop = asyncio.Event()
        self._fault: str | None = None
        self._in_hand: set[asyncio.Task[None]] = set()
        self._reloads: set[asyncio.Task[None]] = set()
        self.failures: dict[str, int] = {}
        self.fed_at: float | None = None  # by the wall's clock (seconds since 1970): when the watchdog was last fed

    @property
    def stopping(self) -> bool:
        """Whether it is coming to its end."""
        return self._stop.is_set()

    def stop(self) -> None:
        """Come to an end in order."""
        self._stop.set()
        self._reader.wake()
        for loop in self._loops:
            loop.woken.set()

    async def run(self) -> str | None:
        """Run until stopped; return why it could not go on, None where it was told to stop."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)
        loop.add_signal_handler(signal.SIGHUP, self._start_reload)
        self._start_jobs()
        self._service.ready()
        log.info("ready")
        beside = [asyncio.create_task(self._watch_clock()), asyncio.create_task(self._feed_watchdog())]
        try:
            await self._stop.wait()
        finally:
            self._service.stopping()
            log.info("stopping")
            await self._end(beside)
        return self._fault

    def _start_jobs(self) -> None:
        self._scheduler.add_job(self._read, id="poll")
        for loop in self._loops:
            self._scheduler.add_job(self._go_on, args=[loop], id=loop.name)
        for task in self._tasks:
            guard = _Guard(task.name, task.work, self)
            self._scheduler.add_job(guard.once, "interval", seconds=task.every, id=task.name, name=task.name)
        self._scheduler.start()

    async def _read(self) -> None:
        """Read on and on; a turn that fails is followed by a pause."""
        self._hold_at_the_end()
        guard = _Guard("poll", self._reader.turn, self)
        while not self._stop.is_set():
            await guard.once()
            await self._clock.wait(self._stop, guard.pause)

    async def _go_on(self, loop: Loop) -> None:
        """Do a loop's turns, each after the rest that the one before asked for."""
        self._hold_at_the_end()
        rest = 0.0

        async def turn() -> None:
            nonlocal rest
            rest = await loop.turn()

        guard = _Guard(loop.name, turn, self)
        while not self._stop.is_set():
            loop.woken.clear()  # before the turn: who wakes it during that is heard, and a wait is one
            await guard.once()
            if guard.pause > 0:
                await self._clock.wait(self._stop, guard.pause)
            elif rest > 0:
                await self._clock.wait(loop.woken, rest)

    def _hold_at_the_end(self) -> None:
        """Let the turn of this task that is in hand be finished when the process ends."""
        task = asyncio.current_task()
        if task is not None:
            self._in_hand.add(task)
            task.add_done_callback(self._in_hand.discard)

    def failed(self, name: str, error: Exception, in_a_row: int) -> None:
        """Count the failure of a job; too many in a row end the process, except on a full disk."""
        self.failures[name] = self.failures.get(name, 0) + 1
        log.error("job_failed", job=name, in_a_row=in_a_row, error=str(error), exc_info=error)
        if in_a_row >= _MOST_FAILURES and not isinstance(error, DiskFull):
            self._fault = f"{name} failed {in_a_row} times in a row: {error}"
            self.stop()

    async def _watch_clock(self) -> None:
        """Start all jobs anew when the wall's clock steps: they are due by a time that is far off now."""
        before = self._offset()
        while True:
            await asyncio.sleep(1.0)
            offset = self._offset()
            if abs(offset - before) > _STEP:
                log.warning("clock_stepped", seconds=round(offset - before))
                for task in self._tasks:
                    self._scheduler.reschedule_job(task.name, trigger="interval", seconds=task.every)
            before = offset
            self._service.status(self._status())

    def _offset(self) -> float:
        return self._clock.now().timestamp() - self._clock.monotonic()

    async def _feed_watchdog(self) -> None:
        """Feed the watchdog as long as the writer and the poller do their turns; waiting out a flood is one."""
        if self._service.watchdog is None:
            return
        turns = -1
        while True:
            await asyncio.sleep(self._service.watchdog / 3)
            await self._writer.read(limits.floods, self._clock.now())  # hangs where the writer hangs
            if self._reader.turns != turns:
                turns = self._reader.turns
                self._service.alive()
                self.fed_at = self._clock.now().timestamp()

    def _start_reload(self) -> None:
        task = asyncio.create_task(self._do_reload())
        self._reloads.add(task)
        task.add_done_callback(self._reloads.discard)

    async def _do_reload(self) -> None:
        self._service.reloading()
        try:
            await self._reload()
        except Exception as error:  # a job's boundary
            self.failed("reload", error, 1)
        finally:
            self._service.ready()

    async def _end(self, beside: Sequence[asyncio.Task[None]]) -> None:
        """Let what is in hand be done, store what is to be remembered, and disconnect."""
        for task in (*beside, *self._reloads):
            task.cancel()
        in_hand = list(self._in_hand)
        if in_hand:
            await asyncio.wait(in_hand, timeout=IN_HAND)
            for task in in_hand:
                task.cancel()
            await asyncio.gather(*in_hand, return_exceptions=True)
        await asyncio.gather(*beside, *self._reloads, return_exceptions=True)
        self._scheduler.shutdown(wait=False)
        try:
            async with asyncio.timeout(2.0):
                await self._reader.close()
        except Exception as error:  # the end goes on whatever does not close
            log.warning("not_closed_in_order", error=str(error))
        await self._writer.close()


class _Guard:
    """Does a job's work; after a failure it is left alone for a while, longer each time."""

    def __init__(self, name: str, work: Callable[[], Awaitable[object]], daemon: Daemon) -> None:
        self._name = name
        self._work = work
        self._daemon = daemon
        self._failures = 0
        self._not_before = float("-inf")

    @property
    def pause(self) -> float:
        """Seconds until the work may be tried again."""
        return max(0.0, self._not_before - self._daemon._clock.monotonic())

    async def once(self) -> None:
        """Do the work once, unless it failed a moment ago."""
        if self.pause > 0:
            return
        try:
            await self._work()
        except asyncio.CancelledError:
            if not self._daemon.stopping:
                raise  # at the end it is no fault, and the scheduler would log it as one
        except Exception as error:  # the job's boundary
            self._failures += 1
            seconds = back_off(self._failures, 1.0, first=0.5, most=_LONGEST_BACK_OFF)
            self._not_before = self._daemon._clock.monotonic() + seconds
            self._daemon.failed(self._name, error, self._failures)
        else:
            self._failures = 0
