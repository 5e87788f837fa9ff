"""Statements are made of constants and placeholders: no value of a post, a person or a setting is written into one.

Bandit cannot tell a constant from a value and its B608 is off for it; this looks closer.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

STORE = Path(__file__).parent.parent / "monitor" / "store"
_SQL = re.compile(r"\b(SELECT|INSERT|UPDATE|DELETE|PRAGMA|FROM|WHERE)\b")
_CONSTANT = re.compile(
    r"(\w+\.)?_?[A-Z][A-Z_]+|', '\.join\((_COLUMNS|'\?' \* .+)\)|int\(\w+\)|'[\w ]*' if .+ else '[\w ]*'"
)
# Names of a function's own that hold nothing but text from the same file: tables, clauses, placeholders.
READ_AND_FOUND_RIGHT = {
    "alerts.py": {"what", "joined", "places"},
    "backup.py": {"table"},
    "gains.py": {"table"},
    "notices.py": {"clause"},
    "personal.py": {"table", "column", "these", "instead"},
    "purging.py": {"kept", "table"},
    "recording.py": {"table", "columns"},
    "search.py": {"' AND '.join(conditions)"},
    "telling.py": {"tables", "condition"},
}


@pytest.mark.parametrize("path", [pytest.param(path, id=path.name) for path in sorted(STORE.rglob("*.py"))])
def test_no_value_is_written_into_a_statement(path: Path) -> None:
    written = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.JoinedStr) and _SQL.search(_text(node)):
            written |= {ast.unparse(part.value) for part in node.values if isinstance(part, ast.FormattedValue)}
    assert {one for one in written if not _CONSTANT.fullmatch(one)} == READ_AND_FOUND_RIGHT.get(path.name, set())


def _text(node: ast.JoinedStr) -> str:
    return "".join(part.value for part in node.values if isinstance(part, ast.Constant))
