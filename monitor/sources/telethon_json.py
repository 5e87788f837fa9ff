"""Messages as telethon's `to_json()` writes them, one object each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from monitor.models import Channel, Forward, Media, Post, Skipped
from monitor.sources.fields import FieldError, bare_id, body, clean, date, line, optional_date, post_id, shown, whole
from monitor.sources.naming import named

# "PinMessage" → "pin message", "SetMessagesTTL" → "set messages ttl"
_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")
# Where the blocks of an article keep their texts, in the order in which they are read.
_BLOCK_KEYS = ("title", "text", "items", "rows", "cells", "blocks", "caption", "credit")
_KINDS = {
    "MessageMediaPoll": "poll",
    "MessageMediaGeo": "location",
    "MessageMediaGeoLive": "location",
    "MessageMediaVenue": "location",
    "MessageMediaContact": "contact",
}


def post(record: dict[str, Any], raw: bytes, path: Path, number: int, channel: str | None) -> Post | Skipped:
    """Build a post of a message in a file; what is no post is passed over; raises FieldError where it cannot be one."""
    reason = passed_over(record)
    if reason is not None:
        return Skipped(str(path), reason)
    post_id(record)
    return content(record, raw, _channel(record, path, channel), f"{path}:{number}")


def passed_over(record: dict[str, Any]) -> str | None:
    """Say in a short constant phrase why a sound message is no post, None where it is one; FieldError: no message."""
    kind = record["_"]
    if kind == "MessageService":
        action = str(_dict(record.get("action")).get("_", "")).removeprefix("MessageAction")
        return "service message" + (f" ({_WORD.sub(' ', action).lower()})" if action else "")
    if kind == "MessageEmpty":
        return "deleted message"
    if kind != "Message":
        raise FieldError(f"{shown(kind)} is no message of a channel")
    return None


def content(record: dict[str, Any], raw: bytes, channel: Channel, source: str) -> Post:
    """Build a post of `channel` from a message; raises FieldError where it cannot be one."""
    id_ = post_id(record)
    media = _dict(record.get("media"))
    text = body(record.get("message"))
    return Post(
        channel=channel,
        id=id_,
        date=date(record.get("date")),
        body=text or body("\n".join(_rich(_dict(record.get("rich_message")).get("blocks")))),
        raw=raw,
        attached=_attached(media),
        edited=None if record.get("edit_hide") else optional_date(record.get("edit_date")),
        media=_media(media),
        forward=_forward(record.get("fwd_from")),
        reply_to=_reply(_dict(record.get("reply_to"))),
        views=whole(record.get("views")),
        album=whole(record.get("grouped_id")),
        ids=(id_,),
        source=source,
        restricted=restriction(record.get("restriction_reason")),
        noforwards=record.get("noforwards") is True,
    )


def restriction(reasons: Any) -> str | None:
    """Say on which platforms and why Telegram withholds something, from its list of reasons; None where it does not."""
    found = [_dict(reason) for reason in reasons] if isinstance(reasons, list) else []
    texts = [f"{line(one.get('platform')) or 'all'}: {line(one.get('text') or one.get('reason'))}" for one in found]
    return "; ".join(texts) or None


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _channel(record: dict[str, Any], path: Path, channel: str | None) -> Channel:
    peer = _dict(record.get("peer_id"))
    id_ = bare_id(peer.get("channel_id"))
    if id_ is None and peer:
        raise FieldError("the message stands in no channel; only public channels are read")
    return named(id_, None, channel, path)


def _text(value: Any) -> str:
    return clean(value.get("text") if isinstance(value, dict) else value)


def _lines(*texts: str) -> str:
    return "\n".join(text for text in texts if text)


def _each(value: Any, key: str) -> list[str]:
    return [_text(_dict(one).get(key)) for one in value] if isinstance(value, list) else []


def _attached(media: dict[str, Any]) -> tuple[str, ...]:
    """Return the texts that are shown with a post: a poll, a list, a place, what is for sale, a link's preview."""
    poll, todo, page = _dict(media.get("poll")), _dict(media.get("todo")), _dict(media.get("webpage"))
    texts = (
        _lines(_text(poll.get("question")), *_each(poll.get("answers"), "text")),
        _lines(_text(todo.get("title")), *_each(todo.get("list"), "title")),
        _lines(*(_text(media.get(key)) for key in ("title", "address", "description"))),
        _text(page.get("title")),  # and no more of the preview: other readers of the same post have only that
    )
    return tuple(text for text in texts if text)


def _rich(value: Any) -> Iterator[str]:
    """Give the texts of an article in a post: of each paragraph, heading, list item and cell, in their order."""
    if isinstance(value, list):
        for one in value:
            yield from _rich(one)
    elif isinstance(value, dict) and str(value.get("_")).startswith("Text"):
        if text := clean(_run(value)):
            yield text
    elif isinstance(value, dict):
        for key in _BLOCK_KEYS:
            yield from _rich(value.get(key))


def _run(value: Any) -> str:
    """Return the text of a paragraph whose runs are bold, linked and so on."""
    if isinstance(value, dict):
        return _run(value.get("text") or value.get("texts"))
    return "".join(map(_run, value)) if isinstance(value, list) else str(value or "")


def _reply(header: dict[str, Any]) -> int | None:
    # A reply to a post of another channel names that channel, and its id means nothing in this one.
    return None if header.get("reply_to_peer_id") else whole(header.get("reply_to_msg_id"))


def _media(media: dict[str, Any]) -> tuple[Media, ...]:
    kind = media.get("_")
    if kind == "MessageMediaPhoto":
        return (Media("photo", _photo_size(_dict(media.get("photo")))),)
    if kind == "MessageMediaDocument":
        return (_document(_dict(media.get("document"))),)
    if kind is None or kind in ("MessageMediaWebPage", "MessageMediaEmpty"):
        return ()
    return (Media(_KINDS.get(str(kind), "other")),)


def _photo_size(photo: dict[str, Any]) -> int | None:
    """Return the bytes of the largest size of a photo, as far as its sizes say."""
    sizes = [_dict(one) for one in photo["sizes"]] if isinstance(photo.get("sizes"), list) else []
    steps = [step for one in sizes if isinstance(one.get("sizes"), list) for step in one["sizes"]]
    return max(filter(None, map(whole, [*(one.get("size") for one in sizes), *steps])), default=None)


def _document(document: dict[str, Any]) -> Media:
    attributes = document.get("attributes")
    by_name = (
        {str(one.get("_")): one for one in attributes if isinstance(one, dict)} if isinstance(attributes, list) else {}
    )
    video, audio = by_name.get("DocumentAttributeVideo"), by_name.get("DocumentAttributeAudio")
    kind = "document"
    if "DocumentAttributeSticker" in by_name:
        kind = "sticker"
    elif "DocumentAttributeAnimated" in by_name:
        kind = "animation"
    elif video is not None:
        kind = "round" if video.get("round_message") else "video"
    elif audio is not None:
        kind = "voice" if audio.get("voice") else "audio"
    return Media(
        kind,
        size=whole(document.get("size")),
        duration=whole((video or audio or {}).get("duration")),
        mime=line(document.get("mime_type")),
        file_name=line(_dict(by_name.get("DocumentAttributeFilename")).get("file_name")),
    )


def _forward(value: Any) -> Forward | None:
    if not isinstance(value, dict):
        return None
    return Forward(
        name=line(value.get("from_name")),
        channel_id=bare_id(_dict(value.get("from_id")).get("channel_id")),
        post_id=whole(value.get("channel_post")),
        date=optional_date(value.get("date")),
    )
