"""The whole drill: the live program, its backup, a restore on another machine, and the program again from there."""

from __future__ import annotations

import os
import signal
import socket
from pathlib import Path

from monitor.store.backup import backups_in
from monitor.store.migrations import steps_behind
from tests.faults.cycle import Cycle
from tests.loopback.scene import Scene, run
from tests.running import Monitor
from tests.store_example import make_earlier

CHAT = ("TELEGRAM_BOT_TOKEN", "ALERT_CHAT", "ANALYSTS", "CHANNELS", "DIGEST_AT", "SILENCE_ALARM", "ALERTS_PER_HOUR")


class Drill(Cycle):
    """A cycle whose digests and their pictures are left out of what was told."""

    def told(self) -> list[str]:
        """Return the bot's alerts in the chat, oldest first."""
        return [text for text in super().told() if text and not text.startswith("Digest")]

    async def head(self) -> str:
        """Ask for a digest in the chat; return the head of the chain that it shows."""
        self.scene.world.send(self.scene.analyst, self.scene.bot, "/digest")
        await self.monitor.until(self._digests)
        return self._digests()[-1].rpartition("Head of the chain: ")[2].strip()

    def _digests(self) -> list[str]:
        return [text for text in Cycle.told(self) if text.startswith("Digest")]

    async def move(self, folder: Path) -> None:
        """Go on in a fresh folder, as on another machine: the settings alone come along, the account signs in anew."""
        folder.mkdir()
        self.monitor = Monitor(self.scene, folder, **{name: self.monitor.settings[name] for name in CHAT})
        await self.monitor.__aenter__()


def test_after_a_restore_nothing_is_told_twice_and_nothing_is_missing(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        async with Drill(scene, tmp_path) as drill:
            for _ in range(4):
                drill.publish()
            await drill.monitor.until(drill.quiet, 60)
            head = await drill.head()
            code, made, errors = await drill.monitor.call("backup")
            assert code == 0, errors
            assert head in errors
            for _ in range(3):  # told and then lost with the machine: the backup has none of it
                drill.publish()
            await drill.monitor.until(drill.quiet, 60)
            await drill.monitor.stop(signal.SIGKILL)
            drill.publish()  # nothing runs when this comes

            await drill.move(tmp_path / "fresh")
            code, _, errors = await drill.monitor.call("restore", made.strip(), "--yes")
            assert code == 0, errors
            assert (await drill.monitor.call("verify", "--head", head))[0] == 0
            assert await drill.run() is None
            drill.check()
            assert (await drill.monitor.call("verify", "--head", head))[0] == 0
            assert (await drill.monitor.stop())[0] == 0

    run(story)


def test_a_database_of_an_earlier_version_is_backed_up_when_it_is_brought_to_this_one(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        manager.bind(f"\0monitor-{os.getpid()}")
        settings = {"BACKUP_EVERY": "off", "NOTIFY_SOCKET": f"@monitor-{os.getpid()}"}
        async with Cycle(scene, tmp_path, **settings) as cycle:
            assert _said(manager)[0] == "READY=1"
            cycle.publish()
            await cycle.monitor.until(cycle.quiet, 60)
            assert (await cycle.monitor.stop())[0] == 0
            make_earlier(cycle.monitor.database)
            code, said, _ = await cycle.monitor.call("check")
            assert (code, "makes a backup of it when it starts" in said) == (0, True)
            cycle.publish()
            _said(manager)
            assert await cycle.run() is None
            cycle.check()
            longer = next(one for one in _said(manager) if "READY" not in one)
            assert longer.startswith("EXTEND_TIMEOUT_USEC=14400000000\nSTATUS=Copying the database")
            [made] = backups_in(tmp_path / "backups")
            assert (steps_behind(made.path), steps_behind(cycle.monitor.database)) == (1, 0)
            assert await cycle.monitor.stop() is not None
            assert await cycle.run(stop=True) == 0
            assert backups_in(tmp_path / "backups") == [made], "what is of this version is not copied at a start"
        manager.close()

    run(story)


def _said(manager: socket.socket) -> list[str]:
    """Return what the program told its manager since the last time."""
    said = []
    while True:
        try:
            said.append(manager.recv(4096, socket.MSG_DONTWAIT).decode())
        except BlockingIOError:
            return said
