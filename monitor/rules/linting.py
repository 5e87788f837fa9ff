"""Advice on rules that can be used but probably do not do what was meant. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from monitor.language.fold import fold_form
from monitor.language.frequent_surnames import frequent_surnames
from monitor.language.ordinary import ordinary_in
from monitor.rules.derivation import (
    Lexeme,
    is_cyrillic,
    name_everywhere,
    name_lexemes,
    split,
    term_lexemes,
)
from monitor.rules.full_names import FullName
from monitor.rules.implying import fire_alone, implies, never_holds, sentence
from monitor.rules.schema import ANY, Entity, Place, Rule, RuleSet, Term
from monitor.rules.surnames import surname_stems

SHORT = 4  # letters below which a form is found by chance
_SHOWN = 3  # forms that one piece of advice names
_LANGUAGES = {
    "ru": "Russian",
    "uk": "Ukrainian",
    "be": "Belarusian",
    "en": "English",
    "nl": "Dutch",
    "de": "German",
    "fr": "French",
    "pl": "Polish",
}


@dataclass(frozen=True, slots=True, order=True)
class Advice:
    """What is likely to be a mistake: where it stands, of which rule or entity, and what to do."""

    place: Place
    id: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.id}: {self.message}"


def lint(rules: RuleSet) -> list[Advice]:
    """Return all advice on a rule set, in the order of the files."""
    advice = [Advice(term.place, rule.id, said) for rule in rules.rules for term, said in _on_terms(rule)]
    advice += [Advice(rule.place, rule.id, said) for rule, said in _on_conditions(rules)]
    advice += [Advice(entity.place, entity.id, said) for entity in rules.entities for said in _on_entity(entity)]
    return sorted(set(advice))


# ---------------------------------------------------------------- terms


def _on_terms(rule: Rule) -> Iterator[tuple[Term, str]]:
    """Advise on words that make the rule fire by themselves; beside other words a short one does little harm."""
    alone = fire_alone(rule)
    for name, terms in rule.terms.items():
        if name not in alone:
            continue
        for term in terms:
            # What is written with = is meant as it stands; a part of a word or a phrase is no word by itself.
            if term.kind == "bare" and term.language != ANY and _may_matter(term.word):
                for said in _on_forms(term.word, _single(term_lexemes(term)), {term.language}):
                    yield term, f"{name}: {said} and make the rule fire alone; write “={term.word}” if that is meant"


def _on_forms(word: str, forms: Iterable[str], languages: set[str]) -> Iterator[str]:
    """Say which forms are short, and which are ordinary words of other languages than these."""
    short, strange = [], []
    for form in forms:
        if len(form) < SHORT and not (word.isupper() and len(word) > 1):
            short.append(form)
        elif others := _ordinary(form) - languages:
            strange.append((form, others))
    if short:
        yield f"“{word}” has forms under {SHORT} letters ({_listed(short)}), which stand in many texts by chance"
    if strange:
        spoken = sorted({_LANGUAGES[language] for _, others in strange for language in others})
        shown = _listed([form for form, _ in strange])
        yield f"“{word}” has forms that are ordinary words in {' and '.join(spoken)} ({shown})"


def _ordinary(form: str) -> frozenset[str]:
    """Languages in which a form is a word; the three Cyrillic ones share too many words to hold that against one."""
    return frozenset() if is_cyrillic(form) else ordinary_in(form)


def _may_matter(word: str) -> bool:
    """Whether a term may have something to be said about: a long Cyrillic word has neither short nor strange forms."""
    return len(word) < 2 * SHORT or not is_cyrillic(word)


def _listed(forms: list[str]) -> str:
    return ", ".join(forms[:_SHOWN]) + (" …" if len(forms) > _SHOWN else "")


def _single(lexemes: Iterable[Lexeme]) -> list[str]:
    return sorted({form for lexeme in lexemes if not (lexeme.left or lexeme.right) for form in lexeme.single})


# ---------------------------------------------------------------- conditions


def _on_conditions(rules: RuleSet) -> Iterator[tuple[Rule, str]]:
    kinds = {entity.id: entity.kind for entity in rules.entities}
    sound = []
    for rule in rules.rules:
        said = sentence(rule)
        if never_holds(said, kinds):
            yield rule, "can never fire: its condition asks for what it excludes"
        else:
            sound.append((rule, said))
    for number, (rule, said) in enumerate(sound):
        for place, (other, rival) in enumerate(sound):
            if number == place or rule.level.rank > other.level.rank or not implies(said, rival, kinds):
                continue
            if rule.level != other.level or not implies(rival, said, kinds):
                yield rule, f"adds nothing: whenever it fires, “{other.id}” fires too, and no less loudly"
            elif number > place:
                yield rule, f"says the same as “{other.id}”; keep one"


# ---------------------------------------------------------------- entities


def _on_entity(entity: Entity) -> Iterator[str]:
    if entity.kind == "person":
        yield from _on_surname(entity)
    elif not entity.unless:
        forms: dict[str, set[str]] = {}
        for language, name in _names(entity.forms):
            forms.setdefault(name, set()).update(_single(name_everywhere(name, language, entity.kind)))
        for language, name in _names(entity.aliases):
            forms.setdefault(name, set()).update(_single(name_lexemes(name, language, entity.kind)))
        for name, found in forms.items():
            yield from _on_name(name, found)


def _names(by_language: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    """Give the names of one word, unquoted: a phrase says enough."""
    for language, names in by_language.items():
        yield from ((language, name) for name in names if len(split(fold_form(name))) == 1 and name[0].isalpha())


def _on_name(name: str, forms: Iterable[str]) -> Iterator[str]:
    """Advise on a name of one word; an abbreviation in Latin letters is found in capitals only, so it is let be."""
    forms = sorted(form for form in forms if not (name.isupper() and not is_cyrillic(form)))
    said = list(_on_forms(name, forms, set()))
    # In small letters it was written as a word; in other cases most towns are adjectives, too (под Курском).
    if is_cyrillic(name) and name[0].isupper() and not name.isupper() and "ru" in ordinary_in(fold_form(name)):
        said.append(f"“{name}” is an ordinary word in Russian, too")
    yield from (f"{one}; write it with another word, or say under unless: which words speak against it" for one in said)


def _on_surname(entity: Entity) -> Iterator[str]:
    """A surname that is a word or that many bear must say what it needs."""
    if entity.surname.stated:
        return
    said: set[str] = set()
    for language, names in entity.forms.items():
        for name in names:
            surname = FullName.of(name).surname
            if _is_frequent(surname, entity.gender):
                said.add(f"many people are called {surname}")
                continue
            stems, lexemes = surname_stems(surname, language, entity.gender or "m")
            forms = {stem + ending for stem, endings in stems for ending, _ in endings} | set(_single(lexemes))
            words = sorted(form for form in forms if ordinary_in(form))
            short = sorted(form for form in forms if len(form) < SHORT)
            if words:
                said.add(f"{surname} has forms that are ordinary words ({_listed(words)})")
            if short:
                said.add(f"{surname} has forms under {SHORT} letters ({_listed(short)})")
    for one in sorted(said):
        yield f"{one}; say what the surname needs: surname: with-name, near(…), or alone if that is meant"


def _is_frequent(surname: str, gender: str | None) -> bool:
    folded = fold_form(surname)
    known = frequent_surnames()
    return folded in known or (gender == "f" and folded.endswith("а") and folded[:-1] in known)
