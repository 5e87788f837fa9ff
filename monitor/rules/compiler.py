"""From validated rules to a Matcher: every term and name is put into one lexicon of stems and endings."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from monitor.language.fold import fold_form
from monitor.rules import cache as cache_files
from monitor.rules.derivation import (
    Lexeme,
    NameParts,
    is_cyrillic,
    name_everywhere,
    name_lexemes,
    person_alias_lexemes,
    person_never_lexemes,
    script_languages,
    split,
    term_lexemes,
    word_lexemes,
)
from monitor.rules.full_names import FullName
from monitor.rules.given import known_given_names
from monitor.rules.lexicon import Lexicon, LexiconBuilder, Person, Role, Shape, Subject
from monitor.rules.lists import connects, is_distinguishing, is_head
from monitor.rules.matcher import Matcher
from monitor.rules.owners import contexts_of, terms_of
from monitor.rules.schema import Entity, RuleSet
from monitor.rules.surnames import surname_stems


def compile_rules(rules: RuleSet, *, cache: Path | None = None) -> Matcher:
    """Compile rules; with a cache folder, the lexicon is taken from there while rules and code are the same."""
    if cache is None:
        return Matcher(rules, build_lexicon(rules))
    key = cache_files.key(rules)
    lexicon = cache_files.load(cache, key)
    if lexicon is None:
        lexicon = build_lexicon(rules)
        cache_files.save(cache, key, lexicon)
    return Matcher(rules, lexicon)


def build_lexicon(rules: RuleSet) -> Lexicon:
    """Work out every form of every term, name and context word."""
    build = _Build()
    for number, (_, _, _, term) in enumerate(terms_of(rules)):
        subject = build.subject(Role.TERM, number, term.text)
        build.add(subject, term_lexemes(term))
    for number, entity in enumerate(rules.entities):
        if entity.kind == "person":
            build.person(number, entity)
        else:
            build.name(number, entity)
    for number, context in enumerate(contexts_of(rules)):
        build.add(build.subject(Role.CONTEXT, number, context.text), word_lexemes(context.text, context.languages))
    if any(entity.kind == "person" for entity in rules.entities):
        build.known_given_names()
    return build.lexicon.finish()


@dataclass(slots=True)
class _Build:
    lexicon: LexiconBuilder = field(default_factory=LexiconBuilder)
    parts: NameParts = field(default_factory=NameParts)
    given_numbers: dict[frozenset[str], int] = field(default_factory=dict)

    def subject(self, role: Role, owner: int, lemma: str, capitals: int = 0) -> int:
        return self.lexicon.subject(Subject(role, owner, lemma, capitals))

    def add(self, subject: int, lexemes: Sequence[Lexeme]) -> None:
        """Add words and phrases that stand for a subject as they are."""
        phrase: int | None = None
        for lexeme in lexemes:
            if single := lexeme.single:
                self.lexicon.words(single, Shape.WORD, subject, lexeme.left, lexeme.right)
            for words, via in lexeme.several:
                if phrase is None:
                    phrase = self.lexicon.new_phrase(subject)
                self.lexicon.phrase(phrase, words, via)

    def name(self, owner: int, entity: Entity) -> None:
        """Add a place or organisation: its forms in every language and spelling, its aliases in their own."""
        for language, names in entity.forms.items():
            for name in names:
                subject = self.subject(Role.ENTITY, owner, name, _capitals_needed(name))
                lexemes = name_everywhere(_unquoted(name), language, entity.kind)
                if _is_abbreviation(name):
                    # ГУР is no word in small letters, "gur" and "hur" are.
                    cyrillic, latin = _by_script(lexemes)
                    self.add(subject, cyrillic)
                    self.add(self.subject(Role.ENTITY, owner, name, 2), latin)
                else:
                    self.add(subject, lexemes)
                if entity.kind == "place":
                    self.adjectives(subject, lexemes)
        for language, aliases in entity.aliases.items():
            for alias in aliases:
                subject = self.subject(Role.ENTITY, owner, alias, _capitals_needed(alias))
                lexemes = name_lexemes(_unquoted(alias), language, entity.kind)
                self.add(subject, lexemes)
                if entity.kind == "place":
                    self.adjectives(subject, lexemes)
        for declared, text in entity.never:
            subject = self.subject(Role.NEVER, owner, text)
            for language in [declared] if declared else script_languages(text):
                self.add(subject, name_everywhere(_unquoted(text), language, entity.kind))

    def adjectives(self, subject: int, lexemes: Sequence[Lexeme]) -> None:
        """Let the distinguishing word of "Курская область" or "Kursk region" stand in a list whose noun comes once."""
        for lexeme in lexemes:
            forms: dict[str, str] = {}
            for words, via in lexeme.several:
                words = [word for word in words if not connects(word)]
                if len(words) == 2 and is_head(words[0]) != is_head(words[1]):
                    word = words[0] if is_head(words[1]) else words[1]
                    if is_distinguishing(word):
                        forms.setdefault(word, f"{via}, in a list with one noun")
            if forms:
                self.lexicon.words(forms, Shape.ADJECTIVE, subject)

    def person(self, owner: int, entity: Entity) -> None:
        """Add a person: surnames as anchors with the given names that fit, aliases, and namesakes."""
        gender = entity.gender or "m"
        everyone: set[int] = set()
        for names in _by_position(entity):
            given: set[int] = set()
            patronymic: set[int] = set()
            for language, name in names:
                full = FullName.of(name)
                given |= self.given(full.given, language, gender)
                patronymic |= self.patronymic(full.patronymic, language, gender)
            everyone |= given
            lemma = names[0][1]
            subject = self.subject(Role.ENTITY, owner, lemma)
            person = self.lexicon.person(
                Person(subject, frozenset(given), frozenset(patronymic), gender == "f", alias=not given)
            )
            for language, name in names:
                self.surname(person, FullName.of(name), language, gender)
        for language, aliases in entity.aliases.items():
            for alias in aliases:
                subject = self.subject(Role.ENTITY, owner, alias, _capitals_needed(alias))
                lexemes = person_alias_lexemes(_unquoted(alias), language, gender)
                if len(split(fold_form(alias))) == 1:
                    self.anchors(subject, lexemes, frozenset(everyone), gender)
                else:
                    self.add(subject, lexemes)
        surnames = {FullName.of(name).surname for names in entity.forms.values() for name in names}
        for declared, text in entity.never:
            self.namesake(owner, declared, text, surnames, gender)

    def anchors(self, subject: int, lexemes: Sequence[Lexeme], given: frozenset[int], gender: str) -> None:
        person = self.lexicon.person(Person(subject, given, frozenset(), gender == "f", alias=True))
        for lexeme in lexemes:
            self.lexicon.words(lexeme.single, Shape.SURNAME, person)

    def surname(self, person: int, full: FullName, language: str, gender: str) -> None:
        stems, lexemes = surname_stems(full.surname, language, gender)
        for stem, endings in stems:
            self.lexicon.stem(stem, endings, Shape.SURNAME, person)
        phrase: int | None = None
        for lexeme in lexemes:
            self.lexicon.words(lexeme.single, Shape.SURNAME, person, lexeme.left, lexeme.right)
            for words, via in lexeme.several:
                if phrase is None:
                    phrase = self.lexicon.new_phrase(self.lexicon.persons[person].subject)
                self.lexicon.phrase(phrase, words, via)

    def namesake(self, owner: int, declared: str | None, text: str, surnames: Collection[str], gender: str) -> None:
        """Add a name that is somebody else: a full name as a person of its own, any other phrase by its head.

        `surnames` and `gender` are the entity's own: what stands before one of them is declined with it.
        """
        subject = self.subject(Role.NEVER, owner, text)
        languages = [declared] if declared else script_languages(text)
        words = text.split()
        if len(words) < 2 or not all(word[:1].isupper() for word in words):
            for language in languages:
                self.add(subject, person_never_lexemes(text, language, surnames, gender))
            return
        full = FullName.of(text)
        gender = _gender_of(full)
        given: set[int] = set()
        patronymic: set[int] = set()
        for language in languages:
            given |= self.given(full.given, language, gender)
            patronymic |= self.patronymic(full.patronymic, language, gender)
        person = self.lexicon.person(Person(subject, frozenset(given), frozenset(patronymic), gender == "f"))
        for language in languages:
            self.surname(person, full, language, gender)

    def given(self, name: str, language: str, gender: str) -> set[int]:
        """Numbers of the given names in a name's first part ("Ахмат-Хаджи" has two)."""
        words = name.replace("-", " ").split()
        return {self._number(self.parts.given(word, language, gender), gender) for word in words}

    def patronymic(self, name: str, language: str, gender: str) -> set[int]:
        return {self._number(self.parts.patronymic(name, language, gender), gender)} if name else set()

    def _number(self, forms: frozenset[str], gender: str) -> int:
        if forms not in self.given_numbers:
            self.given_numbers[forms] = self.lexicon.given_name(forms, gender == "f")
        return self.given_numbers[forms]

    def known_given_names(self) -> None:
        """Add the common given names, by which a namesake is told apart."""
        self.lexicon.given_name(known_given_names("m"), feminine=False)
        self.lexicon.given_name(known_given_names("f"), feminine=True)


