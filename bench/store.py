"""Stores generated posts: how many a second are written with the search index, and found again as known.

    python bench/store.py [--posts 100000]

Posts are about 660 characters of Cyrillic syllables from 200 channels, in batches of 100, each batch one transaction on
disk; one post in twenty has matches, a story and an alert. No rules run: this is the store alone.
"""

from __future__ import annotations

import argparse
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.models import Channel, Due, EntityMention, Findings, Level, Match, Mention, Post, StoryChoice
from monitor.store.records import Entry, Fresh
from monitor.store.store import Store

BATCH = 100
NOW = datetime(2024, 1, 1, tzinfo=UTC)
SYLLABLES = (
    "ва",
    "го",
    "де",
    "жи",
    "ку",
    "ле",
    "мо",
    "на",
    "по",
    "ра",
    "бор",
    "дом",
    "лес",
    "мир",
    "рек",
    "сад",
    "год",
)


def posts(count: int) -> Iterator[list[Post]]:
    """Give `count` generated posts in batches, the same at every call."""
    chance = random.Random(1)
    words = ["".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))) for _ in range(20_000)]
    batch: list[Post] = []
    for number in range(count):
        text = " ".join(chance.choices(words, k=85)).capitalize()
        channel = Channel(1_000_000_000 + number % 200, f"channel_{number % 200}")
        date = NOW - timedelta(days=200) + timedelta(seconds=number)
        raw = f'{{"id": {number // 200 + 1}, "text": "{text}"}}'.encode()
        batch.append(Post(channel, number // 200 + 1, date, text, raw, source="bench.jsonl"))
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def entry(fresh: Fresh, index: int) -> Entry:
    """What the pipeline would hand back: every twentieth post with findings."""
    post = fresh.post
    folded = post.text.lower()
    if index % 20:
        return Entry(fresh, "ru", Findings((), ()), folded, None, None)
    term = Mention(0, 6, folded[:6], "слово", "genitive", rule="prisoners", term="captive")
    person = Mention(8, 14, folded[8:14], "Имя", "dative", entity="somebody")
    findings = Findings(
        (Match("prisoners", "Prisoners", Level.HIGH, (term,)),),
        (EntityMention("somebody", "person", "Somebody", (person,)),),
    )
    return Entry(fresh, "ru", findings, folded, StoryChoice(post.raw[:32]), Due(Level.HIGH, True, post.date))


def replay(store: Store, count: int) -> tuple[int, float, float]:
    """Store what is fresh; return how many posts were, and the seconds spent in `fresh` and in `record`."""
    stored, looking, writing = 0, 0.0, 0.0
    for batch in posts(count):
        began = time.perf_counter()
        fresh = store.fresh(batch, NOW)
        looking += time.perf_counter() - began
        entries = [entry(one, index) for index, one in enumerate(fresh)]
        if entries:
            began = time.perf_counter()
            store.record(entries, NOW)
            writing += time.perf_counter() - began
            stored += len(entries)
    return stored, looking, writing


def main() -> None:
    """Print the figures of one run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=100_000)
    count: int = parser.parse_args().posts
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "bench.db")
        with Store.open(path) as store:
            for name in ("first replay", "second replay"):
                stored, looking, writing = replay(store, count)
                line = f"{name}: {stored:,} stored, looked up {count / looking:,.0f} posts/s"
                print(line + (f", written {stored / writing:,.0f} posts/s" if writing else ""))
            for words in ("борлес*", '"борлес дом*"', "ваго"):
                began = time.perf_counter()
                found = len(store.search(words))
                print(f"search {words}: {found} shown, {(time.perf_counter() - began) * 1000:.1f} ms")
            began = time.perf_counter()
            broken = store.verify_chain()
            print(f"chain: {count / (time.perf_counter() - began):,.0f} records/s, {broken or 'whole'}")
        print(f"file: {path.stat().st_size / 1e6:.0f} MB, {path.stat().st_size / count:,.0f} bytes a post")
    print(f"peak of memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
