"""What a source of live posts is: one account, or none, that reads public channels request by request.

The caller paces: **each method sends exactly one request to the far side**, so that a budget of requests can be kept by
whoever calls. Nothing here waits, retries or remembers a limit; a limit comes as `Wait`, with the method it concerns.
Errors are those of `monitor.sources.source`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from monitor.models import Channel, Post, Rejected, Skipped


class Action(StrEnum):
    """The kinds of requests; each has its own limits at the far side."""

    RESOLVE = "resolve"
    LOOK = "look"
    HEADS = "heads"
    AT = "at"
    HISTORY = "history"
    REVISIT = "revisit"
    MEMBERSHIP = "membership"
    FILE = "file"


class NotPublic(Exception):  # noqa: N818  it is an answer, not a fault of ours
    """The name leads to no public channel but to nobody, a user, a group or an invite; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Address:
    """A channel as this account reaches it; `access` is Telegram's access hash for it, None where none is needed."""

    channel: Channel
    access: int | None = None


class Standing(StrEnum):
    """What a channel is to us now."""

    OPEN = "open"
    PRIVATE = "private"  # no longer public, or we were banned from it
    DELETED = "deleted"
    RESTRICTED = "restricted"  # Telegram withholds its posts from us


@dataclass(frozen=True, slots=True)
class Look:
    """What a channel says of itself: its address (name and title of now), standing, newest id and members."""

    address: Address
    standing: Standing = Standing.OPEN
    last: int | None = None
    members: int | None = None
    joined: bool = False
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One request's worth of history, oldest first.

    `up_to`: every post up to this id that the channel has now is in this page or was before it, so the cursor may move
    here once the page is stored. An album is never cut: one that could go on in the next page is left to that.
    `served` are all ids that the far side gave at or below `up_to` (service messages and all parts of albums too), by
    which gaps are seen. `more` says that there is something above `up_to`.
    """

    posts: tuple[Post, ...]
    skipped: tuple[Skipped, ...]
    rejected: tuple[Unparsed, ...]
    served: tuple[int, ...]
    up_to: int
    more: bool


@dataclass(frozen=True, slots=True)
class Unparsed:
    """One record that could not be read as a post: its id, its raw bytes to keep, and why."""

    id: int
    raw: bytes
    rejected: Rejected


@dataclass(frozen=True, slots=True)
class Revisit:
    """Posts read again by id, as they are now, and the ids that the far side did not give (deleted or never there).

    `unread` are ids of which this request could tell nothing, because one of them cannot be read: ask again for each
    half of them.
    """

    posts: tuple[Post, ...]
    missing: tuple[int, ...]
    skipped: tuple[int, ...] = ()
    rejected: tuple[Unparsed, ...] = ()
    unread: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Hint:
    """Something happened in a channel (a post, an edit, a deletion): read it soon. The cursor decides what is new.

    `changed` are posts that were edited or deleted, as far as the far side says: revisit them soon.
    """

    channel_id: int
    at: datetime
    changed: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Remote:
    """A file of a post at the far side: what it is, in which part of the post, and what its bytes are asked for by.

    `reference` expires; `part` is Telegram's letter of a photo's size, empty for other files.
    """

    message: int
    kind: str
    mime: str | None
    size: int | None
    file: int
    access: int
    reference: bytes
    dc: int
    part: str = ""


class Stale(Exception):  # noqa: N818  it is an answer, not a fault of ours
    """What a file was asked for by does not hold any more: look its post up again."""


class MediaSource(Protocol):
    """A LiveSource that can also fetch the files of posts; each method but `remotes` sends one request.

    (`piece` may have to reach another data centre first: `errands` says how many requests that takes.)
    """

    piece_size: int  # bytes that one request gives at most

    def remotes(self, raw: bytes) -> tuple[Remote | None, ...]:
        """Return the files of a post by its raw record, in the order of its media; None for what is no file."""
        ...

    def errands(self, remote: Remote) -> int:
        """Return how many requests more than one the next piece of this file takes."""
        ...

    async def piece(self, remote: Remote, offset: int) -> bytes:
        """Return the bytes from `offset` on, fewer than `piece_size` only at the end. Stale: look it up again."""
        ...

    async def look_up(self, address: Address, message: int) -> Remote | None:
        """Return the file that this part of a post carries now; None: there is none, or no such post."""
        ...


class LiveSource(Protocol):
    """Reads public channels; see the module's docstring for who paces and who retries."""

    name: str  # telegram or preview; cursors are kept by it
    account: str  # whose access hashes these are: one account's mean nothing to another; known once it is open
    heads_batch: int  # channels in one `heads` request; 0 where the source has no such request
    revisit_batch: int  # ids in one `revisit` request; 0 where posts cannot be read by id
    join_limit: int  # channels that the account may join; 0 where nothing can be joined
    blind_spots: tuple[str, ...]  # sentences for the analyst: what this source cannot see

    async def open(self) -> None:
        """Connect, and learn whose account this is; called again after a failure. AccessLost, Unreachable, Wait."""
        ...

    async def close(self) -> None:
        """Disconnect; never raises, and may be called at any time."""
        ...

    async def resolve(self, name: str) -> Address:
        """Find the channel behind a user name. NotPublic: nobody, a user, a group, a private link."""
        ...

    async def look(self, address: Address) -> Look:
        """Ask what a channel says of itself, by id and access hash, never by name. Never raises ChannelGone."""
        ...

    async def heads(self, addresses: Sequence[Address]) -> Mapping[int, int]:
        """Return the newest id by channel id of those that the far side answers for.

        Unreadable: not served here. ChannelGone: one of them cannot be read, and nobody says which.
        """
        ...

    async def history(self, address: Address, after: int, *, limit: int = 100) -> Page:
        """Return the oldest posts with ids above `after`. ChannelGone: it cannot be read any more."""
        ...

    async def at(self, address: Address, moment: datetime) -> int:
        """Return the newest id published before `moment`, 0 where there is none: a backfill starts after it."""
        ...

    async def revisit(self, address: Address, ids: Sequence[int]) -> Revisit:
        """Read posts again by their ids (at most `revisit_batch`), all ids of an album in the same request."""
        ...

    async def join(self, address: Address) -> None:
        """Join a channel, so that the far side pushes its posts."""
        ...

    async def leave(self, address: Address) -> None:
        """Leave a channel."""
        ...

    def hints(self) -> AsyncIterator[Hint]:
        """Give what the far side pushes, while the connection stands; silence proves nothing."""
        ...
