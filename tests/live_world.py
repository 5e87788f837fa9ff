"""Channels that are read live, in memory and by a clock of the test: a source that keeps to LiveSource's contract."""

from __future__ import annotations

import asyncio
import random
import tempfile
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from monitor.alerts.policy import Policy
from monitor.models import Channel, Post, Rejected, Skipped
from monitor.pipeline import Pipeline, stored_stories
from monitor.reading.channel_list import parse_names
from monitor.reading.desk import Options
from monitor.reading.reader import Reader
from monitor.reading.writer import Writer
from monitor.rules.matcher import Matcher
from monitor.sources.live import Action, Address, Hint, Look, NotPublic, Page, Revisit, Standing, Unparsed
from monitor.sources.source import ChannelGone
from monitor.store.store import Store
from tests.matching import matcher_of
from tests.running import RULES

BEGIN = datetime(2026, 3, 28, 12, tzinfo=UTC)


class VirtualClock:
    """Time that passes only by waiting; `step` sets the wall's clock by so many seconds, as NTP or an admin does."""

    def __init__(self) -> None:
        self._seconds = 0.0
        self._stepped = timedelta(0)

    def now(self) -> datetime:
        return BEGIN + timedelta(seconds=self._seconds) + self._stepped

    def monotonic(self) -> float:
        return 1000.0 + self._seconds

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        for _ in range(3):  # whoever listens to hints gets a turn first
            await asyncio.sleep(0)
        if not event.is_set():
            self._seconds += max(0.0, seconds)

    def pass_by(self, seconds: float) -> None:
        self._seconds += seconds

    def step(self, seconds: float) -> None:
        self._stepped += timedelta(seconds=seconds)


@dataclass
class Published:
    """A channel of the world; `records` by id: a text, or None for a service message."""

    id: int
    name: str | None
    records: dict[int, Post | None] = field(default_factory=dict)
    garbled: set[int] = field(default_factory=set)
    withheld: set[int] = field(default_factory=set)  # left out of history, but given by their id
    standing: Standing = Standing.OPEN
    joined: bool = False
    last: int = 0


@dataclass(frozen=True)
class Sent:
    """A request that the source saw."""

    at: float
    action: Action
    what: object = None


