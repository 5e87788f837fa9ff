"""Common words of the languages in Latin letters, each by its own module, and phrases in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from monitor.language import dutch, english, french, german, polish
from monitor.language.forms import Form, distinct

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


def latin_phrase_forms(words: Sequence[str], language: str) -> tuple[Form, ...]:
    """All forms of a phrase: every word that can be the head or agrees with it in its own forms, small words as they are.

    Two words or fewer than three long ones multiply; in longer phrases only the head (the last long word; in French and
    Polish the first) and its neighbour change.
    """
    variants = [_variants(word, language) for word in words]
    changing = [i for i, v in enumerate(variants) if len(v) > 1]
    if len(changing) > 2:
        keep = changing[:2] if language in ("fr", "pl") else changing[-2:]
        variants = [v if i in keep else v[:1] for i, v in enumerate(variants)]
    forms = [Form("", "as written")]
    for options in variants:
        forms = [
            Form(f"{left.text} {right.text}".strip(), left.via if right.via == "as written" else right.via)
            for left in forms
            for right in options
        ]
    return distinct(forms)


_SMALL = 4


def _variants(word: str, language: str) -> list[Form]:
    if len(word) < _SMALL or word.isupper() or not word.isalpha():
        return [Form(word, "as written")]
    return list(latin_word_forms(word, language))
