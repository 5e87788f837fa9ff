"""Matching, side by side with other ways, on the same generated posts and forms, in one run and on one core.

    python bench/matching.py [--persons 10000] [--posts 2000] [--growth] [--no-peers] [--peer spaCy]

Posts are about 660 characters of common words; one in five names somebody. Peers get every form of every surname as a
pattern and look for whole words; what they find and the engine does not (or the other way round) is counted and shown.
pyahocorasick and spaCy come with the extra `bench`; what is not installed is left out. Times are CPU times.
"""

from __future__ import annotations

import argparse
import gc
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import ahocorasick_rs

from monitor.language.fold import Folded, fold
from monitor.language.words import is_boundary
from monitor.models import Level, Span
from monitor.rules import cache
from monitor.rules.compiler import build_lexicon, compile_rules
from monitor.rules.condition import TermRef
from monitor.rules.lexicon import Lexicon, Shape
from monitor.rules.loader import load
from monitor.rules.matcher import Matcher
from monitor.rules.schema import Entity, Place, Rule, RuleSet, Surname, Term, Tests

COMMON = (
    """
утром город дорога сегодня погода область работа школа люди сообщили вода район ночью сильный дождь ремонт новый
автобус рынок власти время помощь улица река поле завод урожай цены праздник концерт команда матч на по из до от
""",
    """
вранці місто дорога сьогодні погода область робота школа люди повідомили вода район вночі сильний дощ ремонт новий
автобус ринок влада час допомога вулиця річка поле завод врожай ціни свято концерт команда матч на та по із до
""",
    """
ochtend stad weg vandaag weer regio werk school mensen melden water district nacht zware regen reparatie nieuwe bus
markt bestuur tijd hulp straat rivier brug veld fabriek oogst prijzen feest concert ploeg wedstrijd in de en met op
""",
)
TERMS = """
эвакуация пленный обмен обстрел беспилотник тревога убежище раненый погибший ракета снаряд взрыв граница
колонна солдат офицер бригада корпус наступление отступление окружение перемирие переговоры санкция заявление
допрос освобождение захват оборона укрепление мобилизация призыв доброволец наёмник разведка диверсант конвой
госпиталь беженец переправа плотина авария пожар паводок карантин митинг обыск арест приговор взятка хищение
губернатор министр депутат посол генерал адмирал командир капитан сержант танк самолёт вертолёт катер подлодка
миномёт пулемёт автомат граната мина патрон топливо склад аэродром вокзал порт тоннель станция больница
котельная подстанция газопровод нефтебаза посёлок деревня хутор окраина перекрёсток блокпост пропуск паспорт
виза пособие выплата компенсация жалоба петиция опрос выборы референдум
"""
ROOTS = """
бел гор кор лес мор нос пет рыб сил тар фед цвет черн шир вол глад дем ерм жук зим кап лав мед ник ост пав рог
сав тим уст фом хар чуб шут як баран вар гриш дан ив кар леб май нест орл пан род сем тур фил ход шев юр
алексе бог влас
"""
MIDDLES = (
    "ад ен ит ор ух ыш ав ел ин ов уг ак ам ап ас ат ед еж ем ер ес ик ис об ог од ос от уб уд ул ун ур ус яг ят ян яр"
)
TAILS = "ов ев ин ский ченко чук енко овский"
GIVEN = "Иван Пётр Сергей Андрей Евгений Владимир Рамзан Денис Олег Юрий Павел Михаил"
HERE = Place("bench", 1, 1)


def persons(count: int) -> RuleSet:
    """Generate persons with surnames of their own."""
    chance = random.Random(1)
    roots, middles, tails, given = ROOTS.split(), MIDDLES.split(), TAILS.split(), GIVEN.split()
    surnames: dict[str, None] = {}
    while len(surnames) < count:
        middle = "".join(
            chance.choice(middles) for _ in range(chance.choice((0, 1, 1, 2) if count <= 20_000 else (1, 2, 3)))
        )
        surnames[(chance.choice(roots) + middle + chance.choice(tails)).capitalize()] = None
    entities = tuple(
        Entity(
            id=f"person-{number}",
            kind="person",
            gender="m",
            name=surname,
            forms={"ru": (f"{chance.choice(given)} {surname}",)},
            aliases={},
            surname=Surname("alone"),
            never=(),
            unless={},
            tests=Tests(),
            place=HERE,
        )
        for number, surname in enumerate(surnames)
    )
    return RuleSet((), entities)


