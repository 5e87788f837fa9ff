"""Folding: what becomes of each kind of disguise, and the way back to the published text."""

from __future__ import annotations

import re
import sys
import time
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor.language.fold import INVISIBLE, MARKS, fold, fold_form
from monitor.language.words import words

CASES = {
    "case": ("ШЕБЕКИНО", "шебекино"),
    "ё and ґ": ("Ёлка, ґанок, Ґанок", "елка, ганок, ганок"),
    "й, ї and ў are letters of their own": ("Йод Їжак Ўзор", "йод їжак ўзор"),
    "decomposed й, ї, ё, ў": ("и\u0306 і\u0308 е\u0308 у\u0306 И\u0306", "й ї е ў й"),
    "stress marks": ("Приго\u0301жин, стра\u0300на, ѐ ѝ", "пригожин, страна, е и"),
    "stress mark on й": ("бо\u0301йцы\u0301", "бойцы"),
    "breve after a stress mark": ("и\u0301\u0306", "й"),
    "stress as a Latin letter with an accent": ("Пригóжин, стрáна", "пригожин, страна"),
    "apostrophes": ("об’єкт обʼєкт об`єкт об´єкт об‘єкт", "об'єкт об'єкт об'єкт об'єкт об'єкт"),
    "dashes": ("а–б—в‑г−д―е", "а-б-в-г-д-е"),
    "spaces": ("а\xa0б\u202fв\u2009г\tд", "а б в г д"),
    "line breaks": ("а\nб\u2028в", "а\nб\nв"),
    "zero-width characters in a word": ("п\u200bл\u200dе\u2060н", "плен"),
    "zero-width characters at its edges": ("\u200bплен\u200b мост", "\u200bплен\u200b мост"),
    "soft hyphen": ("эвакуа\xadция", "эвакуация"),
    "bidirectional marks": ("пл\u202eе\u202cн", "плен"),
    "variation selector": ("п\ufe0fлен", "плен"),
    "marks and invisible characters together": ("п\u200b\u0301\u200bл\u0336ен\u0336", "плен"),
    "emoji with joiners": ("👨\u200d👩\u200d👧 ❤\ufe0f‍🔥 плен", "👨\u200d👩\u200d👧 ❤\ufe0f‍🔥 плен"),
    "emoji next to a word": ("❗\ufe0fПлен", "❗\ufe0fплен"),
    "information sign is no letter": ("ℹ\ufe0fБелгород", " \ufe0fбелгород"),
    "keycap is no part of a word": ("1\ufe0f\u20e3Белгород", "1\ufe0f\u20e3белгород"),
    "marks on no letter": ("😀\u0301плен \u0336плен 1\u03360\u0336", "😀плен плен 10"),
    "emoji between letters stay": ("п💔л💔е💔н", "п💔л💔е💔н"),
    "entities": ("п&shy;лен п&#1083;ен п&#x43B;ен &laquo;А&raquo;&nbsp;Б", "плен плен плен «а» б"),
    "entity escaped twice": ("&amp;nbsp;а &amp;amp;lt; &amp;", " а < &"),
    "no entity": ("AT&T; R&D, &nosuch; &amp;nosuch;", "at&t; r&d, &nosuch; &nosuch;"),
    "would be an entity once folded": ("&Nbsp;", " nbsp;"),
    "would begin as one once folded": ("&Amp;nosuch;", " amp;nosuch;"),
    "an invisible character among the marks of another alphabet": ("泰\u0301\xad\u0338", "泰\u0301\u0338"),
    "a mark on an apostrophe": ("п\u02bc\u0336ять", "п'ять"),
    "ґ as the only Cyrillic letter of a text": ("oґ", "ог"),
    "Latin accents": ("géëvacueerd Łódź żołnierz Straße cœur", "geevacueerd lodz zolnierz strasse coeur"),
    "Turkish İ": ("İstanbul", "istanbul"),
    "ligatures": ("ﬁnal oﬀ", "final off"),
    "fullwidth": ("Ｗａｇｎｅｒ １２", "wagner 12"),
    "mathematical letters": ("𝗣𝗿𝗶𝗴𝗼𝘇𝗵𝗶𝗻", "prigozhin"),
    "signs are no letters": ("Вагнер™ №5 м²", "вагнер™ №5 м²"),
    "Latin p in a Cyrillic word": ("взpыв", "взрыв"),
    "Latin B at the head": ("Bагнер", "вагнер"),
    "Latin o": ("Пригoжин", "пригожин"),
    "Latin i for і": ("Шебекiно, Киïв", "шебекіно, київ"),
    "Cyrillic а in a Latin word": ("Prigоzhin Wаgner", "prigozhin wagner"),
    "Greek o in a Cyrillic word": ("Пригοжин, плέн", "пригожин, плен"),
    "Greek letters by themselves": ("ΟΔΟΣ", "οδοσ"),
    "a word of one script stays": ("cocaine IT-армия F-16 С-300 C-300", "cocaine it-армия f-16 с-300 c-300"),
    "a word meant in two scripts stays": ("МИG VPNом COVIDом ЗСУHelp", "миg vpnом covidом зсуhelp"),
    "hidden by a zero-width character and a Latin letter": ("вз\u200bpыв", "взрыв"),
    "other scripts": ("שָׁלוֹם नमस्ते", "שָׁלוֹם नमस्ते"),
    "NUL and a lone surrogate": ("а\x00б\ud800", "а\x00б\ud800"),
    "nothing": ("", ""),
}


