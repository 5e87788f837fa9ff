"""`monitor digest`: what happened since, in one message, on the screen."""

from __future__ import annotations

from datetime import datetime

import click

from monitor.cli.options import When, database_option


@click.command()
@click.option(
    "--since",
    metavar="TIME",
    type=When(clock=True),
    help="From when on, in the desk's zone; without it the last 24 hours.",
)
@click.option(
    "--until",
    metavar="TIME",
    type=When(clock=True),
    help="Until when; without it until now.",
)
@click.option("--picture", metavar="FILE", type=click.Path(dir_okay=False), help="Write the picture (PNG) there, too.")
@database_option
def digest(since: datetime | None, until: datetime | None, picture: str | None, db: str | None) -> None:
    """Sum up what was found and what was read: counts against the week before, stories by size, coverage.

    The last line is the head of the chain of records: written down elsewhere it lets `monitor verify --head` prove
    later that nothing before it was changed.
    """
    from monitor.cli import summing_up

    summing_up.run(since, until, picture, db)
