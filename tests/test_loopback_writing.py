"""Writing on the loopback server: random ids, bots and groups, buttons, edits, files, and what is refused."""

from __future__ import annotations

import asyncio
import io
from typing import Any

import pytest
from telethon import Button, errors, events
from telethon.tl import functions, types

from tests.loopback import faults
from tests.loopback.errors import RpcError
from tests.loopback.limits import Limits
from tests.loopback.peers import Channel, Group, User, access_hash
from tests.loopback.scene import Scene, run, until


def _texts(user: User | Channel) -> list[str]:
    return [message.message for message in user.box.messages.values()]


def _message_id(answer: Any) -> int:
    if isinstance(answer, types.UpdateShortSentMessage):
        return int(answer.id)
    return next(int(update.id) for update in answer.updates if isinstance(update, types.UpdateMessageID))


async def _raw(client: Any, peer: Any, text: str, random_id: int, **given: Any) -> int:
    request = functions.messages.SendMessageRequest(peer, text, random_id=random_id, **given)
    return _message_id(await client(request))


# core.telegram.org/api/updates, updateMessageID: a random_id that was used before for the same peer, from any session,
# gives the earlier message; while the first call is being executed, RANDOM_ID_DUPLICATE.


def test_a_known_random_id_gives_the_earlier_message() -> None:
    async def story(scene: Scene) -> None:
        first = await scene.bot_client()
        analyst = await first.get_input_entity(scene.analyst.id)
        sent = await _raw(first, analyst, "alert", 77)
        assert await _raw(first, analyst, "alert, another text", 77) == sent
        second = await scene.bot_client()
        analyst = await second.get_input_entity(scene.analyst.id)
        assert await _raw(second, analyst, "alert", 77) == sent
        await scene.server.restart()
        assert await _raw(second, analyst, "alert", 77) == sent
        assert await _raw(second, analyst, "alert", 78) != sent
        assert _texts(scene.analyst) == ["/start", "alert", "alert"]

    run(story)


def _chat(scene: Scene, kind: str) -> User | Group | Channel:
    """Make a chat of the analyst and the bot."""
    members = [scene.bot, scene.analyst]
    if kind == "group":
        return scene.world.add_group("Desk", members)
    return scene.world.add_supergroup("Desk", members) if kind == "supergroup" else scene.analyst


@pytest.mark.parametrize("kind", ["person", "group", "supergroup"])
@pytest.mark.parametrize("fault", [faults.LostAnswer(), faults.Truncated()], ids=["lost", "truncated"])
def test_a_sending_whose_answer_was_lost_happens_once(kind: str, fault: faults.Fault) -> None:
    async def story(scene: Scene) -> None:
        place = _chat(scene, kind)
        bot = await scene.bot_client()
        peer = await bot.get_input_entity(place.peer)
        scene.server.faults.add("messages.sendMessage", fault)
        # The client itself asks again, once it has a new connection.
        sent = await _raw(bot, peer, "alert", 5)
        assert scene.server.journal.count("messages.sendMessage") == 2
        seen_by = place if isinstance(place, Channel) else scene.analyst
        assert _texts(seen_by).count("alert") == 1
        assert await _raw(bot, peer, "alert", 5) == sent

    run(story)


def test_the_same_random_id_in_another_chat_is_another_message() -> None:
    async def story(scene: Scene) -> None:
        bot = await scene.bot_client()
        scene.world.send(scene.reader, scene.bot, "/start")
        one, other = [await bot.get_input_entity(user.id) for user in (scene.analyst, scene.reader)]
        assert await _raw(bot, one, "alert", 5) != await _raw(bot, other, "alert", 5)
        assert (_texts(scene.analyst)[1:], _texts(scene.reader)[1:]) == (["alert"], ["alert"])

    run(story)


