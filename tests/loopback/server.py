"""The loopback server itself: listening, connections, and what outlives them."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from telethon.crypto import rsa as telethon_rsa
from telethon.errors import SessionPasswordNeededError
from telethon.sessions import MemorySession
from telethon.tl import types

from tests.loopback import keys
from tests.loopback.connection import Connection
from tests.loopback.content import DC
from tests.loopback.errors import RpcError
from tests.loopback.faults import Faults
from tests.loopback.journal import Journal
from tests.loopback.limits import Limits
from tests.loopback.logins import Logins
from tests.loopback.messages import now
from tests.loopback.methods import METHODS
from tests.loopback.peers import Channel, Peer, User
from tests.loopback.pushing import Pusher
from tests.loopback.queries import Queries
from tests.loopback.world import World


class LoopbackServer:
    """A Telegram server on 127.0.0.1, for as long as its `async with` lasts.

        async with LoopbackServer() as server:
            channel = server.world.add_channel("news_example")
            server.world.post(channel, "first post")
            server.address      # "2@127.0.0.1:40001", for TELEGRAM_SERVER
            server.key_file     # the public key, for TELEGRAM_SERVER_KEY

    The world, keys, logins and random ids live as long as this object: `stop` and `start` make a restart.
    `journal` has all calls, `errors` what went wrong in this server itself, `unknown` methods that it does not know.
    """

    def __init__(
        self,
        world: World | None = None,
        *,
        port: int = 0,
        seed: int = 1,
        login_code: str = "22222",
        api: tuple[int, str] | None = None,
    ) -> None:
        """`port` 0 takes a free one; `api` is the one (id, hash) that is accepted, None means any."""
        self.world = world or World()
        self.port = port
        self.login_code = login_code
        self.api = api
        self.logins = Logins()
        self.faults = Faults(seed)
        self.limits = Limits()
        self.journal = Journal()
        self.queries = Queries()
        self.methods = METHODS
        # What a random_id of an account and peer became: the id of the message (see methods/sending.py).
        self.sent: dict[tuple[Any, ...], int] = {}
        # And back: which random_id a message of an account in a chat came from.
        self.random_ids: dict[tuple[int, str, int], int] = {}
        # Until when accounts hear of channels that they look at without having joined them (time.monotonic).
        self.watching: dict[tuple[int, int], float] = {}
        # Parts of files that are being uploaded, by account and file id.
        self.uploads: dict[tuple[int, int], dict[int, bytes]] = {}
        self.salt = 0x1122334455667788
        # Whether a page of history that reaches beyond the newest post is filled up with older ones.
        self.fill_pages = False
        # Whether getPeerDialogs also serves channels that the account has not joined.
        self.dialogs_of_strangers = True
        # Whether new connections are closed at once.
        self.refuse = False
        self.errors: list[Exception] = []
        self.unknown: list[str] = []
        self.connections: list[Connection] = []
        self._count = 0
        self._flying: set[tuple[Any, ...]] = set()
        self._listener: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._serving: set[asyncio.Task[Any]] = set()
        self.world.listeners.append(Pusher(self))

    @property
    def dc(self) -> int:
        """The number of the data centre that this server is."""
        return DC

    @property
    def address(self) -> str:
        """Where it listens, as `dc@host:port`."""
        return f"{self.dc}@127.0.0.1:{self.port}"

    @property
    def key_file(self) -> Path:
        """The file of its public RSA key (PEM, PKCS#1)."""
        return keys.PUBLIC_KEY_FILE

    def session(self, session: Any = None) -> Any:
        """Return a telethon session (a new one in memory, or the given one) that leads here; its key is trusted.

        No StringSession: it spoils keys that begin with zeros (see handshake.py), one in 256.
        """
        telethon_rsa.add_key(self.key_file.read_text(), old=False)
        session = session or MemorySession()
        session.set_dc(self.dc, "127.0.0.1", self.port)
        return session

    async def sign_in(self, client: Any, user: User) -> None:
        """Sign a connected client in as a user, with phone number, code and password."""
        sent = await client.send_code_request(user.phone)
        try:
            await client.sign_in(user.phone, self.login_code, phone_code_hash=sent.phone_code_hash)
        except SessionPasswordNeededError:
            await client.sign_in(password=user.password)

    async def start(self) -> None:
        """Listen; on the same port as before, after a stop."""
        self._listener = await asyncio.start_server(self._accept, "127.0.0.1", self.port)
        self.port = self._listener.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Close all connections and listen no more; calls that are being executed are given up."""
        if self._listener is not None:
            self._listener.close()
        self.close_connections()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, *self._serving, return_exceptions=True)
        if self._listener is not None:
            await self._listener.wait_closed()
            self._listener = None

    async def restart(self) -> None:
        """Stop and start again, as a server does that is updated."""
        await self.stop()
        await self.start()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.refuse:
            writer.close()
            return
        self._count += 1
        connection = Connection(self, self._count, reader, writer)
        self.connections.append(connection)
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        try:
            await connection.serve()
        finally:
            self.connections.remove(connection)
            self._serving.discard(task)

    def start_task(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something beside the connections, until the server stops."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def watch(self, channel: Channel, account: User, seconds: float) -> None:
        """Let an account hear of a channel for some seconds, as Telegram does for those that are looked at."""
        if account.id not in channel.members:
            self.watching[channel.id, account.id] = time.monotonic() + seconds

    def watchers(self, channel: Channel) -> list[User]:
        """Return who looks at a channel now without having joined it."""
        now = time.monotonic()
        return [
            self.world.users[account]
            for (watched, account), until in self.watching.items()
            if watched == channel.id and until > now and account not in channel.members
        ]

    # What a test can do to clients

    def close_connections(self, account: User | None = None) -> None:
        """Close the connections of an account, or all."""
        for connection in list(self.connections):
            if account in {None, connection.account}:
                connection.close()

    def forget_keys(self, account: User) -> None:
        """Forget the authorisation keys of an account and close its connections: its session is worthless."""
        connections = [connection for connection in self.connections if connection.account is account]
        self.logins.forget(account)
        for connection in connections:
            connection.close()

    def end_sessions(self, account: User, error: str = "SESSION_REVOKED") -> None:
        """End all sessions of an account with an error: SESSION_REVOKED, AUTH_KEY_UNREGISTERED, AUTH_KEY_DUPLICATED,
        USER_DEACTIVATED_BAN …"""
        self.logins.end(account, RpcError(406 if error == "AUTH_KEY_DUPLICATED" else 401, error))

    def change_salt(self) -> None:
        """Use another salt from now on."""
        self.salt = random.getrandbits(62)

    def accept_qr(self, account: User) -> None:
        """Let an account scan the QR code that was shown last."""
        self.let_in(list(self.logins.tokens)[-1], account)

    def let_in(self, code: bytes, account: User) -> None:
        """Let the client that shows a QR code in as an account, and tell it so; raises AUTH_TOKEN_… errors."""
        token = self.logins.accept(code, account)
        for connection in self.connections:
            if connection.key_id == token.key_id:
                connection.send(types.UpdateShort(types.UpdateLoginToken(), now()))

    async def press(self, user: User, place: Peer, message_id: int, data: bytes) -> Any:
        """Let a user press a button of a bot's message; returns what the bot shows (messages.BotCallbackAnswer).

        `place` is the bot (private chat), or the group or channel; `message_id` counts in the user's box (or the
        channel). Raises RpcError BOT_RESPONSE_TIMEOUT if the bot does not answer.
        """
        return await self.queries.ask(self.world, user, place, message_id, data)

    @contextmanager
    def in_flight(self, sending: tuple[Any, ...] | None) -> Iterator[None]:
        """Hold a sending; raises RANDOM_ID_DUPLICATE while the same one is already being executed."""
        if sending is None:
            yield
            return
        if sending in self._flying:
            raise RpcError(500, "RANDOM_ID_DUPLICATE")
        self._flying.add(sending)
        try:
            yield
        finally:
            self._flying.discard(sending)
