"""`monitor run` as a process: it reads, tells, stops, reloads and starts again."""

from __future__ import annotations

import signal
from pathlib import Path

from tests.loopback.faults import SlowAnswer
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


def test_it_tells_the_analyst_chat_once_whatever_ends_it(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        scene.world.send(scene.analyst, scene.bot, "/start")
        chat = {"TELEGRAM_BOT_TOKEN": scene.bot.token or "", "ALERT_CHAT": str(scene.analyst.id)}

        def told() -> list[str]:
            return [
                one.message
                for one in reversed(scene.analyst.box.page())
                if not one.out and "Двое пленных" in one.message
            ]

        async with Monitor(scene, tmp_path, **chat) as monitor:
            await monitor.start()
            await monitor.until(lambda: monitor.rows("SELECT * FROM cursors"))
            for place in ("Шебекине", "Грайвороне", "Валуйках"):
                scene.server.faults.add("messages.sendMessage", SlowAnswer(0.3))
                before = len(told())
                scene.world.post(scene.news, f"Двое пленных обменяны в {place}.")
                await monitor.until(lambda before=before: len(told()) > before)
                await monitor.stop(signal.SIGKILL)  # taken by Telegram, not marked here
                await monitor.start()
                await monitor.until(lambda: not monitor.rows("SELECT * FROM alerts WHERE state = 'due'"))
            assert len(told()) == 3
            assert (scene.bot.token or "") not in monitor.text()
            await monitor.stop()

    run(story)
