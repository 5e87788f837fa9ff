"""JSON records, one a line or in one array: this project's own lines, and telethon's `to_json()`.

An own record is `{"channel", "id", "date", "text", …}`; further keys that are understood: `title`, `channel_id`,
`edited`, `forward` (a name or an object), `reply_to`, `views`, `media` (a kind, an object or a list), `grouped_id`,
`poll`, `preview_title`, `url`. Other keys are kept in the raw record and otherwise passed over. Lines of one channel
with the same `grouped_id` that follow each other closely are one post, an album.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from monitor.models import Channel, Forward, Media, Post, Rejected
from monitor.sources import telethon_json
from monitor.sources.albums import join
from monitor.sources.fields import FieldError, bare_id, body, clean, date, line, optional_date, post_id, whole
from monitor.sources.json_records import MAX_RECORD, BrokenFile, JsonScanner, parsed
from monitor.sources.source import Read

_ALBUM_SPREAD = 20  # records within which the parts of an album must stand
_ALBUM_TIME = timedelta(minutes=1)  # its parts are sent at once; a post of another time in its channel ends it


def read_jsonl(path: Path, channel: str | None) -> Iterator[Read]:
    """Give the posts of a file with a JSON record a line."""
    yield from _albums(_lines(path, channel))


def read_array(path: Path, channel: str | None) -> Iterator[Read]:
    """Give the posts of a file that holds one JSON array of records, streamed."""
    yield from _albums(_items(path, channel))


def _lines(path: Path, channel: str | None) -> Iterator[Read]:
    with path.open("rb") as file:
        number = 0
        while raw := file.readline(MAX_RECORD):
            number += 1
            if len(raw) == MAX_RECORD:
                while (rest := file.readline(MAX_RECORD)) and not rest.endswith(b"\n"):
                    pass
                yield Rejected(str(path), number, f"the line has more than {MAX_RECORD // 1_000_000} MB")
            elif stripped := raw.strip().removeprefix(b"\xef\xbb\xbf"):
                yield _read(stripped, path, number, channel)


def _items(path: Path, channel: str | None) -> Iterator[Read]:
    number = 0
    with path.open("rb") as file:
        try:
            scanner = JsonScanner(file)
            scanner.enter(b"[")
            for _ in scanner.items():
                raw = scanner.take()
                number += 1
                yield _read(raw, path, number, channel)
        except BrokenFile as error:
            yield Rejected(str(path), number + 1, f"{error} after record {number}")


def _read(raw: bytes | None, path: Path, number: int, channel: str | None) -> Read:
    try:
        if raw is None:
            raise FieldError(f"the record has more than {MAX_RECORD // 1_000_000} MB")
        record = parsed(raw)
        if not isinstance(record, dict):
            raise FieldError("the record is no object with the fields of a post")
        if "_" in record:
            return telethon_json.post(record, raw, path, number, channel)
        return _own(record, raw, f"{path}:{number}", channel)
    except FieldError as error:
        return Rejected(str(path), number, str(error))


def _own(record: dict[str, Any], raw: bytes, source: str, channel: str | None) -> Post:
    id_ = post_id(record)
    return Post(
        channel=_channel(record, channel),
        id=id_,
        date=date(record.get("date")),
        body=body(record.get("text")),
        raw=raw,
        attached=_attached(record),
        edited=optional_date(record.get("edited") or record.get("edit_date")),
        media=tuple(_media(record.get("media"))),
        forward=_forward(record.get("forward")),
        reply_to=whole(record.get("reply_to")),
        views=whole(record.get("views")),
        album=whole(record.get("grouped_id")),
        ids=(id_,),
        url=line(record.get("url")),
        source=source,
    )


def _channel(record: dict[str, Any], channel: str | None) -> Channel:
    given = record.get("channel")
    id_ = bare_id(record.get("channel_id"))
    title = line(record.get("title"))
    if isinstance(given, dict):
        id_, title = id_ or bare_id(given.get("id")), title or line(given.get("title"))
        given = given.get("name") or given.get("username")
    if id_ is None and (isinstance(given, int) or (isinstance(given, str) and given.lstrip("-").isdigit())):
        id_, given = bare_id(given), None
    name = line(given) if isinstance(given, str) else None
    name = (name or channel or "").removeprefix("@") or None
    if name is None and id_ is None and title is None:
        raise FieldError("the post has no channel; write “channel” into the record or give --channel NAME")
    return Channel(id_, name, title)


def _attached(record: dict[str, Any]) -> tuple[str, ...]:
    found = []
    poll = record.get("poll")
    if isinstance(poll, dict):
        answers = poll.get("answers") if isinstance(poll.get("answers"), list) else []
        texts = [poll.get("question"), *(one.get("text") if isinstance(one, dict) else one for one in answers or [])]
        found.append("\n".join(text for text in map(clean, texts) if text))
    found.append(clean(record.get("preview_title")))
    return tuple(text for text in found if text)


def _media(value: Any) -> Iterable[Media]:
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, str) and one:
            yield Media(one[:40])
        elif isinstance(one, dict) and isinstance(one.get("kind"), str):
            yield Media(
                one["kind"][:40],
                whole(one.get("size")),
                whole(one.get("duration")),
                line(one.get("mime")),
                line(one.get("file_name")),
            )


def _forward(value: Any) -> Forward | None:
    if isinstance(value, str) and value:
        return Forward(line(value))
    if isinstance(value, dict):
        return Forward(
            line(value.get("name")),
            bare_id(value.get("channel_id")),
            whole(value.get("post_id")),
            optional_date(value.get("date")),
        )
    return None


def _albums(reads: Iterator[Read]) -> Iterator[Read]:
    """Join the parts of albums; an album comes out once its parts cannot follow any more."""
    open_: dict[tuple[Channel, int], tuple[int, list[Post]]] = {}
    for number, read in enumerate(reads):
        for key, (first, parts) in list(open_.items()):
            if number - first >= _ALBUM_SPREAD or _is_past(parts[0], read):
                del open_[key]
                yield join(parts)
        if isinstance(read, Post) and read.album is not None:
            open_.setdefault((read.channel, read.album), (number, []))[1].append(read)
        else:
            yield read
    for _, parts in open_.values():
        yield join(parts)


def _is_past(part: Post, read: Read) -> bool:
    return isinstance(read, Post) and read.channel == part.channel and abs(read.date - part.date) > _ALBUM_TIME
