"""Ukrainian surnames, declined by ending and gender.

Rules: Український правопис (2019), §§ 103–107.
"""

from __future__ import annotations

from monitor.language.adjectives_uk import adjective
from monitor.language.forms import CASES, Slots, decline, frozen, plural_only, singular, union
from monitor.language.paradigms_uk import VOWELS, noun, soft_r

_POSSESSIVE = ("ов", "ев", "єв", "ін", "їн", "ин")
_NOUNS_IN_INA = {"калина", "малина", "долина", "година", "дубина", "перлина", "хворостина", "билина", "тополина"}
_WOMEN = ("ова", "ева", "єва", "іна", "їна", "ина")


def surname(lemma: str, gender: str) -> tuple[Slots, str]:
    """Return the paradigm in the singular and the class that the surname was put in ("surname in -ін")."""
    low = lemma.lower()
    if gender == "f":
        return _woman(lemma, low)
    if low.endswith(_POSSESSIVE) and len(low) > 3:
        slots = decline(lemma, lemma, "* а у/ові а им/ом і/у/ові */е", CASES)
        return slots, f"surname in -{low[-2:]}"
    if low.endswith(("ів", "їв")) and len(low) > 4:
        return _iv(lemma, low), f"surname in -{low[-2:]}"
    if _is_adjective(low):
        return _adjective(lemma, low), f"surname in -{low[-2:]}, as an adjective"
    if low.endswith(("их", "іх")) and len(low) > 4 and low[-3] in "кшгвндстл":
        return frozen(lemma, CASES), "surname that does not change"
    if low.endswith("о") and low[-2] not in VOWELS:
        return singular(noun(lemma, "m", animate=True)), "surname in -о"
    if low[-1] in "еєиіїоую":
        return frozen(lemma, CASES), "surname that does not change"
    if low[-1] == "а" and low[-2:-1] in tuple(VOWELS):
        return frozen(lemma, CASES), "surname that does not change"
    if low[-1] in "ая":
        return singular(noun(lemma, "m", animate=True)), f"surname in -{low[-1]}"
    return _consonant(lemma, low), f"surname in -{low[-1]}" if low[-1] in "ьй" else "surname in a consonant"


def family(lemma: str, gender: str) -> Slots:
    """Return the plural (Пригожини), from the man's or the woman's form."""
    low = lemma.lower()
    base = lemma
    if gender == "f" and low.endswith(_WOMEN):
        base, low = lemma[:-1], low[:-1]
    if low.endswith(_POSSESSIVE) and len(low) > 3:
        return decline(base, base, "и их им их ими их и", CASES, plural=True)
    if _is_adjective(low) or low.endswith(("ська", "цька", "зька")):
        return adjective(lemma if not low.endswith("ой") else lemma[:-2] + "ий", "p", animate=True)
    _slots, note = surname(lemma, gender)
    if "not change" in note:
        return frozen(lemma, tuple(f"{case} plural" for case in CASES))
    return plural_only(noun(lemma, "m", animate=True))


def _is_adjective(low: str) -> bool:
    if len(low) < 5:
        return False
    return low.endswith(("ий", "ній")) or (low.endswith("ой") and any(c in VOWELS for c in low[:-2]))


def _adjective(lemma: str, low: str) -> Slots:
    if low.endswith("ой"):
        return decline(lemma, lemma[:-2], "* ого ому ого им ому/ім */ий", CASES)
    if low.endswith("ній"):
        # Останній is an adjective, Гнатній may be either; both are given.
        return union(adjective(lemma, "m", animate=True), singular(noun(lemma, "m", animate=True)))
    return adjective(lemma, "m", animate=True)


def _iv(lemma: str, low: str) -> Slots:
    """Петрів → Петрова or Петріва, Ковалів → Ковалева or Коваліва, Гаїв → Гаєва."""
    opened = [lemma[:-2] + e for e in (("єв",) if low.endswith("їв") else ("ов", "ев"))]
    return union(*(decline(lemma, base, "* а у/ові а им/ом і/у/ові */е", CASES) for base in [*opened, lemma]))


def _woman(lemma: str, low: str) -> tuple[Slots, str]:
    if low.endswith(_WOMEN) and len(low) > 4:
        slots = decline(lemma, lemma[:-1], "* ої ій у ою ій */о", CASES)
        if low in _NOUNS_IN_INA:
            slots = union(slots, decline(lemma, lemma[:-1], "* и і у ою і о", CASES))
        return slots, f"woman's surname in -{low[-3:]}"
    if low.endswith(("ська", "цька", "зька")):
        return adjective(lemma, "f"), f"woman's surname in -{low[-4:]}, as an adjective"
    if low[-1] in "ая" and low[-2:-1] not in tuple("аеиоу"):
        slots = singular(noun(lemma, "f", animate=True))
        if low.endswith(("іла", "ата", "ора")) or (
            low.endswith(("на", "та", "ла", "ва", "ра")) and low[-3] not in VOWELS
        ):
            # Біла, Чорна are adjectives by origin: Білої, Чорній.
            slots = union(slots, adjective(lemma, "f"))
        return slots, f"surname in -{low[-1]}"
    return frozen(lemma, CASES), "woman's surname that does not change"


def _consonant(lemma: str, low: str) -> Slots:
    paradigms = [singular(noun(lemma, "m", animate=True, keep=True))]
    syllables = sum(c in VOWELS for c in low)
    if low.endswith(("ець", "ок", "ек")) and syllables > 1:
        paradigms.insert(0, singular(noun(lemma, "m", animate=True)))
        if low.endswith(("ок", "ек")) and low[-3] not in VOWELS:
            paradigms.insert(0, decline(lemma, lemma[:-2] + "к", "* а ові/у а ом ові/у у/е", CASES))
        if low.endswith("ець"):
            paradigms = paradigms[:1]
    elif low.endswith(("ень", "ель", "оль")) and syllables > 1:
        paradigms.append(decline(lemma, lemma[:-3] + lemma[-2], "* я еві/ю я ем еві/ю/і ю", CASES))
    elif low.endswith(("ар", "яр", "ир")):
        paradigms.append(singular(soft_r(lemma)))
    elif low == "чорновіл" or low.endswith(("кінь", "хід")):
        paradigms.insert(0, singular(noun(lemma, "m", animate=True)))
    return union(*paradigms)
