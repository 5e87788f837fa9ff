"""The desk in the analyst chat: the program as a process, commands and presses of people on a server on loopback."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from telethon.tl import types

from monitor.desk.callbacks import LIFETIME
from monitor.store import audit
from monitor.store.store import Store
from tests.loopback import content, faults
from tests.loopback.errors import RpcError
from tests.loopback.peers import User
from tests.loopback.scene import Scene, run
from tests.running import Monitor

POST = "Двое пленных обменяны под Шебекином."


class Room:
    """The desk's group with an analyst and a stranger in it, and the program running."""

    def __init__(self, scene: Scene, monitor: Monitor, place: Any, stranger: User) -> None:
        self.scene = scene
        self.monitor = monitor
        self.place = place
        self.stranger = stranger

    def heard(self, person: User | None = None) -> list[Any]:
        """What the bot wrote, oldest first, as the analyst sees the group (or a person the private chat)."""
        bot = self.scene.bot
        if person is None:
            return [one for one in reversed(self.place.box.page()) if _author(one) == bot.id and one.message]
        return [
            one
            for one in reversed(person.box.page())
            if isinstance(one, types.Message) and not one.out and getattr(one.peer_id, "user_id", None) == bot.id
        ]

    async def ask(self, text: str) -> str:
        """Write a command into the group and return what the bot replies to it."""
        asked = self.scene.world.send(self.scene.analyst, self.place, text)

        def replies() -> list[str]:
            return [one.message for one in self.heard() if one.reply_to and one.reply_to.reply_to_msg_id == asked.id]

        await self.monitor.until(replies)
        return replies()[0]

    def buttons(self, message: Any) -> dict[str, bytes]:
        """What the buttons of a message carry."""
        return {
            button.text: button.type.data
            for row in message.reply_markup.rows
            for button in row.buttons
            if hasattr(button.type, "data")
        }


def _author(message: Any) -> int | None:
    return getattr(getattr(message, "from_id", None), "user_id", None)


def in_room(tmp_path: Path, story: Callable[[Room], Awaitable[None]]) -> None:
    async def scene_story(scene: Scene) -> None:
        world = scene.world
        stranger = world.add_user("Stranger", username="stranger_example")
        place = world.add_supergroup("Desk", [scene.analyst, stranger, scene.bot])
        chat = {
            "TELEGRAM_BOT_TOKEN": scene.bot.token or "",
            "ALERT_CHAT": f"-100{place.id}",
            "ANALYSTS": f"{scene.analyst.id}",
            "DIGEST_AT": "off",
        }
        async with Monitor(scene, tmp_path, **chat) as monitor:
            await monitor.start()
            await monitor.until(lambda: monitor.rows("SELECT * FROM cursors"))
            await monitor.until(lambda: monitor.lines("desk_open"))
            await story(Room(scene, monitor, place, stranger))
            code, _ = await monitor.stop()
            assert code == 0
            assert monitor.lines("job_failed") + monitor.lines("command_failed") + monitor.lines("button_failed") == []

    run(scene_story)


