"""Settings from the environment and `.env`; each is explained in config.example.env."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from dotenv import find_dotenv
from pydantic import BeforeValidator, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from monitor.models import Level


class ConfigError(Exception):
    """Settings are wrong; the text names each and says what to do."""


_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_DURATION = re.compile(r"(?:\d{1,9}\s*[smhd]\s*)+")
_PART = re.compile(r"(\d+)\s*([smhd])")


def duration(value: object) -> object:
    """Read a length of time as in `90s`, `10m`, `24h`, `7d` or `1h 30m`; ValueError says how to write one."""
    if not isinstance(value, str):
        return value
    text = value.strip().lower()
    if not _DURATION.fullmatch(text):
        raise ValueError(f"“{value}” is no length of time; write a number and s, m, h or d, as in 10m, 24h or 7d")
    return timedelta(seconds=sum(int(number) * _UNITS[unit] for number, unit in _PART.findall(text)))


Duration = Annotated[timedelta, BeforeValidator(duration)]


class Settings(BaseSettings):
    """The desk's settings. Names are those of the environment variables, in small letters."""

    model_config = SettingsConfigDict(env_file_encoding="utf-8", extra="ignore", frozen=True)

    rules: Annotated[tuple[Path, ...], NoDecode] = Field(
        default=(), description="folders of rules, separated by commas, laid over the bundled packs"
    )
    timezone: str = Field(default="UTC", description="the desk's time zone, as in Europe/Amsterdam")
    alert_level: Level = Field(
        default=Level.LOW, description="the lowest level that makes an alert: low, medium or high"
    )

    @field_validator("rules", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, OSError, ValueError) as error:
            raise ValueError(f"“{value}” is no time zone; write one as in Europe/Amsterdam or UTC") from error
        return value

    @cached_property
    def zone(self) -> ZoneInfo:
        """The desk's time zone."""
        return ZoneInfo(self.timezone)


def load_settings() -> Settings:
    """Read `.env` of this folder or of one above it, then the environment, which goes first.

    Raises ConfigError with one line for each wrong setting.
    """
    try:
        return Settings(_env_file=find_dotenv(usecwd=True) or None)
    except ValidationError as error:
        raise ConfigError("\n".join(_sentence(problem) for problem in error.errors())) from error


def _sentence(problem: object) -> str:
    assert isinstance(problem, dict)
    name = str(problem["loc"][0]).upper() if problem["loc"] else "settings"
    text = str(problem["msg"]).removeprefix("Value error, ")
    return f"{name}: {text} (now: {problem['input']!r})"
