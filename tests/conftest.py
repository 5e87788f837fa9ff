"""Options of the test run: `--long` adds the tests that take minutes."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--long`."""
    parser.addoption("--long", action="store_true", help="run the tests that take minutes, too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the long tests out unless they are asked for."""
    if not config.getoption("--long"):
        left = [item for item in items if item.get_closest_marker("long") is not None]
        items[:] = [item for item in items if item not in left]
        config.hook.pytest_deselected(items=left)
