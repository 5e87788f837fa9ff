"""Posts that say the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.models.levels import Level
from monitor.models.posts import Channel


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
