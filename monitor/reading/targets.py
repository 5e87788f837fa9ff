"""One channel that is being read: how it is reached, how far it is read, and what stands in the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.models import Channel
from monitor.polling import Pace
from monitor.reading.channel_list import Wanted
from monitor.sources.live import Address, Standing
from monitor.store.rechecks import Watched
from monitor.store.states import State


@dataclass(slots=True)
class Target:
    """What is known of a channel while the program runs; `key` is the store's id of it, `cursor` None at first.

    `hold_until` and `look_at` are monotonic seconds, dates are the wall's. `open` are the posts that may yet change.
    """

    key: int
    wanted: Wanted
    address: Address
    since: datetime
    look_at: float
    pace: Pace
    joined: bool = False
    cursor: int | None = None
    standing: Standing = Standing.OPEN
    told_name: str | None = None
    read_at: datetime | None = None
    next_at: datetime | None = None
    looked_at: datetime | None = None
    hold_until: float = float("-inf")
    failures: int = 0
    stalls: int = 0
    refused: int = 0  # how often a page of which nothing could be stored came, one after another
    last_error: str | None = None
    skipped: int = 0
    unparsed: int = 0
    open_from: int | None = None
    batch: int | None = None  # ids in one re-reading, where a whole one cannot be read
    open: dict[int, Watched] = field(default_factory=dict)
    dirty: bool = True

    @property
    def label(self) -> str:
        """How the channel is called in logs and notices."""
        return label(self.address.channel, self.wanted.given)


def label(channel: Channel, otherwise: str = "") -> str:
    """Name a channel: its user name, else its title, else its id."""
    if channel.name:
        return f"@{channel.name}"
    return channel.title or otherwise or f"channel {channel.id}"


def restore(target: Target, state: State, now: datetime, monotonic: float) -> None:
    """Take up a stored state."""
    target.standing = Standing(state.standing)
    target.since = state.since
    target.told_name = state.told_name
    target.read_at = state.read_at
    target.looked_at = state.looked_at
    target.failures = state.failures
    target.last_error = state.last_error
    target.skipped = state.skipped
    target.unparsed = state.unparsed
    target.open_from = state.open_from
    if state.retry_at is not None:
        target.hold_until = monotonic + _ahead(state.retry_at, now)
    if state.read_at is not None:
        passed = max(0.0, (now - state.read_at).total_seconds())
        target.pace = Pace(monotonic - passed, state.posts, state.seconds, state.burst)


def state_of(target: Target, source: str, now: datetime, monotonic: float) -> State:
    """Return what is to be stored of a channel."""
    held = target.hold_until - monotonic
    return State(
        channel=target.key,
        source=source,
        standing=target.standing.value,
        since=target.since,
        told_name=target.told_name,
        read_at=target.read_at,
        next_at=target.next_at,
        looked_at=target.looked_at,
        retry_at=now + timedelta(seconds=held) if held > 0 else None,
        failures=target.failures,
        last_error=target.last_error,
        posts=target.pace.posts,
        seconds=target.pace.seconds,
        burst=target.pace.burst,
        skipped=target.skipped,
        unparsed=target.unparsed,
        open_from=target.open_from,
    )


_LONGEST_HOLD = 86400.0  # no channel is left alone for longer, whatever a clock that stepped says


def _ahead(moment: datetime, now: datetime) -> float:
    return min(_LONGEST_HOLD, max(0.0, (moment - now).total_seconds()))
