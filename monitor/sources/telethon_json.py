"""Messages as telethon's `to_json()` writes them, one object each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from monitor.models import Channel, Forward, Media, Post, Skipped
from monitor.sources.fields import FieldError, bare_id, body, clean, date, line, optional_date, post_id, whole
from monitor.sources.naming import named

_KINDS = {
    "MessageMediaPhoto": "photo",
    "MessageMediaPoll": "poll",
    "MessageMediaGeo": "location",
    "MessageMediaGeoLive": "location",
    "MessageMediaVenue": "location",
    "MessageMediaContact": "contact",
}


def post(record: dict[str, Any], raw: bytes, path: Path, number: int, channel: str | None) -> Post | Skipped:
    """Build a post of a message; service messages are passed over; raises FieldError where it is no post."""
    kind = record["_"]
    if kind == "MessageService":
        return Skipped(str(path), "service message")
    if kind == "MessageEmpty":
        return Skipped(str(path), "deleted message")
    if kind != "Message":
        raise FieldError(f"{str(kind)[:40]!r} is no message of a channel")
    id_ = post_id(record)
    media = _dict(record.get("media"))
    return Post(
        channel=_channel(record, path, channel),
        id=id_,
        date=date(record.get("date")),
        body=body(record.get("message")),
        raw=raw,
        attached=_attached(media),
        edited=None if record.get("edit_hide") else optional_date(record.get("edit_date")),
        media=_media(media),
        forward=_forward(record.get("fwd_from")),
        reply_to=whole(_dict(record.get("reply_to")).get("reply_to_msg_id")),
        views=whole(record.get("views")),
        album=whole(record.get("grouped_id")),
        ids=(id_,),
        source=f"{path}:{number}",
    )


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


def _attached(media: dict[str, Any]) -> tuple[str, ...]:
    poll, page = _dict(media.get("poll")), _dict(media.get("webpage"))
    answers = poll.get("answers")
    texts = [_text(_dict(answer).get("text")) for answer in answers] if isinstance(answers, list) else []
    asked = "\n".join(text for text in (_text(poll.get("question")), *texts) if text)
    return tuple(text for text in (asked, _text(page.get("title"))) if text)


def _media(media: dict[str, Any]) -> tuple[Media, ...]:
    kind = media.get("_")
    if kind == "MessageMediaDocument":
        return (_document(_dict(media.get("document"))),)
    if kind is None or kind in ("MessageMediaWebPage", "MessageMediaEmpty"):
        return ()
    return (Media(_KINDS.get(str(kind), "other")),)


def _document(document: dict[str, Any]) -> Media:
    attributes = document.get("attributes")
    by_name = {one.get("_"): one for one in attributes if isinstance(one, dict)} if isinstance(attributes, list) else {}
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
