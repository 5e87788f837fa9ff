"""Who is signed in with which authorisation key; keys and logins outlive a restart of the server."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass

from telethon.crypto import AuthKey

from tests.loopback.errors import RpcError, bad_request
from tests.loopback.passwords import PasswordCheck
from tests.loopback.peers import User


@dataclass(slots=True)
class Login:
    """The state of one authorisation key: on the way to being signed in, signed in, or ended by an error."""

    account: User | None = None
    # Who has given a right code (or was let in by QR code) and still owes the password.
    half: User | None = None
    phone_code_hash: str = ""
    check: PasswordCheck | None = None
    ended: RpcError | None = None
    dc: int | None = None  # the data centre that it was exported to, None: its own

    def finish(self, user: User) -> User:
        """Sign in, unless a password is due first."""
        if user.password is not None:
            self.half = user
            raise RpcError(401, "SESSION_PASSWORD_NEEDED")
        self.account = user
        return user


@dataclass(slots=True)
class QrToken:
    """A token shown as a QR code; `accepted_by` is the account that scanned it."""

    key_id: int
    expires: float
    accepted_by: User | None = None


class Logins:
    """All authorisation keys that the server knows."""

    def __init__(self) -> None:
        self.keys: dict[int, AuthKey] = {}
        self.tokens: dict[bytes, QrToken] = {}
        self.exported: dict[bytes, tuple[User, int]] = {}
        # How long a QR code may be scanned.
        self.token_seconds = 30.0
        self._logins: dict[int, Login] = {}

    def add(self, key: AuthKey) -> None:
        """Know a key that was just agreed on."""
        self.keys[key.key_id] = key
        self._logins[key.key_id] = Login()

    def of(self, key_id: int) -> Login:
        """Return the state of a known key."""
        return self._logins[key_id]

    def forget(self, account: User) -> None:
        """Forget the keys of an account: its clients hear the transport error 404."""
        for key_id in self._of(account):
            del self.keys[key_id], self._logins[key_id]

    def end(self, account: User, error: RpcError) -> None:
        """End all sessions of an account: every further call of theirs gets that error."""
        for key_id in self._of(account):
            self._logins[key_id].ended = error

    def sign_out(self, key_id: int) -> None:
        """Sign out one session."""
        self._logins[key_id] = Login()

    def _of(self, account: User) -> list[int]:
        return [key_id for key_id, login in self._logins.items() if login.account is account]

    # QR codes (core.telegram.org/api/qr-login)

    def qr_token(self, key_id: int) -> tuple[bytes, QrToken]:
        """Return the token to show on this key's QR code: the running one, or a new one."""
        for code, token in self.tokens.items():
            if token.key_id == key_id and (token.accepted_by or token.expires > time.time()):
                return code, token
        code = secrets.token_bytes(16)
        self.tokens[code] = QrToken(key_id, time.time() + self.token_seconds)
        return code, self.tokens[code]

    def accept(self, code: bytes, account: User) -> QrToken:
        """Let the key that shows a token in as an account; raises AUTH_TOKEN_… errors."""
        token = self.tokens.get(code)
        if token is None:
            raise bad_request("AUTH_TOKEN_INVALID")
        if token.expires < time.time():
            raise bad_request("AUTH_TOKEN_EXPIRED")
        if token.accepted_by is not None:
            raise bad_request("AUTH_TOKEN_ALREADY_ACCEPTED")
        token.accepted_by = account
        return token

    def redeem(self, code: bytes) -> None:
        """Use a token up."""
        self.tokens.pop(code, None)
