"""One file's validated texts to rules and entities: terms are told apart, conditions parsed, places kept."""

from __future__ import annotations

from monitor.models import Level
from monitor.rules.condition import And, Node, Not, Or
from monitor.rules.document import EntityText, ExampleText, RuleText, TestsOf
from monitor.rules.faults import pointed_at
from monitor.rules.grammar import ConditionError, parse
from monitor.rules.regexes import RegexError, compile_regex
from monitor.rules.schema import Entity, Example, Place, Rule, Surname, Term, TermKind, Tests
from monitor.rules.yaml_tree import Path_, Tree

MIN_WILDCARD = 4
_QUOTES = "\"'«»“”„"


class Reader:
    """Builds the values of one file; what is wrong with them is collected in `faults` (place, id, sentence)."""

    def __init__(self, file: str, tree: Tree) -> None:
        self._file = file
        self._tree = tree
        self.faults: list[tuple[Place, str, str]] = []

    def place(self, path: Path_) -> Place:
        """Return where `path` stands."""
        return Place(self._file, *self._tree.place(path))

    def entity(self, id_: str, text: EntityText) -> Entity | None:
        """Build an entity; None where something in it is wrong."""
        before = len(self.faults)
        at = ("entities", id_)
        self._check_id(id_, at)
        if text.kind == "person" and text.gender is None:
            self._fault(at, id_, "a person needs a gender (m or f): it decides the forms of the name")
        if not text.forms and not text.aliases:
            self._fault(at, id_, "has neither forms nor aliases: it can never be found")
        if text.surname is not None and text.kind != "person":
            self._fault((*at, "surname"), id_, "surname: only a person has one")
        surname = self._surname(id_, text.surname)
        never = text.never.items() if isinstance(text.never, dict) else [(None, text.never)]
        entity = Entity(
            id=id_,
            kind=text.kind,
            gender=text.gender,
            name=text.name,
            forms={language: tuple(words) for language, words in text.forms.items()},
            aliases={language: tuple(words) for language, words in text.aliases.items()},
            surname=surname,
            never=tuple((language, word) for language, words in never for word in words),
            unless={language: tuple(words) for language, words in text.unless.items()},
            tests=self.tests((*at, "tests"), text.tests),
            place=self.place(at),
        )
        return entity if len(self.faults) == before else None

    def rule(self, id_: str, text: RuleText) -> Rule | None:
        """Build a rule; None where something in it is wrong."""
        before = len(self.faults)
        at = ("rules", id_)
        self._check_id(id_, at)
        terms = {name: self._terms(id_, name, languages) for name, languages in text.terms.items()}
        when = self._condition(text.when, (*at, "when"), id_, "when") if text.when != "?" else None
        if when is None or len(self.faults) > before:
            return None
        return Rule(
            id=id_,
            title=text.title,
            level=Level(text.level),
            raises={Level(level): tuple(ids) for level, ids in text.raise_.items()},
            terms=terms,
            when=when,
            when_text=text.when,
            tests=self.tests((*at, "tests"), text.tests),
            place=self.place(at),
            when_place=self.place((*at, "when")),
        )

    def tests(self, at: Path_, text: TestsOf) -> Tests:
        """Build the examples of a rule or an entity."""
        return Tests(
            tuple(self._example((*at, "hit", number), example) for number, example in enumerate(text.hit)),
            tuple(self._example((*at, "miss", number), example) for number, example in enumerate(text.miss)),
        )

    def _example(self, at: Path_, text: ExampleText) -> Example:
        return Example(text.text, text.channel, tuple(text.media or ()), self.place(at))

    def _terms(self, id_: str, name: str, languages: object) -> tuple[Term, ...]:
        assert isinstance(languages, dict)
        at: Path_ = ("rules", id_, "terms", name)
        if name in {"and", "or", "not"} or not name.replace("-", "_").isidentifier():
            self._fault(at, id_, f"“{name}” cannot be the name of a term; use letters, digits, - and _")
        return tuple(
            term
            for language, words in languages.items()
            for number, word in enumerate(words)
            if (term := self._term(id_, name, language, word, (*at, language, number))) is not None
        )

    def _term(self, id_: str, name: str, language: str, text: str, at: Path_) -> Term | None:
        kind = term_kind(text)
        term = Term(name, language, text, kind, self.place(at))
        fault = _term_fault(term)
        if fault is not None:
            self._fault(at, id_, fault)
            return None
        return term

    def _surname(self, id_: str, text: str | None) -> Surname:
        if text is None:
            return Surname("alone")
        words = text.strip()
        if words in ("alone", "with-name"):
            return Surname("alone" if words == "alone" else "with-name", stated=True)
        if words.startswith("near(") and words.endswith(")"):
            node = self._condition(words[5:-1], ("entities", id_, "surname"), id_, "surname")
            return Surname("near", node, stated=True)
        self._fault(
            ("entities", id_, "surname"),
            id_,
            f"surname: “{text}” is not one of alone, with-name, near(WORD or @entity)",
        )
        return Surname("alone", stated=True)

    def _condition(self, text: str, at: Path_, id_: str, key: str) -> Node | None:
        try:
            node = parse(text)
        except ConditionError as error:
            self._fault(at, id_, f"{key}: {error} (column {error.column}){pointed_at(text, error.column)}")
            return None
        if holds_of_nothing(node):
            self._fault(
                at, id_, f"{key}: fires on posts that have nothing of it; name a term or entity that must be there"
            )
            return None
        return node

    def _check_id(self, id_: str, at: Path_) -> None:
        if not id_.replace("-", "").replace("_", "").isalnum() or id_ in ("person", "organisation", "place"):
            self._fault(at, id_, f"“{id_}” cannot be an id; use letters, digits and -")

    def _fault(self, at: Path_, id_: str, message: str) -> None:
        self.faults.append((self.place(at), id_, message))


def term_kind(text: str) -> TermKind:
    """Tell what kind of term an analyst wrote."""
    text = text.strip()
    if len(text) > 2 and text.startswith("/") and text.endswith("/"):
        return "regex"
    several = len(text.removeprefix("=").strip(_QUOTES).split()) > 1
    if text.startswith("="):
        return "exact-phrase" if several else "exact"
    if text.startswith("*"):
        return "infix" if text.endswith("*") else "suffix"
    if text.endswith("*"):
        return "prefix"
    return "phrase" if several else "bare"


def _term_fault(term: Term) -> str | None:
    """Say what is wrong with a term, or None."""
    quoted = f"{term.name}: “{term.text}”"
    if term.kind == "regex":
        try:
            compile_regex(term.text.strip()[1:-1])
        except RegexError as error:
            return f"{quoted}: {error}"
        return None
    word = term.word
    if not any(char.isalnum() for char in word):
        return f"{quoted} has no letters or digits"
    if term.kind in ("prefix", "suffix", "infix"):
        if len(word) < MIN_WILDCARD:
            return f"{quoted}: a part of a word needs {MIN_WILDCARD} letters at least"
        if "*" in word or " " in word:
            return f"{quoted}: a star may stand at the start or end of one word only"
    elif "*" in word:
        return f"{quoted}: a star may stand at the start or end of one word only"
    elif len(word) == 1 and word.isalpha():
        return f"{quoted} is a single letter; it would be found everywhere"
    return None


def holds_of_nothing(node: Node) -> bool:
    """Tell whether a condition would hold for a post in which nothing at all was found."""
    match node:
        case Not(part):
            return not holds_of_nothing(part)
        case And(parts):
            return all(holds_of_nothing(part) for part in parts)
        case Or(parts):
            return any(holds_of_nothing(part) for part in parts)
        case _:
            return False
