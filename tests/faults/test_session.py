"""The session is empty, damaged, revoked or used twice: told once, reading stops, and what is due is sent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.cycle import Cycle
from tests.loopback import faults
from tests.loopback.faults import Fault
from tests.loopback.scene import Scene, run

DEAD: dict[str, Fault] = {
    "revoked": faults.SESSION_REVOKED,
    "key unregistered": faults.AUTH_KEY_UNREGISTERED,
    "used from two addresses": faults.AUTH_KEY_DUPLICATED,
    "account banned": faults.USER_DEACTIVATED_BAN,
}


@pytest.mark.parametrize("case", DEAD)
def test_a_session_that_dies(case: str, tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        async with Cycle(scene, tmp_path) as cycle:
            cycle.publish()
            await cycle.monitor.until(cycle.quiet, 60)
            scene.server.faults.add("*", DEAD[case], times=None, account=scene.reader)
            await cycle.monitor.until(lambda: any("Nothing is read any more" in text for text in cycle.told()), 60)
            asked = scene.server.journal.count(account=scene.reader)
            await asyncio.sleep(2.0)
            assert scene.server.journal.count(account=scene.reader) - asked < 3
            # A restart tells nothing again.
            assert (await cycle.monitor.stop())[0] == 0
            await cycle.monitor.start()
            await asyncio.sleep(2.0)
            assert [text for text in cycle.told() if "Nothing is read any more" in text] == [cycle.told()[-1]]
            assert (await cycle.monitor.stop())[0] == 0

    run(story)


def _empty(file: Path) -> None:
    file.write_bytes(b"")


def _damage(file: Path) -> None:
    whole = bytearray(file.read_bytes())
    whole[4096:8192] = bytes(4096)
    file.write_bytes(bytes(whole))


def _remove(file: Path) -> None:
    file.unlink()


@pytest.mark.parametrize("spoil", [_empty, _damage, _remove], ids=["empty", "damaged", "missing"])
def test_a_session_file_that_is_none(spoil: Callable[[Path], None], tmp_path: Path) -> None:
    """Reading stops with the way out in the chat, and alerts that are due are sent."""

    async def story(scene: Scene) -> None:
        async with Cycle(scene, tmp_path) as cycle:
            scene.server.faults.add("messages.sendMessage", faults.flood_wait(5))
            cycle.publish()
            await cycle.monitor.until(lambda: cycle.monitor.rows("SELECT 1 FROM outboxes WHERE retry_at IS NOT NULL"))
            assert (await cycle.monitor.stop())[0] == 0
            spoil(tmp_path / "session" / "reader.session")
            await cycle.monitor.start_unready()
            await cycle.monitor.until(lambda: len(cycle.told()) == 2, 60)
            assert any(cycle.marks[0] in text for text in cycle.told())
            [said] = [text for text in cycle.told() if "Nothing is read any more" in text]
            assert "monitor login" in said
            assert cycle.monitor.lines("job_failed") == []
            assert (await cycle.monitor.stop())[0] == 0

    run(story)
