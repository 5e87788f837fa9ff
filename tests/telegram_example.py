"""A reading account of the loopback server, signed in, with a session of ours on disk."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from monitor.sources.live import Address
from monitor.telegram.accounts import App, Server
from monitor.telegram.client import Client
from monitor.telegram.reader import TelegramReader
from monitor.telegram.session import existing_session, new_session
from monitor.telegram.signin import by_token
from tests.loopback.peers import User
from tests.loopback.scene import Scene

APP = App(12345, "0123456789abcdef0123456789abcdef")


def server(scene: Scene) -> Server:
    """Return the loopback server as the settings name it."""
    return Server(scene.server.dc, "127.0.0.1", scene.server.port, scene.server.key_file.read_text())


async def sign_in(scene: Scene, folder: Path, user: User | None = None) -> Path:
    """Leave a session of the reading account (or of `user`) in the folder; returns the folder."""
    client = Client(partial(new_session, folder), APP, server(scene), events=True)
    await client.connect()
    if user is not None and user.bot:
        await by_token(client, user.token or "")
    else:
        await scene.server.sign_in(client.telethon, user or scene.reader)
    await client.close()
    return folder


def client(scene: Scene, folder: Path, **options: Any) -> Client:
    """Return a client of the session in the folder."""
    return Client(partial(existing_session, folder), APP, server(scene), **options)


async def reader(scene: Scene, folder: Path, **options: Any) -> TelegramReader:
    """Return the reading account, signed in and open."""
    found = TelegramReader(client(scene, await sign_in(scene, folder), **options))
    await found.open()
    return found


async def news(found: TelegramReader, scene: Scene) -> Address:
    """Return the address of the scene's channel."""
    assert scene.news.username is not None
    return await found.resolve(scene.news.username)
