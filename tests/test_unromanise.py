"""From a romanised name back to Cyrillic, for a search in Latin letters."""

import pytest

from monitor.language.searching import search_forms
from monitor.language.unromanise import MOST, SOURCES, cyrillic_of

NAMES = {
    "prigozhin": {("пригожин", "ru"), ("пригожін", "uk")},
    "Prigozjin": {("пригожин", "ru")},
    "prigoschin": {("пригожин", "ru")},
    "Prigojine": {("пригожин", "ru")},
    "Prigożyn": {("пригожин", "ru")},
    "Sjebekino": {("шебекино", "ru"), ("шебекіно", "uk")},
    "zelensky": {("зеленский", "ru"), ("зеленський", "uk")},
    "kadyrov": {("кадыров", "ru"), ("кадиров", "uk")},
    "Schojgu": {("шойгу", "ru"), ("шойгу", "uk")},
    "Sjojgoe": {("шойгу", "ru")},
    "Bakhmut": {("бахмут", "ru"), ("бахмут", "uk")},
}


@pytest.mark.parametrize("name", NAMES)
def test_a_spelling_leads_to_the_names_that_it_is_of(name: str) -> None:
    found = cyrillic_of(name)
    assert set(found) >= NAMES[name]
    assert all(sum(language == source for _, language in found) <= MOST for source in SOURCES)


@pytest.mark.parametrize("word", ["пригожин", "b-52", "qqq", "", "a" * 40])
def test_what_is_no_romanised_name_leads_nowhere(word: str) -> None:
    assert cyrillic_of(word) == ()


def test_a_search_in_latin_letters_finds_cyrillic_cases_and_its_own_language() -> None:
    forms = search_forms("Prigozhin")
    assert forms >= {"prigozhin", "prigozhins", "пригожин", "пригожина", "пригожину", "пригожиным", "пригожіна"}
    assert search_forms("evacuation") >= {"evacuation", "evacuations"}
