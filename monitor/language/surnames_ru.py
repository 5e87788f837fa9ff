"""Russian surnames, declined by ending and gender.

Rules: Розенталь, "Справочник по правописанию и литературной правке", §§ 148–149; Калакуцкая, "Фамилии. Имена.
Отчества".
"""

from __future__ import annotations

from monitor.language.forms import RUSSIAN_CASES, Slots, decline, frozen, plural_only, singular, union
from monitor.language.paradigms_ru import VOWELS, adjective, decline_ru, masculine_stems, noun

_POSSESSIVE = ("ов", "ев", "ёв", "ин", "ын")
_INDECLINABLE_A = ("дюма", "золя", "петипа", "тома", "труайя", "гавальда")
_NOUNS_IN_INA = {
    "смородина",
    "калина",
    "малина",
    "рябина",
    "долина",
    "былина",
    "перлина",
    "година",
    "дубина",
    "хворостина",
}


def surname(lemma: str, gender: str) -> tuple[Slots, str]:
    """Return the paradigm in the singular and the class that the surname was put in ("surname in -ин")."""
    low = lemma.lower()
    if gender == "f":
        return _woman(lemma, low)
    if _is_possessive(low):
        return decline(lemma, lemma, "* а у а ым/ом е", RUSSIAN_CASES), f"surname in -{low[-2:]}"
    if _is_adjective(low):
        return adjective(lemma, "m", animate=True), f"surname in -{low[-2:]}, as an adjective"
    if _is_frozen(low):
        return frozen(lemma, RUSSIAN_CASES), "surname that does not change"
    if low[-1] in "ая":
        return singular(noun(lemma, "m", animate=True)), f"surname in -{low[-1]}"
    if low[-1] in "ьй":
        return _soft(lemma), f"surname in -{low[-1]}"
    return _consonant(lemma), "surname in a consonant"


def family(lemma: str, gender: str) -> Slots:
    """Return the plural (Пригожины), from the man's or the woman's form."""
    low = lemma.lower()
    base = lemma
    if gender == "f" and low.endswith(("ова", "ева", "ёва", "ина", "ына")):
        base, low = lemma[:-1], low[:-1]
    if _is_possessive(low):
        return decline(base, base, "ы ых ым ых ыми ых", RUSSIAN_CASES, plural=True)
    if _is_adjective(low) or low.endswith(("ая", "яя")):
        return adjective(lemma, "p", animate=True)
    if _is_frozen(low):
        return frozen(lemma, tuple(f"{case} plural" for case in RUSSIAN_CASES))
    slots = plural_only(noun(lemma, "m", animate=True))
    return (
        slots if gender == "m" or low[-1] in "ая" else frozen(lemma, tuple(f"{case} plural" for case in RUSSIAN_CASES))
    )


def _is_possessive(low: str) -> bool:
    return low.endswith(_POSSESSIVE) and len(low) > 3


def _is_adjective(low: str) -> bool:
    if low.endswith("ый"):
        return True
    if low.endswith("ой"):
        return any(c in VOWELS for c in low[:-2]) and len(low) > 4
    return low.endswith("ий") and len(low) > 4 and (low[-3] in "гкхжшщч" or low.endswith("ний"))


def _is_frozen(low: str) -> bool:
    if low.endswith("ых") or (low.endswith("их") and low[-3:-2] in "гкхжшщчс" and low[-4:-3] not in "др"):
        return True
    if low[-1] in "еёиоуыэю" or low in _INDECLINABLE_A:
        return True
    return low[-1] in "а" and low[-2:-1] in tuple("аеёиоуыэюя")


def _woman(lemma: str, low: str) -> tuple[Slots, str]:
    if low.endswith(("ова", "ева", "ёва", "ина", "ына")) and len(low) > 4:
        slots = decline(lemma, lemma[:-1], "* ой ой у ой/ою ой", RUSSIAN_CASES)
        if low in _NOUNS_IN_INA:
            # Ирина Березина is declined like Иванова; Ирина Смородина, whose man's form is in -а too, like a noun.
            slots = union(slots, singular(decline_ru(lemma, lemma[:-1], "* ы е у ой/ою е")))
        return slots, f"woman's surname in -{low[-3:]}"
    if low.endswith(("ая", "яя")) and len(low) > 4:
        return adjective(lemma, "f"), f"woman's surname in -{low[-2:]}, as an adjective"
    if low[-1] in "ая" and not _is_frozen(low):
        return singular(noun(lemma, "f", animate=True)), f"surname in -{low[-1]}"
    return frozen(lemma, RUSSIAN_CASES), "woman's surname that does not change"


def _soft(lemma: str) -> Slots:
    if lemma.lower().endswith(("ень", "ель")) and len(lemma) > 5:
        fleeting = decline(lemma, lemma[:-3] + lemma[-2], "* я ю я ем е", RUSSIAN_CASES)
        return union(decline(lemma, lemma[:-1], "* я ю я ем е", RUSSIAN_CASES), fleeting)
    slots = singular(noun(lemma, "m", animate=True))
    if lemma.lower().endswith("ей"):
        # Соловей → Соловья, but Мацей → Мацея.
        return union(decline(lemma, lemma[:-1], "* я ю я ем е", RUSSIAN_CASES), slots)
    return slots


def _consonant(lemma: str) -> Slots:
    low = lemma.lower()
    paradigms = [singular(noun(lemma, "m", animate=True))]
    many = sum(c in VOWELS for c in low) > 1
    if many and low.endswith(("ец", "ок", "ек")):
        stems = masculine_stems(lemma)
        fleeting = [lemma[:-2] + low[-1]] if stems == [lemma] and low[-3] not in VOWELS + "л" else stems
        ending = "* а у а ем/ом е" if low[-1] == "ц" else "* а у а ом е"
        paradigms = [decline(lemma, s, ending, RUSSIAN_CASES) for s in dict.fromkeys([*fleeting, lemma])]
    if low == "лев":
        paradigms.append(decline(lemma, lemma, "* а у а ом е", RUSSIAN_CASES))
    return union(*paradigms)
