"""`monitor backup` and `monitor restore`: copies of the database, made while the daemon runs, and put back."""

from __future__ import annotations

import click

from monitor.cli.options import database_option


@click.command()
@database_option
@click.option(
    "--to", "folder", metavar="DIR", type=click.Path(file_okay=False), help="Folder; without it that of BACKUPS."
)
@click.option("--list", "listing", is_flag=True, help="Only list the backups that are there.")
def backup(db: str | None, folder: str | None, listing: bool) -> None:
    """Copy the database beside the running daemon, prove the copy, and remove those that have had their time.

    Kept are the newest of 6 hours, 7 days and 4 weeks, within BACKUP_MAX_GB. The session is not in a backup.
    """
    from monitor.cli import keeping

    keeping.list_backups(db, folder) if listing else keeping.back_up(db, folder)


@click.command()
@click.argument("file", required=False, type=click.Path(dir_okay=False))
@database_option
@click.option("--yes", is_flag=True, help="Do not ask.")
def restore(file: str | None, db: str | None, yes: bool) -> None:
    """Put a backup in the place of the database; without FILE the newest sound one.

    The daemon must be stopped. The former database is moved aside, never removed. Posts that were read after the backup
    are read again from Telegram at the next start, as far as they still stand there.
    """
    from monitor.cli import keeping

    keeping.restore(file, db, yes)