def _by_position(entity: Entity) -> Iterator[list[tuple[str, str]]]:
    """Yield the person's names by language; where every language lists as many, they are taken to correspond."""
    lists = [[(language, name) for name in names] for language, names in entity.forms.items()]
    if len({len(names) for names in lists}) == 1:
        for names in zip(*lists, strict=True):
            yield list(names)
        return
    for listed in lists:
        for name in listed:
            yield [name]


_MASCULINE_IN_A = ("никита", "илья", "ілля", "кузьма", "фома", "лука", "савва", "сава", "микола", "данила", "гаврила")


def _gender_of(full: FullName) -> str:
    surname, given = fold_form(full.surname), fold_form(full.given.split("-")[0] if full.given else "")
    if surname.endswith(("ова", "ева", "ина", "ая", "ська", "цька", "іна", "єва")):
        return "f"
    if surname.endswith(("ов", "ев", "ин", "ий", "ій", "ый", "ой", "ін", "єв")) or given in _MASCULINE_IN_A:
        return "m"
    return "f" if given.endswith(("а", "я", "a")) else "m"


def _capitals_needed(name: str) -> int:
    """How many capitals the published text must have there: short Latin abbreviations and quoted names are ordinary
    words otherwise."""
    if name != _unquoted(name):
        return 1
    return 2 if _is_abbreviation(name) and not is_cyrillic(name) else 0


def _is_abbreviation(name: str) -> bool:
    return name.isupper() and len(name) <= 4


def _by_script(lexemes: Sequence[Lexeme]) -> tuple[list[Lexeme], list[Lexeme]]:
    """Sort forms into those in Cyrillic letters and the others."""
    sides: tuple[list[Lexeme], list[Lexeme]] = ([], [])
    for lexeme in lexemes:
        for side, cyrillic in zip(sides, (True, False), strict=True):
            forms = {form: via for form, via in lexeme.forms.items() if is_cyrillic(form) is cyrillic}
            if forms:
                side.append(replace(lexeme, forms=forms))
    return sides


def _unquoted(name: str) -> str:
    return name.strip("«»\"“”„'")
