"""How many alerts were told in the last hour, so that a burst does not become a flood. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from datetime import datetime, timedelta

from monitor.models import Level

HOUR = timedelta(hours=1)
_KEPT_FOR_HIGH = 4  # one in so many is kept for high alerts, so that lesser ones cannot use all up


class Budget:
    """The times of the alerts that were told one by one; at most `per_hour` in any hour, 0 for no limit."""

    def __init__(self, per_hour: int, told: Iterable[datetime] = ()) -> None:
        self._per_hour = per_hour
        self._told = deque(sorted(told))

    def take(self, level: Level, now: datetime) -> bool:
        """Tell whether one more alert may be told by itself at `now`, and count it if so."""
        if self._per_hour <= 0:
            return True
        while self._told and now - self._told[0] >= HOUR:
            self._told.popleft()
        while self._told and self._told[-1] > now:
            self._told.pop()  # the clock was set back: what was told then would count until it is caught up
        kept = 0 if level is Level.HIGH else self._per_hour // _KEPT_FOR_HIGH
        if len(self._told) >= self._per_hour - kept:
            return False
        self._told.append(now)
        return True

    def copy(self) -> Budget:
        """Return a budget that stands as this one does now."""
        return Budget(self._per_hour, self._told)
