"""YAML 1.2 as plain values with the place of each: the part of YAML that rule files may use.

Every scalar is text (so `no:` is Norwegian and `112` a term), an empty one is None. Anchors, aliases and tags are
refused, keys may stand once, nesting and size are bounded; the work is linear in the size of the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

MAX_BYTES = 8_000_000
MAX_DEPTH = 12

Path_ = tuple[str | int, ...]
Value = dict[str, Any] | list[Any] | str | None


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at a place (line and column from 1)."""

    line: int
    column: int
    message: str


@dataclass(slots=True)
class Tree:
    """A file's content with the place (line, column) of each value and key by its path, and the faults of its YAML."""

    value: Value = None
    places: dict[Path_, tuple[int, int]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def place(self, path: Path_) -> tuple[int, int]:
        """Return the place of `path`, or of the nearest thing around it that stands in the file."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, (1, 1))


def read_tree(path: Path) -> Tree:
    """Read a rule file; what is wrong with it as YAML stands in the tree's faults."""
    tree = Tree()
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise _RefusedError(
                1, 1, f"the file has {size / 1e6:.0f} MB, more than the {MAX_BYTES // 1_000_000} MB allowed; split it"
            )
        text = path.read_bytes().decode("utf-8-sig")
        events = YAML(typ="safe", pure=True).parse(text)
        _Builder(tree).document(iter(events))
    except _RefusedError as error:
        tree.faults.append(error.fault)
    except OSError as error:
        tree.faults.append(Fault(1, 1, f"cannot be read: {error.strerror}"))
    except UnicodeDecodeError as error:
        tree.faults.append(Fault(1, 1, f"is not UTF-8 text (byte {error.start}); save it as UTF-8"))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        tree.faults.append(Fault(line, column, f"is no YAML: {_flat(error.problem or error.context or 'unreadable')}"))
    except (YAMLError, RecursionError, ValueError) as error:
        tree.faults.append(Fault(1, 1, f"is no YAML: {_flat(str(error))}"))
    return tree


def _flat(text: str) -> str:
    return " ".join(text.split())


class _RefusedError(Exception):
    def __init__(self, line: int, column: int, message: str) -> None:
        super().__init__(message)
        self.fault = Fault(line, column, message)


class _Builder:
    """Turns the parser's events into plain values."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree

    def document(self, events: Iterator[Event]) -> None:
        documents = 0
        for event in events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _RefusedError(*_mark(event), "holds a second document (---); a rule file holds one")
            elif isinstance(event, NodeEvent):
                self._tree.value = self._node(event, events, (), 0)

    def _node(self, event: Event, events: Iterator[Event], path: Path_, depth: int) -> Value:
        place = _mark(event)
        self._tree.places.setdefault(path, place)
        if isinstance(event, AliasEvent):
            raise _RefusedError(*place, f"uses an alias (*{event.anchor}); write the value out")
        if isinstance(event, NodeEvent) and event.anchor:
            raise _RefusedError(*place, f"uses an anchor (&{event.anchor}); write the value out where it is needed")
        if tag := getattr(event, "tag", None):
            raise _RefusedError(*place, f"uses a tag ({tag}); rule files have none")
        if depth > MAX_DEPTH:
            raise _RefusedError(*place, f"is nested more than {MAX_DEPTH} deep")
        if isinstance(event, ScalarEvent):
            return None if event.value == "" and event.style is None else str(event.value)
        if isinstance(event, SequenceStartEvent):
            return self._sequence(events, path, depth)
        return self._mapping(events, path, depth)

    def _sequence(self, events: Iterator[Event], path: Path_, depth: int) -> list[Any]:
        values: list[Any] = []
        for event in events:
            if isinstance(event, SequenceEndEvent):
                break
            values.append(self._node(event, events, (*path, len(values)), depth + 1))
        return values

    def _mapping(self, events: Iterator[Event], path: Path_, depth: int) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for event in events:
            if isinstance(event, MappingEndEvent):
                break
            key = self._key(event, path)
            place = _mark(event)
            value_event = next(events)
            if key in values:
                first = self._tree.places[(*path, key)][0]
                self._tree.faults.append(Fault(*place, f"“{key}” stands twice, here and on line {first}; keep one"))
                self._node(value_event, events, (*path, f"{key} again"), depth + 1)
                continue
            self._tree.places[(*path, key)] = place
            values[key] = self._node(value_event, events, (*path, key), depth + 1)
        return values

    def _key(self, event: Event, path: Path_) -> str:
        if isinstance(event, ScalarEvent) and not event.anchor and not getattr(event, "tag", None):
            return str(event.value)
        if isinstance(event, MappingStartEvent | SequenceStartEvent):
            raise _RefusedError(*_mark(event), "has a list or mapping as a key; keys are words")
        self._node(event, iter(()), path, 0)
        raise _RefusedError(*_mark(event), "has a key that is no plain word")


def _mark(event: Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1)
