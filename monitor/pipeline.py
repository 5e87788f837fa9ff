"""The one path of every post, live or saved: match, language, story, policy, store.

Nothing here reads a clock: `now`, the time of storing, is handed in. A replay's own clock is that of its posts: what it
tells is due when they were published.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from monitor.alerts.budget import HOUR, Budget
from monitor.alerts.edits import change
from monitor.alerts.footers import REMEMBERED, Footers
from monitor.alerts.near_copies import Said
from monitor.alerts.policy import Case, Policy
from monitor.alerts.stories import WINDOW, StoryIndex
from monitor.alerts.tellings import Telling, telling
from monitor.language.detect import detect
from monitor.language.fold import fold_form
from monitor.models import Due, Findings, Kind, Level, Post, Silence, StoryChoice
from monitor.rules.matcher import Matcher
from monitor.store import alert_rows, silences
from monitor.store import telling as told
from monitor.store.records import Cursor, Entry, Fresh, Gone
from monitor.store.store import Store

BATCH = 100  # posts in one transaction
_SAID = 256  # stories whose contents are kept at hand
_EVER = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one post (revision) that was not stored before; `copy` where its story was told already."""

    post: Post
    revision: int
    language: str | None
    findings: Findings
    copy: bool


@dataclass(frozen=True, slots=True)
class _Told:
    """The alert of a post (the store's id, or its place in the batch) and the post's last revision."""

    alert: int | None
    index: int | None
    story: StoryChoice
    level: Level
    told_alone: bool  # not folded into another
    text: str
    findings: Findings


@dataclass(slots=True)
class _Batch:
    """What the decisions about one batch go by."""

    now: datetime
    backfill: bool
    budget: Budget
    silences: Sequence[Silence]
    told: dict[tuple[int, int], _Told]


