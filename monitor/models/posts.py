"""Channels, and their posts as sources give them.

Every date is an aware datetime in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


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
