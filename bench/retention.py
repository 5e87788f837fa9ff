"""How long retention takes to remove posts, and how long others wait for the writer meanwhile.

    python bench/retention.py [--posts 20000]

A database of twice as many generated posts (`bench/replay.py` says of what) is made by `monitor replay`; then the
retention of `monitor run` removes the older half, in its steps, with its rests between them, while somebody else writes
a line every 20 ms and takes the time until it is stored. A twentieth of the posts match a rule, and stay.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.replay import write_posts
from monitor.reading.writer import Writer
from monitor.store import limits
from monitor.store.store import Store
from monitor.upkeep.retention import REST, Retention

BEGIN = datetime.fromtimestamp(1685577600, UTC)  # of the generated posts, a second between two
DAYS = 30


async def _remove(store: Store, posts: int) -> None:
    writer = Writer(store, None)  # type: ignore[arg-type]  # no post is stored
    now = BEGIN + timedelta(days=DAYS, seconds=posts)
    retention = Retention(writer, store.reader, DAYS, lambda: now, time.monotonic)
    waits: list[float] = []
    removing = asyncio.create_task(_timed(retention.look()))
    while not removing.done():
        began = time.perf_counter()
        await writer.write(limits.note_request, "bench", "history", datetime.now(UTC))
        waits.append(1000 * (time.perf_counter() - began))
        await asyncio.sleep(0.02)
    seconds, cpu = removing.result()
    [[removed]] = store._rows("SELECT count(*) FROM purged")
    [[rounds]] = store._rows("SELECT count(*) FROM purges")
    waits.sort()
    print(
        f"{removed:,} posts removed in {rounds} steps and {seconds:.1f} s, of which {rounds * REST:.0f} s are rests;"
        f" {cpu:.1f} s of CPU, {1000 * cpu / removed:.2f} ms a post"
    )
    print(
        f"another writer waited {waits[len(waits) // 2]:.1f} ms (median), {waits[int(0.99 * len(waits))]:.0f} ms (99th"
        f" percentile), {waits[-1]:.0f} ms (most) in {len(waits):,} writes"
    )
    await writer.close()


async def _timed(work: Awaitable[None]) -> tuple[float, float]:
    began, cpu = time.monotonic(), time.process_time()
    await work
    return time.monotonic() - began, time.process_time() - cpu


def main() -> None:
    """Run it in a folder that is removed afterwards."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--posts", type=int, default=20_000, help="posts that are past their time")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        saved, database = Path(name, "posts.jsonl"), Path(name, "monitor.db")
        write_posts(saved, 2 * asked.posts)
        command = [sys.executable, "-m", "monitor", "replay", "--format", "jsonl", "--db", str(database), str(saved)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with Store.open(database) as store:
            asyncio.run(_remove(store, asked.posts))


if __name__ == "__main__":
    main()
