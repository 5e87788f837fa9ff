"""One of Apprise's services as a Notifier: mail, Signal, Matrix, Slack and a hundred more; plain text, at least once.

A service knows no random ids: a message whose sending broke off after it was taken comes twice. It is not edited.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from typing import Any
from zoneinfo import ZoneInfo

from monitor.alerts.notifier import Dispatch, Limit, NotifierError
from monitor.alerts.render import render
from monitor.models import Level, Message

PATIENCE = 60.0  # seconds for an answer
_A_MINUTE = Limit(20, 60.0)  # services differ; none minds this


class AppriseNotifier:
    """Sends to one address as Apprise writes them. ImportError: Apprise is not installed; ValueError: it knows no such
    service, or the address is wrong. The address is a secret and is never shown."""

    limits: tuple[Limit, ...] = (_A_MINUTE,)
    edits = False

    def __init__(self, url: str, zone: ZoneInfo, *, patience: float = PATIENCE) -> None:
        import apprise

        logging.getLogger("apprise").propagate = False  # it may name addresses; what counts is told by our own line
        service = apprise.Apprise.instantiate(url, suppress_exceptions=True)
        if service is None:
            raise ValueError("is no address that Apprise knows; its list of services says how each is written")
        self._sender = apprise.Apprise()
        self._sender.add(service)
        self._service = str(service.service_name or "the service")
        scheme = url.partition(":")[0].lower()
        # Several addresses of a service are told apart without showing them.
        self.name = f"apprise {scheme} {hashlib.sha256(url.encode()).hexdigest()[:6]}"
        self._kinds = {Level.HIGH: apprise.NotifyType.WARNING}
        self._info = apprise.NotifyType.INFO
        self._plain = apprise.NotifyFormat.TEXT
        self._zone = zone
        self._patience = patience

    async def send(self, message: Message, how: Dispatch) -> str | None:
        """Send a message: its first line as the title, the others as the body."""
        title, _, body = render(message, zone=self._zone).text.partition("\n")
        what: dict[str, Any] = {
            "title": title,
            "body": body or title,
            "notify_type": self._kinds.get(message.level, self._info),
            "body_format": self._plain,
        }
        try:
            async with asyncio.timeout(self._patience):
                taken = bool(await self._sender.async_notify(**what))
        except TimeoutError as error:
            raise NotifierError(f"{self._service} (APPRISE_URLS) does not answer; tried again", passing=True) from error
        if not taken:
            raise NotifierError(
                f"{self._service} (APPRISE_URLS) did not take the message; if that lasts, check its address",
                passing=True,
            )
        return None

    async def edit(self, message: Message, how: Dispatch, sent: str) -> None:
        """Do nothing: what is sent stays."""

    async def close(self) -> None:
        """Do nothing: nothing stays open."""
