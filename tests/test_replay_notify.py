"""`monitor replay --notify chat`: the program as a process, against the server on loopback and its limits for bots."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from telethon.tl import types

from monitor.cli.main import monitor
from tests import telegram_example as example
from tests.loopback.faults import Fail
from tests.loopback.scene import Scene, run
from tests.running import Monitor

TEXTS = ("Двое пленных в Белгороде.", "Погода: ясно.", "Семеро пленных в Курске.")


def posts(folder: Path, *texts: str) -> str:
    """Write posts as JSONL, an hour apart; return the file's name."""
    path = folder / "posts.jsonl"
    records = [
        {"channel": "news_example", "id": number, "date": f"2023-06-04T{number:02d}:00:00Z", "text": text}
        for number, text in enumerate(texts, start=1)
    ]
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return str(path)


def play(tmp_path: Path, story: Callable[[Scene, Monitor, Any], Awaitable[None]]) -> None:
    async def scene_story(scene: Scene) -> None:
        group = scene.world.add_supergroup("Desk", [scene.analyst, scene.bot])
        scene.server.limits.bots = True
        chat = {"TELEGRAM_BOT_TOKEN": scene.bot.token or "", "ALERT_CHAT": f"-100{group.id}"}
        async with Monitor(scene, tmp_path, **chat) as program:
            await story(scene, program, group)

    run(scene_story)


def heard(group: Any) -> list[str]:
    """What stands in the group, oldest first."""
    return [one.message for one in reversed(group.box.page()) if isinstance(one, types.Message)]


async def replay(program: Monitor, file: str, *more: str) -> tuple[int, str, str]:
    return await program.call("replay", "--no-packs", "--notify", "chat", file, *more)


def test_a_replay_into_a_lasting_database_comes_into_the_chat_once(tmp_path: Path) -> None:
    async def story(scene: Scene, program: Monitor, group: Any) -> None:
        file, db = posts(tmp_path, *TEXTS), str(tmp_path / "replay.db")
        code, out, err = await replay(program, file, "--db", db)
        assert (code, out) == (0, "")
        assert "2 messages sent to the analyst chat\n" in err
        first, second = heard(group)
        assert first.startswith("🔴 HIGH · Prisoners · replay #1\n")
        assert "Семеро" in second
        code, _, err = await replay(program, file, "--db", db)
        assert (code, "0 messages sent" in err) == (0, True)
        assert heard(group) == [first, second]
        assert scene.server.journal.count("messages.sendMessage") == 2

    play(tmp_path, story)


def test_what_could_not_be_sent_waits_in_the_database(tmp_path: Path) -> None:
    async def story(scene: Scene, program: Monitor, group: Any) -> None:
        file, db = posts(tmp_path, *TEXTS), str(tmp_path / "replay.db")
        scene.server.faults.add("messages.sendMessage", Fail(403, "CHAT_WRITE_FORBIDDEN"))
        code, _, err = await replay(program, file, "--db", db)
        assert code == 1
        assert (
            f"may not write in the chat; add the bot to ALERT_CHAT and let it write there; the others wait in {db}"
            in err
        )
        assert heard(group) == []
        scene.server.faults.clear()
        assert (await replay(program, file, "--db", db))[0] == 0
        assert len(heard(group)) == 2

    play(tmp_path, story)


def test_the_caps_of_the_chat_and_of_the_hour_are_kept(tmp_path: Path) -> None:
    async def story(scene: Scene, program: Monitor, group: Any) -> None:
        program.settings["ALERTS_PER_HOUR"] = "4"
        path = tmp_path / "posts.jsonl"
        lines = [
            {"channel": "news_example", "id": n, "date": f"2023-06-04T09:{n:02d}:00Z", "text": f"Пленные из села {n}."}
            for n in range(1, 11)
        ]
        path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
        code, _, err = await replay(program, str(path))
        assert (code, '"held"' in err, "5 messages sent" in err) == (0, False, True)
        told = heard(group)
        assert [one.split("\n")[0].partition(" · replay")[0] for one in told].count("🔴 HIGH · Prisoners") == 4
        assert "6 alerts · more than are told one by one in an hour · replay #" in told[-1]

    play(tmp_path, story)


def test_beside_a_running_monitor_it_says_that_the_bot_is_in_use(tmp_path: Path) -> None:
    async def story(scene: Scene, program: Monitor, group: Any) -> None:
        await program.start()
        await program.until(lambda: program.lines("desk_open"))
        code, _, err = await replay(program, posts(tmp_path, *TEXTS))
        assert code == 2
        assert err.startswith("--notify chat: ")
        assert "is in use by process" in err
        assert heard(group) == []
        await program.stop()

    play(tmp_path, story)


SETTINGS: dict[str, tuple[dict[str, str], list[str], str]] = {
    "no chat": ({"TELEGRAM_BOT_TOKEN": "1:x"}, [], "ALERT_CHAT: is not set"),
    "no token": ({"ALERT_CHAT": "5"}, [], "TELEGRAM_BOT_TOKEN: is not set"),
    "nothing": ({}, [], "TELEGRAM_BOT_TOKEN: is not set"),
    "with --expect": ({"TELEGRAM_BOT_TOKEN": "1:x", "ALERT_CHAT": "5"}, ["--expect", "x"], "give one of them"),
}


@pytest.mark.parametrize("case", SETTINGS)
def test_it_refuses_before_anything_is_read(case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings, more, told = SETTINGS[case]
    monkeypatch.chdir(tmp_path)
    for name in ("TELEGRAM_BOT_TOKEN", "ALERT_CHAT"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {**settings, "TELEGRAM_API_ID": "1", "TELEGRAM_API_HASH": example.APP.hash}.items():
        monkeypatch.setenv(name, value)
    result = CliRunner().invoke(monitor, ["replay", "--notify", "chat", "there-is-no-such-file.jsonl", *more])
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr
