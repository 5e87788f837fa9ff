"""The desk's line: what is said to the bot and pressed under its messages goes to the desk; its answers come back."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, Protocol

import structlog
from telethon import errors, events
from telethon.tl import functions, types

from monitor.alerts.message import Rendered
from monitor.alerts.pacing import back_off
from monitor.desk.values import Answer, Keys, Person, Pressed, Reaction, Said
from monitor.sources.source import SourceError, Wait
from monitor.telegram.bot import Bot
from monitor.telegram.chat import entities, markup

log = structlog.get_logger()

_PATIENCE = 60.0  # seconds; a longer wait is too long for who waits for an answer
_LOOK_EVERY = 5.0  # seconds between two looks at the connection
_FAILED = "Something went wrong here; the log says what."


class Answering(Protocol):
    """Whoever answers: the desk."""

    bot_name: str | None

    async def said(self, said: Said) -> list[Answer]:
        """Answer a message."""
        ...

    async def pressed(self, pressed: Pressed) -> Reaction | None:
        """React to a button."""
        ...


class DeskLine:
    """Keeps the bot listening, and the menu of commands known to Telegram."""

    def __init__(self) -> None:
        self._desk: Answering | None = None
        self._menu: list[Any] = []
        self._bot: Bot | None = None
        self._registered = False
        self._failures = 0
        self.woken = asyncio.Event()

    @property
    def handlers(self) -> list[tuple[Callable[..., Any], Any]]:
        """What telethon calls for what."""
        return [(self._on_message, events.NewMessage(incoming=True)), (self._on_press, events.CallbackQuery())]

    def open(self, bot: Bot, desk: Answering, menu: Sequence[tuple[str, str]]) -> None:
        """Listen as this bot, whose client was made with our handlers, for a desk with this menu of commands."""
        self._bot = bot
        self._desk = desk
        self._menu = [types.BotCommand(name, does) for name, does in menu]

    async def turn(self) -> float:
        """See that the bot is connected and its commands are known; return when to look again (seconds)."""
        assert self._bot is not None
        assert self._desk is not None
        self.woken.clear()
        try:
            await self._bot.client.connect()
            account = await self._bot.account()
            self._desk.bot_name = account.username
            if not self._registered:
                request = functions.bots.SetBotCommandsRequest(types.BotCommandScopeDefault(), "", self._menu)
                await self._bot.request(request, "commands")
                self._registered = True
                log.info("desk_open", bot=account.username)
        except SourceError as error:
            self._failures += 1
            wait = error.seconds if isinstance(error, Wait) else back_off(self._failures)
            log.warning("desk_closed", seconds=round(wait), reason=str(error))
            return wait
        self._failures = 0
        return _LOOK_EVERY

    async def _on_message(self, event: Any) -> None:
        if self._desk is None or not _is_plain(event.message):
            return
        said = Said(event.chat_id, _person(event), event.message.id, event.message.message or "")
        try:
            answers = await self._desk.said(said)
        except Exception as error:  # a command's boundary: the next one must find us listening
            log.error("command_failed", error=str(error), exc_info=error)
            answers = [Answer(Rendered(_FAILED, (), None))]
        for answer in answers:
            await self._settled(partial(self._answer, event, answer, said.message))

    async def _answer(self, event: Any, answer: Answer, reply_to: int) -> None:
        await self._send(await event.get_input_chat(), answer, reply_to)

    async def _on_press(self, event: Any) -> None:
        if self._desk is None:
            return
        pressed = Pressed(event.chat_id, _person(event), event.message_id, event.data)
        try:
            reaction = await self._desk.pressed(pressed)
        except Exception as error:  # as above
            log.error("button_failed", error=str(error), exc_info=error)
            reaction = Reaction(_FAILED)
        if reaction is not None:
            await self._settled(partial(self._react, event, pressed, reaction))

    async def _react(self, event: Any, pressed: Pressed, reaction: Reaction) -> None:
        assert self._bot is not None
        word = functions.messages.SetBotCallbackAnswerRequest(
            query_id=event.query.query_id, cache_time=0, message=reaction.word or None
        )
        await self._bot.request(word, "answer")
        peer = await event.get_input_chat()
        if reaction.answer is not None:
            await self._send(peer, reaction.answer, pressed.message)
        if reaction.instead is not None:
            await self._edit(peer, pressed.message, reaction.instead.keys, reaction.instead.rendered)
        elif reaction.keys is not None:
            await self._edit(peer, pressed.message, reaction.keys)

    async def _send(self, peer: Any, answer: Answer, reply_to: int) -> None:
        assert self._bot is not None
        common = {
            "peer": peer,
            "random_id": _random_id(),
            "entities": entities(answer.rendered),
            "reply_markup": markup(answer.keys),
            "reply_to": types.InputReplyToMessage(reply_to),
        }
        text = answer.rendered.text
        request = functions.messages.SendMessageRequest(message=text, no_webpage=True, silent=True, **common)
        await self._bot.request(request, "answer")
        if answer.picture is not None:
            media = types.InputMediaUploadedPhoto(await self._bot.upload(answer.picture, "digest.png"))
            await self._bot.request(
                functions.messages.SendMediaRequest(
                    peer=peer, media=media, message="", random_id=_random_id(), silent=True
                ),
                "answer",
            )

    async def _edit(self, peer: Any, message: int, keys: Keys, rendered: Rendered | None = None) -> None:
        assert self._bot is not None
        request = functions.messages.EditMessageRequest(
            peer=peer,
            id=message,
            no_webpage=True,
            message=rendered.text if rendered else None,
            entities=entities(rendered) if rendered else None,
            reply_markup=markup(keys),
        )
        try:
            await self._bot.request(request, "answer")
        except SourceError as error:
            if not isinstance(error.__cause__, errors.MessageNotModifiedError):
                raise

    async def _settled(self, work: Callable[[], Awaitable[None]]) -> None:
        """Wait for an answer to go out, once more after a short wait that Telegram asks for; one that cannot is given
        up, with a line in the log."""
        try:
            try:
                await work()
            except Wait as wait:
                if wait.seconds > _PATIENCE:
                    raise
                await asyncio.sleep(wait.seconds)
                await work()
        except SourceError as error:
            log.warning("answer_not_sent", reason=str(error))


def _is_plain(message: Any) -> bool:
    """Whether somebody wrote this as a text: what is forwarded, edited, or stands under a picture, orders nothing.

    An edit that overtakes its message comes as a new message.
    """
    only_text = message.media is None or isinstance(message.media, types.MessageMediaWebPage)
    return only_text and message.fwd_from is None and message.edit_date is None


def _random_id() -> int:
    return secrets.randbits(63) + 1


def _person(event: Any) -> Person:
    sender = event.sender
    name = " ".join(part for part in (getattr(sender, "first_name", None), getattr(sender, "last_name", None)) if part)
    number = event.sender_id or 0
    return Person(number, name or getattr(sender, "username", None) or str(number))
