"""Reading posts again: edits become revisions, deletions are marked with the time when they were noticed.

A post is read again at growing intervals until it is older than the window, and once more when it is, so that nothing
that happened to it within the window is missed, however long the program stood still meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

import structlog

from monitor.reading.desk import Desk, Job
from monitor.reading.pages import store_posts
from monitor.reading.targets import Target
from monitor.sources.live import Action, Revisit
from monitor.store import rechecks
from monitor.store.rechecks import Watched

log = structlog.get_logger()

ASK_AGAIN = 2.0  # seconds after which posts that did not come are asked for once more
FIRST = timedelta(minutes=10)  # age at which a post is read again for the first time


def due_at(post: Watched, window: timedelta) -> datetime | None:
    """Return when a post is to be read again: at twice the age it had last time; None: no more."""
    age = post.checked_at - post.date
    if age >= window:
        return None
    return post.date + min(window, max(FIRST, 2 * age))


def earliest(posts: Iterable[Watched], window: timedelta) -> datetime | None:
    """Return when the first of these posts is to be read again."""
    return min((due for post in posts if (due := due_at(post, window)) is not None), default=None)


def choose(posts: Iterable[Watched], window: timedelta, most: int) -> list[Watched]:
    """Return the posts to read in one request of `most` ids: those due first, and the next ones while there is room.

    An album is asked for as a whole, even if it alone is more.
    """
    dated = [(due, post) for post in posts if (due := due_at(post, window)) is not None]
    chosen: list[Watched] = []
    for _, post in sorted(dated, key=lambda pair: (pair[0], pair[1].post_id)):
        if len(post.ids) <= most or not chosen:
            most -= len(post.ids)
            chosen.append(post)
    return chosen


@dataclass(frozen=True, slots=True)
class _Doubt:
    """Posts that did not come; from a (monotonic) time on they are asked for once more."""

    posts: list[Watched]
    ask_from: float


class Rechecks:
    """Says which channel's posts are to be read again now, and reads them."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._doubted: dict[int, _Doubt] = {}  # by channel
        self._urged: dict[int, dict[int, None]] = {}
        self._due: dict[int, datetime] = {}

    async def load(self, target: Target) -> None:
        """Take up the posts of a channel that may still change."""
        target.open = {}
        if target.open_from is not None or target.cursor:
            for post in await self._desk.writer.read(rechecks.watched, target.key, target.open_from or 0):
                target.open[post.post_id] = post
        read = len(target.open)
        self.changed(target)
        if len(target.open) < read:  # what is past its last re-reading need not be looked through at the next start
            target.open_from, target.dirty = _open_from(target), True

    def changed(self, target: Target) -> None:
        """Find out anew when a channel is to be read again."""
        window = self._desk.options.recheck
        target.open = {key: post for key, post in target.open.items() if due_at(post, window) is not None}
        due = earliest(target.open.values(), window)
        if due is None:
            self._due.pop(target.key, None)
        else:
            self._due[target.key] = due

    def forget(self, key: int) -> None:
        """Forget a channel that is read no more."""
        for known in (self._due, self._doubted, self._urged):
            known.pop(key, None)

    def urge(self, key: int, ids: Sequence[int]) -> None:
        """Read posts again as soon as the limits allow: the far side says that they changed."""
        if ids and key in self._desk.targets:
            self._urged.setdefault(key, {}).update(dict.fromkeys(ids))

    def urgent(self) -> Job | None:
        """Return the re-reading of posts of which the far side said that they changed, or of posts in doubt."""
        target = self._first_readable(self._urged)
        if target is not None:
            return Job(Action.REVISIT, partial(self._visit_urged, target), target, urgent=True)
        now = self._desk.clock.monotonic()
        target = self._first_readable(key for key, doubt in self._doubted.items() if doubt.ask_from <= now)
        return Job(Action.REVISIT, partial(self._ask_again, target), target, urgent=True) if target else None

    def job(self) -> Job | None:
        """Return the next re-reading: of the channel that is overdue longest."""
        now = self._desk.clock.now()
        overdue = sorted((key for key, due in self._due.items() if due <= now), key=lambda key: self._due[key])
        target = self._first_readable(overdue)
        if target is None:
            return None
        if self._desk.source.revisit_batch:
            return Job(Action.REVISIT, partial(self._visit_due, target), target)
        return Job(Action.HISTORY, partial(self._read_over, target), target)

    def _first_readable(self, keys: Iterable[int]) -> Target | None:
        targets = (self._desk.targets.get(key) for key in keys)
        return next((one for one in targets if one is not None and self._desk.readable(one)), None)

    async def _visit_due(self, target: Target) -> None:
        most = target.batch or self._desk.source.revisit_batch
        await self._visit(target, choose(target.open.values(), self._desk.options.recheck, most))

    async def _visit_urged(self, target: Target) -> None:
        most = target.batch or self._desk.source.revisit_batch
        urged = self._urged[target.key]
        ids = list(urged)[:most]
        posts = await self._desk.writer.read(rechecks.posts_of, target.key, ids)
        for number in ids:
            del urged[number]
        if not urged:
            del self._urged[target.key]
        if posts:
            await self._visit(target, posts)

    async def _visit(self, target: Target, posts: list[Watched]) -> None:
        answer = await self._ask(target, posts)
        if answer is None:
            return
        missing = set(answer.missing)
        doubted = [post for post in posts if missing.issuperset(post.ids)]
        if doubted:
            self._doubt(target, doubted)
        gone = {post.post_id for post in doubted}
        await self._checked(target, [post for post in posts if post.post_id not in gone])

    async def _ask(self, target: Target, posts: list[Watched]) -> Revisit | None:
        """Ask for posts again and store what comes; None: nothing could be told of them, a smaller part is next."""
        desk = self._desk
        ids = [number for post in posts for number in post.ids]
        answer = await desk.account.ask(Action.REVISIT, lambda: desk.source.revisit(target.address, ids))
        await store_posts(desk, target, answer.posts, answer.rejected)
        if not answer.unread:
            target.batch = None
            return answer
        target.batch = max(1, len(ids) // 2)
        if len(posts) == 1:  # an album of which one part cannot be read: no smaller part can be asked for
            await self._checked(target, posts)
        return None

    async def _read_over(self, target: Target) -> None:
        """Read history again where posts cannot be asked for by id: edits are seen, deletions are not."""
        desk = self._desk
        first = min(choose(target.open.values(), desk.options.recheck, 1), key=lambda post: post.post_id, default=None)
        if first is None:
            self.changed(target)
            return
        after = first.post_id - 1
        page = await desk.account.ask(Action.HISTORY, lambda: desk.source.history(target.address, after))
        known = [post for post in page.posts if post.id <= (target.cursor or 0)]
        await store_posts(desk, target, known)
        end = page.up_to if page.more else None
        read = [post for post in target.open.values() if first.post_id <= post.post_id <= (end or post.post_id)]
        await self._checked(target, read)

    def _doubt(self, target: Target, posts: list[Watched]) -> None:
        ask_from = self._desk.clock.monotonic() + ASK_AGAIN
        self._doubted[target.key] = _Doubt(posts, ask_from)

    async def _ask_again(self, target: Target) -> None:
        """Ask once more for posts that did not come: a far side that errs once must not make posts look deleted."""
        posts = self._doubted.pop(target.key).posts
        answer = await self._ask(target, posts)
        if answer is None:
            return
        missing = set(answer.missing)
        deleted = [post.post_id for post in posts if missing.issuperset(post.ids)]
        if deleted:
            await self._desk.writer.delete(target.key, deleted, self._desk.clock.now())
            log.info("posts_deleted", channel=target.label, posts=len(deleted))
        for post_id in deleted:
            target.open.pop(post_id, None)
        await self._checked(target, [post for post in posts if post.post_id not in set(deleted)])

    async def _checked(self, target: Target, posts: list[Watched]) -> None:
        now = self._desk.clock.now()
        for post in posts:
            if post.post_id in target.open:
                target.open[post.post_id] = replace(post, checked_at=now)
        self.changed(target)
        target.open_from, target.dirty = _open_from(target), True
        await self._desk.writer.write(
            rechecks.note_checked, target.key, [post.post_id for post in posts], now, target.open_from
        )


def _open_from(target: Target) -> int:
    """Return the id below which every post of a channel is past its last re-reading."""
    return min(target.open, default=(target.cursor or 0) + 1)
