"""From a call to its answer: unwrapping, login, limits, faults, the method itself."""

from __future__ import annotations

import inspect
import time
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from telethon.tl.functions import (
    InitConnectionRequest,
    InvokeAfterMsgRequest,
    InvokeAfterMsgsRequest,
    InvokeWithLayerRequest,
    InvokeWithoutUpdatesRequest,
)

from tests.loopback import wire
from tests.loopback.errors import HungUpError, RpcError, bad_request
from tests.loopback.journal import Request
from tests.loopback.peers import User

if TYPE_CHECKING:
    from tests.loopback.connection import Connection
    from tests.loopback.server import LoopbackServer
    from tests.loopback.world import World

# The connection whose call is being executed: it gets the consequences as the answer, and not as updates too.
acting: ContextVar[Connection | None] = ContextVar("acting", default=None)

_WRAPPERS = (
    InvokeWithLayerRequest,
    InitConnectionRequest,
    InvokeWithoutUpdatesRequest,
    InvokeAfterMsgRequest,
    InvokeAfterMsgsRequest,
)


@dataclass(frozen=True, slots=True)
class Call:
    """A call as a method sees it; `account` is who is signed in (for methods open to anyone: it may be nobody)."""

    connection: Connection
    request: Any
    account: User

    @property
    def server(self) -> LoopbackServer:
        """The server."""
        return self.connection.server

    @property
    def world(self) -> World:
        """The server's world."""
        return self.connection.server.world


async def answer(connection: Connection, message_id: int, request: Any) -> None:
    """Execute a call and send its answer, with the fault that is due."""
    server = connection.server
    request = _unwrap(connection, request)
    method: Any = type(request)
    name = wire.method_name(method)
    account = connection.account
    now = time.monotonic()
    server.journal.requests.append(Request(now, time.time(), name, account, request, connection.number))
    fault = server.faults.next(name, account)
    flight = _flight(account, request)
    try:
        with server.in_flight(flight):
            try:
                if fault is not None:
                    await fault.before(connection)
                body = wire.encode(await _execute(connection, name, request))
            except RpcError as error:
                body = wire.encode_error(error)
            if fault is not None:
                body = await fault.after(connection, body)
    except RpcError as error:
        body = wire.encode_error(error)
    except HungUpError as hangup:
        connection.hang_up(hangup.code)
        return
    except Exception as error:
        # A mistake of this server, not of the client: the test that owns the server looks at `errors`.
        server.errors.append(error)
        body = wire.encode_error(RpcError(500, "INTERNAL"))
    connection.send(wire.result(message_id, body), answering=True)


def _unwrap(connection: Connection, request: Any) -> Any:
    """Return the call inside its wrappers, and note what they say of the connection."""
    updates = True
    while isinstance(request, _WRAPPERS):
        if isinstance(request, InvokeWithLayerRequest):
            connection.layer = request.layer
        if isinstance(request, InvokeWithoutUpdatesRequest):
            updates = False
        request = request.query
    connection.wants_updates |= updates
    return request


async def _execute(connection: Connection, name: str, request: Any) -> wire.Answer:
    server = connection.server
    method = server.methods.get(type(request))
    if method is None:
        server.unknown.append(name)
        raise bad_request("INPUT_METHOD_INVALID")
    login = connection.login
    if login.ended is not None:
        raise login.ended
    if login.account is None and not method.anyone:
        raise RpcError(401, "SESSION_PASSWORD_NEEDED" if login.half else "AUTH_KEY_UNREGISTERED")
    if login.account is not None:
        if login.account.bot and not method.bots:
            raise bad_request("BOT_METHOD_INVALID")
        if not login.account.bot and not method.users:
            raise bad_request("USER_BOT_REQUIRED")
        server.limits.call(name, login.account)
    acting.set(connection)
    done = method.run(Call(connection, request, login.account or _NOBODY))
    return await done if inspect.isawaitable(done) else done


def _flight(account: User | None, request: Any) -> tuple[Any, ...] | None:
    """Return what makes a sending unique: account, peer and random_id; None for calls without one."""
    random_id = getattr(request, "random_id", None)
    if account is None or not isinstance(random_id, int):
        return None
    return account.id, bytes(request.peer), random_id


_NOBODY = User(0, "nobody")
