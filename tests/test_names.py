"""Persons around an anchor: given names, patronymics, initials, namesakes, and the policies on surnames alone."""

from __future__ import annotations

import pytest

from monitor.rules.matcher import Matcher
from tests.matching import entities_in, matcher_of, reasons_in

RULES = """
entities:
  prigozhin:
    kind: person
    gender: m
    name: Yevgeny Prigozhin
    forms: {ru: Евгений Викторович Пригожин, uk: Євген Пригожин}
    surname: alone
    never: [Иосиф Пригожин, Илья Пригожин, дом Пригожина, продюсер Пригожин]
  gladkov:
    kind: person
    gender: m
    name: Vyacheslav Gladkov
    forms: {ru: Вячеслав Гладков, uk: В'ячеслав Гладков}
    aliases: {ru: [белгородский губернатор], en: [Гладков of Belgorod]}
    surname: alone
  kapustin:
    kind: person
    gender: m
    name: Denis Kapustin
    forms: {ru: [Денис Капустин, Денис Никитин], uk: [Денис Капустін, Денис Нікітін]}
    surname: with-name
  kadyrov:
    kind: person
    gender: m
    name: Ramzan Kadyrov
    forms: {ru: Рамзан Ахматович Кадыров}
    surname: alone
    never: [Ахмат-Хаджи Кадыров]
  gerasimov:
    kind: person
    gender: m
    name: Valery Gerasimov
    forms: {ru: Валерий Герасимов}
    surname: near(генерал or general or @wagner)
  wagner:
    kind: organisation
    name: Wagner Group
    forms: {ru: [ЧВК Вагнера, ЧВК Вагнер], en: Wagner Group}
    aliases: {ru: [Вагнер], en: [Wagner]}
    never: [Рихард Вагнер, Richard Wagner, опера Вагнера]
    unless: {ru: [опера, композитор], en: [opera, composer]}
  grozny:
    kind: person
    gender: m
    name: Ivan Grozny
    forms: {ru: Иван Грозный}
    surname: alone
  zelenska:
    kind: person
    gender: f
    name: Olena Zelenska
    forms: {uk: Олена Зеленська, ru: Елена Зеленская}
    surname: alone
rules:
  any:
    title: Anybody
    level: low
    when: "@person or @organisation"
    tests: {hit: [Пригожин], miss: [никто]}
"""


@pytest.fixture(scope="module")
def matcher(tmp_path_factory: pytest.TempPathFactory) -> Matcher:
    return matcher_of(tmp_path_factory.mktemp("rules"), RULES)


FULL_NAMES = [
    # order, patronymic, initials: the span is the whole name as it stands
    ("Сказал Евгений Пригожин.", [("prigozhin", "Евгений Пригожин")]),
    ("Видели Евгения Викторовича Пригожина.", [("prigozhin", "Евгения Викторовича Пригожина")]),
    ("Пригожин Евгений Викторович дал ответ.", [("prigozhin", "Пригожин Евгений Викторович")]),
    ("Пригожин Евгений дал ответ.", [("prigozhin", "Пригожин Евгений")]),
    ("Сказал Е. Пригожин.", [("prigozhin", "Е. Пригожин")]),
    ("Сказал Е.В. Пригожин.", [("prigozhin", "Е.В. Пригожин")]),
    ("Сказал Е.Пригожин.", [("prigozhin", "Е.Пригожин")]),
    ("Пригожин Е. В. подписал.", [("prigozhin", "Пригожин Е. В.")]),
    ("Пригожин Е.В., глава компании", [("prigozhin", "Пригожин Е.В.")]),
    ("Євгеном Пригожиним", [("prigozhin", "Євгеном Пригожиним")]),
    ("В'ячеслава Гладкова не було", [("gladkov", "В'ячеслава Гладкова")]),
    ("В’ячеславу Гладкову", [("gladkov", "В’ячеславу Гладкову")]),
    ("РАМЗАН КАДЫРОВ", [("kadyrov", "РАМЗАН КАДЫРОВ")]),
    ("рамзан кадыров", [("kadyrov", "рамзан кадыров")]),
    ("Рамзана Ахматовича Кадырова", [("kadyrov", "Рамзана Ахматовича Кадырова")]),
    ("Денис «Рекс» Капустин", [("kapustin", "Денис «Рекс» Капустин")]),
    ("**Евгений** Пригожин", [("prigozhin", "Пригожин")]),
    ("Евгений\nПригожин", [("prigozhin", "Евгений\nПригожин")]),
    ("Олени Зеленської", [("zelenska", "Олени Зеленської")]),
    # a name's parts that belong to the next name
    ("Пригожин. В. Путин не ответил", [("prigozhin", "Пригожин")]),
    ("Пригожин, Иосиф Кобзон и другие", [("prigozhin", "Пригожин")]),
    ("Сказала Анна Пригожину правду", [("prigozhin", "Пригожину")]),
    ("Позвал Иван Пригожина домой", [("prigozhin", "Пригожина")]),
    ("Слава Пригожину и вера Пригожина", [("prigozhin", "Пригожину"), ("prigozhin", "Пригожина")]),
    ("г. Пригожин, Г. Пригожин", [("prigozhin", "Пригожин"), ("prigozhin", "Пригожин")]),
    ("Увидел Пригожин Ивана Петрова", [("prigozhin", "Пригожин")]),
]

