"""`monitor rules check`: faults and advice, one a line, as editors and continuous integration read them."""

from __future__ import annotations

from collections.abc import Sequence

import click

from monitor.cli import start
from monitor.cli.summary import counted
from monitor.rules.linting import lint


def run(folders: Sequence[str], no_packs: bool, strict: bool) -> int:
    """Print the advice and a count; exit code 0, or 1 with `strict` where there is advice. Faults exit with 2."""
    found = start.rule_set(folders, no_packs, start.settings().rules, pack_tests=True)
    advice = lint(found)
    for one in advice:
        click.echo(str(one))
    click.echo(
        f"{counted(len(found.rules), 'rule')} and {counted(len(found.entities), 'entity', 'entities')}, all sound"
        + (f"; {counted(len(advice), 'piece')} of advice." if advice else "."),
        err=True,
    )
    return 1 if strict and advice else 0
