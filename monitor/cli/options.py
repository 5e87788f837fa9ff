"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

_DAYS = ["%Y-%m-%d"]
_TIMES = [*_DAYS, "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"]

Command = Callable[..., Any]


class When(click.DateTime):
    """A day, or with `clock` also a time of one; what is none is answered with how to write it."""

    def __init__(self, *, clock: bool = False) -> None:
        super().__init__(_TIMES if clock else _DAYS)
        self._written = "2023-06-04 or “2023-06-04 09:30”" if clock else "2023-06-04"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the datetime that `value` names; a usage error says how to write one."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"“{value}” is no date; write one as in {self._written}", param, ctx)


def rule_options(command: Command) -> Command:
    """Add `--rules DIR` (repeatable) and `--no-packs`."""
    command = click.option("--no-packs", is_flag=True, help="Leave the bundled packs out.")(command)
    return click.option(
        "--rules",
        multiple=True,
        metavar="DIR",
        type=click.Path(),
        help="Folder of rules, laid over the bundled packs: the same id replaces. May be given more than once.",
    )(command)


def database_option(command: Command) -> Command:
    """Add `--db FILE`, which goes before DATABASE."""
    return click.option(
        "--db", metavar="FILE", type=click.Path(dir_okay=False), help="The database; without it the one of DATABASE."
    )(command)