OTHERS = [
    # somebody else by name, initial or title
    ("Елена Гладкова", [("Гладкова", "another given name: елена")]),
    ("Интервью продюсера Пригожина", [("Пригожина", "never: продюсер Пригожин")]),
    ("С продюсером Пригожиным", [("Пригожиным", "never: продюсер Пригожин")]),
    ("У дому Пригожина", [("Пригожина", "never: дом Пригожина")]),
    ("Рома Пригожин", [("Пригожин", "another given name: рома")]),
    ("Ахмат Кадыров", [("Кадыров", "another given name: ахмат")]),
    ("Ахмат-Хаджи Кадыров", [("Кадыров", "another given name: хаджи")]),
    ("Анну Пригожину", [("Пригожину", "another given name: анну")]),
    ("Анна Пригожина", [("Пригожина", "another given name: анна")]),
    ("Ивана Пригожина", [("Пригожина", "another given name: ивана")]),
    ("И. Пригожин", [("Пригожин", "another initial: и.")]),
    ("Е. Б. Кадыров", [("Кадыров", "another initial: е.")]),
    ("Евгений Яковлевич Пригожин", [("Пригожин", "another patronymic: яковлевич")]),
    ("Пригожин Иосиф Игоревич", [("Пригожин", "another given name: иосиф")]),
    ("Иосифом Пригожиным", [("Пригожиным", "another given name: иосифом")]),
    ("Пригожин-младший", [("Пригожин", "a relative: младший")]),
    ("дом Пригожина", [("Пригожина", "never: дом Пригожина")]),
]

DISCOURSE = [
    # the full name once, then the surname alone
    ("Денис Капустин пришёл. Капустин ждал.", [("kapustin", "Денис Капустин"), ("kapustin", "Капустин")]),
    ("Капустин ждал. Потом Денис Никитин ушёл.", [("kapustin", "Капустин"), ("kapustin", "Денис Никитин")]),
    ("Капустин ждал.", []),
    ("Губернатор Никитин ждал.", []),
    # a namesake with his full name, and no other: the surname alone is his
    ("Иосиф Пригожин спел. Пригожин доволен.", []),
    (
        "Иосиф Пригожин и Евгений Пригожин. Пригожин рад.",
        [("prigozhin", "Евгений Пригожин"), ("prigozhin", "Пригожин")],
    ),
    # near(...)
    ("Герасимов пришёл.", []),
    ("Генералу доложил Герасимов.", [("gerasimov", "Герасимов")]),
    ("Общался с ЧВК Вагнера Герасимов", [("wagner", "ЧВК Вагнера"), ("gerasimov", "Герасимов")]),
    ("Генерал. " + "слово " * 60 + "Герасимов", []),
    ("Валерий Герасимов", [("gerasimov", "Валерий Герасимов")]),
    # unless
    ("Вагнер ушёл из города", [("wagner", "Вагнер")]),
    ("Композитор написал музыку, Вагнер был велик", []),
    ("Композитор был велик.\n\nВагнер ушёл из города", [("wagner", "Вагнер")]),
    ("Композитор о ЧВК Вагнера", [("wagner", "ЧВК Вагнера")]),
    ("Рихард Вагнер", []),
    # not the surname
    ("Христо Грозев", []),
    ("Грозный ответ", [("grozny", "Грозный")]),
    ("Белгородского губернатора спросили", [("gladkov", "Белгородского губернатора")]),
    ("Пригожинский стиль, пригожинцы", []),
]


@pytest.mark.parametrize(("text", "expected"), FULL_NAMES + DISCOURSE)
def test_mentions(matcher: Matcher, text: str, expected: list[tuple[str, str]]) -> None:
    assert entities_in(matcher, text) == expected


@pytest.mark.parametrize(("text", "expected"), OTHERS)
def test_somebody_else_is_dropped_with_the_reason(matcher: Matcher, text: str, expected: list[tuple[str, str]]) -> None:
    assert (entities_in(matcher, text), reasons_in(matcher, text)) == ([], expected)


@pytest.mark.parametrize("text", ["Synowi Kadyrowa przyznano order", "Рад Кадыров", "Люди Кадырова ушли"])
def test_a_word_that_begins_a_sentence_is_no_given_name(matcher: Matcher, text: str) -> None:
    assert [entity for entity, _ in entities_in(matcher, text)] == ["kadyrov"]
