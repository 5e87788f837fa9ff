"""Replays generated posts: how many a second are stored and searchable, and the peak of memory.

    python bench/replay.py [--posts 100000] [--text]

The posts are made of common words of four languages, about 660 characters long; one in twenty holds a sentence on which
a bundled rule fires. Each replay runs in a process of its own, so that its peak of memory is its own; the time holds
everything from the start of the program to its end. A second replay of the same file must add nothing; with
`--text` a third shows alerts to read. One post alone tells what the start costs.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from monitor.store.reader import Reader

WORDS = {
    "ru": "утром город дорога сегодня погода область работа школа люди сообщили вода район ночью сильный дождь ремонт "
    "новый автобус рынок власти время помощь улица река мост поле завод урожай цены праздник концерт команда матч",
    "uk": "вранці місто дорога сьогодні погода область робота школа люди повідомили вода район вночі сильний дощ "
    "ремонт новий автобус ринок влада час допомога вулиця річка міст поле завод врожай ціни свято концерт команда матч",
    "nl": "ochtend stad weg vandaag weer regio werk school mensen melden water district nacht zware regen reparatie "
    "nieuwe bus markt bestuur tijd hulp straat rivier brug veld fabriek oogst prijzen feest concert ploeg wedstrijd",
    "en": "morning town road today weather region work school people reported water district night heavy rain repair "
    "new bus market council time help street river bridge field factory harvest prices holiday concert team match",
}
TELLING = {
    "ru": "Из Шебекина эвакуировали жителей, Пригожин говорил о пленных.",
    "uk": "Із Шебекіна евакуювали мешканців, Пригожин говорив про полонених.",
    "nl": "Bewoners van Sjebekino zijn geëvacueerd, Prigozjin sprak over krijgsgevangenen.",
    "en": "Residents of Shebekino were evacuated, Prigozhin spoke about prisoners of war.",
}


def write_posts(path: Path, count: int, seed: int = 1) -> int:
    """Write `count` generated posts of 200 channels as JSONL; return the bytes written."""
    chance = random.Random(seed)
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            language = chance.choice(list(WORDS))
            words = WORDS[language].split()
            text = " ".join(chance.choice(words) for _ in range(100))
            if chance.random() < 0.05:
                text = f"{text[:300]}. {TELLING[language]} {text[300:]}"
            moment = 1685577600 + number
            record = {"channel": f"channel_{number % 200}", "id": number // 200 + 1, "date": moment, "text": text}
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
    return path.stat().st_size


@dataclass(frozen=True, slots=True)
class Run:
    """What one replay took: seconds on the clock and of CPU, the peak of memory in MB, and what it printed."""

    seconds: float
    cpu: float
    peak: float
    lines: int
    notes: str


def replay(folder: Path, *args: str) -> Run:
    """Run `monitor replay` with `args` in a process of its own."""
    command = [sys.executable, "-m", "monitor", "replay", *args]
    out, notes = folder / "out", folder / "notes"
    with out.open("wb") as stdout, notes.open("wb") as stderr:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=stdout, stderr=stderr)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    said = notes.read_text()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}:\n{said}")
    with out.open("rb") as file:
        lines = sum(1 for _ in file)
    return Run(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, lines, said)


def main() -> None:
    """Print the figures of one run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--text", action="store_true", help="replay once more, as alerts to read")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path, db = folder / "posts.jsonl", folder / "replay.db"
        size = write_posts(path, args.posts)
        print(f"{args.posts:,} posts, {size / 1e6:.0f} MB of JSONL, {size / args.posts:.0f} bytes a post")
        idle = replay(folder, "--format", "jsonl", _one_post(folder))
        print(f"one post: {idle.seconds:.1f} s, peak {idle.peak:.0f} MB")
        kept = ("--format", "jsonl", "--db", str(db))
        runs: list[tuple[str, tuple[str, ...]]] = [
            ("first replay, as JSONL", kept),
            ("second replay of the same file", kept),
        ]
        if args.text:
            runs.append(("as alerts to read, without --db", ()))
        for what, more in runs:
            run = replay(folder, *more, str(path))
            print(
                f"{what}: {args.posts / run.seconds:,.0f} posts/s, {args.posts / run.cpu:,.0f} per s of CPU "
                f"({run.seconds:.1f} s, {run.cpu:.1f} s of CPU), "
                f"{run.lines:,} lines, peak {run.peak:.0f} MB"
            )
            print("  " + run.notes.strip().replace("\n", "\n  "))
        print(f"database: {db.stat().st_size / 1e6:.0f} MB, {db.stat().st_size / args.posts:.0f} bytes a post")
        search(db)


def _one_post(folder: Path) -> str:
    path = folder / "one.jsonl"
    write_posts(path, 1)
    return str(path)


def search(db: Path) -> None:
    """Look for a rare and a common word in what was stored."""
    with Reader.open(db) as reader:
        for words in ("Пригожин", "дорога школа"):
            began = time.perf_counter()
            found = reader.search(words, limit=50)
            print(f"search “{words}”: {len(found)} posts in {(time.perf_counter() - began) * 1000:.0f} ms")


if __name__ == "__main__":
    main()
