"""What a rule file's words and names stand for: every form in every language and spelling, folded, with its origin.

A lexeme is one word in all its forms. Names written in one Cyrillic language are also taken as the other two write
them, and romanised as the newspapers of the Latin-script languages do.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice, product
from typing import Literal

from monitor.language.fold import fold_form
from monitor.language.inflect import (
    Form,
    given_forms,
    latin_name_forms,
    name_forms,
    person_forms,
    phrase_forms,
    surname_forms,
    word_forms,
)
from monitor.language.romanise import in_other_cyrillic, spellings
from monitor.language.words import words
from monitor.models import EntityKind
from monitor.rules.reading import ELISION
from monitor.rules.schema import ANY, Term

Part = Literal["given", "patronymic", "surname", "place", "organisation"]
CYRILLIC = ("ru", "uk", "be")
LATIN = ("en", "nl", "de", "fr", "pl")
LANGUAGE_NAMES = {"ru": "Russian", "uk": "Ukrainian", "be": "Belarusian"}
AS_WRITTEN = "as written"
_APOSTROPHES = "'’ʼ"  # at the end they are not a part of the word
_CYRILLIC_WORD = re.compile(r"[\u0400-\u052f'’-]*[\u0400-\u052f][\u0400-\u052f'’-]*")
_MOST_SPELLINGS = 64  # of one name of several words in one language


@dataclass(frozen=True, slots=True)
class Lexeme:
    """Forms of one word or phrase, folded, and how each came about; at an open edge more letters may stand."""

    forms: dict[str, str]
    left: bool = False
    right: bool = False

    @property
    def single(self) -> dict[str, str]:
        """The forms that are one word."""
        return {form: via for form, via in self.forms.items() if form.isalpha() or len(split(form)) == 1}

    @property
    def several(self) -> Iterator[tuple[list[str], str]]:
        """The forms of several words, word by word."""
        for form, via in self.forms.items():
            if not form.isalpha():
                parts = split(form)
                if len(parts) > 1:
                    yield parts, via


@lru_cache(maxsize=10_000)
def split(folded: str) -> list[str]:
    """Return the words of folded text, what French elides apart ("plan", "d", "evacuation"), as a Reading has them."""
    found = [folded[start:end] for start, end in words(folded)]
    if "'" not in folded:
        return found
    return [part for word in found for part in _without_elision(word)]


def _without_elision(word: str) -> list[str]:
    elided = ELISION.match(word)
    return [word] if elided is None else [word[: elided.end() - 1], word[elided.end() :]]


def is_cyrillic(text: str) -> bool:
    """Whether some letter of the text is Cyrillic."""
    return _CYRILLIC_WORD.search(text) is not None


def script_languages(text: str) -> tuple[str, ...]:
    """Return the languages that a text without a declared language may be in, by its alphabet."""
    if not is_cyrillic(text):
        return LATIN
    folded = text.casefold()
    if any(letter in folded for letter in "іїєґ"):
        return ("uk", "be") if "ў" not in folded else ("be",)
    if any(letter in folded for letter in "ыэъё"):
        return ("ru",)
    return ("ru", "uk")


def lexemes_of(forms: Iterable[Form], note: str = "") -> list[Lexeme]:
    """Group inflected forms by their open edges."""
    forms = tuple(forms)
    groups: dict[tuple[bool, bool], dict[str, str]] = {}
    for form, text in zip(forms, fold_all([form.text.rstrip(_APOSTROPHES) for form in forms]), strict=True):
        groups.setdefault((form.left, form.right), {}).setdefault(text, _via(note, form.via))
    return [Lexeme(found, left, right) for (left, right), found in groups.items()]


def fold_all(forms: Sequence[str]) -> list[str]:
    """Fold many forms at once, which is far quicker than one by one."""
    folded = fold_form("\n".join(forms)).split("\n")
    return folded if len(folded) == len(forms) else [fold_form(form) for form in forms]


def _via(note: str, via: str) -> str:
    if not note:
        return via
    return note if via == AS_WRITTEN else f"{note}, {via}"


def term_lexemes(term: Term) -> list[Lexeme]:
    """Return what a term of a rule stands for; a regular expression has no forms."""
    if term.kind == "regex":
        return []
    text, folded = term.word, fold_form(term.word)
    if term.language == ANY or term.kind in ("exact", "exact-phrase"):
        hashtag = "#" if text.startswith("#") else ""
        return [Lexeme({hashtag + folded.lstrip("#"): AS_WRITTEN})]
    match term.kind:
        case "prefix":
            return [Lexeme({folded: "prefix"}, right=True)]
        case "suffix" | "infix":
            return [
                Lexeme(lexeme.forms, left=True, right=lexeme.right or term.kind == "infix")
                for lexeme in lexemes_of(word_forms(text, term.language))
            ]
        case "phrase":
            return lexemes_of(phrase_forms(text, term.language))
        case _:
            return lexemes_of(word_forms(text, term.language))


def word_lexemes(text: str, languages: Iterable[str]) -> list[Lexeme]:
    """Return the forms of a context word or phrase in each of the languages; a trailing * makes a prefix of it."""
    if text.endswith("*"):
        return [Lexeme({fold_form(text.rstrip("*")): "prefix"}, right=True)]
    several = len(split(fold_form(text))) > 1
    return [
        lexeme
        for language in languages
        for lexeme in lexemes_of(phrase_forms(text, language) if several else word_forms(text, language))
    ]


@lru_cache(maxsize=2_000)
def others(word: str, source: str, target: str, part: Part) -> tuple[str, ...]:
    """Return how another Cyrillic language writes a name of one word."""
    return in_other_cyrillic(word, source, target, part)


@lru_cache(maxsize=2_000)
def spelled(word: str, source: str) -> tuple[tuple[str, str, str], ...]:
    """Return the Latin spellings of one Cyrillic word: text, language, standard."""
    return tuple((found.text, found.language, found.via) for found in spellings(word, source))


def counterparts(word: str, source: str, part: Part) -> tuple[tuple[str, str], ...]:
    """Return a word with its language, and how Russian and Ukrainian write it: Latin spellings are made of each.

    The Ukrainian press romanises Сырский as Сирський, whichever of them the analyst wrote.
    """
    found = [(word, source)]
    for target in ("ru", "uk"):
        if target != source:
            found += [(other, target) for other in others(word, source, target, part)[:2]]
    return tuple(found)


def name_lexemes(name: str, language: str, kind: EntityKind) -> list[Lexeme]:
    """Return the forms of a place's or organisation's name in one language, as it is written there."""
    if language in CYRILLIC:
        return lexemes_of(name_forms(name, language, kind))
    lexemes = []
    for written, note in _with_cyrillic_romanised(name, language):
        lexemes += lexemes_of(latin_name_forms(written, language, kind), note)
    return lexemes


def name_everywhere(name: str, language: str, kind: EntityKind) -> list[Lexeme]:
    """Return the forms of a place's or organisation's dictionary form in all languages that can be derived from it."""
    lexemes = name_lexemes(name, language, kind)
    if language not in CYRILLIC:
        return lexemes
    several = len(name.split()) > 1
    if kind == "place" or not several:
        for target in CYRILLIC:
            if target != language:
                part: Part = "place" if kind == "place" else "organisation"
                parts = [others(word, language, target, part) or (word,) for word in name.split()]
                for words_ in islice(product(*parts), 8):
                    note = f"as {LANGUAGE_NAMES[target]} writes it"
                    lexemes += lexemes_of(name_forms(" ".join(words_), target, kind), note)
    parts_of = [counterparts(word, language, "place") for word in name.split()] if kind == "place" else []
    sources = [(name, language), *_in_the_other_language(parts_of)]
    for latin in LATIN:
        found = [one for written, source in sources for one in romanised(written, source, latin)]
        for written, note in dict(reversed(found)).items():
            lexemes += lexemes_of(latin_name_forms(written, latin, kind), note)
    return lexemes


def _in_the_other_language(words_: Sequence[Sequence[tuple[str, str]]]) -> list[tuple[str, str]]:
    """Put a name of several words together as the other language writes it, each word its first or second way."""
    targets = {language for word in words_ for _, language in word[1:]}
    return [
        (" ".join(text for text, _ in chosen), target)
        for target in sorted(targets)
        for chosen in islice(
            product(*([one for one in word[1:] if one[1] == target] or word[:1] for word in words_)), 4
        )
    ]


def romanised(name: str, source: str, latin: str) -> list[tuple[str, str]]:
    """Return the spellings of a name in one Latin-script language, each with its standard."""
    parts = [
        [(text, via) for text, language, via in spelled(word, source) if language == latin] or [(word, "")]
        for word in name.split()
    ]
    return [
        (" ".join(text for text, _ in chosen), next((via for _, via in chosen if via), ""))
        for chosen in islice(product(*parts), _MOST_SPELLINGS)
        if not is_cyrillic("".join(text for text, _ in chosen))
    ]


def _with_cyrillic_romanised(name: str, language: str) -> list[tuple[str, str]]:
    """Replace the Cyrillic words of a Latin alias ("regio Брянск") by their romanisations."""
    if not is_cyrillic(name):
        return [(name, "")]
    choices: list[list[tuple[str, str]]] = []
    for word in name.split():
        if not is_cyrillic(word):
            choices.append([(word, "")])
            continue
        source = script_languages(word)[0]
        found = {text: via for text, latin, via in reversed(spelled(word, source))}
        own = {text: via for text, latin, via in spelled(word, source) if latin == language}
        choices.append(list({**own, **found}.items()))
    return [
        (" ".join(text for text, _ in chosen), next((via for _, via in chosen if via), ""))
        for chosen in islice(product(*choices), _MOST_SPELLINGS)
    ]


@dataclass(slots=True)
class NameParts:
    """Forms of given names, patronymics and surnames; each part is worked out once, however many persons share it."""

    _parts: dict[tuple[str, str, str, str], frozenset[str]] = field(default_factory=dict)

    def given(self, name: str, language: str, gender: str) -> frozenset[str]:
        """Return all folded forms of a given name, in all languages and spellings."""
        return self._forms(name, language, gender, "given")

    def patronymic(self, name: str, language: str, gender: str) -> frozenset[str]:
        """Return all folded forms of a patronymic, in all languages and spellings."""
        return self._forms(name, language, gender, "patronymic")

    def _forms(self, name: str, language: str, gender: str, part: Part) -> frozenset[str]:
        key = (name, language, gender, part)
        if key not in self._parts:
            self._parts[key] = frozenset(_part_forms(name, language, gender, part))
        return self._parts[key]


_ANYBODY = {"m": "Иван", "f": "Анна", "surname": "Иванов"}  # to have a patronymic declined, a whole name is needed


def _part_forms(name: str, language: str, gender: str, part: Part) -> Iterator[str]:
    if language not in CYRILLIC:
        for form in latin_name_forms(name, language, "person"):
            yield fold_form(form.text)
        return
    for target in CYRILLIC:
        variants = (name,) if target == language else others(name, language, target, part)
        for variant in variants:
            yield fold_form(variant)
            if part == "given":
                forms = given_forms(variant, target, gender)
            else:
                forms = person_forms(f"{_ANYBODY[gender]} {variant} {_ANYBODY['surname']}", target, gender).patronymic
            yield from (fold_form(form.text) for form in forms)
    for written, source in counterparts(name, language, part):
        for text, latin, _ in spelled(written, source):
            yield fold_form(text)
            if latin == "pl":
                yield from (fold_form(form.text) for form in latin_name_forms(text, latin, "person"))


def person_alias_lexemes(alias: str, language: str, gender: str) -> list[Lexeme]:
    """Return the forms of a person's alias: one word as a surname, several as a phrase."""
    several = len(split(fold_form(alias))) > 1
    if language in CYRILLIC:
        return lexemes_of(phrase_forms(alias, language) if several else surname_forms(alias, language, gender))
    if several:
        return name_lexemes(alias, language, "person")
    kind = "person-f" if gender == "f" else "person"
    return [
        lexeme
        for written, note in _with_cyrillic_romanised(alias, language)
        for lexeme in lexemes_of(latin_name_forms(written, language, kind), note)
    ]


