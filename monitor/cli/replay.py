"""`monitor replay`: saved posts through the whole path, to alerts on screen and rows in a database."""

from __future__ import annotations

import click

from monitor.cli.options import rule_options


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(readable=False), metavar="PATH…")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "jsonl"]),
    default="text",
    show_default=True,
    help="Alerts to read, or a line of JSON for each post in which something was found.",
)
@click.option(
    "--db", type=click.Path(dir_okay=False), help="Store into this file and keep it; posts in it are not given again."
)
@rule_options
@click.option("--channel", metavar="NAME", help="User name of the channel, for exports and pages that do not tell it.")
@click.option(
    "--notify",
    type=click.Choice(["chat"]),
    help="Send the alerts to the analyst chat (ALERT_CHAT) instead of showing them, each marked as a replay's.",
)
@click.option(
    "--expect", type=click.Path(dir_okay=False), help="Compare the output with this file; exit 1 on a difference."
)
def replay(
    paths: tuple[str, ...],
    form: str,
    db: str | None,
    rules: tuple[str, ...],
    no_packs: bool,
    channel: str | None,
    notify: str | None,
    expect: str | None,
) -> None:
    """Run saved posts through the whole path and show the alerts of every level.

    PATH is a Telegram Desktop export (result.json or messages.html), JSONL, a saved t.me/s page (.html), a text (.txt),
    or a folder of these. Nothing is sent anywhere unless --notify
    asks for it.
    """
    from monitor.cli import replaying

    raise SystemExit(
        replaying.run(
            replaying.Order(paths, form, db, rules, no_packs, channel, notify, expect),
        )
    )
