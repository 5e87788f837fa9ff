"""The server in a thread of its own, for tests that run the program as a process and have no event loop.

with LoopbackThread() as server:
    channel = server.world.add_channel("news_example")
    server.world.post(channel, "first post")
    subprocess.run([..., "monitor", "run"], env={"TELEGRAM_SERVER": server.address, ...})
    assert server.journal.count("messages.getHistory") == 1
"""

from __future__ import annotations

import asyncio
import inspect
import threading
from types import TracebackType
from typing import Any, Self

from tests.loopback.server import LoopbackServer

_PARTS = frozenset({"world", "faults", "limits", "journal", "updates", "logins", "queries"})


class LoopbackThread:
    """A LoopbackServer with the same methods and parts; every call is made in the server's thread and waited for.

    Plain values (`address`, `errors`, a channel's `box`) are read as they are.
    """

    def __init__(self, server: LoopbackServer | None = None) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="loopback", daemon=True)
        self._server = server or LoopbackServer()

    def __enter__(self) -> Self:
        self._thread.start()
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def __getattr__(self, name: str) -> Any:
        return _part(self._loop, self._server, name)

    def set(self, **values: Any) -> None:
        """Set plain values of the server, e.g. `set(fill_pages=True)`."""
        for name, value in values.items():
            setattr(self._server, name, value)


class _Part:
    """A part of the server, whose methods run in the server's thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop, part: Any) -> None:
        object.__setattr__(self, "_loop", loop)
        object.__setattr__(self, "_part", part)

    def __getattr__(self, name: str) -> Any:
        return _part(self._loop, self._part, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._part, name, value)


def _part(loop: asyncio.AbstractEventLoop, owner: Any, name: str) -> Any:
    value = getattr(owner, name)
    if name in _PARTS:
        return _Part(loop, value)
    if not callable(value):
        return value

    def call(*given: Any, **named: Any) -> Any:
        async def run() -> Any:
            done = value(*given, **named)
            return await done if inspect.isawaitable(done) else done

        return asyncio.run_coroutine_threadsafe(run(), loop).result()

    return call
