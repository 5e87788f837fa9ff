"""One TCP connection: decrypting, framing and answering MTProto messages (core.telegram.org/mtproto/description)."""

from __future__ import annotations

import asyncio
import hashlib
import os
import struct
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from telethon.crypto import AES, AuthKey
from telethon.errors import TypeNotFoundError
from telethon.network.mtprotostate import MTProtoState
from telethon.tl import TLRequest, types
from telethon.tl.functions import (
    DestroySessionRequest,
    GetFutureSaltsRequest,
    PingDelayDisconnectRequest,
    PingRequest,
)

from tests.loopback import rpc, wire
from tests.loopback.errors import HungUpError, bad_request
from tests.loopback.handshake import Handshake
from tests.loopback.logins import Login
from tests.loopback.peers import User
from tests.loopback.transport import negotiate

if TYPE_CHECKING:
    from tests.loopback.server import LoopbackServer

# A client's message must not be older or newer than this, in seconds.
_TOO_OLD = 300
_TOO_NEW = 30
_BAD_SALT = 48
_ID_TOO_LOW = 16
_ID_TOO_HIGH = 17


class Connection:
    """A client's connection; what must survive it (keys, logins, the world) belongs to the server."""

    def __init__(
        self, server: LoopbackServer, number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.server = server
        self.number = number
        # Deaf: reads everything and does nothing (a half-open connection).
        self.deaf = False
        # Whether updates are pushed to it: from its first call on that is not under invokeWithoutUpdates.
        self.wants_updates = False
        self.layer = 0
        self._reader = reader
        self._writer = writer
        self._codec: Any = None
        self._handshake = Handshake()
        self._key: AuthKey | None = None
        self._session = 0
        self._greeted = False
        self._sequence = 0
        self._last_id = 0
        self._truncate = False

    @property
    def login(self) -> Login:
        """The state of this connection's key."""
        assert self._key is not None
        return self.server.logins.of(self._key.key_id)

    @property
    def key_id(self) -> int:
        """The id of this connection's key; 0 before there is one."""
        return self._key.key_id if self._key else 0

    @property
    def account(self) -> User | None:
        """Who is signed in here."""
        if self._key is None or self._key.key_id not in self.server.logins.keys:
            return None
        return self.login.account

    async def serve(self) -> None:
        """Read and answer packets until the client or the server closes the connection."""
        try:
            self._codec, reader = await negotiate(self._reader)
            while True:
                packet = await self._codec.read_packet(reader)
                if not self.deaf:
                    self._take_packet(packet)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        except HungUpError as hangup:
            self.hang_up(hangup.code)
        except (struct.error, ValueError, BufferError):
            # Bytes that are no packet of the protocol.
            self.hang_up(404)
        finally:
            self.close()
            with suppress(ConnectionError):
                await self._writer.wait_closed()

    def close(self) -> None:
        """Close the connection."""
        self._writer.close()

    def hang_up(self, code: int = 0) -> None:
        """Close the connection, with a transport error first unless `code` is 0."""
        if code:
            self._write(struct.pack("<i", -code))
        self.close()

    def truncate_next(self) -> None:
        """Send only half of the next packet, then close."""
        self._truncate = True

    def _write(self, payload: bytes) -> None:
        if self._writer.is_closing() or self.deaf:
            return
        packet = self._codec.encode_packet(payload)
        if self._truncate:
            self._writer.write(packet[: len(packet) // 2])
            self.close()
        else:
            self._writer.write(packet)

    # What comes in

    def _take_packet(self, packet: bytes) -> None:
        if len(packet) < 24:
            raise HungUpError(404)
        (key_id,) = struct.unpack_from("<Q", packet)
        if key_id == 0:
            self._take_handshake(packet[20:])
            return
        key = self.server.logins.keys.get(key_id)
        if key is None:
            raise HungUpError(404)
        self._key = key
        plain = AES.decrypt_ige(packet[24:], *MTProtoState._calc_key(key.key, packet[8:24], True))
        if hashlib.sha256(key.key[88:120] + plain).digest()[8:24] != packet[8:24]:
            raise HungUpError(404)
        salt, session, message_id, sequence, length = struct.unpack_from("<qqqii", plain)
        if session != self._session:
            self._session, self._sequence, self._greeted = session, 0, False
        if self._in_order(message_id, sequence, salt):
            self._greet(message_id)
            self._take(message_id, sequence, plain[32 : 32 + length])

    def _take_handshake(self, body: bytes) -> None:
        answer = self._handshake.answer(wire.read(body))
        if self._handshake.key is not None:
            self.server.logins.add(self._handshake.key)
        self._write(struct.pack("<qqi", 0, self._next_id(answering=True), len(answer)) + answer)

    def _greet(self, message_id: int) -> None:
        if not self._greeted:
            self._greeted = True
            self.send(types.NewSessionCreated(message_id, self._session, self.server.salt))

    def _in_order(self, message_id: int, sequence: int, salt: int) -> bool:
        """Check salt and time of a message; complain of what is wrong."""
        if salt != self.server.salt:
            self.send(types.BadServerSalt(message_id, sequence, _BAD_SALT, self.server.salt), content=False)
            return False
        age = time.time() - (message_id >> 32)
        if -_TOO_NEW <= age <= _TOO_OLD:
            return True
        code = _ID_TOO_LOW if age > 0 else _ID_TOO_HIGH
        self.send(types.BadMsgNotification(message_id, sequence, code), content=False)
        return False

    def _take(self, message_id: int, sequence: int, body: bytes) -> None:
        (constructor,) = struct.unpack_from("<I", body)
        if constructor == wire.CONTAINER:
            for inner in wire.contained(body):
                self._take(*inner)
        elif constructor == wire.PACKED:
            self._take(message_id, sequence, wire.unpack(body))
        elif constructor != wire.ACKNOWLEDGE:
            self._take_request(message_id, body)

    def _take_request(self, message_id: int, body: bytes) -> None:
        try:
            request = wire.read(body)
        except TypeNotFoundError:
            refusal = wire.encode_error(bad_request("INPUT_METHOD_INVALID"))
            self.send(wire.result(message_id, refusal), answering=True)
            return
        if isinstance(request, (PingRequest, PingDelayDisconnectRequest)):
            self.send(types.Pong(message_id, request.ping_id), answering=True, content=False)
        elif isinstance(request, DestroySessionRequest):
            self.send(types.DestroySessionOk(request.session_id), answering=True)
        elif isinstance(request, GetFutureSaltsRequest):
            self.send(types.FutureSalts(message_id, int(time.time()), []), answering=True)
        elif isinstance(request, TLRequest):
            self.server.start_task(rpc.answer(self, message_id, request))

    # What goes out

    def _next_id(self, *, answering: bool) -> int:
        """Return a message id: the time in 2⁻³² s, rising; odd, and 1 modulo 4 when it answers a message."""
        now = int(time.time() * 2**30) << 2
        self._last_id = max(now, self._last_id + 4)
        return self._last_id | (1 if answering else 3)

    def send(self, message: Any, *, answering: bool = False, content: bool = True) -> None:
        """Send an object, or the bytes of one; `content` is False for service messages that need no acknowledgement."""
        if self._key is None:
            return
        body = bytes(message)
        sequence = self._sequence * 2 + content
        self._sequence += content
        head = struct.pack(
            "<qqqii", self.server.salt, self._session, self._next_id(answering=answering), sequence, len(body)
        )
        plain = head + body
        plain += os.urandom(-(len(plain) + 12) % 16 + 12)
        key = self._key.key
        message_key = hashlib.sha256(key[96:128] + plain).digest()[8:24]
        sealed = AES.encrypt_ige(plain, *MTProtoState._calc_key(key, message_key, False))
        self._write(struct.pack("<Q", self._key.key_id) + message_key + sealed)
