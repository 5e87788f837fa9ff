"""A Telegram of one's own, to try `monitor run` on: `python -m tests.loopback --posts seeds`.

Prints the settings that lead the program there, then plays the analyst's chat on the terminal.
"""

from __future__ import annotations

import asyncio
import signal
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

import click

from monitor.sources.source import SourceError
from tests.loopback.console import HELP, Console
from tests.loopback.filling import Filling, fill, publish
from tests.loopback.peers import User
from tests.loopback.server import LoopbackServer


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for on the command line."""

    posts: tuple[Path, ...]
    port: int
    live: int
    every: float
    joined: bool
    write: Path | None


@click.command()
@click.option("--posts", multiple=True, type=click.Path(exists=True, path_type=Path), help="Saved posts to begin with.")
@click.option("--port", default=0, help="Port to listen on; 0 takes a free one.", show_default=True)
@click.option("--live", default=0, help="Keep the last so many posts back and publish them one by one.")
@click.option("--every", default=5.0, help="Seconds between these.", show_default=True)
@click.option("--joined", is_flag=True, help="Let the reading account be a member of all channels.")
@click.option("--write", type=click.Path(path_type=Path), help="Write the settings to this new file, too.")
def main(posts: tuple[Path, ...], port: int, live: int, every: float, joined: bool, write: Path | None) -> None:
    """Run a Telegram server on loopback until Ctrl-C."""
    try:
        asyncio.run(_serve(Wanted(posts, port, live, every, joined, write)))
    except SourceError as error:
        raise click.ClickException(str(error)) from error


async def _serve(wanted: Wanted) -> None:
    async with LoopbackServer(port=wanted.port) as server:
        world = server.world
        reader = world.add_user("Reader", username="reader_example", phone="15550001")
        analyst = world.add_user("Analyst", username="analyst_example", phone="15550002")
        bot = world.add_bot("Alerts", username="alerts_example_bot")
        console = Console(server, bot, analyst, click.echo)
        filling = await fill(world, wanted.posts, keep_back=wanted.live) if wanted.posts else Filling()
        for channel in filling.channels if wanted.joined else []:
            world.join(channel, reader)
        settings = _settings(server, filling, analyst, bot)
        if wanted.write:
            _write(wanted.write, settings)
        click.echo(settings)
        click.echo(f"# {filling.posts} posts in {len(filling.channels)} channels, {len(filling.later)} to come")
        click.echo(f"# sign in with: monitor login --phone {reader.phone}, code {server.login_code}\n\n{HELP}\n")
        world.send(analyst, bot, "/start")
        publishing = asyncio.create_task(_publish(server, filling, wanted.every))
        try:
            await _listen(console)
        finally:
            publishing.cancel()


def _write(path: Path, settings: str) -> None:
    """Write the settings to a new file that nobody else can read; never over one that is there."""
    try:
        path.touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        raise click.ClickException(f"{path} is there already; remove it, or name another file") from None
    path.write_text(settings, encoding="utf-8")


def _settings(server: LoopbackServer, filling: Filling, analyst: User, bot: User) -> str:
    names = ",".join(f"@{channel.username}" for channel in filling.channels)
    return (
        f"TELEGRAM_SERVER={server.address}\n"
        f"TELEGRAM_SERVER_KEY={server.key_file}\n"
        "TELEGRAM_API_ID=1\n"
        "TELEGRAM_API_HASH=0123456789abcdef0123456789abcdef\n"
        f"TELEGRAM_BOT_TOKEN={bot.token}\n"
        f"ALERT_CHAT={analyst.id}\n"
        f"ANALYSTS={analyst.id}\n"
        f"CHANNELS={names}\n"
    )


async def _publish(server: LoopbackServer, filling: Filling, seconds: float) -> None:
    """Publish what was kept back, as of now."""
    for channel, post in filling.later:
        await asyncio.sleep(seconds)
        message = publish(server.world, channel, post, date=None, edit_date=None)
        click.echo(f"(published: @{channel.username} {message.id})")


async def _listen(console: Console) -> None:
    """Obey the lines of standard input until `!quit`, Ctrl-C or SIGTERM; its end ends nothing."""
    loop = asyncio.get_running_loop()
    lines: asyncio.Queue[str] = asyncio.Queue()
    for one in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(one, lines.put_nowait, "!quit")

    def read() -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(lines.put_nowait, line)

    threading.Thread(target=read, daemon=True).start()
    while await console.obey(await lines.get()):
        pass


if __name__ == "__main__":
    main()
