"""The analyst chat as a Notifier: a bot's account that sends each message once and edits it in place.

Messages go out by the raw request, which carries a random id: Telegram answers a known one with the message that was
sent under it, so that a message sent again after a crash comes once. What was sent is known as `bot/chat/number`, since
numbers of messages mean something in their chat alone (and in small groups only to that bot): after ALERT_CHAT was
changed nothing there is edited or answered by a number of the chat before.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from telethon import Button, errors
from telethon.tl import functions, types

from monitor.alerts.message import ChatEntity, chat_entities
from monitor.alerts.notifier import Dispatch, Limit, NotifierError
from monitor.alerts.render import Rendered, render
from monitor.desk.values import Keys
from monitor.models import Message, Note
from monitor.sources.source import AccessLost, SourceError, Wait
from monitor.telegram.bot import Bot

log = structlog.get_logger()

# https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
TO_A_CHAT = Limit(1, 1.0)
TO_A_GROUP = Limit(20, 60.0)
_IN_FLIGHT = 1.0  # seconds until a first call under the same random id has been answered
_TRIES = 5
_PICTURE = 0x5049  # sets a picture's random id apart from its text's

_ASK = "add the bot to ALERT_CHAT and let it write there"
_CLOSED: dict[type[Exception], str] = {
    errors.ChatWriteForbiddenError: f"the bot may not write in the chat; {_ASK}",
    errors.ChatSendPlainForbiddenError: f"the bot may not write in the chat; {_ASK}",
    errors.ChatRestrictedError: f"the chat is restricted; {_ASK}",
    errors.ChatForbiddenError: f"the bot was removed from the chat; {_ASK}",
    errors.ChatAdminRequiredError: "only admins may write in the chat; make the bot one",
    errors.ChannelPrivateError: f"the bot is not in the chat, or the chat is gone; {_ASK}",
    errors.ChannelInvalidError: f"Telegram knows no such chat for this bot; check ALERT_CHAT, then {_ASK}",
    errors.ChatIdInvalidError: f"Telegram knows no such chat for this bot; check ALERT_CHAT, then {_ASK}",
    errors.PeerIdInvalidError: "Telegram knows no such chat for this bot; check ALERT_CHAT, and in a private chat press"
    " Start first",
    errors.UserIsBlockedError: "the analyst has blocked the bot; unblock it, or change ALERT_CHAT",
    errors.InputUserDeactivatedError: "the account of ALERT_CHAT was deleted; change ALERT_CHAT",
    errors.UserBannedInChannelError: "the bot was banned from the chat; lift the ban",
}
_NO_SUCH_CHAT = (errors.PeerIdInvalidError, errors.ChatIdInvalidError)
# A message that is as it should be, that an analyst has deleted, or that may not be changed any more: there is nothing
# left to bring up to date.
_NOTHING_TO_EDIT = (
    errors.MessageNotModifiedError,
    errors.MessageIdInvalidError,
    errors.MessageDeleteForbiddenError,
    errors.MessageEditTimeExpiredError,
    errors.MessageAuthorRequiredError,
)
_ANSWERED_GONE = "REPLY_MESSAGE_ID_INVALID"  # which telethon has no class for
_ENTITIES = {
    "bold": types.MessageEntityBold,
    "strike": types.MessageEntityStrike,
    "url": types.MessageEntityUrl,
}


async def _no_keys(message: Message) -> Keys:
    return ()


class ChatNotifier:
    """Sends to one chat: a person's (a positive id), a group (negative), or a supergroup (-100…).

    `mark` stands before the numbers of alerts that are not told in earnest.
    """

    edits = True

    def __init__(
        self,
        bot: Bot,
        chat: int,
        zone: ZoneInfo,
        keys: Callable[[Message], Awaitable[Keys]] = _no_keys,
        *,
        name: str = "chat",
        mark: str = "",
    ) -> None:
        self.name = name
        self._mark = mark
        self._bot = bot
        self._chat = chat
        self._zone = zone
        self.keys = keys
        self._peer: Any = None
        self.limits: tuple[Limit, ...] = (TO_A_CHAT,) if chat > 0 else (TO_A_CHAT, TO_A_GROUP)

    async def send(self, message: Message, how: Dispatch) -> str | None:
        """Send a message under its random id; return how it is known here, None where Telegram does not tell it."""
        rendered = render(message, zone=self._zone, mark=self._mark)
        peer = await self.peer()
        request = functions.messages.SendMessageRequest(
            peer=peer,
            message=rendered.text,
            random_id=how.random_id,
            silent=not how.ring,
            no_webpage=True,
            entities=entities(rendered),
            reply_markup=markup(await self.keys(message)),
            reply_to=_reply(self._number(how.reply_to)),
        )
        number = await self._delivered(request, how.random_id)
        if isinstance(message, Note) and message.picture is not None:
            await asyncio.sleep(TO_A_CHAT.seconds)
            await self._send_picture(message.picture, how.random_id, number)
        return f"{self._place}/{number}" if number is not None else None

    async def edit(self, message: Message, how: Dispatch, sent: str) -> None:
        """Bring a message up to date; one that is, or that was deleted in the chat, is left alone."""
        number = self._number(sent)
        if number is None:
            return
        rendered = render(message, zone=self._zone, mark=self._mark)
        request = functions.messages.EditMessageRequest(
            peer=await self.peer(),
            id=number,
            message=rendered.text,
            no_webpage=True,
            entities=entities(rendered),
            reply_markup=markup(await self.keys(message)),
        )
        try:
            await self._bot.request(request, "edit")
        except SourceError as error:
            if not isinstance(error.__cause__, _NOTHING_TO_EDIT):
                raise await self._in_the_way(error) from error

    async def close(self) -> None:
        """Close the connection."""
        await self._bot.close()

    async def peer(self) -> Any:
        """Return the chat as Telegram wants it addressed; NotifierError where the bot cannot reach it."""
        if self._peer is None:
            try:
                self._peer = await _peer(self._bot, self._chat)
            except SourceError as error:
                found = notifier_error(error)
                # What is wrong with the chat is no single message's fault.
                raise (NotifierError(str(found)) if found.refused else found) from error
        return self._peer

    @property
    def _place(self) -> str:
        return f"{self._bot.id}/{self._chat}"

    def _number(self, sent: str | None) -> int | None:
        """Return the number of a message in this chat; None where it was sent to another one, or by another bot."""
        place, _, number = (sent or "").rpartition("/")
        return int(number) if place == self._place else None

    async def _send_picture(self, png: bytes, text_id: int, under: int | None) -> None:
        """Send a picture under its text; its random id follows from the text's, so that it comes once, too."""
        try:
            media = types.InputMediaUploadedPhoto(await self._bot.upload(png, "digest.png"))
        except SourceError as error:
            raise await self._in_the_way(error) from error
        random_id = text_id ^ _PICTURE or _PICTURE
        request = functions.messages.SendMediaRequest(
            peer=await self.peer(),
            media=media,
            message="",
            random_id=random_id,
            silent=True,
            reply_to=_reply(under),
        )
        try:
            await self._delivered(request, random_id)
        except NotifierError as error:
            if not error.refused:
                raise
            log.warning("picture_refused", reason=str(error))  # the text, which says all, was taken

    async def _delivered(self, request: Any, random_id: int) -> int | None:
        for attempt in range(_TRIES):
            try:
                answer = await self._bot.request(request, "send")
            except SourceError as error:
                if isinstance(error.__cause__, errors.RandomIdDuplicateError):
                    # An earlier call under this id is still being worked on: the message is there or about to be.
                    await asyncio.sleep(_IN_FLIGHT * (attempt + 1))
                    continue
                if request.reply_to is not None and getattr(error.__cause__, "message", "") == _ANSWERED_GONE:
                    request.reply_to = None  # an analyst has deleted what it answers
                    continue
                raise await self._in_the_way(error) from error
            return _number(answer, random_id)
        return None

    async def _in_the_way(self, error: SourceError) -> NotifierError:
        """Return what an error means; of a small group that is no more, which supergroup it has become."""
        if isinstance(error.__cause__, (*_CLOSED,)):
            self._peer = None
            if self._chat < 0 and isinstance(error.__cause__, _NO_SUCH_CHAT):
                try:
                    await self.peer()
                except NotifierError as moved:
                    return moved
        return notifier_error(error)


