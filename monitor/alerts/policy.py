"""Whether, when and how loudly an analyst is told of a match. Pure: the time is handed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.models import Due, Findings, Level, StoryChoice


@dataclass(frozen=True, slots=True)
class Policy:
    """What the desk wants to be told: matches from `lowest` level on."""

    lowest: Level = Level.LOW

    def decide(self, findings: Findings, story: StoryChoice, now: datetime) -> Due | None:
        """Return the alert that is due for a post with matches; None for a copy and for a level below the lowest."""
        level = findings.level
        if level is None or level.rank < self.lowest.rank:
            return None
        if story.story is not None or story.earlier is not None:
            return None
        return Due(level, ring=level is Level.HIGH, at=now)
