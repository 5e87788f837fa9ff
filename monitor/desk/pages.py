"""Long answers in pages. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.alerts.message import Lines, Rendered, one_line

PAGE_UNITS = 3000  # UTF-16 units of the items of one page; an item alone may be longer
PAGE_ITEMS = 10
_HEAD = 160  # characters


@dataclass(frozen=True, slots=True)
class Listing:
    """An answer of any length: a heading, items in order, and what is said where there are none."""

    head: str
    items: Sequence[Lines]
    empty: str = "Nothing."


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a listing, which of how many (from 0)."""

    rendered: Rendered
    number: int
    of: int


def page(listing: Listing, number: int) -> Page:
    """Return a page of a listing; beyond the last one, the last."""
    cuts = _cuts(listing.items)
    number = max(0, min(number, len(cuts) - 1))
    lines = Lines()
    lines.add(one_line(listing.head, _HEAD), "level")
    lines.line(f" · page {number + 1} of {len(cuts)}" if len(cuts) > 1 else ":")
    if not listing.items:
        lines.line(listing.empty)
    start, end = cuts[number]
    for item in listing.items[start:end]:
        lines.extend(item)
    return Page(lines.rendered(None), number, len(cuts))


def _cuts(items: Sequence[Lines]) -> list[tuple[int, int]]:
    """Cut the items where a page is full; there is always a page."""
    cuts, start, used = [], 0, 0
    for index, item in enumerate(items):
        if index > start and (used + item.units > PAGE_UNITS or index - start == PAGE_ITEMS):
            cuts.append((start, index))
            start, used = index, 0
        used += item.units
    return [*cuts, (start, len(items))]
