"""What posts on the loopback server carry, as a real client sees it; and worlds made of saved posts."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from telethon import Button, events
from telethon.tl import types

from tests.loopback import World, content
from tests.loopback.console import Console
from tests.loopback.filling import fill, publish, username
from tests.loopback.scene import Scene, run, until

DATE = datetime(2023, 6, 4, 9, 30, tzinfo=UTC)


def _file(message: Any) -> tuple[Any, ...]:
    file = message.file
    return file.mime_type, file.size, file.duration, file.name


MEDIA: list[tuple[str, Any, tuple[Any, ...]]] = [
    ("photo", content.photo(size=1000), ("image/jpeg", 1000, None, None)),
    ("document", content.document("map.pdf", size=1000), ("application/pdf", 1000, None, "map.pdf")),
    ("video", content.video(duration=30, size=5000), ("video/mp4", 5000, 30, "video.mp4")),
    ("video_note", content.round_video(duration=12, size=2000), ("video/mp4", 2000, 12, None)),
    ("voice", content.voice(duration=7, size=300), ("audio/ogg", 300, 7, None)),
    ("audio", content.audio("Song", "Singer", size=900), ("audio/mpeg", 900, 180, "track.mp3")),
    ("sticker", content.sticker("🙂"), ("image/webp", 20_000, None, "sticker.webp")),
]


@pytest.mark.parametrize(("kind", "media", "file"), MEDIA, ids=[case[0] for case in MEDIA])
def test_media_are_what_they_say(kind: str, media: Any, file: tuple[Any, ...]) -> None:
    async def story(scene: Scene) -> None:
        client = await scene.reader_client()
        scene.world.post(scene.news, "caption", media=media, noforwards=True)
        (got,) = await client.get_messages(scene.news.username)
        assert getattr(got, kind) is not None
        assert (_file(got), got.message, got.noforwards) == (file, "caption", True)
        assert len(await client.download_media(got, bytes)) == file[1]

    run(story)


def test_polls_previews_places_and_contacts() -> None:
    async def story(scene: Scene) -> None:
        client = await scene.reader_client()
        scene.world.post(scene.news, media=content.poll("Leave?", ["Yes", "No"], [7, 3], closed=True))
        scene.world.post(
            scene.news, "https://a.example/b", media=content.web_page("https://a.example/b", "Title", "Text")
        )
        scene.world.post(scene.news, media=content.place(50.41, 36.89))
        scene.world.post(scene.news, media=content.contact("Ann", "15550009"))
        contact, place, page, poll = await client.get_messages(scene.news.username, limit=4)
        assert (poll.poll.poll.question.text, poll.poll.poll.closed) == ("Leave?", True)
        assert [answer.text.text for answer in poll.poll.poll.answers] == ["Yes", "No"]
        assert [result.voters for result in poll.poll.results.results] == [7, 3]
        assert (page.web_preview.title, page.web_preview.description) == ("Title", "Text")
        assert (round(place.geo.lat, 2), round(place.geo.long, 2)) == (50.41, 36.89)
        assert contact.contact.first_name == "Ann"

    run(story)


def test_albums_forwards_replies_views_and_marks() -> None:
    async def story(scene: Scene) -> None:
        client = await scene.reader_client()
        world, news = scene.world, scene.news
        origin = world.add_channel("origin_example", "Origin")
        album = world.album(news, [content.photo(), content.video()], "caption", date=DATE)
        world.post(news, "forward", fwd_from=content.forward(origin, 17, date=DATE))
        world.post(news, "hidden", fwd_from=content.hidden_forward("Somebody"))
        world.post(news, "reply", reply_to=album[0].id, views=5, forwards=2)
        world.post(news, "restricted", restriction_reason=content.restriction())
        world.service(news)
        service, restricted, reply, hidden, forward, second, first = await client.get_messages(news.username, limit=7)
        assert first.grouped_id == second.grouped_id is not None
        assert [(one.message, one.date) for one in (first, second)] == [("caption", DATE), ("", DATE)]
        assert (forward.forward.chat.username, forward.forward.channel_post) == ("origin_example", 17)
        assert hidden.forward.from_name == "Somebody"
        assert (reply.reply_to_msg_id, reply.views, reply.forwards) == (album[0].id, 5, 2)
        assert restricted.restriction_reason[0].platform == "all"
        assert isinstance(service.action, types.MessageActionPinMessage)

    run(story)


def test_a_reaction_is_an_edit_that_changes_no_text_and_shows_no_date() -> None:
    async def story(scene: Scene) -> None:
        scene.world.join(scene.news, scene.reader)
        client = await scene.reader_client()
        edits: list[Any] = []

        async def edited(event: Any) -> None:
            edits.append(event.message)

        client.add_event_handler(edited, events.MessageEdited())
        post = scene.world.post(scene.news, "text")
        scene.world.react(scene.news, post.id, "👍", 3)
        scene.world.view(scene.news, post.id, 500)
        scene.world.edit(scene.news, post.id, "other text")
        await until(lambda: len(edits) == 2)
        reacted, changed = edits
        assert (reacted.message, reacted.edit_hide, reacted.reactions.results[0].count) == ("text", True, 3)
        assert (changed.message, changed.views) == ("other text", 500)

    run(story)


# Saved posts


def _lines(path: Path, *records: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def test_saved_posts_become_channels(tmp_path: Path) -> None:
    one = {"channel": "news_example", "id": 5, "date": "2023-06-04T09:30:00+00:00", "text": "first"}
    later = {"channel": "Вести", "id": 9, "date": "2023-06-04T09:40:00+00:00", "text": "third"}
    edited = {**one, "id": 7, "text": "second", "edited": "2023-06-04T09:35:00+00:00"}
    _lines(tmp_path / "posts.jsonl", one, {**one, "id": 7, "text": "2nd"}, edited, later)
    (tmp_path / "report.txt").write_text("date 2023-06-05\nA document\n", encoding="utf-8")
    world = World()
    filling = asyncio.run(fill(world, [tmp_path], keep_back=1))
    texts = {
        channel.username: [(message.id, message.message) for message in channel.box.messages.values()]
        for channel in filling.channels
    }
    assert texts == {"news_example": [(5, "first"), (7, "second")], "channel": [(9, "third")], "report": []}
    assert world.channels[filling.channels[0].id].box.messages[5].date == DATE
    ((channel, post),) = filling.later
    before = time.time()
    message = publish(world, channel, post, date=None, edit_date=None)
    assert (message.message.strip(), message.date.timestamp() >= int(before)) == ("A document", True)


NAMES = [
    ("news_example", "news_example"),
    ("Пресс-служба", "channel"),
    ("2023 report", "channel_2023_report"),
    ("abc", "abc__"),
]


@pytest.mark.parametrize(("name", "made"), NAMES)
def test_names_of_files_become_user_names(name: str, made: str) -> None:
    assert username(name) == made


# The terminal


def test_the_terminal_plays_the_analyst() -> None:
    async def story(scene: Scene) -> None:
        shown: list[str] = []
        console = Console(scene.server, scene.bot, scene.analyst, shown.append)
        bot = await scene.bot_client()
        shown.clear()

        async def answer(event: Any) -> None:
            await event.reply("all well", buttons=[Button.inline("Why", b"why")])

        async def explain(event: Any) -> None:
            await event.answer("because")

        bot.add_event_handler(answer, events.NewMessage(incoming=True))
        bot.add_event_handler(explain, events.CallbackQuery())
        assert await console.obey("/status\n")
        await until(lambda: len(shown) == 3)
        await console.obey("!press Why")
        await console.obey("!post news_example эвакуация")
        await console.obey("!edit @news_example 1 учения")
        assert scene.news.box.messages[1].message == "учения"
        await console.obey("!delete news_example 1")
        await console.obey("!fault users.getUsers FLOOD_WAIT_9")
        assert shown == [
            "#2 the analyst writes:\n/status",
            "#3 the bot writes, answering #2:\nall well",
            "[Why]",
            "the bot shows: because",
            "post 1",
        ]
        assert len(scene.news.box) == 0
        assert scene.server.faults.next("users.getUsers", None) is not None
        shown.clear()
        await console.obey("!post nowhere text")
        await console.obey("!unknown")
        assert [line.startswith("a line of text") for line in shown] == [True, True]
        assert not await console.obey("!quit")

    run(story)


def test_a_developer_starts_it_from_the_command_line(tmp_path: Path) -> None:
    posts = _lines(
        tmp_path / "p.jsonl", {"channel": "news_example", "id": 5, "date": "2023-06-04T09:30:00Z", "text": "a"}
    )
    settings = tmp_path / ".env"
    command = [sys.executable, "-m", "tests.loopback", "--posts", str(posts), "--write", str(settings)]
    root = Path(__file__).parent.parent
    done = subprocess.run(command, input="!quit\n", capture_output=True, text=True, timeout=30, cwd=root, check=True)
    assert done.stdout.startswith("TELEGRAM_SERVER=2@127.0.0.1:")
    assert "CHANNELS=@news_example\n" in settings.read_text(encoding="utf-8")
    assert settings.stat().st_mode & 0o777 == 0o600
    assert done.stderr == ""
    before = settings.read_bytes()
    again = subprocess.run(command, input="!quit\n", capture_output=True, text=True, timeout=30, cwd=root, check=False)
    assert (again.returncode, settings.read_bytes()) == (1, before)
    assert "is there already" in again.stderr
