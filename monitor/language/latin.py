"""Common words of the languages in Latin letters, each by its own module, and phrases in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from monitor.language import dutch, english, french, german, polish, polish_adjectives, polish_nouns, polish_verbs
from monitor.language.forms import Form, Slots, distinct, forms_of, frozen, joined

_WORDS: dict[str, Callable[[str], list[Form]]] = {
    "en": english.forms,
    "nl": dutch.forms,
    "de": german.forms,
    "fr": french.forms,
    "pl": polish.forms,
}
LATIN_LANGUAGES = tuple(_WORDS)


def latin_word_forms(lemma: str, language: str) -> tuple[Form, ...]:
    """All forms of a common word in en, nl, de, fr or pl."""
    return distinct(_WORDS[language](lemma))


# What follows one of these does not change: "prisoner of war", "prisonnier de guerre", "jeniec z Ukrainy".
_SMALL_WORDS = """of for from to in into on at by with under the a an van voor uit naar op bij met onder tot aan de het
    een der die das den dem des von vom zum zur aus nach für mit auf bei unter im am du le la les en à au aux par pour
    sur dans vers sous un une z ze w we na do od pod przez dla za po"""
_PREPOSITIONS = frozenset(_SMALL_WORDS.split())


def latin_phrase_forms(words: Sequence[str], language: str) -> tuple[Form, ...]:
    """All forms of a phrase: the words before the first preposition or article in their own forms, the rest frozen.

    In Polish adjectives agree with the head in case; in the other languages the forms of two neighbours are combined
    freely, and of three and more words only the last two change (in French the first two).
    """
    count = next(
        (i for i, word in enumerate(words) if i and (word.lower() in _PREPOSITIONS or "'" in word)), len(words)
    )
    head, tail = words[:count], " ".join(words[count:])
    if language == "pl":
        forms = _polish_phrase(head)
    else:
        changing = range(2) if language == "fr" else range(len(head) - 2, len(head))
        forms = [Form("", "as written")]
        for index, word in enumerate(head):
            options = _variants(word, language) if index in changing else [Form(word, "as written")]
            forms = [_beside(left, right) for left in forms for right in options]
    return distinct(_beside(form, Form(tail, "as written")) if tail else form for form in forms)


def _beside(left: Form, right: Form) -> Form:
    return Form(f"{left.text} {right.text}".strip(), left.via if right.via == "as written" else right.via)


def _variants(word: str, language: str) -> list[Form]:
    if len(word) < 4 or word.isupper() or not word.isalpha() or word.lower() in _PREPOSITIONS:
        return [Form(word, "as written")]
    return [form for form in latin_word_forms(word, language) if not form.via.startswith("possessive")]


def _polish_phrase(words: Sequence[str]) -> list[Form]:
    """Adjectives agree with the first noun in case; a verb at the beginning changes alone."""
    if polish_verbs.is_infinitive(words[0]):
        rest = " ".join(["", *words[1:]])
        return [Form(form.text + rest, form.via) for form in polish.forms(words[0])]
    nouns = [i for i, word in enumerate(words) if not polish_adjectives.is_adjective(word.lower())]
    if not nouns:
        return [Form(" ".join(words), "as written")]
    paradigms: list[Slots] = []
    noun = polish_nouns.noun(words[nouns[0]])
    for index, word in enumerate(words):
        if index == nouns[0]:
            paradigms.append(noun)
        elif polish_adjectives.is_adjective(word.lower()) and (index < nouns[0] or index == nouns[0] + 1):
            paradigms.append(polish_adjectives.agreeing_adjective(word))
        else:
            paradigms.append(frozen(word, tuple(noun)))
    separators = ["", *[" "] * (len(words) - 1)]
    return [Form(" ".join(words), "as written"), *forms_of(joined(paradigms, separators))]
