"""The settings of alerts: lengths of time and quiet hours."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from monitor.alerts.policy import Policy
from monitor.alerts.quiet_hours import QuietHours
from monitor.cli import start
from monitor.config import ConfigError, load_settings
from monitor.models import Level

NAMES = ("LOW_EVERY", "ALERT_MAX_AGE", "ALERTS_PER_HOUR", "QUIET_HOURS", "STORY_WINDOW", "TIMEZONE", "ALERT_LEVEL")


@pytest.fixture(autouse=True)
def _empty_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def test_the_policy_of_the_daemon_is_that_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    assert start.policy(load_settings(), {}) == Policy(
        low_every=timedelta(minutes=10), per_hour=60, oldest=timedelta(hours=6)
    )
    given = ("0m", "2d", "0", "23:00-07:00", "12h", "Europe/Kyiv", "medium")
    for name, value in zip(NAMES, given, strict=True):
        monkeypatch.setenv(name, value)
    settings = load_settings()
    assert start.policy(settings, {"border": Level.HIGH}) == Policy(
        lowest=Level.MEDIUM,
        low_every=None,
        per_hour=0,
        oldest=timedelta(days=2),
        quiet=QuietHours(((23 * 60, 7 * 60),)),
        zone=settings.zone,
        channel_levels={"border": Level.HIGH},
    )
    assert settings.story_window == timedelta(hours=12)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("90s", timedelta(seconds=90)),
        ("10m", timedelta(minutes=10)),
        ("24h", timedelta(days=1)),
        ("7d", timedelta(days=7)),
        (" 1H 30M ", timedelta(minutes=90)),
        ("1h30m", timedelta(minutes=90)),
    ],
)
def test_lengths_of_time(monkeypatch: pytest.MonkeyPatch, text: str, length: timedelta) -> None:
    monkeypatch.setenv("STORY_WINDOW", text)
    assert load_settings().story_window == length


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("LOW_EVERY", "10", "is no length of time; write a number and s, m, h or d, as in 10m, 24h or 7d"),
        ("LOW_EVERY", "ten minutes", "is no length of time; write a number and s, m, h or d, as in 10m, 24h or 7d"),
        ("LOW_EVERY", "-5m", "is no length of time; write a number and s, m, h or d, as in 10m, 24h or 7d"),
        ("ALERT_MAX_AGE", "999999999d", "is longer than ten years; write a shorter time"),
        ("STORY_WINDOW", "0m", "is no time at all; write a longer one, as in 24h"),
        ("ALERTS_PER_HOUR", "-1", "Input should be greater than or equal to 0"),
        ("QUIET_HOURS", "22:00-06:00,05:00-07:00", "overlap; write them as one span"),
    ],
)
def test_wrong_ones_are_one_sentence(monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError) as caught:
        load_settings()
    (line,) = str(caught.value).splitlines()
    assert line.startswith(f"{name}: ")
    assert said in line
