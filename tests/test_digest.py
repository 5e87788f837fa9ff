"""The daily digest: once a day whatever the clocks do; and what an unusual silence is."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from monitor.cli.digesting import DailyDigest, due_day
from monitor.digest.gathering import unusual_silence
from monitor.health import Report
from monitor.models import Post
from monitor.reading.writer import Writer
from monitor.store import notices
from monitor.store.reader import Reader
from monitor.store.store import Store
from tests.store_example import keep, post

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
HOUR = timedelta(hours=1)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "at", "day"),
    [
        ("2024-06-04T05:59", time(8), "2024-06-03"),
        ("2024-06-04T06:00", time(8), "2024-06-04"),
        ("2024-06-04T21:59", time(8), "2024-06-04"),
        ("2024-06-04T22:00", time(8), "2024-06-04"),
        ("2024-06-04T22:00", time(0), "2024-06-05"),
    ],
)
def test_which_day_is_due(now: str, at: time, day: str) -> None:
    assert due_day(datetime.fromisoformat(now).replace(tzinfo=UTC), at, AMSTERDAM) == day


def _report(store: Reader) -> Report:
    return Report(datetime(2024, 1, 1, tzinfo=UTC), None, None, (), (), 0, {}, (), 0, ())


def _made(path: Path, times: list[datetime], at: time | None) -> list[datetime]:
    """Let a new process look at each of these times; return when digests were made."""

    async def look() -> list[datetime]:
        with Store.open(path) as store:
            writer = Writer(store, None)  # type: ignore[arg-type]  # no post is stored
            for now in times:
                await DailyDigest(writer, _report, lambda now=now: now, AMSTERDAM, at, None).look()
            await writer.close()
            return [one.at for one in reversed(store.read(notices.latest, LONG_AGO)) if one.notice.kind == "digest"]

    return asyncio.run(look())


EIGHT = datetime(2024, 6, 4, 6, tzinfo=UTC)  # 8:00 in Amsterdam


@pytest.mark.parametrize(
    ("times", "at", "made"),
    [
        pytest.param([-1.0, -0.5, 0.0, 0.5], time(8), [0.0], id="the first start of all is before its time"),
        pytest.param([2.0, 3.0, 23.9], time(8), [], id="the first start of all is after its time"),
        pytest.param([2.0, 24.0, 25.0, 48.0], time(8), [24.0, 48.0], id="once a day from then on"),
        pytest.param([-1.0, 5.0, 6.0], time(8), [5.0], id="down at its time: at the start"),
        pytest.param([0.0, 24.0, 48.0 + 22.0, 48.0 + 23.0, 72.0], time(8), [24.0, 70.0, 72.0], id="down over midnight"),
        pytest.param([0.0, 24.0, 24.0 * 9 + 1.0, 24.0 * 9 + 2.0], time(8), [24.0, 217.0], id="down for a week: one"),
        pytest.param([-1.0, 0.0, 2.0, -1.0, 1.0, 24.0, 25.0], time(8), [0.0, 24.0], id="the clock is set back"),
        pytest.param(
            [9000.0, -1.0, 0.0, 24.0], time(8), [0.0, 24.0], id="the clock was a year fast at the first start"
        ),
        pytest.param([-1.0, 0.0, 24.0], None, [], id="off"),
    ],
)
def test_one_a_day_and_none_for_the_time_before_the_first_start(
    times: list[float], at: time | None, made: list[float], tmp_path: Path
) -> None:
    looked = [EIGHT + hours * HOUR for hours in times]
    assert _made(tmp_path / "monitor.db", looked, at) == [EIGHT + hours * HOUR for hours in made]


def test_one_a_day_in_the_hour_that_comes_twice(tmp_path: Path) -> None:
    # On 27 October 2024 it is half past two twice in Amsterdam.
    begin = datetime(2024, 10, 26, 22, tzinfo=UTC)
    times = [begin + timedelta(minutes=10 * step) for step in range(6 * 26)]
    assert _made(tmp_path / "monitor.db", times, time(2, 30)) == [datetime(2024, 10, 27, 0, 30, tzinfo=UTC)]


NOW = datetime(2024, 6, 20, 12, 30, tzinfo=UTC)


def _usual(until: timedelta) -> list[Post]:
    """Six posts in each hour of the last sixteen days, up to `until` before now."""
    ten_minutes = [NOW - timedelta(minutes=10 * step) for step in range(6 * 24 * 16)]
    return [
        post(number, f"Пост {number}", date=at)
        for number, at in enumerate(reversed(ten_minutes), 1)
        if at <= NOW - until
    ]


@pytest.mark.parametrize(
    ("posts", "silent"),
    [
        pytest.param([], False, id="nothing was ever read"),
        pytest.param(_usual(timedelta(minutes=20)), False, id="a post came a moment ago"),
        pytest.param(_usual(timedelta(minutes=70)), True, id="none for an hour"),
        pytest.param(_usual(timedelta(days=15)), False, id="none for so long that none is usual"),
        pytest.param(_usual(timedelta(minutes=70))[::30], False, id="few come at all"),
    ],
)
def test_an_unusual_silence(posts: list[Post], silent: bool, tmp_path: Path) -> None:
    with Store.open(tmp_path / "monitor.db") as store:
        for start in range(0, len(posts), 500):
            keep(store, *posts[start : start + 500])
        said = unusual_silence(store, NOW, HOUR)
    assert (said is not None) is silent
    if said is not None:
        assert "No post has come from any channel for 60 min, where usually 6 come" in said


def test_a_silence_is_told_once_over_restarts_too_and_so_is_its_end(tmp_path: Path) -> None:
    path = tmp_path / "monitor.db"
    posts = _usual(timedelta(minutes=70))

    async def look(*times: datetime) -> list[tuple[str, str]]:
        with Store.open(path) as store:
            writer = Writer(store, None)  # type: ignore[arg-type]  # no post is stored
            for now in times:
                await DailyDigest(writer, _report, lambda now=now: now, AMSTERDAM, None, HOUR).look()
            await writer.close()
            return [(one.notice.kind, one.notice.level) for one in reversed(store.read(notices.latest, LONG_AGO))]

    with Store.open(path) as store:
        for start in range(0, len(posts), 500):
            keep(store, *posts[start : start + 500])
    minute = timedelta(minutes=1)
    begun = [("silence", "high")]
    assert asyncio.run(look(NOW - 20 * minute)) == []
    assert asyncio.run(look(NOW, NOW + minute)) == begun
    assert asyncio.run(look(NOW + 2 * minute)) == begun
    with Store.open(path) as store:
        keep(store, post(9999, "Пост", date=NOW + 3 * minute))
    assert asyncio.run(look(NOW + 4 * minute, NOW + 5 * minute)) == [*begun, ("silence over", "low")]
