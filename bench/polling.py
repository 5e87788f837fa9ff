"""How long posts wait until they are read: `monitor.polling` beside uniform polling, over the same simulated posts.

    python bench/polling.py [--channels 1000] [--days 2] [--sigma 2] [--bound 1800]

One request a second. Channels publish 20 posts a day on average, with log-normal rates, more by day than by night, and
in bouts (each post draws 0.6 others within about twenty minutes). The first third is left for the estimates to settle.
Waiting times are in seconds; what is to be compared are the ratios.
"""

from __future__ import annotations

import argparse
import bisect
import math
import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from monitor.polling import Pace, Plan

DAY = 86400
POSTS_A_DAY = 20.0
_DAYTIME = 0.9  # how much more is published at noon than on average
_OFFSPRING = 0.6  # posts that one post draws after it …
_SOON = 1200.0  # … within this many seconds on average
HEADS = 100  # channels in one head check


@dataclass(frozen=True, slots=True)
class Result:
    """Waiting times of posts in seconds, and the longest time between two reads of one channel."""

    mean: float
    p99: float
    longest_gap: float
    seconds: float


def traffic(channels: int, days: float, sigma: float, seed: int = 1) -> list[list[float]]:
    """Return the times of publication of each channel's posts, in seconds from the start.

    The rates are the log-normal distribution cut into equal parts, so that no seed is a lucky one.
    """
    draw = random.Random(seed)
    normal = statistics.NormalDist(0, sigma)
    raw = [math.exp(normal.inv_cdf((place + 0.5) / channels)) for place in range(channels)]
    draw.shuffle(raw)
    scale = POSTS_A_DAY * channels / DAY / sum(raw)
    return [_posts(draw, rate * scale, days * DAY) for rate in raw]


def _posts(draw: random.Random, rate: float, until: float) -> list[float]:
    phase = draw.gauss(0, 2 * 3600)
    peak = rate * (1 - _OFFSPRING) * (1 + _DAYTIME)
    posts: list[float] = []
    at = draw.expovariate(peak)
    while at < until:
        if draw.random() < (1 + _DAYTIME * math.sin(2 * math.pi * (at + phase) / DAY)) / (1 + _DAYTIME):
            posts.append(at)
        at += draw.expovariate(peak)
    parents = list(posts)
    while parents:
        parents = [
            child
            for parent in parents
            for child in (parent + draw.expovariate(1 / _SOON) for _ in range(_poisson(draw, _OFFSPRING)))
            if child < until
        ]
        posts += parents
    return sorted(posts)


def _poisson(draw: random.Random, mean: float) -> int:
    limit, product, count = math.exp(-mean), draw.random(), 0
    while product > limit:
        product *= draw.random()
        count += 1
    return count


class Run:
    """One simulation: which posts are read when."""

    def __init__(self, posts: list[list[float]], settled: float) -> None:
        self._posts = posts
        self._settled = settled
        self._next = [0] * len(posts)
        self._read_at = [-1.0] * len(posts)
        self._waits: list[float] = []
        self._longest = 0.0

    def read(self, channel: int, now: float) -> list[float]:
        """Read a channel and return the ages of its new posts."""
        posts, first = self._posts[channel], self._next[channel]
        last = self._next[channel] = bisect.bisect_right(posts, now, first)
        ages = [now - at for at in posts[first:last]]
        self._waits += [age for age in ages if now - age >= self._settled]
        self.seen(channel, now)
        return ages

    def seen(self, channel: int, now: float) -> None:
        """Note that a channel was looked at."""
        if self._read_at[channel] >= 0:
            self._longest = max(self._longest, now - self._read_at[channel])
        self._read_at[channel] = now

    def has_new(self, channel: int, now: float) -> bool:
        """Tell whether a channel has posts that were not read."""
        posts, first = self._posts[channel], self._next[channel]
        return first < len(posts) and posts[first] <= now

    def result(self, end: float, seconds: float) -> Result:
        """Sum up; posts that were never read wait until the end."""
        for channel, posts in enumerate(self._posts):
            self._waits += [end - at for at in posts[self._next[channel] :] if self._settled <= at]
        waits = sorted(self._waits)
        return Result(sum(waits) / len(waits), waits[int(0.99 * len(waits))], self._longest, seconds)


def uniform(run: Run, channels: int, end: int, bound: float) -> None:
    """Read one channel after another."""
    for now in range(end):
        run.read(now % channels, now)


def planned(run: Run, channels: int, end: int, bound: float) -> None:
    """Read as `Plan` says, one channel a request."""
    plan = _plan(channels, bound)
    for now in range(end):
        channel = plan.next(now, 1.0)
        assert channel is not None
        plan.read(channel, now, run.read(channel, now))


def with_heads(run: Run, channels: int, end: int, bound: float) -> None:
    """Check the heads of a hundred channels a request, and read those that moved."""
    plan = _plan(channels, bound)
    for now in range(end):
        channel = plan.next_due()
        if channel is not None:
            plan.read(channel, now, run.read(channel, now))
            continue
        for key in plan.batch(now, HEADS):
            if run.has_new(key, now):
                plan.hint(key)
            else:
                plan.read(key, now)
                run.seen(key, now)


def _plan(channels: int, bound: float) -> Plan:
    plan = Plan(bound)
    for channel in range(channels):
        plan.put(channel, Pace(read_at=-float(channel % 997)))
    return plan


def main() -> None:
    """Run the three and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--channels", type=int, default=1000)
    parser.add_argument("--days", type=float, default=2.0)
    parser.add_argument("--sigma", type=float, default=2.0)
    parser.add_argument("--bound", type=float, default=1800.0, help="longest time between two reads of a channel, s")
    asked = parser.parse_args()
    posts = traffic(asked.channels, asked.days, asked.sigma)
    end = int(asked.days * DAY)
    print(f"{asked.channels} channels, {sum(map(len, posts)):,} posts, {asked.days:g} days, 1 request/s")
    print(f"{'polling':22} {'mean s':>8} {'ratio':>6} {'p99 s':>8} {'ratio':>6} {'longest gap s':>14}")
    base: Result | None = None
    ways: list[tuple[str, Callable[[Run, int, int, float], None]]] = [
        ("uniform", uniform),
        (f"plan, bound {asked.bound:g} s", planned),
        ("plan with head checks", with_heads),
    ]
    for name, way in ways:
        run = Run(posts, end / 3)
        began = time.process_time()
        way(run, asked.channels, end, asked.bound)
        result = run.result(end, time.process_time() - began)
        base = base or result
        print(
            f"{name:22} {result.mean:8.1f} {result.mean / base.mean:6.3f} {result.p99:8.0f} "
            f"{result.p99 / base.p99:6.2f} {result.longest_gap:14.0f}   ({result.seconds:.0f} s of CPU)"
        )


if __name__ == "__main__":
    main()
