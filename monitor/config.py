"""Settings from systemd's credentials, the environment and `.env`; each is explained in config.example.env."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from dotenv import dotenv_values, find_dotenv
from pydantic import BeforeValidator, Field, ValidationError, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

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


CREDENTIAL = "monitor_"  # what systemd puts before the names of the files that LoadCredential=monitor:FOLDER loads


class Credentials(PydanticBaseSettingsSource):
    """Secrets that systemd hands over as files: `monitor_telegram_bot_token` is TELEGRAM_BOT_TOKEN."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Return the text of the credential of a setting, or None."""
        folder = os.environ.get("CREDENTIALS_DIRECTORY")
        if folder is None:
            return None, field_name, False
        path = Path(folder, CREDENTIAL + field_name)
        try:
            return path.read_text(encoding="utf-8").strip(), field_name, False
        except FileNotFoundError:
            return None, field_name, False
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"{field_name.upper()}: the credential {path.name} cannot be read as text") from error

    def __call__(self) -> dict[str, Any]:
        """Return all credentials that are settings of ours."""
        found = {name: self.get_field_value(field, name)[0] for name, field in self.settings_cls.model_fields.items()}
        return {name: value for name, value in found.items() if value is not None}


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

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Credentials go before the environment, and that before `.env`."""
        return init_settings, Credentials(settings_cls), env_settings, dotenv_settings

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


def secret_settings() -> frozenset[str]:
    """Return the names of the settings that are secrets, in small letters."""
    return frozenset(name for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation))


def load_settings() -> Settings:
    """Read `.env` of this folder or of one above it, then the environment and systemd's credentials, which go first.

    Raises ConfigError with one line for each wrong setting, and for a `.env` with secrets that others can read.
    """
    path = find_dotenv(usecwd=True)
    if path:
        _refuse_if_open(Path(path))
    try:
        return Settings(_env_file=path or None)
    except ValidationError as error:
        raise ConfigError("\n".join(_sentence(problem) for problem in error.errors())) from error


def _refuse_if_open(path: Path) -> None:
    try:
        mode = path.stat().st_mode
        named = {name.lower() for name, value in dotenv_values(path, interpolate=False).items() if value}
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read as text ({error}); mend it or remove it") from error
    if mode & 0o077 and named & secret_settings():
        raise ConfigError(f"{path}: holds secrets and other users may read it; run: chmod 600 {path}")


def _sentence(problem: object) -> str:
    assert isinstance(problem, dict)
    name = str(problem["loc"][0]).upper() if problem["loc"] else "settings"
    text = str(problem["msg"]).removeprefix("Value error, ")
    if name.lower() in secret_settings():
        return f"{name}: {text}"
    return f"{name}: {text} (now: {problem['input']!r})"
