"""Telegram Desktop's messages*.html: every part of a post, several pages, and pages with faults."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from monitor.models import Channel, Forward, Media, Post, Rejected, Skipped
from monitor.sources.desktop_html import read_page
from monitor.sources.files import FileSource
from tests.pages_example import export_page, export_post, export_service, export_text

PATH = Path("/exports/ChatExport_2023-06-05/messages.html")
CHANNEL = Channel(None, "russvolcorps", "Русский корпус")
PLAIN = Post(CHANNEL, 7, datetime(2023, 6, 4, 9, 30, tzinfo=UTC), "", b"", ids=(7,), source=f"{PATH}:1")
FORWARDED = """<div class="forwarded body">
        <div class="from_name">
Легион <span class="date details" title="04.06.2023 11:00:00 UTC+03:00"> 04.06.2023 11:00:00</span>
        </div>
        {}
       </div>"""
MEDIA = """<div class="media_wrap clearfix">
        <div class="media clearfix pull_left {}">
         <div class="fill pull_left"></div>
         <div class="body">
          <div class="title bold">
{}
          </div>
          <div class="status details">
{}
          </div>
         </div>
        </div>
       </div>"""
POLL = """<div class="media_wrap clearfix">
        <div class="media_poll">
         <div class="question bold">
Обменять пленных?
         </div>
         <div class="details">
Anonymous poll
         </div>
         <div class="answer">
- Да <span class="details">3 votes</span>
         </div>
         <div class="answer">
- Нет
         </div>
         <div class="total details">
