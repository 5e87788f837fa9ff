"""A page on loopback: `GET /metrics`, and nothing else."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable

import structlog
from prometheus_client import CONTENT_TYPE_LATEST

log = structlog.get_logger()

HOST = "127.0.0.1"
_PATIENCE = 10.0  # seconds that a request may take to come, and its page to be made
_LONGEST = 8192  # bytes of a request


class MetricsServer:
    """Answers each connection once, from the daemon's own loop: where that hangs, no page comes, which tells it."""

    def __init__(self, port: int, page: Callable[[], Awaitable[bytes]]) -> None:
        self._port = port
        self._page = page
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Listen. OSError in one sentence: the port cannot be had."""
        try:
            self._server = await asyncio.start_server(self._serve, HOST, self._port, limit=_LONGEST)
        except OSError as error:
            why = os.strerror(error.errno) if error.errno else str(error)
            raise OSError(f"METRICS_PORT: port {self._port} on {HOST} cannot be had ({why}); choose another") from error

    async def close(self) -> None:
        """Listen no more."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_PATIENCE):
                head = await reader.readuntil(b"\r\n\r\n")
                writer.write(await self._answer(head))
                await writer.drain()
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # whoever asked is gone, slow or no HTTP client
        except Exception as error:  # a page's boundary
            log.error("metrics_failed", error=str(error), exc_info=error)
        finally:
            writer.close()

    async def _answer(self, head: bytes) -> bytes:
        method, _, rest = head.split(b"\r\n", 1)[0].partition(b" ")
        path = rest.split(b" ", 1)[0].split(b"?", 1)[0]
        if method not in (b"GET", b"HEAD"):
            return _response("405 Method Not Allowed", b"only GET\n")
        if path != b"/metrics":
            return _response("404 Not Found", b"the figures are at /metrics\n")
        page = await self._page()
        return _response("200 OK", page, CONTENT_TYPE_LATEST, body=method == b"GET")


def _response(status: str, content: bytes, kind: str = "text/plain; charset=utf-8", *, body: bool = True) -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(content)}\r\nConnection: close\r\n\r\n"
    return head.encode() + (content if body else b"")
