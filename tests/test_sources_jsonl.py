"""JSON records: this project's own lines, telethon's `to_json()`, arrays, albums, and lines with faults."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from telethon.tl import types

from monitor.models import Channel, Forward, Media, Post, Rejected, Skipped
from monitor.sources.jsonl import read_array, read_jsonl

MOMENT = datetime(2023, 6, 4, 9, 30, tzinfo=UTC)
RECORD: dict[str, Any] = {"channel": "russvolcorps", "id": 7, "date": "2023-06-04T09:30:00+00:00", "text": "Двое"}
PLAIN = Post(Channel(None, "russvolcorps"), 7, MOMENT, "Двое", b"", ids=(7,), source="posts.jsonl:1")


def _read(folder: Path, *lines: object, channel: str | None = None) -> list[Any]:
    """Read lines (records, or text as it is); the path is left out of what is compared."""
    content = "\n".join(line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines)
    return _read_bytes(folder, content.encode("utf-8", "surrogatepass"), channel)


def _read_bytes(folder: Path, content: bytes, channel: str | None = None) -> list[Any]:
    path = folder / "posts.jsonl"
    path.write_bytes(content)
    reads: list[Any] = []
    for read in read_array(path, channel) if content.startswith(b"[") else read_jsonl(path, channel):
        if isinstance(read, Post):
            reads.append(replace(read, source=read.source.removeprefix(f"{folder}/")))
        else:
            reads.append(replace(read, file="posts.jsonl"))
    return reads


OWN: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "the four fields": ({}, {}),
    "a date in another zone": ({"date": "2023-06-04T12:30:00+03:00"}, {}),
    "a date without a zone is UTC": ({"date": "2023-06-04 09:30:00"}, {}),
    "a date in seconds": ({"date": 1685871000}, {}),
    "an id as text": ({"id": "7"}, {}),
    "a name with its sign": ({"channel": "@russvolcorps"}, {}),
    "a channel by its number": (
        {"channel": -1001700000001, "title": "РДК"},
        {"channel": Channel(1700000001, None, "РДК")},
    ),
    "a channel with all that is known of it": (
        {"channel": {"id": 1700000001, "username": "russvolcorps", "title": "Русский\nкорпус"}},
        {"channel": Channel(1700000001, "russvolcorps", "Русский корпус")},
    ),
    "further fields": (
        {
            "channel_id": 1700000001,
            "edited": "2023-06-04T10:00:00Z",
            "forward": {"name": "Легион", "channel_id": 1700000002, "post_id": 44, "date": 1685867400},
            "reply_to": 5,
            "views": 1200,
            "media": [
                {"kind": "video", "size": 9, "duration": 57.4, "mime": "video/mp4", "file_name": "a.mp4"},
                "photo",
            ],
            "url": "https://t.me/russvolcorps/7",
            "poll": {"question": "Обменять?", "answers": ["Да", {"text": "Нет"}]},
            "preview_title": "Эвакуация",
            "unknown": [1],
        },
        {
            "channel": Channel(1700000001, "russvolcorps"),
            "edited": datetime(2023, 6, 4, 10, 0, tzinfo=UTC),
            "forward": Forward("Легион", 1700000002, 44, datetime(2023, 6, 4, 8, 30, tzinfo=UTC)),
            "reply_to": 5,
            "views": 1200,
            "media": (Media("video", 9, 57, "video/mp4", "a.mp4"), Media("photo")),
            "url": "https://t.me/russvolcorps/7",
            "attached": ("Обменять?\nДа\nНет", "Эвакуация"),
        },
    ),
    "fields of the wrong kind are left out": (
        {"edited": "soon", "forward": 5, "reply_to": "x", "views": [], "media": 7, "poll": "?", "preview_title": 9},
        {},
    ),
}


@pytest.mark.parametrize(("fields", "expected"), [pytest.param(*case, id=name) for name, case in OWN.items()])
def test_an_own_record_is_read_whole(tmp_path: Path, fields: dict[str, Any], expected: dict[str, Any]) -> None:
    (read,) = _read(tmp_path, {**RECORD, **fields})
    assert replace(read, raw=b"") == replace(PLAIN, **expected)
    assert json.loads(read.raw) == {**RECORD, **fields}


def test_a_record_without_a_channel_takes_the_command_line_s(tmp_path: Path) -> None:
    record = {key: value for key, value in RECORD.items() if key != "channel"}
    (read,) = _read(tmp_path, record, channel="@russvolcorps")
    assert read.channel == Channel(None, "russvolcorps")
    assert _read(tmp_path, record) == [
        Rejected("posts.jsonl", 1, "the post has no channel; write “channel” into the record or give --channel NAME")
    ]


FAULTS = {
    "no JSON": ("{'id': 7}", "the record is no JSON (Expecting property name enclosed in double quotes: line 1"),
    "cut off": ('{"channel": "russvolcorps", "id": 7, "te', "the record is no JSON (Unterminated string"),
    "no object": ('"no object"', "the record is no object with the fields of a post"),
    "no id": ({**RECORD, "id": None}, "the post has no id"),
    "an id that is none": ({**RECORD, "id": "x" * 100}, f"the id {'x' * 40!r} is no number"),
    "no date": ({**RECORD, "date": ""}, "the post has no date"),
    "a date that is none": (
        {**RECORD, "date": "2023-13-01"},
        "'2023-13-01' is no date; write it as 2023-06-04T09:30:00+00:00",
    ),
    "a date beyond the calendar": ({**RECORD, "date": 1e300}, "'1e+300' is no date; write it as"),
    "a date of the first year": (
        {**RECORD, "date": "0001-01-01T00:00:00+03:00"},
        "'0001-01-01T00:00:00+03:00' is no date",
    ),
    "a text of more than 1 MB": (
        {**RECORD, "text": "я" * 500_001},
        "the text has more than 1 MB; no post is that long",
    ),
    "nested 100,000 deep": ('{"a":' * 100_000 + "1" + "}" * 100_000, "the record is nested too deeply to be a post"),
    "a number without end": ('{"id": ' + "9" * 5000 + "}", "the record is no JSON ("),
    "a line of more than 16 MB": ('{"text": "' + "x" * 16_000_000 + '"}', "the line has more than 16 MB"),
    "an unknown object of telethon": ({"_": "User", "id": 7}, "'User' is no message of a channel"),
}


@pytest.mark.parametrize(("line", "reason"), [pytest.param(*case, id=name) for name, case in FAULTS.items()])
def test_a_faulty_line_is_refused_with_a_reason_and_the_rest_goes_on(tmp_path: Path, line: object, reason: str) -> None:
    first, second = _read(tmp_path, line, RECORD)
    assert (first.file, first.line) == ("posts.jsonl", 1)
    assert first.reason.startswith(reason)
    assert replace(second, raw=b"") == replace(PLAIN, source="posts.jsonl:2")


def test_odd_characters_are_kept_in_the_record_and_replaced_one_for_one_in_the_text(tmp_path: Path) -> None:
    lines = (
        rb'{"channel": "abcde", "id": 1, "date": 1685871000, "text": "a\u0000b \ud800 \udc00c \ud83d\udc94"}',
        b'{"channel": "abcde", "id": 2, "date": 1685871000, "text": "raw \0 and \xff and \x01"}',
        b'\xef\xbb\xbf{"channel": "abcde", "id": 3, "date": 1685871000, "text": "\xe2\x80\xa8 line"}',
    )
    reads = _read_bytes(tmp_path, b"\r\n".join((b"", *lines, b"   ")))
    assert [read.body for read in reads] == [
        "a\ufffdb \ufffd \ufffdc \N{BROKEN HEART}",
        "raw \ufffd and \ufffd and \x01",
        "\u2028 line",
    ]
    assert [read.raw for read in reads] == [lines[0], lines[1], lines[2].removeprefix(b"\xef\xbb\xbf")]


def test_the_parts_of_an_album_are_one_post(tmp_path: Path) -> None:
    def part(number: int, text: str = "", *, album: int = 99, channel: str = "russvolcorps") -> dict[str, Any]:
        more = {"id": number, "text": text, "media": "photo", "grouped_id": album, "channel": channel}
        return {**RECORD, **more}

    reads = _read(
        tmp_path,
        part(8),
        part(7, "Шебекино"),
        part(30, album=98),
        {**RECORD, "id": 20},
        part(9),
        part(7, "Другой", channel="legionoffreedom"),
        *({**RECORD, "id": 100 + number} for number in range(25)),
        part(10, "Слишком поздно"),
    )
    found = [(read.channel.name, read.ids, read.body, len(read.media), read.raw.count(b"\n")) for read in reads]
    assert [one for one in found if one[3]] == [
        ("russvolcorps", (7, 8, 9), "Шебекино", 3, 2),
        ("russvolcorps", (30,), "Двое" * 0, 1, 0),
        ("legionoffreedom", (7,), "Другой", 1, 0),
        ("russvolcorps", (10,), "Слишком поздно", 1, 0),
    ]
    assert len(found) == 4 + 26


def test_an_album_comes_before_the_next_post_of_its_channel(tmp_path: Path) -> None:
    album = [{**RECORD, "id": number, "grouped_id": 99, "date": "2023-06-04T05:30:00+00:00"} for number in (7, 8)]
    later = {**RECORD, "id": 9, "date": "2023-06-04T05:31:01+00:00"}
    assert [read.ids for read in _read(tmp_path, *album, later)] == [(7, 8), (9,)]


def telethon_record(**more: Any) -> dict[str, Any]:
    """A message as telethon writes it; more fields as its constructor takes them."""
    message = types.Message(id=7, peer_id=types.PeerChannel(1700000001), date=MOMENT, message="Двое", **more)
    record: dict[str, Any] = json.loads(message.to_json())
    return record


TELETHON: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "a text": ({"views": 1200}, {"views": 1200}),
    "an edit": ({"edit_date": MOMENT.replace(hour=10)}, {"edited": MOMENT.replace(hour=10)}),
    "an edit that only reactions made": ({"edit_date": MOMENT.replace(hour=10), "edit_hide": True}, {}),
    "a forward from a channel": (
        {
            "fwd_from": types.MessageFwdHeader(
                date=MOMENT.replace(hour=8), from_id=types.PeerChannel(1700000002), channel_post=44
            )
        },
        {"forward": Forward(None, 1700000002, 44, MOMENT.replace(hour=8))},
    ),
    "a forward from somebody who hides": (
        {"fwd_from": types.MessageFwdHeader(date=MOMENT, from_name="Некто")},
        {"forward": Forward("Некто", date=MOMENT)},
    ),
    "a reply": ({"reply_to": types.MessageReplyHeader(reply_to_msg_id=5)}, {"reply_to": 5}),
    "a photo": ({"media": types.MessageMediaPhoto()}, {"media": (Media("photo"),)}),
    "a part of an album": (
        {"grouped_id": 99, "media": types.MessageMediaPhoto()},
        {"album": 99, "media": (Media("photo"),)},
    ),
    "a round video": (
        {
            "media": types.MessageMediaDocument(
                document=types.Document(
                    id=1,
                    access_hash=2,
                    file_reference=b"x",
                    date=MOMENT,
                    mime_type="video/mp4",
                    size=9,
                    dc_id=2,
                    attributes=[types.DocumentAttributeVideo(duration=57.3, w=1, h=1, round_message=True)],
                )
            )
        },
        {"media": (Media("round", 9, 57, "video/mp4"),)},
    ),
    "a voice message": (
        {
            "media": types.MessageMediaDocument(
                document=types.Document(
                    id=1,
                    access_hash=2,
                    file_reference=b"x",
                    date=MOMENT,
                    mime_type="audio/ogg",
                    size=9,
                    dc_id=2,
                    attributes=[
                        types.DocumentAttributeAudio(duration=61, voice=True),
                        types.DocumentAttributeFilename("a.ogg"),
                    ],
                )
            )
        },
        {"media": (Media("voice", 9, 61, "audio/ogg", "a.ogg"),)},
    ),
    "a poll is text to be matched": (
        {
            "media": types.MessageMediaPoll(
                poll=types.Poll(
                    id=1,
                    hash=0,
                    question=types.TextWithEntities("Обменять пленных?", []),
                    answers=[
                        types.PollAnswer(types.TextWithEntities("Да", []), b"0"),
                        types.PollAnswer(types.TextWithEntities("Нет", []), b"1"),
                    ],
                ),
                results=types.PollResults(),
            )
        },
        {"attached": ("Обменять пленных?\nДа\nНет",), "media": (Media("poll"),)},
    ),
    "a link preview's title is text to be matched": (
        {
            "media": types.MessageMediaWebPage(
                webpage=types.WebPage(
                    id=1, url="https://x", display_url="x", hash=0, title="Эвакуация", description="Не это"
                )
            )
        },
        {"attached": ("Эвакуация",)},
    ),
}


@pytest.mark.parametrize(("fields", "expected"), [pytest.param(*case, id=name) for name, case in TELETHON.items()])
def test_a_message_of_telethon_is_read_whole(tmp_path: Path, fields: dict[str, Any], expected: dict[str, Any]) -> None:
    (read,) = _read(tmp_path, telethon_record(**fields), channel="russvolcorps")
    assert replace(read, raw=b"") == replace(PLAIN, channel=Channel(1700000001, "russvolcorps"), **expected)


def test_of_telethon_s_messages_only_posts_of_channels_are_read(tmp_path: Path) -> None:
    peer = types.PeerChannel(1700000001)
    service = types.MessageService(id=1, peer_id=peer, date=MOMENT, action=types.MessageActionPinMessage())
    private = types.Message(id=2, peer_id=types.PeerUser(5), date=MOMENT, message="Личное")
    reads = _read(
        tmp_path,
        *(json.loads(one.to_json()) for one in (service, types.MessageEmpty(3, peer), private)),
        telethon_record(),
    )
    assert [read.channel if isinstance(read, Post) else read for read in reads] == [
        Skipped("posts.jsonl", "service message (pin message)"),
        Skipped("posts.jsonl", "deleted message"),
        Rejected("posts.jsonl", 3, "the message stands in no channel; only public channels are read"),
        Channel(1700000001, "posts", guessed=True),
    ]


def test_an_array_of_records_is_read_one_by_one(tmp_path: Path) -> None:
    deep = '{"a":' * 100_000 + "1" + "}" * 100_000
    array = f"[\n {json.dumps(RECORD)},\n {deep}, 12, {json.dumps({**RECORD, 'id': 8})}"
    short = [read.id if isinstance(read, Post) else (read.line, read.reason) for read in _read(tmp_path, array + "]")]
    assert short == [
        7,
        (2, "the record is nested too deeply to be a post"),
        (3, "the record is no object with the fields of a post"),
        8,
    ]
    (*_, last) = _read(tmp_path, array)
    assert (last.line, last.reason) == (5, "the file breaks off after record 4")
