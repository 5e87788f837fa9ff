"""Rule files to a RuleSet: every fault of every file is found and reported at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from importlib import resources
from pathlib import Path

from pydantic import ValidationError

from monitor.rules import faults
from monitor.rules.checking import check
from monitor.rules.document import Document, EntityText, RuleText, TestsOf
from monitor.rules.reader import Reader
from monitor.rules.schema import Entity, Place, Rule, RuleSet, Tests
from monitor.rules.tree_cache import read_trees
from monitor.rules.yaml_tree import MAX_BYTES, Tree

SUFFIXES = (".yaml", ".yml")
MOST_BYTES = 32_000_000  # of all files of a folder: some million words, and minutes to work them out
MOST_SHOWN = 500  # faults that the text of the error lists


@dataclass(frozen=True, slots=True, order=True)
class RuleError:
    """One fault: where it stands, in which rule or entity (or None), and what is wrong and what to do."""

    place: Place
    id: str | None
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {f'{self.id}: ' if self.id else ''}{self.message}"


class RuleErrors(Exception):  # noqa: N818  many errors in one
    """The rules cannot be used; `errors` holds every fault of every file, in order."""

    def __init__(self, errors: Iterable[RuleError]) -> None:
        self.errors = tuple(sorted(set(errors), key=lambda error: (error.place, error.message)))
        number = len(self.errors)
        head = f"The rules have {number:,} fault{'s' if number > 1 else ''}; nothing was run."
        rest = [f"and {number - MOST_SHOWN:,} more"] if number > MOST_SHOWN else []
        super().__init__("\n".join([head, *map(str, self.errors[:MOST_SHOWN]), *rest]))


def packs_folder() -> Path:
    """Return the folder of the bundled packs."""
    return Path(str(resources.files("monitor.rules"))) / "packs"


def load(folders: Sequence[Path], *, packs: bool = True, pack_tests: bool = True, cache: Path | None = None) -> RuleSet:
    """Read the rules of `folders`, in order, over the bundled packs; the same id in a later folder replaces.

    Without `pack_tests` the folder of tests beside the packs is left out: to read it takes longer than the packs, and
    whoever only looks for mentions has no use for it. With a cache folder, files that were read before and are the same
    are taken from there. Raises RuleErrors with every fault of every file.
    """
    stack = _Stack(cache)
    if packs:
        stack.lay(packs_folder(), without=None if pack_tests else packs_folder() / "tests")
    for folder in folders:
        stack.lay(folder)
    rules = RuleSet(tuple(stack.rules.values()), tuple(stack.entities.values()))
    stack.errors += [RuleError(place, id_, message) for place, id_, message in check(rules, stack.declared)]
    if stack.errors:
        raise RuleErrors(stack.errors)
    return rules


@dataclass(slots=True)
class _Stack:
    """The folders laid so far, and all that was wrong."""

    cache: Path | None
    rules: dict[str, Rule] = field(default_factory=dict)
    entities: dict[str, Entity] = field(default_factory=dict)
    errors: list[RuleError] = field(default_factory=list)
    declared: set[str] = field(default_factory=set)  # ids of all rules and entities, the faulty ones too

    def lay(self, folder: Path, without: Path | None = None) -> None:
        here = _Layer(self.errors, self.declared)
        files = [path for path in self._files(folder) if without not in path.parents]
        for path, tree in zip(files, read_trees(files, self.cache), strict=True):
            here.add(path, tree)
        for id_, tests, place in here.tests:
            if not here.attach(id_, tests, self.rules, self.entities) and id_ not in self.declared:
                near = faults.nearest(id_, [*here.rules, *here.entities, *self.rules, *self.entities])
                self.errors.append(RuleError(place, id_, f"tests of a rule or entity that does not exist{near}"))
        self.rules.update(here.rules)
        self.entities.update(here.entities)

    def _files(self, folder: Path) -> list[Path]:
        if folder.is_file():
            return [folder]
        if not folder.is_dir():
            self.errors.append(
                RuleError(Place(str(folder), 1, 1), None, "there is no such folder of rules; check --rules and RULES")
            )
            return []
        files = sorted(path for path in folder.rglob("*") if path.suffix in SUFFIXES and path.is_file())
        sizes = [path.stat().st_size for path in files]
        size = sum(one for one in sizes if one <= MAX_BYTES)  # a larger one is refused by itself
        if size > MOST_BYTES:
            most = MOST_BYTES // 10**6
            message = f"the rule files of the folder have {size / 1e6:.0f} MB together, more than the {most} MB allowed"
            self.errors.append(RuleError(Place(str(folder), 1, 1), None, message))
            return []
        if not files:
            self.errors.append(RuleError(Place(str(folder), 1, 1), None, "the folder holds no rules (*.yaml)"))
        return files


@dataclass(slots=True)
class _Layer:
    """The files of one folder, in which an id may stand once."""

    errors: list[RuleError]
    declared: set[str]
    rules: dict[str, Rule] = field(default_factory=dict)
    entities: dict[str, Entity] = field(default_factory=dict)
    tests: list[tuple[str, Tests, Place]] = field(default_factory=list)

    def add(self, path: Path, tree: Tree) -> None:
        """Take up one file; a part of it that is faulty is reported and left out, the rest is checked all the same."""
        name = str(path)
        self.errors += [RuleError(Place(name, one.line, one.column), None, one.message) for one in tree.faults]
        if tree.value is None:
            return
        document = self._document(tree, name)
        reader = Reader(name, tree)
        for id_, entity in document.entities.items():
            self._once(id_, reader.entity(id_, entity), self.entities)
        for id_, rule in document.rules.items():
            self._once(id_, reader.rule(id_, rule), self.rules)
        for id_, tests in document.tests.items():
            self.tests.append((id_, reader.tests(("tests", id_), tests), reader.place(("tests", id_))))
        self.errors += [RuleError(place, id_, message) for place, id_, message in reader.faults]

    def attach(self, id_: str, tests: Tests, rules: dict[str, Rule], entities: dict[str, Entity]) -> bool:
        """Add tests that stand apart to their rule or entity; those of a lower folder keep theirs."""
        if id_ in self.rules:
            self.rules[id_] = replace(self.rules[id_], tests=_added(self.rules[id_].tests, tests))
        elif id_ in self.entities:
            self.entities[id_] = replace(self.entities[id_], tests=_added(self.entities[id_].tests, tests))
        elif id_ in rules:
            rules[id_] = replace(rules[id_], tests=_added(rules[id_].tests, tests))
        elif id_ in entities:
            entities[id_] = replace(entities[id_], tests=_added(entities[id_].tests, tests))
        else:
            return False
        return True

    def _once(self, id_: str, new: Rule | Entity | None, known: dict[str, Rule] | dict[str, Entity]) -> None:
        if new is None:
            return
        if id_ in known:
            message = f"the id stands twice in this folder, here and at {known[id_].place}; rename one"
            self.errors.append(RuleError(new.place, id_, message))
        known[id_] = new  # type: ignore[assignment]  # rules go to rules and entities to entities: the callers see to it

    def _document(self, tree: Tree, name: str) -> Document:
        """Validate the parts of a file one by one, so that a faulty rule does not hide the faults of the next."""
        whole = Document()
        if not isinstance(tree.value, dict):
            self.errors.append(
                RuleError(Place(name, 1, 1), None, "holds no mapping; a rule file has entities: and rules:")
            )
            return whole
        for key, part in tree.value.items():
            model = _MODELS.get(key)
            if model is None:
                near = faults.nearest(key, ["entities", "rules", "tests"])
                self._fault(tree, name, (key,), None, f"unknown key “{key}”{near}")
            elif not isinstance(part, dict):
                self._fault(tree, name, (key,), None, f"“{key}” must be a mapping from ids to {key}")
            else:
                if key != "tests":
                    self.declared.update(part)
                for id_, text in part.items():
                    self._validate(tree, name, (key, id_), model, text, getattr(whole, key))
        return whole

    def _validate(
        self,
        tree: Tree,
        name: str,
        path: tuple[str, str],
        model: type[EntityText | RuleText | TestsOf],
        text: object,
        target: dict[str, object],
    ) -> None:
        try:
            target[path[1]] = model.model_validate(text)
        except ValidationError as error:
            found = list(faults.explained(error, model, path, text))
            for place, message in found:
                self._fault(tree, name, place, path[1], message)
            self._read_the_rest(Reader(name, tree), model, path, faults.pruned(text, [place[2:] for place, _ in found]))

    def _read_the_rest(
        self, reader: Reader, model: type[EntityText | RuleText | TestsOf], path: tuple[str, str], rest: object
    ) -> None:
        """Report what else is wrong with a rule or entity that cannot be used anyway."""
        try:
            text = model.model_validate(rest)
        except ValidationError:
            return
        if isinstance(text, RuleText):
            reader.rule(path[1], text)
        elif isinstance(text, EntityText):
            reader.entity(path[1], text)
        self.errors += [RuleError(place, id_, message) for place, id_, message in reader.faults]

    def _fault(self, tree: Tree, name: str, path: tuple[str | int, ...], id_: str | None, message: str) -> None:
        self.errors.append(RuleError(Place(name, *tree.place(path)), id_, message))


_MODELS: dict[str, type[EntityText | RuleText | TestsOf]] = {
    "entities": EntityText,
    "rules": RuleText,
    "tests": TestsOf,
}


def _added(one: Tests, other: Tests) -> Tests:
    return Tests(one.hit + other.hit, one.miss + other.miss)
