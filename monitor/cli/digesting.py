"""Digests: asked for in the chat or on the command line, and the daily one of the running monitor."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import structlog

from monitor.alerts.message import Lines
from monitor.desk.values import Answer
from monitor.desk.wording import coverage_sentence
from monitor.digest.compose import compose
from monitor.digest.gathering import gather, unusual_silence
from monitor.digest.picture import drawn
from monitor.health import Report
from monitor.models import Level
from monitor.reading.writer import Writer
from monitor.store import counts, notices
from monitor.store.notices import Notice
from monitor.store.reader import Reader

log = structlog.get_logger()

DAY = timedelta(days=1)
SILENCE = "silence"


def digest_lines(
    store: Reader, report: Callable[[Reader], Report], since: datetime, until: datetime, zone: ZoneInfo
) -> Lines:
    """Write the digest of the time between `since` and `until`."""
    coverage = coverage_sentence(report(store), until, zone)
    return compose(gather(store, since, until, coverage), zone)


async def digest_answer(writer: Writer, report: Callable[[Reader], Report], zone: ZoneInfo, now: datetime) -> Answer:
    """Return the digest of the last 24 hours as an answer in the chat."""
    lines = await writer.look(lambda store: digest_lines(store, report, now - DAY, now, zone))
    by_hour = await writer.look(lambda store: store.read(counts.by_hour, now - DAY, now))
    return Answer(lines.rendered(None), picture=await picture(by_hour, now - DAY, now, zone) if by_hour else None)


class DailyDigest:
    """Makes the digest once a day at a time of the desk's zone, and tells of an unusual silence.

    One whose time passed while the program stood still is made at its start, the first of all at the next time.
    """

    def __init__(
        self,
        writer: Writer,
        report: Callable[[Reader], Report],
        now: Callable[[], datetime],
        zone: ZoneInfo,
        at: time | None,
        silence: timedelta | None,
    ) -> None:
        self._writer = writer
        self._report = report
        self._now = now
        self._zone = zone
        self._at = at
        self._silence = silence

    async def look(self) -> None:
        """Make the digest if it is due, and look whether nothing has come for too long."""
        now = self._now()
        await self._look_for_silence(now)
        if self._at is None:
            return
        day = due_day(now, self._at, self._zone)
        last = await self._writer.read(counts.last_digest, day)
        if last is None:
            # The first start of all: what was before it nobody expects to be summed up.
            await self._writer.write(counts.begin_digests, day, now)
        if last is None or day <= last:
            return
        lines = await self._writer.look(lambda store: digest_lines(store, self._report, now - DAY, now, self._zone))
        by_hour = await self._writer.look(lambda store: store.read(counts.by_hour, now - DAY, now))
        png = await picture(by_hour, now - DAY, now, self._zone) if by_hour else None
        text = lines.rendered(None).text
        await self._writer.write(counts.note_digest, day, now, text, png)
        log.info("digest_made", day=day)

    async def _look_for_silence(self, now: datetime) -> None:
        length = self._silence
        if length is None:
            return
        said = await self._writer.look(lambda store: unusual_silence(store, now, length))
        begins = Notice(SILENCE, said, Level.HIGH) if said is not None else None
        told = await self._writer.write(notices.turn, SILENCE, begins, "Posts come again.", now)
        if told and said is not None:
            log.warning("silence", minutes=round(length.total_seconds() / 60))


async def picture(
    by_hour: dict[str, dict[datetime, int]], since: datetime, until: datetime, zone: ZoneInfo
) -> bytes | None:
    """Have the picture of a digest drawn; None where it cannot be, which the log tells."""
    try:
        return await drawn(by_hour, since, until, zone.key)
    except (OSError, TimeoutError) as error:
        log.warning("no_picture", reason=str(error))
        return None


def due_day(now: datetime, at: time, zone: ZoneInfo) -> str:
    """Return the newest day (YYYY-MM-DD in `zone`) whose digest should have been made by now, at `at` of that day."""
    there = now.astimezone(zone)
    return (there.date() if there.time() >= at else there.date() - DAY).isoformat()
