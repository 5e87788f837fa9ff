"""Settings from systemd's credentials, the environment and `.env`; each is explained in config.example.env."""

from __future__ import annotations

import os
import re
from datetime import time, timedelta
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from dotenv import dotenv_values, find_dotenv
from pydantic import BeforeValidator, Field, SecretStr, ValidationError, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from monitor.alerts.quiet_hours import QuietHours
from monitor.media.limits import Limits
from monitor.models import Level
from monitor.setting_texts import (
    WEB_ADDRESS,
    Duration,
    ServerAddress,
    duration_or_off,
    read_limits,
    read_quiet_hours,
    server_address,
    time_of_day,
)


class ConfigError(Exception):
    """Settings are wrong; the text names each and says what to do."""


def state_folder() -> Path:
    """Return where this program keeps what lasts: systemd's state directory, else the user's own."""
    given = os.environ.get("STATE_DIRECTORY", "").split(":")[0]
    if given:
        return Path(given)
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state", "monitor")


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
            raise ConfigError(f"{field_name.upper()}: the credential {path.name} {_unreadable(error)}") from error

    def __call__(self) -> dict[str, Any]:
        """Return all credentials that are settings of ours."""
        found = {name: self.get_field_value(field, name)[0] for name, field in self.settings_cls.model_fields.items()}
        return {name: value for name, value in found.items() if value is not None}


