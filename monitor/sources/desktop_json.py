"""Telegram Desktop exports in JSON: one chat or a whole account, streamed, so that gigabytes are fine.

The export names no user name. Its `date` is local time without a zone, so `date_unixtime` is used where it is there; in
old exports, which lack it, the local time is taken as UTC. Control characters come out of the exporter as `\\xNN`,
which is no JSON; they are repaired on the way. A post's raw record is its JSON written anew (compact, keys in the
export's order), because a streaming parser does not give the exact bytes.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import ijson
import orjson

from monitor.models import Channel, Forward, Media, Post, Rejected, Skipped
from monitor.sources.fields import FieldError, bare_id, body, clean, date, line, optional_date, post_id, whole
from monitor.sources.naming import named
from monitor.sources.source import Read

PUBLIC = ("public_channel", "public_supergroup")
_CHUNK = 1 << 16
_MAX_DEPTH = 100
_MESSAGES = re.compile(r"(?:(?:chats|left_chats)\.list\.item\.)?messages\Z")
_MEDIA_TYPES = {
    "video_file": "video",
    "voice_message": "voice",
    "video_message": "round",
    "audio_file": "audio",
    "animation": "animation",
    "sticker": "sticker",
}
# A pair of surrogates, one alone, an escape of the exporter's own, and any other escape, which is passed over as a
# whole.
_ESCAPE = re.compile(
    rb"(\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
    rb"|\\x([0-9a-fA-F]{2})|\\."
)


def read_desktop_json(path: Path, channel: str | None) -> Iterator[Read]:
    """Give the posts of an export, chat by chat, as they stand in it."""
    chats = _Chats(path, channel)
    with path.open("rb") as file:
        try:
            for prefix, event, value in ijson.parse(_Repaired(file), use_float=True, buf_size=_CHUNK):
                yield from chats.take(prefix, event, value)
        except (ijson.JSONError, UnicodeDecodeError) as error:
            where = "before its first message" if chats.number == 0 else f"after message {chats.number}"
            reason = "the file breaks off" if isinstance(error, ijson.IncompleteJSONError) else "the file is no JSON"
            yield Rejected(str(path), chats.number + 1, f"{reason} {where}; export the chat again")
            return
    if not chats.found:
        yield Rejected(str(path), None, "is JSON, but holds no messages of a Telegram Desktop export")


class _Repaired:
    """A file that gives valid JSON bytes: escapes and broken UTF-8 are mended, whole tokens at a time."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
        self._rest = b""

    def read(self, size: int = -1) -> bytes:
        """Read about `size` bytes; an empty result is the end."""
        if size == 0:
            return b""
        while True:
            chunk = self._file.read(_CHUNK)
            data = self._rest + self._decoder.decode(chunk, final=not chunk).encode()
            # A comma, blank or line feed is never part of an escape, so a cut there is safe.
            cut = len(data) if not chunk else max(data.rfind(b","), data.rfind(b"\n"), data.rfind(b" ")) + 1
            self._rest = data[cut:]
            if cut or not chunk:
                return _mended(data[:cut])


def _mended(data: bytes) -> bytes:
    if b"\\x" not in data and b"\\ud" not in data and b"\\uD" not in data:
        return data
    return _ESCAPE.sub(_mend, data)


def _mend(found: re.Match[bytes]) -> bytes:
    if found[2]:
        return b"\\ufffd"
    return b"\\u00" + found[3] if found[3] else found[0]


@dataclass(slots=True)
class _Builder:
    """Builds one message of the parser's events; too deep a nesting is cut off and noted."""

    stack: list[Any] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    value: Any = None
    depth: int = 0
    too_deep: bool = False

    def add(self, event: str, value: Any) -> bool:
        """Take one event; return whether the message is complete."""
        if event == "map_key":
            if self.depth <= _MAX_DEPTH:
                self.keys[-1] = value
            return False
        if event in ("start_map", "start_array"):
            self.depth += 1
            if self.depth > _MAX_DEPTH:
                self.too_deep = True
                return False
            new: Any = {} if event == "start_map" else []
            self._put(new)
            self.stack.append(new)
            self.keys.append("")
            return False
        if event in ("end_map", "end_array"):
            self.depth -= 1
            if self.depth < _MAX_DEPTH:
                self.stack.pop()
                self.keys.pop()
            return self.depth == 0
        if self.depth <= _MAX_DEPTH:
            self._put(value)
        return self.depth == 0

    def _put(self, value: Any) -> None:
        if not self.stack:
            self.value = value
        elif isinstance(self.stack[-1], dict):
            self.stack[-1][self.keys[-1]] = value
        else:
            self.stack[-1].append(value)


