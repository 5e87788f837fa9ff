"""`monitor check`: everything that can be found wrong before the start, all at once, each with its remedy."""

from __future__ import annotations

import click


@click.command()
@click.option("--online", is_flag=True, help="Ask Telegram, too: account, clock, and whether the channels can be read.")
def check(online: bool) -> None:
    """Name every fault of settings, rules, channels, session, database, permissions and disk at once.

    Exits with 1 if there is any. Without --online nothing is sent anywhere.
    """
    from monitor.cli import checking

    faults, advice, good = checking.check(online=online)
    for line in good:
        click.echo(f"ok    {line}")
    for line in advice:
        click.echo(f"note  {line}")
    for line in faults:
        click.echo(f"WRONG {line}")
    raise SystemExit(1 if faults else 0)
