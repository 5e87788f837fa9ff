"""Whom a call means: from the peer that the client names, with its access hash, to the one in the world."""

from __future__ import annotations

from typing import Any

from telethon.tl import types

from tests.loopback.errors import bad_request
from tests.loopback.peers import Channel, Group, Peer, User, access_hash
from tests.loopback.rpc import Call


def channel(call: Call, named: Any) -> Channel:
    """Return the channel; raises CHANNEL_INVALID for a wrong access hash and CHANNEL_PRIVATE for one not to be read."""
    found = call.world.channels.get(getattr(named, "channel_id", 0))
    if found is None or not _known(call, found, named.access_hash):
        raise bad_request("CHANNEL_INVALID")
    if not found.open_to(call.account):
        raise bad_request("CHANNEL_PRIVATE")
    return found


def user(call: Call, named: Any) -> User:
    """Return the user; raises PEER_ID_INVALID for a wrong access hash."""
    if isinstance(named, (types.InputUserSelf, types.InputPeerSelf)):
        return call.account
    found = call.world.users.get(getattr(named, "user_id", 0))
    if found is None or not _known(call, found, named.access_hash):
        raise bad_request("PEER_ID_INVALID")
    return found


def group(call: Call, group_id: int) -> Group:
    """Return the small group; raises PEER_ID_INVALID if the account is no member of it."""
    found = call.world.groups.get(group_id)
    if found is None or call.account.id not in found.members:
        raise bad_request("PEER_ID_INVALID")
    return found


def peer(call: Call, named: Any) -> Peer:
    """Return whoever is named."""
    if isinstance(named, (types.InputPeerChannel, types.InputChannel)):
        return channel(call, named)
    if isinstance(named, types.InputPeerChat):
        return group(call, named.chat_id)
    return user(call, named)


def _known(call: Call, found: User | Channel, key: int) -> bool:
    """Whether the account shows the right access hash; bots may show 0 for those that they have met."""
    if key == access_hash(call.account, found):
        return True
    if key != 0 or not call.account.bot:
        return False
    if isinstance(found, Channel):
        return call.account.id in found.members
    places: list[Group | Channel] = [*call.world.groups.values(), *call.world.channels.values()]
    return found.id in call.account.started_by or any({found.id, call.account.id} <= place.members for place in places)