def test_the_same_random_id_at_the_same_time_is_a_duplicate() -> None:
    async def story(scene: Scene) -> None:
        bot = await scene.bot_client()
        analyst = await bot.get_input_entity(scene.analyst.id)
        scene.server.faults.add("messages.sendMessage", faults.Slow(0.3))
        first = asyncio.create_task(_raw(bot, analyst, "alert", 5))
        await until(lambda: scene.server.journal.count("messages.sendMessage"))
        request = functions.messages.SendMessageRequest(analyst, "alert", random_id=5)
        # Not through the client, which would wait for two seconds.
        with pytest.raises(errors.RandomIdDuplicateError):
            await bot._sender.send(request)
        sent = await first
        assert await _raw(bot, analyst, "alert", 5) == sent

    run(story)


def test_a_lost_answer_is_made_good_by_the_difference() -> None:
    async def story(scene: Scene) -> None:
        bot = await scene.bot_client()
        state = await bot(functions.updates.GetStateRequest())
        analyst = await bot.get_input_entity(scene.analyst.id)
        sent = await _raw(bot, analyst, "alert", 5)
        missed = await bot(functions.updates.GetDifferenceRequest(state.pts, state.date, 0))
        assert [(update.id, update.random_id) for update in missed.other_updates] == [(sent, 5)]

    run(story)


# Bots among people


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


# What is refused

LONG = "x" * 4097
REFUSED: list[tuple[str, dict[str, Any], type[Exception]]] = [
    ("empty", {"message": "  "}, errors.MessageEmptyError),
    ("too long", {"message": LONG}, errors.MessageTooLongError),
    ("too long in UTF-16", {"message": "🚨" * 2049}, errors.MessageTooLongError),
    ("101 entities", {"entities": [types.MessageEntityBold(0, 1)] * 101}, errors.EntitiesTooLongError),
    ("entity beyond the end", {"entities": [types.MessageEntityBold(3, 3)]}, errors.EntityBoundsInvalidError),
    ("data of 65 bytes", {"reply_markup": [Button.inline("x", b"x" * 64)]}, errors.ButtonDataInvalidError),
    ("no address", {"reply_markup": [Button.url("x", "nowhere")]}, errors.ButtonUrlInvalidError),
    ("no random_id", {"random_id": 0}, errors.RandomIdEmptyError),
]


