"""Which application connects, to which server, and who is signed in."""

from __future__ import annotations

from dataclasses import dataclass

from telethon.tl import TLObject, types

from monitor.sources.source import AccessLost


@dataclass(frozen=True, slots=True)
class App:
    """The application's own id and secret, from https://my.telegram.org."""

    id: int
    hash: str

    def __repr__(self) -> str:
        return f"App(id={self.id})"


@dataclass(frozen=True, slots=True)
class Server:
    """Where a new session starts, in place of Telegram's own server; `key` is the server's public key (PEM, PKCS#1)."""

    dc: int
    host: str
    port: int
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """Who is signed in."""

    id: int
    name: str
    username: str | None
    bot: bool


def account_of(answer: TLObject | list[TLObject]) -> Account:
    """Return who the user in an answer of Telegram's is; AccessLost where there is none."""
    user = next(iter(answer), None) if isinstance(answer, list) else answer
    if not isinstance(user, types.User):
        raise AccessLost("Telegram does not say who is signed in; sign in again with `monitor login`")
    name = " ".join(part for part in (user.first_name, user.last_name) if part)
    return Account(user.id, name or "without a name", user.username, bool(user.bot))
