"""The whole way of an alert as the real program goes it, again and again, and what must be true however it ends.

A channel publishes; the program reads, stores, tells the analyst by the bot, marks that as told, and brings the alert
up to date when another channel copies the post. `check` compares all that was published with the database and the chat.
"""

from __future__ import annotations

import signal
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

from telethon.tl import types

from monitor.store import chain
from monitor.store.reader import Reader
from tests.loopback.scene import Scene
from tests.running import Monitor

_WHO = ("Медики", "Волонтёры", "Родные", "Журналисты", "Соседи", "Юристы", "Водители")
_DID = ("встретили", "увидели", "навестили", "накормили", "опросили", "проводили", "нашли")


class Cycle:
    """A world that grows by `publish`, and the program that follows it; a context manager that ends it."""

    def __init__(self, scene: Scene, folder: Path, **settings: str) -> None:
        self.scene = scene
        self.copies = scene.world.add_channel("copies_example", "Copies")
        scene.world.send(scene.analyst, scene.bot, "/start")
        chat = {
            "TELEGRAM_BOT_TOKEN": scene.bot.token or "",
            "ALERT_CHAT": str(scene.analyst.id),
            "ANALYSTS": str(scene.analyst.id),
            "CHANNELS": "@news_example,@copies_example",
            "DIGEST_AT": "off",
            "SILENCE_ALARM": "off",
            "ALERTS_PER_HOUR": "1200",
        }
        self.monitor = Monitor(scene, folder, **{**chat, **settings})
        self.published: list[tuple[int, int]] = []
        self.marks: list[str] = []
        self.copied: list[str] = []
        self.kills = 0

    async def __aenter__(self) -> Self:
        await self.monitor.__aenter__()
        try:
            await self.monitor.start()
            await self.monitor.until(lambda: len(self.monitor.rows("SELECT * FROM cursors")) == 2)
        except BaseException:
            await self.monitor.__aexit__()  # else the program would run on after the test
            raise
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.monitor.__aexit__(*error)

    def publish(self, *, copied: bool = False) -> None:
        """Publish a post that is to be told and one that is not; `copied`: the other channel copies the first."""
        number = len(self.marks)
        mark = f"Рейс {number}:"
        text = f"{mark} {_WHO[number % 7]} {_DID[number // 7 % 7]} {number + 2} пленных."
        self.marks.append(mark)
        self._post(self.scene.news, text)
        self._post(self.copies, text if copied else f"Погода на день {number}.")
        if copied:
            self.copied.append(mark)

    def _post(self, channel: Any, text: str) -> None:
        self.published.append((channel.id, self.scene.world.post(channel, text).id))

    def told(self) -> list[str]:
        """Return the bot's messages in the chat, oldest first."""
        page = reversed(self.scene.analyst.box.page(limit=100_000))
        return [one.message for one in page if isinstance(one, types.Message) and not one.out]

    def quiet(self) -> bool:
        """Say whether everything published is stored and told, and marked as told."""
        [[posts]] = self.monitor.rows("SELECT count(*) FROM posts") or [[0]]
        [[due]] = self.monitor.rows("SELECT count(*) FROM alerts WHERE state <> 'delivered'") or [[1]]
        [[sent]] = self.monitor.rows("SELECT count(*) FROM sent") or [[0]]
        return posts == len(self.published) and due == 0 and sent == len(self.marks)

    def edited(self) -> bool:
        """Say whether every alert whose post was copied says so in the chat."""
        [[behind]] = self.monitor.rows(
            "SELECT count(*) FROM sent s JOIN alerts a ON a.id = s.alert WHERE s.version < a.version"
        )
        return behind == 0 and all("@copies_example" in self._message(mark) for mark in self.copied)

    def _message(self, mark: str) -> str:
        [message] = [text for text in self.told() if mark in text]
        return message

    async def run(self, under: Sequence[str] = (), *, stop: bool = False) -> int | None:
        """Run the program until all is told, or it dies; return its exit code, None where it is still running.

        With `stop` it is told to stop when all is told.
        """
        ready = len(self.monitor.lines("ready"))
        await self.monitor.start_unready(under=under)
        process = self.monitor.process
        assert process is not None
        try:
            await self.monitor.until(lambda: len(self.monitor.lines("ready")) > ready and self.quiet(), 60)
        except AssertionError:
            if process.returncode is None:
                raise
        else:
            if stop and process.returncode is None:
                process.send_signal(signal.SIGTERM)
                await process.wait()
        if process.returncode == -signal.SIGKILL:
            self.kills += 1
        return process.returncode

    async def recover(self) -> None:
        """Start it as usual, wait until all is told, check, and kill it where it stands."""
        assert await self.run() is None, self.monitor.text()
        self.check()
        await self.monitor.stop(signal.SIGKILL)

    def check(self) -> None:
        """Nothing is lost, nothing is twice, the cursors are right and the database is sound."""
        rows = self.monitor.rows
        stored = rows(
            "SELECT c.telegram_id, p.post_id FROM posts p JOIN channels c ON c.id = p.channel"
            " JOIN revisions r ON r.post = p.id"
        )
        assert sorted(stored) == sorted(self.published)
        last = dict(self.published)
        cursors = rows("SELECT c.telegram_id, u.last FROM cursors u JOIN channels c ON c.id = u.channel")
        assert {channel: number for channel, number in cursors if number > 0} == last
        told = self.told()
        assert [sum(mark in text for text in told) for mark in self.marks] == [1] * len(self.marks)
        assert len(told) == len(self.marks)
        assert rows("SELECT state, count(*) FROM alerts GROUP BY state") == [("delivered", len(self.marks))]
        assert rows("SELECT count(*), count(DISTINCT alert) FROM sent") == [(len(self.marks), len(self.marks))]
        assert sound(self.monitor.database) == []


def sound(database: Path) -> list[str]:
    """Return what is wrong with a database file: its pages, references and words, and the chain of its records."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10) as db:
        faults = [said for (said,) in db.execute("PRAGMA integrity_check") if said != "ok"]
        faults += [f"a row of {row[0]} refers to none" for row in db.execute("PRAGMA foreign_key_check")]
    db.close()
    with Reader.open(database) as reader:
        broken = reader.read(chain.verify)
    return faults + ([broken.reason] if broken is not None else [])
