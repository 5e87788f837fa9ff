"""`monitor export`: one post out of the store, as evidence."""

from __future__ import annotations

import click

from monitor.cli.options import database_option


@click.command()
@click.option(
    "--evidence",
    metavar="ALERT",
    required=True,
    help="The post to hand over: the number of an alert about it, or its link (t.me/name/123).",
)
@click.option(
    "--to", "target", metavar="FILE", type=click.Path(), help="The ZIP to write; without it a name by post and time."
)
@click.option("--by", metavar="NAME", help="Who makes the packet; without it the name of your account on this machine.")
@click.option("--case", metavar="TEXT", help="For which case: your own words, written into the packet.")
@database_option
def export(evidence: str, target: str | None, by: str | None, case: str | None, db: str | None) -> None:
    """Write one post as a packet of evidence: a ZIP that somebody else can check.

    It holds the original record of each revision byte for byte, texts, dates, hashes, findings, the post's place in the
    chain of records, a page to read, and SHA256SUMS. Media are not in it. The packet holds no secret of the desk but
    the name that --by gives.
    """
    from monitor.cli import exporting

    exporting.run(evidence, target, by, case, db)
