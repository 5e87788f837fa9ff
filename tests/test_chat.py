"""The analyst chat: messages of the bot on the loopback server, sent once, edited in place, and what may go wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from telethon.tl import types

from monitor.alerts.notifier import Dispatch, NotifierError
from monitor.alerts.render import render
from monitor.desk.values import Keys
from monitor.models import Appearance, Channel, Level, Message, Note
from monitor.telegram.bot import Bot
from monitor.telegram.chat import ChatNotifier
from monitor.telegram.client import Client
from monitor.telegram.session import BOT, new_session
from tests import telegram_example as example
from tests.alerts_example import example as alert_example
from tests.loopback import faults
from tests.loopback.faults import Drop, Fail, Fault, LostAnswer, SlowAnswer
from tests.loopback.peers import Channel as Supergroup
from tests.loopback.peers import Peer
from tests.loopback.scene import Scene, run

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
ONCE = Dispatch(-(2**63) + 5, ring=True)


class Desk:
    """A chat with the bot in it; `seen` is what stands there."""

    def __init__(self, scene: Scene, folder: Path, place: Peer | None = None, keys: Keys = ()) -> None:
        self.scene = scene
        self.place = place or scene.analyst
        if place is None:
            scene.world.send(scene.analyst, scene.bot, "/start")
        client = Client(partial(new_session, folder, BOT), example.APP, example.server(scene), events=True)

        async def with_keys(message: Message) -> Keys:
            return keys

        self.chat = ChatNotifier(Bot(client, scene.bot.token or ""), _marked(self.place), AMSTERDAM, with_keys)

    def seen(self) -> list[Any]:
        box = self.place.box if isinstance(self.place, Supergroup) else self.scene.analyst.box
        return [one for one in reversed(box.page()) if isinstance(one, types.Message) and one.message != "/start"]


def _marked(place: Peer) -> int:
    peer = place.peer
    if isinstance(peer, types.PeerUser):
        return int(peer.user_id)
    return -peer.chat_id if isinstance(peer, types.PeerChat) else int(f"-100{peer.channel_id}")


def _number(sent: str | None) -> int:
    return int((sent or "").rpartition("/")[2])


def play(tmp_path: Path, story: Callable[[Desk], Awaitable[None]], place: str = "analyst", keys: Keys = ()) -> None:
    async def scene_story(scene: Scene) -> None:
        where = None
        if place == "group":
            where = scene.world.add_group("Desk", [scene.analyst, scene.bot])
        elif place == "supergroup":
            where = scene.world.add_supergroup("Desk", [scene.analyst, scene.bot])
        desk = Desk(scene, tmp_path / "session", where, keys)
        try:
            await story(desk)
        finally:
            await desk.chat.close()

    run(scene_story)


@pytest.mark.parametrize("place", ["analyst", "group", "supergroup"])
def test_an_alert_reads_as_it_is_rendered(place: str, tmp_path: Path) -> None:
    alert = alert_example("Двох 🔴 пленных вернули.")

    async def story(desk: Desk) -> None:
        number = await desk.chat.send(alert, ONCE)
        [message] = desk.seen()
        assert number == f"{desk.scene.bot.id}/{_marked(desk.place)}/{message.id}"
        assert message.message == render(alert, zone=AMSTERDAM).text
        assert not message.silent
        # What Telegram makes bold, counted as it counts: in units of UTF-16.
        raw = message.message.encode("utf-16-le")
        bold = [
            raw[2 * one.offset : 2 * (one.offset + one.length)].decode("utf-16-le")
            for one in message.entities
            if isinstance(one, types.MessageEntityBold)
        ]
        assert bold == ["🔴 HIGH", "пленных"]
        assert message.media is None

    play(tmp_path, story, place)


def test_the_same_random_id_is_one_message(tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        first = await desk.chat.send(alert_example(), ONCE)
        again = await desk.chat.send(alert_example(), ONCE)
        assert first == again
        assert len(desk.seen()) == 1
        other = await desk.chat.send(alert_example(), replace(ONCE, random_id=6))
        assert other != first
        assert len(desk.seen()) == 2

    play(tmp_path, story)


@pytest.mark.parametrize("fault", [LostAnswer(), Drop()], ids=["answer lost", "connection cut before"])
def test_a_message_whose_sending_broke_off_is_sent_once(fault: Fault, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        desk.scene.server.faults.add("messages.sendMessage", fault)
        with pytest.raises(NotifierError) as caught:
            await desk.chat.send(alert_example(), ONCE)
        assert (caught.value.passing, caught.value.refused) == (True, False)
        number = await desk.chat.send(alert_example(), ONCE)
        assert [one.id for one in desk.seen()] == [_number(number)]

    play(tmp_path, story)


def test_a_first_call_still_in_flight_counts_as_sent(tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        other = Desk(desk.scene, tmp_path / "other")
        await other.chat.peer()
        await desk.chat.peer()
        desk.scene.server.faults.add("messages.sendMessage", SlowAnswer(0.5))
        first = asyncio.create_task(desk.chat.send(alert_example(), ONCE))
        await asyncio.sleep(0.1)
        second = await other.chat.send(alert_example(), ONCE)
        assert second == await first
        assert len(desk.seen()) == 1
        await other.chat.close()

    play(tmp_path, story)


def test_silent_replies_buttons_and_notes(tmp_path: Path) -> None:
    keys = [[("Open", "https://t.me/russvolcorps/412"), ("Why", b"why")]]
    note = Note(3, "gone", Level.MEDIUM, "@russvolcorps was deleted.", datetime(2023, 6, 4, 9, tzinfo=UTC))

    async def story(desk: Desk) -> None:
        first = await desk.chat.send(alert_example(), ONCE)
        await desk.chat.send(note, Dispatch(9, ring=False, reply_to=first))
        above, below = desk.seen()
        assert (below.silent, below.reply_to.reply_to_msg_id) == (True, above.id)
        assert "@russvolcorps was deleted." in below.message
        [row] = above.reply_markup.rows
        assert [button.text for button in row.buttons] == ["Open", "Why"]

    play(tmp_path, story, "supergroup", keys)


def test_editing_twice_is_editing_once(tmp_path: Path) -> None:
    alert = alert_example()
    also = Appearance(Channel(1, "copy_example"), 5, datetime(2023, 6, 4, 9, 8, tzinfo=UTC), None, forwarded=True)
    more = replace(alert, also_in=(also,))

    async def story(desk: Desk) -> None:
        number = await desk.chat.send(alert, ONCE) or ""
        await desk.chat.edit(more, ONCE, number)
        await desk.chat.edit(more, ONCE, number)
        [message] = desk.seen()
        assert "Also in @copy_example +3 min (forward)" in message.message
        desk.scene.world.delete(desk.scene.bot, _number(number))
        await desk.chat.edit(more, ONCE, number)  # an analyst has deleted it

    play(tmp_path, story)


NOT_TO_BE_EDITED = {
    "too old": Fail(400, "MESSAGE_EDIT_TIME_EXPIRED"),
    "another bot's": Fail(403, "MESSAGE_AUTHOR_REQUIRED"),
    "as it is": Fail(400, "MESSAGE_NOT_MODIFIED"),
}


@pytest.mark.parametrize("case", NOT_TO_BE_EDITED)
def test_what_cannot_be_edited_is_left_alone(case: str, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        number = await desk.chat.send(alert_example(), ONCE) or ""
        desk.scene.server.faults.add("messages.editMessage", NOT_TO_BE_EDITED[case])
        before = [one.message for one in desk.seen()]
        await desk.chat.edit(alert_example("Троє пленных."), ONCE, number)
        assert [one.message for one in desk.seen()] == before != []

    play(tmp_path, story)


def test_a_reply_to_a_message_that_an_analyst_deleted_comes_without_it(tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        first = await desk.chat.send(alert_example(), ONCE)
        desk.scene.world.remove(desk.place, [_number(first)])
        second = await desk.chat.send(alert_example(), Dispatch(9, ring=False, reply_to=first))
        [message] = desk.seen()
        assert (message.id, message.reply_to) == (_number(second), None)

    play(tmp_path, story, "supergroup")


@pytest.mark.parametrize("place", ["99/5", "1/-1001999999999"])
def test_messages_of_another_chat_or_bot_are_neither_edited_nor_answered(place: str, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        number = await desk.chat.send(alert_example(), ONCE)
        elsewhere = f"{place}/{_number(number)}"
        await desk.chat.edit(alert_example("Троє пленных."), ONCE, elsewhere)
        await desk.chat.send(alert_example(), Dispatch(9, ring=False, reply_to=elsewhere))
        above, below = desk.seen()
        assert (above.message, below.reply_to) == (render(alert_example(), zone=AMSTERDAM).text, None)

    play(tmp_path, story, "supergroup")


@pytest.mark.parametrize("sent_before", [False, True])
def test_a_group_that_has_become_a_supergroup_is_named(sent_before: bool, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        if sent_before:
            await desk.chat.send(alert_example(), ONCE)
        new = desk.scene.world.migrate(desk.place)  # type: ignore[arg-type]  # play made a group
        with pytest.raises(NotifierError, match=f"write ALERT_CHAT=-100{new.id}") as caught:
            await desk.chat.send(alert_example(), replace(ONCE, random_id=6))
        assert (caught.value.passing, caught.value.refused, caught.value.retry_after) == (False, False, None)

    play(tmp_path, story, "group")


SENDING: dict[str, tuple[Fault, dict[str, object], str]] = {
    "flood wait": (faults.flood_wait(7), {"retry_after": 7.0}, "Telegram asks to wait 7 s"),
    "slow mode": (faults.slowmode_wait(20), {"retry_after": 20.0}, "Telegram asks to wait 20 s"),
    "Telegram's own trouble": (faults.INTERNAL, {"passing": True}, "Telegram has trouble of its own"),
    "may not write": (Fail(403, "CHAT_WRITE_FORBIDDEN"), {}, "may not write"),
    "only admins": (Fail(400, "CHAT_ADMIN_REQUIRED"), {}, "only admins"),
    "blocked": (Fail(403, "USER_IS_BLOCKED"), {}, "has blocked the bot"),
    "too long": (Fail(400, "MESSAGE_TOO_LONG"), {"refused": True}, "does not take this message"),
    "bad entity": (Fail(400, "ENTITY_BOUNDS_INVALID"), {"refused": True}, "does not take this message"),
    "refused for a reason that nobody knows": (
        Fail(400, "MESSAGE_POETRY_FORBIDDEN"),
        {"refused": True},
        "does not take this message",
    ),
    "forbidden for a reason that nobody knows": (Fail(403, "CHAT_POETRY_FORBIDDEN"), {}, "CHAT_POETRY_FORBIDDEN"),
    "token revoked": (faults.SESSION_REVOKED, {}, "this session was ended"),
}


@pytest.mark.parametrize("case", SENDING)
def test_what_stands_in_the_way_of_sending(case: str, tmp_path: Path) -> None:
    fault, expected, told = SENDING[case]

    async def story(desk: Desk) -> None:
        await desk.chat.peer()
        desk.scene.server.faults.add("messages.sendMessage", fault)
        with pytest.raises(NotifierError) as caught:
            await desk.chat.send(alert_example(), ONCE)
        assert told in str(caught.value)
        wanted = {"retry_after": None, "passing": False, "refused": False, **expected}
        assert {name: getattr(caught.value, name) for name in wanted} == wanted

    play(tmp_path, story)


@pytest.mark.parametrize(("chat", "told"), [(-1001999999999, "knows no such chat"), (987654, "knows no such chat")])
def test_a_chat_that_is_none(chat: int, told: str, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        lost = ChatNotifier(desk.chat._bot, chat, AMSTERDAM)
        with pytest.raises(NotifierError, match=told):
            await lost.send(alert_example(), ONCE)

    play(tmp_path, story)


def test_a_wrong_token_is_said_so(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        client = Client(
            partial(new_session, tmp_path / "session", BOT), example.APP, example.server(scene), events=True
        )
        chat = ChatNotifier(Bot(client, "12345:no-such-bot-no-such-bot"), scene.analyst.id, AMSTERDAM)
        with pytest.raises(NotifierError, match="does not know this bot token"):
            await chat.send(alert_example(), ONCE)
        await chat.close()

    run(story)


def test_the_session_is_kept_and_used_again(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        for number in range(2):
            desk = Desk(scene, tmp_path / "session")
            await desk.chat.send(alert_example(), replace(ONCE, random_id=number + 1))
            await desk.chat.close()
        assert scene.server.journal.count("auth.importBotAuthorization") == 1

    run(story)
