"""Replays generated posts: how many a second are stored and searchable, and the peak of memory.

    python bench/replay.py [--posts 100000] [--keep DIR]

The posts are made of common words of four languages, about 660 characters long; one in twenty holds a sentence on which
a bundled rule fires. The replay runs in a process of its own, so that its peak of memory is its own.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

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


def main() -> None:
    """Print the figures of one run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=100_000)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path, db = Path(folder, "posts.jsonl"), Path(folder, "replay.db")
        size = write_posts(path, args.posts)
        print(f"{args.posts:,} posts, {size / 1e6:.0f} MB of JSONL, {size / args.posts:.0f} bytes a post")
        for run in ("first replay", "second replay of the same file"):
            began = time.perf_counter()
            command = [sys.executable, "-m", "monitor", "replay", "--format", "jsonl", "--db", str(db), str(path)]
            done = subprocess.run(command, capture_output=True, check=True)
            seconds = time.perf_counter() - began
            peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
            lines = done.stdout.count(b"\n")
            print(f"{run}: {args.posts / seconds:,.0f} posts/s, {seconds:.1f} s, {lines:,} lines, peak {peak:.0f} MB")
            print("  " + done.stderr.decode().strip().replace("\n", "\n  "))
        print(f"database: {db.stat().st_size / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
