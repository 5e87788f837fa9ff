"""Looking at channels by id: renamed, deleted, private or restricted ones are told once and tried again, ever less
often; a user name that now leads to another channel is an alert, never a merge."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import structlog

from monitor.models import Level
from monitor.reading.desk import Desk, Job
from monitor.reading.targets import Target, label
from monitor.sources.live import Action, Address, Look, NotPublic, Standing
from monitor.sources.source import ChannelGone, Unreadable
from monitor.store import reach
from monitor.store.records import Cursor

log = structlog.get_logger()

EVERY = 86400.0  # seconds between two looks at a channel that can be read
_AGAIN = (600.0, 3600.0, 6 * 3600.0, 86400.0)  # seconds until the next look at one that cannot

_WHAT_HAPPENED = {
    Standing.PRIVATE: "is not public any more, or this account was banned from it",
    Standing.DELETED: "was deleted",
    Standing.RESTRICTED: "is withheld from this account by Telegram",
}


class Looks:
    """Says which channel to look at now, and tells what changed."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._asked: dict[int, None] = {}
        self._heads_served = True
        self._headless: set[int] = set()  # channels whose newest post a head check does not tell
        self._endless: set[int] = set()  # … and a look does not tell it either
        self._left_names: list[tuple[str, Target]] = []  # names that a channel gave up: who has them now?

    def soon(self, target: Target) -> None:
        """Look at a channel before the others: reading it failed."""
        self._asked[target.key] = None

    def beginning(self) -> Job | None:
        """Return the request that tells where reading begins: after the newest post of now."""
        waiting = [one for one in self._desk.targets.values() if one.cursor is None and self._may(one)]
        if not waiting:
            return None
        most = self._desk.source.heads_batch if self._heads_served else 0
        together = [one for one in waiting if one.key not in self._headless][:most]
        if together:
            return Job(Action.HEADS, partial(self._begin_together, together))
        if waiting[0].key in self._endless:
            return Job(Action.AT, partial(self._begin_alone, waiting[0]), waiting[0])
        return Job(Action.LOOK, partial(self._look, waiting[0]), waiting[0])

    def asked(self) -> Job | None:
        """Return the look at a channel that could not be read."""
        targets = self._desk.targets
        target = next((targets[key] for key in self._asked if key in targets), None)
        return Job(Action.LOOK, partial(self._look, target), target) if target is not None else None

    def job(self) -> Job | None:
        """Return the next look that is due."""
        if self._left_names:
            name, target = self._left_names[0]
            return Job(Action.RESOLVE, partial(self._who_has, name, target), None)
        now = self._desk.clock.monotonic()
        due = [one for one in self._desk.targets.values() if one.look_at <= now and one.hold_until <= now]
        chosen = min(due, key=lambda one: one.look_at, default=None)
        return Job(Action.LOOK, partial(self._look, chosen), chosen) if chosen is not None else None

    def _may(self, target: Target) -> bool:
        return target.standing is Standing.OPEN and target.hold_until <= self._desk.clock.monotonic()

    async def _begin_together(self, targets: list[Target]) -> None:
        desk = self._desk
        try:
            heads = await desk.account.ask(Action.HEADS, lambda: desk.source.heads([one.address for one in targets]))
        except Unreadable:
            self._heads_served = False
            return
        except ChannelGone:  # nobody says which: each by itself
            heads = {}
        for target in targets:
            number = target.address.channel.id
            head = heads.get(number) if number is not None else None
            if head is None:
                self._headless.add(target.key)
            else:
                await self._begin(target, head)

    async def _begin_alone(self, target: Target) -> None:
        desk = self._desk
        tomorrow = desk.clock.now() + timedelta(days=1)
        await self._begin(target, await desk.account.ask(Action.AT, lambda: desk.source.at(target.address, tomorrow)))

    async def _look(self, target: Target) -> None:
        desk = self._desk
        self._asked.pop(target.key, None)
        target.look_at = desk.clock.monotonic() + EVERY * (0.9 + 0.2 * desk.draw.random())
        look = await desk.account.ask(Action.LOOK, lambda: desk.source.look(target.address))
        now = desk.clock.now()
        target.looked_at, target.joined, target.dirty = now, look.joined, True
        await self._note_standing(target, look)
        if look.standing is not Standing.OPEN:
            return
        await self._note_name(target, look)
        target.address = look.address
        _, moved = await desk.writer.write(
            reach.settle,
            desk.account.name,
            look.address.channel,
            look.address.access,
            now,
            joined=look.joined,
        )
        if moved is not None:
            log.warning("name_moved", name=moved.name, channel=moved.channel, before=moved.before)
        if target.cursor is None and look.last is None:
            self._endless.add(target.key)
        elif target.cursor is None and look.last is not None:
            await self._begin(target, look.last)
        desk.set_out(target)

    async def _begin(self, target: Target, last: int) -> None:
        """Let reading begin after the post `last`."""
        cursor = Cursor(target.address.channel, self._desk.source.name, last)
        await self._desk.writer.ingest([], self._desk.clock.now(), cursors=[cursor])
        target.cursor, target.dirty = last, True
        target.open_from = last + 1
        self._headless.discard(target.key)
        self._endless.discard(target.key)
        self._desk.begun.append(target)
        self._desk.set_out(target)
        log.info("reading_begins", channel=target.label, after=last)

    async def _note_standing(self, target: Target, look: Look) -> None:
        desk, before = self._desk, target.standing
        if look.standing is not Standing.OPEN:
            again = _AGAIN[min(target.failures, len(_AGAIN) - 1)]
            target.failures += 1
            target.look_at = desk.clock.monotonic() + again
            target.last_error = look.reason or _WHAT_HAPPENED[look.standing]
            desk.plan.drop(target.key)
        if look.standing is before:
            return
        target.standing, target.since = look.standing, desk.clock.now()
        if look.standing is Standing.OPEN:
            text = f"{target.label} can be read again; what it published meanwhile is being read now."
            target.last_error, target.failures, target.hold_until = None, 0, float("-inf")
            await desk.notice("back", text, Level.MEDIUM, target)
            return
        reason = f" ({look.reason})" if look.reason else ""
        text = (
            f"{target.label} {_WHAT_HAPPENED[look.standing]}{reason}. What was read of it is kept; it is tried again."
        )
        await desk.notice("gone", text, Level.MEDIUM, target)

    async def _note_name(self, target: Target, look: Look) -> None:
        name, told = look.address.channel.name, target.told_name
        if told is None or (name or "") == told:
            target.told_name = name or ""
            return
        target.told_name = name or ""
        was = f"@{told}" if told else label(target.address.channel, target.wanted.given)
        now = f"@{name}" if name else "nothing: it has no user name any more"
        text = f"The channel {was} is now called {now}. It is read on by its id."
        await self._desk.notice("renamed", text, Level.MEDIUM, target)
        if told and self._desk.source.name == "telegram":
            self._left_names.append((told, target))

    async def _who_has(self, name: str, target: Target) -> None:
        desk = self._desk
        self._left_names.pop(0)
        try:
            address = await desk.account.ask(Action.RESOLVE, lambda: desk.source.resolve(name))
        except NotPublic:
            return
        if address.channel.id != target.address.channel.id:
            await tell_impersonator(desk, name, address, target)


async def tell_impersonator(desk: Desk, name: str, address: Address, target: Target | None) -> None:
    """Say that a user name leads to another channel than before; that one can be reached by its id, but is not read."""
    channel = address.channel
    await desk.writer.write(reach.settle, desk.account.name, channel, address.access, desk.clock.now())
    known = f"; the channel known by it, {target.label}, is read on by its id" if target is not None else ""
    text = (
        f"@{name} now leads to another channel (id {channel.id}, “{channel.title or 'no title'}”){known}. "
        "The other one is not read: it may be an impersonator. To read it, put its id into the list of channels."
    )
    await desk.notice("impersonator", text, Level.HIGH, target)
