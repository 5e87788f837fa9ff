"""From a romanised name back to the Cyrillic words that it may stand for: for a search, which may find too much. Pure.

The tables of `romanise` are read backwards, and what comes out is romanised again: only words of which the name is a
spelling are left.
"""

from __future__ import annotations

import heapq
import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache, lru_cache
from itertools import islice

from monitor.language.fold import fold_form
from monitor.language.romanise import LANGUAGES, spellings
from monitor.language.spelling_tables import TABLES

SOURCES = ("ru", "uk")
# й ends a syllable, ь follows a consonant, ы does not follow a vowel.
_UNREADABLE = re.compile(r"(?<![аеєиіїоуыэюя])й|й[аеєиіїоуыэюяйь]|(?:^|[аеєиіїоуыэюя])ь|ь[ьаоуыэи]|^ы|[аеєоуыэюя]ы")
MOST = 6  # Cyrillic words that are given in one language
_TRIED = 60  # readings of one spelling (and of each beginning of it) that are looked at, the likeliest
_LONGEST = 30  # letters; a longer word is no name
_MARKS = "^~!+="  # of a unit in its surroundings
_ALPHABET = {"ru": frozenset("абвгдежзийклмнопрстуфхцчшщыьэюя"), "uk": frozenset("абвгґдеєжзиіїйклмнопрстуфхцчшщьюя'")}
_SELDOM = frozenset("ґэїщ")


@lru_cache(maxsize=1000)
def cyrillic_of(word: str) -> tuple[tuple[str, str], ...]:
    """Return the Cyrillic words of which a Latin one is a spelling, with their languages (ru, uk); none for no name."""
    folded = fold_form(word)
    if not folded.isalpha() or len(folded) > _LONGEST:
        return ()
    found: list[tuple[str, str]] = []
    for source in SOURCES:
        costs: dict[str, int] = {}
        for language in LANGUAGES:
            for cost, reading in _readings(folded, source, language):
                costs[reading] = min(cost, costs.get(reading, cost))
        likeliest = sorted(costs, key=lambda one: (costs[one], one))
        right = (one for one in likeliest if any(fold_form(made.text) == folded for made in spellings(one, source)))
        found += [(one, source) for one in islice(right, MOST)]
    return tuple(found)


@cache
def _backwards(source: str, language: str) -> Mapping[str, tuple[tuple[int, str], ...]]:
    """Lead from each spelling to the letters that it stands for, with how unusual that is (0: the usual spelling)."""
    letters: dict[str, dict[str, int]] = defaultdict(dict)
    for unit, spelt in TABLES[source][language].items():
        plain = unit.strip(_MARKS)
        if not _ALPHABET[source].issuperset(plain):
            continue
        for rank, spelling in enumerate(spelt):
            text = fold_form(spelling)
            if text and plain not in letters[text]:
                letters[text][plain] = rank + 2 * sum(letter in _SELDOM for letter in plain)
    return {text: tuple(sorted((rank, letter) for letter, rank in ranked.items())) for text, ranked in letters.items()}


def _readings(folded: str, source: str, language: str) -> list[tuple[int, str]]:
    """Return the likeliest readings of a spelling with their costs: few long units in their usual spelling.

    Of each beginning of the word only as many are kept: all of them together double with each letter or so.
    """
    table = _backwards(source, language)
    longest = max(map(len, table))
    readings = [[(0, "")]]
    for end in range(1, len(folded) + 1):
        costs: dict[str, int] = {}
        for start in range(max(0, end - longest), end):
            for rank, letter in table.get(folded[start:end], ()):
                for cost, read in readings[start]:
                    reading, total = read + letter, cost + 1 + rank
                    if total < costs.get(reading, total + 1) and not _UNREADABLE.search(reading):
                        costs[reading] = total
        readings.append(heapq.nsmallest(_TRIED, ((cost, reading) for reading, cost in costs.items())))
    return readings[-1]
