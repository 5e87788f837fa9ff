"""The terms and context words of a rule set, numbered as compiler and matcher both count them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from monitor.rules.condition import TermRef, walk
from monitor.rules.derivation import script_languages
from monitor.rules.schema import Rule, RuleSet, Term


@dataclass(frozen=True, slots=True)
class Context:
    """A word that an entity's `unless` or `near(...)` speaks of."""

    entity: int
    use: Literal["unless", "near"]
    text: str
    languages: tuple[str, ...]


def terms_of(rules: RuleSet) -> list[tuple[int, Rule, str, Term]]:
    """Return every term of every rule: number of the rule, rule, name of the term, term."""
    return [
        (number, rule, name, term)
        for number, rule in enumerate(rules.rules)
        for name, terms in rule.terms.items()
        for term in terms
    ]


def contexts_of(rules: RuleSet) -> list[Context]:
    """Return every context word of every entity."""
    found = []
    for number, entity in enumerate(rules.entities):
        for language, words in entity.unless.items():
            found += [Context(number, "unless", word, (language,)) for word in words]
        if entity.surname.condition is not None:
            names = [node.name for node in walk(entity.surname.condition) if isinstance(node, TermRef)]
            for name in dict.fromkeys(names):
                found.append(Context(number, "near", name, script_languages(name)))
    return found
