"""What parsers under test share: a folder for files, and the bundled rules, compiled once a run."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from monitor.cli.start import cache_folder
from monitor.rules.compiler import compile_rules
from monitor.rules.loader import load
from monitor.rules.matcher import Matcher


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="fuzz-")


def folder(name: str) -> Path:
    """Return a folder of that name, which is removed at the end of the run."""
    found = Path(_folder().name, name)
    found.mkdir(exist_ok=True)
    return found


@cache
def packs() -> Matcher:
    """Return the bundled rules, compiled."""
    return compile_rules(load([]), cache=cache_folder())
