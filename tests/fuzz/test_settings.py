"""Settings as somebody may write them: lengths of time, quiet hours, servers, channels, whole environments."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import chdir, contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from random import Random
from zoneinfo import ZoneInfo

from monitor.alerts.quiet_hours import QuietHours
from monitor.config import ConfigError, Settings, load_settings, secret_settings
from monitor.media.limits import Limits
from monitor.reading.channel_list import parse_file, parse_names
from monitor.setting_texts import duration, duration_or_off, server_address, time_of_day
from tests.fuzz import mutation
from tests.fuzz.running import Parser, outcome, quick_and_long
from tests.fuzz.scratch import folder

_DURATIONS = ["90s", "10m", "24h", "7d", "1h 30m", "off", "60", "0m", "999999999d", "3650d"]
_TIMES = ["08:00", "off", "23:59", "7:5", "24:00"]
_QUIET = ["23:00-07:00", "12:00 – 13:30, 22:00-24:00", "00:00-06:00,06:00-07:00", "23:00-23:00", "9:00-8:59"]
_SERVERS = ["2@149.154.167.40:443", "1@telegram.example.org:80", "2@[2001:67c:4e8:f002::a]:443"]
_CHANNELS = [
    *("@news_example, t.me/other_news, 1700000001", "https://t.me/s/news_example?before=12", "-1001700000001"),
    *("news_example weight=2 level=high lang=ru    # comment\n@other_news\n\n# nothing\nt.me/c/1700000001/5",),
    *("t.me/+AbCdEf, t.me/joinchat/AbC", "weight=1 level=low", "@a weight=nan", "telegram.me/news_example"),
]  # fmt: skip
_MEDIA = ["photo, voice:10MB, video : 0.5 GB", "off", "document:200kB", "photo:4GB,photo", "round", "video:4.001 gb"]
_VALUES = {
    "TIMEZONE": ["Europe/Kyiv", "UTC", "../../etc/passwd", "Europe", "/etc/localtime"],
    "RULES": ["one, two", "/nowhere", ",,"],
    "ANALYSTS": ["12, 13", "-5", "1e3"],
    "ALERT_CHAT": ["-1001700000001", "12", "0"],
    "TELEGRAM_API_ID": ["12345", "0"],
    "TELEGRAM_API_HASH": ["0123456789abcdef0123456789abcdef"],
    "BACKUP_MAX_GB": ["20", "0.5", "nan", "inf"],
    "PREVIEW_ADDRESS": ["https://t.me", "http://127.0.0.1:8080/x", "https://[::1]:99999"],
    "METRICS_PORT": ["9100", "65535"],
    "DIGEST_AT": _TIMES,
    "QUIET_HOURS": _QUIET,
    "TELEGRAM_SERVER": _SERVERS,
    "CHANNELS": _CHANNELS,
    "KEEP_MEDIA": _MEDIA,
    "WEBHOOK_URL": ["https://desk.example.org/alerts", "http://localhost"],
}
_NIGHTS = [datetime(2023, 3, 26, 0, 30, tzinfo=UTC), datetime(2023, 10, 29, 0, 30, tzinfo=UTC)]
_OURS = [name.upper() for name in Settings.model_fields]


def _of(seeds: list[str]) -> Callable[[Random], str]:
    return lambda random: mutation.text(random, seeds)


def _or_refused(read: Callable[[str], object]) -> Callable[[str], None]:
    """A reader that gives a value, or a ValueError that says what is wrong."""

    def check(text: str) -> None:
        found = outcome(lambda: read(text), ValueError)
        assert not isinstance(found, ValueError) or str(found)

    return check


def lengths(text: str) -> None:
    """Read a length of time and a time of day: within ten years, or a sentence."""
    for read in (duration, duration_or_off):
        found = outcome(partial(read, text), ValueError)
        if isinstance(found, ValueError):
            assert "write" in str(found)
        else:
            assert found is None or (isinstance(found, timedelta) and timedelta(0) <= found <= timedelta(days=3650))
    _or_refused(time_of_day)(text)


def quiet(made: tuple[str, int, str]) -> None:
    """Read quiet hours: where it is quiet they are over later, within a day and an hour."""
    text, minutes, zone = made
    hours = outcome(lambda: QuietHours.parse(text), ValueError)
    if isinstance(hours, ValueError):
        assert str(hours)
        return
    now = _NIGHTS[minutes % 2] + timedelta(minutes=minutes)
    end = hours.ends(now, ZoneInfo(zone))
    assert end is None or now < end <= now + timedelta(hours=26), (hours, now, end)


def _quiet(random: Random) -> tuple[str, int, str]:
    zone = random.choice(("Europe/Kyiv", "Europe/Amsterdam", "UTC", "America/St_Johns", "Pacific/Chatham"))
    if random.random() < 0.5:
        hours = [f"{random.randrange(25):02}:{random.choice((0, 1, 30, 59)):02}" for _ in range(random.choice((2, 4)))]
        return ", ".join(map("-".join, zip(hours[::2], hours[1::2], strict=True))), random.randrange(-3000, 3000), zone
    return mutation.text(random, _QUIET), random.randrange(-3000, 3000), zone


def media(text: str) -> None:
    """Read which media are kept: each kind once and within bounds, in words again; or what to write."""
    found = outcome(lambda: Limits.parse(text), ValueError)
    if isinstance(found, ValueError):
        assert "write" in str(found)
        return
    kinds = dict(found.kinds)
    assert len(kinds) == len(found.kinds)
    assert all(0 < most <= 4 * 10**9 and found.most(kind) == most for kind, most in kinds.items())
    assert all(found.refusal(kind, most) is None and found.refusal(kind, most + 1) for kind, most in kinds.items())
    assert str(found)


def channels(text: str) -> None:
    """Read a list of channels: each has a name or a number, each fault says where it stands."""
    for found in (parse_names(text), parse_file(text, "channels.txt")):
        for one in found.channels:
            assert (one.name is None) != (one.id is None)
            assert 0.1 <= one.weight <= 100
        assert all(fault.startswith(("CHANNELS, ", "channels.txt:")) for fault in found.faults)


@cache
def _home() -> str:
    return str(folder("settings"))


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    try:
        for name in _OURS:
            os.environ.pop(name, None)
        os.environ.update(values)
        with chdir(_home()):
            yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _settings_or_refused() -> None:
    found = outcome(load_settings, ConfigError)
    if isinstance(found, ConfigError):
        assert str(found)
        assert "pydantic" not in str(found)
        for name in secret_settings():
            assert f"{name.upper()}=" not in str(found)


def _values(random: Random) -> dict[str, str]:
    chosen = random.sample(_OURS, random.choice((1, 1, 2, 6)))
    odd = {name: mutation.text(random, _VALUES.get(name, [*_DURATIONS, "5", "high", "x"])) for name in chosen}
    return {name: value.replace("\0", "") for name, value in odd.items()}


def environment(values: dict[str, str]) -> None:
    """Read settings from an environment: all of them, or a sentence for each wrong one."""
    sound = {name: value.encode("utf-8", "replace").decode() for name, value in values.items()}
    with _environment(sound):
        _settings_or_refused()


def _env_file(random: Random) -> bytes:
    lines = [f"{name}={value}" for name, value in _values(random).items()]
    whole = "\n".join([*lines, "# comment", "export TIMEZONE='UTC'", 'RULES="a\\nb${HOME}"'])
    return mutation.content(random, [whole.encode("utf-8", "surrogatepass")])


def env_file(content: bytes) -> None:
    """Read settings from a file `.env`: all of them, or what is wrong with it."""
    path = folder("settings") / ".env"
    path.write_bytes(content)
    path.chmod(0o600)
    try:
        with _environment({}):
            _settings_or_refused()
    finally:
        path.unlink()


PARSERS = [
    Parser("lengths of time", _of(_DURATIONS + _TIMES), lengths, 30_000),
    Parser("quiet hours", _quiet, quiet, 30_000),
    Parser("servers", _of(_SERVERS), _or_refused(server_address), 20_000),
    Parser("media to keep", _of(_MEDIA), media, 20_000),
    Parser("lists of channels", _of(_CHANNELS), channels, 50_000),
    Parser("settings in the environment", _values, environment, 6_000),
    Parser("settings in .env", _env_file, env_file, 6_000),
]
test_quick, test_long = quick_and_long(PARSERS)