_CASES = re.compile(r"nominative|genitive|dative|accusative|instrumental|prepositional|locative|vocative")


def _titled(title: str, surname: str, language: str, gender: str) -> Iterator[Form]:
    """Pair the forms of a title and a surname that stand in the same case, both in the singular."""
    second = [(form.text, set(_CASES.findall(form.via))) for form in surname_forms(surname, language, gender)]
    for form in phrase_forms(title, language):
        cases = set(_CASES.findall(form.via)) or {"nominative"}
        if "plural" in form.via and "singular" not in form.via:
            continue
        for text, others_ in second:
            if both := cases & others_:
                yield Form(f"{form.text} {text}", " or ".join(sorted(both)))


def person_never_lexemes(text: str, language: str, surnames: Collection[str] = (), gender: str = "m") -> list[Lexeme]:
    """Return the forms of a phrase that is no mention of a person ("начало путины", "улица Кадырова").

    What a person is called before one of `surnames` in dictionary form is declined with it: "продюсера Пригожина".
    """
    *title, surname = text.split()
    if title and language in CYRILLIC and surname in surnames:
        return lexemes_of(_titled(" ".join(title), surname, language, gender))
    if language in CYRILLIC:
        return word_lexemes(text, (language,))
    return name_lexemes(text, language, "person")
