"""The one path of every post, live or saved: match, language, story, policy, store.

Nothing here reads a clock: `now`, the time of storing, is handed in; stories go by when posts were published.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from monitor.alerts.policy import Policy
from monitor.alerts.stories import StoryIndex, story_key
from monitor.language.detect import detect
from monitor.language.fold import fold_form
from monitor.language.words import words
from monitor.models import Due, Findings, Post, StoryChoice
from monitor.rules.matcher import Matcher
from monitor.store.records import Cursor, Entry, Fresh
from monitor.store.store import Store

BATCH = 100  # posts in one transaction


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one post (revision) that was not stored before; `copy` where its story was told already."""

    post: Post
    revision: int
    language: str | None
    findings: Findings
    copy: bool


class Pipeline:
    """Takes posts of any source into the store, each once, with what the rules find in them."""

    def __init__(
        self,
        matcher: Matcher,
        store: Store,
        stories: StoryIndex,
        policy: Policy,
        origin: Literal["run", "replay"],
    ) -> None:
        self._matcher = matcher
        self._store = store
        self._stories = stories
        self._policy = policy
        self._origin = origin

    def ingest(
        self, posts: Sequence[Post], now: datetime, *, cursors: Sequence[Cursor] = (), backfill: bool = False
    ) -> list[Outcome]:
        """Store those of `posts` that are new or changed, and give them back.

        One transaction holds them, their alerts due and `cursors`, which say how far their channels are read now.
        `backfill` says that the posts are from before the channel was watched: they make no alerts of their own.
        """
        fresh = self._store.fresh(posts, now)
        entries = [self._entry(item, index, backfill) for index, item in enumerate(fresh)]
        try:
            recorded = self._store.record(entries, now, origin=self._origin, cursors=cursors)
        except BaseException:
            self._stories.drop_batch()
            raise
        for entry, row in zip(entries, recorded, strict=True):
            if entry.story is not None and row.story is not None and not _is_copy(entry):
                self._stories.learn(entry.story.key, row.story, entry.fresh.post.as_of)
        return [_outcome(entry) for entry in entries]

    def _entry(self, fresh: Fresh, index: int, backfill: bool) -> Entry:
        post = fresh.post
        text = post.text
        findings = self._matcher.find(
            text, channel=post.channel.name, media=frozenset(media.kind for media in post.media)
        )
        folded = fold_form(text)
        story, due = self._story(fresh, findings, folded, index) if findings.matches else (None, None)
        return Entry(fresh, detect(text, fresh.usual_language), findings, folded, story, None if backfill else due)

    def _story(self, fresh: Fresh, findings: Findings, folded: str, index: int) -> tuple[StoryChoice, Due | None]:
        seen = fresh.post.as_of
        key = story_key(
            (folded[start:end] for start, end in words(folded)),
            (match.rule for match in findings.matches),
            unique=f"{fresh.channel_key}/{fresh.post.id}",
        )
        story = self._stories.choose(key, seen, index)
        return story, self._policy.decide(findings, story, seen)


def _is_copy(entry: Entry) -> bool:
    return entry.story is not None and (entry.story.story is not None or entry.story.earlier is not None)


def _outcome(entry: Entry) -> Outcome:
    return Outcome(entry.fresh.post, entry.fresh.revision, entry.language, entry.findings, _is_copy(entry))
