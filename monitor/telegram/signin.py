"""Signing an account in and out: by phone, code and password, by a QR code, or (a bot) by its token.

Whoever asks the person is handed in; no connection is held while a person types. Every failure is an AccessLost (or
Wait, Unreachable) whose text says what to do.
"""

from __future__ import annotations

import asyncio
import re
from base64 import urlsafe_b64encode
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Protocol

from telethon import errors, events
from telethon.tl import functions, types

from monitor.sources.source import AccessLost, SourceError
from monitor.telegram.accounts import Account, account_of
from monitor.telegram.client import Client
from monitor.telegram.errors import said_by_telegram

TRIES = 3  # wrong codes or passwords before it is given up
QR_PATIENCE = 300.0  # seconds in which the code on the screen must be scanned
_BOT_TOKEN = re.compile(r"\d{5,}:[\w-]{20,}")
_SIGN_UP = "sign up in a Telegram app first, this program can only sign in"

_ANSWERS: dict[type[Exception], str] = {
    errors.PhoneNumberInvalidError: "Telegram does not take that for a phone number; write it with the country code, as"
    " in +31612345678",
    errors.PhoneNumberUnoccupiedError: f"no account has that phone number; {_SIGN_UP}",
    errors.PhoneNumberFloodError: "that phone number asked for too many codes; try again tomorrow",
    errors.PhonePasswordFloodError: "too many tries to sign in with that phone number; try again tomorrow",
    errors.PhoneCodeInvalidError: "the code is wrong; Telegram sent it to your other devices, or by SMS",
    errors.PhoneCodeEmptyError: "the code is wrong; Telegram sent it to your other devices, or by SMS",
    errors.PhoneCodeExpiredError: "the code has expired; start again and type the newest one",
    errors.PasswordHashInvalidError: "the password is wrong; it is the one of two-step verification, not that of a"
    " device",
    errors.SrpIdInvalidError: "the password could not be checked; start again",
}


_PLACES: dict[str, tuple[type[Any], ...]] = {
    "in the Telegram app on your other devices": (types.auth.SentCodeTypeApp,),
    "by SMS": (
        types.auth.SentCodeTypeSms,
        types.auth.SentCodeTypeFirebaseSms,
        types.auth.SentCodeTypeSmsWord,
        types.auth.SentCodeTypeSmsPhrase,
    ),
    "by a call": (types.auth.SentCodeTypeCall, types.auth.SentCodeTypeFlashCall, types.auth.SentCodeTypeMissedCall),
    "to your e-mail address": (types.auth.SentCodeTypeEmailCode,),
    "on fragment.com": (types.auth.SentCodeTypeFragmentSms,),
}


_DEAD = (errors.AuthKeyNotFound, errors.AuthKeyError, errors.UnauthorizedError)


class Person(Protocol):
    """Asks the person who signs in; each method returns what was typed."""

    def phone(self) -> str:
        """Ask for the phone number."""
        ...

    def code(self, where: str) -> str:
        """Ask for the code; `where` says where Telegram sent it."""
        ...

    def password(self, hint: str | None) -> str:
        """Ask for the password of two-step verification."""
        ...

    def wrong(self, reason: str) -> None:
        """Say that what was typed is wrong and is asked for again."""
        ...

    def show(self, url: str) -> None:
        """Show a QR code of `url`; called again when that has changed."""
        ...


async def who(client: Client) -> Account | None:
    """Return who is signed in, None where nobody is; a key that Telegram has ended is thrown away."""
    try:
        await client.connect()
        me = await client.settled(client.telethon(functions.users.GetUsersRequest([types.InputUserSelf()])))
    except AccessLost as error:
        if isinstance(error.__cause__, errors.AuthKeyUnregisteredError):
            return None  # a key that nobody has signed in with yet, or that was signed out: it can be used
        if not isinstance(error.__cause__, _DEAD):
            raise
        await client.forget()
        await client.connect()
        return None
    return account_of(me)


async def by_phone(client: Client, person: Person) -> Account:
    """Sign a person in by phone number, code and, where the account has one, password."""
    await client.disconnect()
    phone = person.phone().strip()
    if _BOT_TOKEN.fullmatch(phone):
        raise AccessLost(
            "that is a bot's token, and bots may not read channels; give the phone number of a person's account"
        )
    await client.connect()
    sent = await _call(client, client.telethon.send_code_request(phone))
    where = _where(sent.type)

    async def with_code(code: str) -> Any:
        return await client.telethon.sign_in(phone, code, phone_code_hash=sent.phone_code_hash)

    try:
        user = await _tried(client, person, lambda: person.code(where), with_code, errors.PhoneCodeInvalidError)
    except _PasswordNeeded:
        return await _by_password(client, person)
    return account_of(user)


