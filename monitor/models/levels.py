"""How loudly something is told."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


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