class Pipeline:
    """Takes posts of any source into the store, each once, with what the rules find in them."""

    def __init__(
        self,
        matcher: Matcher,
        store: Store,
        stories: StoryIndex,
        policy: Policy,
        origin: Literal["run", "replay"],
        languages: Mapping[str, str] | None = None,
    ) -> None:
        """`languages` are the usual ones of channels (by user name in small letters) until posts tell them."""
        self._matcher = matcher
        self._store = store
        self._stories = stories
        self._policy = policy
        self._languages = languages or {}
        self._origin = origin
        self._footers = Footers()
        self._budget: Budget | None = None
        self._said: OrderedDict[int, Said] = OrderedDict()

    def ingest(
        self, posts: Sequence[Post], now: datetime, *, cursors: Sequence[Cursor] = (), backfill: bool = False
    ) -> list[Outcome]:
        """Store those of `posts` that are new or changed, and give them back.

        One transaction holds them, their alerts due and `cursors`, which say how far their channels are read now.
        `backfill` says that the posts are from before the channel was watched: they make no alerts of their own.
        """
        fresh = self._store.fresh(posts, now)
        batch = self._begin(now, backfill)
        entries: list[Entry] = []
        try:
            for index, item in enumerate(fresh):
                entries.append(self._entry(item, index, batch))
            recorded = self._store.record(entries, now, origin=self._origin, cursors=cursors)
        except BaseException:
            self._stories.drop_batch()
            raise
        self._stories.stored(
            {index: row.story for index, row in enumerate(recorded) if row.story is not None and _opens(entries[index])}
        )
        self._budget = batch.budget
        for entry in entries:
            if entry.story is not None and entry.story.telling and entry.story.story is not None:
                self._said.pop(entry.story.story, None)
        return [_outcome(entry) for entry in entries]

    def delete(self, channel_key: int, post_ids: Sequence[int], now: datetime) -> int:
        """Note that posts of a channel (the store's key) are gone, with the replies due to their alerts, in one
        transaction; return how many were not noted before."""
        batch = self._begin(now, backfill=False)
        gone = []
        for post_id in post_ids:
            there = self._store.read(told.told_post, channel_key, post_id)
            if there is None or there.state not in ("due", "delivered") or there.deleted:
                continue
            case = Case(there.latest.findings, channel_key, None, there.latest.text, now)
            due = self._policy.follow_up(case, Kind.DELETION, there.level, now, batch.budget, batch.silences)
            if due is not None:
                gone.append(Gone(there.latest.row, there.story, replace(due, reply_to=there.alert)))
        noted = self._store.write(alert_rows.note_gone, channel_key, post_ids, gone, now, self._origin)
        self._budget = batch.budget
        return noted

    def _begin(self, now: datetime, backfill: bool) -> _Batch:
        if self._budget is None:
            since = now - HOUR
            self._budget = Budget(self._policy.per_hour, self._store.read(told.told_since, since, self._origin))
        active = self._store.read(silences.silences, now) if self._origin == "run" else ()
        return _Batch(now, backfill, self._budget.copy(), active, {})

    def _entry(self, fresh: Fresh, index: int, batch: _Batch) -> Entry:
        post = fresh.post
        text = post.text
        findings = self._matcher.find(
            text, channel=post.channel.name, media=frozenset(media.kind for media in post.media)
        )
        folded = fold_form(text)
        self._learn_footers(fresh.channel_key)
        story, due, edit_at = self._decide(fresh, findings, index, batch)
        if fresh.revision == 1:
            self._footers.learn(fresh.channel_key, folded)
        usual = fresh.usual_language or self._languages.get((post.channel.name or "").lower())
        return Entry(fresh, detect(text, usual), findings, folded, story, due, edit_at)

    def _learn_footers(self, channel: int) -> None:
        if self._footers.knows(channel):
            return
        self._footers.start(channel)
        for folded in self._store.read(told.recent_folded, channel, REMEMBERED):
            self._footers.learn(channel, folded)

    def _decide(
        self, fresh: Fresh, findings: Findings, index: int, batch: _Batch
    ) -> tuple[StoryChoice | None, Due | None, datetime | None]:
        """Choose the story of a post, what is due for it, and when the alert of its story is to be edited."""
        now = batch.now if self._origin == "run" else fresh.post.as_of
        before = self._told(fresh, batch) if fresh.revision > 1 else None
        if before is not None and (before.told_alone or not _new_rules(before.findings, findings)):
            return self._follow_up(fresh, findings, before, index, batch, now)
        if not findings.matches:
            return None, None, None
        post = self._telling(fresh.channel_key, fresh.post.id, fresh.post.text, findings)
        story = self._stories.choose(post, fresh.post.as_of, index, self._contents, self._forwarded(fresh.post))
        due = self._policy.decide(
            self._case(fresh, findings, batch, story.told, copy=not story.is_new), now, batch.budget, batch.silences
        )
        if due is not None:
            self._tell(fresh, story, due, findings, index, batch)
        further = due is None and not story.is_new and fresh.revision == 1
        edit_at = self._policy.edit_at(now, story.copies) if further else None
        return story, due, edit_at

    def _follow_up(
        self, fresh: Fresh, findings: Findings, before: _Told, index: int, batch: _Batch, now: datetime
    ) -> tuple[StoryChoice, Due | None, datetime | None]:
        """Decide on an edit of a post that was told: whether a reply is due; its text is then the story's, too."""
        text = fresh.post.text
        found = findings if findings.matches else before.findings
        post = self._telling(fresh.channel_key, fresh.post.id, text, found)
        story = replace(before.story, key=post.key, sketch=post.sketch, telling=True)
        self._stories.retell(story, post, fresh.post.as_of)
        due = None
        if before.told_alone:
            raised = _new_rules(before.findings, findings)
            if raised or change(before.text, text, before.findings, findings).telling:
                case = self._case(fresh, found, batch, None, copy=True)
                kind = Kind.RAISE if raised else Kind.EDIT
                due = self._policy.follow_up(case, kind, before.level, now, batch.budget, batch.silences)
        if due is not None:
            due = replace(due, reply_to=before.alert, reply_earlier=before.index)
        level = before.level if due is None else due.level
        self._stories.tell(story, index, level)
        batch.told[fresh.channel_key, fresh.post.id] = replace(before, text=text, findings=findings, level=level)
        return story, due, None

    def _told(self, fresh: Fresh, batch: _Batch) -> _Told | None:
        """Return the alert of an edited post and the post before the edit; None: no alert told of it."""
        key = (fresh.channel_key, fresh.post.id)
        if key in batch.told:
            return batch.told[key]
        there = self._store.read(told.told_post, *key)
        if there is None or there.state == "silenced":
            return None
        story = StoryChoice(b"", there.story)
        latest = there.latest
        return _Told(there.alert, None, story, there.level, there.state != "folded", latest.text, latest.findings)

    def _tell(self, fresh: Fresh, story: StoryChoice, due: Due, findings: Findings, index: int, batch: _Batch) -> None:
        if due.silenced:
            return
        self._stories.tell(story, index, due.level)
        place = StoryChoice(b"", story.story, index if story.is_new else story.earlier)
        batch.told[fresh.channel_key, fresh.post.id] = _Told(
            None, index, place, due.level, due.fold is None, fresh.post.text, findings
        )

    def _case(self, fresh: Fresh, findings: Findings, batch: _Batch, level: Level | None, *, copy: bool) -> Case:
        return Case(
            findings=findings,
            channel=fresh.channel_key,
            channel_name=fresh.post.channel.name,
            text=fresh.post.text,
            published=fresh.post.as_of,
            backfill=batch.backfill,
            copy=copy,
            told=level,
        )

    def _telling(self, channel: int, post_id: int, text: str, findings: Findings) -> Telling:
        return telling(text, findings, channel, self._footers, unique=f"{channel}/{post_id}")

    def _forwarded(self, post: Post) -> int | None:
        """Return the stored story of the post that this one forwards."""
        origin = post.forward
        if origin is None or origin.channel_id is None or origin.post_id is None:
            return None
        return self._store.read(told.story_of, origin.channel_id, origin.post_id)

    def _contents(self, story: int) -> Said:
        """Return what a stored story has said; the last ones asked for are kept at hand."""
        said = self._said.get(story)
        if said is None:
            texts = self._store.read(told.texts_of, story)
            for text in texts:
                self._learn_footers(text.channel_key)
            said = Said.of(self._telling(one.channel_key, one.post_id, one.text, one.findings) for one in texts)
            self._said[story] = said
            if len(self._said) > _SAID:
                self._said.popitem(last=False)
        self._said.move_to_end(story)
        return said


def stored_stories(store: Store, *, since: datetime = _EVER, window: timedelta = WINDOW) -> StoryIndex:
    """Return the index of the stories in the store with texts published at `since` or later."""
    index = StoryIndex(window)
    for text in store.read(told.story_texts, since):
        index.learn(text.key, text.story, text.at, text.sketch, text.told)
    return index


def _new_rules(earlier: Findings, findings: Findings) -> bool:
    return not {match.rule for match in findings.matches} <= {match.rule for match in earlier.matches}


def _opens(entry: Entry) -> bool:
    return entry.story is not None and entry.story.is_new


def _outcome(entry: Entry) -> Outcome:
    copy = entry.story is not None and not entry.story.is_new and entry.due is None
    return Outcome(entry.fresh.post, entry.fresh.revision, entry.language, entry.findings, copy)
