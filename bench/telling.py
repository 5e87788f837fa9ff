"""How soon a stored post's alert is in the chat, and what a burst makes of the chat, on the loopback server.

    python bench/telling.py [--alerts 60]
    python bench/telling.py --burst 10000

`monitor run` reads from a real server over TCP into a real file and sends to a supergroup on it, which keeps to the
limits that Telegram documents for bots. First, posts are published one by one, each when the limits let another message
pass; the time is taken from the moment the post stands in the database to the call that brings its alert. With
`--burst`, so many different posts that all match are published at once under ALERTS_PER_HOUR=60; what came into the
chat is counted, and how often the server had to ask for a pause. Figures hold for one machine.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sqlite3
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from telethon.tl import types

from tests.loopback.scene import Scene, run
from tests.running import Monitor

_SYLLABLES = [a + b for a in "бвгдклмнпрст" for b in "аеиоу"]
_SEND = "messages.sendMessage"


def _chat(scene: Scene) -> tuple[Any, dict[str, str]]:
    """Return a supergroup with the bot in it, and the settings that lead there."""
    group = scene.world.add_supergroup("Desk", [scene.analyst, scene.bot])
    scene.server.limits.bots = True
    settings = {
        "TELEGRAM_BOT_TOKEN": scene.bot.token or "",
        "ALERT_CHAT": f"-100{group.id}",
        "ANALYSTS": str(scene.analyst.id),
        "ALERTS_PER_HOUR": "60",
        "DIGEST_AT": "off",
    }
    return group, settings


def _text(draw: random.Random) -> str:
    """Return a post about prisoners that resembles no other."""
    return f"Пленные: {' '.join(''.join(draw.choices(_SYLLABLES, k=3)) for _ in range(12))}."


async def _one_by_one(scene: Scene, folder: Path, alerts: int) -> None:
    _, settings = _chat(scene)
    scene.world.join(scene.news, scene.reader)
    async with Monitor(scene, folder, **{**settings, "ALERTS_PER_HOUR": "0"}) as monitor:
        await monitor.start()
        await monitor.until(lambda: monitor.lines("desk_open") and monitor.rows("SELECT * FROM cursors"))
        connection = sqlite3.connect(f"file:{monitor.database}?mode=ro", uri=True)
        waits = []
        draw = random.Random(5)
        for number in range(alerts):
            scene.world.post(scene.news, _text(draw))
            stored = f"SELECT 1 FROM posts WHERE post_id = {number + 1}"
            while connection.execute(stored).fetchone() is None:
                await asyncio.sleep(0.001)
            at = time.monotonic()
            await monitor.until(lambda number=number: scene.server.journal.count(_SEND) > number)  # type: ignore[misc]
            waits.append(max(0.0, scene.server.journal.of(_SEND)[-1].time - at))
            await asyncio.sleep(3.2)  # twenty a minute
        connection.close()
        held = len(monitor.lines("held"))
        await monitor.stop()
    waits.sort()
    print(f"{alerts} alerts one by one, post stored → call that brings its alert; pauses asked for: {held}")
    print(f"  median {1000 * waits[len(waits) // 2]:.0f} ms, p99 {1000 * waits[int(0.99 * len(waits))]:.0f} ms")


async def _burst(scene: Scene, folder: Path, posts: int) -> None:
    group, settings = _chat(scene)
    draw = random.Random(5)
    async with Monitor(scene, folder, **settings) as monitor:
        await monitor.start()
        await monitor.until(lambda: monitor.rows("SELECT * FROM cursors"))
        began = time.perf_counter()
        for _ in range(posts):
            scene.world.post(scene.news, _text(draw))
        stored = "SELECT count(*) FROM posts"
        await monitor.until(lambda: monitor.rows(stored) == [(posts,)], 600)
        print(f"{posts:,} matching posts stored after {time.perf_counter() - began:.0f} s")
        unsent = "SELECT 1 FROM alerts WHERE state = 'due'"
        await monitor.until(lambda: not monitor.rows(unsent), 600)
        kinds = monitor.rows("SELECT kind, state, count(*) FROM alerts GROUP BY 1, 2 ORDER BY 1, 2")
        held = len(monitor.lines("held"))
        await monitor.stop()
    messages = [one.message for one in group.box.page(limit=1000) if isinstance(one, types.Message)]
    print(f"  all sent after {time.perf_counter() - began:.0f} s; alerts by kind and state: {kinds}")
    print(f"  messages in the chat: {len(messages)}; pauses asked for: {held}")
    print(f"  {scene.server.journal.most_in(60, _SEND)} messages in a minute at most")


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--alerts", type=int, default=60)
    arguments.add_argument("--burst", type=int, default=0)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if given.burst:
            run(lambda scene: _burst(scene, Path(folder), given.burst))
        else:
            run(lambda scene: _one_by_one(scene, Path(folder), given.alerts))


if __name__ == "__main__":
    main()
