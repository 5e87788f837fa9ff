"""What every command needs first: settings and compiled rules, or one clear sentence and exit code 2."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from monitor.config import ConfigError, Settings, load_settings
from monitor.models import Level

# What takes a while to import is imported where it is used: a login needs no rules, and no database.
if TYPE_CHECKING:
    from rich.console import Console

    from monitor.alerts.policy import Policy
    from monitor.rules.matcher import Matcher
    from monitor.rules.schema import RuleSet
    from monitor.store.reader import Reader

_WHOLE = 1000  # characters of a line where nobody's terminal bounds it


def fail(message: str) -> NoReturn:
    """Say on stderr what is wrong and exit with 2."""
    # It may name a file, and that may be called anything.
    click.echo("".join(char if char.isprintable() or char == "\n" else "\ufffd" for char in message), err=True)
    raise SystemExit(2)


def console() -> Console:
    """Make a console as wide as the terminal; in a pipe or a file nothing is folded, so that grep finds names."""
    from rich.console import Console

    return Console(highlight=False, markup=False, emoji=False, width=None if sys.stdout.isatty() else _WHOLE)


def settings() -> Settings:
    """Load the settings, or say which are wrong and exit with 2."""
    try:
        return load_settings()
    except ConfigError as error:
        fail(str(error))


def policy(settings: Settings, channel_levels: Mapping[str, Level]) -> Policy:
    """Return what the desk wants to be told; the levels of channels are by user name in small letters."""
    from monitor.alerts.policy import Policy

    return Policy(
        lowest=settings.alert_level,
        low_every=settings.low_every or None,
        per_hour=settings.alerts_per_hour,
        oldest=settings.alert_max_age,
        quiet=settings.quiet_hours,
        zone=settings.zone,
        channel_levels=channel_levels,
    )


def rule_set(
    folders: Sequence[str], no_packs: bool, configured: Sequence[Path] = (), *, pack_tests: bool = False
) -> RuleSet:
    """Load the rules of `folders` (else of RULES) over the packs, or report every error in them and exit with 2."""
    from monitor.rules.loader import RuleErrors, load

    chosen = [Path(folder) for folder in folders] or list(configured)
    try:
        return load(chosen, packs=not no_packs, pack_tests=pack_tests, cache=cache_folder())
    except RuleErrors as error:
        fail(str(error))


def matcher(
    folders: Sequence[str], no_packs: bool, configured: Sequence[Path] = (), *, pack_tests: bool = False
) -> Matcher:
    """Load and compile the rules; compiled ones are kept in the user's cache folder."""
    from monitor.rules.compiler import compile_rules

    return compile_rules(rule_set(folders, no_packs, configured, pack_tests=pack_tests), cache=cache_folder())


def cache_folder() -> Path:
    """Return where parsed and compiled rules are kept."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "monitor")


def database(given: str | None) -> Path:
    """Return the database that `--db` names, else DATABASE."""
    return Path(given) if given else settings().database


@contextmanager
def reader(given: str | None) -> Iterator[Reader]:
    """Open the database to read; what is wrong with it is one sentence and exit code 2."""
    from monitor.store.reader import Reader
    from monitor.store.records import StoreError

    try:
        with Reader.open(database(given)) as opened:
            yield opened
    except StoreError as error:
        fail(str(error))
