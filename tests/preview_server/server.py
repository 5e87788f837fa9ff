"""The server: channels with posts, pages of the newest below an id, and answers out of the ordinary on demand."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.pages_example import CORPS, page, post, text

SUNDAY = datetime(2023, 6, 4, tzinfo=UTC)
Odd = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Shown:
    """One message of a channel; messages of one album have its number in common."""

    id: int
    content: str
    date: datetime
    album: int | None = None
    kind: str = "text_not_supported_wrap"


@dataclass
class PreviewChannel:
    """A channel: its messages by id, and how many of them a page shows."""

    name: str = "russvolcorps"
    id: int = CORPS
    title: str = "Русский корпус"
    page_size: int = 20
    messages: dict[int, Shown] = field(default_factory=dict)

    def publish(self, *ids: int, album: bool = False, service: bool = False) -> None:
        """Publish messages, minute by minute as their ids go; an album is one photo each."""
        for id_ in ids:
            self.messages[id_] = Shown(
                id_,
                f"Двое {id_}",
                SUNDAY + timedelta(minutes=id_),
                ids[0] if album else None,
                "service_message" if service else "text_not_supported_wrap",
            )

    def page(self, before: int | None) -> bytes:
        """The page of the newest messages below an id, albums as far as they are among them."""
        below = [id_ for id_ in sorted(self.messages) if before is None or id_ < before]
        ids = below[-self.page_size :]
        posts: dict[int, list[Shown]] = {}
        for id_ in ids:
            shown = self.messages[id_]
            posts.setdefault(shown.album or shown.id, []).append(shown)
        older = ids[0] if len(below) > len(ids) else None
        return page(*map(self._post, posts.values()), name=self.name, title=self.title, before=older)

    def _post(self, parts: list[Shown]) -> str:
        first = parts[0]
        photos = [
            f'<a class="tgme_widget_message_photo_wrap" href="https://t.me/{self.name}/{part.id}?single"></a>'
            for part in parts
            if part.album is not None
        ]
        wrapped = f'<div class="tgme_widget_message_grouped_wrap">{"".join(photos)}</div>' if photos else ""
        return post(
            first.id,
            wrapped + text(first.content),
            name=self.name,
            channel=self.id,
            date=first.date.isoformat(),
            kind=first.kind,
        )


class PreviewServer:
    """Serves `/s/NAME` of its channels; `asked` are the paths of all requests, `odd` the next answers that are odd."""

    def __init__(self) -> None:
        self.channels: dict[str, PreviewChannel] = {}
        self.asked: list[str] = []
        self.statuses: list[int] = []
        self.odd: list[Odd] = []
        self.etags = False
        self.base = ""

    def add(self, channel: PreviewChannel) -> PreviewChannel:
        """Serve a channel."""
        self.channels[channel.name.lower()] = channel
        return channel

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer one request."""
        self.asked.append(handler.path)
        if self.odd:
            self.odd.pop(0)(handler)
            return
        parts = urlsplit(handler.path)
        name = parts.path.removeprefix("/s/").lower()
        channel = self.channels.get(name)
        if channel is None:
            give(302, headers={"Location": f"https://t.me/{name}"})(handler)
            return
        before = parse_qs(parts.query).get("before")
        content = channel.page(int(before[0]) if before else None)
        headers = {"ETag": f'"{hashlib.sha256(content).hexdigest()[:16]}"'} if self.etags else {}
        if self.etags and handler.headers.get("If-None-Match") == headers["ETag"]:
            self.statuses.append(304)
            give(304, headers=headers)(handler)
            return
        self.statuses.append(200)
        give(200, content, headers)(handler)


def give(status: int, content: bytes = b"", headers: dict[str, str] | None = None, kind: str = "text/html") -> Odd:
    """An answer with this status and content."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        sent = {"Content-Type": f"{kind}; charset=utf-8", "Content-Length": str(len(content)), **(headers or {})}
        for name, value in sent.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(content)

    return answer


@contextmanager
def serving() -> Iterator[PreviewServer]:
    """Run a server on loopback for as long as the block lasts."""
    preview = PreviewServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            preview.answer(self)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    preview.base = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield preview
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
