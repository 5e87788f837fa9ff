"""What is due to the analyst, what is told, and what is muted.

Every date is an aware datetime in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.models.findings import Findings
from monitor.models.levels import Level
from monitor.models.posts import Channel, Post
from monitor.models.stories import Appearance


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
