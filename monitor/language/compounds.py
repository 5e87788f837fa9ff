"""Compounds: Dutch and German write them as one word, so a long noun is also found inside longer words.

"gevangene" stands in krijgsgevangenen and gevangenenruil, "evacuatie" in evacuatiebus, "Gefangener" in Kriegsgefangene
and Gefangenenaustausch. Nouns under seven letters are too often part of other words by chance.
"""

from __future__ import annotations

from monitor.language.forms import Form, distinct

SHORTEST = 7
_LINKS = {"nl": ("", "n", "s", "en", "e"), "de": ("", "n", "s", "en", "es", "er", "e")}


def open_edges(lemma: str, forms: tuple[Form, ...], language: str) -> tuple[Form, ...]:
    """Open the left edge of every form of a long noun, and add what may stand before the second part of a compound.

    A form that could be mistaken for the beginning of another word (gevangen- in gevangenis) is never opened to the
    right.
    """
    if language not in _LINKS or len(lemma) < SHORTEST or not _is_noun(lemma, language):
        return forms
    whole = [Form(form.text, form.via, left=True) if len(form.text) >= SHORTEST else form for form in forms]
    return distinct([*whole, *(Form(text, "compound", left=True, right=True) for text in first_parts(lemma, language))])


def first_parts(lemma: str, language: str) -> list[str]:
    """What stands for the noun when another follows: evacuatie-, gevangenen-, Gefangenen-, Evakuierungs-."""
    low = lemma.lower()
    if language == "nl":
        if low.endswith(("ene", "ele")):
            return [lemma + "n"]
        if low.endswith("ing"):
            return [lemma + "s"]
        return [lemma]
    if low.endswith(("ene", "ener")):
        return [lemma.removesuffix("r") + "n"]
    if low.endswith(("te", "ter")) and _nominalised(low):
        return [lemma.removesuffix("r") + "n"]
    if low.endswith(("ung", "ion", "heit", "keit", "schaft", "tät")):
        return [lemma + "s"]
    return [lemma]


def _nominalised(low: str) -> bool:
    return low.endswith(("ierte", "ierter", "letzte", "letzter"))


def _is_noun(lemma: str, language: str) -> bool:
    """German nouns have a capital; Dutch ones are what has not the form of an infinitive, participle or adjective."""
    if language == "de":
        return lemma[:1].isupper()
    low = lemma.lower()
    return (
        not low.endswith("en")
        and not (low.startswith("ge") and low.endswith(("d", "t")))
        and not low.endswith(("lijk", "isch", "ig"))
    )
