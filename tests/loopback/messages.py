"""Writing, editing and deleting messages: between people, in groups and in channels."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from telethon.tl import types

from tests.loopback.box import Box, Message
from tests.loopback.peers import Channel, Group, Peer, User, show_channel, show_group, show_user
from tests.loopback.registry import Changed, Registry

# A copy of a message: whose box, which id.
Place = tuple[int, int]


def now() -> datetime:
    """Return the time as Telegram writes it: whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)


class Messages(Registry):
    """A message between people stands once in each one's box, under different ids; in a channel it stands once."""

    def __init__(self) -> None:
        super().__init__()
        self._copies: dict[Place, tuple[Place, ...]] = {}

    def send(
        self,
        author: User,
        to: Peer,
        text: str = "",
        *,
        date: datetime | None = None,
        reply_to: int | None = None,
        **fields: Any,
    ) -> Message:
        """Write a message; returns the author's copy, or the one in the channel.

        `reply_to` is an id in the author's box (or the channel); `fields` are further fields of Telegram's message,
        such as entities, media, reply_markup, silent, grouped_id; with `action` it is a service message.
        """
        date = date or now()
        if isinstance(to, Channel):
            return self.put(to, text, author=author, date=date, reply_to=reply_to, **fields)
        if isinstance(to, User):
            if to.bot:
                to.started_by.add(author.id)
            shown = {author: to.peer, to: author.peer}
        else:
            fields = {"from_id": author.peer, **fields}
            said = None if "action" in fields else text
            shown = {
                self.users[one]: to.peer
                for one in sorted(to.members | {author.id})
                if one == author.id or self.hears(self.users[one], to, author, said, reply_to)
            }
        answered = dict(self._copies.get((author.id, reply_to or 0), ()))
        copies = {}
        for owner, peer in shown.items():
            own = dict(fields, reply_to=_reply(answered.get(owner.id))) if reply_to else fields
            out = owner is author or None
            copies[owner.id] = _build(owner.box.last_id + 1, peer, text, date, out=out, **own)
        places = tuple((owner, message.id) for owner, message in copies.items())
        for owner in shown:
            self._copies[owner.id, copies[owner.id].id] = places
            self.emit(Changed(owner, owner.box.add(copies[owner.id])))
        return copies[author.id]

    def put(
        self,
        channel: Channel,
        text: str = "",
        *,
        author: User | None = None,
        date: datetime | None = None,
        message_id: int | None = None,
        reply_to: int | None = None,
        **fields: Any,
    ) -> Message:
        """Put a message into a channel or supergroup; its id is the next one unless it is given."""
        number = message_id or channel.box.last_id + 1
        if channel.megagroup:
            fields = {"from_id": author.peer if author else channel.peer, **fields}
        else:
            fields = {"post": True, **fields}
            if "action" not in fields:
                fields = {"views": 1, "forwards": 0, **fields}
        if reply_to:
            fields["reply_to"] = _reply(reply_to)
        message = _build(number, channel.peer, text, date or now(), **fields)
        if author:
            channel.authors[number] = author.id
        self.emit(Changed(channel, channel.box.add(message)))
        return message

    def change(self, owner: User | Channel, message_id: int, **fields: Any) -> Message:
        """Change fields of a message, in all its copies; raises KeyError if it is not there."""
        for place, number in self._places(owner, message_id):
            changed = copy.copy(place.box.messages[number])
            for name, value in fields.items():
                setattr(changed, name, value)
            self.emit(Changed(place, place.box.replace(changed)))
        return owner.box.messages[message_id]

    def remove(self, owner: User | Channel, ids: Iterable[int], *, everywhere: bool = True) -> int:
        """Delete messages, in all their copies unless only the owner's are meant; returns how many were there."""
        doomed: dict[User | Channel, list[int]] = {owner: []}
        for message_id in ids:
            for place, number in self._places(owner, message_id) if everywhere else [(owner, message_id)]:
                doomed.setdefault(place, []).append(number)
        gone = 0
        for place, numbers in doomed.items():
            removed = place.box.remove(numbers)
            if removed is not None:
                self.emit(Changed(place, removed))
                gone += removed.count if place is owner else 0
        return gone

    def copy_for(self, owner: User, message_id: int, other: User) -> int:
        """Return the id that a message of one's box has in another's; raises KeyError if it is not there."""
        return dict(self._copies[owner.id, message_id])[other.id]

    def _places(self, owner: User | Channel, message_id: int) -> list[tuple[User | Channel, int]]:
        """Where the copies of a message stand, the owner's first."""
        if isinstance(owner, Channel):
            return [(owner, message_id)]
        places: list[tuple[User | Channel, int]] = [(owner, message_id)]
        for one, number in self._copies.get((owner.id, message_id), ()):
            if one != owner.id and number in self.users[one].box.messages:
                places.append((self.users[one], number))
        return places

    def hears(
        self, account: User, place: Channel | Group, author: User | None, text: str | None, reply: int | None
    ) -> bool:
        """Whether an account is given what is written in a group: bots hear what is said to them, and commands.

        Unless privacy mode is off or they are administrators (core.telegram.org/bots/features, privacy mode). No bot
        hears other bots; everybody hears of service messages, which have no text (None).
        """
        if not account.bot or author is account or text is None:
            return True
        if author is not None and author.bot:
            return False
        if not account.privacy or (isinstance(place, Channel) and account.id in place.admins):
            return True
        if text.startswith("/") or (account.username and f"@{account.username}" in text):
            return True
        if reply and isinstance(place, Channel):
            return place.authors.get(reply) == account.id
        if reply and author:
            mine = dict(self._copies.get((author.id, reply), ())).get(account.id)
            return mine is not None and bool(account.box.messages[mine].out)
        return False

    # How messages look to an account

    def shown(self, message: Message, viewer: User, owner: User | Channel) -> Message:
        """Return a message as an account sees it: whether it is its own."""
        if isinstance(owner, Channel) and owner.authors.get(message.id) == viewer.id:
            message = copy.copy(message)
            message.out = True
        return message

    def cast(self, messages: Sequence[Message], viewer: User, *more: Peer) -> tuple[list[Any], list[Any]]:
        """Return the chats and the users that messages speak of, as an account sees them."""
        peers: dict[tuple[type, int], Peer] = {(type(peer), peer.id): peer for peer in more}
        for message in messages:
            origin = message.fwd_from.from_id if getattr(message, "fwd_from", None) else None
            for named in (message.peer_id, message.from_id, origin):
                peer = self.peer_of(named)
                if peer is not None:
                    peers[type(peer), peer.id] = peer
        chats: list[Any] = []
        for peer in peers.values():
            if isinstance(peer, Channel):
                chats.append(show_channel(peer, viewer))
            elif isinstance(peer, Group):
                chats.append(show_group(peer, viewer))
        return chats, [show_user(peer, viewer) for peer in peers.values() if isinstance(peer, User)]

    def box_of(self, account: User, peer: Peer) -> tuple[User | Channel, Box]:
        """Return in whose box an account's messages with a peer stand."""
        owner = peer if isinstance(peer, Channel) else account
        return owner, owner.box


def _build(message_id: int, peer: Any, text: str, date: datetime, **fields: Any) -> Message:
    if "action" in fields:
        return types.MessageService(id=message_id, peer_id=peer, date=date, **fields)
    return types.Message(id=message_id, peer_id=peer, date=date, message=text, **fields)


def _reply(message_id: int | None) -> types.MessageReplyHeader | None:
    return types.MessageReplyHeader(reply_to_msg_id=message_id) if message_id else None
