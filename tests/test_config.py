"""Settings, and what is said of wrong ones."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.config import ConfigError, load_settings
from monitor.models import Level
from monitor.setting_texts import ServerAddress


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


SERVERS: dict[str, ServerAddress | None] = {
    "2@149.154.167.40:443": ServerAddress(2, "149.154.167.40", 443),
    " 1@telegram.example.org:80 ": ServerAddress(1, "telegram.example.org", 80),
    "2@[2001:67c:4e8:f002::a]:443": ServerAddress(2, "2001:67c:4e8:f002::a", 443),
    "": None,
}


@pytest.mark.parametrize(("written", "expected"), SERVERS.items(), ids=SERVERS)
def test_a_server_is_data_centre_host_and_port(
    monkeypatch: pytest.MonkeyPatch, written: str, expected: ServerAddress | None
) -> None:
    monkeypatch.setenv("TELEGRAM_SERVER", written)
    assert load_settings().telegram_server == expected


@pytest.mark.parametrize(
    "written", ["149.154.167.40:443", "0@host:443", "2@host", "2@host:0", "2@host:65536", "2@a b:1"]
)
def test_what_is_no_server_is_said_to_be_none(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    monkeypatch.setenv("TELEGRAM_SERVER", written)
    with pytest.raises(ConfigError, match="is no server; write data centre, host and port"):
        load_settings()


def test_a_wrong_secret_is_named_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_API_HASH", "0123456789ABCDEF")
    with pytest.raises(ConfigError) as caught:
        load_settings()
    assert "TELEGRAM_API_HASH: is not what my.telegram.org shows" in str(caught.value)
    assert "0123456789ABCDEF" not in str(caught.value)
    monkeypatch.setenv("TELEGRAM_API_HASH", "0123456789abcdef0123456789abcdef")
    assert "0123456789abcdef" not in repr(load_settings())


UNREADABLE = {
    "no text": (lambda path: path.write_bytes(b"\xff"), "is no text in UTF-8; write it anew or remove it"),
    "a folder": (
        lambda path: path.mkdir(),
        "cannot be read (Is a directory); let the user who runs monitor read it, or remove it",
    ),
    "no right to": pytest.param(
        lambda path: path.touch(mode=0),
        "cannot be read (Permission denied); let the user who runs monitor read it, or remove it",
        marks=pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything"),
    ),
}


@pytest.mark.parametrize(("make", "said"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_credential_that_cannot_be_read_is_said_with_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Callable[[Path], object], said: str
) -> None:
    make(tmp_path / "monitor_telegram_bot_token")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    with pytest.raises(ConfigError) as caught:
        load_settings()
    assert str(caught.value) == f"TELEGRAM_BOT_TOKEN: the credential monitor_telegram_bot_token {said}"


def test_settings_that_are_no_text_are_said_to_be_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_bytes(b"RULES=\xff")
    with pytest.raises(ConfigError) as caught:
        load_settings()
    assert str(caught.value) == f"{tmp_path / '.env'}: is no text in UTF-8; write it anew or remove it"


FOLDERS: dict[str, tuple[dict[str, str], str]] = {
    "systemd's": ({"STATE_DIRECTORY": "/var/lib/monitor:/var/lib/other"}, "/var/lib/monitor/session"),
    "the user's, elsewhere": ({"XDG_STATE_HOME": "/home/analyst/state"}, "/home/analyst/state/monitor/session"),
    "the user's": ({"HOME": "/home/analyst"}, "/home/analyst/.local/state/monitor/session"),
    "as it is set": ({"TELEGRAM_SESSION": "keys"}, "keys"),
}


@pytest.mark.parametrize(("variables", "expected"), FOLDERS.values(), ids=FOLDERS)
def test_the_sessions_folder(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], expected: str) -> None:
    for name in ("STATE_DIRECTORY", "XDG_STATE_HOME", "TELEGRAM_SESSION"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert load_settings().telegram_session == Path(expected)
