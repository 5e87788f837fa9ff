"""The watch on the machine's clock: a wrong one dates everything wrongly, and lets new posts pass for old ones."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from monitor.alerts.phrases import duration
from monitor.upkeep.conditions import Condition

_MOST = 60.0  # seconds by which it may be wrong


class ClockWatch:
    """Compares the machine's clock with that of the far side."""

    def __init__(self, ahead: Callable[[], float | None], wrong: Condition) -> None:
        """`ahead` returns by how many seconds the far side's clock is ahead of ours, None while nobody knows."""
        self._ahead = ahead
        self._wrong = wrong

    async def look(self) -> None:
        """Look once, and tell when the clock has become wrong or right."""
        ahead = self._ahead()
        if ahead is not None:
            await self._wrong.is_now(clock_fault(ahead))


def clock_fault(ahead: float) -> str | None:
    """Return what is to be told of a clock that Telegram's is so many seconds ahead of; None: it is right enough."""
    if abs(ahead) <= _MOST:
        return None
    span = duration(timedelta(seconds=abs(ahead)))
    way = "behind" if ahead > 0 else "ahead of"
    return (
        f"This machine's clock is {span} {way} Telegram's. Quiet hours and the digest come at the wrong time, and posts"
        " that seem old are told silently in one summary. Set the clock by NTP: timedatectl set-ntp true"
    )
