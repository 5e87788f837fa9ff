"""From rules to the lexicon: stems and endings, regular expressions, forms of names in all spellings."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.rules.derivation import script_languages
from monitor.rules.full_names import FullName, looks_like_patronymic
from monitor.rules.lexicon import LexiconBuilder, Role, Shape, Subject, stems_of
from monitor.rules.regexes import RegexError, compile_regex

STEMS = [
    (["пригожин", "пригожина", "пригожиным"], {"пригожин"}),
    (["боец", "бойца", "бойцу"], {"боец", "бойц"}),
    (["взять", "возьму", "возьмет"], {"взять", "возьм"}),
    (["ким", "кима", "кимом"], {"ким", "кима", "кимом"}),
    (["рдк"], {"рдк"}),
]


@pytest.mark.parametrize(("forms", "stems"), STEMS)
def test_stems(forms: list[str], stems: set[str]) -> None:
    found = stems_of(forms)
    assert set(found.values()) == stems
    assert all(form.startswith(stem) for form, stem in found.items())


@settings(derandomize=True, max_examples=100)
@given(st.lists(st.text(alphabet="абвг", min_size=1, max_size=9), min_size=1, max_size=12, unique=True))
def test_stem_and_ending_make_the_form(forms: list[str]) -> None:
    builder = LexiconBuilder()
    subject = builder.subject(Subject(Role.TERM, 0, "x"))
    builder.words(dict.fromkeys(forms, "as written"), Shape.WORD, subject)
    lexicon = builder.finish()
    made = [
        stem + ending
        for number, stem in enumerate(lexicon.stems)
        for entry in range(lexicon.first[number], lexicon.first[number + 1])
        for ending in lexicon.paradigms[lexicon.paradigm_of[entry]].endings
    ]
    assert sorted(made) == sorted(forms)


REGEXES = [
    (r"\bмост\b", "мост, помост, мосты", [(0, 4)]),
    (r"моста?", "мост моста", [(0, 4), (5, 10)]),
    (r"\d+ мм", "155 мм", [(0, 6)]),
    (r"\bЁлк\w", "елка", [(0, 4)]),
    (r"[\w]+-\d", "су-3", [(0, 4)]),
    (r"\bа\b|\bб\b", "а б аб", [(0, 1), (2, 3)]),
    (r"(?:a|b)c", "ac bc", [(0, 2), (3, 5)]),
    (r"x*", "yy", []),
]


@pytest.mark.parametrize(("source", "text", "spans"), REGEXES)
def test_regular_expressions(source: str, text: str, spans: list[tuple[int, int]]) -> None:
    assert sorted(compile_regex(source).spans(text)) == spans


REFUSED = [
    (r"(?=а)", "(?=: a look-ahead or look-behind is not possible; use before/N, near/N or “and not” in the condition"),
    (
        r"(?<!а)б",
        "(?<!: a look-ahead or look-behind is not possible; use before/N, near/N or “and not” in the condition",
    ),
    (r"(а)\1", r"\1: a back-reference is not possible; write the text out"),
    (r"(?P<n>а)(?P=n)", "(?P=: a back-reference to a named group is not possible; write the text out"),
    (r"(?<n>а)\k<n>", r"\k: a back-reference to a named group is not possible; write the text out"),
    (r"а{2000}", "{2000}: a repetition may be at most {1000}, all nested ones together"),
    (r"(а{100}){100}", "{100}: a repetition may be at most {1000}, all nested ones together"),
    (r"а{3,1}", "{3,1}: the smaller number comes first"),
    (r"а++", "++: possessive repetitions and atomic groups are not possible and not needed; write one + and (?:…)"),
    (r"(?>аб)", "(?>: possessive repetitions and atomic groups are not possible and not needed; write one + and (?:…)"),
    (r"а**", "**: two repetitions cannot follow each other; put (?:…) around the first"),
    (r"*а", r"*: nothing stands before it that could be repeated; write \* for the sign itself"),
    (r"(?(1)а|б)", "(?(: a condition inside an expression is not possible; write two terms"),
    (r"(?R)", "(?R: recursion is not possible; write the nesting out"),
    (r"(?#x)а", "(?#: a comment cannot stand inside; use YAML's # on a line of its own"),
    (r"(?x)а", "(?x: this flag is not possible; (?s) and (?m) are, and capitals never count"),
    (r"\u0410", r"\u: write the character itself, or \x{0410}"),
    (r"а\Z", r"\Z: the end of the text is \z, or $ where lines are meant"),
    (r"\p{Cyr}", r"\p: there is no such class of letters; write \p{L}, \p{Cyrillic} or \p{Latin}"),
    (r"[[:alpha:]]", r"[:alpha:] knows ASCII alone; write \p{L} for letters, \d for digits"),
    (r"[я-а]", "я-а: the first sign of a range comes before the last one; write a - at the end of […]"),
    (r"[а", r"the bracket [ is not closed; write \[ for the sign itself"),
    (r"(а", r"the bracket ( is not closed; write \( for the sign itself"),
    (r"а)", r"the bracket ) has no ( before it; write \) for the sign itself"),
    ("а\\", r"a single \ stands at the end; write \\ for the sign itself"),
    (r"а(\bб)", r"\b may stand only at the start or end of the expression or of an outermost alternative"),
    (r"[\W]", r"\W within […] is not possible; list what it may be"),
]


@pytest.mark.parametrize(("source", "said"), REFUSED)
def test_what_re2_cannot_take_is_explained(source: str, said: str) -> None:
    with pytest.raises(RegexError) as refused:
        compile_regex(source)
    assert str(refused.value) == said


NAMES = [
    ("Евгений Викторович Пригожин", FullName("Евгений", "Викторович", "Пригожин")),
    ("Евгений Пригожин", FullName("Евгений", "", "Пригожин")),
    ("Пригожин", FullName("", "", "Пригожин")),
    ("Ахмат-Хаджи Кадыров", FullName("Ахмат-Хаджи", "", "Кадыров")),
    ("Олена Володимирівна Зеленська", FullName("Олена", "Володимирівна", "Зеленська")),
]


@pytest.mark.parametrize(("name", "parts"), NAMES)
def test_parts_of_a_name(name: str, parts: FullName) -> None:
    assert FullName.of(name) == parts


@pytest.mark.parametrize(
    "word", ["викторовича", "ильича", "кужугетович", "володимирівною", "viktorovich", "wiktorowicz"]
)
def test_patronymics(word: str) -> None:
    assert looks_like_patronymic(word)


@pytest.mark.parametrize("word", ["пригожин", "кирпич", "кулич", "москва", "prigozhin", "рич"])
def test_no_patronymics(word: str) -> None:
    assert not looks_like_patronymic(word)


ALPHABETS = [
    ("Пригожин", ("ru", "uk")),
    ("Зеленський", ("ru", "uk")),
    ("Рыба", ("ru",)),
    ("Дністровський", ("uk", "be")),
    ("Wagner", ("en", "nl", "de", "fr", "pl")),
]


@pytest.mark.parametrize(("text", "languages"), ALPHABETS)
def test_languages_of_an_alphabet(text: str, languages: tuple[str, ...]) -> None:
    assert script_languages(text) == languages
