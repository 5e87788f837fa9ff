"""A world from saved posts: whatever `monitor replay` can read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from telethon.tl import types

from monitor.models import Media, Post
from monitor.sources.files import FileSource
from tests.loopback import content
from tests.loopback.box import Message
from tests.loopback.peers import Channel
from tests.loopback.world import World


@dataclass(slots=True)
class Filling:
    """What was put into a world, and the posts that are kept back to come later."""

    channels: list[Channel] = field(default_factory=list)
    posts: int = 0
    later: list[tuple[Channel, Post]] = field(default_factory=list)


async def fill(world: World, paths: Sequence[Path], *, keep_back: int = 0) -> Filling:
    """Put saved posts into a world, all but the last `keep_back`; raises Unreadable for paths that hold none."""
    filling = Filling()
    known: dict[int | str | None, Channel] = {}
    read = [post async for post in FileSource(paths).posts() if isinstance(post, Post)]
    for at, post in enumerate(read):
        key = post.channel.id or post.channel.name
        if key not in known:
            known[key] = _channel(world, post)
            filling.channels.append(known[key])
        if at < len(read) - keep_back:
            publish(world, known[key], post)
            filling.posts += 1
        else:
            filling.later.append((known[key], post))
    return filling


def _channel(world: World, post: Post) -> Channel:
    name = username(post.channel.name or f"channel_{post.channel.id}")
    if world.find(name):
        name = f"{name[:24]}_{len(world.channels)}"
    return world.add_channel(name, post.channel.title or name, channel_id=post.channel.id)


def username(name: str) -> str:
    """Return a user name that Telegram would accept, as like the given one as can be."""
    allowed = re.sub(r"\W+", "_", name, flags=re.ASCII).strip("_")
    if not re.match(r"[A-Za-z]", allowed):
        allowed = f"channel_{allowed}".rstrip("_")
    return allowed[:32].ljust(5, "_")


def publish(world: World, channel: Channel, post: Post, **fields: Any) -> Message:
    """Put one saved post into a channel: with its id and date unless `fields` say otherwise, as an edit if it is there.

    Of an album only the first message is made.
    """
    media = _media(post)
    if post.id in channel.box.messages:
        return world.edit(channel, post.id, post.body, date=post.edited, media=media)
    given = {"date": post.date, "message_id": post.id, "edit_date": post.edited, **fields}
    return world.post(
        channel,
        post.body,
        media=media,
        fwd_from=_forward(post),
        views=post.views or 1,
        reply_to=post.reply_to,
        **given,
    )


def _forward(post: Post) -> Any:
    if post.forward is None:
        return None
    date = post.forward.date or post.date
    if post.forward.channel_id is None:
        return content.hidden_forward(post.forward.name or "", date=date)
    origin = types.PeerChannel(post.forward.channel_id)
    return types.MessageFwdHeader(date, from_id=origin, channel_post=post.forward.post_id)


def _media(post: Post) -> Any:
    if not post.media:
        return None
    media = post.media[0]
    if media.kind == "poll":
        question, *answers = post.attached or (post.body,)
        return content.poll(question, answers)
    return _made(media)


def _made(media: Media) -> Any:
    size, duration = media.size or 100_000, media.duration or 10
    if media.kind == "photo":
        return content.photo(size=size)
    if media.kind in {"video", "animation"}:
        return content.video(duration=duration, size=size)
    if media.kind == "round":
        return content.round_video(duration=duration, size=size)
    if media.kind == "voice":
        return content.voice(duration=duration, size=size)
    if media.kind == "audio":
        return content.audio(media.file_name or "audio", "", duration=duration, size=size)
    if media.kind == "sticker":
        return content.sticker()
    if media.kind == "location":
        return content.place(50.41, 36.89)
    if media.kind == "contact":
        return content.contact("Somebody", "15550000")
    return content.document(media.file_name, size=size, mime=media.mime or "application/octet-stream")
