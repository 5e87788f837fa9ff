"""The transports that a client may speak: full, abridged and intermediate, told apart by its first bytes.

See core.telegram.org/mtproto/mtproto-transports.
"""

from __future__ import annotations

import asyncio
from typing import Any

from telethon.network.connection.tcpabridged import AbridgedPacketCodec
from telethon.network.connection.tcpfull import FullPacketCodec
from telethon.network.connection.tcpintermediate import IntermediatePacketCodec


class PushedBack:
    """A stream reader that gives back bytes which were read too early."""

    def __init__(self, first: bytes, rest: asyncio.StreamReader) -> None:
        self._first = first
        self._rest = rest

    async def readexactly(self, count: int) -> bytes:
        """Return `count` bytes; raises asyncio.IncompleteReadError at the end of the stream."""
        head, self._first = self._first[:count], self._first[count:]
        if len(head) < count:
            head += await self._rest.readexactly(count - len(head))
        return head


async def negotiate(reader: asyncio.StreamReader) -> tuple[Any, PushedBack]:
    """Return the codec that the client chose, and the reader to read its packets from."""
    first = await reader.readexactly(1)
    if first == AbridgedPacketCodec.tag:
        return AbridgedPacketCodec(None), PushedBack(b"", reader)
    first += await reader.readexactly(3)
    if first == IntermediatePacketCodec.tag:
        return IntermediatePacketCodec(None), PushedBack(b"", reader)
    # The full transport has no tag: these are the first bytes of its first packet.
    return FullPacketCodec(None), PushedBack(first, reader)