class _Chats:
    """Follows the events of an export: the head of each chat, then its messages one by one."""

    def __init__(self, path: Path, channel: str | None) -> None:
        self._path = path
        self._channel = channel
        self._head: dict[str, Any] = {}
        self._builder: _Builder | None = None
        self._messages = ""
        self._wanted = True
        self._single = True
        self.found = False
        self.number = 0

    def take(self, prefix: str, event: str, value: Any) -> Iterator[Read]:
        """Take one event of the parser; give what it completes."""
        if self._builder is not None:
            if self._builder.add(event, value):
                builder, self._builder = self._builder, None
                self.number += 1
                if self._wanted:
                    yield self._read(builder)
        elif self._messages and prefix == f"{self._messages}.item":
            self._builder = _Builder()
            yield from self.take(prefix, event, value)
        elif event == "start_array" and _MESSAGES.match(prefix):
            self.found, self._messages, self._single = True, prefix, prefix == "messages"
            yield from self._open()
        elif event == "end_array" and prefix == self._messages:
            self._messages, self._head = "", {}
        elif event in ("string", "number") and prefix.rpartition(".")[2] in ("name", "type", "id"):
            self._head[prefix.rpartition(".")[2]] = value

    def _open(self) -> Iterator[Read]:
        """Decide whether a chat is read: public channels and groups only."""
        kind = self._head.get("type")
        self._wanted = kind is None or kind in PUBLIC
        if self._wanted:
            return
        what = str(kind)[:40].replace("_", " ")
        if self._single:
            yield Rejected(str(self._path), None, f"is the export of a {what}; only public channels are read")
        else:
            yield Skipped(str(self._path), f"chat that is no public channel ({what})")

    def _read(self, builder: _Builder) -> Read:
        message = builder.value
        try:
            if builder.too_deep:
                raise FieldError(f"the record is nested more than {_MAX_DEPTH} deep")
            if not isinstance(message, dict):
                raise FieldError("the record is no message")
            if message.get("type", "message") != "message":
                return Skipped(str(self._path), f"{str(message['type'])[:40]} message")
            return self._post(message)
        except FieldError as error:
            return Rejected(str(self._path), self.number, str(error))

    def _post(self, message: dict[str, Any]) -> Post:
        id_ = post_id(message)
        edited = message.get("edited_unixtime") or message.get("edited")
        poll = message.get("poll")
        title = line(self._head.get("name"))
        return Post(
            channel=self._named(title),
            id=id_,
            date=date(message.get("date_unixtime") or message.get("date")),
            body=body(_text(message)),
            raw=orjson.dumps(message, option=orjson.OPT_NON_STR_KEYS),
            attached=_poll_texts(poll) if isinstance(poll, dict) else (),
            edited=optional_date(edited),
            media=_media(message),
            forward=_forward(message),
            reply_to=whole(message.get("reply_to_message_id")),
            ids=(id_,),
            source=f"{self._path}:{self.number}",
        )

    def _named(self, title: str | None) -> Channel:
        id_ = bare_id(self._head.get("id"))
        if self._single or self._channel is not None:
            return named(id_, title, self._channel, self._path)
        return Channel(id_, None, title)


def _text(message: dict[str, Any]) -> str:
    text = message.get("text")
    if not text:
        text = message.get("text_entities") or ""
    if isinstance(text, str):
        return text
    parts = text if isinstance(text, list) else []
    return "".join(
        part if isinstance(part, str) else clean(part.get("text")) for part in parts if isinstance(part, str | dict)
    )


def _poll_texts(poll: dict[str, Any]) -> tuple[str, ...]:
    answers = poll.get("answers")
    texts = [answer.get("text") for answer in answers if isinstance(answer, dict)] if isinstance(answers, list) else []
    cleaned = [clean(text) for text in (poll.get("question"), *texts)]
    return ("\n".join(text for text in cleaned if text),) if any(cleaned) else ()


def _media(message: dict[str, Any]) -> tuple[Media, ...]:
    if message.get("photo"):
        return (Media("photo", size=whole(message.get("photo_file_size"))),)
    kind = message.get("media_type")
    if kind or message.get("file"):
        return (
            Media(
                _MEDIA_TYPES.get(str(kind), "document"),
                size=whole(message.get("file_size")),
                duration=whole(message.get("duration_seconds")),
                mime=line(message.get("mime_type")),
                file_name=line(message.get("file_name")),
            ),
        )
    for key, kind in (("poll", "poll"), ("location_information", "location"), ("contact_information", "contact")):
        if message.get(key):
            return (Media(kind),)
    return ()


def _forward(message: dict[str, Any]) -> Forward | None:
    if "forwarded_from" not in message and "forwarded_from_id" not in message:
        return None
    origin = str(message.get("forwarded_from_id") or "")
    return Forward(
        name=line(message.get("forwarded_from")),
        channel_id=bare_id(origin) if origin.startswith("channel") else None,
    )
