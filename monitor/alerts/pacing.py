"""How many messages may go out when: a far side's limits, kept by looking back. Pure: the time is handed in."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence

from monitor.alerts.notifier import Limit


class Pace:
    """Remembers when messages went out; times are seconds of one clock that never steps."""

    def __init__(self, limits: Sequence[Limit], earlier: Iterable[float] = ()) -> None:
        self._limits = tuple(limits)
        self._span = max((limit.seconds for limit in limits), default=0.0)
        self._times = deque(sorted(earlier))

    def wait(self, now: float) -> float:
        """Return in how many seconds the next message may go out; 0: now."""
        while self._times and self._times[0] <= now - self._span:
            self._times.popleft()
        return max((self._wait_for(limit, now) for limit in self._limits), default=0.0)

    def took(self, now: float) -> None:
        """Note that a message goes out."""
        self._times.append(now)

    def _wait_for(self, limit: Limit, now: float) -> float:
        if len(self._times) < limit.messages:
            return 0.0
        return max(0.0, self._times[-limit.messages] + limit.seconds - now)


def back_off(failures: int) -> float:
    """Return for how many seconds to leave a far side alone after failures in a row: 1, 2, 4 … up to ten minutes."""
    return float(min(600, 2 ** min(failures - 1, 10)))


def patience(failures: int) -> float:
    """Return how many seconds to wait for a person to act: 1, 2, 4 … minutes, up to an hour."""
    return float(min(3600, 60 * 2 ** min(failures - 1, 6)))