class LiveWorld:
    """Channels and their posts; `faults` holds errors that the next requests of a kind meet."""

    name = "telegram"
    account = ""
    heads_batch = 100
    revisit_batch = 100
    join_limit = 500
    blind_spots: tuple[str, ...] = ()

    def __init__(self, clock: VirtualClock) -> None:
        self.clock = clock
        self.channels: dict[int, Published] = {}
        self.names: dict[str, int | NotPublic] = {}
        self.sent: list[Sent] = []
        self.faults: dict[Action | None, deque[Exception]] = {}
        self.always: Callable[[Action, object], Exception | None] = lambda action, what: None
        self.hinted: asyncio.Queue[Hint] = asyncio.Queue()
        self.travel = 0.05  # seconds that each request takes

    def channel(self, name: str, id: int | None = None) -> Published:
        number = id or 1_000_000 + len(self.channels)
        made = self.channels[number] = Published(number, name)
        self.names[name.lower()] = number
        return made

    def post(self, channel: Published, text: str = "", **fields: object) -> Post:
        channel.last += 1
        post = Post(
            Channel(channel.id, channel.name),
            channel.last,
            self.clock.now(),
            text or f"Пост {channel.last}",
            b"{}",
            **fields,
        )  # type: ignore[arg-type]
        channel.records[post.id] = post
        return post

    def service(self, channel: Published) -> None:
        channel.last += 1
        channel.records[channel.last] = None

    def fail(self, action: Action | None, *errors: Exception) -> None:
        self.faults.setdefault(action, deque()).extend(errors)

    def requests(self, *actions: Action) -> list[Sent]:
        return [one for one in self.sent if not actions or one.action in actions]

    async def open(self) -> None:
        self._raise_fault(None, None)
        self.account = "77"

    async def close(self) -> None:
        pass

    async def resolve(self, name: str) -> Address:
        self._request(Action.RESOLVE, name)
        found = self.names.get(name.lower(), NotPublic(f"nobody has the name @{name}"))
        if isinstance(found, NotPublic):
            raise found
        return self._address(self.channels[found])

    async def look(self, address: Address) -> Look:
        channel = self._channel(Action.LOOK, address)
        return Look(self._address(channel), channel.standing, None, joined=channel.joined)

    async def heads(self, addresses: Sequence[Address]) -> Mapping[int, int]:
        self._request(Action.HEADS, len(addresses))
        channels = [self.channels[address.channel.id or 0] for address in addresses]
        return {one.id: one.last for one in channels if one.standing is Standing.OPEN}

    async def history(self, address: Address, after: int, *, limit: int = 100) -> Page:
        channel = self._readable(Action.HISTORY, address)
        ids = [number for number in sorted(channel.records) if number > after and number not in channel.withheld]
        given, more = ids[:limit], len(ids) > limit
        up_to = given[-1] if more else max(channel.last, after)
        return Page(
            posts=tuple(post for post in map(self._post(channel), given) if post is not None),
            skipped=tuple(Skipped("world", "service") for number in given if channel.records[number] is None),
            rejected=tuple(_unparsed(number) for number in given if number in channel.garbled),
            served=tuple(given),
            up_to=up_to,
            more=more,
        )

    async def at(self, address: Address, moment: datetime) -> int:
        channel = self._readable(Action.AT, address)
        return max((number for number, post in channel.records.items() if post and post.date < moment), default=0)

    async def revisit(self, address: Address, ids: Sequence[int]) -> Revisit:
        channel = self._readable(Action.REVISIT, address, tuple(ids))
        there = [number for number in ids if number in channel.records]
        return Revisit(
            tuple(post for post in map(self._post(channel), there) if post is not None),
            tuple(number for number in ids if number not in channel.records),
            tuple(number for number in there if channel.records[number] is None),
            tuple(_unparsed(number) for number in there if number in channel.garbled),
        )

    async def join(self, address: Address) -> None:
        self._channel(Action.MEMBERSHIP, address).joined = True

    async def leave(self, address: Address) -> None:
        self._channel(Action.MEMBERSHIP, address).joined = False

    async def hints(self) -> AsyncIterator[Hint]:
        while True:
            yield await self.hinted.get()

    def _post(self, channel: Published) -> Callable[[int], Post | None]:
        return lambda number: None if number in channel.garbled else channel.records[number]

    def _address(self, channel: Published) -> Address:
        return Address(Channel(channel.id, channel.name), channel.id * 7)

    def _channel(self, action: Action, address: Address, what: object = None) -> Published:
        channel = self.channels[address.channel.id or 0]
        assert address.access == channel.id * 7, "the access hash is kept with its channel"
        self._request(action, channel.name if what is None else what)
        return channel

    def _readable(self, action: Action, address: Address, what: object = None) -> Published:
        channel = self._channel(action, address, what)
        if channel.standing is not Standing.OPEN:
            raise ChannelGone("the channel is not available")
        return channel

    def _request(self, action: Action, what: object) -> None:
        self.sent.append(Sent(self.clock.monotonic(), action, what))
        self.clock.pass_by(self.travel)
        self._raise_fault(action, what)

    def _raise_fault(self, action: Action | None, what: object) -> None:
        waiting = self.faults.get(action)
        if waiting:
            raise waiting.popleft()
        error = self.always(action, what) if action is not None else None
        if error is not None:
            raise error


def _unparsed(number: int) -> Unparsed:
    return Unparsed(number, f"raw {number}".encode(), Rejected("world", number, "unknown constructor"))


@cache
def _matcher() -> Matcher:
    with tempfile.TemporaryDirectory() as folder:
        return matcher_of(Path(folder), RULES)


class Desk:
    """A reader over a world and a store; `read` lets virtual time pass."""

    def __init__(
        self, world: LiveWorld, store: Store, *, per_minute: int = 60, resolves_per_day: int = 180, **options: object
    ) -> None:
        self.options = {"per_minute": per_minute, **options}
        self.world = world
        self.clock = world.clock
        self.store = store
        self.writer = Writer(store, Pipeline(_matcher(), store, stored_stories(store), Policy(), origin="run"))
        self.reader = Reader(
            world,
            self.writer,
            world.clock,
            per_minute=per_minute,
            resolves_per_day=resolves_per_day,
            options=Options(**options),  # type: ignore[arg-type]
            draw=random.Random(1),
            longest_pause=60.0,
        )

    def want(self, names: str) -> None:
        listed = parse_names(names)
        assert listed.faults == ()
        self.reader.want(listed.channels)

    async def read(self, seconds: float, until: Callable[[], bool] = lambda: False) -> None:
        await self.reader.take_wishes()
        end = self.clock.monotonic() + seconds
        while self.clock.monotonic() < end and not until():
            await self.reader.turn()

    async def close(self) -> None:
        await self.reader.close()
        await self.writer.close()

    def stored(self) -> dict[str | None, list[int]]:
        """Return the ids of the stored posts by the channel's name now."""
        found: dict[str | None, list[int]] = {}
        for name, number in self.store._rows(
            "SELECT c.name, p.post_id FROM posts p JOIN channels c ON c.id = p.channel ORDER BY c.id, p.post_id"
        ):
            found.setdefault(name, []).append(number)
        return found

    def notices(self) -> list[tuple[str, str]]:
        return self.store._rows("SELECT kind, level FROM notices ORDER BY id")  # type: ignore[return-value]
