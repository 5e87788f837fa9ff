"""The power fails between any two calls: what was told is stored."""

from __future__ import annotations

import random
import shutil
import signal
from collections.abc import Sequence
from pathlib import Path

import pytest

from monitor.store import chain
from monitor.store.store import Store
from tests.faults.figures import note
from tests.faults.power_cut import Call, calls, recorded, states
from tests.faults.tracing import needs_strace
from tests.loopback.scene import Scene, run
from tests.running import Monitor

pytestmark = needs_strace
FILES = ("monitor.db", "monitor.db-wal")


@pytest.mark.parametrize(
    ("rounds", "wanted"), [(1, 100), pytest.param(6, 1000, marks=pytest.mark.long)], ids=["some", "many"]
)
def test_what_was_told_is_stored(rounds: int, wanted: int, tmp_path: Path) -> None:
    made: list[Call] = []
    marks: list[str] = []
    published: list[int] = []

    async def story(scene: Scene) -> None:
        async with Monitor(scene, tmp_path, ALERTS_PER_HOUR="1200", BACKUP_EVERY="off") as monitor:
            for number in range(rounds):
                trace = tmp_path / "trace"
                await monitor.start(under=recorded(trace))
                await monitor.until(lambda: monitor.rows("SELECT * FROM cursors"))
                for part in range(8):
                    marks.append(f"Рейс {number}-{part}:")
                    published.append(scene.world.post(scene.news, f"{marks[-1]} родные встретили пленных.").id)
                    await monitor.until(lambda: marks[-1] in monitor.output.decode())
                assert (await monitor.stop(signal.SIGTERM if number % 2 == 0 else signal.SIGKILL))[0] in (0, -9)
                made.extend(calls(trace, FILES))

    run(story)
    _cut(made, marks, published, wanted, tmp_path / "after")


def _cut(made: Sequence[Call], marks: Sequence[str], published: Sequence[int], wanted: int, folder: Path) -> None:
    cuts = [number for number, call in enumerate(made, 1) if call.kind != "say"]
    step = max(1, len(cuts) * 3 // (wanted + wanted // 5))
    seen = told = 0
    for said, files in states(made, cuts[::step], random.Random(1)):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for name, content in files.items():
            (folder / name).write_bytes(content)
        _check(folder / "monitor.db", [mark for mark in marks if mark in said], published)
        seen += 1
        told += any(mark in said for mark in marks)
    note("power cuts", f"{seen} states, {told} of them after something was told")
    assert seen >= wanted
    assert told >= wanted // 3


def _check(database: Path, told: Sequence[str], published: Sequence[int]) -> None:
    """Open what the power cut left, as the program does, and look for what it had said."""
    with Store.open(database) as store:
        assert store._rows("PRAGMA integrity_check") == [("ok",)]
        assert store.read(chain.verify) is None
        bodies = [body for (body,) in store._rows("SELECT r.body FROM alerts a JOIN revisions r ON r.id = a.revision")]
        assert [mark for mark in told if not any(mark in body for body in bodies)] == []
        stored = [number for (number,) in store._rows("SELECT post_id FROM posts ORDER BY post_id")]
        last = max((number for (number,) in store._rows("SELECT last FROM cursors")), default=0)
        assert stored == [number for number in published if number <= last]