@pytest.mark.parametrize(("given", "raised"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_messages_beyond_the_limits_are_refused(given: dict[str, Any], raised: type[Exception]) -> None:
    async def story(scene: Scene) -> None:
        bot = await scene.bot_client()
        fields = {"message": "alert", "random_id": 5, **given}
        if "reply_markup" in fields:
            markup = bot.build_reply_markup(fields["reply_markup"])
            for button in (button for row in markup.rows for button in row.buttons):
                if isinstance(button.type, types.InlineButtonTypeCallback):
                    # Telethon itself allows no more than 64.
                    button.type.data += b"x"
            fields["reply_markup"] = markup
        peer = await bot.get_input_entity(scene.analyst.id)
        with pytest.raises(raised):
            await bot(functions.messages.SendMessageRequest(peer, **fields))
        assert _texts(scene.analyst) == ["/start"]

    run(story)


def test_the_longest_message_is_accepted() -> None:
    async def story(scene: Scene) -> None:
        bot = await scene.bot_client()
        text = "🚨" * 2048
        bold = [types.MessageEntityBold(at, 2) for at in range(0, 200, 2)]
        await bot.send_message(scene.analyst.id, text, formatting_entities=bold)
        assert _texts(scene.analyst)[-1] == text

    run(story)


def _blocked(scene: Scene) -> Any:
    scene.world.block(scene.analyst, scene.bot)
    return scene.analyst.id


def _deactivated(scene: Scene) -> Any:
    scene.analyst.deleted = True
    return scene.analyst.id


def _left_group(scene: Scene) -> Any:
    return -scene.world.add_group("Desk", [scene.analyst]).id


def _silenced(scene: Scene) -> Any:
    group = scene.world.add_group("Desk", [scene.analyst, scene.bot])
    scene.world.mute(group, scene.bot)
    return -group.id


def _silenced_in_supergroup(scene: Scene) -> Any:
    group = scene.world.add_supergroup("Desk", [scene.analyst, scene.bot])
    scene.world.mute(group, scene.bot)
    return int(f"-100{group.id}")


def _thrown_out(scene: Scene) -> Any:
    group = scene.world.add_supergroup("Desk", [scene.analyst, scene.bot])
    scene.world.ban(group, scene.bot)
    return group


def _became_a_supergroup(scene: Scene) -> Any:
    group = scene.world.add_group("Desk", [scene.analyst, scene.bot])
    scene.world.migrate(group)
    return -group.id


def _no_admin(scene: Scene) -> Any:
    return scene.news.username


CLOSED = [
    (_blocked, errors.UserIsBlockedError),
    (_deactivated, errors.InputUserDeactivatedError),
    (_left_group, errors.PeerIdInvalidError),
    (_became_a_supergroup, errors.PeerIdInvalidError),
    (_silenced, errors.ChatWriteForbiddenError),
    (_silenced_in_supergroup, errors.ChatWriteForbiddenError),
    (_thrown_out, errors.ChannelPrivateError),
    (_no_admin, errors.ChatAdminRequiredError),
]


@pytest.mark.parametrize(("close", "raised"), CLOSED, ids=lambda value: getattr(value, "__name__", ""))
def test_chats_in_which_the_bot_may_not_write(close: Any, raised: type[Exception]) -> None:
    async def story(scene: Scene) -> None:
        bot = await scene.bot_client()
        await bot.get_input_entity(scene.analyst.id)
        place = close(scene)
        if isinstance(place, Channel):
            place = types.InputPeerChannel(place.id, access_hash(scene.bot, place))
        with pytest.raises(raised):
            await bot.send_message(place, "alert")

    run(story)


def test_a_group_that_becomes_a_supergroup_says_so() -> None:
    async def story(scene: Scene) -> None:
        group = scene.world.add_group("Desk", [scene.analyst, scene.bot])
        bot = await scene.bot_client()
        told: list[Any] = []

        async def action(event: Any) -> None:
            told.append(event.message.action)

        bot.add_event_handler(action, events.Raw(types.UpdateNewMessage))
        new = scene.world.migrate(group)
        await until(lambda: told)
        assert told == [types.MessageActionChatMigrateTo(new.id)]
        shown = (await bot(functions.messages.GetChatsRequest([group.id]))).chats[0]
        assert (shown.deactivated, shown.migrated_to.channel_id) == (True, new.id)
        await bot.send_message(shown.migrated_to, "alert")
        assert _texts(new)[-1] == "alert"

    run(story)


def test_the_test_can_act_between_a_sending_and_its_answer() -> None:
    async def story(scene: Scene) -> None:
        bot = await scene.bot_client()
        seen: list[list[str]] = []

        def look() -> None:
            seen.append(_texts(scene.analyst)[1:])

        scene.server.faults.add("messages.sendMessage", faults.Interrupt(look, look))
        await bot.send_message(scene.analyst.id, "alert")
        assert seen == [[], ["alert"]]

    run(story)


def test_a_bot_cannot_begin_a_conversation() -> None:
    async def story(scene: Scene) -> None:
        bot = await scene.bot_client()
        stranger = types.InputPeerUser(scene.reader.id, access_hash(scene.bot, scene.reader))
        with pytest.raises(errors.PeerIdInvalidError):
            await bot.send_message(stranger, "alert")
        scene.world.send(scene.reader, scene.bot, "/start")
        await bot.send_message(stranger, "alert")
        assert _texts(scene.reader) == ["/start", "alert"]

    run(story)


def test_methods_know_who_may_call_them() -> None:
    async def story(scene: Scene) -> None:
        bot, reader, nobody = await scene.bot_client(), await scene.reader_client(), await scene.client()
        with pytest.raises(errors.BotMethodInvalidError):
            await bot.get_messages(scene.news.username)
        with pytest.raises(errors.UserBotRequiredError):
            await reader(functions.messages.SetBotCallbackAnswerRequest(1, 0))
        with pytest.raises(errors.AuthKeyUnregisteredError):
            await nobody(functions.updates.GetStateRequest())

    run(story)


# Limits


def _refusals(to: User | Group, moments: list[float]) -> list[str]:
    """Let a bot write at these moments, in seconds; returns what each message met with."""
    clock = iter(moments)
    limits = Limits(lambda: next(clock))
    limits.bots = True
    bot = User(1, "Bot", token="1:secret")
    met = []
    for _ in moments:
        try:
            limits.message(bot, to)
        except RpcError as error:
            met.append(error.message)
        else:
            met.append("sent")
    return met


def test_bots_are_limited_as_documented() -> None:
    person, group = User(2, "Person"), Group(3, "Desk")
    assert _refusals(person, [0, 0.5, 1.0]) == ["sent", "FLOOD_WAIT_1", "sent"]
    assert _refusals(person, [float(second) for second in range(30)]) == ["sent"] * 30
    minute = [1.5 * second for second in range(22)]
    assert _refusals(group, minute) == ["sent"] * 20 + ["FLOOD_WAIT_30", "FLOOD_WAIT_29"]
    assert _refusals(group, [*minute[:20], 59.9, 60.0]) == ["sent"] * 20 + ["FLOOD_WAIT_1", "sent"]


def _bursts(scene: Scene) -> dict[str, tuple[list[Any], int]]:
    """Whom a bot writes to in a burst, and how many messages pass."""
    group = scene.world.add_group("Desk", [scene.bot, scene.analyst])
    people = [scene.world.add_user(f"Person {number}") for number in range(40)]
    for one in people:
        scene.world.send(one, scene.bot, "/start")
    return {
        "one person": ([scene.analyst.id] * 3, 1),
        "group": ([-group.id] * 3, 1),
        "people": ([one.id for one in people], 30),
    }


@pytest.mark.parametrize("burst", ["one person", "group", "people"])
def test_a_bot_that_writes_too_fast_must_wait(burst: str) -> None:
    async def story(scene: Scene) -> None:
        places, passing = _bursts(scene)[burst]
        bot = await scene.bot_client()
        scene.server.limits.bots = True
        for place in places[:passing]:
            await bot.send_message(place, "alert")
        with pytest.raises(errors.FloodWaitError) as failure:
            await bot.send_message(places[passing], "alert")
        assert failure.value.seconds == 1
        scene.server.limits.clear()
        bot._flood_waited_requests.clear()
        await bot.send_message(scene.analyst.id, "alert")

    run(story)


def test_limits_of_methods_count_by_account() -> None:
    async def story(scene: Scene) -> None:
        one, other = await scene.reader_client(), await scene.signed_in(scene.analyst)
        scene.server.limits.add("contacts.resolveUsername", 2, 86_400)
        request = functions.contacts.ResolveUsernameRequest(scene.news.username)
        for _ in range(2):
            await one(request)
        with pytest.raises(errors.FloodWaitError) as failure:
            await one(request)
        assert 86_390 <= failure.value.seconds <= 86_400
        await other(request)

    run(story)


def test_slow_mode_makes_members_wait() -> None:
    async def story(scene: Scene) -> None:
        group = scene.world.add_channel("group_example", "Group", megagroup=True, members=[scene.analyst], slowmode=30)
        client = await scene.signed_in(scene.analyst)
        await client.send_message(group.username, "one")
        with pytest.raises(errors.SlowModeWaitError) as failure:
            await client.send_message(group.username, "two")
        assert failure.value.seconds == 30

    run(story)
