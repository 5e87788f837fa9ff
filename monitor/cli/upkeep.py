"""The upkeep and the metrics of a run, as the settings want them."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.cli.keeping import backups_folder
from monitor.config import Settings
from monitor.daemon import Daemon, Task
from monitor.metrics.measuring import Measuring
from monitor.metrics.server import MetricsServer
from monitor.models import Level
from monitor.reading.clock import Clock
from monitor.reading.reader import Reader
from monitor.reading.writer import Writer
from monitor.store.store import Store
from monitor.telegram.reader import TelegramReader
from monitor.upkeep.backups import BackupWatch
from monitor.upkeep.clock import ClockWatch
from monitor.upkeep.conditions import Condition
from monitor.upkeep.disk import Bounds, DiskGuard
from monitor.upkeep.retention import Retention
from monitor.upkeep.write_ahead_log import LogWatch

_DISK_EVERY = 10.0
_LOG_EVERY = 30.0
_CLOCK_EVERY = 10.0
_BACKUP_EVERY = 300.0
_RETENTION_EVERY = 600.0
_MEDIA_EVERY = 2.0


@dataclass(frozen=True, slots=True)
class Running:
    """The parts of a run that its upkeep needs."""

    settings: Settings
    store: Store
    writer: Writer
    reader: Reader
    clock: Clock


async def tasks(run: Running) -> list[Task]:
    """Return the tasks that keep the store sound and watch the clock.

    The reading is held from the start where the disk has no room.
    """
    settings, database = run.settings, run.settings.database

    def condition(kind: str, level: Level, ends: str) -> Condition:
        return Condition(kind, ends, level, run.writer, run.clock.now)

    guard = DiskGuard(
        database,
        Bounds.of_gb(settings.disk_warn_gb, settings.disk_stop_gb),
        run.reader.hold,
        low=condition("disk low", Level.MEDIUM, "There is room on the database's disk again."),
        full=condition("disk full", Level.HIGH, "There is room on the database's disk again: reading goes on."),
    )
    await guard.look()
    grows = condition("log grows", Level.MEDIUM, "The database's log could be emptied again.")
    watch = LogWatch(database, run.writer, run.clock.monotonic, grows)
    found = [Task("disk", _DISK_EVERY, guard.look), Task("log", _LOG_EVERY, watch.look)]
    source = run.reader.account.source
    if isinstance(source, TelegramReader):
        wrong = condition("clock wrong", Level.HIGH, "The machine's clock agrees with Telegram's again.")
        clock = ClockWatch(lambda: source.clock_noticed, wrong)
        found.append(Task("clock", _CLOCK_EVERY, clock.look))
    if settings.backup_every is not None:
        fails = condition("backup fails", Level.HIGH, "Backups are made again.")
        backups = BackupWatch(backups_folder(settings, database, None), settings.backup_every, run.clock.now, fails)
        found.append(Task("backup", _BACKUP_EVERY, backups.look))
    if run.reader.downloads is not None:
        found.append(Task("media", _MEDIA_EVERY, run.reader.downloads.look))
    if settings.retention_days is not None:
        retention = Retention(run.writer, run.store.reader, settings.retention_days, run.clock.now, run.clock.monotonic)
        found.append(Task("retention", _RETENTION_EVERY, retention.look))
    return found


async def metrics(run: Running, daemon: Daemon) -> MetricsServer | None:
    """Serve the metrics where METRICS_PORT is set; OSError in one sentence where the port cannot be had."""
    settings = run.settings
    if settings.metrics_port is None:
        return None
    measuring = Measuring(
        run.reader,
        run.writer,
        run.clock,
        run.store.reader,
        database=settings.database,
        backups=backups_folder(settings, settings.database, None),
        failures=lambda: daemon.failures,
        fed_at=lambda: daemon.fed_at,
    )
    await measuring.begin()
    server = MetricsServer(settings.metrics_port, measuring.page)
    await server.open()
    return server