class Settings(BaseSettings):
    """The desk's settings. Names are those of the environment variables, in small letters."""

    model_config = SettingsConfigDict(env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True, frozen=True)

    rules: Annotated[tuple[Path, ...], NoDecode] = Field(
        default=(), description="folders of rules, separated by commas, laid over the bundled packs"
    )
    timezone: str = Field(default="UTC", description="the desk's time zone, as in Europe/Amsterdam")
    alert_level: Level = Field(
        default=Level.LOW, description="the lowest level that makes an alert: low, medium or high"
    )
    low_every: Duration = Field(
        default=timedelta(minutes=10), description="how often low alerts are told, bundled into one message, as in 10m"
    )
    alert_max_age: Duration = Field(
        default=timedelta(hours=6), description="posts that are older when they are read are told in one summary"
    )
    alerts_per_hour: int = Field(
        default=60, ge=0, le=1200, description="alerts told one by one in any hour at most; 0: no limit"
    )
    quiet_hours: Annotated[QuietHours, NoDecode, BeforeValidator(read_quiet_hours)] = Field(
        default=QuietHours(), description="when only high alerts ring and low ones wait, as in 23:00-07:00"
    )
    story_window: Duration = Field(
        default=timedelta(hours=24), description="how long copies of a post belong to its story, as in 24h"
    )

    telegram_api_id: int | None = Field(
        default=None, gt=0, description="your application's number, from https://my.telegram.org"
    )
    telegram_api_hash: SecretStr | None = Field(
        default=None, description="your application's secret, from https://my.telegram.org"
    )
    telegram_session: Path = Field(
        default_factory=lambda: state_folder() / "session",
        description="folder of the signed-in accounts' keys, for your eyes alone",
    )
    telegram_server: Annotated[ServerAddress | None, NoDecode, BeforeValidator(server_address)] = Field(
        default=None, description="another server than Telegram's own, as dc@host:port"
    )
    telegram_server_key: Path | None = Field(
        default=None, description="file with that server's public key (PEM, “BEGIN RSA PUBLIC KEY”)"
    )

    telegram_bot_token: SecretStr | None = Field(
        default=None, description="the token of the bot that writes into the analyst chat, from @BotFather"
    )
    alert_chat: int | None = Field(
        default=None,
        gt=-(2**63),
        lt=2**63,
        description="the analyst chat: a person's id, or a group's (negative, or -100…)",
    )
    analysts: Annotated[tuple[int, ...], NoDecode] = Field(
        default=(), description="the ids of the people whom the bot answers, separated by commas"
    )
    digest_at: Annotated[time | None, NoDecode, BeforeValidator(time_of_day)] = Field(
        default=time(8, 0), description="when the daily digest is made, in the desk's zone (08:00); off: never"
    )
    silence_alarm: Annotated[timedelta | None, NoDecode, BeforeValidator(duration_or_off)] = Field(
        default=timedelta(hours=1),
        description="after how long without any post, when posts usually come, an alert says so (60m); off: never",
    )
    webhook_url: str | None = Field(default=None, description="where alerts are posted as JSON, https://…")
    webhook_secret: SecretStr | None = Field(default=None, description="the secret by which the posts are signed")
    apprise_urls: SecretStr | None = Field(
        default=None, description="addresses of further services, as Apprise writes them, separated by blanks"
    )

    source: Literal["telegram", "preview"] = Field(
        default="telegram", description="where posts come from: telegram (an account) or preview (t.me/s, no account)"
    )
    preview_address: str = Field(default="https://t.me", description="where the preview pages are, for SOURCE=preview")
    channels: str = Field(default="", description="the channels, separated by commas: @name, t.me/name or id")
    channels_file: Path | None = Field(default=None, description="a file with one channel a line, and its options")
    poll_requests_per_minute: int = Field(
        default=30, ge=1, le=6000, description="requests in any minute at most, of all kinds together"
    )
    poll_max_interval: Duration = Field(
        default=timedelta(minutes=30), description="the longest time between two reads of a channel, as in 30m"
    )
    resolves_per_day: int = Field(
        default=180, ge=1, le=10_000, description="user names that are looked up in a day at most"
    )
    recheck_hours: int = Field(
        default=48, ge=0, le=720, description="how long after its publication a post is watched for edits and deletions"
    )
    backfill: Duration | None = Field(default=None, description="how far a new channel is read back, as in 7d")

    database: Path = Field(
        default_factory=lambda: state_folder() / "monitor.db", description="the database file, for your eyes alone"
    )
    backups: Path | None = Field(
        default=None, description="folder of the backups; without it `backups` beside the database"
    )
    backup_max_gb: float = Field(default=20.0, gt=0, description="how much room the backups may take, in gigabytes")
    backup_every: Annotated[timedelta | None, NoDecode, BeforeValidator(duration_or_off)] = Field(
        default=timedelta(hours=2),
        description="`monitor run` makes a backup when the newest is older than this, as in 2h; off: it makes none",
    )
    retention_days: int | None = Field(
        default=None, gt=0, description="after how many days posts that no rule matched are removed; without it never"
    )
    disk_warn_gb: float = Field(default=2.0, ge=0, description="a notice warns when less room is free, in gigabytes")
    disk_stop_gb: float = Field(
        default=0.5, ge=0, description="nothing is read while less room is free, in gigabytes; 0: until there is none"
    )
    keep_media: Annotated[Limits, NoDecode, BeforeValidator(read_limits)] = Field(
        default=Limits(),
        description="which media of posts that a rule matched are kept, as in photo,video:50MB; or off",
    )
    keep_media_max_gb: float = Field(
        default=10.0, gt=0, description="how much room the kept media may take, in gigabytes"
    )
    metrics_port: int | None = Field(
        default=None, gt=0, lt=65536, description="port on 127.0.0.1 where Prometheus finds metrics; without it nowhere"
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

    @field_validator("rules", "analysts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("story_window", "alert_max_age")
    @classmethod
    def _some_time(cls, value: timedelta) -> timedelta:
        if value <= timedelta(0):
            raise ValueError("is no time at all; write a longer one, as in 24h")
        return value

    @field_validator("poll_max_interval")
    @classmethod
    def _long_enough(cls, value: timedelta) -> timedelta:
        if value < timedelta(minutes=1):
            raise ValueError("is less than a minute; write a longer time, as in 30m")
        return value

    @field_validator("backup_every")
    @classmethod
    def _not_all_the_time(cls, value: timedelta | None) -> timedelta | None:
        if value is not None and value < timedelta(minutes=15):
            raise ValueError("is less than a quarter of an hour; write a longer time, as in 2h, or off")
        return value

    @field_validator("preview_address")
    @classmethod
    def _is_web_address(cls, value: str) -> str:
        found = WEB_ADDRESS.fullmatch(value.strip())
        if found is None or int(found[1] or 443) > 65535:
            raise ValueError("is no address of web pages; write one as in https://t.me")
        return found[0]

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, OSError, ValueError) as error:
            raise ValueError(f"“{value}” is no time zone; write one as in Europe/Amsterdam or UTC") from error
        return value

    @field_validator("telegram_api_hash")
    @classmethod
    def _is_hash(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.fullmatch(r"[0-9a-f]{32}", value.get_secret_value()):
            raise ValueError("is not what my.telegram.org shows as api_hash: 32 of the characters 0-9 and a-f")
        return value

    @cached_property
    def zone(self) -> ZoneInfo:
        """The desk's time zone."""
        return ZoneInfo(self.timezone)


def secret_settings() -> frozenset[str]:
    """Return the names of the settings that are secrets, in small letters."""
    return frozenset(name for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation))


def fault_of(name: str, text: str) -> str | None:
    """Say in a sentence what is wrong with the text of one setting; None: nothing is."""
    try:
        Settings(_env_file=None, **{name.lower(): text})  # type: ignore[arg-type]  # texts, as they come from a file
    except ValidationError as error:
        for problem in error.errors():
            if problem["loc"][:1] == (name.lower(),):
                return _sentence(problem)
    return None


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
        raise ConfigError(f"{path}: {_unreadable(error)}") from error
    if mode & 0o077 and named & secret_settings():
        raise ConfigError(f"{path}: holds secrets and other users may read it; run: chmod 600 {path}")


def _unreadable(error: OSError | UnicodeDecodeError) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "is no text in UTF-8; write it anew or remove it"
    return f"cannot be read ({error.strerror}); let the user who runs monitor read it, or remove it"


_BESIDE_SECRETS = {"telegram_api_id", "alert_chat"}  # where a secret is pasted by mistake: it must not be shown


def _sentence(problem: object) -> str:
    assert isinstance(problem, dict)
    name = str(problem["loc"][0]).upper() if problem["loc"] else "settings"
    if isinstance(problem["input"], str) and "\n" in problem["input"]:
        # What follows an open quotation mark may be anything, secrets too.
        return f"{name}: has more than one line; close its quotation mark, or take the line break out"
    swallowed = next((one for one in Settings.model_fields if f"{one.upper()}=" in str(problem["input"])), None)
    if swallowed is not None:
        return f"{name}: {swallowed.upper()} stands in the same line; give each setting a line of its own"
    text = str(problem["msg"]).removeprefix("Value error, ")
    if name.lower() in secret_settings() | _BESIDE_SECRETS:
        return f"{name}: {text}"
    return f"{name}: {text} (now: {problem['input']!r})"
