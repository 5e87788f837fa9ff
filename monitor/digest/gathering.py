"""A digest's figures, out of the store."""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor.digest.compose import WEEK, Digest
from monitor.store import counts, evidence, media_chain
from monitor.store.chain import FIRST
from monitor.store.reader import Reader

_DAYS_LOOKED_BACK = 14
_FEWEST = 3.0  # posts that must usually come in the time, or silence says nothing


def gather(store: Reader, since: datetime, until: datetime, coverage: str) -> Digest:
    """Count what was found between two times, and in the week before."""
    week = since - WEEK
    return Digest(
        since=since,
        until=until,
        posts=store.read(counts.posts, since, until),
        posts_before=store.read(counts.posts, week, since),
        rules=store.read(counts.by_rule, since, until),
        rules_before=store.read(counts.by_rule, week, since),
        channels=store.read(counts.by_channel, since, until),
        channels_before=store.read(counts.by_channel, week, since),
        stories=store.read(counts.largest_stories, since, until),
        low=store.read(counts.low_mentions, since, until),
        coverage=coverage,
        head=store.read(evidence.head).hex(),
        media_head=kept.hex() if (kept := store.read(media_chain.media_head)) != FIRST else None,
    )


def unusual_silence(store: Reader, now: datetime, length: timedelta) -> str | None:
    """Say that nothing came for `length` although posts usually come at this time of day; None: it is not so."""
    newest = store.read(counts.newest_post)
    if newest is None or now - newest < length:
        return None
    days = [
        store.read(counts.posts, now - length - timedelta(days=day), now - timedelta(days=day))
        for day in range(1, _DAYS_LOOKED_BACK + 1)
    ]
    usual = sum(days) / len(days)
    if usual < _FEWEST:
        return None
    minutes = round(length / timedelta(minutes=1))
    return (
        f"No post has come from any channel for {minutes:,} min, where usually {usual:,.0f} come in that time of day;"
        f" the newest is of {newest:%d %b %Y %H:%M} UTC. Look at monitor status."
    )
