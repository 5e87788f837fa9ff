"""How long `monitor run` takes from its start to its first poll, with a database of 1 GB, on the loopback server.

    python bench/start.py [--posts 220000] [--channels 200] [--runs 5] [--folder FOLDER]

The database is made by `monitor replay` of generated posts of the last 90 days (`bench/replay.py` says of what); then
its alerts are written down as told live, and the program runs twice, so that it knows its channels. After that it is
started again and again with the bundled packs, and the time from the start of the process to the first request for
posts (`getPeerDialogs` or `getHistory`) at the server is taken:

- after a clean stop, and after kill -9 of a writer that left a log (`-wal`) of 4 MB, as is usual, or of 250 MB, since a
  reader kept it from being emptied;
- with all files in the system's memory, with the database on disk alone, and with no file in memory at all, as when the
  machine itself has just started (root may do that).

With `--folder` the database is kept there for the next time.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.replay import TELLING, WORDS
from tests.loopback.scene import Scene, run
from tests.running import ROOT, Monitor

DAYS = 90
USUAL_LOG, BIG_LOG = 4 * 2**20, 250 * 2**20  # bytes
POLLS = ("messages.getPeerDialogs", "messages.getHistory")
FIRST_CHANNEL = 1_600_000_000


def write_posts(path: Path, count: int, channels: int, *, first_channel: int = FIRST_CHANNEL) -> None:
    """Write generated posts of the last days as JSONL, the newest an hour old."""
    draw = random.Random(first_channel)
    until = time.time() - 3600
    step = DAYS * 86400 / count
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            language = draw.choice(list(WORDS))
            words = WORDS[language].split()
            text = " ".join(draw.choice(words) for _ in range(100))
            if draw.random() < 0.05:
                text = f"{text[:300]}. {TELLING[language]} {text[300:]}"
            which = number % channels
            record = {
                "channel": f"channel_{first_channel - FIRST_CHANNEL + which}",
                "channel_id": first_channel + which,
                "id": number // channels + 1,
                "date": int(until - (count - number) * step),
                "text": text,
            }
            file.write(json.dumps(record, ensure_ascii=False) + "\n")


def make_database(database: Path, posts: int, channels: int) -> None:
    """Fill a database by a replay, and write its alerts down as those of a run that told them all."""
    saved = database.with_name("posts.jsonl")
    write_posts(saved, posts, channels)
    began = time.monotonic()
    subprocess.run(
        [sys.executable, "-m", "monitor", "replay", "--format", "jsonl", "--db", str(database), str(saved)],
        check=True,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    saved.unlink()
    with sqlite3.connect(database) as db:
        db.execute("UPDATE alerts SET origin = 'run', shown = version")
        db.execute("UPDATE alerts SET state = 'delivered' WHERE state = 'due'")
    db.close()
    print(f"made in {time.monotonic() - began:.0f} s", flush=True)


def leave_log(database: Path, folder: Path, size: int) -> None:
    """Have a writer of other channels killed while a reader keeps its log of `size` bytes from being emptied."""
    more = folder / "more.jsonl"
    write_posts(more, 60_000, 100, first_channel=FIRST_CHANNEL + 1000)
    reader = sqlite3.connect(f"file:{database}?mode=ro", uri=True, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM channels").fetchone()
    writer = subprocess.Popen(
        [sys.executable, "-m", "monitor", "replay", "--format", "jsonl", "--db", str(database), str(more)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert writer.stderr is not None
    log = Path(f"{database}-wal")
    while not log.exists() or log.stat().st_size < size:
        if writer.poll() is not None:
            raise SystemExit(f"the replay ended before the log was big enough: {writer.stderr.read().decode()}")
        time.sleep(0.05)  # the log grows by some kilobytes meanwhile
    writer.kill()
    writer.wait()
    writer.stderr.close()
    reader.close()  # one that can only read leaves the log as it is
    more.unlink()
    if log.stat().st_size < size:
        raise SystemExit("the log was emptied")


def forget_pages(what: Path | str) -> bool:
    """Have the system forget the contents of the database, or of all files; False: only root may."""
    if isinstance(what, str):
        try:
            Path("/proc/sys/vm/drop_caches").write_text("3\n")
        except OSError:
            return False
        return True
    for file in what.parent.glob(f"{what.name}*"):
        handle = os.open(file, os.O_RDONLY)
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(handle)
    return True


async def start(scene: Scene, monitor: Monitor) -> tuple[float, float, float]:
    """Start the program; return the seconds until it is ready, until its first poll, and of CPU until then."""
    seen = len(monitor.lines("ready"))
    scene.server.journal.clear()
    began = time.monotonic()
    await monitor.start_unready()
    await monitor.until(lambda: len(monitor.lines("ready")) > seen, 60)
    ready = time.monotonic() - began
    await monitor.until(lambda: any(scene.server.journal.of(method) for method in POLLS), 60)
    first = min(request.time for method in POLLS for request in scene.server.journal.of(method))
    assert monitor.process is not None
    fields = Path(f"/proc/{monitor.process.pid}/stat").read_text().rpartition(")")[2].split()
    cpu = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return ready, first - began, cpu


async def measure(scene: Scene, folder: Path, made: Path, asked: argparse.Namespace) -> None:
    """Start the program in each state, so many times, and print what it took."""
    for number in range(asked.channels):
        channel = scene.world.add_channel(f"channel_{number}", channel_id=FIRST_CHANNEL + number)
        scene.world.post(channel, "from before")
    settings = {
        "CHANNELS": ",".join(f"channel_{number}" for number in range(asked.channels)),
        "POLL_REQUESTS_PER_MINUTE": "1200",
        "RESOLVES_PER_DAY": "10000",
        "RULES": "",
        "BACKUP_EVERY": "off",
        "DIGEST_AT": "off",
    }
    monitor = Monitor(scene, folder, **settings)
    monitor.options = ()
    database, known = monitor.database, folder / "known.db"
    shutil.copyfile(made, database)
    database.chmod(0o600)
    async with monitor:
        cursors = "SELECT count(*) FROM cursors WHERE source = 'telegram'"
        for _ in range(2):  # the second start goes through the old posts once, to see which may still change
            await start(scene, monitor)
            await monitor.until(lambda: monitor.rows(cursors) == [(asked.channels,)], 120 + asked.channels)
            await monitor.stop()
        shutil.copyfile(database, known)
        print(f"database {database.stat().st_size / 1e6:,.0f} MB, {asked.channels} channels known")
        for log in (0, USUAL_LOG, BIG_LOG):
            for forget in (None, database, "all"):
                taken = []
                for _ in range(asked.runs):
                    if log:
                        for left in (f"{database}-wal", f"{database}-shm"):
                            Path(left).unlink(missing_ok=True)
                        shutil.copyfile(known, database)
                        leave_log(database, folder, log)
                    os.sync()  # what was copied is no matter of the program's
                    if forget is not None and not forget_pages(forget):
                        print("only root may empty the system's memory of all files")
                        break
                    taken.append(await start(scene, monitor))
                    await monitor.stop(signal.SIGTERM)
                if taken:
                    show(f"kill -9, log of {log // 2**20} MB" if log else "clean stop", forget, taken)


def show(state: str, forget: Path | str | None, taken: list[tuple[float, float, float]]) -> None:
    """Print what some starts took."""
    where = {None: "all files in memory", "all": "no file in memory"}.get(forget, "database on disk alone")
    ready, polls, cpu = (sorted(column) for column in zip(*taken, strict=True))
    middle = len(taken) // 2
    print(
        f"{state}, {where}: first poll after {polls[0]:.2f} / {polls[middle]:.2f} / {polls[-1]:.2f} s (least / median"
        f" / most of {len(taken)}); ready after {ready[middle]:.2f} s; {cpu[middle]:.2f} s of CPU until then",
        flush=True,
    )


def main() -> None:
    """Make the database where it is not there, and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--posts", type=int, default=220_000)
    parser.add_argument("--channels", type=int, default=200)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="where the database is kept")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as name:
        folder = Path(name).absolute()
        made = (asked.folder or folder) / "made.db"
        if not made.exists():
            make_database(made, asked.posts, asked.channels)
        run(lambda scene: measure(scene, folder, made, asked))


if __name__ == "__main__":
    main()
