"""What the loopback server refuses: messages beyond the limits, closed chats, writing too fast."""

from __future__ import annotations

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
