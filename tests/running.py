"""The program itself as a process of its own, reading from a server on loopback into a real database."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Self

from tests.loopback.scene import Scene
from tests.telegram_example import APP, sign_in

ROOT = Path(__file__).parent.parent
RULES = """
rules:
  prisoners:
    title: Prisoners
    level: high
    terms:
      captive: {ru: [пленный]}
    when: captive
    tests:
      hit: [Пленные]
      miss: [Погода]
"""


class Monitor:
    """`monitor run` in a folder of its own; `start` and `stop` as often as you like. A context manager that ends it.

    Without a scene there is no account, and the settings say where posts come from.
    """

    def __init__(self, scene: Scene | None, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.database = folder / "monitor.db"
        self.settings = {
            **(_account(scene, folder) if scene is not None else {}),
            "DATABASE": str(self.database),
            "POLL_REQUESTS_PER_MINUTE": "3000",
            "RULES": str(folder / "rules"),
            "CHANNELS": "@news_example",
            **settings,
        }
        self.options: tuple[str, ...] = ("--no-packs",)  # of each start
        self.process: asyncio.subprocess.Process | None = None
        self.output = b""
        self._scene = scene
        self._pumps: list[asyncio.Task[None]] = []
        self.log = folder / "log.jsonl"

    async def __aenter__(self) -> Self:
        rules = self.folder / "rules"
        rules.mkdir()
        (rules / "rules.yaml").write_text(RULES, encoding="utf-8")
        if self._scene is not None:
            await sign_in(self._scene, self.folder / "session")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self.process is not None and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()
        await asyncio.gather(*self._pumps)

    async def start(self, *arguments: str, under: Sequence[str] = ()) -> None:
        """Start it; returns when it says that it is ready."""
        seen = len(self.lines("ready"))
        await self.start_unready(*arguments, under=under)
        await self.until(lambda: len(self.lines("ready")) > seen)

    async def start_unready(self, *arguments: str, under: Sequence[str] = ()) -> None:
        """Start it, and do not wait; `under` is a command that runs it and keeps its process number."""
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *(*under, sys.executable, "-m", "monitor", "run", *self.options, *arguments),
                cwd=ROOT,
                env=self.environment(),
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
            )
        self._pumps.append(asyncio.create_task(self._read(self.process)))

    def environment(self) -> dict[str, str]:
        """Return the variables that the program is started with."""
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")}
        return {**kept, "XDG_CACHE_HOME": str(self.folder / "cache"), **self.settings}

    async def stop(self, number: int = signal.SIGTERM) -> tuple[int, float]:
        """Send a signal and wait for the end; returns the exit code and how long it took (seconds)."""
        assert self.process is not None
        began = time.monotonic()
        self.process.send_signal(number)
        code = await self.process.wait()
        return code, time.monotonic() - began

    async def call(self, *arguments: str) -> tuple[int, str, str]:
        """Run another command of the program beside it; returns exit code, output and errors."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "monitor", *arguments),
            cwd=ROOT,
            env=self.environment(),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate()
        assert process.returncode is not None
        return process.returncode, out.decode(), err.decode()

    async def until(self, condition: Callable[[], Any], seconds: float = 20.0) -> None:
        """Wait until something holds; fails with the program's log when it does not in time or the program ended."""
        end = time.monotonic() + seconds
        while not condition():
            running = self.process is not None and self.process.returncode is None
            assert running, f"it ended:\n{self.text()}"
            assert time.monotonic() < end, f"it did not happen:\n{self.text()}"
            await asyncio.sleep(0.02)

    def lines(self, event: str) -> list[dict[str, Any]]:
        """Return the log lines of one event."""
        if not self.log.exists():
            return []
        lines = self.log.read_text(encoding="utf-8").splitlines()
        return [line for line in map(json.loads, filter(_is_json, lines)) if line["event"] == event]

    def text(self) -> str:
        """Return the end of the log."""
        return self.log.read_text(encoding="utf-8")[-6000:] if self.log.exists() else ""

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask the database."""
        if not self.database.exists():
            return []
        connection = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=10)
        try:
            return connection.execute(sql, values).fetchall()
        except sqlite3.OperationalError:
            return []
        finally:
            connection.close()

    def stored(self) -> list[int]:
        """Return the ids of the stored posts of all channels, in order."""
        return [number for (number,) in self.rows("SELECT post_id FROM posts ORDER BY channel, post_id")]

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        while chunk := await process.stdout.read(65536):
            self.output += chunk


def _account(scene: Scene, folder: Path) -> dict[str, str]:
    """The settings of a reading account on the scene's server."""
    return {
        "TELEGRAM_API_ID": str(APP.id),
        "TELEGRAM_API_HASH": APP.hash,
        "TELEGRAM_SESSION": str(folder / "session"),
        "TELEGRAM_SERVER": scene.server.address,
        "TELEGRAM_SERVER_KEY": str(scene.server.key_file),
    }


def _is_json(line: str) -> bool:
    return line.startswith("{")