def terms() -> RuleSet:
    """Give a hundred rules of one term each."""
    rules = tuple(
        Rule(
            id=f"rule-{number}",
            title=word,
            level=Level.LOW,
            raises={},
            terms={"word": (Term("word", "ru", word, "bare", HERE),)},
            when=TermRef("word"),
            when_text="word",
            tests=Tests(),
            place=HERE,
        )
        for number, word in enumerate(TERMS.split()[:100])
    )
    return RuleSet(rules, ())


def posts(count: int, forms: list[str]) -> list[str]:
    """Generate posts; one in five has one of the forms in it."""
    chance = random.Random(2)
    made = []
    for _ in range(count):
        words = chance.choice(COMMON).split()
        text = " ".join(chance.choice(words) for _ in range(120))[:640]
        if chance.random() < 0.2:
            middle = text.index(" ", 300)
            text = f"{text[:middle]}. {chance.choice(forms).capitalize()}{text[middle:]}"
        made.append(text)
    return made


def words_of(lexicon: Lexicon) -> list[str]:
    """Give every form of one word in the lexicon."""
    return sorted(
        {
            stem + ending
            for number, stem in enumerate(lexicon.stems)
            for entry in range(lexicon.first[number], lexicon.first[number + 1])
            if lexicon.shape_of[entry] in (Shape.WORD, Shape.SURNAME)
            for ending in lexicon.paradigms[lexicon.paradigm_of[entry]].endings
        }
    )


