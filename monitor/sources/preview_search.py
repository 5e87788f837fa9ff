"""Finding the newest post from before a moment by looking at few pages. Pure.

A page holds the newest posts below an id. Ids and dates rise together, so each page halves what is left, or better:
every other step guesses the place from the dates seen.
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

    `answer` is there once the search is over: the id after which reading begins.
    """

    moment: datetime
    high: Seen | None = None
    low: int = 0
    low_date: datetime | None = None
    steps: int = 0
    answer: int | None = None

    @property
    def before(self) -> int | None:
        """The id below which the next page is wanted; None: the newest page."""
        if self.high is None:
            return None
        top, top_date = self.high
        if top - self.low <= _PAGE:
            return top
        place = (top + self.low) // 2
        if self.low_date is not None and self.steps % 2:
            span = (top_date - self.low_date).total_seconds()
            share = (self.moment - self.low_date).total_seconds() / span if span > 0 else 0.5
            place = self.low + int((top - self.low) * share) + _PAGE // 2
        return min(max(place, self.low + 2), top)

    def after_page(self, posts: Sequence[Seen], *, older: bool) -> Search:
        """Take in the page that was wanted: ids and dates of its posts, and whether there are older ones."""
        asked = self.before
        seen = sorted(one for one in posts if asked is None or one[0] < asked)
        earlier = [one for one in seen if one[1] < self.moment]
        later = [one for one in seen if one[1] >= self.moment]
        known = replace(self, steps=self.steps + 1)
        if later and (earlier or not older):
            return replace(known, answer=earlier[-1][0] if earlier else 0)
        if later:
            return replace(known, high=later[0])
        if asked is None or (self.high is not None and asked >= self.high[0]):
            return replace(known, answer=earlier[-1][0] if earlier else self.low)
        # Nothing stands between the page's last post and the id that was asked for.
        return replace(known, low=asked - 1, low_date=earlier[-1][1] if earlier else self.low_date)
