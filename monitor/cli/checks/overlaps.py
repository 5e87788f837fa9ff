"""Settings that are each right and do not go together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from monitor.cli.checks.findings import Findings
from monitor.config import Settings

_DAY = timedelta(days=1)


def overlaps(settings: Settings, found: Findings) -> None:
    """Say which settings work against each other, and what to change."""
    found.advice += _overlaps(settings)


def _overlaps(settings: Settings) -> Iterator[str]:
    retention = settings.retention_days * _DAY if settings.retention_days is not None else None
    if settings.disk_stop_gb >= settings.disk_warn_gb > 0:
        yield "DISK_WARN_GB: is not more than DISK_STOP_GB, so that reading stops without a warning; make it more"
    if retention is not None and settings.backfill is not None and settings.backfill > retention:
        yield "BACKFILL: goes back further than RETENTION_DAYS, so that posts are read and removed again; make it less"
    if retention is not None and timedelta(hours=settings.recheck_hours) > retention:
        yield "RECHECK_HOURS: is longer than RETENTION_DAYS: what is removed is not watched for edits; make it less"
    if settings.poll_max_interval >= settings.alert_max_age:
        yield (
            "POLL_MAX_INTERVAL: is not less than ALERT_MAX_AGE, so that posts of quiet channels are told in a summary,"
            " not one by one; make it less"
        )
    if settings.silence_alarm is not None and settings.silence_alarm < settings.poll_max_interval:
        yield (
            "SILENCE_ALARM: is less than POLL_MAX_INTERVAL, so that channels that wait for their turn look silent;"
            " make it more"
        )
    if settings.low_every > settings.story_window:
        yield "LOW_EVERY: is longer than STORY_WINDOW; low alerts come when their stories are over; make it less"
    if settings.webhook_secret is not None and settings.webhook_url is None:
        yield "WEBHOOK_SECRET: is set without WEBHOOK_URL and signs nothing; set both or neither"
    if settings.telegram_bot_token is None and settings.analysts:
        yield "ANALYSTS: are named, and there is no bot to answer them; set TELEGRAM_BOT_TOKEN and ALERT_CHAT"
