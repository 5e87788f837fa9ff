"""The keys of the loopback server: its RSA key and the group of the Diffie-Hellman exchange.

The RSA key protects nothing: it is made for these tests and lies open beside this file. (One is kept because making
one in pure Python takes many seconds.)
"""

from __future__ import annotations

from pathlib import Path

import rsa
from telethon.crypto import rsa as telethon_rsa

PUBLIC_KEY_FILE = Path(__file__).with_name("public_key.pem")
_PRIVATE_KEY = rsa.PrivateKey.load_pkcs1(Path(__file__).with_name("private_key.pem").read_bytes())

FINGERPRINT: int = telethon_rsa._compute_fingerprint(_PRIVATE_KEY)

# The group that Telegram's servers hand out (core.telegram.org/mtproto/auth_key and api/srp). Telethon knows it, and
# so need not prove that it is prime.
DH_PRIME = int(
    "c71caeb9c6b1c9048e6c522f70f13f73980d40238e3e21c14934d037563d930f"
    "48198a0aa7c14058229493d22530f4dbfa336f6e0ac925139543aed44cce7c37"
    "20fd51f69458705ac68cd4fe6b6b13abdc9746512969328454f18faf8c595f64"
    "2477fe96bb2a941d5bcd1d4ac8cc49880708fa9b378e3c4f3a9060bee67cf9a4"
    "a4a695811051907e162753b56b0f6b410dba74d8a84b2a14b3144e0ef1284754"
    "fd17ed950d5965b4b9dd46582db1178d169c6bc465b0d6ff9ca3928fef5b9ae4"
    "e418fc15e83ebea0f87fa9ff5eed70050ded2849f47bf959d956850ce929851f"
    "0d8115f635b105ee2e4e15d04b2454bf6f4fadf034b10403119cd8e3b92fcc5b",
    16,
)
DH_GENERATOR = 3


def decrypt(data: bytes) -> bytes:
    """Return the 255 bytes that a client encrypted with the public key.

    By the Chinese remainder theorem (RFC 8017, 5.1.2), three times as quick as one power modulo n.
    """
    key, number = _PRIVATE_KEY, int.from_bytes(data, "big")
    one, other = pow(number, key.exp1, key.p), pow(number, key.exp2, key.q)
    return (other + key.q * ((one - other) * key.coef % key.p)).to_bytes(255, "big")
