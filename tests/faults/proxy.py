"""A network that fails: a proxy on loopback between the program and the server, told by the test what to do."""

from __future__ import annotations

import asyncio
import socket
import struct
from contextlib import suppress
from typing import Self


class Proxy:
    """Passes bytes between whoever connects and a port; a context manager. Changes hold for open connections, too."""

    def __init__(self, to: int) -> None:
        self.port = 0
        self.delay = 0.0  # seconds that each piece takes on its way
        self.silent = False  # nothing passes any more, and the connections stay open
        self.refuse = False  # new connections are cut at once
        self.connections = 0  # how many there have been
        self._to = to
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        self.cut()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def cut(self, *, reset: bool = False) -> None:
        """Close all connections; with `reset` the other side hears of an error (RST) instead of an end."""
        for writer in list(self._writers):
            if reset:
                linger = struct.pack("ii", 1, 0)
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writers.add(writer)
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            if self.refuse:
                return
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._to)
            self._writers.add(far_writer)
            there = asyncio.create_task(self._pass_on(reader, far_writer))
            back = asyncio.create_task(self._pass_on(far_reader, writer))
            await asyncio.wait({there, back}, return_when=asyncio.FIRST_COMPLETED)
            for one in (there, back):
                one.cancel()
            await asyncio.gather(there, back, return_exceptions=True)
            self._writers.discard(far_writer)
            far_writer.close()
        finally:
            self._writers.discard(writer)
            self._tasks.discard(task)
            with suppress(OSError):
                writer.close()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                await asyncio.sleep(self.delay)
                if not self.silent:
                    writer.write(data)
                    await writer.drain()
