"""Belarusian surnames, declined by ending and gender.

Rules: school grammar of Belarusian (Асабовыя імёны і прозвішчы); variants that depend on stress stand side by side.
"""

from __future__ import annotations

from monitor.language.forms import CASES, Slots, decline, frozen, plural_only, singular
from monitor.language.paradigms_be import VOWELS, adjective, noun

_POSSESSIVE = ("оў", "аў", "еў", "ёў", "яў")
_WOMEN = ("ова", "ава", "ева", "ёва", "ява", "іна", "ына")


def surname(lemma: str, gender: str) -> tuple[Slots, str]:
    """Return the paradigm in the singular and the class that the surname was put in ("surname in -аў")."""
    low = lemma.lower()
    if gender == "f":
        return _woman(lemma, low)
    if low.endswith(_POSSESSIVE):
        return decline(lemma, lemma[:-1] + "в", "* а у а ым е */е", CASES), f"surname in -{low[-2:]}"
    if low.endswith(("ін", "ын")) and len(low) > 3:
        return decline(lemma, lemma, "* а у а ым/ам е */е", CASES), f"surname in -{low[-2:]}"
    if low.endswith(("скі", "цкі", "ы")) and len(low) > 4:
        return adjective(lemma, "m", animate=True), f"surname in -{low[-1]}, as an adjective"
    if low.endswith(("ых", "іх")):
        return frozen(lemma, CASES), "surname that does not change"
    if low[-1] in "ая" and low[-2:-1] not in tuple(VOWELS):
        return singular(noun(lemma, "m", animate=True)), f"surname in -{low[-1]}"
    if low.endswith("о") and low[-2] not in VOWELS:
        return singular(noun(lemma, "m", animate=True)), "surname in -о"
    if low[-1] in VOWELS:
        return frozen(lemma, CASES), "surname that does not change"
    return singular(noun(lemma, "m", animate=True)), "surname in a consonant"


def family(lemma: str, gender: str) -> Slots:
    """Return the plural (Быкавы), from the man's or the woman's form."""
    low = lemma.lower()
    if gender == "f" and low.endswith(_WOMEN):
        base = lemma[:-1]
    elif low.endswith(_POSSESSIVE):
        base = lemma[:-1] + "в"
    else:
        base = lemma
    if base != lemma or low.endswith(("ін", "ын")):
        return decline(base, base, "ы ых ым ых ымі ых ы", CASES, plural=True)
    if low.endswith(("скі", "цкі", "ская", "цкая", "ы", "ая")):
        return adjective(lemma, "p", animate=True)
    _, note = surname(lemma, gender)
    if "not change" in note:
        return frozen(lemma, tuple(f"{case} plural" for case in CASES))
    return plural_only(noun(lemma, "m", animate=True))


def _woman(lemma: str, low: str) -> tuple[Slots, str]:
    if low.endswith(_WOMEN) and len(low) > 4:
        return decline(lemma, lemma[:-1], "* ай ай у ай/аю ай а", CASES), f"woman's surname in -{low[-3:]}"
    if low.endswith(("ая", "яя")):
        return adjective(lemma, "f"), f"woman's surname in -{low[-2:]}, as an adjective"
    if low[-1] in "ая" and low[-2:-1] not in tuple(VOWELS) and not low.endswith("нка"):
        return singular(noun(lemma, "f", animate=True)), f"surname in -{low[-1]}"
    return frozen(lemma, CASES), "woman's surname that does not change"
