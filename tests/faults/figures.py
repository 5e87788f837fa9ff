"""What the long tests counted, in the file that FAULT_FIGURES names: the README's table of faults is made from it."""

from __future__ import annotations

import os
from pathlib import Path


def note(what: str, figure: object) -> None:
    """Add a line to the figures; without FAULT_FIGURES nothing is kept."""
    if file := os.environ.get("FAULT_FIGURES"):
        with Path(file).open("a", encoding="utf-8") as figures:
            figures.write(f"{what}: {figure}\n")
