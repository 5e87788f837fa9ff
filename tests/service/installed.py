"""The program installed on a booted machine as systemd/README.md says, word by word, but for step 1."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from tests.faults.cycle import Cycle
from tests.loopback.scene import Scene
from tests.service.machine import CHECKOUT, ROOT, Done, Machine
from tests.telegram_example import APP

# What the administrator writes into monitor.env in step 3 (by the command that `editor` is here).
_EDITOR = '#!/bin/sh\ncat /srv/settings >> "$1"\n'
_RULES = """
rules:
  bridges:
    title: Bridges
    level: medium
    terms:
      bridge: {{ru: [{word}]}}
    when: bridge
    tests:
      hit: [{word}]
      miss: [Погода]
"""


def commands(heading: str) -> str:
    """Return the first commands under a heading of systemd/README.md."""
    page = (ROOT / "systemd/README.md").read_text()
    return page.partition(f"{heading}\n")[2].split("```sh\n")[1].split("```")[0]


def steps() -> dict[int, str]:
    """Return the numbered commands of systemd/README.md."""
    parts = re.split(r"^# (\d+)\. .*\n", commands("# Running monitor as a service"), flags=re.MULTILINE)[1:]
    return {int(number): command for number, command in zip(parts[::2], parts[1::2], strict=True)}


class Installed:
    """A machine, a Telegram on loopback, and the program between them; a context manager that ends it."""

    def __init__(self, scene: Scene, folder: Path) -> None:
        self.scene = scene
        self.machine = Machine(folder)
        self.cycle = Cycle(scene, folder)
        self._folder = folder

    async def __aenter__(self) -> Self:
        await self.machine.__aenter__()
        self.cycle.monitor.database = self.machine.state / "monitor/monitor.db"
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.machine.__aexit__(*error)

    async def step(self, number: int, given: str = "") -> Done:
        """Do one of the nine steps; fails where its command does."""
        done = await self.machine.sh(steps()[number], given=given, folder=CHECKOUT)
        assert done.code == 0, f"step {number}: {done}\n{await self.journal()}"
        return done

    async def install(self) -> None:
        """Do the steps 2 to 4: user, folders, units, settings, secrets."""
        machine, scene = self.machine, self.scene
        settings = {
            **self.cycle.monitor.settings,
            "TELEGRAM_SERVER_KEY": "/etc/monitor/server.pem",
            "RULES": "/etc/monitor/rules",
            "TIMEZONE": "Europe/Amsterdam",
        }
        ours = ("DATABASE", "TELEGRAM_SESSION", "TELEGRAM_API_ID", "TELEGRAM_API_HASH", "TELEGRAM_BOT_TOKEN")
        lines = [f"{name}={value}\n" for name, value in settings.items() if name not in ours]
        machine.path("/srv/settings").write_text("".join(lines))
        editor = machine.path("/usr/local/bin/editor")
        editor.write_text(_EDITOR)
        editor.chmod(0o755)
        await self.step(2)
        machine.path("/etc/monitor/server.pem").write_bytes(scene.server.key_file.read_bytes())
        self.write_rules("мост")
        await self.step(3)
        await self.step(4, f"{APP.id}\n{APP.hash}\n{scene.bot.token}\n")

    async def log_in(self) -> None:
        """Do step 5, with the answers from a pipe."""
        command = f"{steps()[5].strip()} --phone {self.scene.reader.phone}"
        done = await self.machine.sh(command, given=f"{self.scene.server.login_code}\n")
        assert done.code == 0, done

    def write_rules(self, word: str) -> None:
        """Write the desk's own rules, which find one word."""
        self.machine.path("/etc/monitor/rules/desk.yaml").write_text(_RULES.format(word=word), encoding="utf-8")

    async def start(self, drop_in: str = "") -> float:
        """Do step 7, with lines of `[Service]` as `systemctl edit` would add them; return the seconds until READY=1."""
        if drop_in:
            added = self.machine.path("/etc/systemd/system/monitor.service.d/override.conf")
            added.parent.mkdir(exist_ok=True)
            added.write_text(f"[Service]\n{drop_in}")
        began = time.monotonic()
        await self.step(7)
        seconds = time.monotonic() - began
        await self.until(lambda: len(self.cycle.monitor.rows("SELECT * FROM cursors")) == 2)
        return seconds

    async def told(self) -> None:
        """Wait until all that was published is told, and check it."""
        await self.until(self.cycle.quiet)
        self.cycle.check()

    async def until(self, condition: Callable[[], Any], seconds: float = 60.0) -> None:
        """Wait until something holds; fails with the program's journal when it does not in time."""
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, await self.journal()
            await asyncio.sleep(0.02)

    async def until_shown(self, seconds: float = 60.0, **properties: str) -> None:
        """Wait until the daemon's unit has these properties."""
        end = time.monotonic() + seconds
        while (found := await self.machine.show("monitor", *properties)) != list(properties.values()):
            assert time.monotonic() < end, f"{dict(zip(properties, found, strict=True))}\n{await self.journal()}"
            await asyncio.sleep(0.1)

    async def until_said(self, text: str, seconds: float = 60.0) -> None:
        """Wait until the program's journal holds a text."""
        end = time.monotonic() + seconds
        while text not in (said := await self.journal()):
            assert time.monotonic() < end, said
            await asyncio.sleep(0.1)

    async def journal(self, lines: int = 60) -> str:
        """Return the end of the program's journal."""
        return (await self.machine.sh(f"journalctl -u 'monitor*' -n {lines} -o cat --no-pager")).out
