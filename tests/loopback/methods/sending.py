"""Sending, editing and deleting messages."""

from __future__ import annotations

import re
from typing import Any

from telethon.tl import types
from telethon.tl.functions import channels, messages

from tests.loopback import content
from tests.loopback.box import Message
from tests.loopback.errors import RpcError, bad_request
from tests.loopback.messages import now
from tests.loopback.methods import lookup
from tests.loopback.methods.checks import check_buttons, check_may_write, check_text
from tests.loopback.methods.files import receive
from tests.loopback.methods.table import method
from tests.loopback.peers import Channel, Peer, User
from tests.loopback.pushing import package
from tests.loopback.rpc import Call


@method(messages.SendMessageRequest)
def send_message(call: Call) -> Any:
    """Send a text; a random_id that is known for the peer gives the earlier message and sends nothing."""
    request = call.request
    to = lookup.peer(call, request.peer)
    earlier = _earlier(call, to, request.random_id)
    if earlier is not None:
        return earlier
    check_text(request.message, request.entities)
    _check(call, to, request.reply_markup)
    media = _preview(request.message, request.no_webpage)
    message = _send(call, to, request.random_id, request.message, request.entities, media=media)
    if isinstance(to, Channel) or message.reply_markup or media is not None:
        return _sent(call, to, [(request.random_id, message)])
    pts = call.account.box.pts
    return types.UpdateShortSentMessage(message.id, pts, 1, message.date, out=True, entities=message.entities)


@method(messages.SendMediaRequest)
def send_media(call: Call) -> Any:
    """Send a photo or file with a caption; random_id as for texts."""
    request = call.request
    to = lookup.peer(call, request.peer)
    earlier = _earlier(call, to, request.random_id)
    if earlier is not None:
        return earlier
    check_text(request.message, request.entities, caption=True)
    _check(call, to, request.reply_markup)
    media = receive(call, request.media)
    message = _send(call, to, request.random_id, request.message, request.entities, media=media)
    return _sent(call, to, [(request.random_id, message)])


@method(messages.SendMultiMediaRequest)
def send_multi_media(call: Call) -> Any:
    """Send an album; random_id as for texts."""
    to = lookup.peer(call, call.request.peer)
    album = call.request.multi_media
    earlier = [_earlier(call, to, one.random_id) for one in album]
    if any(earlier):
        updates = [update for answer in earlier if answer for update in answer.updates]
        return types.Updates(updates, earlier[0].users, earlier[0].chats, now(), 0)
    if not 1 <= len(album) <= 10:
        raise bad_request("MULTI_MEDIA_TOO_LONG")
    for one in album:
        check_text(one.message, one.entities, caption=True)
    _check(call, to, None)
    group = album[0].random_id & (2**62 - 1)
    sent = []
    for one in album:
        media = receive(call, one.media)
        message = _send(call, to, one.random_id, one.message, one.entities, media=media, grouped_id=group)
        sent.append((one.random_id, message))
    return _sent(call, to, sent)


def _check(call: Call, to: Peer, markup: Any) -> None:
    check_may_write(call.account, to)
    check_buttons(markup)
    if call.account.bot:
        call.server.limits.message(call.account, to)
    elif isinstance(to, Channel) and to.slowmode is not None and call.account.id not in to.admins:
        call.server.limits.slowmode(call.account, to, to.slowmode)


def _send(call: Call, to: Peer, random_id: int, text: str, entities: Any, **fields: Any) -> Message:
    """Write the message into the world and remember its random_id."""
    request, account = call.request, call.account
    reply = request.reply_to.reply_to_msg_id if isinstance(request.reply_to, types.InputReplyToMessage) else None
    if reply and reply not in call.world.box_of(account, to)[1].messages:
        raise bad_request("REPLY_MESSAGE_ID_INVALID")
    markup = getattr(request, "reply_markup", None) if account.bot else None
    message = call.world.send(
        account,
        to,
        text,
        reply_to=reply,
        entities=entities or None,
        silent=request.silent or None,
        noforwards=request.noforwards or None,
        reply_markup=markup,
        **fields,
    )
    call.server.sent[_key(account, to, random_id)] = message.id
    call.server.random_ids[account.id, str(message.peer_id), message.id] = random_id
    return message


def _preview(text: str, unwanted: bool | None) -> Any:
    """Return the preview that a text's first link gets unless the sender does not want it."""
    link = None if unwanted else re.search(r"https?://\S+", text)
    return content.web_page(link.group(), "A page", "What it begins with") if link else None


def _key(account: User, to: Peer, random_id: int) -> tuple[Any, ...]:
    return account.id, type(to).__name__, to.id, random_id


