"""The table of methods: which function answers which call, and who may make it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.loopback.rpc import Call
from tests.loopback.wire import Answer

Run = Callable[[Call], Answer | Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Method:
    """One method; `anyone` may call it without being signed in."""

    run: Run
    users: bool
    bots: bool
    anyone: bool


METHODS: dict[type, Method] = {}


def method(*calls: type, users: bool = True, bots: bool = True, anyone: bool = False) -> Callable[[Run], Run]:
    """Let the decorated function answer these calls."""

    def enter(run: Run) -> Run:
        for call in calls:
            METHODS[call] = Method(run, users, bots, anyone)
        return run

    return enter
