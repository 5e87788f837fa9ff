"""`monitor verify`: proves that nothing stored was altered or removed."""

from __future__ import annotations

import click

from monitor.cli.options import database_option


@click.command()
@database_option
@click.option("--no-files", is_flag=True, help="Prove the records of kept media, and do not read the files anew.")
@click.option(
    "--head", metavar="HASH", help="A head of the chain that was written down earlier, as each digest names one."
)
def verify(db: str | None, no_files: bool, head: str | None) -> None:
    """Compute the chain of records anew: every original, text, date and place, in order.

    Media that were kept have a chain of their own, and each file is read again. Exits with 1 where a record or a file
    does not fit, or where --head is the hash of no record: then the database is another one, or it was made anew.
    Purged posts are counted; their entries in the audit are listed.
    """
    from monitor.cli import keeping

    raise SystemExit(keeping.verify(db, head, files=not no_files))
