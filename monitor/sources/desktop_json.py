"""Telegram Desktop exports in JSON: one chat or a whole account, read record by record, so that gigabytes are fine.

The export names no user name. Its `date` is local time without a zone, so `date_unixtime` is used where it is there; in
old exports, which lack it, the local time is taken as UTC.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from monitor.models import Channel, Forward, Media, Post, Rejected, Skipped
from monitor.sources.fields import FieldError, bare_id, body, clean, date, line, optional_date, post_id, whole
from monitor.sources.json_records import MAX_RECORD, BrokenFile, JsonScanner, parsed
from monitor.sources.naming import named
from monitor.sources.source import Read

PUBLIC = ("public_channel", "public_supergroup")
_MEDIA_TYPES = {
    "video_file": "video",
    "voice_message": "voice",
    "video_message": "round",
    "audio_file": "audio",
    "animation": "animation",
    "sticker": "sticker",
}


def read_desktop_json(path: Path, channel: str | None) -> Iterator[Read]:
    """Give the posts of an export, chat by chat, as they stand in it.

    `channel` names the channel of the export of one chat; those of a whole account have their ids and titles alone.
    """
    with path.open("rb") as file:
        export = _Export(path, channel, JsonScanner(file))
        try:
            yield from export.reads()
        except BrokenFile as error:
            where = f"after message {export.number}" if export.number else "before its first message"
            yield Rejected(str(path), export.number + 1, f"{error} {where}; export the chat again")
            return
    if not export.found:
        yield Rejected(str(path), None, "is JSON, but holds no messages of a Telegram Desktop export")


class _Export:
    """Walks through one export; `number` counts the messages read, `found` whether there was any list of them.

    `heads` are what the file and each of its chats say of themselves; with `heads_only` nothing else is read.
    """

    def __init__(self, path: Path, channel: str | None, scanner: JsonScanner, *, heads_only: bool = False) -> None:
        self._path = path
        self._channel = channel
        self._scanner = scanner
        self._heads_only = heads_only
        self._late: list[dict[str, Any]] | None = None
        self.heads: list[dict[str, Any]] = []
        self.found = False
        self.number = 0

    def reads(self) -> Iterator[Read]:
        """Give what the file holds, in its order."""
        if not self._scanner.enter(b"{"):
            raise BrokenFile("the file is no JSON object")
        head = self._new_head()
        for key in self._scanner.members():
            if key in ("chats", "left_chats"):
                yield from self._account()
            else:
                yield from self._member(key, head, single=True)
        if not self._scanner.at_end():
            yield Rejected(str(self._path), None, "holds something after its end, which was not read")

    def _account(self) -> Iterator[Read]:
        """Give the posts of a list of chats, which stands in an object beside a text on it."""
        if not self._scanner.enter(b"{"):
            self._scanner.take()
            return
        for key in self._scanner.members():
            if key != "list" or not self._scanner.enter(b"["):
                self._scanner.take()
                continue
            self.found = True
            for _ in self._scanner.items():
                yield from self._chat()

    def _chat(self) -> Iterator[Read]:
        if not self._scanner.enter(b"{"):
            self._scanner.take()
            return
        head = self._new_head()
        for key in self._scanner.members():
            yield from self._member(key, head, single=False)

    def _new_head(self) -> dict[str, Any]:
        self.heads.append({})
        return self.heads[-1]

    def _member(self, key: str, head: dict[str, Any], *, single: bool) -> Iterator[Read]:
        """Take one member of a chat: its messages, or something of its head."""
        if key == "messages" and not self._heads_only and self._scanner.enter(b"["):
            self.found = True
            yield from self._messages(head if "type" in head else self._late_head(), single=single)
            return
        raw = self._scanner.take()
        if key in ("name", "type", "id") and raw is not None:
            try:
                head[key] = parsed(raw)
            except FieldError:
                head[key] = None

    def _messages(self, head: dict[str, Any], *, single: bool) -> Iterator[Read]:
        """Give the messages of a chat if it is a public one; else say that it was left out."""
        kind = head.get("type")
        wanted = kind is None or kind in PUBLIC
        if not wanted:
            what = str(kind)[:40].replace("_", " ")
            if single:
                yield Rejected(str(self._path), None, f"is the export of a {what}; only public channels are read")
            else:
                yield Skipped(str(self._path), f"chat that is no public channel ({what})")
        owner = self._owner(head, single=single)
        for _ in self._scanner.items():
            raw = self._scanner.take()
            self.number += 1
            if wanted:
                yield self._read(raw, owner)

    def _late_head(self) -> dict[str, Any]:
        """Return the head of the chat that is being read where it stands behind the messages, as in sorted JSON."""
        if self._late is None:
            with self._path.open("rb") as file:
                ahead = _Export(self._path, None, JsonScanner(file), heads_only=True)
                with suppress(BrokenFile):
                    deque(ahead.reads(), maxlen=0)
            self._late = ahead.heads
        return self._late[len(self.heads) - 1]

    def _owner(self, head: dict[str, Any], *, single: bool) -> Channel:
        id_, title = bare_id(head.get("id")), line(head.get("name"))
        return named(id_, title, self._channel, self._path) if single else Channel(id_, None, title)

    def _read(self, raw: bytes | None, owner: Channel) -> Read:
        try:
            if raw is None:
                raise FieldError(f"the record has more than {MAX_RECORD // 1_000_000} MB")
            message = parsed(raw)
            if not isinstance(message, dict):
                raise FieldError("the record is no message")
            kind = message.get("type", "message")
            if kind != "message":
                return Skipped(str(self._path), f"{str(kind)[:40]} message")
            return _post(message, raw, owner, f"{self._path}:{self.number}")
        except FieldError as error:
            return Rejected(str(self._path), self.number, str(error))


def _post(message: dict[str, Any], raw: bytes, owner: Channel, source: str) -> Post:
    id_ = post_id(message)
    return Post(
        channel=owner,
        id=id_,
        date=date(message.get("date_unixtime") or message.get("date")),
        body=body(_text(message)),
        raw=raw,
        attached=tuple(_poll(message)),
        edited=optional_date(message.get("edited_unixtime") or message.get("edited")),
        media=_media(message),
        forward=_forward(message),
        reply_to=whole(message.get("reply_to_message_id")),
        ids=(id_,),
        source=source,
    )


def _text(message: dict[str, Any]) -> str:
    return _plain(message.get("text")) or _plain(message.get("text_entities"))


def _plain(text: Any) -> str:
    """The plain text of a string or of a list of strings and entities."""
    parts = text if isinstance(text, list) else [text]
    return "".join(clean(part.get("text") if isinstance(part, dict) else part) for part in parts)


def _poll(message: dict[str, Any]) -> Iterator[str]:
    poll = message.get("poll")
    if not isinstance(poll, dict):
        return
    answers = poll.get("answers")
    answers = answers if isinstance(answers, list) else []
    texts = [poll.get("question"), *(answer.get("text") for answer in answers if isinstance(answer, dict))]
    if asked := "\n".join(filter(None, map(_plain, texts))):
        yield asked


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
