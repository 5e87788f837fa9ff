"""The world of the loopback server: pure data, changed by the test, served by the server.

    world = World()
    reader = world.add_user("Reader", phone="15550001", password="secret")
    bot = world.add_bot("Alerts", username="alerts_bot")
    channel = world.add_channel("news_example", "News", members=[reader])
    post = world.post(channel, "В Шебекине началась эвакуация")
    world.edit(channel, post.id, "В Шебекине закончилась эвакуация")
    world.delete(channel, post.id)
    world.send(reader, bot, "/status")

What happens while a server runs is pushed to the connected clients that Telegram would push it to.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from telethon.tl import types

from tests.loopback.box import Message
from tests.loopback.messages import Messages, now
from tests.loopback.peers import Channel, Group, User
from tests.loopback.registry import Told


class World(Messages):
    """Channels and what happens in them; people and what they write; see Registry and Messages for those."""

    def __init__(self) -> None:
        super().__init__()
        # What was uploaded, by id of the photo or document.
        self.files: dict[int, bytes] = {}
        self.file_dcs: dict[int, int] = {}  # files that lie in another data centre than the server's
        self.references: dict[int, bytes] = {}  # of files whose first reference has expired
        self._albums = 0

    # Posts

    def post(self, channel: Channel, text: str = "", **fields: Any) -> Message:
        """Publish a post; `fields` as in `put` and in Telegram's message: date, message_id, media, entities, …"""
        return self.put(channel, text, **fields)

    def album(self, channel: Channel, media: Sequence[Any], caption: str = "", **fields: Any) -> list[Message]:
        """Publish an album: one message each, with one grouped_id; the caption stands with the first."""
        self._albums += 1
        group = 13_000_000_000_000_000 + self._albums
        return [
            self.put(channel, "" if at else caption, media=one, grouped_id=group, **fields)
            for at, one in enumerate(media)
        ]

    def service(self, channel: Channel, action: Any = None, **fields: Any) -> Message:
        """Put a service message, by default that a message was pinned."""
        return self.put(channel, action=action or types.MessageActionPinMessage(), **fields)

    def edit(
        self,
        owner: User | Channel,
        message_id: int,
        text: str | None = None,
        *,
        date: datetime | None = None,
        **fields: Any,
    ) -> Message:
        """Edit a post (or a message in a user's box): text, and any field of Telegram's message."""
        if text is not None:
            fields["message"] = text
        return self.change(owner, message_id, edit_date=date or now(), edit_hide=None, **fields)

    def expire_reference(self, channel: Channel, message_id: int) -> None:
        """Let the reference to a message's file expire: who reads the message again gets the new one."""
        media = channel.box.messages[message_id].media
        file = getattr(media, "photo", None) or media.document
        file.file_reference = self.references[file.id] = f"renewed {len(self.references)}".encode()

    def react(self, channel: Channel, message_id: int, emoji: str, count: int = 1) -> Message:
        """Let readers react: an edit of the message that changes neither its text nor its visible edit date."""
        reactions = types.MessageReactions([types.ReactionCount(types.ReactionEmoji(emoji), count)])
        hidden = channel.box.messages[message_id].edit_date is None
        return self.change(channel, message_id, reactions=reactions, edit_date=now(), edit_hide=hidden or None)

    def view(self, channel: Channel, message_id: int, views: int, forwards: int = 0) -> None:
        """Set how often a post was seen; Telegram sends no edit for that."""
        message = channel.box.messages[message_id]
        message.views, message.forwards = views, forwards

    def delete(self, owner: User | Channel, *ids: int) -> None:
        """Delete posts (or messages in a user's box and the others' copies)."""
        self.remove(owner, ids)

    # What becomes of channels

    def rename(self, channel: Channel, title: str, *, silently: bool = False) -> None:
        """Give a channel another title, which its members see as a service message unless it goes silently."""
        channel.title = title
        if not silently:
            self.service(channel, types.MessageActionChatEditTitle(title))
        self.tell_members(channel)

    def change_username(self, channel: Channel, username: str | None) -> None:
        """Give a channel another user name (taking it from whoever had it), or make it private."""
        self.set_username(channel, username)
        self.tell_members(channel)

    def close(self, channel: Channel) -> None:
        """Delete a channel for everybody."""
        self.set_username(channel, None)
        channel.deleted = True
        self.tell_members(channel)

    def migrate(self, group: Group) -> Channel:
        """Make a supergroup of a small group, as Telegram does when somebody changes its settings.

        The group's id is worth nothing any more; service messages in both name the other.
        """
        people = [self.users[one] for one in sorted(group.members)]
        new = self.add_supergroup(group.title, people)
        new.muted |= group.muted
        self.send(people[0], group, action=types.MessageActionChatMigrateTo(new.id))
        self.put(new, action=types.MessageActionChannelMigrateFrom(group.title, group.id))
        group.migrated_to = new
        return new

    def restrict(self, channel: Channel, reason: str | None) -> None:
        """Mark a channel as restricted for that reason ("This channel can't be displayed …"), or no longer."""
        channel.restriction = reason
        self.tell_members(channel)

    def forget_changes(self, owner: User | Channel) -> None:
        """Forget the changes of a box so far: a client that asks for them hears ChannelDifferenceTooLong."""
        owner.box.forget()

    def tell_members(self, channel: Channel) -> None:
        """Let the members' clients know that something about the channel itself is new."""
        for one in sorted(channel.members):
            self.emit(Told(self.users[one], types.UpdateChannel(channel.id), (channel,)))

    def tell_too_long(self, channel: Channel) -> None:
        """Let the members' clients know that a channel has news, and nothing else (updateChannelTooLong)."""
        for one in sorted(channel.members):
            update = types.UpdateChannelTooLong(channel.id, channel.box.pts)
            self.emit(Told(self.users[one], update, (channel,)))
