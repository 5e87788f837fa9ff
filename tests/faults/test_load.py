"""Much at once: posts that waited, and posts of any size, within bounded memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.cycle import Cycle
from tests.faults.figures import note
from tests.loopback.scene import Scene, run


@pytest.mark.parametrize("waiting", [500, pytest.param(10_000, marks=pytest.mark.long)])
def test_posts_that_waited(waiting: int, tmp_path: Path) -> None:
    """The program comes back after a stop, to posts that all ring: one summary beyond the cap, and flat memory."""

    async def story(scene: Scene) -> None:
        async with Cycle(scene, tmp_path, ALERTS_PER_HOUR="5") as cycle:
            assert (await cycle.monitor.stop())[0] == 0
            for number in range(waiting):
                cycle._post(scene.news, f"Рейс {number}: пленных {number + 2}.")
            await cycle.monitor.start()
            await cycle.monitor.until(lambda: len(cycle.monitor.stored()) == waiting, 60 + waiting / 20)
            highest = _highest_memory(cycle)
            await cycle.monitor.until(lambda: len(cycle.told()) >= 6, 90)
            rows = cycle.monitor.rows
            assert rows("SELECT count(*) FROM alerts WHERE kind = 'post' AND state = 'delivered'") == [(5,)]
            assert rows("SELECT count(*) FROM alerts WHERE state = 'folded'") == [(waiting - 5,)]
            assert rows("SELECT last FROM cursors ORDER BY last DESC LIMIT 1") == [(waiting,)]
            assert len(cycle.told()) == 6
            assert highest < 400_000
            note(f"{waiting} posts waiting", f"highest memory {highest // 1024} MB, 5 alerts and 1 summary")

    run(story)


def test_a_post_of_five_megabytes(tmp_path: Path) -> None:
    """No post is that long: it is kept as it came, told, and the channel goes on."""

    async def story(scene: Scene) -> None:
        async with Cycle(scene, tmp_path) as cycle:
            scene.world.post(scene.news, "Пленных двое. " + "Слово за словом. " * (5 * 2**20 // 30))
            await cycle.monitor.until(lambda: cycle.monitor.rows("SELECT 1 FROM unparsed"), 60)
            cycle.publish()
            await cycle.monitor.until(cycle.quiet, 60)
            [[kept]] = cycle.monitor.rows("SELECT length(raw) FROM unparsed")
            assert kept > 2 * 2**20
            highest = _highest_memory(cycle)
            assert highest < 600_000
            note("a post of 5 MB", f"highest memory {highest // 1024} MB")
            assert (await cycle.monitor.stop())[0] == 0

    run(story)


def _highest_memory(cycle: Cycle) -> int:
    """Return the most memory that the program has had, in kilobytes."""
    assert cycle.monitor.process is not None
    status = Path(f"/proc/{cycle.monitor.process.pid}/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0])
