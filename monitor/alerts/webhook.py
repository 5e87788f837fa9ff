"""A webhook as a Notifier: each message as JSON by POST, signed, at least once.

The receiver checks `X-Monitor-Signature`: `sha256=` and the HMAC-SHA256 (hex) of the timestamp in
`X-Monitor-Timestamp`, a full stop, and the body, under WEBHOOK_SECRET. `Idempotency-Key` is the same at every attempt
for one message, and another one for each update of it.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import orjson

from monitor.alerts.notifier import Dispatch, Limit, NotifierError
from monitor.alerts.render import render
from monitor.models import Alert, Bundle, EntityMention, FollowUp, Match, Message, Note, Post

PATIENCE = 10.0  # seconds for an answer
_MOST_WAIT = 3600.0
_REFUSED = (400, 413, 415, 422)


class WebhookNotifier:
    """Posts to one address over HTTPS (HTTP to this machine only); redirects are not followed."""

    name = "webhook"
    limits: tuple[Limit, ...] = ()
    edits = True

    def __init__(
        self,
        url: str,
        secret: str,
        zone: ZoneInfo,
        *,
        patience: float = PATIENCE,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._url = url
        self._host = httpx.URL(url).host
        self._secret = secret.encode()
        self._zone = zone
        self._clock = clock
        self._http = httpx.AsyncClient(timeout=patience, follow_redirects=False, trust_env=False)

    async def send(self, message: Message, how: Dispatch) -> str | None:
        """Post a message; return its idempotency key."""
        key = f"{how.random_id & (2**64 - 1):016x}"
        await self._post("new", message, how, key)
        return key

    async def edit(self, message: Message, how: Dispatch, sent: str) -> None:
        """Post a message again with what came to it."""
        await self._post("update", message, how, sent)

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _post(self, event: str, message: Message, how: Dispatch, key: str) -> None:
        body = orjson.dumps({"event": event, "key": key, "reply_to": how.reply_to, **payload(message, self._zone)})
        stamp = str(int(self._clock()))
        headers = {
            "Content-Type": "application/json",
            # Two updates of one message are two; one that is sent again is the same.
            "Idempotency-Key": key if event == "new" else f"{key}-{hashlib.sha256(body).hexdigest()[:16]}",
            "X-Monitor-Timestamp": stamp,
            "X-Monitor-Signature": signature(self._secret, stamp, body),
        }
        try:
            # The answer's body is of no use to us, and could be endless.
            async with self._http.stream("POST", self._url, content=body, headers=headers) as answer:
                self._check(answer)
        except httpx.TimeoutException as error:
            raise NotifierError(f"{self._host} (WEBHOOK_URL) does not answer; tried again", passing=True) from error
        except httpx.HTTPError as error:
            reason = type(error).__name__
            raise NotifierError(
                f"{self._host} (WEBHOOK_URL) cannot be reached ({reason}); tried again", passing=True
            ) from error

    def _check(self, answer: httpx.Response) -> None:
        status = answer.status_code
        if answer.is_success:
            return
        what = f"{self._host} (WEBHOOK_URL) answers {status}"
        if status in (429, 503) and "Retry-After" in answer.headers:
            raise NotifierError(f"{what} and asks to wait", _seconds(answer.headers["Retry-After"], self._clock()))
        if answer.is_redirect:
            raise NotifierError(f"{what} and sends us elsewhere; redirects are not followed: write the final address")
        if status in _REFUSED:
            raise NotifierError(f"{what}: it does not take this message", refused=True)
        if answer.is_client_error and status not in (408, 425, 429):
            raise NotifierError(f"{what}; check the address and the secret")
        raise NotifierError(f"{what}; tried again", passing=True)


def address_fault(url: str) -> str | None:
    """Say what is wrong with an address; None: it can be posted to."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        return "is no address; write one as https://desk.example.org/alerts"
    local = parsed.host in ("localhost", "127.0.0.1", "::1")
    if not parsed.host or (parsed.scheme != "https" and not (parsed.scheme == "http" and local)):
        return "must begin with https:// (http:// only for an address on this machine)"
    return None


def signature(secret: bytes, stamp: str, body: bytes) -> str:
    """Return the signature of a body sent at `stamp` (seconds since 1970, as text)."""
    return "sha256=" + hmac.new(secret, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def payload(message: Message, zone: ZoneInfo) -> dict[str, Any]:
    """Return what is posted of a message: its text to read, and the values in it."""
    common = {"id": message.id, "level": message.level, "text": render(message, zone=zone).text}
    match message:
        case Note():
            return {**common, "kind": "note", "about": message.kind, "at": message.at}
        case Bundle():
            members = [one.id for one in message.members]
            return {
                **common,
                "kind": message.kind,
                "total": message.total,
                "members": members,
                "opened": message.opened,
                "until": message.until,
            }
        case FollowUp():
            return {
                **common,
                "kind": message.kind,
                "alert": message.alert.id,
                "noticed": message.noticed,
                "revision": message.revision,
                "text_before": message.before.text,
                "post": _post(message.after),
                "rules": _rules(message.findings.matches),
                "entities": _entities(message.findings.entities),
            }
        case Alert():
            return {
                **common,
                "kind": message.kind,
                "revision": message.revision,
                "post": _post(message.post),
                "language": message.language,
                "rules": _rules(message.findings.matches),
                "entities": _entities(message.findings.entities),
                "also_in": [{"channel": one.channel.name, "url": one.url} for one in message.also_in],
                "nearly_as": message.of_story,
            }


def _post(post: Post) -> dict[str, Any]:
    return {
        "channel": {"id": post.channel.id, "name": post.channel.name, "title": post.channel.title},
        "post_id": post.id,
        "date": post.date,
        "edited": post.edited,
        "url": post.url,
        "text": post.text,
    }


def _rules(matches: tuple[Match, ...]) -> list[dict[str, Any]]:
    return [
        {
            "id": match.rule,
            "title": match.title,
            "level": match.level,
            "spans": sorted({one.span for one in match.mentions}),
        }
        for match in matches
    ]


def _entities(entities: tuple[EntityMention, ...]) -> list[dict[str, Any]]:
    return [
        {"id": one.id, "kind": one.kind, "name": one.name, "spans": sorted({mention.span for mention in one.mentions})}
        for one in entities
    ]


def _seconds(text: str, now: float) -> float:
    """Read a Retry-After: seconds, or a date; at most an hour is believed."""
    if text.strip().isdecimal():
        return min(_MOST_WAIT, float(text.strip()))
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return 60.0
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(_MOST_WAIT, max(1.0, (until - datetime.fromtimestamp(now, UTC)).total_seconds()))
