"""`monitor alerts`: the alerts that were made, and what became of them."""

from __future__ import annotations

from datetime import datetime

import click

from monitor.cli.options import When, database_option


@click.command()
@click.argument("number", required=False, type=int)
@click.option("-n", "limit", default=20, show_default=True, type=click.IntRange(1, 10_000), help="How many at most.")
@click.option("--of", metavar="WHAT", help="Only those of a rule, an @entity (its id or name) or a channel.")
@click.option("--level", type=click.Choice(["low", "medium", "high"]), help="Only those of this level or a louder one.")
@click.option("--since", metavar="DAY", type=When(), help="Only those from this day on (UTC).")
@click.option("--waiting", is_flag=True, help="Only those that are still to be sent.")
@click.option("--format", "form", type=click.Choice(["text", "jsonl"]), default="text", show_default=True)
@database_option
def alerts(
    number: int | None,
    limit: int,
    of: str | None,
    level: str | None,
    since: datetime | None,
    waiting: bool,
    form: str,
    db: str | None,
) -> None:
    """List the newest alerts, or show alert NUMBER whole, with its deliveries and what analysts said of it."""
    from monitor.cli import looking

    chosen = looking.Chosen(limit, of, level, since, waiting)
    raise SystemExit(looking.one_alert(number, db) if number is not None else looking.list_alerts(chosen, form, db))
