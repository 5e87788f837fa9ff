"""Hands inputs to parsers and says what came of them: `python -m tests.fuzz --inputs 1000000`.

One parser alone: `python -m tests.fuzz conditions`; one input again: `python -m tests.fuzz conditions --only 4711`.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time

import click

from tests.fuzz import (
    test_databases,
    test_desk,
    test_own_files,
    test_replays,
    test_rule_files,
    test_saved_posts,
    test_settings,
    test_telegram,
    test_texts,
)
from tests.fuzz.running import MILLION, Failure, Parser, run

MODULES = (
    *(test_saved_posts, test_rule_files, test_texts, test_settings, test_desk, test_telegram, test_replays),
    *(test_databases, test_own_files),
)
CHUNK = 500


@click.command()
@click.argument("names", nargs=-1)
@click.option("--inputs", default=10_000, help="How many inputs, if all parsers are meant; each gets its share.")
@click.option("--seed", default=1, help="Another seed makes other inputs.")
@click.option("--first", default=0, help="Number of the first input.")
@click.option("--only", type=int, help="Make this one input again.")
def main(names: tuple[str, ...], inputs: int, seed: int, first: int, only: int | None) -> None:
    """Hand inputs to the parsers NAMES (all of them unless named)."""
    chosen = [parser for module in MODULES for parser in module.PARSERS if not names or parser.name in names]
    if only is not None:
        found = [failure for parser in chosen for failure in run(parser, 1, first=only, seed=seed)]
        click.echo("\n".join(map(str, found)) or "Nothing wrong.")
        sys.exit(bool(found))
    failures = []
    for parser in chosen:
        failures += _handed(parser, -(-inputs * parser.share // MILLION), first, seed)
    click.echo(f"{len(failures)} failures")
    for failure in failures:
        click.echo(f"\n{failure}")
    sys.exit(bool(failures))


def _handed(parser: Parser, count: int, first: int, seed: int) -> list[Failure]:
    failures: dict[str, Failure] = {}
    parser.ready()
    began, done = time.process_time(), 0
    while done < count:
        some = min(CHUNK, count - done)
        for failure in run(parser, some, first=first + done, seed=seed):
            if failure.place not in failures:
                failures[failure.place] = failure
                click.echo(f"\n{failure}", err=True)
        done += some
    spent = time.process_time() - began
    click.echo(f"{parser.name:32} {count:9,} inputs {spent:8.1f} s {len(failures):3} failures")
    sys.stdout.flush()
    return list(failures.values())


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = folder
        main()