def resident() -> float:
    """Memory of this process in MB (0 where /proc has nothing)."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    return int(re.search(r"VmRSS:\s+(\d+)", status.read_text())[1]) / 1024  # type: ignore[index]  # Linux has the line


def rate(search: Callable[[str], object], texts: list[str], seconds: float = 1.5) -> float:
    """Posts per second, the best of several rounds over fresh strings."""
    best, spent = 0.0, 0.0
    while spent < seconds:
        fresh = [(text + " ")[:-1] for text in texts]
        started = time.process_time()
        for text in fresh:
            search(text)
        took = time.process_time() - started
        best, spent = max(best, len(texts) / took), spent + took
    return best


def peers(forms: list[str]) -> Iterator[tuple[str, Callable[[], Callable[[str], list[Span]]]]]:
    """Yield the name of each peer and what builds it; a built peer gives the spans of whole words."""

    def rust() -> Callable[[str], list[Span]]:
        automaton = ahocorasick_rs.AhoCorasick(forms, store_patterns=False)

        def search(text: str) -> list[Span]:
            folded = fold(text)
            hits = automaton.find_matches_as_indexes(folded.text, overlapping=True)
            return [
                folded.span(s, e) for _, s, e in hits if is_boundary(folded.text, s) and is_boundary(folded.text, e)
            ]

        return search

    yield "ahocorasick_rs alone", rust
    if find_spec("ahocorasick"):
        yield "pyahocorasick", lambda: _pyahocorasick(forms)
    yield "re alternation", lambda: _alternation(forms)
    if find_spec("spacy"):
        yield "spaCy EntityRuler", lambda: _entity_ruler(forms)


def _whole_words(folded: Folded, spans: list[Span]) -> list[Span]:
    text = folded.text
    return [folded.span(start, end) for start, end in spans if is_boundary(text, start) and is_boundary(text, end)]


def _pyahocorasick(forms: list[str]) -> Callable[[str], list[Span]]:
    import ahocorasick

    automaton = ahocorasick.Automaton()
    for form in forms:
        automaton.add_word(form, len(form))
    automaton.make_automaton()

    def search(text: str) -> list[Span]:
        folded = fold(text)
        spans = [(end + 1 - size, end + 1) for end, size in automaton.iter(folded.text)]
        return _whole_words(folded, spans)

    return search


def _alternation(forms: list[str]) -> Callable[[str], list[Span]]:
    pattern = re.compile(r"\b(?:" + "|".join(sorted(map(re.escape, forms), key=len, reverse=True)) + r")\b")

    def search(text: str) -> list[Span]:
        folded = fold(text)
        return [folded.span(*match.span()) for match in pattern.finditer(folded.text)]

    return search


def _entity_ruler(forms: list[str]) -> Callable[[str], list[Span]]:
    import spacy

    language = spacy.blank("xx")
    ruler = language.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
    ruler.add_patterns([{"label": "PERSON", "pattern": form} for form in forms])

    def search(text: str) -> list[Span]:
        return [(found.start_char, found.end_char) for found in language(text).ents]

    return search


def compared(matcher: Matcher, search: Callable[[str], list[Span]], texts: list[str]) -> str:
    """Say how many hits are the same, and show some that only one of the two has."""
    same, only_peer, only_ours = 0, [], []
    for text in texts:
        ours = [one.span for entity in matcher.find(text).entities for one in entity.mentions]
        theirs = search(text)
        for start, end in theirs:
            if any(first <= start and end <= last for first, last in ours):
                same += 1
            else:
                only_peer.append(text[start:end])
        only_ours += [text[s:e] for s, e in ours if not any(s <= start and end <= e for start, end in theirs)]
    shown = [
        f"{name}: {', '.join(found[:4])}"
        for name, found in (("peer only", only_peer), ("ours only", only_ours))
        if found
    ]
    return f"{same} same, {len(only_peer)} only there, {len(only_ours)} only here {' | '.join(shown)}"


def line(name: str, *cells: str) -> None:
    """Print one row."""
    print(f"{name:28}" + "  ".join(f"{cell:>16}" for cell in cells), flush=True)


def measure_persons(count: int, number_of_posts: int, with_peers: bool, only: str = "") -> float:
    """Print the figures for so many persons; return seconds per post."""
    rules = persons(count)
    gc.collect()
    before = resident()
    started = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        matcher = compile_rules(rules, cache=Path(folder))
        cold, grown = time.process_time() - started, resident() - before
        started = time.process_time()
        compile_rules(rules, cache=Path(folder))
        kept = time.process_time() - started
        size = sum(file.stat().st_size for file in Path(folder).iterdir()) / 1e6
    lexicon = build_lexicon(rules) if with_peers else cache.load(Path(folder), "none")
    forms = words_of(lexicon) if lexicon else [entity.name for entity in rules.entities]
    texts = posts(number_of_posts, forms)
    ours = rate(matcher.find, texts)
    times = (f"cold {cold:.2f} s", f"kept {kept:.2f} s")
    line(f"{count} persons", f"{ours:,.0f} posts/s", *times, f"+{grown:.0f} MB", f"{size:.1f} MB file")
    if with_peers:
        print(f"  {len(forms):,} forms for the peers")
        for name, build in peers(forms):
            if not name.startswith(only):
                continue
            gc.collect()
            before, started = resident(), time.process_time()
            search = build()
            built, grown = time.process_time() - started, resident() - before
            few = texts[: 100 if name.startswith(("re", "spaCy")) else len(texts)]
            # Ours is measured anew before and after, so that a busy machine does not favour either side.
            before_it, theirs, after_it = (
                rate(matcher.find, texts, 0.5),
                rate(search, few, 0.5),
                rate(matcher.find, texts, 0.5),
            )
            times_slower = (before_it + after_it) / 2 / theirs
            speed = (f"{theirs:,.0f} posts/s", f"{times_slower:.1f} x slower")
            line(f"  {name}", *speed, f"built {built:.2f} s", f"+{grown:.0f} MB")
            print(f"    {compared(matcher, search, few)}")
    return 1 / ours


def main() -> None:
    """Print the figures of one run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=10_000)
    parser.add_argument("--posts", type=int, default=2_000)
    parser.add_argument("--growth", action="store_true", help="100, 1,000 … 100,000 persons, ours alone")
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--peer", default="", help="only the peers whose names begin so")
    options = parser.parse_args()
    rules = terms()
    matcher = compile_rules(rules)
    texts = posts(options.posts, words_of(build_lexicon(rules)))
    line("100 terms", f"{rate(matcher.find, texts):,.0f} posts/s", f"fold {rate(fold, texts):,.0f}")
    bundled = compile_rules(load([]))
    texts = posts(options.posts, words_of(build_lexicon(bundled.rules)))
    size = f"{len(bundled.rules.rules)} rules, {len(bundled.rules.entities)} entities"
    line("bundled packs", f"{rate(bundled.find, texts):,.0f} posts/s", size)
    if options.growth:
        costs = {count: measure_persons(count, options.posts, False) for count in (100, 1_000, 10_000, 100_000)}
        print(f"a post costs {costs[100_000] / costs[100]:.1f} times as much with 100,000 persons as with 100")
    else:
        measure_persons(options.persons, options.posts, not options.no_peers, options.peer)


if __name__ == "__main__":
    sys.exit(main())
