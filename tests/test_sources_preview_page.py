"""Saved pages of t.me/s: every part of a post, and pages that are not what they seem."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from monitor.models import Channel, Forward, Media, Post, Rejected, Skipped
from monitor.sources.preview_page import read_page
from tests.pages_example import CORPS, page, post, text

CHANNEL = Channel(CORPS, "russvolcorps", "Русский корпус")
PLAIN = Post(
    channel=CHANNEL,
    id=7,
    date=datetime(2023, 6, 4, 9, 30, tzinfo=UTC),
    body="",
    raw=b"",
    views=1200,
    ids=(7,),
    url="https://t.me/russvolcorps/7",
    source="saved.html:1",
)
PHOTO = '<a class="tgme_widget_message_photo_wrap" href="https://t.me/russvolcorps/7"></a>'
VIDEO = (
    '<a class="tgme_widget_message_video_player js-message_video_player" href="https://t.me/russvolcorps/{}?single">'
    '<video src="x.mp4" class="tgme_widget_message_video"></video><time class="message_video_duration">2:57</time></a>'
)
CASES = {
    "a text with breaks, links and emoji": (
        text('Пленных <b>двое</b>.<br/><br/><a href="https://x">Видео</a> <i class="emoji"><b>👍</b></i> &amp; ёж'),
        {"body": "Пленных двое.\n\nВидео 👍 & ёж"},
    ),
    "line feeds of the layout are blanks": (text("Пленных\n     двое."), {"body": "Пленных двое."}),
    "a caption under a photo": (
        PHOTO + text("Шебекино"),
        {"body": "Шебекино", "media": (Media("photo"),)},
    ),
    "a photo without words": (PHOTO, {"media": (Media("photo"),)}),
    "an album keeps all its ids": (
        '<div class="tgme_widget_message_grouped_wrap"><div class="tgme_widget_message_grouped js-message_grouped">'
        + VIDEO.format(7)
        + '<a class="tgme_widget_message_photo_wrap" href="https://t.me/russvolcorps/8?single"></a>'
        + '<a class="tgme_widget_message_photo_wrap" href="https://t.me/russvolcorps/9?single"></a></div></div>'
        + text("Трое"),
        {
            "body": "Трое",
            "media": (Media("video", duration=177), Media("photo"), Media("photo")),
            "ids": (7, 8, 9),
        },
    ),
    "an animation plays by itself": (
        '<a class="tgme_widget_message_video_player"><video class="tgme_widget_message_video" autoplay loop>'
        "</video></a>",
        {"media": (Media("animation"),)},
    ),
    "a round video": (
        '<div class="tgme_widget_message_roundvideo_player"><video class="tgme_widget_message_roundvideo"></video>'
        '<time class="tgme_widget_message_roundvideo_duration">0:57</time></div>',
        {"media": (Media("round", duration=57),)},
    ),
    "a voice message with a caption": (
        '<a class="tgme_widget_message_voice_player"><audio class="tgme_widget_message_voice" src="x"></audio>'
        '<time class="tgme_widget_message_voice_duration">1:27:40</time></a>' + text("Слушайте"),
        {"body": "Слушайте", "media": (Media("voice", duration=5260),)},
    ),
    "a document with its name": (
        '<a class="tgme_widget_message_document_wrap"><div class="tgme_widget_message_document_icon"></div>'
        '<div class="tgme_widget_message_document_title">Список.pdf</div>'
        '<div class="tgme_widget_message_document_extra">2.1 MB</div></a>',
        {"media": (Media("document", file_name="Список.pdf"),)},
    ),
    "a song": (
        '<a class="tgme_widget_message_document_wrap"><div class="tgme_widget_message_document_icon audio"></div>'
        '<div class="tgme_widget_message_document_title">Гимн</div></a>',
        {"media": (Media("audio", file_name="Гимн"),)},
    ),
    "a poll is text to be matched": (
        '<div class="tgme_widget_message_poll"><div class="tgme_widget_message_poll_question">Обменять пленных?</div>'
        '<div class="tgme_widget_message_poll_option_percent">60%</div>'
        '<div class="tgme_widget_message_poll_option_text">Да</div>'
        '<div class="tgme_widget_message_poll_option_text">Нет</div></div>',
        {"attached": ("Обменять пленных?\nДа\nНет",), "media": (Media("poll"),)},
    ),
    "a link preview's title is text to be matched": (
        text("https://example.org/1") + '<a class="tgme_widget_message_link_preview" href="https://example.org/1">'
        '<div class="link_preview_title" dir="auto">Эвакуация Шебекина</div>'
        '<div class="link_preview_description" dir="auto">Не это</div></a>',
        {"body": "https://example.org/1", "attached": ("Эвакуация Шебекина",)},
    ),
    "a forward with its origin": (
        '<div class="tgme_widget_message_forwarded_from">Forwarded from&nbsp;<a '
        'class="tgme_widget_message_forwarded_from_name" href="https://t.me/legionoffreedom/44"><span>Легион</span></a>'
        "</div>" + text("Двое"),
        {"body": "Двое", "forward": Forward("Легион", post_id=44)},
    ),
    "a forward from somebody who hides": (
        '<div class="tgme_widget_message_forwarded_from">Forwarded from&nbsp;<span '
        'class="tgme_widget_message_forwarded_from_name">Некто</span></div>' + text("Двое"),
        {"body": "Двое", "forward": Forward("Некто")},
    ),
    "a reply: the answered text is not the post's": (
        '<a class="tgme_widget_message_reply" href="https://t.me/russvolcorps/5">'
        '<div class="tgme_widget_message_text js-message_reply_text">Старое про эвакуацию</div></a>' + text("Ответ"),
        {"body": "Ответ", "reply_to": 5},
    ),
    "a reply whose answered text is called as the post's own": (
        '<a class="tgme_widget_message_reply" href="https://t.me/russvolcorps/5"><div>'
        '<div class="tgme_widget_message_text">Старое про эвакуацию</div></div></a>' + text("Ответ"),
        {"body": "Ответ", "reply_to": 5},
    ),
    "a reply without words of its own": (
        '<a class="tgme_widget_message_reply" href="https://t.me/russvolcorps/5">'
        '<div class="tgme_widget_message_text js-message_reply_text">Старое про эвакуацию</div></a>' + PHOTO,
        {"reply_to": 5, "media": (Media("photo"),)},
    ),
}


@pytest.mark.parametrize(("content", "expected"), [pytest.param(*case, id=name) for name, case in CASES.items()])
def test_a_post_is_read_whole(content: str, expected: dict[str, object]) -> None:
    (read,) = read_page(page(post(7, content)), "saved.html")
    assert isinstance(read, Post)
    assert replace(read, raw=b"") == replace(PLAIN, **expected)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("shown", "views"),
    [("37.2K", 37200), ("1.05M", 1050000), ("746", 746), ("", None), ("many", None), ("1e400", None)],
)
def test_views_are_numbers(shown: str, views: int | None) -> None:
    (read,) = read_page(page(post(7, text("Двое"), views=shown)), "saved.html")
    assert isinstance(read, Post)
    assert read.views == views


def test_the_raw_record_is_the_page_s_own_bytes_with_what_the_text_cannot_hold() -> None:
    first, second = post(7, text("Дв\0ое")), post(8, text("Tr&#xD800;oe \N{BROKEN HEART}"))
    content = page(first, second).replace(b"Tr", b"T\xff")
    one, two = (read for read in read_page(content, "saved.html") if isinstance(read, Post))
    assert (one.body, two.body) == ("Дв\ufffdое", "T\ufffd\ufffdoe \N{BROKEN HEART}")
    assert one.raw.startswith(b'<div class="tgme_widget_message ')
    assert b"\0" in one.raw
    assert b"T\xff&#xD800;" in two.raw
    assert one.raw in content
    assert two.raw in content


def test_a_page_gives_its_posts_in_order_and_counts_the_rest() -> None:
    content = page(
        post(7, text("Раз")),
        post(8, text("pinned"), kind="service_message"),
        post(9, text("Без даты"), date="вчера"),
        post(10, text("Два")).replace('data-post="russvolcorps/10"', ""),
        post(11, text("x" * 1_000_001)),
        post(12, text("Три"), edited=True),
    )
    reads = [read.id if isinstance(read, Post) else read for read in read_page(content, "saved.html")]
    assert reads == [
        7,
        Skipped("saved.html", "service message"),
        Rejected("saved.html", 3, "'вчера' is no date; write it as 2023-06-04T09:30:00+00:00"),
        Rejected("saved.html", 4, "the post has no id"),
        Rejected("saved.html", 5, "the text has more than 1 MB; no post is that long"),
        12,
    ]


@pytest.mark.parametrize(
    ("seen", "id_"),
    [
        ("", None),
        ('data-view="!!!"', None),
        ('data-view="W10"', None),  # []
        (f'data-view="{"Ww" * 50_000}"', None),
        ('data-view="eyJjIjoiMTIifQ"', 12),  # {"c":"12"}
    ],
)
def test_a_channel_s_id_comes_from_the_view_or_not_at_all(seen: str, id_: int | None) -> None:
    content = post(7, text("Двое"), channel=None).replace('data-post="russvolcorps/7"', f'data-post="a/7" {seen}')
    (read,) = read_page(page(content), "saved.html")
    assert isinstance(read, Post)
    assert read.channel == Channel(id_, "a", "Русский корпус")


BROKEN = {
    "a page that breaks off within a post": (
        page(post(7, text("Раз")), post(8, text("Два пленных в посёлке"))).partition("посёлке".encode())[0],
        [7, Rejected("saved.html", 2, "the page breaks off in this post; save it again")],
    ),
    "a page without posts": (
        page(),
        [Rejected("saved.html", None, "is a page of t.me without posts; save https://t.me/s/NAME itself")],
    ),
    "a page that is nested without end": (
        page("<b></i>" * 100_000),
        [Rejected("saved.html", None, "the page is nested more than 400 deep")],
    ),
    "a tag with attributes without end": (
        page(f"<div {' '.join(f'a{n}' for n in range(100_000))}></div>"),
        [Rejected("saved.html", None, "a tag of the page has more than 500 attributes")],
    ),
    "a tag whose attributes hide behind a quoted bracket": (
        page(f"<div a='>' {'b ' * 100_000}></div>"),
        [Rejected("saved.html", None, "a tag of the page has more than 500 attributes")],
    ),
    "a page of more than 32 MB": (
        page(" " * 32_000_000),
        [Rejected("saved.html", None, "the page has more than 32 MB")],
    ),
    "a fragment of a page": (post(7, text("Раз")).encode(), [7]),
    "a browser's own copy": (page(post(7, text("Раз"))).partition(b"<!-- page generated")[0], [7]),
}


@pytest.mark.parametrize(("content", "expected"), [pytest.param(*case, id=name) for name, case in BROKEN.items()])
def test_a_broken_page_is_refused_with_a_reason(content: bytes, expected: list[object]) -> None:
    reads = [read.id if isinstance(read, Post) else read for read in read_page(content, "saved.html")]
    assert reads == expected
