"""The compiled lexicon: every form of every term and name as stems with endings.

All forms of an inflected word share a stem, and thousands of words share the same set of endings. So the automaton
holds stems only, and an ending is looked up in a paradigm: ten thousand names with some fifty forms each are about a
hundred thousand stems and some hundred paradigms. All is folded text and plain numbers: it can be kept in a file.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum


class Role(IntEnum):
    """What a subject is to the rules."""

    TERM = 0
    ENTITY = 1
    NEVER = 2  # a name that is somebody or something else than its entity
    CONTEXT = 3  # a word of an entity's `unless` or `near(...)`


class Shape(IntEnum):
    """How a word in the text leads to a subject."""

    WORD = 0  # the word is a form of it
    PHRASE = 1  # the word is the anchor of a phrase; its neighbours are compared
    SURNAME = 2  # the word is a surname; given names around it are looked at
    ADJECTIVE = (
        3  # the adjective of a two-word place name, whose noun may stand further on (Курской и Брянской областей)
    )


@dataclass(frozen=True, slots=True)
class Subject:
    """What a form stands for: `owner` is the index of the term, entity or context word; `lemma` the dictionary form."""

    role: Role
    owner: int
    lemma: str
    capitals: int = 0  # how many capitals the published text must have there


@dataclass(frozen=True, slots=True)
class Person:
    """A full name behind a surname: which given names and patronymics fit, as numbers of the lexicon's name table."""

    subject: int
    given: frozenset[int]
    patronymic: frozenset[int]
    feminine: bool
    alias: bool = False  # a one-word alias: the entity's policy on surnames does not speak about it


# The words before and after the anchor, and how the form came about (index into `vias`).
Variant = tuple[tuple[str, ...], tuple[str, ...], int]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Several words that stand together: for each anchor word the neighbours that it needs."""

    subject: int
    variants: Mapping[str, tuple[Variant, ...]]


@dataclass(frozen=True, slots=True)
class Paradigm:
    """Endings of a stem, each with the number of how it came about; at an open edge more letters may stand."""

    endings: Mapping[str, int]
    left: bool = False
    right: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """A given name or patronymic of the name table: its gender and how its initial may be written."""

    feminine: bool
    initials: frozenset[str]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All that the matcher needs beside the rules themselves.

    Stem number i has the entries `first[i]` to `first[i + 1]`; an entry is a paradigm, a shape and what the shape
    refers to (a subject, phrase or person, by number). `names` leads a folded word to the given names and patronymics
    that it is a form of.
    """

    stems: Sequence[str]
    first: array[int]
    paradigm_of: array[int]
    shape_of: array[int]
    reference_of: array[int]
    paradigms: Sequence[Paradigm]
    vias: Sequence[str]
    subjects: Sequence[Subject]
    phrases: Sequence[Phrase]
    persons: Sequence[Person]
    names: Mapping[str, tuple[int, ...]]
    given: Sequence[Given]


MIN_STEM = 4
_PARADIGM_BITS = 24
_PARADIGM = (1 << _PARADIGM_BITS) - 1


def stems_of(forms: Iterable[str]) -> dict[str, str]:
    """Give each form its stem: what the forms with the same first four letters have in common."""
    groups: dict[str, list[str]] = {}
    for form in forms:
        groups.setdefault(form[:MIN_STEM], []).append(form)
    return {form: stem for group in groups.values() for stem in [_common_start(group)] for form in group}


def _common_start(words: Sequence[str]) -> str:
    first, last = min(words), max(words)
    same = 0
    while same < len(first) and first[same] == last[same]:
        same += 1
    return first[:same]


