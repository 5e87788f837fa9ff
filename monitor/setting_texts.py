"""How the texts of settings are read: lengths of time, times of day, quiet hours, kept media, servers."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Annotated, NamedTuple

from pydantic import BeforeValidator

from monitor.alerts.quiet_hours import QuietHours
from monitor.media.limits import Limits

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_DURATION = re.compile(r"(?:\d{1,9}\s*[smhd]\s*)+")
_PART = re.compile(r"(\d+)\s*([smhd])")
_LONGEST = timedelta(days=3650)


def duration(value: object) -> object:
    """Read a length of time as in `90s`, `10m`, `24h`, `7d` or `1h 30m`; ValueError says how to write one."""
    if not isinstance(value, str):
        return value
    text = value.strip().lower()
    if not _DURATION.fullmatch(text):
        raise ValueError(f"“{value}” is no length of time; write a number and s, m, h or d, as in 10m, 24h or 7d")
    seconds = sum(int(number) * _UNITS[unit] for number, unit in _PART.findall(text))
    if seconds > _LONGEST.total_seconds():
        raise ValueError(f"“{value}” is longer than ten years; write a shorter time")
    return timedelta(seconds=seconds)


def duration_or_off(value: object) -> object:
    """Read a length of time, a number of minutes, or `off` (None)."""
    if isinstance(value, str):
        text = value.strip().lower()
        if text == "off":
            return None
        return duration(f"{text}m" if text.isdecimal() else text)
    return value


def time_of_day(value: object) -> object:
    """Read a time of day as in `08:00`, or `off` (None); ValueError says how to write one."""
    if not isinstance(value, str):
        return value
    if value.strip().lower() == "off":
        return None
    try:
        return datetime.strptime(value.strip(), "%H:%M").time()
    except ValueError as error:
        raise ValueError(f"“{value}” is no time of day; write hours and minutes, as in 08:00, or off") from error


Duration = Annotated[timedelta, BeforeValidator(duration)]


def read_quiet_hours(value: object) -> object:
    """Read quiet hours as in `23:00-07:00`; ValueError says what is wrong with them."""
    return QuietHours.parse(value) if isinstance(value, str) else value


def read_limits(value: object) -> object:
    """Read which media are kept, as in `photo,video:50MB`; ValueError says what is wrong with them."""
    return Limits.parse(value) if isinstance(value, str) else value


class ServerAddress(NamedTuple):
    """A server that speaks Telegram's protocol: the number of its data centre, its host and port."""

    dc: int
    host: str
    port: int


WEB_ADDRESS = re.compile(r"https?://(?:[\w-]+(?:\.[\w-]+)*|\[[0-9A-Fa-f:.]+\])(?::(\d{1,5}))?(?:/[\w./~-]*)?", re.ASCII)
_SERVER = re.compile(r"(\d{1,4})@(?:\[([0-9A-Fa-f:.]+)\]|([\w.-]+)):(\d{1,5})", re.ASCII)


def server_address(value: object) -> object:
    """Read a server as in `2@149.154.167.40:443` (IPv6 in brackets); ValueError says how to write one."""
    if not isinstance(value, str):
        return value
    found = _SERVER.fullmatch(value.strip())
    if found is None or not 0 < int(found[4]) < 65536 or int(found[1]) == 0:
        raise ValueError(f"“{value}” is no server; write data centre, host and port, as in 2@149.154.167.40:443")
    return ServerAddress(int(found[1]), found[2] or found[3], int(found[4]))
