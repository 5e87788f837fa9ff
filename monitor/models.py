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

    `key` is the digest of the text by which later copies are recognised; `earlier` is an index into the same batch
    where the story was opened by a post that is not stored yet.
    """

    key: bytes
    story: int | None = None
    earlier: int | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """The decision to tell: at which level, whether it may ring, and from when on."""

    level: Level
    ring: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Alert:
    """What the analyst is told about a story: the post that opened it, what was found, and where else it stands.

    `revision` is 1 for the post as first seen. `also_in` are later copies, oldest first. `of_story` names the earlier
    alert whose text this one nearly repeats with something new in it (another village, another number).
    """

    id: int | None
    post: Post
    revision: int
    language: str | None
    findings: Findings
    level: Level
    also_in: tuple[Appearance, ...] = ()
    of_story: int | None = None
