"""What a client has missed: the state and the differences (core.telegram.org/api/updates, recovering gaps)."""

from __future__ import annotations

from typing import Any

from telethon.tl import types
from telethon.tl.functions import updates

from tests.loopback import wire
from tests.loopback.box import Difference
from tests.loopback.errors import bad_request
from tests.loopback.messages import now
from tests.loopback.methods import lookup
from tests.loopback.methods.table import method
from tests.loopback.peers import Channel, User
from tests.loopback.pushing import describe, hears_post
from tests.loopback.rpc import Call

# How many changes one difference holds for an account, and at most for a channel.
_SLICE = 100
_LONGEST = 100
# After how many seconds a client that looks at a channel is to ask for it again; so long it hears of a channel that it
# has not joined.
_TIMEOUT = 30


def state(account: User, pts: int | None = None) -> types.updates.State:
    """Return the state of an account's box, or an earlier one."""
    return types.updates.State(pts or account.box.pts, 0, now(), 0, 0)


@method(updates.GetStateRequest)
def get_state(call: Call) -> Any:
    """Return the state of the account's box."""
    return state(call.account)


@method(updates.GetDifferenceRequest)
def get_difference(call: Call) -> Any:
    """Return what the account has missed in its own box, and which of its channels have news."""
    request, account = call.request, call.account
    missed = account.box.since(request.pts, _SLICE)
    if missed is None:
        return types.updates.DifferenceTooLong(account.box.pts)
    news = [
        channel
        for channel in call.world.channels.values()
        if account.id in channel.members and _changed_since(channel, request.date)
    ]
    if not missed.new and not missed.others and not news:
        return types.updates.DifferenceEmpty(now(), 0)
    messages, others, chats, users = _describe(call, account, missed, *news)
    others += [types.UpdateChannelTooLong(channel.id, channel.box.pts) for channel in news]
    if missed.final:
        return types.updates.Difference(messages, [], others, chats, users, state(account))
    return types.updates.DifferenceSlice(messages, [], others, chats, users, state(account, missed.pts))


def _changed_since(channel: Channel, date: Any) -> bool:
    return date is not None and channel.box.changed_at > date.timestamp()


@method(updates.GetChannelDifferenceRequest)
def get_channel_difference(call: Call) -> Any:
    """Return what has happened in a channel since a state, joined or not."""
    request = call.request
    channel = lookup.channel(call, request.channel)
    box = channel.box
    call.server.watch(channel, call.account, _TIMEOUT)
    if request.pts < 1:
        raise bad_request("PERSISTENT_TIMESTAMP_EMPTY")
    if request.pts > box.pts:
        raise bad_request("PERSISTENT_TIMESTAMP_INVALID")
    missed = box.since(request.pts, min(request.limit or _LONGEST, _LONGEST))
    if missed is None:
        return _too_long(call, channel)
    if missed.pts == request.pts:
        return types.updates.ChannelDifferenceEmpty(box.pts, final=True, timeout=_TIMEOUT)
    messages, others, chats, users = _describe(call, channel, missed)
    return types.updates.ChannelDifference(
        missed.pts, messages, others, chats, users, final=missed.final or None, timeout=_TIMEOUT
    )


def _too_long(call: Call, channel: Channel) -> Any:
    """Return that the state is too old to say what has changed, and the newest messages."""
    messages = channel.box.page(limit=20)
    chats, users = call.world.cast(messages, call.account, channel)
    dialog = wire.fill(types.Dialog, peer=channel.peer, top_message=channel.box.top, pts=channel.box.pts)
    return types.updates.ChannelDifferenceTooLong(dialog, messages, chats, users, final=True, timeout=_TIMEOUT)


def _describe(call: Call, owner: User | Channel, missed: Difference, *more: Channel) -> tuple[list[Any], ...]:
    """Return new messages, other updates, and the chats and users in them, as the account sees them.

    Whoever has lost the answer to a sending learns here which message its random_id has become.
    """
    world, viewer = call.world, call.account
    messages = [world.shown(message, viewer, owner) for message in missed.new]
    if isinstance(owner, Channel) and viewer.bot:
        messages = [message for message in messages if hears_post(world, viewer, owner, message)]
    described = [describe(world, owner, change, viewer) for change in missed.others]
    sent = [
        types.UpdateMessageID(message.id, random_id)
        for message in messages
        if message.out and (random_id := call.server.random_ids.get((viewer.id, str(message.peer_id), message.id)))
    ]
    spoken = messages + [message for message, _ in described if message is not None]
    about = (owner, *more) if isinstance(owner, Channel) else more
    chats, users = world.cast(spoken, viewer, *about)
    return messages, [*sent, *(update for _, update in described)], chats, users
