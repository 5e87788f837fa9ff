"""The work behind `monitor digest`."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from monitor.cli import start
from monitor.cli.digesting import DAY, digest_lines
from monitor.cli.listing import listed
from monitor.config import ConfigError, Settings
from monitor.digest.picture import drawn
from monitor.health import Report, report
from monitor.instance import InstanceLock
from monitor.reading.channel_list import ChannelList
from monitor.reading.roster import effective
from monitor.store import counts
from monitor.store.reader import Reader
from monitor.store.wishes import wishes


def run(since: datetime | None, until: datetime | None, picture: str | None, db: str | None) -> None:
    """Print the digest, and write its picture where that was asked for."""
    settings = start.settings()
    end = until.replace(tzinfo=settings.zone).astimezone(UTC) if until else datetime.now(UTC)
    begin = since.replace(tzinfo=settings.zone).astimezone(UTC) if since else end - DAY
    if begin >= end:
        start.fail("--since must be earlier than --until")
    try:
        channels = listed(settings)
    except ConfigError as error:
        start.fail(str(error))
    with start.reader(db) as store:
        lines = digest_lines(store, partial(_report, settings, channels), begin, end, settings.zone)
        by_hour = store.read(counts.by_hour, begin, end)
    click.echo(lines.rendered(None).text)
    if picture is not None:
        try:
            Path(picture).write_bytes(asyncio.run(drawn(by_hour, begin, end, settings.zone.key)))
        except (OSError, TimeoutError) as error:
            start.fail(f"--picture {picture}: {error}; is monitor[picture] installed, and may the file be written?")


def _report(settings: Settings, channels: ChannelList, store: Reader) -> Report:
    return report(
        store,
        settings.source,
        effective(channels.channels, store.read(wishes)),
        datetime.now(UTC),
        process=InstanceLock(settings.database).holder(),
        longest=settings.poll_max_interval,
    )
