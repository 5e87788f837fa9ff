"""What posts carry beside text: photos, videos, voice messages, files, polls, link previews, forwards.

Each function returns what goes into a field of a message:

    world.post(channel, "caption", media=content.photo(size=120_000))
    world.post(channel, "copied", fwd_from=content.forward(origin, 17))
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from telethon.tl import TLObject, types

from tests.loopback.peers import Channel

DC = 2
_DATE = datetime(2023, 6, 1, tzinfo=UTC)
_ids = itertools.count(7_000_000_001)
REFERENCE = b"loopback"  # to a file, until it expires


def file_access_hash(file_id: int) -> int:
    """Return the number that a client must show to download a file."""
    return file_id * 31


def file_bytes(file_id: int, size: int) -> bytes:
    """Return the bytes of a file that nobody uploaded: always the same for its id."""
    pattern = f"loopback file {file_id}. ".encode()
    return (pattern * (size // len(pattern) + 1))[:size]


def photo(*, size: int = 50_000, width: int = 1280, height: int = 853, file_id: int | None = None, dc: int = DC) -> Any:
    """A photo of that many bytes, with a thumbnail; its record says that it lies in the data centre `dc`."""
    number = file_id or next(_ids)
    sizes = [types.PhotoSize("m", 320, 213, max(size // 8, 1)), types.PhotoSize("x", width, height, size)]
    made = types.Photo(number, file_access_hash(number), REFERENCE, _DATE, sizes, dc)
    return types.MessageMediaPhoto(photo=made)


def document(
    name: str | None = "report.pdf",
    *,
    size: int = 200_000,
    mime: str = "application/pdf",
    attributes: Sequence[Any] = (),
    file_id: int | None = None,
    dc: int = DC,
    **marks: Any,
) -> Any:
    """A file of that many bytes; `marks` are video, round, voice of Telegram's media."""
    number = file_id or next(_ids)
    named = [types.DocumentAttributeFilename(name)] if name else []
    attributes = [*attributes, *named]
    made = types.Document(number, file_access_hash(number), REFERENCE, _DATE, mime, size, dc, attributes)
    return types.MessageMediaDocument(document=made, **marks)


def video(*, duration: int = 30, size: int = 4_000_000, width: int = 1280, height: int = 720) -> Any:
    """A video; duration in seconds."""
    shape = types.DocumentAttributeVideo(duration, width, height, supports_streaming=True)
    return document("video.mp4", size=size, mime="video/mp4", attributes=[shape], video=True)


def round_video(*, duration: int = 12, size: int = 900_000) -> Any:
    """A round video message; duration in seconds."""
    shape = types.DocumentAttributeVideo(duration, 384, 384, round_message=True)
    return document(None, size=size, mime="video/mp4", attributes=[shape], video=True, round=True)


def voice(*, duration: int = 7, size: int = 30_000) -> Any:
    """A voice message; duration in seconds."""
    sound = types.DocumentAttributeAudio(duration, voice=True, waveform=bytes(16))
    return document(None, size=size, mime="audio/ogg", attributes=[sound], voice=True)


def audio(title: str, performer: str, *, duration: int = 180, size: int = 3_000_000) -> Any:
    """A piece of music; duration in seconds."""
    sound = types.DocumentAttributeAudio(duration, title=title, performer=performer)
    return document("track.mp3", size=size, mime="audio/mpeg", attributes=[sound])


def sticker(emoji: str = "🙂") -> Any:
    """A sticker."""
    shape = types.DocumentAttributeSticker(emoji, types.InputStickerSetEmpty())
    return document("sticker.webp", size=20_000, mime="image/webp", attributes=[shape])


def poll(question: str, answers: Sequence[str], votes: Sequence[int] = (), *, closed: bool = False) -> Any:
    """A poll; with `votes` (one number an answer) its results."""
    options = [
        types.PollAnswer(types.TextWithEntities(answer, []), str(at).encode()) for at, answer in enumerate(answers)
    ]
    asked = types.Poll(next(_ids), types.TextWithEntities(question, []), options, 0, closed=closed or None)
    counted = [
        types.PollAnswerVoters(str(at).encode(), voters=count, recent_voters=[]) for at, count in enumerate(votes)
    ]
    results = types.PollResults(results=counted, total_voters=sum(votes)) if votes else types.PollResults()
    return types.MessageMediaPoll(asked, results)


def web_page(url: str, title: str, description: str = "", site: str = "") -> Any:
    """The preview of a link."""
    page = types.WebPage(
        next(_ids),
        url,
        url.partition("://")[2],
        0,
        type="article",
        site_name=site or None,
        title=title,
        description=description or None,
    )
    return types.MessageMediaWebPage(page)


def place(latitude: float, longitude: float) -> Any:
    """A place on the map."""
    return types.MessageMediaGeo(types.GeoPoint(longitude, latitude, 0))


def contact(name: str, phone: str) -> Any:
    """A contact card."""
    return types.MessageMediaContact(phone, name, "", "", 0)


def forward(origin: Channel, message_id: int, *, date: datetime = _DATE, author: str | None = None) -> Any:
    """The origin of a post forwarded from a channel."""
    return types.MessageFwdHeader(date, from_id=origin.peer, channel_post=message_id, post_author=author)


def hidden_forward(name: str, *, date: datetime = _DATE) -> Any:
    """The origin of a post forwarded from somebody who hides their account: just a name."""
    return types.MessageFwdHeader(date, from_name=name)


def restriction(text: str = "This message can't be displayed.") -> list[Any]:
    """Why a message must not be shown, for its field `restriction_reason`."""
    return [types.RestrictionReason("all", "terms", text)]


class Unknown(TLObject):  # type: ignore[misc]
    """Media of a kind that the client's layer does not know: it cannot parse an answer that holds it."""

    def to_dict(self) -> dict[str, str]:
        """Return it as telethon prints it."""
        return {"_": "Unknown"}

    def _bytes(self) -> bytes:
        return b"\xef\xbe\xad\xde"
