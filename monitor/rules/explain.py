"""What `explain` tells about a text: mentions, what was dropped and why, each rule's condition with its values."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.models import Level, Mention
from monitor.rules.condition import Verdict
from monitor.rules.schema import Rule


@dataclass(frozen=True, slots=True)
class DroppedMention:
    """A form of a term or entity that stands in the text and does not count, with the reason in words."""

    mention: Mention
    reason: str


@dataclass(frozen=True, slots=True)
class RuleVerdict:
    """A rule's condition as a tree of values; `level` is what the rule has here if it fired, else None.

    `touched` tells whether the text has anything that the rule speaks of.
    """

    rule: Rule
    verdict: Verdict
    level: Level | None
    touched: bool


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
