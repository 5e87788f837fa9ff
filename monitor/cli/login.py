"""`monitor login`: sign the reading account in, or out with `--revoke`."""

from __future__ import annotations

import sys

import click


@click.command()
@click.option(
    "--phone", metavar="NUMBER", help="Phone number with country code; it is asked for where this is not given."
)
@click.option("--qr", is_flag=True, help="Show a QR code to be scanned with a device that is signed in already.")
@click.option("--revoke", is_flag=True, help="Sign the account out and remove its session from this machine.")
def login(phone: str | None, qr: bool, revoke: bool) -> None:
    """Sign the account in that reads the channels.

    Telegram sends a code to the account's other devices; type it here, and the password where two-step verification is
    on. Without a terminal they are read from standard input, a line each: first the code, then the password.

    Use an account of its own for this, not your private one: it reads what it is told to and answers nobody.
    """
    from monitor.cli.signing import revoked, signed_in

    if revoke and (qr or phone):
        raise click.UsageError("--revoke stands alone")
    if qr and phone:
        raise click.UsageError("give --phone or --qr, not both")
    sys.exit(revoked() if revoke else signed_in(phone, qr=qr))
