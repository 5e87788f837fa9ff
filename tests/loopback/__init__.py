"""A Telegram server on loopback, for tests: a real TelegramClient talks to it over TCP.

    async with LoopbackServer() as server:
        world = server.world
        reader = world.add_user("Reader", phone="15550001")
        channel = world.add_channel("news_example", "News", members=[reader])
        world.post(channel, "В Шебекине началась эвакуация")
        client = TelegramClient(server.session(), 1, "hash")     # knows address and key
        await client.connect()
        await server.sign_in(client, reader)                     # or client.start(bot_token=bot.token)
        post, = await client.get_messages("news_example")

The program under test is pointed at it by TELEGRAM_SERVER=server.address and TELEGRAM_SERVER_KEY=server.key_file.
A test that runs the program as a process beside it takes `LoopbackThread` (threads.py) and needs no event loop.

Where to look:

    world.py      what a test does to the world: posts, edits, deletions, renaming; registry.py and messages.py below it
    content.py    photos, videos, polls, link previews, forwards to put into posts
    faults.py     what can go wrong, per method, by count or probability
    limits.py     Telegram's limits, off until switched on
    journal.py    all calls so far, for budgets
    server.py     the server; connection.py, handshake.py, transport.py, rpc.py: the protocol below it
    methods/      one module a family of methods; pushing.py, queries.py: what the server says of its own accord

What it knows of Telegram is what core.telegram.org documents, and what telethon sends; where these are silent, the
docstrings say what was assumed.
"""

from __future__ import annotations

from tests.loopback.server import LoopbackServer
from tests.loopback.threads import LoopbackThread
from tests.loopback.world import World

__all__ = ["LoopbackServer", "LoopbackThread", "World"]
