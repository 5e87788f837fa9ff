"""Taking the figures of a running monitor: from its parts, its files and its store, each time somebody asks."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from prometheus_client import Counter, Gauge, disable_created_metrics, generate_latest

from monitor.metrics.figures import Figures
from monitor.reading.clock import Clock
from monitor.reading.reader import Reader
from monitor.reading.writer import Writer
from monitor.store import gains, media, outbox
from monitor.store.backup import backups_in
from monitor.store.database import log_of
from monitor.store.gains import Gains, Marks
from monitor.store.media import MediaCount
from monitor.store.outbox import Held
from monitor.store.reader import Reader as StoreReader
from monitor.upkeep.disk import file_bytes, free_bytes


class Measuring:
    """The figures of one run; `page` brings them up to date and writes them as Prometheus reads them."""

    def __init__(
        self,
        reader: Reader,
        writer: Writer,
        clock: Clock,
        open_store: Callable[[], StoreReader],
        *,
        database: Path,
        backups: Path,
        failures: Callable[[], Mapping[str, int]],
        fed_at: Callable[[], float | None],
    ) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._reader = reader
        self._writer = writer
        self._clock = clock
        self._open_store = open_store
        self._database = database
        self._backups = backups
        self._failures = failures
        self._fed_at = fed_at
        self._began = clock.now().replace(microsecond=0)  # dates of posts have whole seconds
        self._marks: Marks | None = None
        self._failed: dict[str, int] = {}
        self._turn = asyncio.Lock()
        self.figures = Figures()
        self.figures.build.info({"version": version("monitor")})

    async def begin(self) -> None:
        """Count from now on."""
        self._marks = await asyncio.to_thread(self._marks_now)

    async def page(self) -> bytes:
        """Return all figures in Prometheus' text format."""
        async with self._turn:
            new, held, kept = await asyncio.to_thread(self._look, self._clock.now())
            self._count(new)
            self._of_channels()
            self._of_account()
            self._of_outboxes(held)
            self._of_media(kept)
            self._of_process()
            return generate_latest(self.figures.registry)

    def _marks_now(self) -> Marks:
        with self._open_store() as store:
            return store.read(gains.marks)

    def _look(self, now: datetime) -> tuple[Gains, list[Held], MediaCount]:
        """Ask the store on a connection of our own: the writer's thread has other work."""
        with self._open_store() as store:
            upto = store.read(gains.marks)
            new = store.read(gains.gains, self._marks or upto, upto, self._began)
            held = store.read(outbox.outboxes, now)
            kept = store.read(media.count)
        self._marks = upto
        return new, held, kept

    def _count(self, new: Gains) -> None:
        figures = self.figures
        for counter, counts in (
            (figures.posts, new.posts),
            (figures.edits, new.edits),
            (figures.matches, new.matches),
            (figures.requests, new.requests),
        ):
            for name, number in counts.items():
                counter.labels(str(name)).inc(number)
        _count_pairs(figures.alerts, new.alerts)
        _count_pairs(figures.deliveries, new.deliveries)
        for seconds, number in new.delays.items():
            for _ in range(number):
                figures.delay.observe(seconds)

    def _of_channels(self) -> None:
        figures, now = self.figures, self._clock.now()
        for gauge in (figures.lag, figures.failures, figures.channels):
            gauge.clear()
        for target in self._reader.desk.targets.values():
            standing = "failing" if target.failures else target.standing.value
            figures.channels.labels(standing).inc()
            figures.failures.labels(target.label).set(target.failures)
            if target.read_at is not None:
                figures.lag.labels(target.label).set(max(0.0, (now - target.read_at).total_seconds()))

    def _of_account(self) -> None:
        figures, account = self.figures, self._reader.account
        figures.unresolved.set(self._reader.unresolved)
        figures.flood.clear()
        for action, seconds in account.budget.floods(self._clock.monotonic()):
            figures.flood.labels(action or "all").set(seconds)
        for reason, holds in (
            ("access", account.fault is not None),
            ("network", account.outage is not None),
            ("disk", self._reader.held is not None),
        ):
            figures.held.labels(reason).set(holds)

    def _of_outboxes(self, held: list[Held]) -> None:
        figures, now = self.figures, self._clock.now()
        for one in held:
            figures.waiting.labels(one.notifier).set(one.waiting)
            figures.refused.labels(one.notifier).set(one.refused)
            figures.outbox_failures.labels(one.notifier).set(one.failures)
            age = (now - one.oldest).total_seconds() if one.oldest is not None else 0.0
            figures.oldest.labels(one.notifier).set(max(0.0, age))

    def _of_media(self, kept: MediaCount) -> None:
        self.figures.media.clear()
        for state, number in kept.states.items():
            self.figures.media.labels(state).set(number)
        self.figures.media_bytes.set(kept.bytes)

    def _of_process(self) -> None:
        figures = self.figures
        figures.queue.set(self._writer.waiting)
        figures.database.set(file_bytes(self._database))
        figures.wal.set(file_bytes(log_of(self._database)))
        figures.free.set(free_bytes(self._database))
        newest = next(iter(backups_in(self._backups)), None)
        figures.backup.set(newest.at.timestamp() if newest is not None else 0.0)
        figures.fed.set(self._fed_at() or 0.0)
        for job, number in self._failures().items():
            figures.job_failures.labels(job).inc(number - self._failed.get(job, 0))
        self._failed = dict(self._failures())
        _measure_process(figures.memory, figures.handles)


def _count_pairs(counter: Counter, counts: Mapping[tuple[str, str], int]) -> None:
    for names, number in counts.items():
        counter.labels(*names).inc(number)


def _measure_process(memory: Gauge, handles: Gauge) -> None:
    """Read what the kernel tells of this process, which it does even where the rest of /proc is hidden."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        memory.set(pages * os.sysconf("SC_PAGE_SIZE"))
        handles.set(sum(1 for _ in Path("/proc/self/fd").iterdir()))
    except (OSError, ValueError):
        pass  # no Linux
