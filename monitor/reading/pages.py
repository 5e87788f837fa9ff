"""Storing what came: posts and cursor together, what could not be read as it came, and the ids that were left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import structlog

from monitor.models import Level, Post
from monitor.pipeline import Outcome
from monitor.reading.desk import Desk
from monitor.reading.targets import Target
from monitor.sources.live import Page, Unparsed
from monitor.store import gaps
from monitor.store.gaps import Gap, Raw
from monitor.store.rechecks import Watched
from monitor.store.records import Cursor, StoreError

log = structlog.get_logger()

_TRIES = 3  # to store a post that comes alone


def left_out(channel: int, after: int, up_to: int, served: Iterable[int]) -> list[Gap]:
    """Return the ids above `after` and up to `up_to` that are not in `served`, as ranges."""
    found, expected = [], after + 1
    for number in [*sorted(one for one in set(served) if after < one <= up_to), up_to + 1]:
        if number > expected:
            found.append(Gap(channel, expected, number - 1))
        expected = number + 1
    return found


async def store_page(desk: Desk, target: Target, page: Page, after: int) -> tuple[list[Outcome], list[Gap]]:
    """Store a page that was read after the cursor, and move the cursor; return what was new and what was left out.

    Gaps and unreadable records go first: they are stored once however often a page is read, and a kill in between
    loses none of them.
    """
    missing = left_out(target.key, after, page.up_to, page.served)
    if missing:
        await desk.writer.write(gaps.note_gaps, desk.source.name, missing, desk.clock.now())
    cursor = Cursor(target.address.channel, desk.source.name, page.up_to)
    outcomes = await store_posts(desk, target, page.posts, page.rejected, cursors=(cursor,))
    target.cursor = max(target.cursor or 0, page.up_to)
    target.skipped += len(page.skipped)
    return outcomes, missing


async def store_posts(
    desk: Desk,
    target: Target,
    posts: Sequence[Post],
    rejected: Sequence[Unparsed] = (),
    *,
    cursors: Sequence[Cursor] = (),
    backfill: bool = False,
) -> list[Outcome]:
    """Store posts of one channel, and raw what could not be read as a post; watch the new ones for edits."""
    now = desk.clock.now()
    await _keep_raw(desk, target, [Raw(target.key, one.id, one.rejected.reason, one.raw) for one in rejected], now)
    try:
        outcomes = await desk.writer.ingest(posts, now, cursors=cursors, backfill=backfill)
    except Exception as error:  # one post that nothing foresaw must not cost the page
        if isinstance(error, StoreError) and not isinstance(error.__cause__, OverflowError):
            raise
        outcomes = await _one_by_one(desk, target, posts, now, backfill, error)
        await desk.writer.ingest([], now, cursors=cursors)
    for outcome in outcomes:
        watch(target, outcome.post, now)
    target.dirty = True
    return outcomes


def watch(target: Target, post: Post, now: datetime) -> None:
    """Have a post read again from time to time."""
    target.open[post.id] = Watched(target.key, post.id, post.ids or (post.id,), post.date, now)
    if target.open_from is not None:  # a post of the past, read back beside new ones, is looked for at the next start
        target.open_from = min(target.open_from, post.id)


async def _one_by_one(
    desk: Desk, target: Target, posts: Sequence[Post], now: datetime, backfill: bool, error: Exception
) -> list[Outcome]:
    """Store posts one at a time, so that a bad one does not take the others with it; it is kept as it came.

    Where none can be stored the fault is likely ours and not theirs: the error is raised, of a lone post twice.
    """
    outcomes: list[Outcome] = []
    bad: list[Raw] = []
    for post in posts:
        try:
            outcomes += await desk.writer.ingest([post], now, backfill=backfill)
        except Exception as fault:  # as above; it is kept raw, and told
            if isinstance(fault, StoreError) and not isinstance(fault.__cause__, OverflowError):
                raise
            bad.append(Raw(target.key, post.id, f"{gaps.NOT_STORED}{fault}", post.raw))
    if len(bad) == len(posts):
        target.refused += 1
        if len(posts) > 1 or target.refused < _TRIES:
            raise error
    target.refused = 0
    await _keep_raw(desk, target, bad, now)
    for one in bad:
        text = (
            f"A post of {target.label} (id {one.telegram_id}) is kept as it came, for {one.reason}. It is tried again "
        )
        await desk.notice("kept raw", text + "when the monitor starts anew.", Level.MEDIUM, target)
    return outcomes


async def _keep_raw(desk: Desk, target: Target, records: Sequence[Raw], now: datetime) -> None:
    if not records:
        return
    await desk.writer.write(gaps.keep_raw, desk.source.name, records, now)
    target.unparsed += len(records)
    for one in records:
        log.warning("post_kept_raw", channel=target.label, post=one.telegram_id, reason=one.reason)
