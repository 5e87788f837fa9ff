"""SIGTERM at any moment: the program ends in order within ten seconds, and nothing is lost or told twice."""

from __future__ import annotations

import asyncio
import random
import signal
from pathlib import Path

import pytest

from tests.faults.cycle import Cycle
from tests.faults.figures import note
from tests.loopback.scene import Scene, run

LONGEST = 2.0  # seconds after the start, by when a cycle is over


@pytest.mark.parametrize("times", [10, pytest.param(200, marks=pytest.mark.long)])
def test_sigterm_at_random_moments(times: int, tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        dice = random.Random(2)
        slowest = 0.0
        early = 0
        async with Cycle(scene, tmp_path) as cycle:
            assert (await cycle.monitor.stop())[0] == 0
            for number in range(times):
                cycle.publish()
                ready = len(cycle.monitor.lines("ready"))
                await cycle.monitor.start_unready()
                await asyncio.sleep(dice.uniform(0.0, LONGEST))
                code, seconds = await cycle.monitor.stop()
                if code == -signal.SIGTERM:  # it had not begun: nothing was in hand
                    assert len(cycle.monitor.lines("ready")) == ready
                    early += 1
                else:
                    assert code == 0, cycle.monitor.text()
                slowest = max(slowest, seconds)
                if number % 10 == 9:
                    await cycle.recover()
            assert cycle.monitor.lines("job_failed") == []
        assert slowest < 10
        note("SIGTERM", f"{times} moments, {early} of them before it was ready; slowest end {slowest:.2f} s")

    run(story)
