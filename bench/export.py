"""Reads a generated Telegram Desktop export of any size: posts a second, and the peak of memory.

    python bench/export.py [--megabytes 2048] [--folder DIR]

The export has the exporter's own layout, posts of some 660 characters of Russian or Dutch with entities, forwards,
media, service messages, and now and then a control character written as the exporter writes it. Reading runs in a
process of its own, so that its peak of memory is its own; nothing is matched or stored. The same bytes are read once
more in plain chunks, which gives the share of the time that the disk takes.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WORDS = {
    "ru": "утром город дорога сегодня погода область работа школа люди сообщили вода район ночью сильный дождь ремонт",
    "nl": "ochtend stad weg vandaag weer regio werk school mensen melden water district nacht zware regen reparatie",
}
READER = """
import resource, sys, time
from collections import Counter
from pathlib import Path
from monitor.sources.files import read_file
began = time.perf_counter()
kinds = Counter(type(read).__name__ for read in read_file(Path(sys.argv[1])))
seconds = time.perf_counter() - began
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(f"{kinds['Post']:,} posts, {kinds['Skipped']:,} passed over, {kinds['Rejected']:,} rejected")
print(f"{seconds:.1f} s, {kinds['Post'] / seconds:,.0f} posts/s, peak of memory {peak:.0f} MB")
"""


def message(number: int, chance: random.Random) -> str:
    """One message as the exporter writes it."""
    words = " ".join(chance.choices(WORDS[chance.choice(("ru", "nl"))].split(), k=100))
    moment = 1685577600 + number * 7
    record: dict[str, object] = {
        "id": number,
        "type": "service" if number % 500 == 0 else "message",
        "date": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(moment)),
        "date_unixtime": str(moment),
        "from": "Новости района",
        "from_id": "channel1700000077",
    }
    if number % 9 == 0:
        record |= {"forwarded_from": "Соседи", "forwarded_from_id": "channel1700000088"}
    if number % 4 == 0:
        record |= {"photo": f"photos/photo_{number}.jpg", "photo_file_size": 120_000, "width": 1280, "height": 720}
    bold = {"type": "bold", "text": words[:30]}
    record |= {"text": [bold, words[30:]], "text_entities": [bold, {"type": "plain", "text": words[30:]}]}
    written = json.dumps(record, ensure_ascii=False, indent=1)
    return written.replace(" ", "\\x0B", 1) if number % 1000 == 0 else written


def write_export(path: Path, size: int, seed: int = 1) -> int:
    """Write an export of at least `size` bytes; return how many messages it holds."""
    chance = random.Random(seed)
    texts = [message(number, chance).encode() for number in range(1, 2001)]
    number = written = 0
    with path.open("wb") as file:
        file.write('{\n "name": "Новости района",\n "type": "public_channel",\n "id": 1700000077,\n'.encode())
        file.write(b' "messages": [\n')
        while written < size:
            number += 1
            text = texts[number % len(texts)]
            # The texts repeat, ids do not.
            text = b'{\n "id": %d,' % number + text[text.index(b",") + 1 :]
            written += file.write((b",\n" if number > 1 else b"") + text)
        file.write(b"\n ]\n}\n")
    return number


def main() -> None:
    """Print the figures of one run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=2048, help="size of the export (default: %(default)s)")
    parser.add_argument("--folder", help="where the export is put for the time of the run (default: a temporary one)")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=args.folder) as folder:
        path = Path(folder, "result.json")
        count = write_export(path, args.megabytes * 1_000_000)
        print(f"{path.stat().st_size / 1e6:,.0f} MB, {count:,} messages", flush=True)
        subprocess.run([sys.executable, "-c", READER, str(path)], check=True)
        began = time.perf_counter()
        with path.open("rb") as file:
            while file.read(1 << 20):
                pass
        print(f"the bytes alone: {time.perf_counter() - began:.1f} s")


if __name__ == "__main__":
    main()
