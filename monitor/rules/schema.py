"""Rules and entities as the engine sees them: validated, frozen, each with its place in a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from monitor.models import EntityKind, Level
from monitor.rules.condition import Node

LANGUAGES = ("ru", "uk", "be", "en", "nl", "de", "fr", "pl")
ANY = "any"  # terms of no language: hashtags, numbers, call signs

TermKind = Literal["bare", "exact", "prefix", "suffix", "infix", "phrase", "exact-phrase", "regex"]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands in a rule file; lines and columns count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        # The name of a file may hold anything: a line break, half a character, what steers a terminal.
        file = "".join(char if char.isprintable() else "\ufffd" for char in self.file)
        return f"{file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Term:
    """One way to write what a rule looks for.

    `text` is as the analyst wrote it, with the marks that tell the kind (`=`, `*`, `/…/`).
    Kinds: bare (a dictionary form, all inflected forms), exact (that form alone), prefix, suffix (a compound's head, in
    all its forms), infix, phrase (words that agree), exact-phrase, regex (RE2 on the folded text).
    """

    name: str
    language: str
    text: str
    kind: TermKind
    place: Place

    @property
    def word(self) -> str:
        """The term without the marks that tell its kind."""
        if self.kind == "regex":
            return self.text.strip()[1:-1]
        return self.text.strip().removeprefix("=").strip("*\"'").strip()


@dataclass(frozen=True, slots=True)
class Surname:
    """What the surname of a person's `forms` needs to count; the operand of `near(…)` is a condition over words."""

    policy: Literal["alone", "with-name", "near"]
    condition: Node | None = None
    stated: bool = False  # False: the default, which `rules check` may warn about


@dataclass(frozen=True, slots=True)
class Example:
    """A text that a rule must or must not fire on, with the channel and media where the rule asks for them."""

    text: str
    channel: str | None
    media: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Tests:
    """The examples of a rule or an entity."""

    __test__ = False  # not a test class, whatever pytest thinks of its name

    hit: tuple[Example, ...] = ()
    miss: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True)
class Entity:
    """A person, organisation or place with its forms by language; see the design for what each key means."""

    id: str
    kind: EntityKind
    gender: Literal["m", "f"] | None
    name: str
    forms: Mapping[str, tuple[str, ...]]
    aliases: Mapping[str, tuple[str, ...]]
    surname: Surname
    never: tuple[tuple[str | None, str], ...]
    unless: Mapping[str, tuple[str, ...]]
    tests: Tests
    place: Place


@dataclass(frozen=True, slots=True)
class Rule:
    """What to look for and how loudly to tell; `raises` gives the level where one of the named rules fires too.

    `when_text` is the condition as it was written, at `when_place`.
    """

    id: str
    title: str
    level: Level
    raises: Mapping[Level, tuple[str, ...]]
    terms: Mapping[str, tuple[Term, ...]]
    when: Node
    when_text: str
    tests: Tests
    place: Place
    when_place: Place | None = None


@dataclass(frozen=True, slots=True)
class RuleSet:
    """All rules and entities that are in force, in the order of the files; a later folder replaced equal ids."""

    rules: tuple[Rule, ...]
    entities: tuple[Entity, ...]
