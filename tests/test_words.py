"""Words, hashtags, spaced-out words, and the spans in which nothing is to be found."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.language.fold import fold
from monitor.language.words import (
    broken,
    hashtag_parts,
    hashtags,
    is_boundary,
    is_word_character,
    opaque,
    spaced,
    words,
)
from monitor.models import Span


def shown(text: str, spans: list[Span]) -> list[str]:
    return [text[start:end] for start, end in spans]


WORDS = {
    "пригожин-младший приехал": ["пригожин", "младший", "приехал"],
    "об'єкт і 'вагнер' prigozhin's": ["об'єкт", "і", "вагнер", "prigozhin's"],
    "''а''б''": ["а", "б"],
    "f-16, с-300 и 4000 человек": ["f", "16", "с", "300", "и", "4000", "человек"],
    "м² пригожин¹ ①шебекино ℹбелгород": ["м", "пригожин", "шебекино", "белгород"],
    "м²\u0301плен": ["м", "плен"],
    "шебекино_эвакуация": ["шебекино", "эвакуация"],
    "1\ufe0f\u20e3белгород 👨\u200d👩плен💔": ["1", "белгород", "плен"],
    "नमस्\u0301ते": ["नमस", "त"],
    "": [],
    "— !? 😀": [],
}


@pytest.mark.parametrize("text", WORDS)
def test_words(text: str) -> None:
    folded = fold(text).text
    assert shown(folded, words(folded)) == WORDS[text]


def test_boundaries() -> None:
    text = "о'ніл-плен's"
    boundaries = [at for at in range(len(text) + 1) if is_boundary(text, at)]
    assert boundaries == [0, 5, 6, 12]
    assert is_boundary("'плен'", 1)
    assert is_boundary("'плен'", 5)


@pytest.mark.parametrize(
    ("character", "is_one"), [("ї", True), ("5", True), ("\u0301", True), ("'", False), ("_", False)]
)
def test_word_characters(character: str, is_one: bool) -> None:
    assert is_word_character(character) is is_one


@settings(derandomize=True, max_examples=300, deadline=None)
@given(st.text(alphabet="аж'-_5² \u0301😀", max_size=12))
def test_words_begin_and_end_at_boundaries_and_have_none_inside(text: str) -> None:
    text = fold(text).text
    for start, end in words(text):
        assert is_boundary(text, start)
        assert is_boundary(text, end)
        assert not any(is_boundary(text, at) for at in range(start + 1, end))


HASHTAG_PARTS = {
    "#ПригожинЖив": ["Пригожин", "Жив"],
    "#Шебекино_эвакуация": ["Шебекино", "эвакуация"],
    "#StandWithBelgorod": ["Stand", "With", "Belgorod"],
    "#РДКБелгород": ["РДК", "Белгород"],
    "#БелгородРДК": ["Белгород", "РДК"],
    "#Белгород2023": ["Белгород", "2023"],
    "#4июня": ["4", "июня"],
    "#РДК": ["РДК"],
    "#шебекино": ["шебекино"],
    "#ЇжакЄ": ["Їжак", "Є"],
    "#Приго\u0301жинИ\u0306од": ["Приго\u0301жин", "И\u0306од"],
    "#При\u200bгожин": ["При\u200bгожин"],
    "#_": [],
    "": [],
}


@pytest.mark.parametrize("tag", HASHTAG_PARTS)
def test_hashtag_parts(tag: str) -> None:
    assert shown(tag, hashtag_parts(tag)) == HASHTAG_PARTS[tag]


def test_hashtags() -> None:
    text = "#Шебекино_эвакуация и #Белгород, не C# и не &#1086; и не a#b"
    assert shown(text, hashtags(text)) == ["#Шебекино_эвакуация", "#Белгород"]


OPAQUE = {
    "Эвакуация, подробности https://t.me/evacuation/12.": ["https://t.me/evacuation/12"],
    "«https://example.com/эвакуация»": ["https://example.com/эвакуация"],
    "(см. https://ru.example.org/wiki/Пригожин_(семья))": ["https://ru.example.org/wiki/Пригожин_(семья)"],
    "[Пригожин](https://t.me/prigozhin) жив": ["https://t.me/prigozhin"],
    "[Пригожин](t.me/prigozhin_(1)) жив": ["t.me/prigozhin_(1)"],
    "[1](Белгород)": [],
    "**[Плен](https://t.me/plen)**": ["https://t.me/plen"],
    "tg://resolve?domain=wagner": ["tg://resolve?domain=wagner"],
    "Пишет @vvgladkov, @Гладков не пишет": ["@vvgladkov"],
    "Почта wagner.press@belgorod.ru, звоните": ["wagner.press@belgorod.ru"],
    "Lenta.ru и www.evacuatie.nl/x?y=1, шебекино.рф": ["Lenta.ru", "www.evacuatie.nl/x?y=1", "шебекино.рф"],
    "t.me/belgorod": ["t.me/belgorod"],
    "Alle gevangenen.De stad. Evacuated.In Belgorod": [],
    "Эвакуация.Жители уехали в 5.30 и т.д.": [],
    "без ссылок": [],
    "": [],
}


@pytest.mark.parametrize("text", OPAQUE)
def test_opaque(text: str) -> None:
    assert shown(text, opaque(text)) == OPAQUE[text]


SPACED = {
    "п л е н н ы е жители": [("пленные", "п л е н н ы е")],
    "ЭТО П-Л-Е-Н": [("плен", "п-л-е-н")],
    "п.л.е.н": [("плен", "п.л.е.н")],
    "п_л_е_н п*л*е*н": [("плен", "п_л_е_н"), ("плен", "п*л*е*н")],
    "это п💔л💔е💔н!": [("плен", "п💔л💔е💔н")],
    "п❤\ufe0fл❤\ufe0fе❤\ufe0fн": [("плен", "п❤\ufe0fл❤\ufe0fе❤\ufe0fн")],
    "п л e н": [("плен", "п л e н")],
    "в п л е н у": [("вплену", "в п л е н у")],
    "в  п л е н у": [("плену", "п л е н у")],
    "и в": [],
    "а, б, в, г, д": [],
    "п л-е н": [],
    "Е. П. А. В.": [],
    "1 2 3 4 5": [],
    "п\nл\nе\nн": [],
    "ап л е н": [],
    "": [],
}


@pytest.mark.parametrize("text", SPACED)
def test_spaced(text: str) -> None:
    folded = fold(text)
    found = [(run.joined, folded.text[slice(*run.span(0, len(run.joined)))]) for run in spaced(folded)]
    assert found == SPACED[text]


def test_spaced_leads_back_to_the_published_text() -> None:
    published = "П&nbsp;Л&nbsp;Е&nbsp;Н"
    folded = fold(published)
    (run,) = spaced(folded)
    assert folded.span(*run.span(0, 4)) == (0, len(published))
    assert folded.span(*run.span(1, 3)) == (7, 15)


SMALL_WORDS = {"": True, "в": True, "ив": True, "ку": False, "ива": False, "п": False}


@pytest.mark.parametrize("small", SMALL_WORDS)
def test_small_words_between_spaces(small: str) -> None:
    (run,) = spaced(fold(" ".join(f"{small}плен")))
    assert run.are_small_words(0, len(small)) is SMALL_WORDS[small]


def test_there_are_no_small_words_between_marks() -> None:
    (run,) = spaced(fold("в.п.л.е.н"))
    assert not run.are_small_words(0, 1)


BROKEN = {
    "При💥гожин жив": [("пригожин", "при💥гожин")],
    "❗Пригожин💥Жив": [("пригожинжив", "пригожин💥жив")],
    "При💥го❤\ufe0f🔥жин": [("приго", "при💥го"), ("пригожин", "при💥го❤\ufe0f🔥жин"), ("гожин", "го❤\ufe0f🔥жин")],
    "**Ш**ебекино, пле__нные__, ||пле||нные": [
        ("шебекино", "ш**ебекино"),
        ("пленные", "пле__нные"),
        ("пленные", "пле||нные"),
    ],
    "п💔л💔е💔н": [],
    "шебекино_эвакуация 2 * 2": [],
    "💥💥💥": [],
    "": [],
}


@pytest.mark.parametrize("text", BROKEN)
def test_broken(text: str) -> None:
    folded = fold(text)
    assert [(word, folded.text[start:end]) for word, (start, end) in broken(folded)] == BROKEN[text]


@settings(derandomize=True, max_examples=300, deadline=None)
@given(st.text(alphabet="aаЖ.:/@()[]# _-5\n\u0301😀", max_size=40) | st.text(max_size=60))
def test_spans_stand_in_order_inside_the_text(text: str) -> None:
    folded = fold(text).text
    for spans, length in (
        (words(folded), len(folded)),
        (hashtags(text), len(text)),
        (hashtag_parts(text), len(text)),
        (opaque(text), len(text)),
    ):
        flat = [edge for span in spans for edge in span]
        assert flat == sorted(flat)
        assert all(0 <= start < end <= length for start, end in spans)


@pytest.mark.parametrize(
    "piece",
    ["a", "a.", "@", "](a", "](]()", "://", "a@", "a@a.", "(", "a b ", "#", "x.com", "a://", "'", "a💥", "a**"],
)
@pytest.mark.parametrize(
    "find",
    [words, hashtags, hashtag_parts, opaque, lambda text: spaced(fold(text)), lambda text: broken(fold(text))],
)
def test_a_flood_takes_no_time(find: Callable[[str], object], piece: str) -> None:
    text = piece * (100_000 // len(piece))
    begin = time.process_time()
    find(text)
    assert time.process_time() - begin < 2  # takes about 0.1 s; anything quadratic takes minutes
