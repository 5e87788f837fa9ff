"""How the reading goes: coverage of each channel, what holds it, and what a person must see to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.models import Channel
from monitor.reading.channel_list import Wanted
from monitor.reading.reader import Reader
from monitor.reading.roster import is_second
from monitor.reading.targets import label
from monitor.store import gaps, limits, media, notices, outbox, reach, states
from monitor.store import reader as stored
from monitor.store.gaps import GapCount
from monitor.store.limits import Flood
from monitor.store.media import MediaCount
from monitor.store.notices import StoredNotice
from monitor.store.outbox import Held
from monitor.store.reach import Account, Found
from monitor.store.states import State

_NOTICES_FOR = timedelta(days=7)
_LATE = 3.0  # times the longest interval after which a channel that is not held counts as neglected
_UNSENT_FOR = timedelta(minutes=5)  # for which what is due may wait before a person is called
_GONE = frozenset(("private", "deleted", "restricted"))


@dataclass(frozen=True, slots=True)
class Coverage:
    """One wanted channel: read up to the post `last` of `last_date`, and how; `answer` says why it is not read."""

    given: str
    channel: Channel | None
    last: int | None = None
    last_date: datetime | None = None
    state: State | None = None
    gaps: GapCount = field(default_factory=GapCount)
    joined: bool = False
    answer: str | None = None
    again: bool = False  # another name of a channel that stands before it

    @property
    def label(self) -> str:
        """How the channel is called."""
        return label(self.channel, self.given) if self.channel is not None else self.given

    @property
    def posts_a_day(self) -> float | None:
        """Its rate, as far as it is known."""
        state = self.state
        return 86400 * state.posts / state.seconds if state is not None and state.read_at is not None else None

    @property
    def standing(self) -> str:
        """`open`, `private`, `deleted`, `restricted`, `failing`, `new` (not read yet), `refused` or `twice`."""
        if self.again:
            return "twice"
        if self.state is not None and self.state.standing in _GONE:
            return self.state.standing
        if self.answer is not None:
            return "refused"
        if self.state is None or self.last is None:
            return "new"
        return "failing" if self.state.failures else "open"


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that `monitor status` shows; `process` is the running monitor's, None: none runs."""

    at: datetime
    process: int | None
    account: Account | None
    coverage: tuple[Coverage, ...]
    floods: tuple[Flood, ...]
    last_minute: int
    last_day: dict[str, int]
    notices: tuple[StoredNotice, ...]
    due: int
    attention: tuple[str, ...]
    media: MediaCount = field(default_factory=lambda: MediaCount({}, 0))


def report(
    store: stored.Reader,
    source: str,
    wanted: Sequence[Wanted],
    now: datetime,
    *,
    process: int | None,
    longest: timedelta,
) -> Report:
    """Look into the store and say how the reading goes; `longest` is the longest time between two reads."""
    accounts = store.read(reach.accounts)
    account = next((one for one in accounts if one.source == source), None)
    floods = tuple(flood for flood in store.read(limits.floods, now) if account and flood.account == account.name)
    asked = store.read(limits.requests, [account.name], now - timedelta(days=1)) if account is not None else []
    coverage = tuple(_coverage(store, source, account, wanted))
    minute = now - timedelta(minutes=1)
    return Report(
        at=now,
        process=process,
        account=account,
        coverage=coverage,
        floods=floods,
        last_minute=sum(one.at >= minute for one in asked),
        last_day=dict(Counter(one.action for one in asked).most_common()),
        notices=tuple(store.read(notices.latest, now - _NOTICES_FOR)),
        due=store.summary().due,
        attention=(
            *_attention(process, account, coverage, floods, now, longest),
            *(one.notice.text for one in store.read(notices.holding)),
            *_unsent(store.read(outbox.outboxes, now), now),
        ),
        media=store.read(media.count),
    )


