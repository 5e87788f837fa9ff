"""Names of places and organisations in Russian, Ukrainian and Belarusian, of one or several words, in all their cases.

The first noun is the head: adjectives before it agree with it, what follows is frozen (Министерства обороны), except
adjectives that agree with it and a proper name in the nominative («Легион Свобода России»), which is also declined.
"""

from __future__ import annotations

from monitor.language import common_ru, places
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

QUOTES = '«»„“”"‹›‘‚'
_VOWELS = "аеёєиіїоуўыэюя"
_LONGEST_TAIL = 6  # words after a head that may be declined too: their forms multiply with each word
_POSSESSIVE = {"ru": ("ов", "ев", "ёв", "ин"), "uk": ("ів", "їв", "ин", "ін"), "be": ("аў", "оў", "еў", "ін")}


def name_forms(name: str, language: str, kind: str) -> tuple[Form, ...]:
    """All forms of the name of an organisation or a place, given in dictionary form; quotation marks in it are ignored.

    Raises ValueError for a language other than ru, uk, be, and for an empty name.
    """
    if language not in places.ADJECTIVE:
        raise ValueError(f"names are declined in ru, uk and be only, not in {language!r}")
    words = name.translate({ord(mark): None for mark in QUOTES}).split()
    if not words:
        raise ValueError("a name is empty: give it as in “Белгородская область”")
    if len(words) == 1 and is_abbreviation(words[0]):
        return abbreviation_forms(words[0])
    return distinct(forms_of(phrase_slots(words, language, kind)))


def is_abbreviation(word: str) -> bool:
    """Whether a word is written in capitals alone (ГУР, ЧВК, БПЛА)."""
    return len(word) > 1 and word.isupper() and word.isalpha()


def abbreviation_forms(word: str) -> tuple[Form, ...]:
    """The abbreviation as it is, and its written inflections (МИДа) where it is read as a word in a consonant."""
    low = word.lower()
    forms = [Form(word, "as written")]
    has_vowel = any(letter in _VOWELS for letter in low[:-1])
    if has_vowel and low[-1] not in _VOWELS + "ьй":
        ways = {"а": "genitive", "у": "dative", "ом": "instrumental", "е": "prepositional"}
        forms += [Form(word + ending, f"{case}, as people write the abbreviation") for ending, case in ways.items()]
        if "і" in low or low in ("гур", "зсу"):
            forms.append(Form(word + "і", "locative, as people write the abbreviation"))
    return tuple(forms)


def phrase_slots(words: list[str], language: str, kind: str) -> Slots:
    """The paradigm of a name of one or more words."""
    head = _head(words, language, kind)
    if head is None:
        return places.words_agree([places.agreeing(word, language) for word in words])
    noun, gender = _head_slots(words, head, language, kind)
    before = [_agreeing_with(word, language, gender) for word in words[:head]]
    after = words[head + 1 :]
    slots = places.words_agree([*before, noun])
    if not after:
        return slots
    return _with_tail(slots, words[head], after, language, kind, gender)


def _head(words: list[str], language: str, kind: str) -> int | None:
    """The first word that is no adjective; the last word where all look like adjectives but it may be a noun."""
    for index, word in enumerate(words):
        last = index == len(words) - 1
        if kind == "place" and not last and _is_possessive(word, words[index + 1], language):
            continue
        if "-" in word or not _is_adjective(word, language, kind):
            return index
    return None


def _is_possessive(word: str, following: str, language: str) -> bool:
    return (
        word.lower().endswith(_POSSESSIVE[language])
        and following[-1].lower() not in _VOWELS
        and not _is_adjective(following, language, "place")
    )


def _is_adjective(word: str, language: str, kind: str) -> bool:
    if (language == "ru" and not word[:1].isupper()) or (kind == "organisation" and language == "ru"):
        return common_ru.is_adjective(word) and not (common_ru.is_noun(word) and not places.LOOKS_ADJECTIVE["ru"](word))
    return places.LOOKS_ADJECTIVE[language](word)


