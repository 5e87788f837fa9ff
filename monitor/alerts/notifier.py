"""What takes an alert to the analyst: the console here, a chat or a webhook elsewhere."""

from __future__ import annotations

from typing import Protocol

from monitor.models import AnyAlert


class NotifierError(Exception):
    """An alert could not be handed over; `retry_after` (seconds) says when to try again, None: a person must act."""

    def __init__(self, message: str, retry_after: float | None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Notifier(Protocol):
    """Hands one alert over; returns how the far side calls it, or None."""

    name: str

    async def send(self, alert: AnyAlert) -> str | None:
        """Send `alert`; raise NotifierError where it could not be handed over."""
        ...
