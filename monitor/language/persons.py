"""Names of persons in Russian, Ukrainian and Belarusian: first names, patronymics and surnames in all their cases.

A surname is declined by its ending and the person's gender; which class it was put in stands in the note that every
form carries. Russian: Розенталь, "Справочник по правописанию", §§ 148–149; Ukrainian: правопис 2019, §§ 103–107.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from monitor.language import paradigms_be, paradigms_ru, paradigms_uk, surnames_be, surnames_ru, surnames_uk
from monitor.language.forms import (
    CASES,
    RUSSIAN_CASES,
    Form,
    Slots,
    decline,
    distinct,
    forms_of,
    frozen,
    joined,
    singular,
    union,
)

_SURNAMES = {"ru": surnames_ru.surname, "uk": surnames_uk.surname, "be": surnames_be.surname}
_FAMILIES = {"ru": surnames_ru.family, "uk": surnames_uk.family, "be": surnames_be.family}


@dataclass(frozen=True, slots=True)
class PersonForms:
    """The forms of each part of a person's name; a part that the name has not is empty."""

    given: tuple[Form, ...]
    patronymic: tuple[Form, ...]
    surname: tuple[Form, ...]


def person_forms(name: str, language: str, gender: str) -> PersonForms:
    """Decline "Given Surname", "Given Patronymic Surname" or a surname alone, given in dictionary form, for "m" or "f".

    Raises ValueError where the language is not ru, uk or be, or the name is empty.
    """
    _require(language)
    words = [word.strip("-'’") for word in name.split() if word.strip("-'’")]
    if not words:
        raise ValueError("a person's name is empty: give it as in “Евгений Пригожин”")
    given = words[0] if len(words) > 1 else None
    middle = [w for w in words[1:-1] if is_patronymic(w, language)]
    others = [w for w in words[1:-1] if not is_patronymic(w, language)]
    last = words[-1]
    return PersonForms(
        given_forms(given, language, gender) if given else (),
        patronymic_forms(middle[0], language) if middle else (),
        surname_forms(" ".join([*others, last]), language, gender),
    )


def _require(language: str) -> None:
    if language not in _SURNAMES:
        raise ValueError(f"names are declined in ru, uk and be only, not in {language!r}")


def surname_forms(surname: str, language: str, gender: str) -> tuple[Form, ...]:
    """All forms of a surname in dictionary form; every part of a hyphenated or several-word surname is declined."""
    _require(language)
    separators, parts = _split(surname)
    if not parts[0]:
        return ()
    paradigms, notes = [], []
    for part in parts:
        slots, note = _surname(part, language, gender)
        paradigms.append(slots)
        notes.append(note)
    slots = joined(paradigms, separators)
    if len(parts) > 1:
        # Ким Чен Ын, Гасан-Джалалов: all but the last part may stay as they are.
        slots = union(
            slots, joined([*(frozen(p, tuple(paradigms[-1])) for p in parts[:-1]), paradigms[-1]], separators)
        )
    return distinct(forms_of(slots, notes[-1]))


def _surname(part: str, language: str, gender: str) -> tuple[Slots, str]:
    if len(part) < 2:
        return frozen(part, RUSSIAN_CASES if language == "ru" else CASES), "too short to be declined"
    return _SURNAMES[language](part, gender)


def plural_forms(surname: str, language: str, gender: str = "m") -> tuple[Form, ...]:
    """The forms of the family's name (Пригожины); empty where the surname has no plural of its own."""
    _require(language)
    separators, parts = _split(surname)
    if not parts[0]:
        return ()
    paradigms = [_FAMILIES[language](part, gender) for part in parts if len(part) > 1]
    return distinct(forms_of(joined(paradigms, separators), "the family")) if len(paradigms) == len(parts) else ()


def _split(name: str) -> tuple[list[str], list[str]]:
    """The parts of a name with what stands before each: a hyphen or a space (nothing before the first)."""
    pieces = re.split(r"([- ]+)", name.strip("- "))
    return ["", *pieces[1::2]], pieces[::2]


