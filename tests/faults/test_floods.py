"""Flood waits on every method, one after another: no tight loop, and a deadline outlives a restart."""

from __future__ import annotations

import signal
import time
from pathlib import Path

from tests.faults.cycle import Cycle
from tests.loopback.faults import flood_wait
from tests.loopback.scene import Scene, run

SECONDS = 2
METHODS = (
    "users.getUsers",
    "updates.getState",
    "updates.getDifference",
    "contacts.resolveUsername",
    "messages.getHistory",
    "channels.getFullChannel",
    "bots.setBotCommands",
    "messages.sendMessage",
)


def test_a_flood_wait_on_each_method_is_waited_out(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        server = scene.server
        async with Cycle(scene, tmp_path) as cycle:
            for method in METHODS:
                assert (await cycle.monitor.stop())[0] == 0
                cycle.publish()
                server.faults.add(method, flood_wait(SECONDS))
                before = server.journal.count()
                assert await cycle.run() is None, cycle.monitor.text()
                assert server.journal.count() - before < 80, f"{method}: no tight loop"
                server.faults.clear()
            cycle.check()
            assert cycle.monitor.lines("job_failed") == []

    run(story)


def test_a_deadline_outlives_a_kill(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        journal = scene.server.journal
        async with Cycle(scene, tmp_path) as cycle:
            for method, noted in (
                ("messages.getHistory", "SELECT 1 FROM floods"),
                ("messages.sendMessage", "SELECT 1 FROM outboxes WHERE retry_at IS NOT NULL"),
            ):
                scene.server.faults.add(method, flood_wait(12))
                cycle.publish()
                await cycle.monitor.until(lambda noted=noted: cycle.monitor.rows(noted))  # type: ignore[misc]
                asked = journal.of(method)[-1].time
                await cycle.monitor.stop(signal.SIGKILL)
                seen = journal.count(method)
                assert await cycle.run() is None
                assert journal.of(method)[seen].time - asked >= 11.5
                assert time.monotonic() - asked < 60
            cycle.check()

    run(story)
