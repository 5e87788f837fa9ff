"""Telegram's messages as posts: through the same reader as saved ones, so that a post kept raw reads the same again."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson
from telethon.tl import TLObject, types

from monitor.models import Channel, Forward, Post, Rejected, Skipped
from monitor.sources.albums import join
from monitor.sources.fields import FieldError, line
from monitor.sources.live import Unparsed
from monitor.sources.telethon_json import content, passed_over

SOURCE = "telegram"


@dataclass(frozen=True, slots=True)
class Peers:
    """The channels that an answer speaks of, by id."""

    channels: Mapping[int, types.Channel]

    @classmethod
    def of(cls, chats: Iterable[TLObject]) -> Peers:
        """Take the channels out of an answer's list of chats."""
        return cls({chat.id: chat for chat in chats if isinstance(chat, types.Channel)})

    def named(self, channel: Channel) -> Channel:
        """Return the channel as it is called now, as far as the answer says."""
        found = self.channels.get(channel.id or 0)
        # Telegram leaves names out of what it calls a minimal channel.
        return channel if found is None or found.min else described(found)

    def forbid_copies(self, channel: Channel) -> bool:
        """Tell whether the channel forbids to copy its posts."""
        found = self.channels.get(channel.id or 0)
        return bool(found is not None and found.noforwards)

    def title(self, channel_id: int | None) -> str | None:
        """Return the title of a channel, None where the answer does not speak of it."""
        found = self.channels.get(channel_id or 0)
        return line(found.title) if found else None


@dataclass(frozen=True, slots=True)
class Converted:
    """What came of some messages; posts are in the order of their ids, an album is one."""

    posts: tuple[Post, ...]
    skipped: tuple[Skipped, ...]
    rejected: tuple[Unparsed, ...]


def described(channel: types.Channel) -> Channel:
    """Return a channel of Telegram's as ours: bare id, main user name, title."""
    names = [one.username for one in channel.usernames or () if one.active]
    return Channel(channel.id, line(channel.username or next(iter(names), None)), line(channel.title))


def convert(messages: Iterable[TLObject], channel: Channel, peers: Peers) -> Converted:
    """Make posts of a channel's messages; one that cannot be made a post is kept raw by itself."""
    posts: list[Post] = []
    skipped: list[Skipped] = []
    rejected: list[Unparsed] = []
    for message in sorted(messages, key=lambda one: one.id):
        found = _converted(message, channel, peers)
        if isinstance(found, Post):
            posts.append(found)
        elif isinstance(found, Skipped):
            skipped.append(found)
        else:
            rejected.append(found)
    return Converted(tuple(_albums(posts)), tuple(skipped), tuple(rejected))


def unparsed(channel: Channel, id_: int, raw: bytes, reason: str) -> Unparsed:
    """Return the record of a message that could not be read."""
    name = channel.name or channel.title or str(channel.id)
    return Unparsed(id_, raw, Rejected(f"{SOURCE}:{name}", id_, reason))


def _converted(message: TLObject, channel: Channel, peers: Peers) -> Post | Skipped | Unparsed:
    record = message.to_dict()
    try:
        raw = as_json(message, record)
        record = orjson.loads(raw)
    except (orjson.JSONEncodeError, orjson.JSONDecodeError, RecursionError):
        return unparsed(channel, message.id, bytes(message), "the message is nested too deeply to be a post")
    try:
        reason = passed_over(record)
        if reason is not None:
            return Skipped(SOURCE, reason)
        if getattr(message.peer_id, "channel_id", None) != channel.id:
            raise FieldError("the message stands in another channel")
        return _completed(content(record, raw, channel, SOURCE), peers)
    except FieldError as error:
        return unparsed(channel, message.id, raw, str(error))


def _completed(post: Post, peers: Peers) -> Post:
    return replace(
        post,
        forward=_with_title(post.forward, peers),
        noforwards=post.noforwards or peers.forbid_copies(post.channel),
    )


def _with_title(forward: Forward | None, peers: Peers) -> Forward | None:
    # Only channels are named: where a private person is the origin, their name is not ours to keep.
    return forward and replace(forward, name=forward.name or peers.title(forward.channel_id))


def _albums(posts: Iterable[Post]) -> Iterator[Post]:
    groups: dict[tuple[str, int], list[Post]] = {}
    for post in posts:
        key = ("post", post.id) if post.album is None else ("album", post.album)
        groups.setdefault(key, []).append(post)
    return map(join, groups.values())


def as_json(message: TLObject, record: Mapping[str, Any] | None = None) -> bytes:
    """Write a message (or its record, where that is made already) as one line of JSON."""
    return orjson.dumps(record if record is not None else message.to_dict(), default=_plain)


def _plain(value: Any) -> str:
    """Write bytes as telethon's own `to_json` does; dates are written alike already."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    raise TypeError(f"{type(value).__name__} is no value of a message")