def _coverage(store: stored.Reader, source: str, account: Account | None, wanted: Sequence[Wanted]) -> list[Coverage]:
    found = store.read(reach.found, source)
    reached = store.read(reach.reached, account.name) if account is not None else {}
    by_number = {one.channel.id: key for key, one in reached.items()}
    known = store.read(states.load, source)
    cursors = store.read(states.cursors, source)
    newest = store.read(states.newest_posts, source)
    counts = store.read(gaps.gap_counts, source)
    keys = {one.key: by_number.get(one.id) if one.id is not None else _key(found.get(one.key)) for one in wanted}
    channels = store.read(reach.channels_by_key, [key for key in keys.values() if key is not None])
    coverage: list[Coverage] = []
    before: set[int] = set()
    for one in wanted:
        key, there = keys[one.key], found.get(one.key)
        if key is None:
            coverage.append(Coverage(one.given, None, answer=there.answer if there else None))
            continue
        coverage.append(
            Coverage(
                given=one.given,
                channel=channels.get(key),
                last=cursors.get(key),
                last_date=newest[key][1] if key in newest else None,
                state=known.get(key),
                gaps=counts.get(key, GapCount()),
                joined=key in reached and reached[key].joined,
                answer=there.answer if there else None,
                again=key in before and (there is None or there.answer is None or is_second(there.answer)),
            )
        )
        before.add(key)
    return coverage


def _key(found: Found | None) -> int | None:
    return found.key if found is not None else None


def _attention(
    process: int | None,
    account: Account | None,
    coverage: Sequence[Coverage],
    floods: Sequence[Flood],
    now: datetime,
    longest: timedelta,
) -> list[str]:
    """Say what needs a person."""
    said = []
    if not coverage:
        said.append(
            "No channels are configured: name some in CHANNELS or CHANNELS_FILE, or with `monitor channels add`."
        )
    if process is None:
        said.append("The monitor does not run: start it with `monitor run` (or `systemctl start monitor`).")
    if account is not None and account.fault is not None:
        said.append(f"Nothing is read: {account.fault}.")
    said += [f"{one.label}: {_trouble(one)}" for one in coverage if one.standing in _GONE | {"refused", "failing"}]
    if process is not None and not floods and not (account and account.fault):
        said += [f"{one.label}: not read since {_time(one)}." for one in coverage if _is_late(one, now, longest)]
    return said


def _unsent(held: Sequence[Held], now: datetime) -> list[str]:
    """Say what keeps alerts from being told; what has lasted for moments alone may mend itself."""
    said = [
        f"{one.notifier}: {one.fault}; alerts that wait: {one.waiting:,}, since {one.oldest:%d %b %Y %H:%M} UTC."
        for one in held
        if one.fault is not None and one.oldest is not None and now - one.oldest > _UNSENT_FOR
    ]
    said += [
        f"{one.notifier}: messages that are not taken there: {one.refused:,}; the log says why. They are tried again."
        for one in held
        if one.refused
    ]
    return said


def _trouble(one: Coverage) -> str:
    if one.standing == "refused":
        return one.answer or ""
    what = "cannot be read" if one.standing == "failing" else f"is {one.standing}"
    error = f" ({one.state.last_error})" if one.state is not None and one.state.last_error else ""
    return f"{what}{error}; it is tried again by itself, or take it off the list"


def _is_late(one: Coverage, now: datetime, longest: timedelta) -> bool:
    if one.standing != "open" or one.state is None or one.state.read_at is None:
        return False
    return now - one.state.read_at > _LATE * longest


def _time(one: Coverage) -> str:
    assert one.state is not None
    return f"{one.state.read_at:%d %b %Y %H:%M} UTC"


def headline(reader: Reader) -> str:
    """Say in one line how a running reader is, for systemd's status."""
    account, desk = reader.account, reader.desk
    if account.fault is not None:
        return f"nothing is read: {account.fault}"
    if reader.held is not None:
        return f"nothing is read: {reader.held}"
    if account.outage is not None:
        return f"waiting for the network: {account.outage}"
    if not account.is_open:
        return "connecting"
    parts = [f"reading {len(desk.plan)} of {len(desk.targets)} channels"]
    if reader.unresolved:
        parts.append(f"{reader.unresolved} names to look up")
    floods = account.budget.floods(desk.clock.monotonic())
    parts += [f"waiting {round(seconds)} s with {action or 'everything'}" for action, seconds in floods]
    return "; ".join(parts)
