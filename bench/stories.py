"""Makes edited copies of real posts and says how many are found again, which different posts were merged, and the cost.

    python bench/stories.py POSTS.jsonl [--posts 1500] [--load 100000]

POSTS.jsonl has `{"channel", "id", "date", "text"}` a line. Every post opens a story; then each of its edited copies is
published by another channel: with a footer, a header, in capitals, with typing errors, cut to 70 %, with a footer in
another language, as a forward, and with all of it. Each of those channels has posts of its own under the same footer.
Every post counts as one on which a rule fired, which is the hardest case: there is nothing else to tell posts apart.
Each merge of two different originals is printed, to be judged by eye.

`--load` then runs so many generated posts a day, all different, for two days, and prints time and memory by the hour.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import resource
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zlib import crc32

from monitor.alerts.footers import Footers
from monitor.alerts.near_copies import Said
from monitor.alerts.stories import StoryIndex
from monitor.alerts.tellings import Telling, telling
from monitor.language.fold import fold_form
from monitor.models import Findings, Level, Match

FOUND = Findings((Match("any", "Any post", Level.LOW, ()),), ())
NOON = datetime(2024, 1, 1, 12, tzinfo=UTC)
FOOTERS = (
    "\n\nПодписаться на канал Вести Приграничья",
    "\n\n⚡️ Наш чат | Прислать новость | Буст",
    "\n\nБольше новостей у нас @border_news",
)
TRANSLATED = (
    "\n\nSubscribe to Border News",
    "\n\nПідписатися на Вісті Прикордоння",
    "\n\nVolg ons op Telegram",
)
HEADERS = ("⚡️⚡️⚡️ СРОЧНО\n\n", "❗️Молния. ", "Внимание!\n")


def _typos(text: str, chance: random.Random) -> str:
    """Misspell one word in twelve: two letters change places, one is doubled, left out or replaced."""
    words = text.split(" ")
    for at, word in enumerate(words):
        if len(word) < 5 or not word.isalpha() or chance.random() > 1 / 12:
            continue
        place = chance.randrange(1, len(word) - 2)
        kind = chance.randrange(4)
        middle = (
            word[place + 1] + word[place],
            word[place] * 2 + word[place + 1],
            word[place + 1],
            chance.choice("аеиорнтск") + word[place + 1],
        )[kind]
        words[at] = word[:place] + middle + word[place + 2 :]
    return " ".join(words)


def _cut(text: str) -> str:
    return text[: int(len(text) * 0.7)]


EDITS: dict[str, Callable[[str, random.Random], str]] = {
    "exact": lambda text, chance: text,
    "footer": lambda text, chance: text + chance.choice(FOOTERS),
    "header": lambda text, chance: chance.choice(HEADERS) + text,
    "capitals": lambda text, chance: text.upper(),
    "typos": _typos,
    "cut to 70 %": lambda text, chance: _cut(text),
    "translated footer": lambda text, chance: text + chance.choice(TRANSLATED),
    "header, typos, cut, footer": lambda text, chance: (
        chance.choice(HEADERS) + _cut(_typos(text, chance)) + chance.choice(FOOTERS)
    ),
}
NAMES = ("Щетиновка", "Козинка", "Муром", "Середа", "Зиборовка", "Нехотеевка", "Бобровка", "Тишанка")


def _other_number(text: str, chance: random.Random) -> str | None:
    figures = list(re.finditer(r"(?<![\w.,:/-])\d+(?![\w.,:-])", text))
    if not figures:
        return None
    found = chance.choice(figures)
    return text[: found.start()] + str(int(found[0]) + chance.randint(1, 40)) + text[found.end() :]


def _other_name(text: str, chance: random.Random) -> str | None:
    names = list(re.finditer(r"(?<=[а-яё,] )[А-ЯЁ][а-яё]{3,}", text))
    if not names:
        return None
    found = chance.choice(names)
    return text[: found.start()] + chance.choice(NAMES) + text[found.end() :]


def _denied(text: str, chance: random.Random) -> str | None:
    places = list(re.finditer(r"(?<=[а-яё]) (?=[а-яё]{4,}(?:л|ла|ли|ло|ет|ют|ит|ят)\b)", text))
    if not places:
        return None
    found = chance.choice(places)
    return text[: found.start()] + " не " + text[found.end() :]


NEWS: dict[str, Callable[[str, random.Random], str | None]] = {
    "another number": _other_number,
    "another name": _other_name,
    "a denial": _denied,
}


class Reader:
    """What the pipeline does of one post, without rules and store."""

    def __init__(self) -> None:
        self.index = StoryIndex()
        self.footers = Footers()
        self.said: dict[int, Said] = {}
        self.stories = 0

    def read(self, channel: int, number: int, text: str, at: datetime) -> tuple[int, tuple[str, ...]]:
        """Return the story of a post and what it adds to the one that it nearly repeats."""
        post = self.telling(channel, number, text)
        choice = self.index.choose(post, at, 0, self.said.__getitem__)
        self.footers.learn(channel, fold_form(text))
        if choice.story is not None:
            self.index.stored({})
            return choice.story, ()
        self.stories += 1
        self.index.stored({0: self.stories})
        self.said[self.stories] = Said.of([post])
        return self.stories, choice.news

    def telling(self, channel: int, number: int, text: str) -> Telling:
        """Reduce a post to what it says."""
        return telling(text, FOUND, channel, self.footers, f"{channel}/{number}")


def copies(path: Path, most: int) -> None:
    """Print how many copies of each kind were found, and every merge of different posts."""
    chance = random.Random(1)
    posts = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()][:most]
    reader = Reader()
    story_of: dict[int, int] = {}
    by_story: dict[int, list[int]] = defaultdict(list)
    began = time.perf_counter()
    for number, post in enumerate(posts):
        story, _ = reader.read(crc32(post["channel"].encode()) & 0xFFFF, number, post["text"], NOON)
        story_of[number] = story
        by_story[story].append(number)
    merged = {story: numbers for story, numbers in by_story.items() if len(numbers) > 1}
    found: Counter[str] = Counter()
    wrong: list[tuple[str, int, int]] = []
    lost: dict[str, list[tuple[int, tuple[str, ...]]]] = defaultdict(list)
    channel = 1_000_000
    for kind, edit in EDITS.items():
        for number, post in enumerate(posts):
            if len(post["text"].split()) < 4:
                continue
            text = edit(post["text"], chance)
            # A channel for each footer: what it sets under all of its posts is learnt as the run goes on.
            tail = text.rsplit("\n", 1)[-1]
            story, news = reader.read(
                channel + crc32((tail if "footer" in kind else kind).encode()) % 1000, 10_000 + number, text, NOON
            )
            found[f"{kind} of"] += 1
            if story == story_of[number]:
                found[kind] += 1
            elif story <= len(by_story):
                wrong.append((kind, number, by_story[story][0]))
            else:
                lost[kind].append((number, news))
    total = sum(count for name, count in found.items() if name.endswith(" of"))
    print(f"{total + len(posts):,} posts in {time.perf_counter() - began:.1f} s")
    for kind in EDITS:
        of = found[f"{kind} of"]
        print(f"  {kind:28} {found[kind]:5} of {of} found ({found[kind] / of:.2%}), {len(lost[kind])} told anew")
        for number, news in lost[kind][:3]:
            print(f"      told anew: {posts[number]['text'][:70]!r}: {news[:4]}")
    news_told(posts, story_of, reader, chance)
    hits = sum(found[kind] for kind in EDITS)
    print(f"  all: {hits:,} of {total:,} ({hits / total:.2%}); {len(wrong)} went to another story")
    print(f"{len(merged)} stories joined different originals:")
    for numbers in merged.values():
        for number in numbers:
            print(f"  {posts[number]['channel']} {posts[number]['date']} {posts[number]['text'][:200]!r}")
        print()
    for kind, number, other in wrong:
        print(f"  {kind}: {posts[number]['text'][:120]!r}\n    went to {posts[other]['text'][:120]!r}")


def news_told(posts: list[dict[str, str]], story_of: dict[int, int], reader: Reader, chance: random.Random) -> None:
    """Print how many posts that repeat another one but for one fact were told, and those that were not."""
    for kind, edit in NEWS.items():
        told, folded = 0, []
        for number, post in enumerate(posts):
            text = edit(post["text"], chance)
            if text is None:
                continue
            story, _ = reader.read(3_000_000, 20_000 + number, text, NOON)
            if story == story_of[number]:
                folded.append((post["text"], text))
            else:
                told += 1
        print(f"  {kind:28} {told:5} of {told + len(folded)} told")
        for before, after in folded[:5]:
            at = next(at for at, (a, b) in enumerate(zip(before, after, strict=False)) if a != b)
            print(f"      folded: {before[max(0, at - 30) : at + 30]!r} -> {after[max(0, at - 30) : at + 30]!r}")


def _generated(count: int) -> Iterator[str]:
    chance = random.Random(2)
    syllables = ("ва", "го", "де", "жи", "ку", "ле", "мо", "на", "по", "ра", "бор", "дом", "лес", "мир", "рек", "сад")
    words = ["".join(chance.choices(syllables, k=chance.randint(2, 4))) for _ in range(20_000)]
    for _ in range(count):
        yield " ".join(chance.choices(words, k=85)) + "\nПодписаться на наш канал"


def load(a_day: int) -> None:
    """Print time and memory of each quarter of two days of different posts."""
    reader = Reader()
    span = timedelta(days=1) / a_day
    began = time.process_time()
    for number, text in enumerate(_generated(2 * a_day), 1):
        reader.read(number % 1000, number, text, NOON + number * span)
        reader.said.pop(reader.stories, None)
        if number % (a_day // 4) == 0:
            took = (time.process_time() - began) / (a_day // 4)
            held = _resident()
            print(
                f"  {number / a_day * 24:4.0f} h: {took * 1e6:5.0f} µs a post, {held:6.1f} MB,"
                f" {len(reader.index):,} texts"
            )
            began = time.process_time()


def _resident() -> float:
    """Return the memory of this process now, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def main() -> None:
    """Print the figures of one run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=Path)
    parser.add_argument("--posts", type=int, default=1500)
    parser.add_argument("--load", type=int, default=0, metavar="POSTS_A_DAY")
    args = parser.parse_args()
    copies(args.path, args.posts)
    if args.load:
        print(f"{args.load:,} posts a day, all different, each with a match:")
        load(args.load)
    print(f"peak of memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
