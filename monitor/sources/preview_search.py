"""Finding the newest post from before a moment by looking at few pages. Pure.

A page holds the newest posts below an id. Ids and dates rise together, so each page halves what is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

Seen = tuple[int, datetime]
_PAGE = 20  # posts on a page, about


@dataclass(frozen=True, slots=True)
class Search:
    """What is known: all posts up to the id `low` are from before the moment, those from `high` on are not.

    `answer` is there once the search is over: the id after which reading begins. `pages` counts those looked at.
    """

    moment: datetime
    high: int | None = None
    low: int = 0
    pages: int = 0
    answer: int | None = None

    @property
    def before(self) -> int | None:
        """The id below which the next page is wanted; None: the newest page."""
        if self.high is None or self.high - self.low <= _PAGE:
            return self.high
        return max((self.high + self.low) // 2, self.low + 2)

    def after_page(self, posts: Sequence[Seen], *, older: bool) -> Search:
        """Take in the page that was wanted: ids and dates of its posts, and whether there are older ones."""
        asked = self.before
        seen = sorted(one for one in posts if asked is None or one[0] < asked)
        earlier = [id_ for id_, date in seen if date < self.moment]
        later = [id_ for id_, date in seen if date >= self.moment]
        known = replace(self, pages=self.pages + 1)
        if later and (earlier or not older):
            return replace(known, answer=earlier[-1] if earlier else 0)
        if later:
            return replace(known, high=later[0])
        if asked == self.high:
            return replace(known, answer=earlier[-1] if earlier else self.low)
        # Nothing stands between the page's last post and the id that was asked for.
        assert asked is not None
        return replace(known, low=asked - 1)
