"""`monitor run`: reads the channels, stores what they publish, and tells what the rules find, until it is stopped."""

from __future__ import annotations

from datetime import datetime

import click

from monitor.cli.options import When, rule_options


@click.command()
@rule_options
@click.option(
    "--since",
    metavar="DATE",
    type=When(clock=True),
    help="Read every channel back to this date (in TIMEZONE), beside what is new.",
)
@click.option("--alert-old", is_flag=True, help="Let old posts that are read back make alerts, too.")
@click.option("--debug", is_flag=True, help="Log more.")
def run(rules: tuple[str, ...], no_packs: bool, since: datetime | None, alert_old: bool, debug: bool) -> None:
    """Read the channels, store what they publish, and tell what the rules find, until stopped.

    SIGHUP (`systemctl reload monitor`) loads rules and channels anew; SIGTERM and Ctrl-C end it in order.
    """
    from monitor.cli import running

    raise SystemExit(running.run(running.Order(rules, no_packs, since, alert_old, debug)))
