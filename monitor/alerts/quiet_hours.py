"""Quiet hours: from when until when, each day, in the desk's zone. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

_RANGE = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})")
_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Spans of the day in minutes after midnight (start, end), end exclusive; an end below its start is of the next
    day."""

    spans: tuple[tuple[int, int], ...] = ()

    @classmethod
    def parse(cls, text: str) -> QuietHours:
        """Read `23:00-07:00` or several such, separated by commas. ValueError: not written so, empty or overlapping."""
        parts = [part.strip() for part in text.split(",") if part.strip()]
        spans = tuple(map(_span, parts))
        minutes: dict[int, str] = {}
        for (start, end), part in zip(spans, parts, strict=True):
            for minute in range(start, end if end > start else end + _DAY):
                other = minutes.setdefault(minute % _DAY, part)
                if other is not part:
                    raise ValueError(f"the quiet hours {other} and {part} overlap; write them as one span")
        if len(minutes) == _DAY:
            raise ValueError("the quiet hours are the whole day; to be told less, raise ALERT_LEVEL")
        return cls(spans)

    def __bool__(self) -> bool:
        return bool(self.spans)

    def ends(self, now: datetime, zone: ZoneInfo) -> datetime | None:
        """Return when the quiet hours in which `now` falls are over, in UTC; None: it falls in none.

        Spans that touch count as one. Where clocks change, the clock on the wall decides.
        """
        wall = now.astimezone(zone)
        minute = wall.hour * 60 + wall.minute
        end = _end(self.spans, minute)
        if end is None:
            return None
        seen = {minute}
        while (further := _end(self.spans, end % _DAY)) is not None and further % _DAY not in seen:
            seen.add(further % _DAY)
            end = further if further > end % _DAY else further + _DAY
        days = 1 if end % _DAY <= minute else 0
        at = datetime.combine(wall.date() + timedelta(days=days), time(end % _DAY // 60, end % 60), zone)
        # Where the clock shows that time twice, the first may be over.
        return max(at.astimezone(UTC), at.replace(fold=1).astimezone(UTC)) if at <= now else at.astimezone(UTC)


def _span(text: str) -> tuple[int, int]:
    found = _RANGE.fullmatch(text)
    if found is None:
        raise ValueError(f"“{text}” are no quiet hours; write them as in 23:00-07:00, with commas between several")
    hour, minute, to_hour, to_minute = map(int, found.groups())
    if (
        max(hour, to_hour) > 24
        or max(minute, to_minute) > 59
        or max(hour * 60 + minute, to_hour * 60 + to_minute) > _DAY
    ):
        raise ValueError(f"“{text}” names a time that no clock shows; write them as in 23:00-07:00")
    start, end = (hour * 60 + minute) % _DAY, to_hour * 60 + to_minute
    if start == end % _DAY:
        raise ValueError(f"“{text}” begins and ends at the same time; to be told nothing, raise ALERT_LEVEL")
    return start, end


def _end(spans: Sequence[tuple[int, int]], minute: int) -> int | None:
    """Return the end of the span in which a minute of the day falls."""
    for start, end in spans:
        inside = start <= minute < end if end > start else minute >= start or minute < end
        if inside:
            return end
    return None
