"""The command `monitor`: each command stands in a module of its own, imported only when it is called."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Any

import click

_COMMANDS = {
    "replay": ("monitor.cli.replay", "replay", "Run saved posts through the whole path and show the alerts."),
    "init": ("monitor.cli.init", "init", "Ask for what is needed, and write the first settings and rules."),
    "login": ("monitor.cli.login", "login", "Sign the account in that reads the channels, or out."),
    "run": ("monitor.cli.run", "run", "Read the channels and tell what the rules find, until stopped."),
    "check": ("monitor.cli.check", "check", "Name everything that is wrong before the start, each with its remedy."),
    "status": ("monitor.cli.status", "status", "Show what has been read up to when, and what holds it."),
    "channels": ("monitor.cli.channels", "channels", "List the channels; add, remove, join and leave some."),
    "rules": ("monitor.cli.rules", "rules", "Check, test, explain and measure rules."),
    "alerts": ("monitor.cli.alerts", "alerts", "List the alerts that were made, and what became of them."),
    "search": ("monitor.cli.search", "search", "Find stored posts by their words, in any form."),
    "digest": ("monitor.cli.digest", "digest", "Sum up what was found and read: the day in one message."),
    "export": ("monitor.cli.export", "export", "Write one post as a packet of evidence that somebody else can check."),
    "backup": ("monitor.cli.backup", "backup", "Copy the database beside the running daemon, and prove the copy."),
    "restore": ("monitor.cli.backup", "restore", "Put a backup in the place of the database."),
    "verify": ("monitor.cli.verify", "verify", "Prove that nothing stored was altered or removed."),
    "purge": ("monitor.cli.purge", "purge", "Remove posts for good, from the backups too."),
}


class LazyGroup(click.Group):
    """A group that imports a command's module when the command is called, so that `--help` is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands in the order of an analyst's day."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command `cmd_name`; None where there is none."""
        if cmd_name not in _COMMANDS:
            return None
        module, attribute, _ = _COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the arguments name, or answer with the nearest one."""
        name = args[0]
        if name not in _COMMANDS and not name.startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(name, _COMMANDS, 1)
            hint = f" Did you mean “{near[0]}”?" if near else ""
            ctx.fail(f"there is no command “{name}”.{hint}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; where the reader of our output is gone (`| head`), end in silence: nothing is wrong."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            # What is still in the buffer goes nowhere, so that the interpreter does not fail on it at its end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, _, text) in _COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="monitor")
def monitor() -> None:
    """Watch public Telegram channels for prisoners, evacuations and named actors.

    Start with `monitor replay seeds`: the posts of one weekend, from saved files, without an account.
    """


def main() -> None:
    """Run the command line."""
    monitor()
