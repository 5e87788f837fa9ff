"""What `monitor login` does: asks the person at the terminal, or reads the answers from standard input."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
import segno

from monitor.cli import account
from monitor.cli.start import fail, settings
from monitor.config import ConfigError
from monitor.instance import InstanceLock
from monitor.sources.source import AccessLost, SourceError
from monitor.telegram import signin
from monitor.telegram.accounts import Account
from monitor.telegram.client import Client


def signed_in(phone: str | None, *, qr: bool) -> int:
    """Sign the reading account in and say who it is; exit code."""
    chosen = settings()
    try:
        client = account.signing_in(chosen)
        who, was = asyncio.run(_sign_in(client, Terminal(phone), qr=qr))
    except (ConfigError, SourceError) as error:
        fail(str(error))
    if was:
        click.echo(f"{_named(who)} is signed in already; `monitor login --revoke` signs it out.")
    else:
        click.echo(f"Signed in as {_named(who)}. The session is in {chosen.telegram_session}.")
    _take_up(chosen.database)
    return 0


def _take_up(database: Path) -> None:
    """Let the monitor that runs try the account again: it stopped reading when it lost it."""
    process = InstanceLock(database).holder()
    if not process or not _reloads(process):
        return
    try:
        os.kill(process, signal.SIGHUP)
    except OSError as error:
        click.echo(
            f"The monitor that runs (process {process}) could not be told ({error.strerror}): systemctl reload monitor"
        )
    else:
        click.echo(f"The monitor that runs (process {process}) reads on with it.")


def _reloads(process: int) -> bool:
    """Tell whether a process takes SIGHUP up: a purge or a restore has the database, too, and would die of it."""
    try:
        status = Path("/proc", str(process), "status").read_text(encoding="utf-8")
    except OSError:
        return False
    caught = next((line.split()[1] for line in status.splitlines() if line.startswith("SigCgt:")), "0")
    return bool(int(caught, 16) >> (signal.SIGHUP - 1) & 1)


def revoked() -> int:
    """Sign the reading account out and remove its session; exit code."""
    chosen = settings()
    try:
        client = account.signed_in(chosen)
        asyncio.run(_sign_out(client))
    except (ConfigError, SourceError) as error:
        fail(f"{error}\nNothing was signed out." if isinstance(error, SourceError) else str(error))
    click.echo(f"Signed out, and the session in {chosen.telegram_session} is removed.")
    return 0


async def _sign_in(client: Client, person: Terminal, *, qr: bool) -> tuple[Account, bool]:
    """Return who is signed in, and whether that was so before."""
    try:
        before = await signin.who(client)
        if before is not None:
            return _no_bot(before), True
        return await (signin.by_qr(client, person) if qr else signin.by_phone(client, person)), False
    finally:
        await client.close()


async def _sign_out(client: Client) -> None:
    try:
        await signin.out(client)
    finally:
        await client.close()


def _no_bot(found: Account) -> Account:
    if found.bot:
        raise AccessLost(
            f"the session is that of the bot “{found.name}”, and bots may not read channels;"
            " run `monitor login --revoke`, then sign a person's account in"
        )
    return found


def _named(found: Account) -> str:
    return f"{found.name} (@{found.username}, id {found.id})" if found.username else f"{found.name} (id {found.id})"


@dataclass(slots=True)
class Terminal:
    """The person at the terminal; where there is none, lines of standard input take their place."""

    given_phone: str | None
    _last_wrong: str | None = None

    def phone(self) -> str:
        """Ask for the phone number unless the command line gave it."""
        return self.given_phone or self._ask("Phone number with country code, as in +31612345678")

    def code(self, where: str) -> str:
        """Ask for the code."""
        return self._ask(f"Code (Telegram sent it {where})")

    def password(self, hint: str | None) -> str:
        """Ask for the password without showing it."""
        return self._ask("Password of two-step verification" + (f" (hint: {hint})" if hint else ""), hide=True)

    def wrong(self, reason: str) -> None:
        """Say what is wrong."""
        self._last_wrong = reason
        click.echo(f"{reason[0].upper()}{reason[1:]}.", err=True)

    def show(self, url: str) -> None:
        """Show a QR code."""
        click.echo(
            "\nIn Telegram on your phone: Settings, Devices, Link Desktop Device; then point it at this:", err=True
        )
        segno.make(url, error="l", micro=False).terminal(out=sys.stderr, compact=True)

    def _ask(self, question: str, *, hide: bool = False) -> str:
        if sys.stdin.isatty():
            with _interruptible():
                answer: str = click.prompt(question, hide_input=hide, err=True)
            return answer
        click.echo(f"{question}: read from standard input", err=True)
        line = sys.stdin.readline()
        if not line:
            raise AccessLost(self._last_wrong or f"standard input ended before an answer to: {question}")
        return line.strip()


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let Ctrl-C end a question at once: asyncio would note it and go on waiting for the answer."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
