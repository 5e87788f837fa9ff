"""Telegram Desktop's result.json: every field, one chat and a whole account, and exports with faults."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from monitor.models import Channel, Forward, Media, Post, Rejected, Skipped
from monitor.sources.desktop_json import read_desktop_json

MESSAGE: dict[str, Any] = {
    "id": 7,
    "type": "message",
    "date": "2023-06-04T12:30:00",
    "date_unixtime": "1685871000",
    "from": "Русский корпус",
    "from_id": "channel1700000001",
    "text": "",
    "text_entities": [],
}
CHANNEL = Channel(1700000001, "russvolcorps", "Русский корпус")
PLAIN = Post(CHANNEL, 7, datetime(2023, 6, 4, 9, 30, tzinfo=UTC), "", b"", ids=(7,), source="result.json:1")


def _export(*messages: object, kind: str = "public_channel") -> str:
    chat = {"name": "Русский корпус", "type": kind, "id": 1700000001, "messages": list(messages)}
    return json.dumps(chat, ensure_ascii=False, indent=1)


def _read(folder: Path, content: str | bytes, channel: str | None = "russvolcorps") -> list[Any]:
    """Read an export; its path is left out of what is compared."""
    path = folder / "result.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    reads: list[Any] = []
    for read in read_desktop_json(path, channel):
        if isinstance(read, Post):
            reads.append(replace(read, source=read.source.removeprefix(f"{folder}/")))
        else:
            reads.append(replace(read, file="result.json"))
    return reads


CASES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "a text that is a string": ({"text": "Пленных двое."}, {"body": "Пленных двое."}),
    "a text that is a list of strings and entities": (
        {"text": ["Пленных ", {"type": "bold", "text": "двое"}, ". ", {"type": "link", "text": "https://x"}]},
        {"body": "Пленных двое. https://x"},
    ),
    "a text in its entities alone": (
        {"text": "", "text_entities": [{"type": "plain", "text": "Пленных "}, {"type": "spoiler", "text": "двое"}]},
        {"body": "Пленных двое"},
    ),
    "an edit": (
        {"text": "Трое", "edited": "2023-06-04T13:00:00", "edited_unixtime": "1685872800"},
        {"body": "Трое", "edited": datetime(2023, 6, 4, 10, 0, tzinfo=UTC)},
    ),
    "an old export's dates without unix time": (
        {"text": "Трое", "date_unixtime": None, "edited": "2023-06-04T13:00:00"},
        {
            "body": "Трое",
            "date": datetime(2023, 6, 4, 12, 30, tzinfo=UTC),
            "edited": datetime(2023, 6, 4, 13, 0, tzinfo=UTC),
        },
    ),
    "a forward from a channel": (
        {"text": "Двое", "forwarded_from": "Легион", "forwarded_from_id": "channel1700000002"},
        {"body": "Двое", "forward": Forward("Легион", 1700000002)},
    ),
    "a forward from a deleted account": (
        {"text": "Двое", "forwarded_from": None, "forwarded_from_id": "user12"},
        {"body": "Двое", "forward": Forward()},
    ),
    "a reply": ({"text": "Ответ", "reply_to_message_id": 5}, {"body": "Ответ", "reply_to": 5}),
    "a photo with a caption": (
        {"photo": "photos/photo_1.jpg", "photo_file_size": 120, "width": 800, "height": 600, "text": "Шебекино"},
        {"body": "Шебекино", "media": (Media("photo", size=120),)},
    ),
    "a voice message with a caption": (
        {
            "file": "voice/audio_1.ogg",
            "file_size": 9,
            "media_type": "voice_message",
            "mime_type": "audio/ogg",
            "duration_seconds": 61,
            "text": "Слушайте",
        },
        {"body": "Слушайте", "media": (Media("voice", 9, 61, "audio/ogg"),)},
    ),
    "a file with its name": (
        {"file": "files/a.pdf", "file_name": "Список\nпленных.pdf", "mime_type": "application/pdf"},
        {"media": (Media("document", mime="application/pdf", file_name="Список пленных.pdf"),)},
    ),
    "a video, a round one, a song, an animation, a sticker": (
        {"file": "x", "media_type": "video_message", "duration_seconds": 5},
        {"media": (Media("round", duration=5),)},
    ),
    "a poll is text to be matched": (
        {
            "poll": {
                "question": "Обменять пленных?",
                "closed": False,
                "answers": [{"text": "Да", "voters": 3}, {"text": "Нет", "voters": 0}, None],
            }
        },
        {"attached": ("Обменять пленных?\nДа\nНет",), "media": (Media("poll"),)},
    ),
    "a place": ({"location_information": {"latitude": 50.4, "longitude": 36.9}}, {"media": (Media("location"),)}),
    "a contact": ({"contact_information": {"first_name": "Некто"}}, {"media": (Media("contact"),)}),
}


@pytest.mark.parametrize(("fields", "expected"), [pytest.param(*case, id=name) for name, case in CASES.items()])
def test_a_message_is_read_whole(tmp_path: Path, fields: dict[str, Any], expected: dict[str, Any]) -> None:
    content = _export({**MESSAGE, **fields})
    (read,) = _read(tmp_path, content)
    assert replace(read, raw=b"") == replace(PLAIN, **expected)
    assert json.loads(read.raw) == {**MESSAGE, **fields}
    assert read.raw in content.encode()


def test_what_is_no_post_is_counted_by_its_kind(tmp_path: Path) -> None:
    service = {"id": 1, "type": "service", "date": "2023-06-04T12:30:00", "action": "create_channel", "text": ""}
    reads = _read(tmp_path, _export(service, {"id": 2, "type": "unsupported"}, {**MESSAGE, "text": "Двое"}))
    assert reads[:2] == [Skipped("result.json", "service message"), Skipped("result.json", "unsupported message")]
    assert reads[2].source == "result.json:3"


def test_without_a_name_from_the_command_line_the_file_s_is_a_guess(tmp_path: Path) -> None:
    (read,) = _read(tmp_path, _export(MESSAGE), channel=None)
    assert read.channel == Channel(1700000001, "result", "Русский корпус", guessed=True)


def test_a_whole_account_gives_its_public_channels_and_counts_the_chats_left_out(tmp_path: Path) -> None:
    def chat(id_: int, kind: str, *messages: object) -> dict[str, object]:
        return {"name": f"Чат {id_}", "type": kind, "id": id_, "messages": list(messages)}

    account = {
        "about": "Here is the data you requested.",
        "personal_information": {"user_id": 1, "name": "not a chat", "messages": ["not messages"]},
        "contacts": {"list": [{"first_name": "A"}]},
        "chats": {
            "about": "This page lists all chats.",
            "list": [
                chat(11, "personal_chat", {**MESSAGE, "text": "Личное"}),
                chat(12, "public_channel", {**MESSAGE, "text": "Двое"}, {**MESSAGE, "id": 8, "text": "Трое"}),
                {"type": "saved_messages", "id": 13, "messages": [MESSAGE]},
                "no chat",
            ],
        },
        "left_chats": {"list": [chat(14, "public_supergroup", {**MESSAGE, "text": "Четверо"})]},
    }
    reads = _read(tmp_path, json.dumps(account, ensure_ascii=False, indent=1))
    assert [(read.channel, read.id, read.body) if isinstance(read, Post) else read for read in reads] == [
        Skipped("result.json", "chat that is no public channel (personal chat)"),
        (Channel(12, None, "Чат 12"), 7, "Двое"),
        (Channel(12, None, "Чат 12"), 8, "Трое"),
        Skipped("result.json", "chat that is no public channel (saved messages)"),
        (Channel(14, None, "Чат 14"), 7, "Четверо"),
    ]


def test_the_export_of_a_private_chat_is_refused(tmp_path: Path) -> None:
    assert _read(tmp_path, _export({**MESSAGE, "text": "Личное"}, kind="personal_chat")) == [
        Rejected("result.json", None, "is the export of a personal chat; only public channels are read")
    ]


def test_what_a_chat_is_may_stand_behind_its_messages(tmp_path: Path) -> None:
    """Programs that write JSON anew sort its keys."""

    def chat(id_: int, kind: str) -> dict[str, object]:
        return {"id": id_, "messages": [MESSAGE], "name": f"Чат {id_}", "type": kind}

    account = {"chats": {"list": [chat(11, "personal_chat"), chat(12, "public_channel")]}}
    assert [read.channel if isinstance(read, Post) else read for read in _read(tmp_path, json.dumps(account))] == [
        Skipped("result.json", "chat that is no public channel (personal chat)"),
        Channel(12, None, "Чат 12"),
    ]
    (read,) = _read(tmp_path, json.dumps(chat(12, "public_channel")))
    assert read.channel == Channel(12, "russvolcorps", "Чат 12")
    assert _read(tmp_path, json.dumps(chat(11, "personal_chat"))) == [
        Rejected("result.json", None, "is the export of a personal chat; only public channels are read")
    ]
    (read,) = _read(tmp_path, json.dumps({"messages": [MESSAGE]}))
    assert read.channel == Channel(None, "russvolcorps", None)


def test_the_exporter_s_own_escapes_and_odd_characters_cost_no_post_and_no_offset(tmp_path: Path) -> None:
    texts = {
        rb"a\x0Bb\x1F": "a\x0bb\x1f",
        rb"\\x0B": r"\x0B",
        rb"\u0000 \ud83d\udc94 \ud800 \udc00x": "\ufffd \N{BROKEN HEART} \ufffd \ufffdx",
        b"raw \x01\ttab": "raw \x01\ttab",
        b"bad \xff\xfe utf": "bad \ufffd\ufffd utf",
        rb"quote \" and \\": 'quote " and \\',
    }
    export = _export({**MESSAGE, "text": "@"})
    for written, read_as in texts.items():
        content = export.encode().replace(b'"@"', b'"' + written + b'"')
        (read,) = _read(tmp_path, content)
        assert read.body == read_as
        assert written in read.raw


def test_a_faulty_message_costs_itself_alone(tmp_path: Path) -> None:
    good = {**MESSAGE, "id": 99, "text": "Двое"}
    faults: list[object] = [
        {**MESSAGE, "id": None},
        {**MESSAGE, "id": "seven"},
        {**MESSAGE, "id": -7},
        {**MESSAGE, "id": 2**63},
        {**MESSAGE, "id": True},
        {**MESSAGE, "date_unixtime": "", "date": ""},
        {**MESSAGE, "date_unixtime": None, "date": "вчера"},
        {**MESSAGE, "date_unixtime": "99999999999999999999"},
        {**MESSAGE, "text": "я" * 500_001},
        "no message",
        None,
    ]
    content = _export(*faults, {"@": 1}, {"@": 2}, good)
    content = content.replace('{\n   "@": 1\n  }', '{"id": 5, "text" "x"}').replace(
        '"@": 2', '"text": ' + "[" * 100_000
    )
    content = content.replace("[" * 100_000, "[" * 100_000 + "]" * 100_000)
    reads = _read(tmp_path, content)
    assert [(read.line, read.reason) for read in reads[:-1]] == [
        (1, "the post has no id"),
        (2, "the id 'seven' is no number"),
        (3, "the id -7 is no post's"),
        (4, "the id 9223372036854775808 is no post's"),
        (5, "the id 'True' is no number"),
        (6, "the post has no date"),
        (7, "'вчера' is no date; write it as 2023-06-04T09:30:00+00:00"),
        (8, "'99999999999999999999' is no date; write it as 2023-06-04T09:30:00+00:00"),
        (9, "the text has more than 1 MB; no post is that long"),
        (10, "the record is no message"),
        (11, "the record is no message"),
        (12, "the record is no JSON (Expecting ':' delimiter: line 1 column 18 (char 17))"),
        (13, "the record is nested too deeply to be a post"),
    ]
    assert (reads[-1].id, reads[-1].body, reads[-1].source) == (99, "Двое", "result.json:14")


WHOLE = _export({**MESSAGE, "text": "Раз"}, {**MESSAGE, "id": 8, "text": "Два"})
BROKEN = {
    "cut off in a text": (
        WHOLE[: WHOLE.index("Два") + 1],
        [7, Rejected("result.json", 2, "the file breaks off after message 1; export the chat again")],
    ),
    "cut off between two messages": (
        WHOLE[: WHOLE.index('"id": 8') - 6],
        [7, Rejected("result.json", 2, "the file breaks off after message 1; export the chat again")],
    ),
    "cut off after the last message": (
        WHOLE.rstrip("]}\n "),
        [7, Rejected("result.json", 2, "the file breaks off after message 1; export the chat again")],
    ),
    "cut off in the head": (
        WHOLE[:20],
        [Rejected("result.json", 1, "the file breaks off before its first message; export the chat again")],
    ),
    "nothing but an opening": (
        "{",
        [Rejected("result.json", 1, "the file breaks off before its first message; export the chat again")],
    ),
    "keys that are none": (
        '{"name": "x", 12: 13}',
        [Rejected("result.json", 1, "the file is no JSON before its first message; export the chat again")],
    ),
    "an array that ends as an object": (
        '{"messages": [}',
        [Rejected("result.json", 1, "the file is no JSON before its first message; export the chat again")],
    ),
    "no messages at all": (
        '{"name": "x", "list": [1, 2]}',
        [Rejected("result.json", None, "is JSON, but holds no messages of a Telegram Desktop export")],
    ),
    "nested 100,000 deep": (
        '{"a":' * 100_000,
        [Rejected("result.json", 1, "the file breaks off before its first message; export the chat again")],
    ),
    "two exports in one file": (
        WHOLE + WHOLE,
        [7, 8, Rejected("result.json", None, "holds something after its end, which was not read")],
    ),
    "a byte order mark": ("\ufeff" + WHOLE, [7, 8]),
    "an export without messages": (_export(), []),
}


@pytest.mark.parametrize(("content", "expected"), [pytest.param(*case, id=name) for name, case in BROKEN.items()])
def test_a_broken_export_gives_what_is_whole_and_one_reason(
    tmp_path: Path, content: str, expected: list[object]
) -> None:
    assert [read.id if isinstance(read, Post) else read for read in _read(tmp_path, content)] == expected


def test_a_record_of_many_megabytes_is_dropped_and_the_next_is_read(tmp_path: Path) -> None:
    huge = {**MESSAGE, "text": ["x" * 1_000_000] * 20}
    endless = json.dumps({**MESSAGE, "text": "x" * 40_000_000})
    reads = _read(tmp_path, _export(huge, {**MESSAGE, "id": 8}))
    assert [read.id if isinstance(read, Post) else read.reason for read in reads] == [
        "the record has more than 16 MB",
        8,
    ]
    reads = _read(tmp_path, _export(MESSAGE)[:-4] + "," + endless + "]}")
    assert [read.id if isinstance(read, Post) else read.reason for read in reads] == [
        7,
        "a text of the file has more than 16 MB after message 1; export the chat again",
    ]