async def _peer(bot: Bot, chat: int) -> Any:
    """A bot reaches whoever wrote to it, and where it was put, without knowing an access hash."""
    if chat > 0:
        [user] = await bot.request(functions.users.GetUsersRequest([types.InputUser(chat, 0)]), "chat")
        if not isinstance(user, types.User):
            raise NotifierError(_CLOSED[errors.PeerIdInvalidError])
        return types.InputPeerUser(user.id, user.access_hash or 0)
    marked = str(chat)
    if not marked.startswith("-100") or marked == "-100":
        found = await bot.request(functions.messages.GetChatsRequest([-chat]), "chat")
        moved = getattr(found.chats[0], "migrated_to", None)
        if moved is not None:
            raise NotifierError(
                f"the group has become a supergroup, which has another number: write ALERT_CHAT=-100{moved.channel_id}"
            )
        return types.InputPeerChat(-chat)
    channel = types.InputChannel(int(marked[4:]), 0)
    found = await bot.request(functions.channels.GetChannelsRequest([channel]), "chat")
    return types.InputPeerChannel(found.chats[0].id, found.chats[0].access_hash or 0)


def _reply(number: int | None) -> Any:
    return types.InputReplyToMessage(number) if number is not None else None


def entities(rendered: Rendered) -> list[Any]:
    """Return the entities of a message as Telegram has them."""
    return [_entity(one) for one in chat_entities(rendered)]


