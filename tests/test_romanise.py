"""Names in Latin letters, and in the other Cyrillic alphabets, against tables written by hand."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from monitor.language.cyrillic import Part
from monitor.language.fold import fold_form
from monitor.language.romanise import MOST, in_other_cyrillic, spellings
from monitor.language.units import table

TABLE = Path(__file__).parent / "romanisations.tsv"


def attested() -> dict[tuple[str, str], dict[str, set[str]]]:
    """Give the spellings that newspapers use: Cyrillic word and its language, then language and spellings."""
    found: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    with TABLE.open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            found[row["cyrillic"], row["source_language"]][row["language"]].add(row["spelling"])
    return found


@pytest.mark.parametrize(("word", "source"), attested())
def test_attested_spellings_are_generated(word: str, source: str) -> None:
    generated = defaultdict(set)
    for spelling in spellings(word, source):
        generated[spelling.language].add(fold_form(spelling.text))
    missing = {
        language: {one for one in wanted if fold_form(one) not in generated[language]}
        for language, wanted in attested()[word, source].items()
    }
    assert {language: words for language, words in missing.items() if words} == {}
    assert all(len(words) <= MOST + 4 for words in generated.values())


FIRST = [
    ("Пригожин", "ru", ["Prigozhin", "Prigozjin", "Prigoschin", "Prigojine", "Prigożyn"]),
    ("Щербаков", "ru", ["Shcherbakov", "Sjtsjerbakov", "Schtscherbakow", "Chtcherbakov", "Szczerbakow"]),
    ("Кравчук", "uk", ["Kravchuk", "Kravtsjoek", "Krawtschuk", "Kravtchouk", "Krawczuk"]),
    ("Гладков", "ru", ["Gladkov", "Gladkov", "Gladkow", "Gladkov", "Gładkow"]),
    ("Лукашэнка", "be", ["Lukashenka", "Loekasjenka", "Lukaschenka", "Loukachenka", "Łukaszenka"]),
    ("Усть-Илимск", "ru", ["Ust-Ilimsk", "Oest-Ilimsk", "Ust-Ilimsk", "Oust-Ilimsk", "Ust-Ilimsk"]),
]


@pytest.mark.parametrize(("word", "source", "usual"), FIRST)
def test_the_usual_spelling_comes_first(word: str, source: str, usual: list[str]) -> None:
    first: dict[str, str] = {}
    for spelling in spellings(word, source):
        first.setdefault(spelling.language, spelling.text)
    assert list(first) == ["en", "nl", "de", "fr", "pl"]
    assert list(first.values()) == usual


OTHERS: list[tuple[str, str, str, Part, list[str]]] = [
    ("Кадыров", "ru", "uk", "surname", ["Кадиров"]),
    ("Суровикин", "ru", "uk", "surname", ["Суровікін"]),
    ("Пригожин", "ru", "uk", "surname", ["Пригожин"]),
    ("Медведев", "ru", "uk", "surname", ["Медведєв"]),
    ("Лавров", "ru", "uk", "surname", ["Лавров"]),
    ("Соловьёв", "ru", "uk", "surname", ["Соловйов"]),
    ("Сырский", "ru", "uk", "surname", ["Сирський"]),
    ("Залужный", "ru", "uk", "surname", ["Залужний"]),
    ("Шойгу", "ru", "uk", "surname", ["Шойгу"]),
    ("Чехов", "ru", "uk", "surname", ["Чехов"]),
    ("Захарова", "ru", "uk", "surname", ["Захарова"]),
    ("Зеленская", "ru", "uk", "surname", ["Зеленська"]),
    ("Евгений", "ru", "uk", "given", ["Євген", "Євгеній"]),
    ("Сергей", "ru", "uk", "given", ["Сергій"]),
    ("Викторович", "ru", "uk", "patronymic", ["Вікторович"]),
    ("Алексеевич", "ru", "uk", "patronymic", ["Олексійович"]),
    ("Харьков", "ru", "uk", "place", ["Харків"]),
    ("Шебекино", "ru", "uk", "place", ["Шебекіно"]),
    ("Белгород", "ru", "uk", "place", ["Бєлгород", "Білгород"]),
    ("Таволжанка", "ru", "uk", "place", ["Таволжанка"]),
    ("Чернігів", "uk", "ru", "place", ["Чернигов"]),
    ("Київ", "uk", "ru", "place", ["Киев"]),
    ("Миколаїв", "uk", "ru", "place", ["Николаев"]),
    ("Бориспіль", "uk", "ru", "place", ["Бориспиль"]),
    ("Авдіївка", "uk", "ru", "place", ["Авдеевка"]),
    ("Дніпровське", "uk", "ru", "place", ["Днипровское"]),
    ("Кравців", "uk", "ru", "surname", ["Кравцов", "Кравцив"]),
    ("Ковалів", "uk", "ru", "surname", ["Ковалев"]),
    ("Буданов", "uk", "ru", "surname", ["Буданов"]),
    ("Порошенко", "uk", "ru", "surname", ["Порошенко"]),
    ("Сирський", "uk", "ru", "surname", ["Сырский"]),
    ("Єрмак", "uk", "ru", "surname", ["Ермак"]),
    ("Кирило", "uk", "ru", "given", ["Кирилл"]),
    ("Володимир", "uk", "ru", "given", ["Владимир"]),
    ("Зеленський", "uk", "be", "surname", ["Зяленскі"]),
    ("Путин", "ru", "be", "surname", ["Пуцін"]),
    ("Лукашэнка", "be", "ru", "surname", ["Лукашенко"]),
    ("Лукашэнка", "be", "uk", "surname", ["Лукашенко"]),
]


@pytest.mark.parametrize(("word", "source", "target", "part", "written"), OTHERS)
def test_the_other_cyrillic_languages(word: str, source: str, target: str, part: Part, written: list[str]) -> None:
    found = in_other_cyrillic(word, source, target, part)
    assert set(written) <= set(found)
    assert len(found) <= 6
    assert all(abs(len(one) - len(word)) <= 3 for one in found)


def test_a_table_is_of_pairs() -> None:
    assert table("а a; б b/-\n ё jo") == {"а": ("a",), "б": ("b", ""), "ё": ("jo",)}
    for broken in ("а", "а a б b", "а a;\n б"):
        with pytest.raises(ValueError, match="is no unit with its renderings"):
            table(broken)
