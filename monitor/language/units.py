"""Tables of letters and letter groups with their renderings, as they are written in this package."""

from __future__ import annotations


def table(text: str) -> dict[str, tuple[str, ...]]:
    """Read `unit rendering/rendering; …`, the usual rendering first; a minus sign stands for nothing.

    Each line holds whole pairs. ValueError: a unit has no rendering, or two words are where one should be.
    """
    pairs = [pair.split() for line in text.strip().splitlines() for pair in line.split(";") if pair.strip()]
    if wrong := [pair for pair in pairs if len(pair) != 2]:
        raise ValueError(f"“{' '.join(wrong[0])}” is no unit with its renderings")
    return {unit: tuple(part.replace("-", "") for part in rendered.split("/")) for unit, rendered in pairs}
