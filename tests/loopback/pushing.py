"""Which update goes to which connection: to members, and to who looks at a public channel just now.

Looking means asking for the channel's difference again and again (core.telegram.org/api/updates, subscribing to
updates of channels).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from telethon.tl import types

from tests.loopback.box import Change, Kind, Message
from tests.loopback.messages import now
from tests.loopback.peers import Channel, Peer, User
from tests.loopback.registry import Changed, Event
from tests.loopback.rpc import acting

if TYPE_CHECKING:
    from tests.loopback.connection import Connection
    from tests.loopback.server import LoopbackServer
    from tests.loopback.world import World


class Pusher:
    """Listens to the world, and sends each event to the connections that are to hear of it."""

    def __init__(self, server: LoopbackServer) -> None:
        self._server = server

    def __call__(self, event: Event) -> None:
        """Push one event."""
        if isinstance(event, Changed):
            hearers = [event.owner] if isinstance(event.owner, User) else self._audience(event.owner)
            for account in hearers:
                connections = self._connections(account)
                if connections and self._hears(account, event):
                    message, update = describe(self._server.world, event.owner, event.change, account)
                    messages = [] if message is None else [message]
                    self._push(connections, package(self._server.world, account, [update], messages))
            return
        connections = self._connections(event.user)
        if connections:
            self._push(connections, package(self._server.world, event.user, [event.update], [], *event.about))

    def _push(self, connections: list[Connection], updates: Any) -> None:
        for connection in connections:
            self._server.faults.updates.deliver(partial(connection.send, updates))

    def _audience(self, channel: Channel) -> list[User]:
        members = [self._server.world.users[one] for one in sorted(channel.members)]
        return members + [one for one in self._server.watchers(channel) if channel.open_to(one)]

    def _connections(self, account: User) -> list[Connection]:
        return [
            connection
            for connection in self._server.connections
            if connection.wants_updates and connection.account is account and connection is not acting.get()
        ]

    def _hears(self, account: User, event: Changed) -> bool:
        if isinstance(event.owner, User) or not account.bot or event.change.kind is Kind.DELETED:
            return True
        message = event.owner.box.messages[event.change.ids[0]]
        return hears_post(self._server.world, account, event.owner, message)


def hears_post(world: World, account: User, channel: Channel, message: Message) -> bool:
    """Whether an account is given a message of a channel (bots in supergroups are not given everything)."""
    author = world.users.get(channel.authors.get(message.id, 0))
    if not channel.megagroup:
        return True
    reply = message.reply_to.reply_to_msg_id if message.reply_to else None
    return world.hears(account, channel, author, message.message, reply)


def describe(world: World, owner: User | Channel, change: Change, viewer: User) -> tuple[Message | None, Any]:
    """Return the message that a change is about (None for deletions), and the update that tells of it."""
    channel = isinstance(owner, Channel)
    if change.kind is Kind.DELETED:
        ids = list(change.ids)
        if isinstance(owner, Channel):
            return None, types.UpdateDeleteChannelMessages(owner.id, ids, change.pts, change.count)
        return None, types.UpdateDeleteMessages(ids, change.pts, change.count)
    message = world.shown(owner.box.messages[change.ids[0]], viewer, owner)
    if change.kind is Kind.NEW:
        constructor = types.UpdateNewChannelMessage if channel else types.UpdateNewMessage
    else:
        constructor = types.UpdateEditChannelMessage if channel else types.UpdateEditMessage
    return message, constructor(message, change.pts, change.count)


def package(world: World, viewer: User, updates: Sequence[Any], messages: Sequence[Message], *about: Peer) -> Any:
    """Return updates together with the chats and users that they speak of."""
    chats, users = world.cast(messages, viewer, *about)
    return types.Updates(list(updates), users, chats, now(), 0)
