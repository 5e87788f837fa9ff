"""Polish common words: the part of speech is read from the ending of the dictionary form."""

from __future__ import annotations

from monitor.language.forms import Form, forms_of
from monitor.language.polish_adjectives import adjective, is_adjective
from monitor.language.polish_nouns import noun
from monitor.language.polish_verbs import is_infinitive, verb


def forms(lemma: str) -> list[Form]:
    """The forms of a Polish word: a verb where it ends in -ć, an adjective in -y or -i, else a noun."""
    low = lemma.lower()
    found = [Form(lemma, "as written")]
    if is_infinitive(low):
        return [*found, *verb(low)]
    if is_adjective(low):
        return [*found, *forms_of(adjective(low))]
    return [*found, *forms_of(noun(low))]
