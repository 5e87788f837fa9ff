"""One account's connection to Telegram: signs nothing in, decides nothing, retries nothing.

telethon would sleep through limits, ask again after errors, reconnect by itself and keep the state of all channels by
requests of its own. All of that is for whoever keeps the budget of requests to decide, so here a request is sent once,
and what comes of it is an answer or an error of `monitor.sources.source`. A lost connection is made anew by the next
request.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from telethon import TelegramClient
from telethon.extensions import BinaryReader
from telethon.tl import TLObject, TLRequest, functions, types

from monitor.sources.source import SourceError, Unreachable
from monitor.telegram.accounts import Account, App, Server, account_of
from monitor.telegram.errors import source_error
from monitor.telegram.listening import telethon_client
from monitor.telegram.session import SessionFile

PATIENCE = 30.0  # seconds for an answer
_LOOK_AT_CLOCK = 1.0  # seconds
_STEP = 5.0  # seconds by which the wall's clock may drift against the monotonic one before it has stepped


class Garbled(Unreachable):
    """An answer holds something that telethon does not know; `raw` is the whole of it."""

    def __init__(self, raw: bytes) -> None:
        super().__init__("Telegram's answer cannot be read; a newer telethon may help")
        self.raw = raw


class Client:
    """A session and its connection; requests are sent one by one, pushed updates come out of `updates`.

    `take` takes the session when the connection is first made. With `events=True` telethon keeps the account's state
    itself and calls `handlers` (a coroutine function and what it is called for): what a bot and the signing in need.
    `patience` is how long an answer is waited for, in seconds.
    """

    def __init__(
        self,
        take: Callable[[], SessionFile],
        app: App,
        server: Server | None = None,
        *,
        events: bool = False,
        handlers: Sequence[tuple[Callable[..., Any], Any]] = (),
        patience: float = PATIENCE,
    ) -> None:
        self._take = take
        self._app = app
        self._server = server
        self._events = events
        self._handlers = handlers
        self._patience = patience
        self._session: SessionFile | None = None
        self._telethon: TelegramClient | None = None
        self._up = False
        self._changing = asyncio.Lock()
        self._listeners: set[asyncio.Queue[TLObject | SourceError | None]] = set()
        self._watching: asyncio.Task[None] | None = None

    @property
    def telethon(self) -> TelegramClient:
        """The telethon client behind this; to be asked for once `connect` has been called."""
        assert self._telethon is not None, "connect first"
        return self._telethon

    @property
    def session(self) -> SessionFile:
        """The session; to be asked for once `connect` has been called."""
        assert self._session is not None, "connect first"
        return self._session

    @property
    def clock_ahead(self) -> float | None:
        """By how many seconds Telegram's clock is ahead of ours; None: not connected.

        0 while ours is within what Telegram puts up with: half a minute fast, five minutes slow.
        """
        if self._watching is None or not self.telethon.is_connected():
            return None
        return float(self.telethon._sender._state.time_offset)

    async def connect(self) -> None:
        """Make the connection unless it stands; SourceError where that fails."""
        async with self._changing:
            if self._telethon is None:
                self._open()
            elif self.telethon.is_connected():
                return
            else:
                await self._drop()  # telethon's loops of the connection before do not end by themselves
                # The numbers of messages are times, and only go up: with those from before a step back of the clock,
                # Telegram would see nothing wrong for minutes, and so not tell how far our clock is off.
                self.telethon._sender._state.reset()
            self._up = True
            try:
                await _settled(self.telethon.connect(), self._patience)
                if not self._events:
                    # Telegram pushes only after a request that counts, and says here whether it still knows the key.
                    await _settled(self.telethon(functions.updates.GetStateRequest()), self._patience)
            except BaseException:
                await self._drop()
                raise
            self._watching = asyncio.create_task(self._watch(self.telethon.disconnected))

    async def request(
        self,
        request: TLRequest,
        action: str | None = None,
        read: Callable[[BinaryReader], Any] | None = None,
        *,
        dc: int | None = None,
    ) -> Any:
        """Send one request, once, and return the answer; SourceError (Garbled too) where there is none.

        `read` reads the answer's bytes in place of telethon's own way. `dc` is the data centre to ask, where that is
        not the account's own; the first request to another one takes some more, by which that lets the account in.
        """
        await self.connect()
        request.read_result = partial(_read, read or type(request).read_result)
        try:
            # telethon's own way to call sleeps two seconds over an error of the server and then asks again, and
            # refuses every request of a kind that was limited once.
            sender = await self._sender(dc, action)
            answer = sender.send(request)
        except ConnectionError as error:
            raise source_error(error, action) from error
        try:
            return await _settled(answer, self._patience, action)
        except Unreachable as error:
            if isinstance(error.__cause__, TimeoutError):
                self._hand_on(error)
                await self.disconnect()  # a connection that is silent for so long is dead
            raise

    def reaches(self, dc: int) -> bool:
        """Tell whether a data centre can be asked without being let in first."""
        known = self._telethon
        return known is not None and (dc == known.session.dc_id or dc in known._borrowed_senders)

    async def _sender(self, dc: int | None, action: str | None) -> Any:
        """Return what sends to a data centre: the account's own, or one that telethon signs in there and keeps."""
        telethon = self.telethon
        if dc is None or dc == telethon.session.dc_id:
            return telethon._sender
        _, kept = telethon._borrowed_senders.get(dc, (None, None))
        if kept is not None and not kept.is_connected():
            del telethon._borrowed_senders[dc]  # telethon would hand out one that broke off
        return await _settled(telethon._borrow_exported_sender(dc), self._patience, action)

    async def account(self) -> Account:
        """Ask who is signed in; AccessLost where nobody is."""
        return account_of(await self.request(functions.users.GetUsersRequest([types.InputUserSelf()])))

    async def updates(self) -> AsyncIterator[TLObject]:
        """Give what Telegram pushes, as it comes; SourceError when the connection breaks, an end when it is closed."""
        queue: asyncio.Queue[TLObject | SourceError | None] = asyncio.Queue()
        self._listeners.add(queue)
        try:
            await self.connect()
            while (found := await queue.get()) is not None:
                if isinstance(found, SourceError):
                    raise found
                yield found
        finally:
            self._listeners.discard(queue)

    async def settled(self, work: Awaitable[Any], action: str | None = None) -> Any:
        """Wait for something that telethon does itself; its errors come out in our words."""
        return await _settled(work, self._patience, action)

    async def disconnect(self) -> None:
        """Close the connection until the next request; the session stays ours."""
        async with self._changing:
            await self._drop()

    async def forget(self) -> None:
        """Close the connection and remove the session from the disk."""
        async with self._changing:
            await self._drop()
            if self._session is not None:
                self._session.delete()
        await self.close()

    async def close(self) -> None:
        """Close the connection and let the session go; never raises."""
        async with self._changing:
            await self._drop()
            self._telethon = None
            if self._session is not None:
                self._session.close()
                self._session = None

    def _open(self) -> None:
        self._session = self._take()
        try:
            self._telethon = telethon_client(self._session, self._app, self._server, listening=not self._events)
        except SourceError:
            self._session.close()
            self._session = None
            raise
        self._telethon.hand_on = self._hand_on
        for callback, event in self._handlers:
            self._telethon.add_event_handler(callback, event)

    async def _drop(self) -> None:
        if self._up:
            self._up = False
            with suppress(sqlite3.Error, OSError):  # a disk that is full loses telethon's notes, which we do not need
                await self.telethon.disconnect()
            ended = self.telethon.disconnected
            if ended.done() and not ended.cancelled():
                ended.exception()  # it was raised elsewhere already, and asyncio would complain of it
        if self._watching is not None:
            await asyncio.wait([self._watching])
            self._watching = None

    def _hand_on(self, update: TLObject | SourceError | None) -> None:
        for queue in self._listeners:
            queue.put_nowait(update)

    async def _watch(self, ended: asyncio.Future[None]) -> None:
        """Tell the listeners when the connection ends, since telethon's loops end in silence.

        It is ended when the wall's clock steps: telethon takes what comes next for forged and throws it away.
        """
        before = _clocks_apart()
        while not ended.done():
            await asyncio.wait([ended], timeout=_LOOK_AT_CLOCK)
            if abs(_clocks_apart() - before) > _STEP and not ended.done():
                await self.telethon.disconnect()
        error = None if ended.cancelled() else ended.exception()
        if error is None and self._up:
            error = ConnectionAbortedError()  # telethon gave it up, because nothing came back
        self._hand_on(None if error is None else source_error(error))


def _clocks_apart() -> float:
    """Return how far the wall's clock is before the monotonic one, in seconds; it jumps when the wall's is set."""
    return time.time() - time.monotonic()


def _read(read: Callable[[BinaryReader], Any], reader: BinaryReader) -> Any:
    """Read an answer, and keep its bytes where that fails, for one odd post would else be lost without a trace."""
    raw = bytes(reader.get_bytes())
    try:
        return read(reader)
    except Exception as error:  # what a parser makes of foreign bytes has no common kind
        raise Garbled(raw) from error


async def _settled(work: Awaitable[Any], patience: float, action: str | None = None) -> Any:
    """Wait for telethon; its errors come out as ours, and what it cancels is no cancellation of our own task."""
    future = asyncio.ensure_future(work)
    try:
        await asyncio.wait([future], timeout=patience)
    except asyncio.CancelledError:
        future.cancel()
        raise
    error: BaseException | None
    if not future.done():
        future.cancel()
        error = TimeoutError()
    elif future.cancelled():
        error = ConnectionAbortedError()
    else:
        error = future.exception()
    if error is None:
        return future.result()
    if isinstance(error, Garbled):
        raise error
    raise source_error(error, action) from error
