"""What a button carries: an action on an alert, sealed so that only we can have made it, for one chat, for a time.

28 bytes: version and action (1 each), subject (8, signed), parameter (2), expiry (4: seconds since 1970), and the first
12 bytes of an HMAC-SHA256 over these and the chat. Telegram takes up to 64. Pure.
"""

from __future__ import annotations

import hashlib
import hmac
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum

from monitor.alerts.buttons import Mute

LIFETIME = timedelta(days=7)
_VERSION = 1
_FIELDS = struct.Struct(">BBqHI")
_SEAL = 12
_MOST_HOURS = (1 << 14) - 1


class Press(IntEnum):
    """What a press asks for."""

    ACKNOWLEDGE = 1
    FALSE_ALARM = 2
    MUTE = 3
    WHY = 4
    PAGE = 5


@dataclass(frozen=True, slots=True)
class Callback:
    """A press: the alert, silence or question it is about, and a parameter (what is muted, or which page)."""

    press: Press
    subject: int
    parameter: int = 0


class Sealer:
    """Seals and opens callback data of one chat's buttons under a key of our own."""

    def __init__(self, secret: str) -> None:
        self._key = hashlib.sha256(b"monitor callbacks\0" + secret.encode()).digest()

    def seal(self, callback: Callback, chat: int, now: datetime) -> bytes:
        """Return the data of a button that works until LIFETIME from now."""
        expires = int((now + LIFETIME).timestamp())
        fields = _FIELDS.pack(_VERSION, callback.press, callback.subject, callback.parameter, expires)
        return fields + self._seal(fields, chat)

    def open(self, data: bytes, chat: int, now: datetime) -> Callback | str:
        """Return what a button carries, or in a word why it is not taken: `forged` or `expired`."""
        fields, seal = data[: _FIELDS.size], data[_FIELDS.size :]
        if len(data) != _FIELDS.size + _SEAL or not hmac.compare_digest(seal, self._seal(fields, chat)):
            return "forged"
        version, press, subject, parameter, expires = _FIELDS.unpack(fields)
        if version != _VERSION or press not in Press._value2member_map_:
            return "forged"
        if datetime.fromtimestamp(expires, UTC) < now:
            return "expired"
        return Callback(Press(press), subject, parameter)

    def _seal(self, fields: bytes, chat: int) -> bytes:
        return hmac.new(self._key, fields + chat.to_bytes(8, signed=True), hashlib.sha256).digest()[:_SEAL]


def of_mute(mute: Mute) -> int:
    """Return the parameter that says what is muted and for how many hours."""
    hours = min(_MOST_HOURS, round(mute.length / timedelta(hours=1)))
    return hours << 2 | mute.rules << 1 | mute.channel


def to_mute(parameter: int) -> Mute:
    """Read the parameter of a mute."""
    return Mute(timedelta(hours=parameter >> 2), bool(parameter & 2), bool(parameter & 1))
