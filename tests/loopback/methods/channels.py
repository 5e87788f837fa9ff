"""Channels and supergroups themselves: showing, joining, leaving, invite links."""

from __future__ import annotations

from typing import Any

from telethon.tl import types
from telethon.tl.functions import channels, messages

from tests.loopback import wire
from tests.loopback.errors import bad_request
from tests.loopback.messages import now
from tests.loopback.methods import lookup
from tests.loopback.methods.table import method
from tests.loopback.peers import Channel, show_channel, show_group
from tests.loopback.rpc import Call

# How many channels an account can join (core.telegram.org/api/config, channels_limit_default).
CHANNELS_LIMIT = 500


@method(channels.GetChannelsRequest)
def get_channels(call: Call) -> Any:
    """Show channels; one that cannot be read fails the whole call."""
    found = [lookup.channel(call, named) for named in call.request.id]
    return types.messages.Chats([show_channel(channel, call.account) for channel in found])


@method(channels.GetFullChannelRequest)
def get_full_channel(call: Call) -> Any:
    """Show one channel with its description, size and state."""
    channel = lookup.channel(call, call.request.channel)
    full = wire.fill(
        types.ChannelFull,
        id=channel.id,
        about=channel.about,
        pts=channel.box.pts,
        read_inbox_max_id=channel.box.top,
        participants_count=channel.subscribers or len(channel.members),
        slowmode_seconds=channel.slowmode,
    )
    return types.messages.ChatFull(full, [show_channel(channel, call.account)], [])


@method(messages.GetFullChatRequest)
def get_full_chat(call: Call) -> Any:
    """Show one small group with its members."""
    group = lookup.group(call, call.request.chat_id)
    there = [types.ChatParticipant(one, one, group.date) for one in sorted(group.members)]
    full = wire.fill(types.ChatFull, id=group.id, about="", participants=types.ChatParticipants(group.id, there, 1))
    return types.messages.ChatFull(full, [show_group(group, call.account)], [])


@method(messages.GetChatsRequest)
def get_chats(call: Call) -> Any:
    """Show small groups."""
    return types.messages.Chats([show_group(lookup.group(call, one), call.account) for one in call.request.id])


@method(channels.JoinChannelRequest, bots=False)
def join_channel(call: Call) -> Any:
    """Join a public channel or supergroup."""
    return _join(call, lookup.channel(call, call.request.channel))


@method(messages.ImportChatInviteRequest, bots=False)
def import_chat_invite(call: Call) -> Any:
    """Join by an invite link."""
    channel = _invited(call)
    if call.account.id in channel.members:
        raise bad_request("USER_ALREADY_PARTICIPANT")
    return _join(call, channel)


@method(messages.CheckChatInviteRequest, bots=False)
def check_chat_invite(call: Call) -> Any:
    """Show what an invite link leads to."""
    channel = _invited(call)
    if call.account.id in channel.members:
        return types.ChatInviteAlready(show_channel(channel, call.account))
    return wire.fill(
        types.ChatInvite,
        title=channel.title,
        about=channel.about or None,
        participants_count=channel.subscribers or len(channel.members),
        channel=True,
        broadcast=not channel.megagroup or None,
        megagroup=channel.megagroup or None,
        public=channel.username is not None or None,
    )


def _invited(call: Call) -> Channel:
    channel = call.world.invites.get(call.request.hash)
    if channel is None or channel.deleted:
        raise bad_request("INVITE_HASH_EXPIRED")
    return channel


def _join(call: Call, channel: Channel) -> Any:
    account = call.account
    joined = sum(1 for other in call.world.channels.values() if account.id in other.members)
    if account.id not in channel.members and joined >= CHANNELS_LIMIT:
        raise bad_request("CHANNELS_TOO_MUCH")
    call.world.join(channel, account)
    return types.messages.ChatInviteJoinResultOk(_about(call, channel))


@method(channels.LeaveChannelRequest)
def leave_channel(call: Call) -> Any:
    """Leave a channel or supergroup."""
    channel = lookup.channel(call, call.request.channel)
    if call.account.id not in channel.members:
        raise bad_request("USER_NOT_PARTICIPANT")
    call.world.leave(channel, call.account)
    return _about(call, channel)


def _about(call: Call, channel: Channel) -> Any:
    return types.Updates([types.UpdateChannel(channel.id)], [], [show_channel(channel, call.account)], now(), 0)


@method(channels.GetParticipantRequest)
def get_participant(call: Call) -> Any:
    """Say what an account is in a channel; raises USER_NOT_PARTICIPANT."""
    channel = lookup.channel(call, call.request.channel)
    user = lookup.user(call, call.request.participant)
    if user.id not in channel.members:
        raise bad_request("USER_NOT_PARTICIPANT")
    shown: Any = types.ChannelParticipant(user.id, channel.date)
    if user.id in channel.admins:
        rights = types.ChatAdminRights(post_messages=True, edit_messages=True, delete_messages=True)
        shown = types.ChannelParticipantAdmin(user.id, user.id, channel.date, rights)
    chats, users = call.world.cast([], call.account, channel, user)
    return types.channels.ChannelParticipant(shown, chats, users)
