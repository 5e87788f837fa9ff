"""Presses of a bot's buttons that wait for the bot (core.telegram.org/api/bots/buttons, callback buttons)."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import dataclass
from typing import Any

from telethon.tl import types

from tests.loopback.errors import bad_request
from tests.loopback.peers import Channel, Peer, User
from tests.loopback.registry import Told
from tests.loopback.world import World


@dataclass(frozen=True, slots=True)
class _Query:
    """A press that a bot is to answer."""

    bot: User
    answered: asyncio.Future[Any]


class Queries:
    """The presses that no bot has answered yet."""

    def __init__(self) -> None:
        # How long a bot may take, in seconds.
        self.timeout = 15.0
        self._numbers = itertools.count(9_000_001)
        self._waiting: dict[int, _Query] = {}

    async def ask(self, world: World, user: User, place: Peer, message_id: int, data: bytes) -> Any:
        """Tell the bot of a press and return its messages.BotCallbackAnswer.

        Telegram does not check that the message has such a button, and neither does this. Raises MESSAGE_ID_INVALID
        if it is no bot's message, BOT_RESPONSE_TIMEOUT if the bot does not answer in time.
        """
        bot, seen_as, peer = self._message(world, user, place, message_id)
        number = next(self._numbers)
        answered: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[number] = _Query(bot, answered)
        update = types.UpdateBotCallbackQuery(number, user.id, peer, seen_as, hash(place.id), data)
        world.emit(Told(bot, update, (user, place)))
        try:
            return await asyncio.wait_for(answered, self.timeout)
        except TimeoutError:
            raise bad_request("BOT_RESPONSE_TIMEOUT") from None
        finally:
            del self._waiting[number]

    def answer(self, bot: User, number: int, answer: Any) -> None:
        """Hand a bot's answer to who waits for it; raises QUERY_ID_INVALID if nobody does (any more)."""
        query = self._waiting.get(number)
        if query is None or query.bot is not bot or query.answered.done():
            raise bad_request("QUERY_ID_INVALID")
        query.answered.set_result(answer)

    def _message(self, world: World, user: User, place: Peer, message_id: int) -> tuple[User, int, Any]:
        """Return whose message it is, its id for the bot, and the chat as the bot sees it."""
        _, box = world.box_of(user, place)
        message = box.messages.get(message_id)
        bot: Peer | None
        if isinstance(place, Channel):
            bot = world.users.get(place.authors.get(message_id, 0))
        elif isinstance(place, User):
            bot = place
        else:
            bot = world.peer_of(message.from_id) if message else None
        if message is None or not isinstance(bot, User) or not bot.bot:
            raise bad_request("MESSAGE_ID_INVALID")
        if isinstance(place, Channel):
            return bot, message_id, place.peer
        peer = user.peer if isinstance(place, User) else place.peer
        return bot, world.copy_for(user, message_id, bot), peer
