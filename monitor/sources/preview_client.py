"""Fetches pages of t.me/s over HTTPS: one request a call, bounded in size and time, conditional where that is served.

Redirects are not followed: to the channel's plain page they mean that it has no preview, elsewhere nothing good.
"""

from __future__ import annotations

import asyncio
import ssl
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from importlib.metadata import version
from urllib.parse import urlsplit

import httpx

from monitor.sources.source import SourceError, Unreachable, Unreadable, Wait

PUBLIC_BASE = "https://t.me"
_MAX_PAGE = 4_000_000  # bytes; a page of twenty posts has some 200,000
PATIENCE = 30.0  # seconds for one page, from the first byte sent to the last one read
_KEPT = 200  # pages kept for conditional requests
_WAIT = 60.0  # seconds to wait where the far side asks for it without saying how long
_LONGEST_WAIT = 86400.0
_OURS = frozenset({"t.me", "telegram.me", "telegram.dog"})


class NoPreview(SourceError):  # noqa: N818  it is an answer, not a fault
    """There is no preview under this name: t.me leads to the plain page, or knows nothing of it."""


@dataclass(frozen=True, slots=True)
class _Kept:
    url: str
    headers: dict[str, str]
    content: bytes


class PreviewClient:
    """A client for one base address, as in `https://t.me`; raises ValueError for one that is none."""

    def __init__(self, base: str = PUBLIC_BASE, *, patience: float = PATIENCE) -> None:
        host = _host(base)
        if host is None:
            raise ValueError(f"{base!r} is no address of preview pages; write one as {PUBLIC_BASE}")
        self.base = base.rstrip("/")
        self._patience = patience
        self._hosts = _OURS | {host}
        self._client: httpx.AsyncClient | None = None
        self._kept: OrderedDict[str, _Kept] = OrderedDict()

    async def open(self) -> None:
        """Make ready to fetch; nothing is sent yet."""
        await self.close()
        headers = {
            "User-Agent": f"monitor/{version('monitor')} (reads public channels)",
            "Accept": "text/html",
            "Accept-Encoding": "gzip",
            "Accept-Language": "en",
        }
        self._client = httpx.AsyncClient(
            headers=headers, timeout=self._patience, follow_redirects=False, verify=_certificates()
        )

    async def close(self) -> None:
        """Close the connections."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def fetch(self, name: str, query: str = "") -> tuple[str, bytes]:
        """Fetch the page of a channel's name; return its address and content.

        Raises NoPreview, Wait, Unreachable, and Unreadable for an answer that is no page.
        """
        url = f"{self.base}/s/{name}{query}"
        kept = self._kept.get(name)
        condition = kept.headers if kept is not None and kept.url == url else {}
        try:
            async with asyncio.timeout(self._patience):
                answer, content = await self._get(url, condition)
        except TimeoutError as error:
            raise Unreachable(f"{url}: the page did not come within {self._patience:g} seconds") from error
        except httpx.TransportError as error:
            raise Unreachable(f"{url}: {_said(error)}") from error
        except httpx.DecodingError as error:
            raise Unreadable(f"{url}: the answer cannot be unpacked ({_said(error)})") from error
        if answer.status_code == httpx.codes.NOT_MODIFIED and kept is not None and condition:
            self._kept.move_to_end(name)
            return url, kept.content
        self._check(answer, name, url)
        self._keep(name, url, answer, content)
        return url, content

    async def _get(self, url: str, condition: dict[str, str]) -> tuple[httpx.Response, bytes]:
        assert self._client is not None, "the client is open"
        content = bytearray()
        async with self._client.stream("GET", url, headers=condition) as answer:
            if answer.status_code == httpx.codes.OK:
                async for chunk in answer.aiter_bytes():
                    content += chunk
                    if len(content) > _MAX_PAGE:
                        raise Unreadable(f"{url}: the page has more than {_MAX_PAGE // 1_000_000} MB")
        return answer, bytes(content)

    def _check(self, answer: httpx.Response, name: str, url: str) -> None:
        """Raise what an answer other than a page means."""
        status = answer.status_code
        if answer.has_redirect_location:
            raise self._led_elsewhere(answer, name, url)
        if status in (httpx.codes.NOT_FOUND, httpx.codes.GONE):
            raise NoPreview(f"t.me knows no page of @{name}")
        if status == httpx.codes.TOO_MANY_REQUESTS or (status >= 500 and "Retry-After" in answer.headers):
            seconds = _wait(answer.headers.get("Retry-After", ""), datetime.now(UTC))
            raise Wait(f"{self.base} asks to be left alone for {seconds:.0f} seconds", seconds)
        if status >= 500:
            raise Unreachable(f"{url}: the far side failed ({status})")
        if status != httpx.codes.OK:
            raise Unreadable(f"{url}: the far side refuses the page ({status}); it may block this machine's network")
        kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if kind not in ("text/html", "application/xhtml+xml"):
            raise Unreadable(f"{url}: the answer is no page but {kind[:40] or 'of no kind'}")

    def _led_elsewhere(self, answer: httpx.Response, name: str, url: str) -> SourceError:
        location = answer.headers["Location"]
        try:
            target = urlsplit(location)
            ours = not target.hostname or target.hostname in self._hosts
        except ValueError:
            return Unreadable(f"{url}: leads to what is no address")
        if ours and target.path.strip("/").lower() in (name.lower(), ""):
            return NoPreview(f"t.me shows no preview of @{name}")
        return Unreadable(f"{url}: leads to another place ({location[:60]}), which is not followed")

    def _keep(self, name: str, url: str, answer: httpx.Response, content: bytes) -> None:
        """Keep a page for the next request where the far side says by what it knows it again."""
        self._kept.pop(name, None)
        pairs = (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified"))
        headers = {asked: answer.headers[given] for asked, given in pairs if given in answer.headers}
        if headers:
            self._kept[name] = _Kept(url, headers, content)
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)


@cache
def _certificates() -> ssl.SSLContext:
    """The authorities trusted; reading them takes longer than a page does."""
    return httpx.create_ssl_context()


def _host(base: str) -> str | None:
    """The host of a base address; None where that is none."""
    try:
        parts = urlsplit(base)
        sound = parts.scheme in ("http", "https") and parts.port != 0 and not parts.query and not parts.fragment
    except ValueError:  # a port or an IPv6 address that is none
        return None
    return parts.hostname if sound else None


def _said(error: Exception) -> str:
    return str(error) or type(error).__name__


def _wait(header: str, now: datetime) -> float:
    """Return the seconds that a Retry-After asks for, given as such or as a date."""
    try:
        seconds = float(header) if header.strip().isdecimal() else (parsedate_to_datetime(header) - now).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return _WAIT
    return min(max(seconds, 1.0), _LONGEST_WAIT)
