"""The values that the store takes and gives, beside those of `monitor.models`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.models import Channel, Due, Findings, Level, Post, Span, StoryChoice


class StoreError(Exception):
    """The database cannot be used; the text is one sentence that says what, where and what to do."""


class ForeignValue(StoreError):  # noqa: N818  it is what was found
    """A stored value is none that this program writes: the database was changed by other means, or is damaged."""

    def __init__(self) -> None:
        super().__init__(
            "a record holds a value that monitor does not write, so the database was changed or is damaged;"
            " `monitor verify` names the first such record, `monitor restore` puts a backup back"
        )


class DiskFull(StoreError):  # noqa: N818  it is a state
    """There is no room on the disk; nothing of this step was stored, and it works again when there is."""


@dataclass(frozen=True, slots=True)
class Fresh:
    """A post (or a new revision of one) that is not stored yet.

    `post` has its channel's name and title and its link completed from the store; `channel_key` is the store's id of
    the channel (Telegram's id, or a negative one of the store's own for a channel that came with a name alone);
    `usual_language` is the language of most of the channel's stored posts; `given` is the channel as its source has it.
    """

    post: Post
    channel_key: int
    revision: int
    usual_language: str | None
    given: Channel


@dataclass(frozen=True, slots=True)
class Entry:
    """All that is to be stored of one fresh post; `folded` is its text folded, for the search.

    `edit_at` is when the alert of its story is to be edited, because the post is a further copy of it.
    """

    fresh: Fresh
    language: str | None
    findings: Findings
    folded: str
    story: StoryChoice | None
    due: Due | None
    edit_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NameMoved:
    """A user name that led to one channel and now leads to another: perhaps an impersonator.

    `channel` and `before` are Telegram's ids; the channels are never merged.
    """

    name: str
    channel: int
    before: int


@dataclass(frozen=True, slots=True)
class Recorded:
    """What an entry became: rows of the post and of the revision, the story, the alert that is due, and a notice."""

    post: int
    revision: int
    story: int | None
    alert: int | None
    notice: NameMoved | None = None


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far `channel` was read from `source` ("telegram", "preview"): all posts up to the id `last` are stored."""

    channel: Channel
    source: str
    last: int


@dataclass(frozen=True, slots=True)
class StoryText:
    """One text by which a story is recognised: its key and sketch, when it was published, and the loudest level at
    which the story was told (None: it was not)."""

    story: int
    key: bytes
    sketch: tuple[int, ...]
    at: datetime
    told: Level | None


@dataclass(frozen=True, slots=True)
class StoredText:
    """One revision as the comparing of stories needs it: its channel's key, text, and what was found in it."""

    row: int
    channel_key: int
    post_id: int
    text: str
    findings: Findings


@dataclass(frozen=True, slots=True)
class ToldPost:
    """The alert that told of a post itself (not of another one that it copies), its last stored revision, and whether
    it is deleted."""

    alert: int
    story: int
    level: Level
    state: str
    latest: StoredText
    deleted: bool


@dataclass(frozen=True, slots=True)
class Gone:
    """The deletion of a told post: the row of its last revision, its story, and the reply that is due, if one is."""

    revision: int
    story: int
    due: Due


@dataclass(frozen=True, slots=True)
class Delivery:
    """One sending of an alert by a notifier, or one edit of what it sent; `message` is the notifier's own id of it."""

    at: datetime
    notifier: str
    outcome: str
    message: str | None


@dataclass(frozen=True, slots=True)
class Found:
    """One post that a search found, in the newest of its revisions that has the words.

    `current` is false where a later edit took the words away. `spans` are the found words in the *folded* text:
    `fold(post.text).span(start, end)` gives their place in the published one.
    """

    post: Post
    revision: int
    current: bool
    language: str | None
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Revision:
    """One stored revision: the post as it was, when it was first seen here, and its place in the chain of records."""

    row: int
    number: int
    post: Post
    language: str | None
    first_seen: datetime
    findings: Findings
    raw_sha256: bytes
    record_hash: bytes


@dataclass(frozen=True, slots=True)
class Name:
    """A user name of a channel, and the dates of the first and last posts that came under it."""

    name: str
    guessed: bool
    first_seen: datetime
    last_seen: datetime


@dataclass(frozen=True, slots=True)
class StoredChannel:
    """A channel with all its names, its posts in number, the dates of the first and last, and its usual language."""

    key: int
    channel: Channel
    names: tuple[Name, ...]
    posts: int
    first: datetime | None
    last: datetime | None
    usual_language: str | None


@dataclass(frozen=True, slots=True)
class Summary:
    """How much the store holds."""

    channels: int
    posts: int
    revisions: int
    stories: int
    alerts: dict[Level, int]
    due: int


@dataclass(frozen=True, slots=True)
class Broken:
    """The first record of the chain that does not fit: its row, its place, and what is wrong with it."""

    row: int
    channel_key: int
    post_id: int
    revision: int
    reason: str


@dataclass(frozen=True, slots=True)
class Examined:
    """What proving the chain showed: the records that fit, how many are purged, the last hash, what is broken.

    `head_found` tells whether a head that was written down earlier is the hash of one of them; None: none was given.
    """

    records: int
    purged: int
    head: bytes
    broken: Broken | None
    head_found: bool | None
