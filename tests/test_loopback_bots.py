"""Bots and people on the loopback server: what they send, hear, press, edit and delete."""

from __future__ import annotations

import asyncio
import io
from typing import Any

import pytest
from telethon import Button, errors, events
from telethon.tl import functions, types

from tests.loopback.peers import Channel, Group, User
from tests.loopback.scene import Scene, run, until


def _texts(user: User | Channel) -> list[str]:
    return [message.message for message in user.box.messages.values()]


def test_a_message_has_all_that_was_sent_with_it() -> None:
    async def story(scene: Scene) -> None:
        bot = await scene.bot_client()
        buttons = [[Button.inline("Acknowledge", b"ack:1"), Button.url("Open", "https://t.me/news_example/1")]]
        question = scene.world.send(scene.analyst, scene.bot, "/last")
        answered = scene.world.copy_for(scene.analyst, question.id, scene.bot)
        await bot.send_message(
            scene.analyst.id, "**Шебекино** 🚨", buttons=buttons, silent=True, link_preview=False, reply_to=answered
        )
        got = scene.analyst.box.messages[scene.analyst.box.top]
        assert (got.message, got.silent, got.out) == ("Шебекино 🚨", True, False)
        assert [(type(one).__name__, one.offset, one.length) for one in got.entities] == [("MessageEntityBold", 0, 8)]
        assert got.reply_to.reply_to_msg_id == question.id
        assert [button.text for row in got.reply_markup.rows for button in row.buttons] == ["Acknowledge", "Open"]

    run(story)


def test_a_link_has_a_preview_unless_the_sender_does_without() -> None:
    async def story(scene: Scene) -> None:
        bot = await scene.bot_client()
        person, text = scene.analyst.id, "see https://a.example/b"
        plain = await bot.send_message(person, text, link_preview=False)
        shown = await bot.send_message(person, text)
        assert (plain.web_preview, shown.web_preview.url) == (None, "https://a.example/b")
        assert scene.analyst.box.messages[scene.analyst.box.top].media.webpage.url == "https://a.example/b"
        with pytest.raises(errors.MessageNotModifiedError):
            await bot.edit_message(person, shown.id, text)
        edited = await bot.edit_message(person, shown.id, text, link_preview=False)
        assert edited.web_preview is None

    run(story)


def test_bots_hear_what_is_said_to_them() -> None:
    async def story(scene: Scene) -> None:
        group = scene.world.add_group("Desk", [scene.bot, scene.analyst, scene.reader])
        supergroup = scene.world.add_supergroup("Big desk", [scene.bot, scene.analyst])
        bot = await scene.bot_client()
        heard: list[tuple[int, str]] = []

        async def new(event: Any) -> None:
            heard.append((event.chat_id, event.raw_text))

        bot.add_event_handler(new, events.NewMessage(incoming=True))
        for place in (scene.bot, group, supergroup):
            for text in ("/status", "good morning", "@alerts_example_bot hello"):
                scene.world.send(scene.analyst, place, text)
        from_bot = await bot.send_message(-group.id, "alert")
        seen = scene.world.copy_for(scene.bot, from_bot.id, scene.analyst)
        scene.world.send(scene.analyst, group, "thanks", reply_to=seen)
        person, small, big = scene.analyst.id, -group.id, int(f"-100{supergroup.id}")
        await until(lambda: len(heard) == 8)
        expected = [
            (person, "/status"),
            (person, "good morning"),
            (person, "@alerts_example_bot hello"),
            (small, "/status"),
            (small, "@alerts_example_bot hello"),
            (small, "thanks"),
            (big, "/status"),
            (big, "@alerts_example_bot hello"),
        ]
        # What is not for the bot is a gap in the supergroup's updates; the client fills it half a second later.
        assert sorted(heard) == sorted(expected)

    run(story)


