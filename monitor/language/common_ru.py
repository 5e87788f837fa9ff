"""Russian common words in all their forms, from pymorphy3's dictionary (OpenCorpora), the part of speech fixed.

The dictionary is opened at the first call and once (about 0.1 s). Where the word is unknown, pymorphy3's guess by
ending counts only if its dictionary form is the word that was given; else the ending rules of `paradigms_ru` are used.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from monitor.language import paradigms_ru
from monitor.language.forms import Form, Slots, distinct, forms_of, in_all_genders

_CASES = {
    "nomn": "nominative", "gent": "genitive", "gen1": "genitive", "gen2": "genitive", "datv": "dative",
    "accs": "accusative",
    "acc2": "accusative", "ablt": "instrumental", "loct": "prepositional", "loc1": "prepositional",
    "loc2": "prepositional",
    "voct": "vocative",
}  # fmt: skip
_GENDERS = {"masc": "masculine", "femn": "feminine", "neut": "neuter"}
_GENDER_LETTERS = {"masc": "m", "femn": "f", "neut": "n", None: "m"}


@cache
def _dictionary() -> Any:
    import pymorphy3  # opened late: it takes a tenth of a second that most commands do not need

    return pymorphy3.MorphAnalyzer(lang="ru")


def _readings(word: str) -> list[Any]:
    """Return how the dictionary reads a word; none where a letter has no name in Unicode, for which it asks."""
    try:
        return list(_dictionary().parse(word))
    except ValueError:
        return []


def _flat(word: str) -> str:
    return word.lower().replace("ё", "е")


def _parses(lemma: str) -> list[Any]:
    """The readings of `lemma` as a dictionary form: known ones, else the likeliest guess."""
    flat = _flat(lemma)
    own = [p for p in _readings(lemma.lower()) if _flat(p.normal_form) == flat]
    own = [p for p in own if p.tag.POS not in ("NOUN", "ADJF", "PRTF", "VERB") or "nomn" in p.tag]
    known = [p for p in own if p.is_known]
    return known or own[:1]


def word_forms(lemma: str) -> tuple[Form, ...]:
    """All forms of a Russian common word in dictionary form: noun, plural-only noun, adjective, verb, participle."""
    parses = _parses(lemma)
    if parses:
        return distinct([Form(lemma, "as written"), *(form for parse in parses for form in _lexeme(parse))])
    other = _other_dictionary_form(lemma)
    if other:
        return distinct([Form(lemma, "as written"), *other])
    return distinct([Form(lemma, "as written"), *forms_of(_by_ending(lemma), "by its ending")])


def _lexeme(parse: Any) -> list[Form]:
    return [Form(p.word, _way(p.tag)) for p in parse.lexeme if p.tag.POS != "COMP" and "Supr" not in p.tag]


def _other_dictionary_form(lemma: str) -> list[Form]:
    """Forms of a participle (its own, not the verb's) or of a plural given as the dictionary form (учения)."""
    forms: list[Form] = []
    for parse in _readings(lemma.lower()):
        tag = parse.tag
        if not parse.is_known or "nomn" not in tag:
            continue
        if tag.POS == "PRTF":
            same = {tag.tense, tag.voice, tag.aspect}
            forms += [
                Form(p.word, _way(p.tag))
                for p in parse.lexeme
                if p.tag.POS in ("PRTF", "PRTS") and {p.tag.tense, p.tag.voice, p.tag.aspect} == same
            ]
        elif tag.number == "plur":
            forms += [
                Form(p.word, _way(p.tag)) for p in parse.lexeme if p.tag.number == "plur" and p.tag.POS == tag.POS
            ]
    return forms


def _by_ending(lemma: str) -> Slots:
    if paradigms_ru.looks_adjective(lemma):
        return in_all_genders(paradigms_ru.adjective, lemma)
    return paradigms_ru.noun(lemma, animate=True)


def _way(tag: Any) -> str:
    """Say in words what a tag of OpenCorpora says: "dative plural", "past, feminine", "gerund"."""
    pos = tag.POS
    if pos == "INFN":
        return "infinitive"
    if pos == "GRND":
        return "gerund"
    if pos == "VERB":
        return _verb_way(tag)
    kind = {"PRTF": "participle, ", "PRTS": "short participle, ", "ADJS": "short form, "}.get(pos, "")
    if tag.case is None:
        rest = "plural" if tag.number == "plur" else _GENDERS.get(tag.gender, "")
        return f"{kind}{rest}".strip(", ") or "as written"
    case = _CASES[tag.case]
    if tag.number == "plur":
        return f"{kind}{case} plural"
    gender = f" {_GENDERS[tag.gender]}" if pos in ("ADJF", "PRTF") and tag.gender else " singular"
    return f"{kind}{case}{gender}"


def _verb_way(tag: Any) -> str:
    number = {"sing": "singular", "plur": "plural"}.get(tag.number, "")
    if tag.mood == "impr":
        return f"imperative {number}".strip()
    if tag.tense == "past":
        return f"past, {_GENDERS.get(tag.gender, 'plural')}"
    person = {"1per": "1st person", "2per": "2nd person", "3per": "3rd person"}.get(tag.person, "")
    return f"{'future' if tag.tense == 'futr' else 'present'}, {person} {number}"


def is_infinitive(word: str) -> bool:
    """Whether the word is read as an infinitive."""
    return any(p.tag.POS == "INFN" for p in _parses(word))


def is_noun(word: str) -> bool:
    """Whether the word is the dictionary form (or the nominative plural) of a noun."""
    return any(p.tag.POS == "NOUN" and "nomn" in p.tag for p in _known(word))


def is_adjective(word: str) -> bool:
    """Whether the word is an adjective or participle in the nominative; one cut short ("св", "им") is not declined."""
    if len(word) < 3:
        return False
    known = _known(word)
    if known:
        return any(p.tag.POS in ("ADJF", "PRTF") and "nomn" in p.tag for p in known)
    return paradigms_ru.looks_adjective(word)


def _known(word: str) -> list[Any]:
    return [p for p in _readings(word.lower()) if p.is_known]


def is_known(word: str) -> bool:
    """Whether the dictionary has the word in any form that is no name of a person."""
    return any("Name" not in p.tag and "Surn" not in p.tag for p in _known(word))


def may_be_genitive(word: str) -> bool:
    """Whether the word may be read as a genitive (обороны, Свободы)."""
    return any("gent" in p.tag for p in _known(word))


def noun_slots(word: str) -> tuple[dict[str, tuple[str, ...]], str, bool] | None:
    """A known noun in the nominative: its paradigm, its gender letter ("p" for a plural), and whether it is animate."""
    for parse in _known(word):
        tag = parse.tag
        if tag.POS != "NOUN" or "nomn" not in tag or "Name" in tag or "Surn" in tag:
            continue
        slots: dict[str, dict[str, None]] = {}
        for p in parse.lexeme:
            if (tag.number == "plur" and p.tag.number != "plur") or "V-be" in p.tag or "V-bi" in p.tag:
                continue
            key = _CASES[p.tag.case] + (" plural" if p.tag.number == "plur" else "")
            slots.setdefault(key, {})[p.word] = None
        gender = "p" if tag.number == "plur" else _GENDER_LETTERS.get(tag.gender, "m")
        return {case: tuple(forms) for case, forms in slots.items()}, gender, "anim" in tag
    return None


_NAMES = ("Name", "Surn", "Patr", "Geox", "Orgn", "Trad", "Abbr", "Init")
_LEAST_SHARE = 0.2  # of a word's uses, by the dictionary's estimate


def is_common_word(word: str) -> bool:
    """Whether a folded word is often something else than a name or an abbreviation: an ordinary word, in any form."""
    ordinary = sum(
        parse.score for parse in _readings(word) if parse.is_known and not any(name in parse.tag for name in _NAMES)
    )
    return bool(ordinary >= _LEAST_SHARE)
