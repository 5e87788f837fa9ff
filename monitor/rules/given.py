"""Common given names in all spellings, which tell other bearers of a surname apart: Елена Гладкова is not Gladkov."""

from __future__ import annotations

from functools import cache
from typing import Literal

from monitor.language.given_names import MEN, WOMEN, genders, given_name_forms
from monitor.rules.derivation import fold_all, spelled, split

_ROMANISED = ("ru", "uk")


@cache
def known_given_names(gender: Literal["m", "f"]) -> frozenset[str]:
    """Return every folded form of the common given names of one gender, in Cyrillic and Latin letters."""
    found = {form for form, names in given_name_forms().items() if any(gender in genders(name) for name in names)}
    lists = MEN if gender == "m" else WOMEN
    latin = [
        text for language in _ROMANISED for name in lists[language].split() for text, _, _ in spelled(name, language)
    ]
    found.update(fold_all(latin))
    return frozenset(word for form in found for word in split(form) if len(word) > 1)
