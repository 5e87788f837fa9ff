"""Values to columns and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, TypeVar

import orjson

from monitor.models import Channel, Forward, Media, Post
from monitor.store.records import ForeignValue

T = TypeVar("T")
_BAD = {0: 0xFFFD, **dict.fromkeys(range(0xD800, 0xE000), 0xFFFD)}


def sound(text: str) -> str:
    """Return the text with each NUL and each lone surrogate, which SQLite cannot hold, as U+FFFD; offsets stay."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.translate(_BAD)
    return text.replace("\0", "\ufffd") if "\0" in text else text


def sound_or_none(text: str | None) -> str | None:
    """Do as `sound` does, and leave None as it is."""
    return None if text is None else sound(text)


def stamp(moment: datetime) -> str:
    """Write a date as it is stored; such texts sort by time."""
    return moment.astimezone(UTC).isoformat()


def moment(text: str) -> datetime:
    """Read a stored date. ForeignValue: it is none, or has no zone."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError as error:
        raise ForeignValue from error
    if read.tzinfo is None:
        raise ForeignValue
    return read


def _moment_or_none(text: str | None) -> datetime | None:
    return None if text is None else moment(text)


def media_json(media: tuple[Media, ...]) -> str | None:
    """Write what a post carries as a JSON array; None for nothing."""
    if not media:
        return None
    return orjson.dumps([{key: _sound_value(value) for key, value in asdict(item).items()} for item in media]).decode()


def forward_json(forward: Forward | None) -> str | None:
    """Write where a post was forwarded from as a JSON object."""
    if forward is None:
        return None
    return orjson.dumps({key: _sound_value(value) for key, value in asdict(forward).items()}).decode()


def attached_json(attached: tuple[str, ...]) -> str | None:
    """Write the attached texts as a JSON array; None for none."""
    return orjson.dumps(attached).decode() if attached else None


def shown_text(body: str, attached: str | None) -> str:
    """Return everything that is matched in a stored revision: `Post.text` of it. ForeignValue: these are no texts."""
    return "\n\n".join(part for part in (body, *json_values(attached, str)) if part)


def json_values(text: str | None, kind: type[T]) -> tuple[T, ...]:
    """Read a JSON array of values of one kind; none for no text. ForeignValue: it is something else."""
    try:
        values = orjson.loads(text) if text else []
    except orjson.JSONDecodeError as error:
        raise ForeignValue from error
    if not isinstance(values, list) or not all(isinstance(value, kind) for value in values):
        raise ForeignValue
    return tuple(values)


def json_list(values: Sequence[int] | Sequence[str] | Sequence[tuple[int, int]]) -> str:
    """Write values for SQLite's json_each, which takes any number of them in one statement."""
    return orjson.dumps(values).decode()


def _sound_value(value: Any) -> Any:
    return sound(value) if isinstance(value, str) else value


def _media(text: str | None) -> tuple[Media, ...]:
    return tuple(Media(**item) for item in json_values(text, dict))


def _forward(text: str | None) -> Forward | None:
    if not text:
        return None
    values = orjson.loads(text)
    return Forward(**{**values, "date": _moment_or_none(values["date"])})


CHANNEL_COLUMNS = "c.telegram_id, c.name, c.title, c.guessed"
POST_COLUMNS = (
    f"{CHANNEL_COLUMNS}, p.post_id, p.date, p.url, p.album, "
    "(SELECT json_group_array(a.telegram_id) FROM album_posts a WHERE a.post = p.id), "
    "r.edited, r.source, r.reply_to, r.views, r.forward, r.media, r.attached, r.body, r.raw"
)
POST_TABLES = "revisions r JOIN posts p ON p.id = r.post JOIN channels c ON c.id = p.channel"
POST_WIDTH = 18


def channel(telegram_id: int | None, name: str | None, title: str | None, guessed: int) -> Channel:
    """Make a channel of CHANNEL_COLUMNS."""
    return Channel(telegram_id, name, title, bool(guessed))


def post(row: tuple[Any, ...]) -> Post:
    """Make a post of POST_COLUMNS, as it stood in that revision; its channel as it is known now.

    ForeignValue: a column holds what is none of ours.
    """
    try:
        return _post(row)
    except (ValueError, TypeError, KeyError) as error:
        raise ForeignValue from error


def _post(row: tuple[Any, ...]) -> Post:
    (post_id, date, url, album, ids, edited, source, reply_to, views, forward, media, attached, body, raw) = row[4:]
    return Post(
        channel=channel(*row[:4]),
        id=post_id,
        date=moment(date),
        body=body,
        raw=raw,
        attached=json_values(attached, str),
        edited=_moment_or_none(edited),
        media=_media(media),
        forward=_forward(forward),
        reply_to=reply_to,
        views=views,
        album=album,
        ids=json_values(ids, int) or (post_id,),
        url=url,
        source=source,
    )
