"""The values that all parts hand to each other: frozen, without I/O.

Every date is an aware datetime in UTC. Every span is `(start, end)` in code points of the published text, end
exclusive.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

Span = tuple[int, int]


class Level(StrEnum):
    """How loudly an alert is told; members are ordered by `rank`."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"

    @property
    def rank(self) -> int:
        """0 for low, 1 for medium, 2 for high."""
        return ("low", "medium", "high").index(self.value)


def highest(levels: Iterable[Level]) -> Level:
    """Return the loudest of at least one level."""
    return max(levels, key=lambda level: level.rank)


@dataclass(frozen=True, slots=True)
class Channel:
    """A public channel: its bare numeric id where the source knows it, its user name without @, its title.

    `guessed` says that the name is only a file's: a name that the store knows goes before it, and no link is made of
    it.
    """

    id: int | None
    name: str | None
    title: str | None = None
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class Media:
    """What a post carries beside text; `kind` is one of photo, video, round, voice, audio, animation, sticker,
    document, poll, location, contact, other; `size` is in bytes, `duration` in seconds."""

    kind: str
    size: int | None = None
    duration: int | None = None
    mime: str | None = None
    file_name: str | None = None


@dataclass(frozen=True, slots=True)
class Forward:
    """Where a forwarded post comes from, as far as the source says."""

    name: str | None = None
    channel_id: int | None = None
    post_id: int | None = None
    date: datetime | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """One revision of a post as a source gives it.

    `body` is the published text or caption; `attached` are further texts that are shown with it and matched too (a
    poll's question and answers, a link preview's title), in that order. `raw` is the source's own record of the post,
    byte for byte. `ids` are all Telegram ids of an album (else just `id`); `id` is the first of them. `source` says
    where it was read, e.g. `vvgladkov.json:12`. `restricted` says where and why Telegram withholds it, `noforwards`
    that its channel forbids to copy it.
    """

    channel: Channel
    id: int
    date: datetime
    body: str
    raw: bytes
    attached: tuple[str, ...] = ()
    edited: datetime | None = None
    media: tuple[Media, ...] = ()
    forward: Forward | None = None
    reply_to: int | None = None
    views: int | None = None
    album: int | None = None
    ids: tuple[int, ...] = ()
    url: str | None = None
    source: str = ""
    restricted: str | None = None
    noforwards: bool = False

    @property
    def as_of(self) -> datetime:
        """When this revision was published: the time of the last edit, else of the post."""
        return self.edited or self.date

    @property
    def text(self) -> str:
        """Everything in the post that is matched: body and attached texts, an empty line between them."""
        return "\n\n".join(part for part in (self.body, *self.attached) if part)


@dataclass(frozen=True, slots=True)
class Rejected:
    """One piece of input that could not be used: where (`file`, `line` or record number counted from 1) and why."""

    file: str
    line: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """One record that is sound but is no post (a service message, say); `reason` is a short constant phrase."""

    file: str
    reason: str


EntityKind = Literal["person", "organisation", "place"]


@dataclass(frozen=True, slots=True)
class Mention:
    """A span of the published text that is a form of an entity or of a rule's term.

    Of an entity: `entity` is its id and `rule`, `term` are None; of a term: `rule` and `term` name it. `form` is the
    form found (folded), `lemma` the dictionary form in the rule file, `via` how one led to the other (for `explain`).
    """

    start: int
    end: int
    form: str
    lemma: str
    via: str
    entity: str | None = None
    rule: str | None = None
    term: str | None = None

    @property
    def span(self) -> Span:
        """Start and end, end exclusive."""
        return (self.start, self.end)


@dataclass(frozen=True, slots=True)
class Match:
    """A rule that fired on a post, at the level it has there, with the mentions that made its condition true."""

    rule: str
    title: str
    level: Level
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class EntityMention:
    """An entity with all its mentions in one post."""

    id: str
    kind: EntityKind
    name: str
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """All that the rules find in one post, matches in the order of the rules, entities by first mention."""

    matches: tuple[Match, ...]
    entities: tuple[EntityMention, ...]

    def __bool__(self) -> bool:
        return bool(self.matches or self.entities)

    @property
    def spans(self) -> list[Span]:
        """The spans of all mentions, in order, each once."""
        spans = {mention.span for match in self.matches for mention in match.mentions}
        return sorted(spans.union(mention.span for entity in self.entities for mention in entity.mentions))

    @property
    def level(self) -> Level | None:
        """The loudest level of the matches; None where no rule fired."""
        return highest(match.level for match in self.matches) if self.matches else None


@dataclass(frozen=True, slots=True)
class Appearance:
    """One place where a story stands: a channel, a post of it, when, and whether it came there as a forward."""

    channel: Channel
    post_id: int
    date: datetime
    url: str | None
    forwarded: bool = False


