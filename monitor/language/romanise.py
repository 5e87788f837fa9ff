"""From a Cyrillic name to the spellings that newspapers and standards of other languages give it. Pure.

Spellings are generated, not folded to a sound: too many ordinary words sound like names. A unit that has several
spellings in a language is written alike throughout a word, the usual spelling of each unit comes first, and the number
of spellings a word has in a language is bounded.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, product

from monitor.language.cyrillic import in_other_cyrillic
from monitor.language.fold import fold_form
from monitor.language.spelling_tables import CONVENTIONAL, TABLES, Table

LANGUAGES = ("en", "nl", "de", "fr", "pl")
MOST = 12  # spellings of one word in one language
_VOWELS = frozenset("аеёиіїоуыэюяє")
_HUSHING = frozenset("жшчщц")
_HARD = frozenset("аоуыэ")
_OPENS = _VOWELS | frozenset("ьъ'")
_ENDS = ("цький", "ський", "цкий", "ский", "скі", "ий", "ый", "ій", "ин", "ын", "ін", "ая", "ів", "їв")
_PAIRS = "дж кс жж ьё ье ья ью ль нь сь ць зь ля лю ле ьо йо оу 'я"
_GROUPS = frozenset(_PAIRS.split())
_APOSTROPHES = str.maketrans(dict.fromkeys("’ʼ`´", "'"))
_STANDARDS = {
    "en": "English (BGN/PCGN, passports, newspapers)",
    "nl": "Dutch (Taalunie, newspapers)",
    "de": "German (Duden, newspapers)",
    "fr": "French (newspapers)",
    "pl": "Polish (PWN)",
}


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way to write a name: the text, in which language, and by which custom."""

    text: str
    language: str
    via: str


@lru_cache(maxsize=20_000)
def spellings(word: str, source: str) -> tuple[Spelling, ...]:
    """Return the spellings of one Cyrillic word (`source`: ru, uk or be) in English, Dutch, German, French and Polish.

    The word is in dictionary form and so are the spellings; the most usual comes first in each language. Capitals are
    kept at the start of the parts of a word with hyphens. Spellings that differ in accents alone are given once.
    """
    found: list[Spelling] = []
    for language in LANGUAGES:
        seen: set[str] = set()
        for text in _in_language(word, source, language):
            folded = fold_form(text)
            if folded and folded not in seen:
                seen.add(folded)
                found.append(Spelling(text, language, _STANDARDS[language]))
    return tuple(found)


def _in_language(word: str, source: str, language: str) -> Iterator[str]:
    parts = [
        [*islice(_part(part, TABLES[source][language]), MOST), *CONVENTIONAL.get(part.lower(), {}).get(language, ())]
        for part in word.translate(_APOSTROPHES).split("-")
    ]
    for chosen in islice(product(*parts), MOST + 4):
        yield "-".join(chosen)


def _part(part: str, table: Table) -> Iterator[str]:
    """Give the spellings of a word without hyphens, those nearest to the usual one first."""
    units = _units(part.lower(), table)
    choices = {unit: table.get(unit, ("",) if not unit.isascii() else (unit,)) for unit in units}
    varying = [unit for unit, spelt in choices.items() if len(spelt) > 1]
    for picked in _nearest_first([len(choices[unit]) for unit in varying]):
        chosen = dict(zip(varying, picked, strict=True))
        text = "".join(choices[unit][chosen.get(unit, 0)] for unit in units)
        yield text[:1].upper() + text[1:] if part[:1].isupper() else text


def _nearest_first(sizes: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Give all picks of one index each below `sizes`, by how far they are from all zeros."""
    start = (0,) * len(sizes)
    waiting, seen = [(0, start)], {start}
    while waiting:
        distance, pick = heapq.heappop(waiting)
        yield pick
        for at, size in enumerate(sizes):
            further = (*pick[:at], pick[at] + 1, *pick[at + 1 :])
            if further[at] < size and further not in seen:
                seen.add(further)
                heapq.heappush(waiting, (distance + 1, further))


def _units(word: str, table: Table) -> list[str]:
    """Cut a word into the units of a table."""
    end = next((end for end in _ENDS if word.endswith(end) and end in table and len(word) > len(end) + 1), "")
    stem = word.removesuffix(end) if end else word
    units: list[str] = []
    at = 0
    while at < len(stem):
        group = stem[at : at + 2]
        softened = group[1:] == "ь" and stem[at + 1 : at + 3] in table  # "нья" is н and ья, not нь and я
        if group in _GROUPS and group in table and not softened:
            units.append(group)
            at += 2
            continue
        units.append(_unit(stem[at], stem[:at], (stem[at + 1 :] + end)[:1], table))
        at += 1
    return units + ([end] if end else [])


def _unit(letter: str, before: str, after: str, table: Table) -> str:
    """Name the unit of a letter by its surroundings, as far as the table tells them apart."""
    last = before[-1:]
    candidates = []
    if letter in "еёєїюяй" and (not last or last in _OPENS):
        candidates += [f"{last}{letter}"] if letter == "я" and last in "иі" else []
        candidates.append(f"^{letter}")
    if last in _HUSHING:
        candidates.append(f"!{letter}")
    if letter in "иі" and last and last in _VOWELS:
        candidates.append("и+")
    if letter in "гкх" and after in ("е", "и", "і", "є", "э", "ю"):
        candidates.append(f"~{letter}")
    if letter == "с" and last and last in _VOWELS and after and after in _VOWELS:
        candidates.append("с+")
    if letter == "л" and (not after or after in _HARD or after not in _VOWELS | {"ь"}):
        candidates.append("=л")
    return next((unit for unit in candidates if unit in table), letter)


__all__ = ["Spelling", "in_other_cyrillic", "spellings"]
