"""What Telegram pushes, as hints of which channels to read. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from telethon.tl import TLObject, types

from monitor.sources.live import Hint


def hints_in(pushed: TLObject, now: datetime) -> Iterator[Hint]:
    """Give a hint for each post, edit and deletion in a channel; whatever else was pushed gives none."""
    if isinstance(pushed, types.UpdateShort):
        updates = [pushed.update]
    elif isinstance(pushed, types.Updates | types.UpdatesCombined):
        updates = pushed.updates
    else:
        updates = []
    for update in updates:
        hint = _hint(update, now)
        if hint is not None:
            yield hint


def _hint(update: TLObject, now: datetime) -> Hint | None:
    if isinstance(update, types.UpdateNewChannelMessage):
        channel_id = _channel_of(update.message)
        return None if channel_id is None else Hint(channel_id, now)
    if isinstance(update, types.UpdateEditChannelMessage):
        channel_id = _channel_of(update.message)
        # Each reaction and each added preview comes as an edit that is not shown as one.
        if channel_id is None or getattr(update.message, "edit_hide", False):
            return None
        return Hint(channel_id, now, (update.message.id,))
    if isinstance(update, types.UpdateDeleteChannelMessages):
        return Hint(update.channel_id, now, tuple(update.messages))
    if isinstance(update, types.UpdateChannelTooLong):
        return Hint(update.channel_id, now)
    return None


def _channel_of(message: TLObject) -> int | None:
    peer = message.peer_id
    return peer.channel_id if isinstance(peer, types.PeerChannel) else None