@pytest.mark.parametrize("name", CASES)
def test_folded(name: str) -> None:
    published, expected = CASES[name]
    assert fold(published).text == expected


SPANS = [
    # published, word to find in the folded text, what it stands for
    ("Взят в п&shy;лен.", "плен", "п&shy;лен"),
    ("Взят в п&#1083;ен.", "плен", "п&#1083;ен"),
    ("\u200bп\u200bлен\u200b", "плен", "п\u200bлен"),
    ("о Приго\u0301жине\u0301 и", "пригожине", "Приго\u0301жине\u0301"),
    ("ﬁnal", "final", "ﬁnal"),
    ("die Straße x", "strasse", "Straße"),
    ("die Straße x", "x", "x"),
    ("a&amp;nbsp;взpыв", "взрыв", "взpыв"),
    ("&lt;b&gt;пле\u0301н&lt;", "плен", "пле\u0301н"),
    ("😀😀 Белгород", "белгород", "Белгород"),
    ("п&#769;лен", "плен", "п&#769;лен"),
]


@pytest.mark.parametrize(("published", "word", "expected"), SPANS)
def test_span_leads_back(published: str, word: str, expected: str) -> None:
    folded = fold(published)
    start = folded.text.index(word)
    start, end = folded.span(start, start + len(word))
    assert published[start:end] == expected


def test_usual_text_needs_no_offsets() -> None:
    assert fold("Ёлка «и» — 5 ₽ ❗️ Telegram").offsets is None


def test_an_empty_span_stays_empty() -> None:
    assert fold("п&shy;лен").span(1, 1) == (6, 6)
    assert fold("плен").span(1, 1) == (1, 1)


# Letters of the scripts in question and all that disguises them; any other character now and then.
TROUBLE = st.sampled_from(
    [*"абиіеёґйїАИwpoaiïéßﬁİ𝗣ςΣοΩ ’-–\n&;#_5ℹ²", "&shy;", "&amp;", "amp;", "\u20e3", "❗️", "👨\u200d👩"]
)
DISGUISE = st.sampled_from(["\u0301", "\u0306", "\u0308", "\u200b", "\u200d", "\ufe0f", "\xad", "\u0336"])
TEXTS = st.lists(TROUBLE | DISGUISE | st.characters(), max_size=30).map("".join)


@settings(derandomize=True, max_examples=600, deadline=None)
@given(TEXTS)
@example("ё\u0301wё")
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold_form(fold_form(text)) == fold_form(text)


@settings(derandomize=True, max_examples=400, deadline=None)
@given(TEXTS)
def test_offsets_lie_within_the_text_and_only_rise(text: str) -> None:
    folded = fold(text)
    start, end = folded.span(0, len(folded.text))
    assert 0 <= start <= end <= len(text)
    spans = [folded.span(at, at + 1) for at in range(len(folded.text))]
    assert all(start < end for start, end in spans)
    assert spans == sorted(spans)
    if folded.offsets is None:
        assert len(folded.text) == len(text)
    else:
        assert folded.ends is not None
        assert (len(folded.offsets), len(folded.ends)) == (len(folded.text) + 1, len(folded.text))


@settings(derandomize=True, max_examples=400, deadline=None)
@given(TEXTS)
def test_the_published_slice_of_a_word_folds_to_the_word(text: str) -> None:
    folded = fold(text)
    for start, end in words(folded.text):
        left, right = folded.span(start, end)
        # one published character may stand for several words (ﷺ), or for a word and what follows it
        before = folded.span(start - 1, start)[1] if start else 0
        after = folded.span(end, end + 1)[0] if end < len(folded.text) else len(text)
        if before > left or after < right:
            continue
        assert fold_form(text[left:right]) == folded.text[start:end]


@pytest.mark.parametrize("beside", ["", "а", "w"])
def test_every_character_of_unicode_is_folded_for_good(beside: str) -> None:
    everything = [beside + chr(code) + beside for code in range(0x30000) if unicodedata.category(chr(code)) != "Cn"]
    once = fold_form(" ".join(everything))
    assert fold_form(once) == once


@pytest.mark.parametrize(
    "text",
    [
        "а" + "\u0301\u0323" * 50_000,
        "а" + "\u200b" * 100_000,
        "а" + "\u200b\u0301" * 50_000,
        "&" + "amp;" * 25_000,
        "&am" * 30_000 + "p;" * 20_000,
        "aа" * 50_000,
        "п&shy;лен " * 10_000,
    ],
    ids=["marks", "zero-width", "both", "ampersands", "broken entities", "scripts in turn", "soft hyphens"],
)
def test_a_flood_takes_no_time(text: str) -> None:
    begin = time.process_time()
    fold(text)
    assert time.process_time() - begin < 2  # takes about 0.1 s; anything quadratic takes minutes


def test_no_character_is_both_mark_and_invisible() -> None:
    marks, invisible = re.compile(f"[{MARKS}]"), re.compile(f"[{INVISIBLE}]")
    both = [chr(code) for code in range(sys.maxunicode + 1) if marks.match(chr(code)) and invisible.match(chr(code))]
    assert both == []