async def by_qr(client: Client, person: Person, patience: float = QR_PATIENCE) -> Account:
    """Sign a person in who scans a QR code with a device that is signed in already."""
    await client.connect()
    telethon = client.telethon
    scanned = asyncio.Event()

    async def on_token(_: Any) -> None:
        scanned.set()

    telethon.add_event_handler(on_token, events.Raw(types.UpdateLoginToken))
    request = functions.auth.ExportLoginTokenRequest(telethon.api_id, telethon.api_hash, [])
    try:
        async with asyncio.timeout(patience):
            while True:
                scanned.clear()
                answer = await _call(client, telethon(request))
                if isinstance(answer, types.auth.LoginTokenMigrateTo):
                    await _call(client, telethon._switch_dc(answer.dc_id))
                    answer = await _call(client, telethon(functions.auth.ImportLoginTokenRequest(answer.token)))
                if isinstance(answer, types.auth.LoginTokenSuccess):
                    return account_of(answer.authorization.user)
                person.show(_url(answer.token))
                await _wait_for(scanned, (answer.expires - datetime.now(UTC)).total_seconds())
    except _PasswordNeeded:
        return await _by_password(client, person)
    except TimeoutError as error:
        raise AccessLost(f"nobody scanned the code within {patience / 60:.0f} minutes; start again") from error
    finally:
        telethon.remove_event_handler(on_token)


async def by_token(client: Client, token: str) -> Account:
    """Sign a bot in."""
    await client.connect()
    return account_of(await _call(client, client.telethon.sign_in(bot_token=token)))


async def out(client: Client) -> None:
    """Log out and remove the session, also where Telegram has ended it already; Unreachable: nothing was done."""
    try:
        await client.connect()
        await _call(client, client.telethon(functions.auth.LogOutRequest()))
    except AccessLost as error:
        if not said_by_telegram(error):
            raise  # there is no session to log out, or it cannot be had: another process uses it
    await client.forget()


class _PasswordNeeded(Exception):  # noqa: N818  it is Telegram's next question
    """The account has two-step verification."""


async def _by_password(client: Client, person: Person) -> Account:
    asked = await _call(client, client.telethon(functions.account.GetPasswordRequest()))

    async def with_password(password: str) -> Any:
        return await client.telethon.sign_in(password=password)

    user = await _tried(
        client, person, lambda: person.password(asked.hint), with_password, errors.PasswordHashInvalidError
    )
    return account_of(user)


async def _tried(
    client: Client, person: Person, ask: Callable[[], str], use: Callable[[str], Any], wrong: type[Exception]
) -> Any:
    """Ask and try what was typed, again where it is wrong; the connection is closed while a person types."""
    for attempt in range(1, TRIES + 1):
        await client.disconnect()
        typed = ask().strip()
        await client.connect()
        try:
            return await _call(client, use(typed))
        except SourceError as error:
            if attempt == TRIES or not isinstance(error.__cause__, wrong):
                raise
            person.wrong(str(error))
    raise AssertionError("unreachable")


async def _call(client: Client, work: Any) -> Any:
    """Await telethon, whose errors come out in our words."""
    try:
        return await client.settled(work, "signing in")
    except SourceError as error:
        cause = error.__cause__
        if isinstance(cause, errors.SessionPasswordNeededError):
            raise _PasswordNeeded from error
        for kind, text in _ANSWERS.items():
            if isinstance(cause, kind):
                raise AccessLost(text) from cause
        raise


async def _wait_for(event: asyncio.Event, seconds: float) -> None:
    """Wait until the code was scanned or has expired; a wrong clock of ours makes that neither never nor at once."""
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), min(max(seconds, 1.0), 60.0))


def _url(token: bytes) -> str:
    return f"tg://login?token={urlsafe_b64encode(token).decode('ascii').rstrip('=')}"


def _where(kind: Any) -> str:
    """Say where Telegram sent the code; AccessLost where it cannot be typed here."""
    for where, kinds in _PLACES.items():
        if isinstance(kind, kinds):
            return where
    raise AccessLost("Telegram wants this sign-in to be finished in its own app first; sign in there, then again here")
