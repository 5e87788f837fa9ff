"""`monitor run` as a process: it reads, tells, stops, reloads and starts again."""

from __future__ import annotations

from pathlib import Path

from tests.loopback.scene import Scene, run
from tests.running import Monitor


def test_it_reads_what_is_new_and_tells_it(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        scene.world.post(scene.news, "Старый пост о пленных.")
        async with Monitor(scene, tmp_path) as monitor:
            await monitor.start()
            await monitor.until(lambda: monitor.rows("SELECT * FROM cursors"))
            new = scene.world.post(scene.news, "Двое пленных обменяны.")
            await monitor.until(lambda: monitor.stored() == [new.id])
            await monitor.until(lambda: "Двое ⟦пленных⟧ обменяны." in monitor.output.decode())
            code, seconds = await monitor.stop()
            assert code == 0
            assert seconds < 10

    run(story)
