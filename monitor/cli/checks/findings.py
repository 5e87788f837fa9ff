"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Findings:
    """What was found: faults, advice, and what is in order, a sentence each."""

    faults: list[str] = field(default_factory=list)
    advice: list[str] = field(default_factory=list)
    good: list[str] = field(default_factory=list)
