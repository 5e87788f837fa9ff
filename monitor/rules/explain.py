"""What `explain` tells about a text: mentions, what was dropped and why, each rule's condition with its values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from monitor.models import Level, Mention
from monitor.rules.condition import And, Hit, Near, Not, Or, Verdict, Without
from monitor.rules.schema import Rule


@dataclass(frozen=True, slots=True)
class DroppedMention:
    """A form of a term or entity that stands in the text and does not count, with the reason in words."""

    mention: Mention
    reason: str


@dataclass(frozen=True, slots=True)
class RuleVerdict:
    """A rule's condition as a tree of values; `level` is what the rule has here if it fired, else None."""

    rule: Rule
    verdict: Verdict
    level: Level | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a text matches or not: mentions in order, dropped candidates, and every rule in the order of the rules."""

    text: str
    mentions: tuple[Mention, ...]
    dropped: tuple[DroppedMention, ...]
    rules: tuple[RuleVerdict, ...]

    @property
    def fired(self) -> tuple[RuleVerdict, ...]:
        """The rules that fired."""
        return tuple(rule for rule in self.rules if rule.verdict.value)


def decisive(verdict: Verdict) -> Verdict:
    """Return a verdict without the parts that did not decide: of a false `and` only the false ones stay."""
    parts = tuple(map(decisive, verdict.parts))
    if isinstance(verdict.node, And | Or):
        parts = tuple(part for part in parts if part.value == verdict.value)
    elif isinstance(verdict.node, Without):
        parts = parts if parts[0].value and not verdict.value else parts[:1]
    elif isinstance(verdict.node, Near) and not all(part.value for part in parts):
        parts = tuple(part for part in parts if not part.value)
    return replace(verdict, parts=parts)


def stands(verdict: Verdict) -> bool:
    """Tell whether the text has anything that a condition asks for; what it rules out does not count."""
    if isinstance(verdict.node, Not):
        return False
    if isinstance(verdict.node, Without):
        return stands(verdict.parts[0])
    return any(map(stands, verdict.parts)) if verdict.parts else bool(verdict.hits)


def apart(left: Sequence[Hit], right: Sequence[Hit]) -> int | None:
    """Return how many words stand between the nearest two hits of both sides; None: in no paragraph are both."""
    between = [
        max(second.start_word - first.end_word, 0)
        for one in left
        for other in right
        if one.paragraph == other.paragraph
        for first, second in [sorted((one, other), key=lambda hit: hit.start_word)]
    ]
    return min(between, default=None)
