"""The work behind `monitor run`: puts the parts together in order, and reloads some of them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import structlog

from monitor.alerts.notifier import Notifier
from monitor.cli import account, desking, media_keeping, notifying, start, upkeep
from monitor.cli.desking import Chat
from monitor.cli.digesting import DailyDigest
from monitor.cli.keeping import backups_folder
from monitor.cli.listing import listed
from monitor.cli.logs import set_up
from monitor.config import ConfigError, Settings, load_settings
from monitor.daemon import Daemon, Loop, Task
from monitor.health import headline
from monitor.instance import InstanceLock, InstanceRunning
from monitor.models import Level
from monitor.pipeline import Pipeline, stored_stories
from monitor.reading.channel_list import ChannelList
from monitor.reading.clock import SystemClock
from monitor.reading.desk import Options
from monitor.reading.reader import Reader
from monitor.reading.writer import Writer
from monitor.rules.compiler import compile_rules
from monitor.rules.loader import RuleErrors, load
from monitor.rules.matcher import Matcher
from monitor.service import ServiceManager
from monitor.sources.live import LiveSource
from monitor.store import notices, outbox
from monitor.store.backup import back_up
from monitor.store.database import QuickLook
from monitor.store.migrations import steps_behind
from monitor.store.notices import Notice
from monitor.store.records import DiskFull
from monitor.store.store import Store, StoreError

log = structlog.get_logger()

_DIGEST_EVERY = 30.0
_MIGRATING = 4 * 3600.0  # seconds at most that a big database may take to be copied, proved and brought to this version
_QUICK = 1.0  # seconds that the look through the database at the start may take; each backup looks at all of it


@dataclass(frozen=True, slots=True)
class Order:
    """What the command line asked for."""

    rules: tuple[str, ...]
    no_packs: bool
    since: datetime | None
    alert_old: bool
    debug: bool


def run(order: Order) -> int:
    """Run until stopped; return the exit code: 0, 1 where it could not go on, 2 on a wrong configuration."""
    set_up(debug=order.debug)
    settings = start.settings()
    try:
        channels = listed(settings)
        source = live_source(settings)
        chat = desking.chat(settings)
        told = notifying.notifiers(settings, chat.notifier if chat is not None else None)
    except ConfigError as error:
        start.fail(str(error))
    look = QuickLook(settings.database, _QUICK)  # while the rules are loaded
    matcher = start.matcher(order.rules, order.no_packs, settings.rules)
    try:
        settings.database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with InstanceLock(settings.database):
            damage = look.fault()
            if damage is not None:
                start.fail(
                    f"{settings.database}: the database is damaged ({damage}); put a backup back with `monitor restore`"
                )
            with _opened(settings) as store:
                look.close()
                fault = asyncio.run(_Run(order, settings, channels, source, chat, told, store, matcher).run())
    except DiskFull as error:
        log.error("ended", error=str(error))
        return 1  # there may be room at the next start
    except (StoreError, InstanceRunning, OSError) as error:
        start.fail(str(error))
    if fault is not None:
        log.error("ended", error=fault)
        return 1
    return 0


def _opened(settings: Settings) -> Store:
    """Open the database; one of an earlier version is copied to the backups before it is brought to this one."""
    database = settings.database
    if database.exists() and (steps := steps_behind(database)):
        ServiceManager().take_longer(_MIGRATING, "Copying the database before it is brought to this version")
        try:
            made, _ = back_up(database, backups_folder(settings, database, None), datetime.now(UTC))
        except StoreError as error:
            # To stand still would cost posts, and the migration is one transaction, which is done as a whole or not.
            log.warning("no_backup_before_migration", error=str(error))
        else:
            log.info("backup_before_migration", file=str(made.path))
        log.info("migrating", steps=steps)
    return Store.open(database)


def live_source(settings: Settings) -> LiveSource:
    """Return the source that the settings name; ConfigError where they do not suffice for it."""
    if settings.source == "preview":
        from monitor.sources.preview import PreviewSource

        return PreviewSource(settings.preview_address)
    return account.reader(settings)


class _Run:
    """One run: the parts, and how they are reloaded."""

    def __init__(
        self,
        order: Order,
        settings: Settings,
        channels: ChannelList,
        source: LiveSource,
        chat: Chat | None,
        told: Sequence[Notifier],
        store: Store,
        matcher: Matcher,
    ) -> None:
        self._matcher = matcher
        self._chat = chat
        self._order = order
        self._settings = settings
        self._store = store
        self._stories = stored_stories(
            store, since=datetime.now(UTC) - 2 * settings.story_window, window=settings.story_window
        )
        self._clock = SystemClock()
        self._channels = channels
        self._writer = Writer(store, self._pipeline(matcher, channels, settings))
        self._keeping = media_keeping.keeping(settings, source)
        self._reader = Reader(
            source,
            self._writer,
            self._clock,
            per_minute=settings.poll_requests_per_minute,
            resolves_per_day=settings.resolves_per_day if settings.source == "telegram" else None,
            options=self._options(settings),
            keeping=self._keeping,
        )
        self._outboxes = notifying.outboxes(told, self._writer, self._clock)
        self._digest = DailyDigest(
            self._writer,
            partial(desking.reported, self._parts()),
            self._clock.now,
            settings.zone,
            settings.digest_at,
            settings.silence_alarm,
        )
        self._service = ServiceManager()

    async def run(self) -> str | None:
        """Run the daemon; return why it could not go on, None where it was told to stop."""
        for name in await self._writer.write(outbox.close_others, [one.name for one in self._outboxes]):
            log.warning("outbox_closed", notifier=name)
        await self._tell_faults(self._channels)
        await media_keeping.begin(self._settings, self._writer, self._keeping)
        self._reader.want(self._channels.channels)
        running = upkeep.Running(self._settings, self._store, self._writer, self._reader, self._clock)
        daemon = Daemon(
            self._reader,
            self._writer,
            self._clock,
            self._service,
            reload=self._reload,
            status=lambda: headline(self._reader),
            tasks=[Task("digest", _DIGEST_EVERY, self._digest.look), *await upkeep.tasks(running)],
            loops=self._loops(),
        )
        for box in self._outboxes:
            self._writer.when_written(box.wake)
        metrics = await upkeep.metrics(running, daemon)
        try:
            return await daemon.run()
        finally:
            if metrics is not None:
                await metrics.close()
            await asyncio.gather(*(box.close() for box in self._outboxes), return_exceptions=True)

    def _loops(self) -> list[Loop]:
        loops = [Loop(f"outbox {one.name}", one.turn, one.woken) for one in self._outboxes]
        if self._chat is not None:
            line = desking.open_desk(self._chat, self._parts())
            loops.append(Loop("desk", line.turn, line.woken))
        return loops

    def _parts(self) -> desking.Parts:
        return desking.Parts(
            settings=self._settings,
            writer=self._writer,
            clock=self._clock,
            matcher=lambda: self._matcher,
            channels=lambda: self._channels,
            look_again=self._reader.wake,
        )

    def _options(self, settings: Settings) -> Options:
        since = self._order.since
        return Options(
            bound=settings.poll_max_interval,
            recheck=timedelta(hours=settings.recheck_hours),
            backfill=settings.backfill,
            since=since.replace(tzinfo=settings.zone).astimezone(UTC) if since is not None else None,
            alert_old=self._order.alert_old,
        )

    def _pipeline(self, matcher: Matcher, channels: ChannelList, settings: Settings) -> Pipeline:
        levels = {one.name.lower(): one.level for one in channels.channels if one.name and one.level}
        return Pipeline(matcher, self._store, self._stories, start.policy(settings, levels), origin="run")

    async def _reload(self) -> None:
        """Load rules and channels anew; where anything is wrong with them the old ones stay, which is told."""
        try:
            settings = load_settings()
            channels = listed(settings)
            if channels.faults:
                raise ConfigError("\n".join(channels.faults))
            matcher = await asyncio.to_thread(self._compiled, settings)
        except (ConfigError, RuleErrors) as error:
            log.error("reload_refused", error=str(error))
            text = f"Rules and channels stay as they were; what was to be loaded is wrong: {error}"
            await self._notice(Notice("reload refused", text, Level.HIGH))
            return
        self._writer.use(self._pipeline(matcher, channels, settings))
        self._channels, self._matcher = channels, matcher
        self._reader.reopen()
        self._reader.want(channels.channels)
        log.info("reloaded", channels=len(channels.channels))

    def _compiled(self, settings: Settings) -> Matcher:
        folders = [Path(folder) for folder in self._order.rules] or list(settings.rules)
        cache = start.cache_folder()
        rules = load(folders, packs=not self._order.no_packs, pack_tests=False, cache=cache)
        return compile_rules(rules, cache=cache)

    async def _tell_faults(self, channels: ChannelList) -> None:
        """Say which entries of the list cannot be read; the others go on."""
        for fault in channels.faults:
            log.warning("list_of_channels", fault=fault)
            await self._notice(Notice("list of channels", fault, Level.MEDIUM))

    async def _notice(self, notice: Notice) -> None:
        await self._writer.write(notices.note_once, notice, self._clock.now())
