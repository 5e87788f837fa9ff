"""Telegram's messages as posts: each kind, over the wire, compared as a whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from telethon.tl import types

from monitor.models import Channel, Forward, Media, Post, Rejected, Skipped
from monitor.sources.live import Page
from monitor.sources.telethon_json import content as saved_post
from monitor.telegram.posts import Peers, described
from tests import telegram_example as example
from tests.loopback import content
from tests.loopback.peers import Channel as Peer
from tests.loopback.scene import Scene, run

DATE = datetime(2023, 6, 4, 9, 30, tzinfo=UTC)
LATER = datetime(2023, 6, 4, 10, tzinfo=UTC)
NOWHERE = Channel(None, None)

Put = Callable[[Scene, Peer], Any]


def _post(text: str, **fields: Any) -> Put:
    return lambda scene, news: scene.world.post(news, text, date=DATE, **fields)


def _plain(**values: Any) -> Post:
    made = Post(NOWHERE, 1, DATE, "", b"", views=1, ids=(1,), source="telegram")
    return replace(made, **values)


def _forwarded(scene: Scene, news: Peer) -> Any:
    origin = scene.world.add_channel("origin_example", "Штаб обороны", channel_id=1_000_000_777)
    return scene.world.post(news, "копия", date=DATE, fwd_from=content.forward(origin, 17, date=LATER))


def _from_a_person(scene: Scene, news: Peer) -> Any:
    header = types.MessageFwdHeader(LATER, from_id=scene.analyst.peer)
    return scene.world.post(news, "копия", date=DATE, fwd_from=header)


def _edited(scene: Scene, news: Peer) -> Any:
    post = scene.world.post(news, "Трое пленных", date=DATE)
    return scene.world.edit(news, post.id, "Двое пленных", date=LATER)


def _reacted(scene: Scene, news: Peer) -> Any:
    post = scene.world.post(news, "Трое пленных", date=DATE)
    scene.world.view(news, post.id, 1500)
    scene.world.react(news, post.id, "😢")


def _protected(scene: Scene, news: Peer) -> Any:
    news.noforwards = True
    return scene.world.post(news, "не копировать", date=DATE)


RICH = types.RichMessage(
    [
        types.PageBlockTitle(types.TextPlain("Обмен")),
        types.PageBlockParagraph(types.TextConcat([types.TextBold(types.TextPlain("Трое ")), types.TextPlain("дома")])),
        types.PageBlockList(
            [types.PageListItemText(types.TextPlain("первый")), types.PageListItemText(types.TextPlain("второй"))]
        ),
    ],
    [],
    [],
)
TO_DO_LIST = types.MessageMediaToDo(
    types.TodoList(
        types.TextWithEntities("Сбор", []),
        [types.TodoItem(1, types.TextWithEntities("вода", [])), types.TodoItem(2, types.TextWithEntities("хлеб", []))],
    )
)
VENUE = types.MessageMediaVenue(types.GeoPoint(36.9, 50.4, 0), "Больница № 2", "Шебекино, Ленина 1", "", "", "")

KINDS: dict[str, tuple[Put, Post]] = {
    "text with entities": (
        _post("В Шебекине жирно", entities=[types.MessageEntityBold(2, 8)]),
        _plain(body="В Шебекине жирно"),
    ),
    "photo with a caption": (
        _post("Шебекино", media=content.photo(size=120_000)),
        _plain(body="Шебекино", media=(Media("photo", 120_000),)),
    ),
    "video": (
        _post(media=content.video(duration=42, size=5_000_000), text=""),
        _plain(media=(Media("video", 5_000_000, 42, "video/mp4", "video.mp4"),)),
    ),
    "round video": (
        _post("", media=content.round_video(duration=12, size=900)),
        _plain(media=(Media("round", 900, 12, "video/mp4"),)),
    ),
    "voice": (_post("", media=content.voice(duration=7, size=30)), _plain(media=(Media("voice", 30, 7, "audio/ogg"),))),
    "music": (
        _post("", media=content.audio("Песня", "Хор", duration=180, size=3)),
        _plain(media=(Media("audio", 3, 180, "audio/mpeg", "track.mp3"),)),
    ),
    "file": (
        _post("", media=content.document("список\0.pdf", size=9)),
        _plain(media=(Media("document", 9, None, "application/pdf", "список\ufffd.pdf"),)),
    ),
    "sticker": (
        _post("", media=content.sticker()),
        _plain(media=(Media("sticker", 20_000, None, "image/webp", "sticker.webp"),)),
    ),
    "poll": (
        _post("", media=content.poll("Эвакуация идёт?", ["да", "нет"], [3, 4])),
        _plain(attached=("Эвакуация идёт?\nда\nнет",), media=(Media("poll"),)),
    ),
    "link preview": (
        _post("Смотрите", media=content.web_page("https://example.org/a", "Обмен пленными", "Трое вернулись домой")),
        _plain(body="Смотрите", attached=("Обмен пленными",)),
    ),
    "preview still to come": (
        _post("Смотрите", media=types.MessageMediaWebPage(types.WebPagePending(1, DATE, url="https://example.org"))),
        _plain(body="Смотрите"),
    ),
    "place": (_post("", media=content.place(50.4, 36.9)), _plain(media=(Media("location"),))),
    "named place": (
        _post("", media=VENUE),
        _plain(attached=("Больница № 2\nШебекино, Ленина 1",), media=(Media("location"),)),
    ),
    "contact": (_post("", media=content.contact("Иван", "79991234567")), _plain(media=(Media("contact"),))),
    "list": (_post("", media=TO_DO_LIST), _plain(attached=("Сбор\nвода\nхлеб",), media=(Media("other"),))),
    "article": (_post("", rich_message=RICH), _plain(body="Обмен\nТрое дома\nпервый\nвторой")),
    "unsupported media": (
        _post("", media=types.MessageMediaUnsupported()),
        _plain(media=(Media("other"),)),
    ),
    "forward from a channel": (
        _forwarded,
        _plain(body="копия", forward=Forward("Штаб обороны", 1_000_000_777, 17, LATER)),
    ),
    "forward from a person, who is not named": (_from_a_person, _plain(body="копия", forward=Forward(date=LATER))),
    "forward from somebody hidden": (
        _post("копия", fwd_from=content.hidden_forward("Мария", date=LATER)),
        _plain(body="копия", forward=Forward("Мария", date=LATER)),
    ),
    "reply": (_post("да", reply_to=1), _plain(body="да", reply_to=1)),
    "reply to another channel": (
        lambda scene, news: scene.world.change(
            news,
            scene.world.post(news, "да", date=DATE).id,
            reply_to=types.MessageReplyHeader(reply_to_msg_id=9, reply_to_peer_id=types.PeerChannel(5)),
        ),
        _plain(body="да"),
    ),
    "edited": (_edited, _plain(body="Двое пленных", edited=LATER)),
    "reactions are no edit": (_reacted, _plain(body="Трое пленных", views=1500)),
    "restricted": (
        _post("нельзя", restriction_reason=content.restriction("Not here.")),
        _plain(body="нельзя", restricted="all: Not here."),
    ),
    "its own mark against copying": (_post("нельзя", noforwards=True), _plain(body="нельзя", noforwards=True)),
    "the channel's mark against copying": (_protected, _plain(body="не копировать", noforwards=True)),
    "NUL in the text": (_post("а\0б"), _plain(body="а\ufffdб")),
    "nothing but marks of direction": (_post("\u200f"), _plain(body="\u200f")),
}


def _read(folder: Path, stories: dict[str, Sequence[Put]]) -> dict[str, Page]:
    """Let each story happen in a channel of its own, and read them all."""
    pages = {}

    async def play(scene: Scene) -> None:
        reader = await example.reader(scene, folder)
        for number, (story, puts) in enumerate(stories.items()):
            channel = scene.world.add_channel(f"news_{number:03}", "News")
            for put in puts:
                put(scene, channel)
            pages[story] = await reader.history(await reader.resolve(f"news_{number:03}"), 0)
        await reader.close()

    run(play)
    return pages


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Page]:
    """A page with each kind of message."""
    return _read(tmp_path_factory.mktemp("kinds") / "session", {kind: [put] for kind, (put, _) in KINDS.items()})


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_message(kinds: dict[str, Page], kind: str) -> None:
    page = kinds[kind]
    assert page.skipped == page.rejected == ()
    assert [replace(post, raw=b"", channel=NOWHERE) for post in page.posts] == [KINDS[kind][1]]


def test_a_post_stands_in_its_channel_as_it_is_called_now(kinds: dict[str, Page]) -> None:
    (post,) = kinds["text with entities"].posts
    assert post.channel == Channel(1_000_000_002, "news_000", "News")


def test_the_raw_record_is_telethons_json_and_reads_the_same_when_saved(kinds: dict[str, Page]) -> None:
    (post,) = kinds["text with entities"].posts
    record = orjson.loads(post.raw)
    assert record["entities"] == [{"_": "MessageEntityBold", "offset": 2, "length": 8}]
    assert post.raw == orjson.dumps(record)
    assert saved_post(record, post.raw, post.channel, "telegram") == post


def _service(action: Any = None) -> Put:
    return lambda scene, news: scene.world.service(news, action)


def _of_another_channel(scene: Scene, news: Peer) -> Any:
    scene.world.post(news, "чужой")
    return scene.world.change(news, 1, peer_id=types.PeerChannel(5))


ODD: dict[str, Sequence[Put]] = {
    "service": [_service(), _service(types.MessageActionSetMessagesTTL(60)), _post("текст")],
    "huge": [_post("до"), _post("я" * 2_500_000), _post("после")],
    "of another channel": [_of_another_channel],
}


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Page]:
    """Pages with what is no post."""
    return _read(tmp_path_factory.mktemp("odd") / "session", ODD)


def test_service_messages_are_passed_over_by_kind(odd: dict[str, Page]) -> None:
    page = odd["service"]
    assert page.skipped == (
        Skipped("telegram", "service message (pin message)"),
        Skipped("telegram", "service message (set messages ttl)"),
    )
    assert (page.served, [post.id for post in page.posts]) == ((1, 2, 3), [3])


def test_a_text_of_five_megabytes_is_kept_raw_and_the_page_goes_on(odd: dict[str, Page]) -> None:
    page = odd["huge"]
    assert [post.body for post in page.posts] == ["до", "после"]
    (bad,) = page.rejected
    assert (bad.id, bad.rejected) == (
        2,
        Rejected("telegram:news_001", 2, "the text has more than 1 MB; no post is that long"),
    )
    assert orjson.loads(bad.raw)["message"] == "я" * 2_500_000
    assert (page.up_to, page.served) == (3, (1, 2, 3))


def test_a_message_of_another_channel_in_the_answer_is_no_post(odd: dict[str, Page]) -> None:
    page = odd["of another channel"]
    assert page.posts == ()
    assert [one.rejected.reason for one in page.rejected] == ["the message stands in another channel"]


def _channel(**fields: Any) -> types.Channel:
    made = {"id": 5, "title": "Новости", "photo": types.ChatPhotoEmpty(), "date": DATE, **fields}
    return types.Channel(**made)


NAMES: dict[str, tuple[dict[str, Any], Channel]] = {
    "one name": ({"username": "novosti"}, Channel(5, "novosti", "Новости")),
    "several names": (
        {"usernames": [types.Username("old_name"), types.Username("novosti", active=True)]},
        Channel(5, "novosti", "Новости"),
    ),
    "no name": ({}, Channel(5, None, "Новости")),
    "a title on two lines": ({"username": "novosti", "title": "Ново\n сти\0"}, Channel(5, "novosti", "Ново сти\ufffd")),
}


@pytest.mark.parametrize(("fields", "expected"), NAMES.values(), ids=NAMES)
def test_a_channels_name_is_the_one_in_use(fields: dict[str, Any], expected: Channel) -> None:
    assert described(_channel(**fields)) == expected


def test_an_answer_that_leaves_names_out_renames_nothing() -> None:
    before = Channel(5, "novosti", "Новости")
    assert Peers.of([_channel(min=True, title="")]).named(before) == before
    assert Peers.of([types.ChannelForbidden(5, 1, "?")]).named(before) == before
