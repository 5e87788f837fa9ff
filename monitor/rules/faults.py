"""Faults of a rule file in words: what is wrong at which key, and what to write instead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import deepcopy
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError

Path_ = tuple[str | int, ...]

_LANGUAGES = "ru, uk, be, en, nl, de, fr, pl"


def nearest(word: str, known: Iterable[str]) -> str:
    """Return `; did you mean “x”?` for the known word that is most like `word`, else nothing."""
    near = get_close_matches(word, list(known), 1, 0.6)
    return f"; did you mean “{near[0]}”?" if near else ""


def pointed_at(text: str, column: int) -> str:
    """Return two more lines for a sentence: a condition on one line, and a mark under its column (from 1)."""
    before = " ".join(f"{text[: column - 1]}|".split())
    return f"\n    {' '.join(text.split())}\n    {' ' * (len(before) - 1)}^"


def explained(error: ValidationError, model: type[BaseModel], at: Path_, text: object) -> Iterator[tuple[Path_, str]]:
    """Give each fault that pydantic found as a path in the file and a sentence."""
    if not isinstance(text, dict):
        yield at, "is empty or no mapping; write its keys below it, indented"
        return
    seen: set[tuple[Path_, str]] = set()
    for problem in error.errors():
        path = at + _in_file(problem["loc"], text)
        fault = (path, _sentence(problem, model, path))
        if fault not in seen:
            seen.add(fault)
            yield fault


# Stand-ins for keys that are missing or wrong, so that the rest of a rule or entity can be looked at.
_STAND_INS = {"title": "?", "level": "low", "when": "?", "kind": "place", "name": "?"}


def pruned(text: object, faulty: Iterable[Path_]) -> object:
    """Return a copy of a rule's or entity's text without its faulty parts, with stand-ins for what is needed."""
    if not isinstance(text, dict):
        return None
    copy = deepcopy(text)
    for path in faulty:
        _drop(copy, path)
    known = {"title", "level", "when"} if "when" in text or "terms" in text else {"kind", "name"}
    return {key: _STAND_INS[key] for key in known} | copy


def _drop(value: Any, path: Path_) -> None:
    for part in path[:-1]:
        if isinstance(value, list) or part not in value:
            break  # an item of a list: its number would shift, so the whole list goes
        if isinstance(value[part], list):
            value.pop(part)
            return
        value = value[part]
    if path and isinstance(value, dict):
        value.pop(path[-1], None)


def _in_file(loc: tuple[str | int, ...], value: Any) -> Path_:
    """Keep of pydantic's location what is a key or index of the file (it also names union members and "[key]")."""
    path: list[str | int] = []
    for part in loc:
        if _stands_in(part, value):
            value = value[part]
            path.append(part)
        elif part != "[key]" and not isinstance(value, str):
            break
    return tuple(path)


def _stands_in(part: str | int, value: Any) -> bool:
    if isinstance(value, list):
        return isinstance(part, int) and part < len(value)
    return isinstance(value, dict) and part in value


def _sentence(problem: Any, model: type[BaseModel], path: Path_) -> str:
    kind, last = problem["type"], problem["loc"][-1]
    key = path[-1] if path else ""
    match kind:
        case "missing":
            return f"lacks “{last}”"
        case "extra_forbidden":
            return f"unknown key “{last}”{nearest(str(last), _keys(model))}"
        case "literal_error" if "[key]" in problem["loc"]:
            return f"“{problem['input']}” cannot be a key here; write one of {problem['ctx']['expected']}"
        case "literal_error":
            return f"{key}: “{problem['input']}” is not one of {problem['ctx']['expected']}"
        case "dict_type" if "terms" in path:
            return f"the term “{key}” has no language; write {{ru: […]}} or {{any: […]}} ({_LANGUAGES})"
        case "dict_type":
            return f"{key}: must be a mapping, for example {{ru: …}}"
        case "list_type":
            return f"{key}: must be a text or a list of texts"
        case "string_unicode":
            return f"{key}: holds half a character (a lone surrogate); write the whole one"
        case "string_type" if problem["input"] is not None:
            return f"{key}: must be text"
        case "string_type" | "string_too_short" | "too_short":
            return f"{key}: is empty"
        case "model_type" | "model_attributes_type":
            return f"{key}: must be a mapping of keys"
        case _:
            return f"{key}: {problem['msg']}"


def _keys(model: type[BaseModel]) -> list[str]:
    return [info.alias or name for name, info in model.model_fields.items()]
