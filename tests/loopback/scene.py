"""A small world to begin a test with: a reading account, an analyst, a bot, and clients for them.

    async def story(scene: Scene) -> None:
        post = scene.world.post(scene.news, "first post")
        client = await scene.reader_client()
        assert [message.id async for message in client.iter_messages(scene.news.username)] == [post.id]

    run(story)

`run` fails if the server itself went wrong, or was asked for a method that it does not know.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from telethon import TelegramClient

from tests.loopback.peers import User
from tests.loopback.server import LoopbackServer


class Scene:
    """A server with a few peers; `news` is a public channel that nobody has joined."""

    def __init__(self, server: LoopbackServer) -> None:
        self.server = server
        self.world = server.world
        self.reader = self.world.add_user("Reader", username="reader_example", phone="15550001")
        self.analyst = self.world.add_user("Analyst", username="analyst_example", phone="15550002")
        self.bot = self.world.add_bot("Alerts", username="alerts_example_bot")
        self.news = self.world.add_channel("news_example", "News")
        self._clients: list[Any] = []

    async def client(self, **options: Any) -> Any:
        """Return a connected client, signed in as nobody; waits and retries are switched off unless asked for."""
        session = self.server.session(options.pop("session", None))
        options = {"flood_sleep_threshold": 0, "request_retries": 1, "raise_last_call_error": True, **options}
        client = TelegramClient(session, 1, "hash", **options)
        self._clients.append(client)
        await client.connect()
        return client

    async def signed_in(self, user: User, **options: Any) -> Any:
        """Return a client that is signed in as a user or a bot."""
        client = await self.client(**options)
        if user.bot:
            await client.sign_in(bot_token=user.token)
        else:
            await self.server.sign_in(client, user)
        return client

    async def reader_client(self, **options: Any) -> Any:
        """Return a client of the reading account."""
        return await self.signed_in(self.reader, **options)

    async def bot_client(self, **options: Any) -> Any:
        """Return a client of the bot, which the analyst has started."""
        if self.analyst.id not in self.bot.started_by:
            self.world.send(self.analyst, self.bot, "/start")
        return await self.signed_in(self.bot, **options)

    async def close(self) -> None:
        """Disconnect all clients."""
        for client in self._clients:
            await client.disconnect()


async def _play(story: Callable[[Scene], Awaitable[None]], options: dict[str, Any]) -> None:
    async with LoopbackServer(**options) as server:
        scene = Scene(server)
        try:
            await story(scene)
        finally:
            await scene.close()
    assert server.errors == []
    assert server.unknown == []


def run(story: Callable[[Scene], Awaitable[None]], **options: Any) -> None:
    """Play a story against a server made with these options."""
    asyncio.run(_play(story, options))


async def until(true: Callable[[], object], seconds: float = 5.0) -> None:
    """Wait until something is true; raises TimeoutError if it never is."""
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.005)
