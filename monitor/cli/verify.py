"""`monitor verify`: proves that nothing stored was altered or removed."""

from __future__ import annotations

import click

from monitor.cli.options import database_option


@click.command()
@database_option
@click.option(
    "--head", metavar="HASH", help="A head of the chain that was written down earlier, as each digest names one."
)
def verify(db: str | None, head: str | None) -> None:
    """Compute the chain of records anew: every original, text, date and place, in order.

    Exits with 1 where a record does not fit, or where --head is the hash of none: then the database is another one, or
    it was made anew. Purged posts are counted; their entries in the audit are listed.
    """
    from monitor.cli import keeping

    raise SystemExit(keeping.verify(db, head))
