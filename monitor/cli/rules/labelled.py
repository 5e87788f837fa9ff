"""Labelled posts of a JSONL file, and what is wrong with those that cannot be used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from monitor.models import Rejected
from monitor.rules.scoring import ENTITIES, Labelled

_LONGEST = 32_000_000  # bytes of a line


def read_labelled(path: Path) -> Iterator[tuple[dict[str, Any], Labelled] | Rejected]:
    """Give each record of a file with the labelled post in it, or why there is none. OSError: it cannot be read."""
    with path.open("rb") as file:
        number = 0
        while raw := file.readline(_LONGEST):
            number += 1
            if not raw.strip():
                continue
            try:
                record = orjson.loads(raw)
                yield record, _labelled(record, f"{path}:{number}")
            except orjson.JSONDecodeError as error:
                yield Rejected(str(path), number, f"the line is no JSON ({error.msg})")
            except ValueError as error:
                yield Rejected(str(path), number, str(error))


def fits(record: Mapping[str, Any], where: Sequence[tuple[str, str]]) -> bool:
    """Whether a record has the given values (as text) in the given fields."""
    return all(field in record and _as_text(record[field]) == value for field, value in where)


def _as_text(value: Any) -> str:
    try:
        return value if isinstance(value, str) else orjson.dumps(value).decode()
    except TypeError:
        return ""  # nested deeper than can be written: no value that somebody asks for


def _labelled(record: Any, place: str) -> Labelled:
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        raise ValueError("the record has no “text”")
    labels = record.get("labels")
    if not isinstance(labels, dict):
        raise ValueError('the record has no labels; write "labels": {"prisoners": true, "entities": ["…"]}')
    entities = labels.get(ENTITIES)
    if entities is not None and not _is_list_of_text(entities):
        raise ValueError(f"labels: “{ENTITIES}” must be a list of names")
    rules = {key: value for key, value in labels.items() if key != ENTITIES}
    if wrong := [key for key, value in rules.items() if not isinstance(value, bool)]:
        raise ValueError(f"labels: “{wrong[0]}” must be true or false")
    unsure = record.get("unsure") or []
    if not _is_list_of_text(unsure):
        raise ValueError("“unsure” must be a list of labels")
    if strange := set(unsure) - rules.keys() - {ENTITIES}:
        raise ValueError(f"unsure: “{min(strange)}” is none of the record's labels")
    media = record.get("media") or []
    return Labelled(
        text=record["text"],
        place=place,
        rules=rules,
        entities=None if entities is None else frozenset(entities),
        unsure=frozenset(unsure),
        language=record["lang"] if isinstance(record.get("lang"), str) else None,
        channel=record["channel"] if isinstance(record.get("channel"), str) else None,
        media=tuple(media) if _is_list_of_text(media) else (),
    )


def _is_list_of_text(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
