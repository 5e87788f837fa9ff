"""Telegram's limits, off until they are switched on.

server.limits.bots = True                                        # what Telegram documents for bots
server.limits.add("contacts.resolveUsername", 200, 86_400)       # 200 a day and account
"""

from __future__ import annotations

import math
import time
from collections import defaultdict, deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from tests.loopback.errors import RpcError
from tests.loopback.peers import Peer, User


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `count` calls in any `seconds`."""

    count: int
    seconds: float


# core.telegram.org/bots/faq, "My bot is hitting limits": one message a second to a chat, 20 a minute to a group,
# about 30 a second overall.
PER_CHAT = Rate(1, 1)
PER_GROUP = Rate(20, 60)
OVERALL = Rate(30, 1)


class Limits:
    """Counts calls in sliding windows; a call too many is refused with FLOOD_WAIT and not counted."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.bots = False
        self._clock = clock
        self._rates: dict[str, list[Rate]] = defaultdict(list)
        self._times: dict[tuple[Hashable, Rate], deque[float]] = defaultdict(deque)

    def add(self, method: str, count: int, seconds: float) -> None:
        """Allow an account at most `count` calls of a method in any `seconds`."""
        self._rates[method].append(Rate(count, seconds))

    def clear(self) -> None:
        """Limit nothing."""
        self.bots = False
        self._rates.clear()
        self._times.clear()

    def call(self, method: str, account: User) -> None:
        """Count a call of a method; raises FLOOD_WAIT if it is one too many."""
        if method in self._rates:
            self._count([((account.id, method), rate) for rate in self._rates[method]])

    def message(self, bot: User, to: Peer) -> None:
        """Count a message that a bot sends; raises FLOOD_WAIT if it is one too many."""
        if not self.bots:
            return
        chat = (bot.id, type(to).__name__, to.id)
        counted: list[tuple[Hashable, Rate]] = [(chat, PER_CHAT), ((bot.id, "all"), OVERALL)]
        if not isinstance(to, User):
            counted.append((chat, PER_GROUP))
        self._count(counted)

    def slowmode(self, user: User, to: Peer, seconds: int) -> None:
        """Count a message in a supergroup with slow mode; raises SLOWMODE_WAIT if it comes too soon."""
        self._count([((user.id, "slowmode", to.id), Rate(1, seconds))], "SLOWMODE_WAIT")

    def _count(self, counted: list[tuple[Hashable, Rate]], error: str = "FLOOD_WAIT") -> None:
        now = self._clock()
        wait = 0.0
        for key, rate in counted:
            times = self._times[key, rate]
            while times and times[0] <= now - rate.seconds:
                times.popleft()
            if len(times) >= rate.count:
                wait = max(wait, times[0] + rate.seconds - now)
        if wait > 0:
            raise RpcError(420, f"{error}_{math.ceil(wait)}")
        for key, rate in counted:
            self._times[key, rate].append(now)