def _entity(one: ChatEntity) -> Any:
    return _ENTITIES[one.kind](one.offset, one.length)


def markup(keys: Keys) -> Any:
    """Return the buttons under a message; None for none."""
    if not keys:
        return None
    rows = [[_button(label, target) for label, target in row] for row in keys]
    return types.ReplyInlineMarkup([types.KeyboardInlineButtonRow(row) for row in rows])


def _button(label: str, target: str | bytes) -> Any:
    return Button.url(label, target) if isinstance(target, str) else Button.inline(label, target)


def _number(answer: Any, random_id: int) -> int | None:
    """Find the number of the message in what Telegram answers to sending."""
    if isinstance(answer, types.UpdateShortSentMessage):
        return int(answer.id)
    for update in getattr(answer, "updates", ()):
        if isinstance(update, types.UpdateMessageID) and update.random_id == random_id:
            return int(update.id)
        if isinstance(update, types.UpdateNewMessage | types.UpdateNewChannelMessage):
            return int(update.message.id)
    return None


def notifier_error(error: SourceError) -> NotifierError:
    """Return what an error means to the outbox: wait, try again, leave this message, or call a person."""
    cause = error.__cause__
    if isinstance(error, Wait):
        return NotifierError(str(error), error.seconds)
    for kind, text in _CLOSED.items():
        if isinstance(cause, kind):
            return NotifierError(text)
    if isinstance(error, AccessLost):
        return NotifierError(str(error))
    if isinstance(cause, errors.BadRequestError):
        # What Telegram will not have for a reason that is not the chat's: no other message waits for it.
        return NotifierError(f"Telegram does not take this message ({type(cause).__name__})", refused=True)
    if isinstance(cause, errors.ForbiddenError):
        return NotifierError(str(error))
    return NotifierError(str(error), passing=True)
