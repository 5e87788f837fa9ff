"""`monitor status`: what has been read, what holds it, and what a person must see to."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import click
import orjson

from monitor.alerts.passage import harmless
from monitor.cli import start
from monitor.cli.listing import listed
from monitor.cli.table import fitted
from monitor.config import ConfigError
from monitor.health import Coverage, Report, report
from monitor.instance import InstanceLock
from monitor.media.limits import shown
from monitor.reading.roster import effective
from monitor.store.reader import Reader
from monitor.store.records import StoreError
from monitor.store.wishes import wishes

_COLUMNS = ("channel", "state", "read up to", "post of", "last poll", "next poll", "posts/day", "gaps")
_LESS = ("posts/day", "post of", "next poll", "last poll", "read up to")  # what a narrow terminal goes without
_MEDIA = {
    "wanted": "waiting",
    "kept": "kept",
    "left": "not asked for",
    "failed": "given up",
    "gone": "gone before they were fetched",
    "purged": "purged",
}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print everything as one JSON object.")
def status(as_json: bool) -> None:
    """Show what has been read up to when, and what holds it; exit with 1 when something needs a person.

    Works while the monitor runs and while it does not.
    """
    settings = start.settings()
    try:
        channels = listed(settings)
        with Reader.open(settings.database) as store:
            wanted = effective(channels.channels, store.read(wishes))
            found = report(
                store,
                settings.source,
                wanted,
                datetime.now(UTC),
                process=InstanceLock(settings.database).holder(),
                longest=settings.poll_max_interval,
            )
    except (ConfigError, StoreError) as error:
        start.fail(str(error))
    if as_json:
        click.echo(orjson.dumps(_plain(found), option=orjson.OPT_INDENT_2).decode())
    else:
        _show(found, settings.zone)
    raise SystemExit(1 if found.attention else 0)


def _plain(found: Report) -> dict[str, Any]:
    plain = asdict(found)
    for entry, one in zip(plain["coverage"], found.coverage, strict=True):
        entry["name"], entry["standing"], entry["posts_a_day"] = one.label, one.standing, one.posts_a_day
    return plain


def _show(found: Report, zone: ZoneInfo) -> None:
    console = start.console()
    console.print(_heading(found, zone))
    if found.coverage:
        rows = [_row(one, found.at, zone, running=found.process is not None) for one in found.coverage]
        console.print(fitted(console, _COLUMNS, rows, _LESS))
    if found.media.states:
        counts = ", ".join(f"{number:,} {_MEDIA[state]}" for state, number in found.media.states.items())
        console.print(f"Media: {counts}; {shown(found.media.bytes)} kept.")
    for flood in found.floods:
        console.print(f"Telegram asks to wait with {flood.action or 'everything'} until {_at(flood.until, zone)}.")
    for blind in found.account.blind_spots if found.account is not None else ():
        console.print(f"Not seen: {blind}")
    for stored in found.notices[:5]:
        console.print(f"{_at(stored.at, zone)} {harmless(stored.notice.text)}")
    for sentence in found.attention:
        console.print("! " + harmless(sentence), style="bold")


def _heading(found: Report, zone: ZoneInfo) -> str:
    running = f"running (process {found.process})" if found.process is not None else "not running"
    seen = f", account last heard of {_at(found.account.seen_at, zone)}" if found.account is not None else ""
    day = sum(found.last_day.values())
    return (
        f"monitor: {running}{seen}; {found.last_minute} requests in the last minute, {day} in the last day"
        f" ({found.last_day.get('resolve', 0)} names looked up); {found.due} alerts due"
    )


def _row(one: Coverage, now: datetime, zone: ZoneInfo, *, running: bool) -> tuple[str, ...]:
    state = one.state
    rate = one.posts_a_day
    return (
        harmless(one.label),
        one.standing + (", joined" if one.joined else ""),
        "" if one.last is None else str(one.last),
        _at(one.last_date, zone),
        _at(state.read_at if state else None, zone),
        _ahead(state.next_at, now) if state and running else "",
        "" if rate is None else f"{rate:.1f}",
        _gaps(one),
    )


def _gaps(one: Coverage) -> str:
    said = [
        f"{number} {what}"
        for number, what in ((one.gaps.open, "open"), (one.gaps.gone, "ids gone"), (one.gaps.fetched, "fetched"))
        if number
    ]
    if one.state is not None and one.state.unparsed:
        said.append(f"{one.state.unparsed} kept raw")
    return ", ".join(said) or "none"


def _at(moment: datetime | None, zone: ZoneInfo) -> str:
    return "" if moment is None else f"{moment.astimezone(zone):%d %b %H:%M:%S}"


def _ahead(moment: datetime | None, now: datetime) -> str:
    if moment is None:
        return ""
    seconds = (moment - now).total_seconds()
    if seconds <= 0:
        return "due"
    return f"in {seconds:.0f} s" if seconds < 120 else f"in {seconds / 60:.0f} min"
