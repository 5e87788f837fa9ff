"""The checks behind `monitor check`: each returns what it found, and none stops the others."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from monitor.cli import account, start
from monitor.cli.checks.database import database
from monitor.cli.checks.findings import Findings
from monitor.cli.checks.keeping import backups, disk, media
from monitor.cli.checks.overlaps import overlaps
from monitor.cli.checks.telling import telling, telling_online
from monitor.cli.listing import listed
from monitor.cli.running import live_source
from monitor.config import ConfigError, Settings, load_settings
from monitor.instance import InstanceLock
from monitor.reading.budget import MINUTE
from monitor.reading.channel_list import Wanted
from monitor.reading.desk import POLL_SHARE
from monitor.reading.roster import effective
from monitor.rules.compiler import compile_rules
from monitor.rules.loader import RuleErrors, load
from monitor.sources.live import Action, LiveSource, NotPublic
from monitor.sources.source import AccessLost, SourceError, Wait
from monitor.store import limits, reach
from monitor.store.migrations import steps_behind
from monitor.store.reader import Reader
from monitor.store.records import StoreError
from monitor.store.store import Store
from monitor.store.wishes import wishes
from monitor.telegram.reader import TelegramReader
from monitor.telegram.session import existing_session

_CLOCK = 30.0  # seconds by which our clock may differ from Telegram's
_LOOKED_UP = 20  # names that one check looks up at most: looking up is what Telegram allows least of


def check(*, online: bool) -> tuple[list[str], list[str], list[str]]:
    """Check everything; return faults, advice, and what is in order."""
    found = Findings()
    try:
        settings = load_settings()
    except ConfigError as error:
        found.faults += str(error).splitlines()
        return found.faults, found.advice, found.good
    found.good.append("settings")
    for part in (_rules, database, disk, backups, media, _channels, _session, telling, _time_zone, overlaps):
        part(settings, found)
    if online:
        _online(settings, found)
    return found.faults, found.advice, found.good


def _rules(settings: Settings, found: Findings) -> None:
    try:
        cache = start.cache_folder()
        rules = load(list(settings.rules), cache=cache)
        compile_rules(rules, cache=cache)
    except RuleErrors as error:
        found.faults += str(error).splitlines()
    else:
        found.good.append(f"rules: {len(rules.rules)} rules, {len(rules.entities)} entities")


def _channels(settings: Settings, found: Findings) -> None:
    try:
        channels = listed(settings)
    except ConfigError as error:
        found.faults.append(str(error))
        return
    found.faults += channels.faults
    wanted = _wanted(settings, channels.channels)
    if not wanted:
        found.faults.append("CHANNELS: no channel is named; write some there, or a file of them into CHANNELS_FILE")
        return
    found.good.append(f"channels: {len(wanted)}")
    seconds = len(wanted) * MINUTE / settings.poll_requests_per_minute / POLL_SHARE
    if seconds > settings.poll_max_interval.total_seconds():
        found.advice.append(
            f"POLL_MAX_INTERVAL: reading {len(wanted)} channels one by one with {settings.poll_requests_per_minute}"
            f" requests a minute takes {seconds / 60:.0f} min; it holds only where Telegram serves head checks"
        )
    if settings.source == "telegram" and len(wanted) > settings.resolves_per_day:
        days = -(-len(wanted) // settings.resolves_per_day)
        found.advice.append(f"RESOLVES_PER_DAY: looking up {len(wanted)} names for the first time takes {days} days")


def _wanted(settings: Settings, channels: tuple[Wanted, ...]) -> list[Wanted]:
    """Return the list with the changes made by command, as far as the database can be read."""
    try:
        with Reader.open(settings.database) as store:
            return effective(channels, store.read(wishes))
    except StoreError:
        return list(channels)


def _session(settings: Settings, found: Findings) -> None:
    if settings.source != "telegram":
        return
    try:
        account.app(settings)
        account.server(settings)
    except ConfigError as error:
        found.faults.append(str(error))
    if InstanceLock(settings.database).holder() is not None:
        found.good.append("session: in use by the running monitor")
        return
    try:
        existing_session(settings.telegram_session).close()
    except AccessLost as error:
        found.faults.append(f"TELEGRAM_SESSION: {error}")
    else:
        found.good.append("session")


def _time_zone(settings: Settings, found: Findings) -> None:
    if "timezone" in settings.model_fields_set:
        found.good.append(f"time zone: {settings.timezone}")
    else:
        found.advice.append(
            "TIMEZONE: is not set, so that alerts show UTC alone; write the desk's, as Europe/Amsterdam"
        )


def _online(settings: Settings, found: Findings) -> None:
    if found.faults:
        found.advice.append("--online: not done, for what is wrong above comes first")
    elif InstanceLock(settings.database).holder() is not None:
        found.advice.append("--online: not done, for the monitor runs with this session; see `monitor status`")
    else:
        asyncio.run(_ask(live_source(settings), settings, found))
        asyncio.run(telling_online(settings, found))


async def _ask(source: LiveSource, settings: Settings, found: Findings) -> None:
    try:
        await source.open()
        found.good.append(f"online: {source.name} answers")
        if isinstance(source, TelegramReader):
            _clock(await source.clock_ahead(), found)
        await _resolvable(source, settings, found)
    except (SourceError, StoreError) as error:
        found.faults.append(f"online: {error}")
    finally:
        await source.close()


def _clock(ahead: float, found: Findings) -> None:
    if abs(ahead) > _CLOCK:
        way = "behind" if ahead > 0 else "ahead of"
        found.faults.append(f"clock: this machine is {abs(ahead):.0f} s {way} Telegram's time; set it by NTP")
    else:
        found.good.append("clock: as Telegram's")


async def _resolvable(source: LiveSource, settings: Settings, found: Findings) -> None:
    """Look up the names that were not looked up before, and keep what comes for `monitor run`."""
    if settings.database.exists() and steps_behind(settings.database):
        return  # to write there is to bring it to this version, which is left to `monitor run`
    settings.database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with Store.open(settings.database) as store:
        known = store.read(reach.found, source.name)
        wanted = effective(listed(settings).channels, store.read(wishes))
        names = [one for one in wanted if one.name and (one.key not in known or known[one.key].key is None)]
        for one in names[:_LOOKED_UP]:
            try:
                await _look_up(source, store, one)
            except NotPublic as error:
                found.faults.append(f"{one.place}: {error}")
            except Wait as error:
                found.advice.append(f"online: {error}; the other names are looked up later")
                return
            else:
                found.good.append(f"channel {one.given}")
            await asyncio.sleep(MINUTE / settings.poll_requests_per_minute)
    if len(names) > _LOOKED_UP:
        found.advice.append(f"online: {len(names) - _LOOKED_UP} more names are looked up by `monitor run`")


async def _look_up(source: LiveSource, store: Store, wanted: Wanted) -> None:
    now = datetime.now(UTC)
    store.write(limits.note_request, source.account, Action.RESOLVE, now)
    address = await source.resolve(wanted.name or "")
    store.write(reach.note_account, reach.Account(source.account, source.name, now, source.blind_spots))
    key, _ = store.write(reach.settle, source.account, address.channel, address.access, now)
    store.write(reach.note_found, source.name, reach.Found(wanted.key, key, now))
