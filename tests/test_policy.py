"""Which matches become alerts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.alerts.policy import Policy
from monitor.models import Due, Findings, Level, Match, StoryChoice

NOON = datetime(2023, 6, 4, 12, tzinfo=UTC)
NEW = StoryChoice(b"k")


def _findings(*levels: Level) -> Findings:
    return Findings(tuple(Match(f"r{number}", "R", level, ()) for number, level in enumerate(levels)), ())


@pytest.mark.parametrize(
    ("levels", "lowest", "story", "expected"),
    [
        ((Level.LOW,), Level.LOW, NEW, Due(Level.LOW, False, NOON)),
        ((Level.LOW, Level.MEDIUM), Level.LOW, NEW, Due(Level.MEDIUM, False, NOON)),
        ((Level.HIGH, Level.LOW), Level.LOW, NEW, Due(Level.HIGH, True, NOON)),
        ((Level.LOW,), Level.MEDIUM, NEW, None),
        ((Level.HIGH,), Level.HIGH, NEW, Due(Level.HIGH, True, NOON)),
        ((), Level.LOW, NEW, None),
        ((Level.HIGH,), Level.LOW, StoryChoice(b"k", 4), None),
        ((Level.HIGH,), Level.LOW, StoryChoice(b"k", None, 0), None),
    ],
)
def test_decide(levels: tuple[Level, ...], lowest: Level, story: StoryChoice, expected: Due | None) -> None:
    assert Policy(lowest).decide(_findings(*levels), story, NOON) == expected