@dataclass(frozen=True, slots=True)
class StoryChoice:
    """To which story a post with matches belongs: an earlier one (`story`, the store's id) or a new one (None).

    `earlier` is an index into the same batch where the story was opened by a post that is not stored yet. `key` and
    `sketch` are what later copies of the text are recognised by. `near` (or `near_earlier`, an index) is the story
    that the post nearly repeats, and `news` what it adds to it, in words for the analyst. `told` is the loudest level
    at which the story was told already, `copies` how many posts joined it before this one. `telling` says that the
    text becomes one of those by which the story is known.
    """

    key: bytes
    story: int | None = None
    earlier: int | None = None
    sketch: tuple[int, ...] = ()
    near: int | None = None
    near_earlier: int | None = None
    news: tuple[str, ...] = ()
    told: Level | None = None
    copies: int = 0
    telling: bool = False

    @property
    def is_new(self) -> bool:
        """Whether the post opens the story."""
        return self.story is None and self.earlier is None


class Kind(StrEnum):
    """What an alert is about: a post; a change of a post told before, to which it is a reply; or other alerts, for
    which it stands (low ones of some minutes, those above the hour's cap, those of old posts)."""

    POST = "post"
    EDIT = "edit"
    RAISE = "raise"
    DELETION = "deletion"
    BUNDLE = "bundle"
    SUMMARY = "summary"
    BACKLOG = "backlog"


@dataclass(frozen=True, slots=True)
class Fold:
    """Into what an alert is folded instead of being told by itself: the one of this kind (and `ring`) that is open,
    else a new one, due `at` and open for more until `until`. One that was delivered is brought up to date at `edit`."""

    kind: Kind
    at: datetime
    until: datetime
    edit: datetime
    ring: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """The decision to tell: at which level, whether it may ring, and from when on.

    A `fold` says in which other alert; `silenced` that it is kept but not told. `reply_to` (the store's id) or
    `reply_earlier` (an index into the same batch) is the alert that an edit, raise or deletion follows up.
    """

    level: Level
    ring: bool
    at: datetime
    kind: Kind = Kind.POST
    fold: Fold | None = None
    silenced: bool = False
    reply_to: int | None = None
    reply_earlier: int | None = None


@dataclass(frozen=True, slots=True)
class Silence:
    """Mutes, from `made` until `until`, each match for which all of the conditions that are given hold.

    `channel` is the store's id of a channel; `text` are folded words that must stand in the post side by side.
    """

    made: datetime
    until: datetime
    rule: str | None = None
    entity: str | None = None
    channel: int | None = None
    text: str | None = None
    by: str = ""
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Alert:
    """What the analyst is told about a story: the post that opened it, what was found, and where else it stands.

    `revision` is 1 for the post as first seen. `also_in` are later copies, oldest first. `of_story` names the earlier
    alert whose text this one nearly repeats with something new in it, and `news` is that (another village, another
    number). `silenced` alerts are kept and not told. `deleted` is when the deletion of the post was noticed.
    """

    id: int | None
    post: Post
    revision: int
    language: str | None
    findings: Findings
    level: Level
    also_in: tuple[Appearance, ...] = ()
    of_story: int | None = None
    news: tuple[str, ...] = ()
    kind: Kind = Kind.POST
    silenced: bool = False
    deleted: datetime | None = None

    @property
    def at(self) -> datetime:
        """When what it tells was published."""
        return self.post.as_of


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A reply to an alert: its post was edited (EDIT), a further rule fires on it (RAISE) or it is gone (DELETION).

    `alert` is the one replied to, `before` and `after` the post before and after the change (the same for a deletion),
    `findings` those of after, `earlier` those of before; `noticed` is when the change was seen here.
    """

    id: int | None
    kind: Kind
    alert: Alert
    before: Post
    after: Post
    revision: int
    earlier: Findings
    findings: Findings
    level: Level
    noticed: datetime

    @property
    def at(self) -> datetime:
        """When the change was made, as far as that is known."""
        return self.noticed if self.kind is Kind.DELETION else self.after.as_of


@dataclass(frozen=True, slots=True)
class Bundle:
    """An alert that stands for others: how many of each level, rule title and channel, and the first of them.

    `members` are the loudest and, of these, the oldest; `total` counts all. `opened` is when the first was folded in,
    `until` when the last may be.
    """

    id: int | None
    kind: Kind
    level: Level
    opened: datetime
    until: datetime
    members: tuple[Alert, ...]
    total: int
    levels: tuple[tuple[Level, int], ...]
    rules: tuple[tuple[str, int], ...]
    channels: tuple[tuple[Channel, int], ...]

    @property
    def at(self) -> datetime:
        """When the first was folded in."""
        return self.opened

    @property
    def only(self) -> Alert | None:
        """The member that is told as itself, since a bundle of low alerts has no other; None: there are several."""
        return self.members[0] if self.kind is Kind.BUNDLE and self.total == 1 and self.members else None


AnyAlert = Alert | FollowUp | Bundle


@dataclass(frozen=True, slots=True)
class Note:
    """What the analyst is told about the monitor itself: a channel that is gone, an account that was lost, a digest.

    `id` is the store's, `kind` a short constant, `at` when it was noticed; `picture` is a PNG that goes with it.
    """

    id: int
    kind: str
    level: Level
    text: str
    at: datetime
    picture: bytes | None = None


Message = AnyAlert | Note
