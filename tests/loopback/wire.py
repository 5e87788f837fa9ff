"""How calls and answers stand on the wire: names of methods, wide constructors, and what Telethon leaves to hand.

Telethon can serialise and parse every constructor on both sides; it has no classes for vectors, rpc_result, rpc_error,
containers and packed objects, which its sender takes apart itself.
"""

from __future__ import annotations

import gzip
import inspect
import struct
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any

from telethon.extensions import BinaryReader
from telethon.tl import TLObject, types

from tests.loopback.errors import RpcError

ACKNOWLEDGE = 0x62D6B459
CONTAINER = 0x73F1F8DC
PACKED = 0x3072CFA1
_VECTOR = 0x1CB5C415
_TRUE = 0x997275B5
_FALSE = 0xBC799737
_RESULT = 0xF35C6D01
_ERROR = 0x2144CA19
# Answers longer than this go packed, as Telegram's do.
_PACK_FROM = 512

# An answer of a method: one object of telethon's (which has no types), a list of objects or numbers, a boolean.
Answer = Any


@cache
def method_name(call: Any) -> str:
    """Return a method's name as Telegram writes it: `messages.getHistory` for telethon's GetHistoryRequest."""
    name: str = call.__name__.removesuffix("Request")
    name = name[0].lower() + name[1:]
    space = call.__module__.rpartition(".")[2]
    return name if space == "functions" else f"{space}.{name}"


# For each kind of argument: what says nothing. The first whose name stands in the annotation counts.
_NEUTRAL: dict[str, Callable[[], Any]] = {
    "List": list,
    "TypeChatPhoto": types.ChatPhotoEmpty,
    "TypePhoto": lambda: types.PhotoEmpty(0),
    "TypePeerNotifySettings": types.PeerNotifySettings,
    "TypePeerSettings": types.PeerSettings,
    "datetime": lambda: datetime.fromtimestamp(0, UTC),
    "bytes": bytes,
    "str": str,
    "int": int,
    "float": float,
    "bool": bool,
}


@cache
def _required(constructor: type) -> dict[str, Callable[[], Any]]:
    """Return for each argument that a constructor cannot do without: what makes a value that says nothing."""
    makers = {}
    for name, parameter in inspect.signature(constructor).parameters.items():
        annotation = str(parameter.annotation)
        maker = next((maker for kind, maker in _NEUTRAL.items() if kind in annotation), None)
        if parameter.default is parameter.empty and maker is not None:
            makers[name] = maker
    return makers


def fill(constructor: type, **given: Any) -> Any:
    """Return an object with the given fields, and a neutral value for every other one that it cannot do without."""
    neutral = {name: make() for name, make in _required(constructor).items() if name not in given}
    return constructor(**neutral, **given)


def read(body: bytes) -> Any:
    """Return the object that a message's body holds; raises telethon's TypeNotFoundError or struct.error."""
    return BinaryReader(body).tgread_object()


def encode(answer: Answer) -> bytes:
    """Return an answer as bytes."""
    if isinstance(answer, bool):
        return struct.pack("<I", _TRUE if answer else _FALSE)
    if isinstance(answer, list):
        items = [struct.pack("<i", item) if isinstance(item, int) else bytes(item) for item in answer]
        return struct.pack("<Ii", _VECTOR, len(items)) + b"".join(items)
    return bytes(answer)


def encode_error(error: RpcError) -> bytes:
    """Return an error as bytes."""
    text: bytes = TLObject.serialize_bytes(error.message)
    return struct.pack("<Ii", _ERROR, error.code) + text


def result(message_id: int, body: bytes) -> bytes:
    """Return the rpc_result that answers the call of that message; long ones are packed."""
    if len(body) > _PACK_FROM:
        body = struct.pack("<I", PACKED) + TLObject.serialize_bytes(gzip.compress(body, compresslevel=1))
    return struct.pack("<Iq", _RESULT, message_id) + body


def unpack(body: bytes) -> bytes:
    """Return what a gzip_packed object holds."""
    packed: bytes = BinaryReader(body[4:]).tgread_bytes()
    return gzip.decompress(packed)


def contained(body: bytes) -> list[tuple[int, int, bytes]]:
    """Return the messages in a container: message id, sequence number, body."""
    (count,) = struct.unpack_from("<i", body, 4)
    found = []
    at = 8
    for _ in range(count):
        message_id, sequence, length = struct.unpack_from("<qii", body, at)
        found.append((message_id, sequence, body[at + 16 : at + 16 + length]))
        at += 16 + length
    return found
