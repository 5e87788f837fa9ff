"""What Telegram refuses: texts and buttons beyond its limits, chats in which the sender may not write."""

from __future__ import annotations

from typing import Any

from telethon.tl import types

from tests.loopback.errors import RpcError, bad_request
from tests.loopback.peers import Channel, Group, Peer, User

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
MOST_ENTITIES = 100
LONGEST_DATA = 64
MOST_BUTTONS = 100


def units(text: str) -> int:
    """Return the length of a text in UTF-16 units, in which Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def check_text(text: str, entities: list[Any] | None, *, caption: bool = False) -> None:
    """Refuse an empty or too long text, too many entities, and entities beyond its ends."""
    length = units(text)
    if not caption and not text.strip():
        raise bad_request("MESSAGE_EMPTY")
    if length > (LONGEST_CAPTION if caption else LONGEST_TEXT):
        raise bad_request("MEDIA_CAPTION_TOO_LONG" if caption else "MESSAGE_TOO_LONG")
    if len(entities or []) > MOST_ENTITIES:
        raise bad_request("ENTITIES_TOO_LONG")
    for entity in entities or []:
        if entity.offset < 0 or entity.length <= 0 or entity.offset + entity.length > length:
            raise bad_request("ENTITY_BOUNDS_INVALID")


def check_buttons(markup: Any) -> None:
    """Refuse buttons without text, with too much data, with an address that is none, and too many of them."""
    if not isinstance(markup, types.ReplyInlineMarkup):
        return
    buttons = [button for row in markup.rows for button in row.buttons]
    if len(buttons) > MOST_BUTTONS:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    for button in buttons:
        if not button.text.strip():
            raise bad_request("BUTTON_TEXT_INVALID")
        kind = button.type
        if isinstance(kind, types.InlineButtonTypeCallback) and not 1 <= len(kind.data) <= LONGEST_DATA:
            raise bad_request("BUTTON_DATA_INVALID")
        if isinstance(kind, types.InlineButtonTypeUrl) and not kind.url.startswith(("http://", "https://", "tg://")):
            raise bad_request("BUTTON_URL_INVALID")


def check_may_write(author: User, to: Peer) -> None:
    """Refuse a chat in which the account may not write."""
    if isinstance(to, User):
        _check_person(author, to)
    elif isinstance(to, Group):
        if to.deleted or to.migrated_to is not None or author.id not in to.members:
            raise bad_request("PEER_ID_INVALID")
        if author.id in to.muted:
            raise RpcError(403, "CHAT_WRITE_FORBIDDEN")
    else:
        _check_channel(author, to)


def _check_person(author: User, to: User) -> None:
    if to.deleted:
        raise bad_request("INPUT_USER_DEACTIVATED")
    if author.bot and to.bot:
        raise bad_request("USER_IS_BOT")
    if author.bot and to.id not in author.started_by:
        # A bot cannot begin a conversation.
        raise bad_request("PEER_ID_INVALID")
    if author.id in to.blocked:
        raise bad_request("USER_IS_BLOCKED")
    if to.id in author.blocked:
        raise bad_request("YOU_BLOCKED_USER")


def _check_channel(author: User, to: Channel) -> None:
    if author.id in to.admins:
        return
    if not to.megagroup:
        raise bad_request("CHAT_ADMIN_REQUIRED")
    if author.id not in to.members or author.id in to.muted:
        raise RpcError(403, "CHAT_WRITE_FORBIDDEN")
