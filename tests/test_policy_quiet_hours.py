"""Quiet hours by the clock on the wall."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from monitor.alerts.quiet_hours import QuietHours

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def utc(day: int, hour: int, minute: int = 0, *, month: int = 6) -> datetime:
    """A time in 2023."""
    return datetime(2023, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "now", "ends"),
    [
        ("23:00-07:00", utc(4, 20, 59), None),
        ("23:00-07:00", utc(4, 21), utc(5, 5)),
        ("23:00-07:00", utc(5, 4, 59), utc(5, 5)),
        ("23:00-07:00", utc(5, 5), None),
        ("12:00-14:00, 22:00-24:00", utc(4, 11), utc(4, 12)),
        ("12:00-14:00,22:00-24:00", utc(4, 21), utc(4, 22)),
        ("00:00–06:30", utc(4, 22), utc(5, 4, 30)),
        ("22:00-24:00,00:00-06:00", utc(4, 21), utc(5, 4)),
        ("00:00-06:00,22:00-24:00,06:00-07:00", utc(4, 21), utc(5, 5)),
        # The night in which an hour is left out, and the one in which it comes twice.
        ("23:00-07:00", utc(25, 23, month=3), utc(26, 5, month=3)),
        ("23:00-07:00", utc(28, 22, month=10), utc(29, 6, month=10)),
        ("02:00-02:30", utc(29, 0, 10, month=10), utc(29, 0, 30, month=10)),
        ("02:00-02:30", utc(29, 1, 10, month=10), utc(29, 1, 30, month=10)),
        ("", utc(4, 21), None),
    ],
)
def test_when_they_end(text: str, now: datetime, ends: datetime | None) -> None:
    assert QuietHours.parse(text).ends(now, AMSTERDAM) == ends


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("23-7", "“23-7” are no quiet hours; write them as in 23:00-07:00, with commas between several"),
        ("23:00-25:00", "“23:00-25:00” names a time that no clock shows; write them as in 23:00-07:00"),
        ("23:60-24:00", "“23:60-24:00” names a time that no clock shows; write them as in 23:00-07:00"),
        ("07:00-07:00", "“07:00-07:00” begins and ends at the same time; to be told nothing, raise ALERT_LEVEL"),
        ("23:00-07:00,06:00-08:00", "the quiet hours 23:00-07:00 and 06:00-08:00 overlap; write them as one span"),
        ("22:00-23:30,23:00-07:00", "the quiet hours 22:00-23:30 and 23:00-07:00 overlap; write them as one span"),
        ("00:00-12:00,12:00-24:00", "the quiet hours are the whole day; to be told less, raise ALERT_LEVEL"),
    ],
)
def test_wrong_ones_are_named(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said[:10]) as caught:
        QuietHours.parse(text)
    assert str(caught.value) == said
