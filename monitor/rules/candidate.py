"""A place in a post that may be a mention, before it is decided."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from monitor.models import Span


class Strength(IntEnum):
    """How well a candidate of an entity is named."""

    BARE = 0  # by surname, a one-word alias or a one-word form alone
    PLAIN = 1  # by a form of several words, or a place's or organisation's own name
    FULL = 2  # a person with given name or initials


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place in the folded text that may be a mention of a subject; `reach` is what was read for it."""

    start: int
    end: int
    subject: int
    via: str
    strength: Strength
    reach: Span
    policy: bool = False  # whether the entity's `surname` policy speaks about it
    other: str | None = None  # why it is somebody else, seen from the words around it
