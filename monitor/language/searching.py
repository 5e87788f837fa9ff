"""The forms by which a search finds a word, whatever case it stands in. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from monitor.language.fold import fold_form
from monitor.language.forms import Form
from monitor.language.inflect import word_forms
from monitor.language.latin_names import latin_name_forms
from monitor.language.names import name_forms
from monitor.language.persons import surname_forms
from monitor.language.romanise import spellings
from monitor.language.unromanise import cyrillic_of

_LATIN = ("en", "nl", "de", "fr", "pl")
_SHORTEST = 3  # letters; a shorter word stands for itself alone


@lru_cache(maxsize=1000)
def search_forms(word: str) -> frozenset[str]:
    """Return the folded forms of a word given in its dictionary form, as a common word and as a name.

    A name in Cyrillic letters is found in Latin ones and the other way round. More than a rule would take: whoever
    searches looks through what is found.
    """
    folded = fold_form(word)
    if len(folded) < _SHORTEST or not folded.isalpha():
        return frozenset({folded})
    cyrillic = any("\u0400" <= letter <= "\u04ff" for letter in folded)
    found = _cyrillic(folded) if cyrillic else _latin(folded)
    return frozenset({folded, *(fold_form(form) for form in found)})


def _cyrillic(word: str) -> set[str]:
    found: set[str] = set()
    for language in ("ru", "uk"):
        found |= _texts(word_forms(word, language)) | _as_a_name(word, language)
        found |= {spelling.text for spelling in spellings(word, language)}
    return found


def _as_a_name(word: str, language: str) -> set[str]:
    surnames = [_texts(surname_forms(word, language, gender)) for gender in ("m", "f")]
    return _texts(name_forms(word, language, "place")).union(*surnames)


def _latin(word: str) -> set[str]:
    found = {
        form
        for language in _LATIN
        for form in _texts(word_forms(word, language)) | _texts(latin_name_forms(word, language, "place"))
    }
    for cyrillic, language in cyrillic_of(word):
        found |= _as_a_name(cyrillic, language)
    return found


def _texts(forms: Iterable[Form]) -> set[str]:
    return {form.text for form in forms}
