"""Polling: reading the next channel after its cursor, and head checks of many channels in one request."""

from __future__ import annotations

import structlog

from monitor.reading.desk import Desk, Job
from monitor.reading.gaps import Gaps
from monitor.reading.looks import Looks
from monitor.reading.pages import store_page
from monitor.reading.targets import Target
from monitor.sources.live import Action
from monitor.sources.source import ChannelGone, Unreadable

log = structlog.get_logger()

FEWEST_FOR_HEADS = 4  # channels from which on a head check is worth a request
_HEADLESS_FOR = 3600.0  # seconds until a channel is asked for again that head checks did not answer for
HEADS_AGAIN = 86400.0  # seconds until head checks are tried again after they did not work
_CHECKED_BY_READING = 20  # each so many polls one channel is read although its head says that nothing is new …
_LIES = 2  # … and after so many that had something, head checks are not believed any more
_SLACK = 60.0  # seconds by which a post may be older than the head check that did not see it
_STALLS = 30  # pages in a row that lead nowhere although there is more: finding an unreadable record takes some


class Polls:
    """Says which channel to read now, and reads it."""

    def __init__(self, desk: Desk, gaps: Gaps, looks: Looks) -> None:
        self._desk = desk
        self._gaps = gaps
        self._looks = looks
        self._hinted: dict[int, None] = {}
        self._headless: set[int] = set()  # channels of which head checks say nothing
        self._headless_since = float("-inf")
        self._batch = desk.source.heads_batch
        self._heads_from = float("-inf")  # when head checks may be used (again)
        self._denied: dict[int, float] = {}  # when a head check saw nothing new in a channel
        self._read_in_full: dict[int, float] = {}
        self._polls = 0
        self._lies = 0
        self.heads_work: bool | None = None  # None: not known yet

    def hint(self, key: int) -> None:
        """Read a channel as soon as the limits allow."""
        if key in self._desk.plan:
            self._hinted[key] = None

    def forget(self, key: int) -> None:
        """Forget a channel that is read no more."""
        for known in (self._hinted, self._denied, self._read_in_full):
            known.pop(key, None)
        self._headless.discard(key)

    def urgent(self) -> Job | None:
        """Return the reading of a channel of which the far side said that it has something new."""
        while self._hinted:
            key = next(iter(self._hinted))
            if key in self._desk.plan:
                return self._reading(key, urgent=True)
            del self._hinted[key]
        return None

    def job(self) -> Job | None:
        """Return the next poll; None where all channels were read a moment ago."""
        desk, now = self._desk, self._desk.clock.monotonic()
        due = desk.plan.next_due()
        if due is not None:
            return self._reading(due)
        if not self._use_heads(now):
            return self._reading_if_time(desk.plan.next(now, desk.gap), now)
        self._polls += 1
        if self._headless and self._polls % 2:
            return self._reading_if_time(desk.plan.next(now, 2 * desk.gap, among=self._headless), now)
        if self._polls % _CHECKED_BY_READING == 0:
            served = [key for key in desk.plan.batch(now, len(desk.plan)) if key not in self._headless]
            if served:
                return self._reading(min(served, key=lambda key: self._read_in_full.get(key, float("-inf"))))
        batch = desk.plan.batch(now, self._batch, without=self._headless)
        ready = [key for key in batch if desk.plan.waited(key, now) >= self.shortest]
        return Job(Action.HEADS, lambda: self._check_heads(ready)) if ready else None

    @property
    def shortest(self) -> float:
        """Seconds that at least pass between two polls of a channel of which nothing new is known."""
        return max(1.0, 4 * self._desk.account.budget.gap)

    def _use_heads(self, now: float) -> bool:
        if now - self._headless_since > _HEADLESS_FOR:
            self._headless.clear()
            self._headless_since = now
        served = len(self._desk.plan) - len(self._headless)
        return bool(self._desk.source.heads_batch) and served >= FEWEST_FOR_HEADS and now >= self._heads_from

    def _reading_if_time(self, key: int | None, now: float) -> Job | None:
        if key is None or self._desk.plan.waited(key, now) < self.shortest:
            return None
        return self._reading(key)

    def _reading(self, key: int, *, urgent: bool = False) -> Job:
        target = self._desk.targets[key]
        return Job(Action.HISTORY, lambda: self._read(target), target, urgent)

    async def _read(self, target: Target) -> None:
        desk, source = self._desk, self._desk.source
        after = target.cursor or 0
        self._hinted.pop(target.key, None)
        page = await desk.account.ask(Action.HISTORY, lambda: source.history(target.address, after))
        _, missing = await store_page(desk, target, page, after)
        self._gaps.add(missing)
        now, wall = desk.clock.monotonic(), desk.clock.now()
        ages = [(wall - post.date).total_seconds() for post in page.posts]
        self._judge_heads(target, ages, now)
        if target.key in desk.plan:
            target.pace = desk.plan.read(target.key, now, ages)
        target.read_at, target.dirty, target.failures, target.last_error = wall, True, 0, None
        self._read_in_full[target.key] = now
        if page.more:
            self._go_on(target, page.up_to > after)

    def _go_on(self, target: Target, moved: bool) -> None:
        """Read on soon; one whose pages lead nowhere is left to its usual turn."""
        target.stalls = 0 if moved else target.stalls + 1
        if target.stalls < _STALLS:
            self._desk.plan.hint(target.key)
        else:
            log.warning("page_leads_nowhere", channel=target.label, after=target.cursor)

    async def _check_heads(self, keys: list[int]) -> None:
        desk, source = self._desk, self._desk.source
        targets = {target.address.channel.id: target for target in (desk.targets[key] for key in keys)}
        addresses = [target.address for target in targets.values()]
        try:
            heads = await desk.account.ask(Action.HEADS, lambda: source.heads(addresses))
        except Unreadable as error:
            self._give_up_heads(str(error))
            return
        except ChannelGone:
            self._find_gone(keys)
            return
        self.heads_work = True
        self._batch = min(source.heads_batch, 2 * self._batch)
        now, wall = desk.clock.monotonic(), desk.clock.now()
        for number, target in targets.items():
            head = heads.get(number) if number is not None else None
            if head is None:
                self._headless.add(target.key)
            elif target.key not in desk.plan:
                continue
            elif head > (target.cursor or 0):
                desk.plan.hint(target.key)
            else:
                self._denied[target.key] = now
                target.pace = desk.plan.read(target.key, now)
                target.read_at, target.dirty = wall, True

    def _find_gone(self, keys: list[int]) -> None:
        """One of these channels cannot be read: ask for fewer and fewer until it is clear which."""
        self._batch = max(1, len(keys) // 2)
        if len(keys) == 1:
            self._headless.add(keys[0])
            self._looks.soon(self._desk.targets[keys[0]])

    def _judge_heads(self, target: Target, ages: list[float], now: float) -> None:
        """Notice that head checks do not tell the truth: a post was there when they said that nothing was new."""
        denied = self._denied.pop(target.key, None)
        if denied is None or not ages or max(ages) < now - denied + _SLACK:
            return
        self._lies += 1
        if self._lies >= _LIES:
            self._give_up_heads("they missed posts that were there")

    def _give_up_heads(self, reason: str) -> None:
        self._heads_from = self._desk.clock.monotonic() + HEADS_AGAIN
        self.heads_work, self._lies = False, 0
        self._headless.clear()
        self._denied.clear()
        log.warning("head_checks_given_up", reason=reason)