@lru_cache(maxsize=8192)  # ten thousand persons share a few hundred first names
def given_forms(name: str, language: str, gender: str) -> tuple[Form, ...]:
    """All forms of a first name in dictionary form."""
    separators, parts = _split(name)
    paradigms = [given_slots(part, language, gender) for part in parts]
    slots = joined(paradigms, separators)
    if len(parts) > 1:
        # Юнус-Бек, Хож-Ахмед: usage leaves all but the last part as it is.
        slots = union(
            slots, joined([*(frozen(p, tuple(paradigms[-1])) for p in parts[:-1]), paradigms[-1]], separators)
        )
    return distinct(forms_of(slots))


def given_slots(name: str, language: str, gender: str) -> Slots:
    """The paradigm of a first name in the singular; women's names in a consonant do not change, Любовь does."""
    low = name.lower()
    if len(low) < 2:
        return frozen(name, RUSSIAN_CASES if language == "ru" else CASES)
    if language == "ru":
        if gender == "f" and low[-1] not in "аяь":
            return frozen(name, RUSSIAN_CASES)
        return singular(paradigms_ru.noun(name, gender, animate=True))
    if language == "be":
        if gender == "f" and low[-1] not in "аяьў":
            return frozen(name, CASES)
        return singular(paradigms_be.noun(name, gender, animate=True))
    return _given_uk(name, gender)


_SOFT_R_NAMES = ("ігор", "лазар")


def _given_uk(name: str, gender: str) -> Slots:
    low = name.lower()
    if gender == "f":
        if low[-1] not in "аяь" and low not in ("любов", "нінель"):
            return frozen(name, CASES)
        return singular(paradigms_uk.noun(name, "f", animate=True))
    if low in _SOFT_R_NAMES:
        return singular(paradigms_uk.soft_r(name)) | {"vocative": (name + "е", name + "ю")}
    slots = singular(paradigms_uk.noun(name, "m", animate=True))
    if low.endswith("лев"):
        slots = union(slots, singular(decline(name, name[:-2] + "ьв", "* а ові/у а ом ові/у/і е", CASES)))
    if low.endswith("о"):
        slots["vocative"] = (name[:-1] + ("у" if low[-2] in "кгх" else "е"), name)
    if low.endswith(("ій", "ей", "ай", "ой")):
        slots["vocative"] = (name[:-1] + "ю",)
    return slots


_PATRONYMICS = {
    "ru": (("ович", "евич", "ьич", "кич", "мич", "тич"), ("овна", "евна", "ична", "инична")),
    "uk": (("ович", "йович", "ьович", "євич", "ич", "іч"), ("івна", "ївна", "овна")),
    "be": (("авіч", "евіч", "ёвіч", "овіч", "іч"), ("аўна", "еўна", "ёўна", "оўна", "ічна")),
}


def is_patronymic(word: str, language: str) -> bool:
    """Whether a word between first name and surname is a patronymic by its ending."""
    men, women = _PATRONYMICS[language]
    low = word.lower()
    return len(low) > 4 and low.endswith(men + women)


@lru_cache(maxsize=8192)
def patronymic_forms(word: str, language: str) -> tuple[Form, ...]:
    """All forms of a patronymic, whose ending shows the gender."""
    return distinct(forms_of(_patronymic(word, language)))


def _patronymic(word: str, language: str) -> Slots:
    low = word.lower()
    woman = low.endswith(_PATRONYMICS[language][1])
    if language == "ru":
        return (
            decline(word, word[:-1], "* ы е у ой/ою е", RUSSIAN_CASES)
            if woman
            else decline(word, word, "* а у а ем е", RUSSIAN_CASES)
        )
    if language == "be":
        if woman:
            return decline(word, word[:-1], "* ы е у ай/аю е а", CASES)
        return decline(word, word, "* а у а ам у/ы у/а", CASES)
    if woman:
        return decline(word, word[:-1], "* и і у ою і о", CASES)
    return decline(word, word, "* а у/еві а ем еві/у/і у/е", CASES)
