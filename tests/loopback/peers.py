"""Who is in the world: users, bots, channels and groups, and how each looks to an account."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from telethon.tl import types

from tests.loopback import wire
from tests.loopback.box import Box


@dataclass(slots=True, eq=False)
class User:
    """A person or a bot; both can be signed in, and have a box for their private chats and groups."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    phone: str | None = None
    password: str | None = None
    token: str | None = None
    # A bot that keeps out of what is not said to it in groups (Telegram's default).
    privacy: bool = True
    deleted: bool = False
    box: Box = field(default_factory=Box)
    # Users that this one has blocked, and (for a bot) users that have written to it.
    blocked: set[int] = field(default_factory=set)
    started_by: set[int] = field(default_factory=set)
    commands: dict[tuple[str, str], list[Any]] = field(default_factory=dict)

    @property
    def bot(self) -> bool:
        """Whether it is a bot."""
        return self.token is not None

    @property
    def peer(self) -> types.PeerUser:
        """Its peer in messages."""
        return types.PeerUser(self.id)


@dataclass(slots=True, eq=False)
class Channel:
    """A broadcast channel, or with `megagroup` a supergroup; without a user name it is private."""

    id: int
    title: str
    username: str | None = None
    megagroup: bool = False
    date: datetime = datetime(2020, 1, 1, tzinfo=UTC)
    about: str = ""
    verified: bool = False
    scam: bool = False
    fake: bool = False
    noforwards: bool = False
    restriction: str | None = None
    deleted: bool = False
    # None: as many as there are members.
    subscribers: int | None = None
    slowmode: int | None = None
    box: Box = field(default_factory=Box)
    members: set[int] = field(default_factory=set)
    admins: set[int] = field(default_factory=set)
    banned: set[int] = field(default_factory=set)
    # Members that may read and not write.
    muted: set[int] = field(default_factory=set)
    authors: dict[int, int] = field(default_factory=dict)

    @property
    def peer(self) -> types.PeerChannel:
        """Its peer in messages."""
        return types.PeerChannel(self.id)

    def open_to(self, account: User) -> bool:
        """Whether that account may read it."""
        if self.deleted or account.id in self.banned:
            return False
        return self.username is not None or account.id in self.members


@dataclass(slots=True, eq=False)
class Group:
    """A small group: each member has its own copies of the messages."""

    id: int
    title: str
    date: datetime = datetime(2020, 1, 1, tzinfo=UTC)
    members: set[int] = field(default_factory=set)
    muted: set[int] = field(default_factory=set)
    deleted: bool = False
    # The supergroup that it has become.
    migrated_to: Channel | None = None

    @property
    def peer(self) -> types.PeerChat:
        """Its peer in messages."""
        return types.PeerChat(self.id)


Peer = User | Channel | Group


def access_hash(viewer: User, peer: User | Channel) -> int:
    """Return the number that an account must show to reach that peer; every account has another one."""
    name = f"{viewer.id} {type(peer).__name__} {peer.id}".encode()
    return int.from_bytes(hashlib.blake2b(name, digest_size=8).digest(), "big", signed=True)


def show_user(user: User, viewer: User) -> types.User:
    """Return a user as an account sees it."""
    if user.deleted:
        return types.User(id=user.id, deleted=True, access_hash=access_hash(viewer, user))
    return types.User(
        id=user.id,
        is_self=user is viewer or None,
        access_hash=access_hash(viewer, user),
        first_name=user.first_name,
        last_name=user.last_name,
        username=user.username,
        phone=user.phone if user is viewer else None,
        bot=user.bot or None,
        bot_info_version=1 if user.bot else None,
        bot_chat_history=(user.bot and not user.privacy) or None,
    )


def show_channel(channel: Channel, viewer: User) -> types.Channel | types.ChannelForbidden:
    """Return a channel as an account sees it."""
    key = access_hash(viewer, channel)
    if not channel.open_to(viewer):
        return types.ChannelForbidden(
            id=channel.id,
            access_hash=key,
            title=channel.title,
            broadcast=not channel.megagroup or None,
            megagroup=channel.megagroup or None,
        )
    reason = channel.restriction
    admin = types.ChatAdminRights(post_messages=True, edit_messages=True, delete_messages=True)
    shown: types.Channel = wire.fill(
        types.Channel,
        id=channel.id,
        access_hash=key,
        title=channel.title,
        username=channel.username,
        date=channel.date,
        broadcast=not channel.megagroup or None,
        megagroup=channel.megagroup or None,
        left=viewer.id not in channel.members or None,
        verified=channel.verified or None,
        scam=channel.scam or None,
        fake=channel.fake or None,
        noforwards=channel.noforwards or None,
        restricted=reason is not None or None,
        restriction_reason=None if reason is None else [types.RestrictionReason("all", "terms", reason)],
        slowmode_enabled=channel.slowmode is not None or None,
        admin_rights=admin if viewer.id in channel.admins else None,
        participants_count=channel.subscribers or len(channel.members),
    )
    return shown


def show_group(group: Group, viewer: User) -> types.Chat | types.ChatForbidden:
    """Return a small group as an account sees it."""
    if viewer.id not in group.members:
        return types.ChatForbidden(id=group.id, title=group.title)
    new = group.migrated_to
    shown: types.Chat = wire.fill(
        types.Chat,
        id=group.id,
        title=group.title,
        date=group.date,
        participants_count=len(group.members),
        version=1,
        deactivated=(group.deleted or new is not None) or None,
        migrated_to=None if new is None else types.InputChannel(new.id, access_hash(viewer, new)),
    )
    return shown
