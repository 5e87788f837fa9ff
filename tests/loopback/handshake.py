"""How client and server agree on an authorisation key (core.telegram.org/mtproto/auth_key)."""

from __future__ import annotations

import hashlib
import os
import time
from typing import Any

from telethon import helpers
from telethon.crypto import AES, AuthKey
from telethon.crypto.rsa import get_byte_array
from telethon.tl import types
from telethon.tl.functions import ReqDHParamsRequest, ReqPqMultiRequest, SetClientDHParamsRequest

from tests.loopback import keys, wire
from tests.loopback.errors import HungUpError

# The client's proof of work: two primes, small so that tests start quickly.
_PQ = (65_519 * 65_521).to_bytes(8, "big")


class Handshake:
    """The three steps of one connection; `key` is set after the last."""

    def __init__(self) -> None:
        self.key: AuthKey | None = None
        self._nonce = 0
        self._server_nonce = 0
        self._new_nonce = 0
        self._secret = 0
        self._cipher: tuple[bytes, bytes] = (b"", b"")

    def answer(self, request: Any) -> bytes:
        """Return the answer to one step; raises HungUpError for anything that is none."""
        if isinstance(request, ReqPqMultiRequest):
            return self._challenge(request)
        if isinstance(request, ReqDHParamsRequest):
            return self._parameters(request)
        if isinstance(request, SetClientDHParamsRequest):
            return self._finish(request)
        raise HungUpError(404)

    def _challenge(self, request: ReqPqMultiRequest) -> bytes:
        self._nonce = request.nonce
        self._server_nonce = int.from_bytes(os.urandom(16), "little", signed=True)
        return bytes(types.ResPQ(self._nonce, self._server_nonce, _PQ, [keys.FINGERPRINT]))

    def _parameters(self, request: ReqDHParamsRequest) -> bytes:
        # sha1 of the inner data (20 bytes), the inner data, padding
        inner = wire.read(keys.decrypt(request.encrypted_data)[20:])
        if (inner.nonce, inner.server_nonce) != (self._nonce, self._server_nonce):
            raise HungUpError(404)
        self._new_nonce = inner.new_nonce
        self._cipher = helpers.generate_key_data_from_nonce(self._server_nonce, self._new_nonce)
        # Short, because it need not be safe here, only quick.
        self._secret = int.from_bytes(os.urandom(32), "big")
        public = pow(keys.DH_GENERATOR, self._secret, keys.DH_PRIME)
        answer = bytes(
            types.ServerDHInnerData(
                self._nonce,
                self._server_nonce,
                keys.DH_GENERATOR,
                keys.DH_PRIME.to_bytes(256, "big"),
                public.to_bytes(256, "big"),
                int(time.time()),
            )
        )
        sealed = AES.encrypt_ige(hashlib.sha1(answer).digest() + answer, *self._cipher)
        return bytes(types.ServerDHParamsOk(self._nonce, self._server_nonce, sealed))

    def _finish(self, request: SetClientDHParamsRequest) -> bytes:
        inner = wire.read(AES.decrypt_ige(request.encrypted_data, *self._cipher)[20:])
        shared = pow(int.from_bytes(inner.g_b, "big"), self._secret, keys.DH_PRIME)
        # Telethon drops leading zeros of the key where the protocol wants 256 bytes: with these, one handshake in 256
        # would fail.
        self.key = AuthKey(get_byte_array(shared))
        proof = self.key.calc_new_nonce_hash(self._new_nonce, 1)
        return bytes(types.DhGenOk(self._nonce, self._server_nonce, proof))