def test_a_bot_without_privacy_hears_people_and_no_bot_hears_bots() -> None:
    async def story(scene: Scene) -> None:
        loud = scene.world.add_bot("Loud", username="loud_example_bot", privacy=False)
        group = scene.world.add_group("Desk", [scene.bot, loud, scene.analyst])
        await scene.bot_client()
        scene.world.send(scene.analyst, group, "good morning")
        scene.world.send(scene.bot, group, "/status @loud_example_bot")
        scene.world.send(loud, group, "@alerts_example_bot /status")
        assert _texts(loud) == ["good morning", "@alerts_example_bot /status"]
        assert _texts(scene.bot) == ["/start", "/status @loud_example_bot"]
        assert _texts(scene.analyst)[1:] == [
            "good morning",
            "/status @loud_example_bot",
            "@alerts_example_bot /status",
        ]

    run(story)


def test_an_administrator_bot_hears_everything_and_posts_in_channels() -> None:
    async def story(scene: Scene) -> None:
        scene.world.make_admin(scene.news, scene.bot)
        supergroup = scene.world.add_supergroup("Desk", [scene.analyst])
        scene.world.make_admin(supergroup, scene.bot)
        bot = await scene.bot_client()
        heard: list[str] = []

        async def new(event: Any) -> None:
            heard.append(event.raw_text)

        bot.add_event_handler(new, events.NewMessage(incoming=True))
        scene.world.send(scene.analyst, supergroup, "good morning")
        await until(lambda: heard == ["good morning"])
        sent = await bot.send_message(scene.news.username, "from the bot")
        assert (sent.post, sent.out, _texts(scene.news)) == (True, True, ["from the bot"])

    run(story)


def test_a_button_reaches_the_bot_and_its_answer_the_user() -> None:
    async def story(scene: Scene) -> None:
        bot, analyst = await scene.bot_client(), await scene.signed_in(scene.analyst)
        pressed: list[tuple[int, int, bytes]] = []

        async def callback(event: Any) -> None:
            pressed.append((event.sender_id, event.message_id, event.data))
            await event.answer("done", alert=True)

        bot.add_event_handler(callback, events.CallbackQuery())
        sent = await bot.send_message(scene.analyst.id, "alert", buttons=[Button.inline("Ack", b"ack:1")])
        (got,) = await analyst.get_messages(scene.bot.username)
        answer = await got.click(0)
        assert (answer.message, answer.alert) == ("done", True)
        forged = await scene.server.press(scene.analyst, scene.bot, got.id, b"forged")
        assert forged.message == "done"
        person = scene.analyst.id
        assert pressed == [(person, sent.id, b"ack:1"), (person, sent.id, b"forged")]

    run(story)


def test_a_bot_cannot_answer_for_another() -> None:
    async def story(scene: Scene) -> None:
        other = await scene.signed_in(scene.world.add_bot("Other", username="other_example_bot"))
        bot = await scene.bot_client()
        asked: list[Any] = []

        async def callback(event: Any) -> None:
            asked.append(event)

        bot.add_event_handler(callback, events.CallbackQuery())
        await bot.send_message(scene.analyst.id, "alert", buttons=[Button.inline("Ack", b"ack")])
        press = scene.server.press(scene.analyst, scene.bot, scene.analyst.box.top, b"ack")
        pressed = asyncio.create_task(press)
        await until(lambda: asked)
        with pytest.raises(errors.QueryIdInvalidError):
            await other(functions.messages.SetBotCallbackAnswerRequest(asked[0].query.query_id, 0, message="forged"))
        await asked[0].answer("done")
        assert (await pressed).message == "done"

    run(story)


def test_buttons_in_groups_tell_who_pressed_them() -> None:
    async def story(scene: Scene) -> None:
        group = scene.world.add_group("Desk", [scene.bot, scene.analyst, scene.reader])
        supergroup = scene.world.add_supergroup("Big desk", [scene.bot, scene.analyst])
        bot = await scene.bot_client()

        async def callback(event: Any) -> None:
            await event.answer(f"{event.chat_id} {event.sender_id}")

        bot.add_event_handler(callback, events.CallbackQuery())
        for place, chat in ((group, -group.id), (supergroup, int(f"-100{supergroup.id}"))):
            sent = await bot.send_message(chat, "alert", buttons=[Button.inline("Ack", b"ack")])
            seen = sent.id
            if isinstance(place, Group):
                seen = scene.world.copy_for(scene.bot, sent.id, scene.analyst)
            answer = await scene.server.press(scene.analyst, place, seen, b"ack")
            assert answer.message == f"{chat} {scene.analyst.id}"

    run(story)


