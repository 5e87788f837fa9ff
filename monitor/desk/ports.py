"""What the desk is handed: the store's one thread, and what others of us can tell it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

from monitor.desk.callbacks import Sealer
from monitor.desk.values import Answer
from monitor.health import Report
from monitor.rules.schema import RuleSet
from monitor.store.reader import Reader
from monitor.store.store import Store

T = TypeVar("T")


class StoreThread(Protocol):
    """The one thread that touches the store."""

    async def call(self, work: Callable[[Store], T]) -> T:
        """Call `work` with the store."""
        ...

    async def look(self, work: Callable[[Reader], T]) -> T:
        """Call `work` with a view of the store on another thread."""
        ...

    async def write(self, work: Callable[..., T], *values: Any, **named: Any) -> T:
        """Call a function of the store that writes, in a transaction of its own."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """What the desk works with; `explain` tells why a text matches in a channel, `digest` tells of the day so far."""

    store: StoreThread
    now: Callable[[], datetime]
    sealer: Sealer
    zone: ZoneInfo
    report: Callable[[Reader], Report]
    explain: Callable[[str, str | None], str]
    forms: Callable[[str], frozenset[str]]
    rules: Callable[[], RuleSet]
    digest: Callable[[datetime], Awaitable[Answer]]
    read_channels: Callable[[], None]
