"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

Command = Callable[..., Any]


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