def test_a_bot_that_does_not_answer_a_button_times_out() -> None:
    async def story(scene: Scene) -> None:
        bot, analyst = await scene.bot_client(), await scene.signed_in(scene.analyst)
        await bot.send_message(scene.analyst.id, "alert", buttons=[Button.inline("Ack", b"ack")])
        scene.server.queries.timeout = 0.1
        (got,) = await analyst.get_messages(scene.bot.username)
        request = functions.messages.GetBotCallbackAnswerRequest(scene.bot.username, got.id, data=b"ack")
        with pytest.raises(errors.BotResponseTimeoutError):
            await analyst(request)
        with pytest.raises(errors.QueryIdInvalidError):
            await bot(functions.messages.SetBotCallbackAnswerRequest(9_000_001, 0))

    run(story)


def test_editing_changes_every_copy_and_deleting_removes_it() -> None:
    async def story(scene: Scene) -> None:
        group = scene.world.add_group("Desk", [scene.bot, scene.analyst, scene.reader])
        bot = await scene.bot_client()
        sent = await bot.send_message(-group.id, "alert", buttons=[Button.inline("Ack", b"ack")])
        with pytest.raises(errors.MessageNotModifiedError):
            await bot.edit_message(-group.id, sent.id, "alert", buttons=[Button.inline("Ack", b"ack")])
        edited = await bot.edit_message(-group.id, sent.id, "alert, also in @other")
        assert (edited.message, edited.reply_markup) == ("alert, also in @other", None)
        copies = [user.box.messages[user.box.top] for user in (scene.bot, scene.analyst, scene.reader)]
        assert {copy.message for copy in copies} == {"alert, also in @other"}
        assert all(copy.edit_date for copy in copies)
        await bot.delete_messages(-group.id, [sent.id])
        assert "alert, also in @other" not in _texts(scene.analyst) + _texts(scene.reader)

    run(story)


def test_commands_are_kept_by_scope() -> None:
    async def story(scene: Scene) -> None:
        bot, analyst = await scene.bot_client(), await scene.signed_in(scene.analyst)
        everywhere = types.BotCommandScopeDefault()
        commands = [types.BotCommand("status", "What was read up to when")]
        await bot(functions.bots.SetBotCommandsRequest(everywhere, "", commands))
        assert [one.command for one in await bot(functions.bots.GetBotCommandsRequest(everywhere, ""))] == ["status"]
        other = functions.bots.GetBotCommandsRequest(types.BotCommandScopeUsers(), "")
        assert await bot(other) == []
        shown = await analyst(functions.users.GetFullUserRequest(scene.bot.username))
        assert [one.command for one in shown.full_user.bot_info.commands] == ["status"]
        wrong = [types.BotCommand("Status!", "x")]
        with pytest.raises(errors.BotCommandInvalidError):
            await bot(functions.bots.SetBotCommandsRequest(everywhere, "", wrong))

    run(story)


def test_a_picture_is_sent_once_and_can_be_fetched() -> None:
    async def story(scene: Scene) -> None:
        bot, analyst = await scene.bot_client(), await scene.signed_in(scene.analyst)
        picture = io.BytesIO(b"\x89PNG\r\n" + bytes(range(256)) * 2000)
        picture.name = "digest.png"
        sent = await bot.send_file(scene.analyst.id, picture, caption="Digest")
        (got,) = await analyst.get_messages(scene.bot.username)
        assert (got.message, type(got.media).__name__) == ("Digest", "MessageMediaPhoto")
        assert await analyst.download_media(got, bytes) == picture.getvalue()
        assert (await bot.send_file(scene.analyst.id, sent.media)).photo.id == got.photo.id
        pages = [io.BytesIO(b"%PDF" + bytes(100)), io.BytesIO(b"%PDF" + bytes(200))]
        for page in pages:
            page.name = "page.pdf"
        album = await bot.send_file(scene.analyst.id, pages, caption=["one", "two"])
        assert [message.message for message in album] == ["one", "two"]
        assert len({message.grouped_id for message in album}) == 1

    run(story)
