"""How soon a post of a joined channel is stored and matched, and what reading costs, on the loopback server.

    python bench/live.py [--channels 100] [--posts 300]
    python bench/live.py --channels 1000 --backlog 100000

`monitor run` reads from a real server over TCP into a real file; posts are published in joined channels one after
another, and the time until each stands in the database with its matches is taken. The first tenth is left out, for the
first hints find the budget spent. With `--backlog`, posts are published faster than they can be read, in ten parts, and
the memory of the process is taken after each. Figures hold for one machine; compare them within one run.
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

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.loopback.scene import Scene, run
from tests.running import Monitor


async def _measure(scene: Scene, folder: Path, channels: int, posts: int) -> None:
    sources = [scene.world.add_channel(f"source_{number:04d}") for number in range(channels)]
    for source in sources:
        scene.world.post(source, "from before")
        scene.world.join(source, scene.reader)
    names = ",".join(source.username or "" for source in sources)
    settings = {"CHANNELS": names, "POLL_REQUESTS_PER_MINUTE": "1200", "RESOLVES_PER_DAY": "10000"}
    async with Monitor(scene, folder, **settings) as monitor:
        await monitor.start()
        await monitor.until(lambda: len(monitor.rows("SELECT * FROM cursors")) == channels, 60 + channels)
        draw = random.Random(3)
        connection = sqlite3.connect(f"file:{monitor.database}?mode=ro", uri=True)
        waits = []
        for number in range(posts):
            source = draw.choice(sources)
            began = time.perf_counter()
            post = scene.world.post(source, f"Двое пленных, {number}.")
            stored = "SELECT 1 FROM posts WHERE channel = ? AND post_id = ?"
            while connection.execute(stored, [source.id, post.id]).fetchone() is None:
                await asyncio.sleep(0.002)
            waits.append(time.perf_counter() - began)
            await asyncio.sleep(draw.uniform(0.05, 0.3))
        connection.close()
        memory = _memory(monitor)
        await monitor.stop()
    waits = sorted(waits[len(waits) // 10 :])
    print(f"{channels} joined channels, {posts} posts pushed; published → stored and matched:")
    print(f"  median {1000 * waits[len(waits) // 2]:.0f} ms, p99 {1000 * waits[int(0.99 * len(waits))]:.0f} ms")
    print(f"  resident memory at the end {memory:.0f} MB")


async def _catch_up(scene: Scene, folder: Path, channels: int, posts: int) -> None:
    sources = [scene.world.add_channel(f"source_{number:04d}") for number in range(channels)]
    for source in sources:
        scene.world.post(source, "from before")
    names = ",".join(source.username or "" for source in sources)
    settings = {"CHANNELS": names, "POLL_REQUESTS_PER_MINUTE": "6000", "RESOLVES_PER_DAY": "10000"}
    async with Monitor(scene, folder, **settings) as monitor:
        await monitor.start()
        await monitor.until(lambda: len(monitor.rows("SELECT * FROM cursors")) == channels, 60 + channels)
        draw = random.Random(3)
        print(f"{channels} channels; posts stored, posts/s, resident memory:")
        for part in range(1, 11):
            began = time.perf_counter()
            for number in range(posts // 10):
                scene.world.post(
                    draw.choice(sources), f"Погода без перемен, {part}.{number}. " + "Слово за слово. " * 20
                )
                if number % 50 == 0:
                    await asyncio.sleep(0)
            wanted = part * posts // 10
            await monitor.until(lambda wanted=wanted: _posts(monitor) >= wanted, 600)  # type: ignore[misc]
            rate = posts / 10 / (time.perf_counter() - began)
            print(f"  {wanted:8,} {rate:8.0f} {_memory(monitor):6.0f} MB", flush=True)
        await monitor.stop()


def _posts(monitor: Monitor) -> int:
    return int(monitor.rows("SELECT count(*) FROM posts")[0][0])


def _memory(monitor: Monitor) -> float:
    assert monitor.process is not None
    return int(Path(f"/proc/{monitor.process.pid}/statm").read_text().split()[1]) * 4096 / 1e6


def main() -> None:
    """Run it in a folder that is removed afterwards."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--channels", type=int, default=100)
    parser.add_argument("--posts", type=int, default=300)
    parser.add_argument("--backlog", type=int, default=0, help="posts to catch up with, in place of pushed ones")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if asked.backlog:
            run(lambda scene: _catch_up(scene, Path(folder), asked.channels, asked.backlog))
        else:
            run(lambda scene: _measure(scene, Path(folder), asked.channels, asked.posts))


if __name__ == "__main__":
    main()