def _agreeing_with(word: str, language: str, gender: str) -> Slots:
    if places.LOOKS_ADJECTIVE[language](word) or (language == "ru" and word[-1].lower() in "йяе"):
        return places.ADJECTIVE[language](word, gender)
    return _possessive_slots(word, language)


def _possessive_slots(word: str, language: str) -> Slots:
    """Матвеев Курган → Матвеева, Матвеевом Кургане; Часів Яр → Часового, Часовому Яру."""
    if language == "ru":
        return decline(word, word, "* а у * ым ом", RUSSIAN_CASES)
    if language == "be":
        return decline(word, word.removesuffix("ў") + ("в" if word.endswith("ў") else ""), "* а у * ым ым *", CASES)
    stem = word[:-2] + "ов" if word.endswith("ів") else word
    return decline(word, stem, "* ого/а ому/у * им ому/им *", CASES)


def _head_slots(words: list[str], head: int, language: str, kind: str) -> tuple[Slots, str]:
    word = words[head]
    cases = RUSSIAN_CASES if language == "ru" else CASES
    if is_abbreviation(word):
        return frozen(word, cases), "m"
    if language == "ru" and (kind == "organisation" or not word[:1].isupper()):
        known = common_ru.noun_slots(word)
        if known:
            slots, gender, _ = known
            capitals = {case: tuple(_capitals(word, form) for form in forms) for case, forms in slots.items()}
            return (capitals if gender == "p" else singular(capitals)), gender
    gender = places.gender_of_place(word, language)
    if head and gender != "p":
        shown = {places.GENDER_OF[language](w) for w in words[:head] if places.LOOKS_ADJECTIVE[language](w)}
        gender = shown.pop() if len(shown) == 1 else gender
    return places.place_slots(word, language), gender


def _capitals(lemma: str, form: str) -> str:
    return form[:1].upper() + form[1:] if lemma[:1].isupper() else form


def _with_tail(slots: Slots, head: str, after: list[str], language: str, kind: str, gender: str) -> Slots:
    """Add what follows the head: agreeing adjectives, a frozen dependent, or a proper name that may be declined too."""
    cases = tuple(slots)
    tail = " ".join(after)
    agreeing = all(
        places.LOOKS_ADJECTIVE[language](w) and places.GENDER_OF[language](w) == gender and w[:1].isupper()
        for w in after
    )
    if agreeing:
        return places.words_agree([slots, *(places.ADJECTIVE[language](w, gender) for w in after)])
    as_is = joined([slots, frozen(tail, cases)], ["", " "])
    kind_word = kind == "place" and head[:1].islower()
    if len(after) > _LONGEST_TAIL or (not kind_word and not _is_proper(after, language)):
        return as_is
    named = phrase_slots(after, language, kind)
    if kind_word or is_abbreviation(head):
        return union(as_is, joined([slots, named], ["", " "]))
    genitive = frozen(named["genitive"][0], cases)
    return union(as_is, joined([slots, named], ["", " "]), joined([slots, genitive], ["", " "]))


def _is_proper(after: list[str], language: str) -> bool:
    """Whether what follows the head may be a name in the nominative (Свобода России) and no dependent (обороны)."""
    word = after[0]
    if not word[:1].isupper() or is_abbreviation(word):
        return False
    low = word.lower()
    if language == "ru" and common_ru.is_known(word):
        nominative = common_ru.noun_slots(word) is not None or common_ru.is_adjective(word)
        return nominative and not common_ru.may_be_genitive(word)
    if low.endswith(("их", "ых", "іх", "ів", "їв", "аў", "ей")):
        return False
    return (
        low[-1] not in _VOWELS
        or (low.endswith(("а", "я")) and len(after) > 1)
        or places.LOOKS_ADJECTIVE[language](word)
    )
