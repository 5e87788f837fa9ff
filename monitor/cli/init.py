"""`monitor init`: the first settings and a folder for one's own rules."""

from __future__ import annotations

import click


@click.command()
@click.option("--folder", metavar="DIR", type=click.Path(file_okay=False), default=".", help="Where; without it here.")
@click.option("--source", type=click.Choice(["telegram", "preview"]), help="An account, or the pages t.me/s.")
@click.option("--channels", metavar="NAMES", help="Channels to read, separated by commas.")
@click.option("--timezone", metavar="ZONE", help="The desk's time zone, as in Europe/Amsterdam.")
@click.option("--api-id", metavar="NUMBER", help="Your application's number, from https://my.telegram.org.")
@click.option("--alert-chat", metavar="NUMBER", help="The analyst chat.")
@click.option("--analysts", metavar="NUMBERS", help="Ids of the people whom the bot answers, separated by commas.")
@click.option("--yes", is_flag=True, help="Ask nothing: what is not given is left out.")
def init(
    folder: str,
    source: str | None,
    channels: str | None,
    timezone: str | None,
    api_id: str | None,
    alert_chat: str | None,
    analysts: str | None,
    yes: bool,
) -> None:
    """Ask for what is needed, write it to `.env`, and lay out a folder for your own rules.

    Secrets are typed without being shown, or taken from TELEGRAM_API_HASH and TELEGRAM_BOT_TOKEN of the environment;
    there is no option for them, since other users see the arguments of a command. `.env` can be read by you alone.
    """
    from monitor.cli import beginning

    given = {
        "SOURCE": source,
        "CHANNELS": channels,
        "TIMEZONE": timezone,
        "TELEGRAM_API_ID": api_id,
        "ALERT_CHAT": alert_chat,
        "ANALYSTS": analysts,
    }
    beginning.begin(folder, {name: text for name, text in given.items() if text is not None}, ask=not yes)
