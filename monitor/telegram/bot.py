"""The bot's account: signed in by its token when it is first needed, and again where Telegram forgot it."""

from __future__ import annotations

import asyncio
import io
from typing import Any

from telethon.tl import TLRequest

from monitor.sources.source import AccessLost
from monitor.telegram.accounts import Account
from monitor.telegram.client import Client
from monitor.telegram.signin import by_token, who


class Bot:
    """One bot over one connection; requests are sent once, as `Client` does."""

    def __init__(self, client: Client, token: str) -> None:
        self.client = client
        self._token = token
        self._account: Account | None = None
        self._signing_in = asyncio.Lock()

    @property
    def id(self) -> int | None:
        """The bot's id, which its token begins with; None: it is no token."""
        return _id_in(self._token)

    async def account(self) -> Account:
        """Return who the bot is, signed in; AccessLost where its token is refused."""
        async with self._signing_in:
            if self._account is None:
                known = await who(self.client)
                if known is None or not known.bot or known.id != self.id:
                    known = await by_token(self.client, self._token)
                self._account = known
            return self._account

    async def request(self, request: TLRequest, action: str | None = None) -> Any:
        """Send one request as the bot and return the answer; SourceError where there is none."""
        await self.account()
        try:
            return await self.client.request(request, action)
        except AccessLost:
            self._account = None  # the next request signs in anew
            raise

    async def upload(self, content: bytes, name: str) -> Any:
        """Hand Telegram a small file (up to a few megabytes) to be sent afterwards; SourceError where that fails."""
        await self.account()
        await self.client.connect()
        return await self.client.settled(
            self.client.telethon.upload_file(io.BytesIO(content), file_name=name), "upload"
        )

    async def close(self) -> None:
        """Close the connection; the session stays for the next start."""
        await self.client.close()


def _id_in(token: str) -> int | None:
    """A token begins with the bot's id: with another bot's session in the folder it signs in anew."""
    number = token.partition(":")[0]
    return int(number) if number.isdecimal() else None
