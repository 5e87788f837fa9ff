"""Which channels are read: the list and what was asked for by command, each name resolved once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

import structlog

from monitor.models import Level
from monitor.polling import Pace
from monitor.reading.channel_list import Wanted, parse_name
from monitor.reading.desk import Desk, Job
from monitor.reading.looks import EVERY, Looks, tell_impersonator
from monitor.reading.rechecks import Rechecks
from monitor.reading.targets import Target, restore
from monitor.sources.live import Action, Address, NotPublic
from monitor.sources.source import Unreadable
from monitor.store import reach, states
from monitor.store.reach import Found, Reached
from monitor.store.wishes import Wish

log = structlog.get_logger()

_READ_ONCE = "; it is read once"
_ASKED_AGAIN = timedelta(days=1)  # after which a name that led to no channel is tried again


def effective(listed: Sequence[Wanted], wishes: Sequence[Wish]) -> list[Wanted]:
    """Return the channels to read: those of the list without the removed ones, and the added ones after them. Pure."""
    asked = {wish.name_key: wish for wish in wishes if wish.watched is not None}
    kept = [one for one in listed if one.key not in asked or asked[one.key].watched]
    keys = {one.key for one in kept}
    for wish in asked.values():
        added = parse_name(wish.given, "added by command")
        if wish.watched and wish.name_key not in keys and isinstance(added, Wanted):
            kept.append(added)
    return kept


class Roster:
    """Turns the wanted channels into targets: known ones at once, the others as the budget for resolving allows."""

    def __init__(self, desk: Desk, looks: Looks, rechecks: Rechecks) -> None:
        self._desk = desk
        self._looks = looks
        self._rechecks = rechecks
        self._unresolved: dict[str, Wanted] = {}
        self._found: dict[str, Found] = {}
        self._states: dict[int, states.State] = {}
        self._cursors: dict[int, int] = {}

    @property
    def unresolved(self) -> int:
        """How many names are yet to be resolved."""
        return len(self._unresolved)

    async def update(self, wanted: Sequence[Wanted]) -> list[int]:
        """Take up a changed list; return the keys of the channels that are read no more."""
        desk, source = self._desk, self._desk.source.name
        reached = await desk.writer.read(reach.reached, desk.account.name)
        self._found = await desk.writer.read(reach.found, source)
        self._states = await desk.writer.read(states.load, source)
        self._cursors = await desk.writer.read(states.cursors, source)
        before = set(desk.targets)
        kept: dict[int, Wanted] = {}
        self._unresolved = {}
        for one in wanted:
            known = self._known(one, reached)
            if known is None:
                self._ask_for(one)
            elif known.key in kept:
                await self._note_twice(one, kept[known.key], known.key)
            else:
                kept[known.key] = one
                await self._take(one, known)
        for key in before - kept.keys():
            self._drop(key)
        return sorted(before - kept.keys())

    def job(self) -> Job | None:
        """Return the resolving of the next name."""
        for wanted in self._unresolved.values():
            return Job(Action.RESOLVE, partial(self._resolve, wanted))
        return None

    def _known(self, wanted: Wanted, reached: dict[int, Reached]) -> Reached | None:
        """Return the channel that a wanted name or id is known to be, where this account reaches it."""
        if wanted.id is not None:
            return next((one for one in reached.values() if one.channel.id == wanted.id), None)
        found = self._found.get(wanted.key)
        return reached.get(found.key) if found is not None and found.key is not None else None

    def _ask_for(self, wanted: Wanted) -> None:
        found = self._found.get(wanted.key)
        recently = found is not None and self._desk.clock.now() - found.at < _ASKED_AGAIN
        if found is None or found.answer is None or not recently:
            self._unresolved[wanted.key] = wanted

    async def _take(self, wanted: Wanted, known: Reached) -> None:
        desk, state, cursor = self._desk, self._states.get(known.key), self._cursors.get(known.key)
        target = desk.targets.get(known.key)
        if target is None:
            now, monotonic = desk.clock.now(), desk.clock.monotonic()
            address = Address(known.channel, known.access)
            waited = desk.options.bound.total_seconds()
            target = Target(known.key, wanted, address, now, monotonic, Pace(monotonic - waited))
            target.joined, target.cursor, target.told_name = known.joined, cursor, known.channel.name or ""
            if state is not None:
                restore(target, state, now, monotonic)
                target.look_at = monotonic + self._next_look(target)
            desk.targets[known.key] = target
            await self._rechecks.load(target)
        found = self._found.get(wanted.key)
        if found is not None and found.answer is not None and is_second(found.answer):
            # The name that stood before it is gone from the list: this one is now what the channel is read by.
            self._found[wanted.key] = Found(wanted.key, known.key, desk.clock.now())
            await desk.writer.write(reach.note_found, desk.source.name, self._found[wanted.key])
        changed = target.wanted.weight != wanted.weight
        target.wanted = wanted
        if changed:
            desk.plan.drop(target.key)
        desk.set_out(target)

    def _next_look(self, target: Target) -> float:
        """Seconds until a channel that was looked at before is looked at again, spread so that not all come at once."""
        if target.looked_at is None or target.standing.value != "open":
            return 0.0
        passed = max(0.0, (self._desk.clock.now() - target.looked_at).total_seconds())
        return max(0.0, EVERY - passed) * (0.5 + 0.5 * self._desk.draw.random())

    def _drop(self, key: int) -> None:
        self._desk.plan.drop(key)
        self._rechecks.forget(key)
        del self._desk.targets[key]

    async def _resolve(self, wanted: Wanted) -> None:
        desk = self._desk
        self._unresolved[wanted.key] = self._unresolved.pop(wanted.key)  # if it fails, the others come first
        name = wanted.name or await self._name_of(wanted)
        if name is None:
            await self._refuse(
                wanted,
                f"{_at(wanted)}the id {wanted.id} alone does not lead to a channel that this "
                "account has not met; write its @name",
            )
            return
        try:
            address = await desk.account.ask(Action.RESOLVE, lambda: desk.source.resolve(name))
        except (NotPublic, Unreadable) as error:
            await self._refuse(wanted, f"{_at(wanted)}{error}")
            return
        self._unresolved.pop(wanted.key, None)
        if await self._is_another(wanted, address):
            return
        now = desk.clock.now()
        key, _ = await desk.writer.write(reach.settle, desk.account.name, address.channel, address.access, now)
        self._found[wanted.key] = Found(wanted.key, key, now)
        await desk.writer.write(reach.note_found, desk.source.name, self._found[wanted.key])
        if key in desk.targets:
            await self._note_twice(wanted, desk.targets[key].wanted, key)
            return
        await self._take(wanted, Reached(key, address.channel, address.access, joined=False))
        log.info("channel_resolved", channel=desk.targets[key].label, id=address.channel.id)

    async def _name_of(self, wanted: Wanted) -> str | None:
        """Return the user name by which the store knows an id."""
        channels = await self._desk.writer.call(lambda store: store.channels())
        return next((one.channel.name for one in channels if one.channel.id == wanted.id), None)

    async def _is_another(self, wanted: Wanted, address: Address) -> bool:
        """Tell of a name or id that led to one channel before and now leads to another; that one is not read."""
        before = self._found.get(wanted.key)
        if wanted.id is not None and wanted.id != address.channel.id:
            await self._refuse(
                wanted,
                f"{_at(wanted)}the channel {wanted.id} cannot be reached: its user name leads "
                "to another one now; write its new @name",
            )
            return True
        if before is None or before.key is None:
            return False
        known = (await self._desk.writer.read(reach.channels_by_key, [before.key])).get(before.key)
        if known is None or known.id in (None, address.channel.id):
            return False
        answer = f"{_at(wanted)}@{wanted.name} led to the channel {known.id} and now leads to another one; not read"
        if before.answer != answer:
            await tell_impersonator(self._desk, wanted.name or "", address, self._desk.targets.get(before.key))
        self._found[wanted.key] = replace(before, at=self._desk.clock.now(), answer=answer)
        await self._desk.writer.write(reach.note_found, self._desk.source.name, self._found[wanted.key])
        return True

    async def _refuse(self, wanted: Wanted, answer: str) -> None:
        """Write down why a wanted channel is not read, and say so once."""
        self._unresolved.pop(wanted.key, None)
        before = self._found.get(wanted.key)
        key = before.key if before is not None else None
        self._found[wanted.key] = Found(wanted.key, key, self._desk.clock.now(), answer)
        await self._desk.writer.write(reach.note_found, self._desk.source.name, self._found[wanted.key])
        if before is None or before.answer != answer:
            await self._desk.notice("not a channel", answer, Level.MEDIUM)

    async def _note_twice(self, wanted: Wanted, first: Wanted, key: int) -> None:
        answer = f"{_at(wanted)}“{wanted.given}” is the same channel as “{first.given}”{_READ_ONCE}"
        before = self._found.get(wanted.key)
        if before is not None and before.answer == answer:
            return
        self._found[wanted.key] = Found(wanted.key, key, self._desk.clock.now(), answer)
        await self._desk.writer.write(reach.note_found, self._desk.source.name, self._found[wanted.key])
        await self._desk.notice("same channel", answer, Level.LOW)


def is_second(answer: str) -> bool:
    """Tell whether an answer says that a channel stands on the list twice, which needs nobody."""
    return answer.endswith(_READ_ONCE)


def _at(wanted: Wanted) -> str:
    return f"{wanted.place}: " if wanted.place else ""
