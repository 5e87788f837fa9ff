"""Dictionary form in, all forms out: words, phrases and names in the languages of the field.

Common words: `word_forms` (ru by pymorphy3's dictionary, uk and be by paradigm rules, en nl de fr pl by endings).
Names: `person_forms` and `name_forms` decline Cyrillic names by declared kind, `latin_name_forms` puts a language's own
endings on a name in Latin letters. Forms keep the capitals of the dictionary form; whoever matches folds them. French
elision ("l'évacuation") is a word boundary: no form includes it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from monitor.language import common_be, common_ru, common_uk, places
from monitor.language.compounds import open_edges
from monitor.language.forms import Form, Slots, distinct, forms_of, frozen, joined
from monitor.language.latin import LATIN_LANGUAGES, latin_phrase_forms, latin_word_forms
from monitor.language.latin_names import latin_name_forms
from monitor.language.names import QUOTES, abbreviation_forms, is_abbreviation, name_forms
from monitor.language.persons import PersonForms, given_forms, person_forms, plural_forms, surname_forms

__all__ = [
    "LANGUAGES",
    "Form",
    "PersonForms",
    "given_forms",
    "latin_name_forms",
    "name_forms",
    "person_forms",
    "phrase_forms",
    "plural_forms",
    "surname_forms",
    "word_forms",
]

# A word that can be inflected: letters, with single hyphens or apostrophes inside.
_WORD = re.compile(r"[^\W\d_]+(?:[-'’ʼ][^\W\d_]+)*")

LANGUAGES = ("ru", "uk", "be", *LATIN_LANGUAGES)
_COMMON = {"ru": common_ru.word_forms, "uk": common_uk.word_forms, "be": common_be.word_forms}


def word_forms(lemma: str, language: str) -> tuple[Form, ...]:
    """All forms of a common word in dictionary form, the form itself first; an unknown language gives that form alone.

    Dutch and German nouns of seven letters and more have open edges, so that they are found in compounds.
    """
    if is_abbreviation(lemma):
        if language in _COMMON:
            return abbreviation_forms(lemma)
        plural = (Form(lemma + "s", "plural"),) if language in ("en", "nl", "de") else ()
        return distinct([*latin_name_forms(lemma, language, "organisation"), *plural])
    if len(lemma) < 2 or not _WORD.fullmatch(lemma):
        return (Form(lemma, "as written"),)
    if language in _COMMON:
        return _COMMON[language](lemma)
    if language in LATIN_LANGUAGES:
        return open_edges(lemma, latin_word_forms(lemma, language), language)
    return (Form(lemma, "as written"),)


def phrase_forms(phrase: str, language: str) -> tuple[Form, ...]:
    """All forms of several words in dictionary form: adjectives agree with the head, what follows the head is frozen.

    Quotation marks in the phrase are ignored. A phrase without a head in dictionary form ("в плену") does not change.
    """
    words = phrase.translate({ord(mark): None for mark in QUOTES}).split()
    if len(words) == 1:
        return word_forms(words[0], language)
    if language in LATIN_LANGUAGES:
        return latin_phrase_forms(words, language)
    if language not in _COMMON or not words:
        return (Form(" ".join(words), "as written"),)
    return distinct([Form(" ".join(words), "as written"), *_cyrillic_phrase(words, language)])


def _cyrillic_phrase(words: Sequence[str], language: str) -> list[Form]:
    index = 0
    while index < len(words) and _is_adjective(words[index], language):
        index += 1
    if index == len(words):
        return _all_agree(words, language)
    head, rest = words[index], " ".join(words[index + 1 :])
    tail = f" {rest}" if rest else ""
    if index == 0 and _is_infinitive(head, language):
        return [Form(form.text + tail, form.via) for form in word_forms(head, language)]
    found = _noun_slots(head, language)
    if found is None:
        if index == 0:
            return []
        # An adjective or participle with what depends on it: "взятый в плен".
        frozen_rest = " ".join(words[index:])
        return [Form(f"{form.text} {frozen_rest}", form.via) for form in _all_agree(words[:index], language)]
    slots, gender, animate = found
    forms = []
    for number in ("", " plural"):
        part = {
            case.removesuffix(" plural"): texts
            for case, texts in slots.items()
            if case.endswith(" plural") == bool(number)
        }
        if not part:
            continue
        shown = "p" if number else gender
        before = [_plain(places.ADJECTIVE[language](word, shown, animate)) for word in words[:index]]
        agreed = joined([*before, part], ["", *[" "] * index])
        forms += [Form(form.text + tail, form.via + number) for form in forms_of(agreed)]
    return forms


def _plain(slots: Slots) -> Slots:
    return {case.removesuffix(" plural"): texts for case, texts in slots.items()}


def _all_agree(words: Sequence[str], language: str) -> list[Form]:
    """Adjectives side by side, in every gender and the plural."""
    forms = []
    for gender in "mfnp":
        for animate in (True, False):
            paradigms = [_plain(places.ADJECTIVE[language](word, gender, animate)) for word in words]
            forms += forms_of(joined(paradigms, ["", *[" "] * (len(words) - 1)]))
    return forms


def _is_adjective(word: str, language: str) -> bool:
    if language == "ru":
        return common_ru.is_adjective(word) and not (common_ru.is_noun(word) and not places.LOOKS_ADJECTIVE["ru"](word))
    return places.LOOKS_ADJECTIVE[language](word)


def _is_infinitive(word: str, language: str) -> bool:
    if language == "ru":
        return common_ru.is_infinitive(word)
    return common_uk.is_infinitive(word.lower()) if language == "uk" else common_be.is_infinitive(word.lower())


def _noun_slots(word: str, language: str) -> tuple[Slots, str, bool] | None:
    """The paradigm of the head of a phrase with its gender and whether it is animate; None where it is no noun."""
    if is_abbreviation(word):
        cases = ("nominative", "genitive", "dative", "accusative", "instrumental", "prepositional", "locative")
        return frozen(word, cases), "m", False
    if language == "ru":
        return common_ru.noun_slots(word)
    if len(word) < 3:
        return None
    slots = common_uk.noun_slots(word.lower()) if language == "uk" else common_be.noun_slots(word.lower())
    animate = slots.get("accusative plural", ()) == slots.get("genitive plural", (None,))
    gender = "p" if "nominative" not in slots else places.gender_of_place(word, language)
    return slots, gender, animate
