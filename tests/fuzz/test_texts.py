"""Text of any characters: folding, words, detection, matching, numbers, stories and the passage of an alert."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import orjson

from monitor.alerts.footers import Footers
from monitor.alerts.message import units
from monitor.alerts.near_copies import Said, added
from monitor.alerts.passage import passage
from monitor.alerts.render import render
from monitor.alerts.silences import plain_words
from monitor.alerts.tellings import telling
from monitor.language.detect import detect
from monitor.language.fold import fold, fold_form
from monitor.language.numbers import numbers
from monitor.language.searching import search_forms
from monitor.language.words import broken, hashtag_parts, hashtags, is_boundary, opaque, spaced, words
from monitor.models import Findings, Span
from tests.alerts_example import example
from tests.fuzz import mutation
from tests.fuzz.running import Parser, quick_and_long
from tests.fuzz.scratch import packs
from tests.test_fold import CASES

SEEDS = Path(__file__).parent.parent.parent / "seeds"
LONGEST_MESSAGE = 4096  # UTF-16 units
STEERS = re.compile("[\0-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]")


def _seeds() -> list[str]:
    found = [published for published, _ in CASES.values()]
    for path in sorted(SEEDS.glob("*.jsonl")):
        found += [orjson.loads(line)["text"] for line in path.read_bytes().splitlines()]
    return [
        *found,
        "Пленных двое: https://t.me/news/12?single, @news_example и пресс-служба@example.org; «Свобода России» 17:00",
        "#ПригожинЖив #Шебекино_эвакуация п л е н н ы е п.л.е.н При💥гожин **Ш**ебекино 1 200 тыс. 2,5 млн",
        "Gevangenen geruild bij Sjebekino. Les prisonniers de guerre d'Azov, l'échange. Jeńcy wojenni, wymiana.",
    ]


TEXTS = _seeds()


def _text(random: Random) -> str:
    return mutation.noise(random) if random.random() < 0.1 else mutation.text(random, TEXTS)


def _lie_within(spans: list[Span], length: int, *, apart: bool = False) -> None:
    assert all(0 <= start < end <= length for start, end in spans), (spans, length)
    assert spans == sorted(spans)
    if apart:
        assert all(one[1] <= other[0] for one, other in pairwise(spans)), spans


def folded(text: str) -> None:
    """Fold a text: folding again changes nothing, and every folded character leads back into the text."""
    found = fold(text)
    assert fold_form(found.text) == found.text
    spans = [found.span(at, at + 1) for at in range(len(found.text))]
    _lie_within(spans, len(text))
    assert found.span(0, len(found.text))[1] <= len(text)


def parted(text: str) -> None:
    """Find words, hashtags, links, spaced and broken words: spans in order within the text."""
    found = fold(text)
    spans = words(found.text)
    _lie_within(spans, len(found.text), apart=True)
    assert all(is_boundary(found.text, start) and is_boundary(found.text, end) for start, end in spans)
    _lie_within(opaque(text), len(text), apart=True)
    for start, end in hashtags(text):
        _lie_within(hashtag_parts(text[start:end]), end - start, apart=True)
    _lie_within([one.span(0, len(one.places)) for one in spaced(found)], len(found.text))
    assert all(0 <= start < end <= len(found.text) for _, (start, end) in broken(found))
    assert all(value for value, _ in numbers(found.text))
    _lie_within([span for _, span in numbers(found.text)], len(found.text))
    plain_words(text)


def detected(text: str) -> None:
    """Tell the language: one there is, and the same each time."""
    found = detect(text)
    assert found is None or (found.isalpha() and len(found) == 2)
    assert detect(text, "uk") == detect(text, "uk")


def matched(text: str) -> None:
    """Match a text by the bundled rules: spans lie in the text, in order, and hold something that is shown."""
    found = packs().find(text)
    _lie_within(found.spans, len(text))
    for match in found.matches:
        assert all(mention.rule or mention.entity for mention in match.mentions)
    assert all(one.mentions for one in found.entities)
    assert all(text[start:end].strip() for start, end in found.spans)


def explained(text: str) -> None:
    """Explain a text: the rules that fire are those that match."""
    said = packs().explain(text)
    assert [one.rule.id for one in said.rules if one.verdict.value] == [one.rule for one in packs().find(text).matches]


def compared(text: str) -> None:
    """Reduce a post to what it says: it is a copy of itself, and of nothing where it is compared with nothing."""
    footers = Footers()
    for learnt in (text, f"{text}\n\nподписаться", text[: len(text) // 2]):
        footers.learn(1, fold_form(learnt))
    one = telling(text, Findings((), ()), 1, footers, "1/1")
    assert added(one, Said.of([one])) == ()
    assert list(one.sketch) == sorted(set(one.sketch))
    assert len(one.key) == 32


def shown(text: str) -> None:
    """Cut and render a text: within Telegram's limit, with nothing in it that steers a terminal."""
    found = packs().find(text)
    cut = passage(text, found.spans, 200)
    assert len(cut.text) <= 200
    assert all(0 <= start <= end <= len(cut.text) for start, end in cut.spans)
    rendered = render(example(text, (), body=text), zone=ZoneInfo("Europe/Kyiv"))
    assert units(rendered.text) <= LONGEST_MESSAGE
    assert not STEERS.search(rendered.text)


def _word(random: Random) -> str:
    return mutation.text(random, ["пленный", "Шебекино", "gevangene", "Prigozhin", "п'ять", "жінка"], soup=0.1)[:40]


def searched(word: str) -> None:
    """Work out by which forms a word is found: its own is one."""
    assert fold_form(word) in search_forms(word)


PARSERS = [
    Parser("folding", _text, folded, 30_000),
    Parser("words, links, numbers", _text, parted, 30_000),
    Parser("detection", _text, detected, 30_000),
    Parser("matching", _text, matched, 20_000, packs),
    Parser("explaining", _text, explained, 5_000, packs),
    Parser("stories", _text, compared, 15_000),
    Parser("passages and messages", _text, shown, 10_000, packs),
    Parser("words of a search", _word, searched, 5_000),
]
test_quick, test_long = quick_and_long(PARSERS)