3 votes
         </div>
        </div>
       </div>"""
CASES: dict[str, tuple[str, dict[str, Any]]] = {
    "a text with breaks, links and entities": (
        export_text('Пленных <strong>двое</strong>.<br><br><a href="https://x">Видео</a> &amp; ёж'),
        {"body": "Пленных двое.\n\nВидео & ёж"},
    ),
    "a photo with a caption": (
        '<div class="media_wrap clearfix"><a class="photo_wrap clearfix pull_left" href="photos/1.jpg">'
        '<img class="photo" src="photos/1_thumb.jpg"/></a></div>' + export_text("Шебекино"),
        {"body": "Шебекино", "media": (Media("photo"),)},
    ),
    "a photo that was not downloaded": (MEDIA.format("media_photo", "Photo", "800x600"), {"media": (Media("photo"),)}),
    "a voice message with a caption": (
        MEDIA.format("media_voice_message", "Voice message", "01:01, 9.0 KB") + export_text("Слушайте"),
        {"body": "Слушайте", "media": (Media("voice", duration=61),)},
    ),
    "a round video": (MEDIA.format("media_video", "Video message", "00:57"), {"media": (Media("round", duration=57),)}),
    "a video": (
        '<div class="media_wrap clearfix"><a class="video_file_wrap clearfix pull_left" href="v.mp4">'
        '<div class="video_duration">\n1:02:57\n</div></a></div>',
        {"media": (Media("video", duration=3777),)},
    ),
    "a file with its name": (
        MEDIA.format("media_file", "Список.pdf", "2.1 MB"),
        {"media": (Media("document", file_name="Список.pdf"),)},
    ),
    "a place": (MEDIA.format("media_venue", "Больница", ""), {"media": (Media("location"),)}),
    "a poll is text to be matched": (
        POLL,
        {"attached": ("Обменять пленных?\nДа\nНет",), "media": (Media("poll"),)},
    ),
    "a forward": (
        FORWARDED.format(export_text("Двое")),
        {"body": "Двое", "forward": Forward("Легион", date=datetime(2023, 6, 4, 8, 0, tzinfo=UTC))},
    ),
    "a forward with media": (
        FORWARDED.format(MEDIA.format("media_file", "Список.pdf", "2 MB") + export_text("Двое")),
        {
            "body": "Двое",
            "media": (Media("document", file_name="Список.pdf"),),
            "forward": Forward("Легион", date=datetime(2023, 6, 4, 8, 0, tzinfo=UTC)),
        },
    ),
    "a reply": (
        '<div class="reply_to details">\nIn reply to <a href="#go_to_message5" onclick="return GoToMessage(5)">'
        "this message</a>\n</div>" + export_text("Ответ"),
        {"body": "Ответ", "reply_to": 5},
    ),
    "a reply to another page": (
        '<div class="reply_to details">In reply to <a href="messages2.html#go_to_message1005">this message</a></div>',
        {"reply_to": 1005},
    ),
}


def _read(content: bytes, channel: str | None = "russvolcorps") -> list[Any]:
    return list(read_page(content, PATH, channel))


def _short(reads: list[Any]) -> list[Any]:
    return [(read.id, read.body) if isinstance(read, Post) else read for read in reads]


@pytest.mark.parametrize(("content", "expected"), [pytest.param(*case, id=name) for name, case in CASES.items()])
def test_a_post_is_read_whole(content: str, expected: dict[str, Any]) -> None:
    written = export_page(export_post(7, content))
    (read,) = _read(written)
    assert replace(read, raw=b"") == replace(PLAIN, **expected)
    assert read.raw.startswith(b'<div class="message default clearfix" id="message7">')
    assert read.raw in written


def test_dates_are_in_the_zone_that_the_page_names() -> None:
    zones = {"UTC+03:00": 3, "UTC-05:00": -5, "GMT+0300": 3, "": 0}
    for zone, hours in zones.items():
        (read,) = _read(export_page(export_post(7, export_text("Двое"), date=f"04.06.2023 12:30:00 {zone}".strip())))
        assert read.date == datetime(2023, 6, 4, 12, 30, tzinfo=timezone(timedelta(hours=hours))), zone


def test_joined_posts_have_no_name_and_belong_to_the_channel_all_the_same() -> None:
    reads = _read(
        export_page(
            export_service(-1, "4 June 2023"),
            export_service(3, "Channel created"),
            export_post(7, export_text("Раз")),
            export_post(8, export_text("Два"), author=None),
        )
    )
    assert _short(reads) == [Skipped(str(PATH), "service message"), (7, "Раз"), (8, "Два")]
    assert [read.channel for read in reads[1:]] == [CHANNEL, CHANNEL]


def test_a_joined_forward_shares_the_origin_of_the_one_before_it() -> None:
    joined = f'<div class="forwarded body">{export_text("Трое")}</div>'
    reads = _read(
        export_page(
            export_post(7, FORWARDED.format(export_text("Двое"))),
            export_post(8, joined, author=None),
            export_post(9, export_text("Своё"), author=None),
        )
    )
    assert [(read.body, read.forward and read.forward.name) for read in reads] == [
        ("Двое", "Легион"),
        ("Трое", "Легион"),
        ("Своё", None),
    ]


def test_without_a_name_from_the_command_line_the_folder_s_is_a_guess() -> None:
    (read,) = _read(export_page(export_post(7, export_text("Двое"))), channel=None)
    assert read.channel == Channel(None, "ChatExport_2023-06-05", "Русский корпус", guessed=True)


def test_a_faulty_post_costs_itself_alone() -> None:
    good = export_post(9, export_text("Двое"))
    reads = _read(
        export_page(
            export_post(7, export_text("Раз"), date="вчера"),
            export_post(7, export_text("Раз"), date="34.06.2023 12:30:00"),
            export_post(7, export_text("Раз")).replace('id="message7"', ""),
            export_post(7, export_text("Раз")).replace('id="message7"', 'id="message-7"'),
            export_post(7, export_text("x" * 1_000_001)),
            good,
        )
    )
    assert _short(reads) == [
        Rejected(str(PATH), 1, "'вчера' is no date of an export"),
        Rejected(str(PATH), 2, "'2023-06-34T12:30:00+00:00' is no date; write it as 2023-06-04T09:30:00+00:00"),
        Rejected(str(PATH), 3, "the post has no id"),
        Rejected(str(PATH), 4, "the post has no id"),
        Rejected(str(PATH), 5, "the text has more than 1 MB; no post is that long"),
        (9, "Двое"),
    ]


def test_a_page_that_breaks_off_gives_no_half_post() -> None:
    whole = export_page(export_post(7, export_text("Раз")), export_post(8, export_text("Двое пленных")))
    assert _short(_read(whole[: whole.index("пленных".encode())])) == [
        (7, "Раз"),
        Rejected(str(PATH), 2, "the page breaks off in this post; export the chat again"),
    ]
    assert _read(whole[: whole.index(b'<div class="message ')]) == [
        Rejected(str(PATH), None, "the page breaks off before its first post; export the chat again")
    ]


def test_a_chat_between_people_is_refused() -> None:
    people = [
        export_post(7, export_text("Привет"), author="Анна"),
        export_post(8, export_text("И тебе"), author="Олег"),
    ]
    assert _read(export_page(*people, title="Олег")) == [
        Rejected(str(PATH), None, "is the export of a chat between people; only public channels are read")
    ]


def test_the_pages_of_an_export_are_read_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    for number, name in enumerate(("messages.html", "messages2.html", "messages10.html")):
        # All of one second, as a burst of posts is: their dates say nothing of the order.
        first = export_post(10 * number + 1, export_text(name))
        second = export_post(10 * number + 2, export_text(name))
        (tmp_path / name).write_bytes(export_page(first, second))
    (tmp_path / "contacts.html").write_text("<html><body>no posts</body></html>", encoding="utf-8")

    async def read() -> list[int]:
        return [read.id async for read in FileSource([tmp_path]).posts() if isinstance(read, Post)]

    assert asyncio.run(read()) == [1, 2, 11, 12, 21, 22]
