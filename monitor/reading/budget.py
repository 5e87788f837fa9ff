"""How often an account may ask, and when it must not. Pure: monotonic seconds and chance are handed in.

No minute ever holds more requests than the budget. Requests are spread evenly, with some jitter; while the far side
gives hints, a fifth of the budget is kept free for them, so that a channel with something new is read at once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

MINUTE = 61.0  # seconds in which the budget must hold: a little more, for requests do not all travel equally fast
DAY = 86400.0
HINT_SHARE = 0.2
HINTS_LAST = 3600.0  # seconds after a hint in which others are expected
_JITTER = 0.25  # of the space between two requests


@dataclass(frozen=True, slots=True)
class Hold:
    """Why a request has to wait, and for how many seconds."""

    seconds: float
    reason: str


class Budget:
    """Counts the requests of one account; `per_minute` at most, and of some kinds only so many a day."""

    def __init__(self, per_minute: int, per_day: dict[str, int] | None = None) -> None:
        self.per_minute = per_minute
        self._per_day = per_day or {}
        self._sent: deque[float] = deque(maxlen=per_minute)
        self._day: dict[str, deque[float]] = {action: deque(maxlen=most) for action, most in self._per_day.items()}
        self._floods: dict[str | None, float] = {}
        self._next = float("-inf")
        self._hinted = float("-inf")

    @property
    def gap(self) -> float:
        """Seconds between two requests when they are spread evenly."""
        return MINUTE / self.per_minute

    def recall(self, sent: Iterable[tuple[float, str]]) -> None:
        """Count requests that an earlier process sent, by time and kind."""
        all_sent = sorted([*sent, *((at, "") for at in self._sent)])
        self._sent.clear()
        for at, action in all_sent:
            self._count(at, action)

    def sent(self, now: float, action: str, chance: float) -> None:
        """Count a request; `chance` (0 to 1) is drawn anew each time and makes the spacing irregular."""
        self._count(now, action)
        self._next = now + self._spacing(now) * (1 + _JITTER * (2 * chance - 1))

    def hinted(self, now: float) -> None:
        """Note that the far side gives hints."""
        self._hinted = now

    def flood(self, now: float, seconds: float, action: str | None) -> None:
        """Send nothing of this kind (None: of any) for so long; of two waits the later end counts."""
        self._floods[action] = max(self._floods.get(action, now), now + seconds)

    def flooded(self, now: float, action: str) -> float:
        """Return how long (seconds) the far side asked us not to send this; 0: it did not."""
        return max(0.0, *(self._floods.get(key, now) - now for key in (action, None)))

    def floods(self, now: float) -> list[tuple[str | None, float]]:
        """Return the kinds of requests (None: all) that have to wait, and for how many seconds yet."""
        return [(action, until - now) for action, until in self._floods.items() if until > now]

    def hold(self, now: float, action: str, *, urgent: bool = False, room: int = 1) -> Hold | None:
        """Return why a request of this kind has to wait now; None: it may go.

        `room` says for how many requests there must be room: some bring others with them.
        """
        holds = [Hold(self.flooded(now, action), "flood"), Hold(self._day_wait(now, action), "day")]
        kept = 0 if urgent else self._kept(now)
        holds.append(Hold(self._minute_wait(now, max(1, self.per_minute - kept - room + 1)), "minute"))
        if not urgent:
            holds.append(Hold(self._next - now, "space"))
        longest = max(holds, key=lambda hold: hold.seconds)
        return longest if longest.seconds > 0 else None

    def _count(self, at: float, action: str) -> None:
        self._sent.append(at)
        if action in self._day:
            self._day[action].append(at)

    def _kept(self, now: float) -> int:
        return int(self.per_minute * HINT_SHARE) if now - self._hinted < HINTS_LAST else 0

    def _spacing(self, now: float) -> float:
        return MINUTE / (self.per_minute - self._kept(now))

    def _minute_wait(self, now: float, allowed: int) -> float:
        if len(self._sent) < allowed:
            return 0.0
        return self._sent[len(self._sent) - allowed] + MINUTE - now

    def _day_wait(self, now: float, action: str) -> float:
        day = self._day.get(action)
        if day is None or len(day) < self._per_day[action]:
            return 0.0
        return day[0] + DAY - now


def back_off(failures: int, chance: float, *, first: float = 1.0, most: float = 300.0) -> float:
    """Return how many seconds to wait after so many failures in a row: doubling, half of it left to chance (0 to 1)."""
    return min(most, first * 2.0 ** min(failures - 1, 30)) * (0.5 + chance / 2)