def test_an_alert_is_acknowledged_judged_muted_and_explained(tmp_path: Path) -> None:
    async def story(room: Room) -> None:
        scene, monitor = room.scene, room.monitor
        scene.world.post(scene.news, POST)
        await monitor.until(lambda: len(room.heard()) == 1)
        [alert] = room.heard()
        assert alert.message.startswith("🔴 HIGH")
        carried = room.buttons(alert)
        assert list(carried) == [
            "Acknowledge", "False alarm", "Mute 1 h", "Mute 8 h", "Mute rule 24 h", "Mute channel 24 h", "Why",
        ]  # fmt: skip

        async def press(label: str, person: User | None = None) -> str | None:
            answer = await scene.server.press(person or scene.analyst, room.place, alert.id, carried[label])
            return getattr(answer, "message", None)

        assert await press("Acknowledge") == "Acknowledged."
        assert await press("Acknowledge") == "You said so already."
        await monitor.until(lambda: "✓ Acknowledge: Analyst" in room.buttons(room.heard()[0]))
        assert room.heard()[0].message == alert.message
        assert "false alarm" in str(await press("False alarm"))
        assert "Muted for 8 h" in str(await press("Mute 8 h"))
        await press("Why")
        await monitor.until(lambda: len(room.heard()) == 2)
        assert "пленный" in room.heard()[1].message
        assert monitor.rows("SELECT name, action, alert FROM audit ORDER BY id") == [
            ("Analyst", "acknowledge", 1),
            ("Analyst", "false alarm", 1),
            ("Analyst", "mute", 1),
        ]

        scene.world.post(scene.news, "Ещё трое пленных в Грайвороне.")
        await monitor.until(lambda: monitor.rows("SELECT * FROM alerts WHERE state = 'silenced'"))
        assert "prisoners and channel @news_example" in await room.ask("/silences")
        assert "is over" in await room.ask("/unmute 1")
        scene.world.post(scene.news, "Семеро пленных в Валуйках.")
        await monitor.until(lambda: "Семеро" in room.heard()[-1].message)

    in_room(tmp_path, story)


def test_commands(tmp_path: Path) -> None:
    async def story(room: Room) -> None:
        scene = room.scene
        scene.world.post(scene.news, POST)
        await room.monitor.until(lambda: len(room.heard()) == 1)
        await room.monitor.until(lambda: room.monitor.rows("SELECT * FROM states WHERE read_at IS NOT NULL"))
        assert "1 of 1 channels read to within 1 min; no gaps." in await room.ask("/status")
        assert "#1 🔴 HIGH · Prisoners" in await room.ask("/last")
        assert "No such alert." in await room.ask("/last 5 evacuations")
        assert POST in (await room.ask("/search пленный шебекино")).replace("\u2068", "").replace("\u2069", "")
        assert "No post has all" in await room.ask("/search эвакуация")
        assert "prisoners (Prisoners): fires, high" in await room.ask("/why 1")
        assert "@news_example · open" in await room.ask("/channels")
        assert "prisoners · high · Prisoners" in await room.ask("/rules")
        assert "Fires: prisoners (high)" in await room.ask("/test Пленные вернулись.")
        assert "1 posts read" in await room.ask("/digest")
        await room.monitor.until(lambda: any(one.media for one in room.place.box.page()))
        assert "Muted until" in await room.ask("/mute 2h rule prisoners")
        assert "will be looked up" in await room.ask("/add @other_example")
        await room.monitor.until(lambda: room.monitor.rows("SELECT * FROM wishes WHERE watched = 1"))
        assert "is not read any more" in await room.ask("/remove @other_example")
        for wrong, told in {
            "/mute everything": "/mute LENGTH rule",
            "/mute 2h rule nothing": "There is no rule",
            "/why": "/why NUMBER",
            "/why 99": "There is no alert 99",
            "/unmute 99": "There is no silence 99",
            "/search !!!": "/search WORDS",
            "/add a b": "/add @CHANNEL",
            "/nonsense": "There is no command /nonsense",
            "/help@alerts_example_bot": "/status how the reading goes",
        }.items():
            assert told in await room.ask(wrong), wrong
        scene.world.send(scene.analyst, scene.bot, "/help")
        await room.monitor.until(lambda: room.heard(scene.analyst))
        assert "/status how the reading goes" in room.heard(scene.analyst)[0].message
        [menu] = scene.bot.commands.values()
        assert [one.command for one in menu][:2] == ["status", "last"]

    in_room(tmp_path, story)


