"""Names that are written once, as newspapers of eight languages write them in a sentence."""

from __future__ import annotations

import pytest

from monitor.rules.matcher import Matcher
from tests.matching import entities_in, matcher_of

RULES = """
entities:
  surovikin: {kind: person, gender: m, name: Surovikin, forms: {ru: Сергей Владимирович Суровикин}, surname: alone}
  zaluzhny: {kind: person, gender: m, name: Zaluzhny, forms: {uk: Валерій Залужний}, surname: alone}
  kuleba: {kind: person, gender: m, name: Kuleba, forms: {uk: Дмитро Кулеба}, surname: alone}
  zakharova: {kind: person, gender: f, name: Zakharova, forms: {ru: Мария Владимировна Захарова}, surname: with-name}
  nikitin: {kind: person, gender: m, name: Kapustin, forms: {ru: [Денис Капустин, Денис Никитин]}, surname: with-name}
  navalny: {kind: person, gender: m, name: Navalny, forms: {ru: Алексей Анатольевич Навальный}, surname: alone}
  klitschko: {kind: person, gender: m, name: K, forms: {uk: Віталій Кличко}, aliases: {de: [Klitschko]}, surname: alone}
  chernihiv: {kind: place, name: Chernihiv, forms: {uk: Чернігів}}
  belgorod: {kind: place, name: Belgorod, forms: {ru: Белгород}, never: [Белгород-Днестровский]}
  legion: {kind: organisation, name: Legion, forms: {ru: Легион Свобода России}}
  poroshenko: {kind: person, gender: m, name: Poroshenko, forms: {uk: Петро Порошенко}, surname: alone}
  wagner: {kind: organisation, name: Wagner, forms: {ru: ЧВК Вагнер}}
"""


@pytest.fixture(scope="module")
def matcher(tmp_path_factory: pytest.TempPathFactory) -> Matcher:
    return matcher_of(tmp_path_factory.mktemp("rules"), RULES)


SENTENCES: dict[str, list[tuple[str, str]]] = {
    "Генерал армии Суровикин С. В. назначен": [("surovikin", "Суровикин С. В.")],
    "Суровикин Сергей Владимирович": [("surovikin", "Суровикин Сергей Владимирович")],
    "Об этом сообщили С.В. Суровикину": [("surovikin", "С.В. Суровикину")],
    "Сергея Владимировича Суровикина задержали": [("surovikin", "Сергея Владимировича Суровикина")],
    "Кирилл Суровикин — не он": [],
    "Анну Суровикину видели": [],
    "General Surovikin's troops": [("surovikin", "Surovikin's")],
    "General Sergej Soerovikin trad af; Soerovikins leger": [
        ("surovikin", "Sergej Soerovikin"),
        ("surovikin", "Soerovikins"),
    ],
    "General Sergej Surowikin und Surowikins Armee": [("surovikin", "Sergej Surowikin"), ("surovikin", "Surowikins")],
    "le général Sergueï Sourovikine": [("surovikin", "Sergueï Sourovikine")],
    "generała Siergieja Surowikina i Surowikinem": [
        ("surovikin", "Siergieja Surowikina"),
        ("surovikin", "Surowikinem"),
    ],
    "Surovikin, Sergey": [("surovikin", "Surovikin, Sergey")],
    "S. Surovikin said": [("surovikin", "S. Surovikin")],
    "генерал Суровікін і Суровікіним": [("surovikin", "Суровікін"), ("surovikin", "Суровікіним")],
    "Валерій Залужний, Залужному, Залужним": [
        ("zaluzhny", "Валерій Залужний"),
        ("zaluzhny", "Залужному"),
        ("zaluzhny", "Залужним"),
    ],
    "Валерий Залужный, Залужного": [("zaluzhny", "Валерий Залужный"), ("zaluzhny", "Залужного")],
    "Valerii Zaluzhnyi and Valery Zaluzhny, Zaluzhnyi's": [
        ("zaluzhny", "Valerii Zaluzhnyi"),
        ("zaluzhny", "Valery Zaluzhny"),
        ("zaluzhny", "Zaluzhnyi's"),
    ],
    "Walerij Saluschnyj": [("zaluzhny", "Walerij Saluschnyj")],
    "Valeri Zaloezjny": [("zaluzhny", "Valeri Zaloezjny")],
    "Кулебы, Кулебой, Кулебі, Кулебою": [
        ("kuleba", "Кулебы"),
        ("kuleba", "Кулебой"),
        ("kuleba", "Кулебі"),
        ("kuleba", "Кулебою"),
    ],
    "Dmytro Koeleba; Koeleba's": [("kuleba", "Dmytro Koeleba"), ("kuleba", "Koeleba's")],
    "Захарова сказала": [],
    "Марии Захаровой; потом Захарова": [("zakharova", "Марии Захаровой"), ("zakharova", "Захарова")],
    "Maria Zacharova en Zacharova": [("zakharova", "Maria Zacharova"), ("zakharova", "Zacharova")],
    "Никитин Иван": [],
    "Денис Никитин и Никитин": [("nikitin", "Денис Никитин"), ("nikitin", "Никитин")],
    "Денис «Рекс» Капустин": [("nikitin", "Денис «Рекс» Капустин")],
    "Denis Nikitin, known as White Rex. Nikitin said": [("nikitin", "Denis Nikitin"), ("nikitin", "Nikitin")],
    "Навального, Навальным, Навальный": [("navalny", "Навального"), ("navalny", "Навальным"), ("navalny", "Навальный")],
    "Юлия Навальная": [],
    "Alexei Navalny, Aleksej Navalny, Alexej Nawalny, Alexeï Navalny, Aleksieja Nawalnego": [
        ("navalny", "Alexei Navalny"),
        ("navalny", "Aleksej Navalny"),
        ("navalny", "Alexej Nawalny"),
        ("navalny", "Alexeï Navalny"),
        ("navalny", "Aleksieja Nawalnego"),
    ],
    "Володимир Кличко": [],
    "Виталий Кличко": [("klitschko", "Виталий Кличко")],
    "Чернигова, Чернігові, Tsjernihiv, Tschernihiw, Tchernihiv, Czernihów, w Czernihowie": [
        ("chernihiv", "Чернигова"),
        ("chernihiv", "Чернігові"),
        ("chernihiv", "Tsjernihiv"),
        ("chernihiv", "Tschernihiw"),
        ("chernihiv", "Tchernihiv"),
        ("chernihiv", "Czernihów"),
        ("chernihiv", "Czernihowie"),
    ],
    "Белгород-Днестровский, в Белгороде-Днестровском": [],
    "Иностранный легион; Легион «Свобода России» и легиона Свобода России": [
        ("legion", "Легион «Свобода России"),
        ("legion", "легиона Свобода России"),
    ],
    "Порошенкові, Порошенком, Poroshenko's, Porosjenko, Poroschenkos": [
        ("poroshenko", "Порошенкові"),
        ("poroshenko", "Порошенком"),
        ("poroshenko", "Poroshenko's"),
        ("poroshenko", "Porosjenko"),
        ("poroshenko", "Poroschenkos"),
    ],
    'ЧВК "Вагнер" и ЧВК «Вагнера»': [("wagner", 'ЧВК "Вагнер'), ("wagner", "ЧВК «Вагнера")],
    "опера Вагнера, Рихард Вагнер": [],
    "фон Суровикин-Залужный": [("surovikin", "Суровикин"), ("zaluzhny", "Залужный")],
}


@pytest.mark.parametrize("text", SENTENCES)
def test_names_in_sentences(text: str, matcher: Matcher) -> None:
    assert entities_in(matcher, text) == SENTENCES[text]
