"""Surnames as stems with endings, in all languages and spellings.

A surname has some twenty spellings, each with the endings of its language. To work all of that out for ten thousand
surnames takes long, but the endings depend on the last letters only: they are worked out once, on a made-up name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

from monitor.language.inflect import latin_name_forms, surname_forms
from monitor.rules.derivation import (
    CYRILLIC,
    LANGUAGE_NAMES,
    Lexeme,
    counterparts,
    fold_all,
    lexemes_of,
    others,
    spelled,
)

Endings = tuple[tuple[str, str], ...]  # what follows the stem, and how the form came about
Stem = tuple[str, Endings]

_SUFFIX = 4  # letters that decide about the endings of a regular surname
_REGULAR = (
    "ов",
    "ев",
    "ёв",
    "ин",
    "ын",
    "ский",
    "цкий",
    "ський",
    "цький",
    "енко",
    "чук",
    "ін",
    "їн",
    "єв",
    "аў",
    "еў",
    "скі",
)
_SHORTEST = 7
_OF_ONE_CUSTOM = tuple(
    f"{ending}{a}" for ending in ("ов", "ев", "ёв", "ин", "ын", "єв", "їв", "ів", "ін", "їн") for a in ("", "а")
)
_MADE_UP = {True: "Кара", False: "Kara"}
# What any language may put after a foreign name, whatever custom the name is spelled by.
_ANY_ENDING = (("s", "genitive -s"), ("'s", "genitive 's"))


def surname_stems(surname: str, language: str, gender: str) -> tuple[list[Stem], list[Lexeme]]:
    """Return a surname's forms in all languages and spellings: regular ones as stems, the others form by form."""
    stems: list[Stem] = []
    lexemes: list[Lexeme] = []
    for target, written, note in _cyrillic(surname, language):
        if len(written) >= _SHORTEST and written.isalpha() and written.endswith(_REGULAR):
            stems.append(_with_endings(written, fold_all([written])[0], _cyrillic_endings, target, gender, note))
        else:
            lexemes += lexemes_of(surname_forms(written, target, gender), note)
    latin = _latin(surname, language) if language in CYRILLIC else [(surname, language, "")]
    folded = fold_all([text for text, _, _ in latin])
    for (text, target, note), plain in zip(latin, folded, strict=True):
        if text.isalpha() and len(text) > _SUFFIX and not text.isupper():
            stems.append(_with_endings(text, plain, _latin_endings, target, gender, note))
        else:
            lexemes += lexemes_of(latin_name_forms(text, target, _kind(gender)), note)
    return _merged(stems), lexemes


def _cyrillic(surname: str, language: str) -> Iterator[tuple[str, str, str]]:
    for target in CYRILLIC if language in CYRILLIC else ():
        if target == language:
            yield target, surname, ""
        else:
            for written in others(surname, language, target, "surname"):
                yield target, written, f"as {LANGUAGE_NAMES[target]} writes it"


def _latin(surname: str, language: str) -> list[tuple[str, str, str]]:
    """Give the spellings of a surname and of its counterpart in the other language, each text once a language.

    Those in -ов, -ев and -ин are spelled by one language's custom: both agree on most, and the rest nobody writes.
    """
    found: dict[tuple[str, str], str] = {}
    most = 1 if surname.endswith(_OF_ONE_CUSTOM) else 2
    for written, source in counterparts(surname, language, "surname")[:most]:
        for text, latin, note in spelled(written, source):
            found.setdefault((text, latin), note)
    return [(text, latin, note) for (text, latin), note in found.items()]


_EndingsOf = Callable[[str, str, str, str], tuple[int, Endings]]


def _with_endings(text: str, folded: str, endings_of: _EndingsOf, language: str, gender: str, note: str) -> Stem:
    cut, endings = endings_of(text[-_SUFFIX:].lower(), language, gender, note)
    return folded[: len(folded) - cut], endings


@lru_cache(maxsize=20_000)
def _cyrillic_endings(suffix: str, language: str, gender: str, note: str) -> tuple[int, Endings]:
    return _cut(_MADE_UP[True] + suffix, lexemes_of(surname_forms(_MADE_UP[True] + suffix, language, gender), note))


@lru_cache(maxsize=20_000)
def _latin_endings(suffix: str, language: str, gender: str, note: str) -> tuple[int, Endings]:
    name = _MADE_UP[False] + suffix
    cut, endings = _cut(name, lexemes_of(latin_name_forms(name, language, _kind(gender)), note))
    tail = fold_all([name])[0][-cut:] if cut else ""
    found = dict(endings)
    for ending, via in _ANY_ENDING:
        found.setdefault(tail + ending, f"{note}, {via}" if note else via)
    return cut, tuple(found.items())


def _cut(name: str, lexemes: list[Lexeme]) -> tuple[int, Endings]:
    """Split forms into what they share with the name and their endings; first comes how many letters to cut off."""
    folded = fold_all([name])[0]
    forms = {form: via for lexeme in lexemes for form, via in lexeme.forms.items()}
    same = len(folded)
    while any(form[:same] != folded[:same] for form in forms):
        same -= 1
    return len(folded) - same, tuple((form[same:], via) for form, via in forms.items())


def _merged(stems: list[Stem]) -> list[Stem]:
    """Take a stem that begins with another one as that one with longer endings (prigozhin, prigozhine)."""
    merged: list[Stem] = []
    for stem, endings in sorted(stems, key=lambda one: one[0]):
        if merged and stem.startswith(merged[-1][0]):
            base, known = merged[-1]
            merged[-1] = (base, _joined(known, stem[len(base) :], endings))
        else:
            merged.append((stem, endings))
    return merged


@lru_cache(maxsize=20_000)
def _joined(known: Endings, between: str, endings: Endings) -> Endings:
    found = dict(known)
    for ending, via in endings:
        found.setdefault(between + ending, via)
    return tuple(found.items())


def _kind(gender: str) -> str:
    return "person-f" if gender == "f" else "person"
