"""Tables of letters and letter groups with their renderings, as they are written in this package."""

from __future__ import annotations


def table(text: str) -> dict[str, tuple[str, ...]]:
    """Read `unit rendering/rendering; …`, the usual rendering first; a minus sign stands for nothing."""
    pairs = (pair.strip().partition(" ") for line in text.strip().splitlines() for pair in line.split(";"))
    return {unit: tuple(part.replace("-", "") for part in rendered.split("/")) for unit, _, rendered in pairs if unit}
