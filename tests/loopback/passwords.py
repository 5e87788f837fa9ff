"""The server's side of the two-factor password: SRP (core.telegram.org/api/srp)."""

from __future__ import annotations

import hashlib
import os
import secrets
from typing import Any

from telethon.tl import types

from tests.loopback.errors import bad_request
from tests.loopback.keys import DH_GENERATOR, DH_PRIME

_SALT_1 = b"loopback one"
_SALT_2 = b"loopback two"
_P = DH_PRIME.to_bytes(256, "big")
_G = DH_GENERATOR.to_bytes(256, "big")
_ALGORITHM = types.PasswordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow(_SALT_1, _SALT_2, DH_GENERATOR, _P)


def _hash(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def _number(data: bytes) -> int:
    return int.from_bytes(data, "big")


def _secret(password: str) -> int:
    """Return the number x that the protocol makes of a password."""
    inner = _hash(_SALT_2, _hash(_SALT_1, password.encode(), _SALT_1), _SALT_2)
    stretched = hashlib.pbkdf2_hmac("sha512", inner, _SALT_1, 100_000)
    return _number(_hash(_SALT_2, stretched, _SALT_2))


class PasswordCheck:
    """One attempt: what the client is asked, and whether its answer is right."""

    def __init__(self, password: str | None) -> None:
        self._password = password
        self._id = secrets.randbits(62)
        self._b = _number(os.urandom(256))
        self._public = b""
        if password is not None:
            self._verifier = pow(DH_GENERATOR, _secret(password), DH_PRIME)
            factor = _number(_hash(_P, _G))
            public = (factor * self._verifier + pow(DH_GENERATOR, self._b, DH_PRIME)) % DH_PRIME
            self._public = public.to_bytes(256, "big")

    def question(self) -> types.account.Password:
        """Return what account.getPassword answers."""
        there = self._password is not None
        return types.account.Password(
            new_algo=_ALGORITHM,
            new_secure_algo=types.SecurePasswordKdfAlgoUnknown(),
            secure_random=os.urandom(256),
            has_password=there or None,
            current_algo=_ALGORITHM if there else None,
            srp_B=self._public if there else None,
            srp_id=self._id if there else None,
        )

    def verify(self, answer: Any) -> None:
        """Raise SRP_ID_INVALID or PASSWORD_HASH_INVALID unless auth.checkPassword's answer is right."""
        if answer.srp_id != self._id:
            raise bad_request("SRP_ID_INVALID")
        client = answer.A.rjust(256, b"\0")
        u = _number(_hash(client, self._public))
        shared = pow(_number(client) * pow(self._verifier, u, DH_PRIME), self._b, DH_PRIME)
        mixed = bytes(one ^ other for one, other in zip(_hash(_P), _hash(_G), strict=True))
        proof = _hash(mixed, _hash(_SALT_1), _hash(_SALT_2), client, self._public, _hash(shared.to_bytes(256, "big")))
        if proof != answer.M1:
            raise bad_request("PASSWORD_HASH_INVALID")
