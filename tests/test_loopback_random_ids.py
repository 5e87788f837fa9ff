"""Sending exactly once: what the loopback server makes of random ids."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from telethon import errors
from telethon.tl import functions, types

from tests.loopback import faults
from tests.loopback.peers import Channel, Group, User
from tests.loopback.scene import Scene, run, until


def _texts(user: User | Channel) -> list[str]:
    return [message.message for message in user.box.messages.values()]


def _message_id(answer: Any) -> int:
    if isinstance(answer, types.UpdateShortSentMessage):
        return int(answer.id)
    return next(int(update.id) for update in answer.updates if isinstance(update, types.UpdateMessageID))


def _message_ids(updates: list[Any]) -> dict[int, int]:
    return {update.random_id: update.id for update in updates if isinstance(update, types.UpdateMessageID)}


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


def test_a_picture_or_an_album_comes_once_too() -> None:
    async def story(scene: Scene) -> None:
        bot = await scene.bot_client()
        analyst = await bot.get_input_entity(scene.analyst.id)
        file = await bot.upload_file(b"\x89PNG" + bytes(100), file_name="digest.png")
        photo = types.InputMediaUploadedPhoto(file)
        request = functions.messages.SendMediaRequest(analyst, photo, "Digest", random_id=5)
        assert _message_id(await bot(request)) == _message_id(await bot(request))
        sent = scene.bot.box.messages[scene.bot.box.top].media.photo
        again = types.InputMediaPhoto(types.InputPhoto(sent.id, sent.access_hash, sent.file_reference))
        album = [types.InputSingleMedia(again, text, random_id=number) for number, text in enumerate(("one", "two"), 6)]
        several = functions.messages.SendMultiMediaRequest(analyst, album)
        first, second = [(await bot(several)).updates for _ in range(2)]
        assert [_message_ids(first), _message_ids(second)] == [{6: 3, 7: 4}] * 2
        assert _texts(scene.analyst) == ["/start", "Digest", "one", "two"]

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
