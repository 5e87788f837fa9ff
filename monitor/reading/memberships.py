"""Joining and leaving channels, only where the analyst asked for it: the far side pushes posts of joined ones."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import structlog

from monitor.reading.desk import Desk, Job
from monitor.reading.targets import Target
from monitor.sources.live import Action
from monitor.sources.source import ChannelGone, Unreadable
from monitor.store import reach
from monitor.store import wishes as rows
from monitor.store.wishes import Wish

log = structlog.get_logger()


class Memberships:
    """Carries out what was asked: joining and leaving."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._asked: list[Wish] = []

    def update(self, wishes: Sequence[Wish]) -> None:
        """Take up what is asked for and not done."""
        self._asked = [wish for wish in wishes if wish.joined is not None and wish.done_at is None]

    def job(self) -> Job | None:
        """Return the next joining or leaving of a channel that is known already."""
        for wish in self._asked:
            target = self._target(wish)
            if target is not None:
                return Job(Action.MEMBERSHIP, partial(self._carry_out, wish, target))
        return None

    def _target(self, wish: Wish) -> Target | None:
        for target in self._desk.targets.values():
            channel = target.address.channel
            if wish.name_key in (target.wanted.key, str(channel.id), (channel.name or "").lower()):
                return target
        return None

    async def _carry_out(self, wish: Wish, target: Target) -> None:
        desk, join = self._desk, bool(wish.joined)
        limit = desk.source.join_limit
        joined = sum(one.joined for one in desk.targets.values())
        if join and joined >= limit:
            await self._answer(wish, f"{joined} channels are joined, and an account can be in {limit}; leave one")
            return
        act = desk.source.join if join else desk.source.leave
        try:
            await desk.account.ask(Action.MEMBERSHIP, lambda: act(target.address))
        except (ChannelGone, Unreadable) as error:
            await self._answer(wish, str(error))
            return
        target.joined = join
        channel, access = target.address.channel, target.address.access
        await desk.writer.write(reach.settle, desk.account.name, channel, access, desk.clock.now(), joined=join)
        await self._answer(wish, f"{'joined' if join else 'left'} ({joined + (1 if join else -1)} of {limit})")

    async def _answer(self, wish: Wish, answer: str) -> None:
        self._asked = [one for one in self._asked if one != wish]
        await self._desk.writer.write(rows.answer_join, wish.name_key, answer, self._desk.clock.now())
        log.info("membership", channel=wish.given, answer=answer)
