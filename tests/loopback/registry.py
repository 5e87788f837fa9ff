"""The world's register: who there is, under which name, who belongs to what; and who hears of changes."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from telethon.tl import types

from tests.loopback.box import Change
from tests.loopback.peers import Channel, Group, Peer, User


@dataclass(frozen=True, slots=True)
class Changed:
    """A box has changed: an account's or a channel's."""

    owner: User | Channel
    change: Change


@dataclass(frozen=True, slots=True)
class Told:
    """An account is told something that no box keeps; `about` are the peers that it speaks of."""

    user: User
    update: Any
    about: tuple[Peer, ...] = ()


Event = Changed | Told


class Registry:
    """All peers of the world; names are unique whatever their case, as Telegram's are."""

    def __init__(self) -> None:
        self.users: dict[int, User] = {}
        self.channels: dict[int, Channel] = {}
        self.groups: dict[int, Group] = {}
        self.invites: dict[str, Channel] = {}
        self.listeners: list[Callable[[Event], None]] = []
        self._names: dict[str, User | Channel] = {}
        self._user_ids = itertools.count(100_001)
        self._channel_ids = itertools.count(1_000_000_001)
        self._group_ids = itertools.count(5_000_001)

    def emit(self, event: Event) -> None:
        """Let the listeners know."""
        for listener in self.listeners:
            listener(event)

    # People

    def add_user(
        self,
        first_name: str,
        *,
        user_id: int | None = None,
        last_name: str | None = None,
        username: str | None = None,
        phone: str | None = None,
        password: str | None = None,
    ) -> User:
        """Add a person; with a phone number (digits only) it can sign in, with a password it must give that too."""
        user = User(user_id or next(self._user_ids), first_name, last_name, phone=phone, password=password)
        return self._add_user(user, username)

    def add_bot(
        self,
        first_name: str,
        *,
        username: str | None = None,
        user_id: int | None = None,
        secret: str = "loopback-bot-secret",
        privacy: bool = True,
    ) -> User:
        """Add a bot; `bot.token` is what it signs in with."""
        number = user_id or next(self._user_ids)
        bot = User(number, first_name, token=f"{number}:{secret}", privacy=privacy)
        return self._add_user(bot, username)

    def _add_user(self, user: User, username: str | None) -> User:
        if user.id in self.users:
            raise ValueError(f"user {user.id} is there already")
        self.users[user.id] = user
        self.set_username(user, username)
        return user

    def by_phone(self, phone: str) -> User | None:
        """Return the account of a phone number, whatever else than digits stands in it."""
        digits = "".join(letter for letter in phone if letter.isdigit())
        return next((user for user in self.users.values() if user.phone and user.phone == digits), None)

    # Channels and groups

    def add_channel(
        self,
        username: str | None = None,
        title: str | None = None,
        *,
        channel_id: int | None = None,
        members: Iterable[User] = (),
        **marks: Any,
    ) -> Channel:
        """Add a channel (with `megagroup=True` a supergroup); private without a user name.

        `marks` are further fields of Channel: about, verified, scam, fake, noforwards, restriction, subscribers, …
        """
        number = channel_id or next(self._channel_ids)
        if number in self.channels:
            raise ValueError(f"channel {number} is there already")
        channel = Channel(number, title or username or f"Channel {number}", **marks)
        channel.members.update(member.id for member in members)
        self.channels[number] = channel
        self.set_username(channel, username)
        return channel

    def add_supergroup(self, title: str, members: Iterable[User] = (), **marks: Any) -> Channel:
        """Add a supergroup."""
        return self.add_channel(title=title, members=members, megagroup=True, **marks)

    def add_group(self, title: str, members: Iterable[User] = ()) -> Group:
        """Add a small group."""
        number = next(self._group_ids)
        group = Group(number, title, members={member.id for member in members})
        self.groups[number] = group
        return group

    def add_invite(self, channel: Channel) -> str:
        """Make an invite link of a channel; returns the part after `t.me/+`."""
        key = secrets.token_urlsafe(12)
        self.invites[key] = channel
        return key

    # Names

    def find(self, username: str) -> User | Channel | None:
        """Return who has a user name (without @)."""
        return self._names.get(username.lower())

    def set_username(self, peer: User | Channel, username: str | None) -> None:
        """Give a user name, taking it from whoever had it; None takes the one away that the peer has."""
        if peer.username is not None:
            self._names.pop(peer.username.lower(), None)
        peer.username = username
        if username is None:
            return
        before = self._names.get(username.lower())
        if before is not None:
            before.username = None
        self._names[username.lower()] = peer

    # Belonging

    def join(self, channel: Channel | Group, *users: User) -> None:
        """Make users members."""
        for user in users:
            channel.members.add(user.id)
            self._tell_membership(channel, user)

    def leave(self, channel: Channel | Group, *users: User) -> None:
        """Make users members no longer."""
        for user in users:
            channel.members.discard(user.id)
            self._tell_membership(channel, user)

    def ban(self, channel: Channel, *users: User) -> None:
        """Throw users out for good."""
        channel.banned.update(user.id for user in users)
        self.leave(channel, *users)

    def make_admin(self, channel: Channel, *users: User) -> None:
        """Make users members that may post and that see everything."""
        channel.admins.update(user.id for user in users)
        self.join(channel, *users)

    def mute(self, place: Channel | Group, *users: User) -> None:
        """Forbid members to write."""
        place.muted.update(user.id for user in users)

    def block(self, user: User, other: User) -> None:
        """Let `user` block `other`, a bot for example."""
        user.blocked.add(other.id)

    def unblock(self, user: User, other: User) -> None:
        """Take back a block."""
        user.blocked.discard(other.id)

    def _tell_membership(self, place: Channel | Group, user: User) -> None:
        told = types.UpdateChannel(place.id) if isinstance(place, Channel) else types.UpdateChat(place.id)
        self.emit(Told(user, told, (place,)))

    def peer_of(self, peer: Any) -> Peer | None:
        """Return who a peer in a message is."""
        if isinstance(peer, types.PeerChannel):
            return self.channels.get(peer.channel_id)
        if isinstance(peer, types.PeerUser):
            return self.users.get(peer.user_id)
        if isinstance(peer, types.PeerChat):
            return self.groups.get(peer.chat_id)
        return None