@dataclass(slots=True)
class LexiconBuilder:
    """Collects forms and gives the Lexicon; equal stems, paradigms and phrases of one subject are merged."""

    subjects: list[Subject] = field(default_factory=list)
    phrases: list[dict[tuple[str, ...], int]] = field(default_factory=list)  # the words of each form, with its via
    phrase_subjects: list[int] = field(default_factory=list)
    persons: list[Person] = field(default_factory=list)
    given: list[Given] = field(default_factory=list)
    names: dict[str, set[int]] = field(default_factory=dict)
    vias: dict[str, int] = field(default_factory=dict)
    # endings with their edges, each set once
    _paradigms: dict[tuple[frozenset[tuple[str, int]], bool, bool], int] = field(default_factory=dict)
    _endings: list[tuple[frozenset[tuple[str, int]], bool, bool]] = field(default_factory=list)
    _unions: dict[tuple[int, int], int | None] = field(default_factory=dict)
    # (shape, reference) in the order of their numbers
    _uses: dict[tuple[int, int], int] = field(default_factory=dict)
    # stem -> use and paradigm, packed into one number each
    _stems: dict[str, tuple[int, ...]] = field(default_factory=dict)
    _numbered: dict[tuple[tuple[str, str], ...], int] = field(default_factory=dict)

    def subject(self, subject: Subject) -> int:
        """Add a subject and give its number."""
        self.subjects.append(subject)
        return len(self.subjects) - 1

    def person(self, person: Person) -> int:
        """Add a person's full name and give its number."""
        self.persons.append(person)
        return len(self.persons) - 1

    def via(self, text: str) -> int:
        """Give the number of a description of how a form came about."""
        return self.vias.setdefault(text, len(self.vias))

    def words(
        self, forms: Mapping[str, str], shape: Shape, reference: int, left: bool = False, right: bool = False
    ) -> None:
        """Add the single-word forms of one lexeme: folded form to how it came about."""
        by_stem: dict[str, list[tuple[str, int]]] = {}
        for form, stem in stems_of(forms).items():
            by_stem.setdefault(stem, []).append((form[len(stem) :], self.via(forms[form])))
        for stem, endings in by_stem.items():
            self._enter(stem, self._paradigm(frozenset(endings), left, right), shape, reference)

    def stem(self, stem: str, endings: tuple[tuple[str, str], ...], shape: Shape, reference: int) -> None:
        """Add a stem with its endings, each with how it comes about."""
        if endings not in self._numbered:
            numbered = frozenset((ending, self.via(via)) for ending, via in endings)
            self._numbered[endings] = self._paradigm(numbered, False, False)
        self._enter(stem, self._numbered[endings], shape, reference)

    def _paradigm(self, endings: frozenset[tuple[str, int]], left: bool, right: bool) -> int:
        number = self._paradigms.setdefault((endings, left, right), len(self._paradigms))
        if number == len(self._endings):
            self._endings.append((endings, left, right))
        return number

    def _enter(self, stem: str, paradigm: int, shape: Shape, reference: int) -> None:
        use = self._uses.setdefault((int(shape), reference), len(self._uses))
        known = self._stems.get(stem, ())
        for packed in known:
            if packed >> _PARADIGM_BITS == use:
                joined = self._joined(packed & _PARADIGM, paradigm)
                if joined is not None:
                    known = tuple(use << _PARADIGM_BITS | joined if one == packed else one for one in known)
                    break
        else:
            known = (*known, use << _PARADIGM_BITS | paradigm)
        self._stems[stem] = known

    def _joined(self, one: int, other: int) -> int | None:
        """The paradigm with the endings of both; None where their edges differ."""
        if one == other:
            return one
        if (one, other) not in self._unions:
            (endings, *edges), (more, *other_edges) = self._endings[one], self._endings[other]
            found = dict(more) | dict(endings)
            same = edges == other_edges
            self._unions[one, other] = self._paradigm(frozenset(found.items()), *edges) if same else None
        return self._unions[one, other]

    def new_phrase(self, subject: int) -> int:
        """Open a phrase for a subject and give its number."""
        self.phrases.append({})
        self.phrase_subjects.append(subject)
        return len(self.phrases) - 1

    def phrase(self, number: int, words: Sequence[str], via: str) -> None:
        """Add one form of a phrase, word by word."""
        self.phrases[number].setdefault(tuple(words), self.via(via))

    def given_name(self, forms: Iterable[str], feminine: bool) -> int:
        """Add a given name or patronymic with all its folded forms and give its number."""
        number = len(self.given)
        words = set(forms)
        for word in words:
            self.names.setdefault(word, set()).add(number)
        self.given.append(Given(feminine, frozenset(word[:size] for word in words for size in (1, 2, 3))))
        return number

    def finish(self) -> Lexicon:
        """Give the lexicon of all that was added."""
        variants = self._anchored()
        for number, phrase in enumerate(variants):
            for anchor in phrase:
                self.words({anchor: ""}, Shape.PHRASE, number)
        stems = sorted(self._stems)
        uses = list(self._uses)
        first, paradigm_of, shape_of, reference_of = array("I", [0]), array("I"), array("B"), array("I")
        for stem in stems:
            for packed in self._stems[stem]:
                shape, reference = uses[packed >> _PARADIGM_BITS]
                paradigm_of.append(packed & _PARADIGM)
                shape_of.append(shape)
                reference_of.append(reference)
            first.append(len(paradigm_of))
        return Lexicon(
            stems=stems,
            first=first,
            paradigm_of=paradigm_of,
            shape_of=shape_of,
            reference_of=reference_of,
            paradigms=[Paradigm(dict(endings), left, right) for endings, left, right in self._paradigms],
            vias=list(self.vias),
            subjects=self.subjects,
            phrases=[
                Phrase(subject, {anchor: tuple(found) for anchor, found in phrase.items()})
                for subject, phrase in zip(self.phrase_subjects, variants, strict=True)
            ],
            persons=self.persons,
            names={word: tuple(sorted(numbers)) for word, numbers in self.names.items()},
            given=self.given,
        )

    def _anchored(self) -> list[dict[str, list[Variant]]]:
        """Give the forms of each phrase by the word that leads to them: the one that the fewest phrases share.

        Else "region" would lead to every region there is. Words of few letters stand in too many others.
        """
        sharing = Counter(word for phrase in self.phrases for word in {word for words in phrase for word in words})
        anchored: list[dict[str, list[Variant]]] = []
        for phrase in self.phrases:
            by_anchor: dict[str, list[Variant]] = {}
            for words, via in phrase.items():
                at = min(
                    range(len(words)),
                    key=lambda at: (len(words[at]) < MIN_STEM, sharing[words[at]], -len(words[at])),
                )
                by_anchor.setdefault(words[at], []).append((words[:at], words[at + 1 :], via))
            anchored.append(by_anchor)
        return anchored
