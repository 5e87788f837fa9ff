"""Advice on rules that can be used but probably do not do what was meant. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.rules.schema import Place, RuleSet


@dataclass(frozen=True, slots=True, order=True)
class Advice:
    """What is likely to be a mistake: where it stands, of which rule or entity, and what to do."""

    place: Place
    id: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.id}: {self.message}"


def lint(rules: RuleSet) -> list[Advice]:
    """Return all advice on a rule set, in the order of the files."""
    return []
