"""Which channel to read next, under a budget of requests. Pure: times are seconds of one clock, handed in.

A post waits on average half the time between two reads of its channel, so the sum to keep small is Σ wᵢ·λᵢ·τᵢ/2 under
Σ 1/τᵢ ≤ budget (w the channel's weight, λ its posts a second, τ the seconds between reads). The best τ is in
proportion to 1/√(w·λ), and reading whoever has the greatest w·λ·s² (s: seconds since its last read) keeps to it without
knowing the future. λ is estimated from what was read: a Gamma posterior that forgets by half in three days, plus a
burst term, for channels publish in bouts. No channel waits longer than a bound, as long as the budget allows that.
"""

from __future__ import annotations

import heapq
from collections.abc import Container, Sequence
from dataclasses import dataclass
from math import exp, exp2, sqrt

HALF_LIFE = 3 * 86400.0  # seconds in which what was seen of a channel's rate counts half
TYPICAL_RATE = 20 / 86400  # posts a second that a channel is taken to have before anything is known of it
_PRIOR = 0.5  # posts that this guess weighs
_BURST = 0.6 / 1200  # posts a second that are to be expected after each post just now …
_BURST_FADES = 1800.0  # … fading with this time constant (seconds)
_QUIET = 1e-7  # posts a second below which a burst is over
_LEAST_BOUND = 1.25  # the bound is at least this many rounds of all channels: below, there would be nothing to choose


@dataclass(frozen=True, slots=True)
class Pace:
    """What is known of how often a channel publishes: `posts` over `seconds` (the Gamma posterior's shape and rate),
    and a `burst` (posts a second) as it stood at `read_at`, the time of the last read."""

    read_at: float
    posts: float = _PRIOR
    seconds: float = _PRIOR / TYPICAL_RATE
    burst: float = 0.0

    def rate(self, now: float) -> float:
        """Return the posts a second to be expected now."""
        return self.posts / self.seconds + self.burst * exp(-max(0.0, now - self.read_at) / _BURST_FADES)


def after_read(pace: Pace, now: float, ages: Sequence[float]) -> Pace:
    """Return the pace after a read at `now` that gave new posts of these `ages` (seconds since each was published)."""
    passed = max(0.0, now - pace.read_at)
    kept = exp2(-passed / HALF_LIFE)
    burst = pace.burst * exp(-passed / _BURST_FADES)
    burst += _BURST * sum(exp(-max(0.0, age) / _BURST_FADES) for age in ages)
    return Pace(
        read_at=now,
        posts=pace.posts * kept + len(ages) + _PRIOR * (1 - kept),
        seconds=pace.seconds * kept + passed + _PRIOR / TYPICAL_RATE * (1 - kept),
        burst=burst if burst > _QUIET else 0.0,
    )


@dataclass(slots=True)
class _Entry:
    pace: Pace
    weight: float
    steady: float  # weight times the posterior's rate
    burst: float  # weight times the burst


class Plan:
    """The channels that are read in turn, by any key; `bound` is the longest time (seconds) between two reads of one.

    A channel that is `due` (a hint came, or its head moved) goes before the others, unless one of those would break
    the bound.
    """

    def __init__(self, bound: float) -> None:
        self.bound = bound
        self._entries: dict[int, _Entry] = {}  # the one read longest ago first
        self._due: dict[int, None] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, key: int) -> bool:
        return key in self._entries

    def put(self, key: int, pace: Pace, weight: float = 1.0) -> None:
        """Take a channel in, or set its pace and weight anew."""
        self._entries[key] = _entry(pace, weight)
        self._entries = dict(sorted(self._entries.items(), key=lambda item: item[1].pace.read_at))

    def drop(self, key: int) -> None:
        """Leave a channel out."""
        self._entries.pop(key, None)
        self._due.pop(key, None)

    def pace(self, key: int) -> Pace:
        """Return what is known of a channel's pace."""
        return self._entries[key].pace

    def hint(self, key: int) -> None:
        """Let a channel be read before the others; one that is not in the plan is passed over."""
        if key in self._entries:
            self._due[key] = None

    @property
    def due(self) -> int:
        """How many channels are to be read before the others."""
        return len(self._due)

    def read(self, key: int, now: float, ages: Sequence[float] = ()) -> Pace:
        """Note a read of a channel at `now` with new posts of these ages (seconds), and return its pace after it."""
        entry = self._entries.pop(key)
        self._due.pop(key, None)
        pace = after_read(entry.pace, now, ages)
        self._entries[key] = _entry(pace, entry.weight)
        return pace

    def next(self, now: float, gap: float, *, among: Container[int] | None = None) -> int | None:
        """Return the channel to read now (one `among` these), None where there is none.

        `gap` is the mean time (seconds) between reads.
        """
        bound = self.reach(gap)
        first, best, most = None, None, -1.0
        ahead = gap  # how long the channel in hand would yet wait if all before it were read first, one after another
        for key, entry in self._entries.items():
            if among is not None and key not in among:
                continue
            if first is None:
                first = key
            waited = now - entry.pace.read_at
            if waited + ahead > bound:
                return first
            ahead += gap
            urgency = _urgency(entry, waited)
            if urgency > most:
                best, most = key, urgency
        return best if among is not None else next(iter(self._due), best)

    def next_due(self) -> int | None:
        """Return the channel that was hinted at first and is not read yet."""
        return next(iter(self._due), None)

    def batch(self, now: float, size: int, *, without: Container[int] = ()) -> list[int]:
        """Return up to `size` channels whose heads to check now: the most urgent ones that are not due already.

        A fifth of the places goes to those that waited longest, which keeps the bound.
        """
        waiting = [key for key in self._entries if key not in self._due and key not in without]
        longest = waiting[: max(1, size // 5)]
        taken = set(longest)
        others = (key for key in waiting if key not in taken)
        return longest + heapq.nlargest(size - len(longest), others, key=lambda key: self._urgency_of(key, now))

    def reach(self, gap: float) -> float:
        """Return the longest wait (seconds) that can be kept: the bound, or a little over one round of all channels."""
        return max(self.bound, _LEAST_BOUND * gap * len(self._entries))

    def pressure(self, now: float, gap: float) -> float:
        """Return by what the root of a channel's weight times rate is to be divided for the time between its reads."""
        return gap * sum(sqrt(entry.weight * entry.pace.rate(now)) for entry in self._entries.values())

    def interval(self, key: int, now: float, gap: float, pressure: float) -> float:
        """Return about how many seconds pass between two reads of a channel; `pressure` as of now."""
        entry = self._entries[key]
        return min(self.reach(gap), pressure / sqrt(entry.weight * entry.pace.rate(now)))

    def waited(self, key: int, now: float) -> float:
        """Return the seconds since a channel was read."""
        return now - self._entries[key].pace.read_at

    def _urgency_of(self, key: int, now: float) -> float:
        entry = self._entries[key]
        return _urgency(entry, now - entry.pace.read_at)


def _entry(pace: Pace, weight: float) -> _Entry:
    return _Entry(pace, weight, weight * pace.posts / pace.seconds, weight * pace.burst)


def _urgency(entry: _Entry, waited: float) -> float:
    rate = entry.steady
    if entry.burst:
        rate += entry.burst * exp(-waited / _BURST_FADES)
    return rate * waited * waited if waited > 0 else 0.0
