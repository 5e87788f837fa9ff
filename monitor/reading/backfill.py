"""Reading back: the posts of a channel from before it was watched, in pages, from where the last process stopped."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import structlog

from monitor.reading.desk import Desk, Job
from monitor.reading.gaps import Gaps
from monitor.reading.pages import left_out, store_posts
from monitor.reading.targets import Target
from monitor.sources.live import Action
from monitor.sources.source import Unreadable
from monitor.store import backfills, states
from monitor.store import gaps as gap_rows
from monitor.store.backfills import Backfill

log = structlog.get_logger()

_EARLIER = timedelta(hours=6)

_STALLS = 30  # pages in a row that lead nowhere although there is more: finding an unreadable record takes some


class Backfills:
    """Says which channel is to be read back now, and reads a page of it."""

    def __init__(self, desk: Desk, gaps: Gaps) -> None:
        self._desk = desk
        self._gaps = gaps
        self._stored: dict[int, Backfill] = {}
        self._running: dict[int, Backfill] = {}
        self._stalls: dict[int, int] = {}

    async def load(self) -> None:
        """Take up what an earlier process began."""
        self._stored = await self._desk.writer.read(backfills.load, self._desk.source.name)

    def take(self, target: Target, is_new: bool) -> None:
        """Begin or go on with reading a channel back, where the desk asked for it and its cursor is known."""
        if target.cursor is None or target.key in self._running:
            return
        stored = self._stored.get(target.key)
        since = self._since(is_new)
        if stored is not None and (since is None or since >= stored.since):
            wanted = stored
        elif since is not None:
            until = stored.until if stored is not None else target.cursor
            wanted = Backfill(target.key, since, until, alerts=self._desk.options.alert_old)
        else:
            return
        if not wanted.done and wanted.until > 0:
            self._running[target.key] = wanted

    def forget(self, key: int) -> None:
        """Forget a channel that is read no more; what was read back of it stays known."""
        self._running.pop(key, None)

    @property
    def running(self) -> int:
        """How many channels are being read back."""
        return len(self._running)

    def job(self) -> Job | None:
        """Return the next page to read back."""
        for key, backfill in self._running.items():
            target = self._desk.targets.get(key)
            if target is not None and self._desk.readable(target):
                if backfill.last is None:
                    return Job(Action.AT, partial(self._find, target, backfill), target)
                return Job(Action.HISTORY, partial(self._read, target, backfill), target)
        return None

    def _since(self, is_new: bool) -> datetime | None:
        options = self._desk.options
        if options.since is not None:
            return options.since
        if is_new and options.backfill is not None:
            return self._desk.clock.now() - options.backfill
        return None

    async def _find(self, target: Target, backfill: Backfill) -> None:
        desk = self._desk
        try:
            last = await desk.account.ask(Action.AT, lambda: desk.source.at(target.address, backfill.since))
        except Unreadable:  # what stands there cannot be read: begin a little earlier
            await self._keep(target, replace(backfill, since=backfill.since - _EARLIER))
            return
        if target.open_from is not None and last < target.open_from:  # young posts among them may yet change
            target.open_from = last + 1
            await desk.writer.write(states.save, [desk.state(target)])
        await self._keep(target, replace(backfill, last=last))

    async def _read(self, target: Target, backfill: Backfill) -> None:
        desk, after = self._desk, backfill.last or 0
        page = await desk.account.ask(Action.HISTORY, lambda: desk.source.history(target.address, after))
        up_to = min(page.up_to, backfill.until)
        missing = left_out(target.key, after, up_to, page.served)
        if missing:
            await desk.writer.write(gap_rows.note_gaps, desk.source.name, missing, desk.clock.now())
        # What came after live reading began is left to that: its posts make alerts.
        old = [post for post in page.posts if post.id <= backfill.until]
        unreadable = [one for one in page.rejected if one.id <= backfill.until]
        await store_posts(desk, target, old, unreadable, backfill=not backfill.alerts)
        self._gaps.add(missing)
        stalls = self._stalls[target.key] = self._stalls.get(target.key, 0) + 1 if page.up_to <= after else 0
        over = not page.more or stalls >= _STALLS
        if stalls and over:
            log.warning("page_leads_nowhere", channel=target.label, after=after)
        await self._keep(target, replace(backfill, last=backfill.until if over else up_to))

    async def _keep(self, target: Target, backfill: Backfill) -> None:
        await self._desk.writer.write(backfills.save, self._desk.source.name, backfill)
        self._stored[target.key] = self._running[target.key] = backfill
        if backfill.done:
            del self._running[target.key]
            log.info("read_back", channel=target.label, since=backfill.since.isoformat())
        else:  # the next channel's turn
            self._running[target.key] = self._running.pop(target.key)