def test_strangers_and_forged_presses_get_nothing_and_are_logged(tmp_path: Path) -> None:
    async def story(room: Room) -> None:
        scene, monitor = room.scene, room.monitor
        scene.world.post(scene.news, POST)
        await monitor.until(lambda: len(room.heard()) == 1)
        [alert] = room.heard()
        carried = room.buttons(alert)["False alarm"]
        for text in ("/status", "/mute 1h rule prisoners", "/add @other_example"):
            scene.world.send(room.stranger, room.place, text)
            scene.world.send(room.stranger, scene.bot, text)
        scene.world.send(scene.analyst, scene.world.add_group("Elsewhere", [scene.analyst, scene.bot]), "/status")
        await monitor.until(lambda: len(monitor.lines("stranger")) >= 6)
        scene.server.queries.timeout = 1.0
        forged = carried[:-1] + bytes([carried[-1] ^ 1])
        for person, data in ((room.stranger, carried), (scene.analyst, forged), (scene.analyst, b"x" * 64)):
            with pytest.raises(RpcError, match="BOT_RESPONSE_TIMEOUT"):
                await scene.server.press(person, room.place, alert.id, data)
        await monitor.until(lambda: len(monitor.lines("forged_button")) == 2)
        assert len(room.heard()) == 1
        assert room.heard(room.stranger) == []
        assert monitor.rows("SELECT * FROM audit") == monitor.rows("SELECT * FROM wishes") == []

    in_room(tmp_path, story)


def test_only_a_new_plain_text_is_a_command(tmp_path: Path) -> None:
    async def story(room: Room) -> None:
        world, analyst, place = room.scene.world, room.scene.analyst, room.place
        await room.ask("/help")
        said = world.send(analyst, place, "Good morning.")
        world.edit(place, said.id, "/status")
        world.send(analyst, place, "/status", media=content.photo())
        world.send(analyst, place, "/status", fwd_from=content.hidden_forward("Somebody"))
        world.send(analyst, place, "/status@another_example_bot")
        assert "There is no rule" in await room.ask("/mute 1h rule \u202egnp.exe")
        assert len(room.heard()) == 2
        assert not set("".join(one.message for one in room.heard())) & set("\u202e\u2067")

    in_room(tmp_path, story)


def test_a_flood_wait_is_told_by_status_and_a_short_one_waited_out(tmp_path: Path) -> None:
    async def story(room: Room) -> None:
        scene, monitor = room.scene, room.monitor
        scene.server.faults.add("messages.getHistory", faults.flood_wait(600))
        await monitor.until(lambda: monitor.rows("SELECT * FROM floods"), 60)
        scene.server.faults.add("messages.sendMessage", faults.flood_wait(1))
        assert "Telegram asks to wait with history until" in await room.ask("/status")
        scene.server.faults.add("messages.sendMessage", faults.flood_wait(3600))
        scene.world.send(scene.analyst, room.place, "/help")
        await monitor.until(lambda: monitor.lines("answer_not_sent"))
        assert "/status how the reading goes" in await room.ask("/help")

    in_room(tmp_path, story)


def test_questions_are_forgotten_when_their_buttons_are(tmp_path: Path) -> None:
    now = datetime(2026, 3, 28, 12, tzinfo=UTC)
    with Store.open(tmp_path / "monitor.db") as store:
        first = store.write(audit.ask, "/last 50", now)
        second = store.write(audit.ask, "/rules", now + LIFETIME)
        assert store.read(audit.question, first) == "/last 50"
        store.write(audit.ask, "/channels", now + LIFETIME + timedelta(days=2))
        assert (store.read(audit.question, first), store.read(audit.question, second)) == (None, "/rules")


def test_long_answers_have_pages(tmp_path: Path) -> None:
    async def story(room: Room) -> None:
        scene, monitor = room.scene, room.monitor
        places = ("Шебекине", "Грайвороне", "Валуйках", "Волоконовке", "Таволжанке", "Суджe", "Рыльске", "Курске",
                  "Брянске", "Почепе", "Орле", "Туле")  # fmt: skip
        for place in places:
            scene.world.post(scene.news, f"Пленные теперь в {place}.")
        await monitor.until(lambda: len(monitor.rows("SELECT * FROM alerts")) == len(places))
        answer = await room.ask("/last 12")
        assert "page 1 of 2" in answer
        message = next(one for one in room.heard() if one.message == answer)
        await scene.server.press(scene.analyst, room.place, message.id, room.buttons(message)["More ›"])
        await monitor.until(lambda: any("page 2 of 2" in one.message for one in room.heard()))
        assert not any("page 1 of 2" in one.message for one in room.heard())

    in_room(tmp_path, story)
