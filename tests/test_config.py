"""Settings, and what is said of wrong ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.config import ConfigError, load_settings
from monitor.models import Level


@pytest.fixture(autouse=True)
def _empty_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("RULES", "TIMEZONE", "ALERT_LEVEL"):
        monkeypatch.delenv(name, raising=False)


def test_defaults_need_no_file() -> None:
    settings = load_settings()
    assert (settings.rules, settings.timezone, settings.alert_level) == ((), "UTC", Level.LOW)


def test_env_file_is_read_and_the_environment_goes_before_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text(
        "RULES=one, two\nTIMEZONE=Europe/Kyiv\nALERT_LEVEL=high\nOTHER=1\n", encoding="utf-8"
    )
    monkeypatch.setenv("ALERT_LEVEL", "medium")
    settings = load_settings()
    assert settings.rules == (Path("one"), Path("two"))
    assert settings.zone.key == "Europe/Kyiv"
    assert settings.alert_level is Level.MEDIUM


def test_every_wrong_setting_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIMEZONE", "Mars/Olympus")
    monkeypatch.setenv("ALERT_LEVEL", "loud")
    with pytest.raises(ConfigError) as caught:
        load_settings()
    assert str(caught.value).splitlines() == [
        "TIMEZONE: “Mars/Olympus” is no time zone; write one as in Europe/Amsterdam or UTC (now: 'Mars/Olympus')",
        "ALERT_LEVEL: Input should be 'low', 'medium' or 'high' (now: 'loud')",
    ]
