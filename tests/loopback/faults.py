"""Faults that the server can be told to have: see `Faults.add`.

server.faults.add("messages.getHistory", flood_wait(7))                # the next one
server.faults.add("*", Drop(), times=None, probability=0.05)           # one call in twenty, always
server.faults.add("messages.sendMessage", LostAnswer(), account=bot)   # executed, not answered
server.faults.updates.lose(times=3)                                    # three updates are not pushed
"""

from __future__ import annotations

import asyncio
import random
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.loopback.errors import HungUpError, RpcError
from tests.loopback.peers import User

if TYPE_CHECKING:
    from tests.loopback.connection import Connection


class Fault:
    """One way to go wrong; `before` runs before the method, `after` when its answer is ready."""

    async def before(self, connection: Connection) -> None:
        """Raise an RpcError or HungUpError, or wait, or do nothing."""

    async def after(self, connection: Connection, answer: bytes) -> bytes:
        """Return what is answered instead, or raise HungUpError."""
        return answer


@dataclass(frozen=True, slots=True)
class Fail(Fault):
    """Answer with an error; the method is not executed."""

    code: int
    message: str

    async def before(self, connection: Connection) -> None:
        raise RpcError(self.code, self.message)


class Drop(Fault):
    """Close the connection before the method is executed."""

    async def before(self, connection: Connection) -> None:
        raise HungUpError


class LostAnswer(Fault):
    """Execute the method and close the connection without an answer."""

    async def after(self, connection: Connection, answer: bytes) -> bytes:
        raise HungUpError


@dataclass(frozen=True, slots=True)
class Slow(Fault):
    """Execute the method some seconds later."""

    seconds: float

    async def before(self, connection: Connection) -> None:
        await asyncio.sleep(self.seconds)


@dataclass(frozen=True, slots=True)
class SlowAnswer(Fault):
    """Execute the method at once and answer some seconds later."""

    seconds: float

    async def after(self, connection: Connection, answer: bytes) -> bytes:
        await asyncio.sleep(self.seconds)
        return answer


@dataclass(frozen=True, slots=True)
class Interrupt(Fault):
    """Let the test do something in between: `before` the method is executed, or `after` it and before the answer.

    To kill the program between a sending and its answer, for example. It is called in the server's thread.
    """

    before_it: Callable[[], object] | None = None
    after_it: Callable[[], object] | None = None

    async def before(self, connection: Connection) -> None:
        if self.before_it is not None:
            self.before_it()

    async def after(self, connection: Connection, answer: bytes) -> bytes:
        if self.after_it is not None:
            self.after_it()
        return answer


class NewSalt(Fault):
    """Change the server's salt, so that the client's next message is refused with bad_server_salt."""

    async def before(self, connection: Connection) -> None:
        connection.server.change_salt()


class Truncated(Fault):
    """Send half of the answer's packet and close the connection."""

    async def after(self, connection: Connection, answer: bytes) -> bytes:
        connection.truncate_next()
        return answer


class HalfOpen(Fault):
    """Answer no more on this connection and leave it open, as a network does that has lost it."""

    async def before(self, connection: Connection) -> None:
        connection.deaf = True


@dataclass(frozen=True, slots=True)
class TransportError(Fault):
    """Close the connection with an error of the transport: 404 (unknown key), 429 (too many connections), 444."""

    code: int

    async def before(self, connection: Connection) -> None:
        raise HungUpError(self.code)


class UnknownConstructor(Fault):
    """Answer with a constructor that no client knows."""

    async def after(self, connection: Connection, answer: bytes) -> bytes:
        return struct.pack("<I", 0xDEADBEEF) + answer


def flood_wait(seconds: int) -> Fail:
    """Too many calls of this kind: wait."""
    return Fail(420, f"FLOOD_WAIT_{seconds}")


def flood_premium_wait(seconds: int) -> Fail:
    """Too many calls for an account without Premium: wait."""
    return Fail(420, f"FLOOD_PREMIUM_WAIT_{seconds}")


def slowmode_wait(seconds: int) -> Fail:
    """This group's slow mode: wait."""
    return Fail(420, f"SLOWMODE_WAIT_{seconds}")


INTERNAL = Fail(500, "INTERNAL")
TIMEOUT = Fail(-503, "Timeout")
CHANNEL_PRIVATE = Fail(400, "CHANNEL_PRIVATE")
CHANNEL_INVALID = Fail(400, "CHANNEL_INVALID")
AUTH_KEY_UNREGISTERED = Fail(401, "AUTH_KEY_UNREGISTERED")
AUTH_KEY_DUPLICATED = Fail(406, "AUTH_KEY_DUPLICATED")
SESSION_REVOKED = Fail(401, "SESSION_REVOKED")
USER_DEACTIVATED_BAN = Fail(401, "USER_DEACTIVATED_BAN")


@dataclass(slots=True)
class _Planned:
    method: str
    fault: Fault
    times: int | None
    probability: float
    account: User | None
    skip: int


class Faults:
    """The faults to come, and those of the updates; one seed makes the same faults in every run."""

    def __init__(self, seed: int = 1) -> None:
        self.random = random.Random(seed)
        self.updates = UpdateFaults(self.random)
        self._planned: list[_Planned] = []

    def add(
        self,
        method: str,
        fault: Fault,
        *,
        times: int | None = 1,
        probability: float = 1.0,
        account: User | None = None,
        skip: int = 0,
    ) -> None:
        """Plan a fault for a method (`messages.getHistory`, `*` for every one): `times` calls (None: all), each with
        that probability, of one account or of all, after letting `skip` calls pass."""
        self._planned.append(_Planned(method, fault, times, probability, account, skip))

    def clear(self) -> None:
        """Have no more faults, and deliver updates as they come."""
        self._planned.clear()
        self.updates.clear()

    def next(self, method: str, account: User | None) -> Fault | None:
        """Return the fault of the call that has just come in: the first planned one that is due."""
        for planned in self._planned:
            if planned.method not in {"*", method} or planned.account not in {None, account}:
                continue
            if planned.skip > 0:
                planned.skip -= 1
                continue
            if self.random.random() >= planned.probability:
                continue
            if planned.times is not None:
                planned.times -= 1
                if planned.times == 0:
                    self._planned.remove(planned)
            return planned.fault
        return None


class UpdateFaults:
    """What goes wrong with pushed updates: some are lost, or held back and then sent in another order."""

    def __init__(self, dice: random.Random) -> None:
        self._random = dice
        self._lose_times = 0
        self._lose_probability = 0.0
        self._held: list[Callable[[], None]] | None = None

    def lose(self, *, times: int = 0, probability: float = 0.0) -> None:
        """Lose the next `times` updates, and every later one with that probability."""
        self._lose_times, self._lose_probability = times, probability

    def hold(self) -> None:
        """Keep all updates back until `release`."""
        self._held = []

    def release(self, order: str = "reversed") -> None:
        """Send what was kept back: in the order `kept`, `reversed` or `shuffled`."""
        held, self._held = self._held or [], None
        if order == "reversed":
            held.reverse()
        elif order == "shuffled":
            self._random.shuffle(held)
        elif order != "kept":
            raise ValueError(order)
        for send in held:
            send()

    def clear(self) -> None:
        """Lose nothing any more, and send what was kept back."""
        self.lose()
        self.release("kept")

    def deliver(self, send: Callable[[], None]) -> None:
        """Send one update now, later or never."""
        if self._lose_times:
            self._lose_times -= 1
        elif self._random.random() < self._lose_probability:
            return
        elif self._held is not None:
            self._held.append(send)
        else:
            send()