def _earlier(call: Call, to: Peer, random_id: int) -> Any:
    """Return the answer for a random_id that is known for this peer, whichever session used it; None for a new one."""
    if random_id == 0:
        raise bad_request("RANDOM_ID_EMPTY")
    number = call.server.sent.get(_key(call.account, to, random_id))
    if number is None:
        return None
    message = call.world.box_of(call.account, to)[1].messages.get(number)
    if message is None:
        # It was deleted meanwhile: all that is left to say is its id.
        return package(call.world, call.account, [types.UpdateMessageID(number, random_id)], [])
    return _sent(call, to, [(random_id, message)], fresh=False)


def _sent(call: Call, to: Peer, sent: list[tuple[int, Message]], *, fresh: bool = True) -> Any:
    """Return the updates that tell a sender of its messages, new or known before."""
    owner, box = call.world.box_of(call.account, to)
    constructor = types.UpdateNewChannelMessage if isinstance(to, Channel) else types.UpdateNewMessage
    shown = [call.world.shown(message, call.account, owner) for _, message in sent]
    updates: list[Any] = [types.UpdateMessageID(message.id, random_id) for random_id, message in sent]
    first = box.pts - len(shown) + 1
    for at, message in enumerate(shown):
        updates.append(constructor(message, first + at if fresh else box.pts, 1 if fresh else 0))
    return package(call.world, call.account, updates, shown, to)


@method(messages.EditMessageRequest)
def edit_message(call: Call) -> Any:
    """Edit one's own message: text with entities, media, buttons; MESSAGE_NOT_MODIFIED if that changes nothing."""
    request, account, world = call.request, call.account, call.world
    to = lookup.peer(call, request.peer)
    owner, box = world.box_of(account, to)
    message = box.messages.get(request.id)
    if not isinstance(message, types.Message) or (owner is account and message.peer_id != to.peer):
        raise bad_request("MESSAGE_ID_INVALID")
    if not world.shown(message, account, owner).out and not (isinstance(to, Channel) and account.id in to.admins):
        raise RpcError(403, "MESSAGE_AUTHOR_REQUIRED")
    after: dict[str, Any] = {"reply_markup": request.reply_markup}
    if request.message is not None:
        caption = message.media is not None and not isinstance(message.media, types.MessageMediaWebPage)
        check_text(request.message, request.entities, caption=caption)
        after |= {"message": request.message, "entities": request.entities or None}
        if not caption:
            after["media"] = _preview(request.message, request.no_webpage)
    check_buttons(request.reply_markup)
    if request.media is not None:
        after["media"] = receive(call, request.media)
    if all(_same(getattr(message, name), value) for name, value in after.items()):
        raise bad_request("MESSAGE_NOT_MODIFIED")
    changed = world.change(owner, request.id, edit_date=now(), **after)
    shown = world.shown(changed, account, owner)
    constructor = types.UpdateEditChannelMessage if isinstance(to, Channel) else types.UpdateEditMessage
    return package(world, account, [constructor(shown, box.pts, 1)], [shown], to)


def _same(one: Any, other: Any) -> bool:
    """Whether two values of a field are the same on the wire; of link previews only the address counts."""
    if isinstance(one, types.MessageMediaWebPage) and isinstance(other, types.MessageMediaWebPage):
        return bool(one.webpage.url == other.webpage.url)
    if isinstance(one, list) or isinstance(other, list):
        return [bytes(entity) for entity in one or []] == [bytes(entity) for entity in other or []]
    if one is None or other is None or isinstance(one, str):
        return bool(one == other)
    return bytes(one) == bytes(other)


@method(messages.DeleteMessagesRequest)
def delete_messages(call: Call) -> Any:
    """Delete messages of one's own box, and with `revoke` (bots: always) the others' copies."""
    everywhere = bool(call.request.revoke) or call.account.bot
    gone = call.world.remove(call.account, call.request.id, everywhere=everywhere)
    return types.messages.AffectedMessages(call.account.box.pts, gone)


@method(channels.DeleteMessagesRequest)
def delete_channel_messages(call: Call) -> Any:
    """Delete messages of a channel: one's own, or as an administrator any."""
    channel = lookup.channel(call, call.request.channel)
    admin = call.account.id in channel.admins
    if not admin and any(channel.authors.get(one) != call.account.id for one in call.request.id):
        raise RpcError(403, "MESSAGE_DELETE_FORBIDDEN")
    gone = call.world.remove(channel, call.request.id)
    return types.messages.AffectedMessages(channel.box.pts, gone)


@method(messages.SetTypingRequest)
def set_typing(call: Call) -> Any:
    """Take note that somebody is typing; nobody is told."""
    check_may_write(call.account, lookup.peer(call, call.request.peer))
    return True
