"""`monitor purge`: removes posts for good."""

from __future__ import annotations

from datetime import datetime

import click

from monitor.cli.options import When, database_option


@click.command()
@click.option("--person", metavar="NAME", help="Posts that name this person, in every case, script and spelling.")
@click.option("--channel", metavar="NAME", help="All posts of a channel, and its names.")
@click.option("--before", metavar="DATE", type=When(), help="Posts from before a day (UTC).")
@click.option("--retention", is_flag=True, help="Posts older than RETENTION_DAYS.")
@click.option("--unknown-media", is_flag=True, help="Files in the folder of media that no post of the database has.")
@click.option("--all", "everything", is_flag=True, help="With --before: also posts that rules matched.")
@click.option(
    "--gender", type=click.Choice(["m", "f"]), default="m", show_default=True, help="With --person: for the cases."
)
@click.option("--reference", metavar="TEXT", help="What your desk calls the request, for the audit; never the name.")
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@database_option
def purge(
    person: str | None,
    channel: str | None,
    before: datetime | None,
    retention: bool,
    unknown_media: bool,
    everything: bool,
    gender: str,
    reference: str | None,
    dry_run: bool,
    yes: bool,
    db: str | None,
) -> None:
    """Remove posts from the database, its full-text index, its free pages, its log and all its backups.

    One of --person, --channel, --before, --retention says which. The daemon must be stopped. Media that were kept of
    the posts go, too, unless another post has the same file. With --person, what names the person beside the posts
    goes: silences (which end), words in the desk's audit, notices, digests, errors, titles of channels and rules,
    records that could not be read. What stays is the place and the hash of each post, so
    that `monitor verify` still proves the others, and an entry in the audit that names no person. Alerts that the chat
    received stay in the chat: remove them there. Databases moved aside by a restore are not touched: the command names
    them.
    """
    from monitor.cli import purging

    wanted = purging.Wanted(person, channel, before, retention, everything, gender, reference, unknown_media)
    purging.run(wanted, db, dry_run=dry_run, yes=yes)
