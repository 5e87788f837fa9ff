"""Which media are kept, and up to what size: the setting KEEP_MEDIA. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

MB = 10**6
KINDS = {  # bytes that one may have where the setting says nothing
    "photo": 10 * MB,
    "voice": 10 * MB,
    "round": 20 * MB,
    "audio": 20 * MB,
    "animation": 20 * MB,
    "document": 20 * MB,
    "video": 50 * MB,
}
_UNITS = {"kb": 10**3, "mb": MB, "gb": 10**9}
_LARGEST = 4 * 10**9  # bytes that a file of Telegram's may have
_ENTRY = re.compile(r"([a-z]+)(?:\s*:\s*(\d{1,6}(?:\.\d{1,3})?)\s*([kmg]b))?")


@dataclass(frozen=True, slots=True)
class Limits:
    """The kinds of media that are kept, each with the most bytes that one may have; none: nothing is kept."""

    kinds: tuple[tuple[str, int], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.kinds)

    @classmethod
    def parse(cls, text: str) -> Limits:
        """Read `photo, voice:10MB, video:50MB`, or `off`; ValueError says what is wrong and what to write."""
        if text.strip().lower() in ("", "off"):
            return cls()
        found: dict[str, int] = {}
        for entry in filter(None, (part.strip() for part in text.split(","))):
            kind, most = _entry(entry)
            if kind in found:
                raise ValueError(f"“{kind}” stands there twice; write it once")
            found[kind] = most
        return cls(tuple(found.items()))

    def most(self, kind: str) -> int | None:
        """Return how many bytes a medium of this kind may have; None: the kind is not kept."""
        return dict(self.kinds).get(kind)

    def refusal(self, kind: str, size: int | None) -> str | None:
        """Say why a medium of so many bytes (None: not known yet) is not kept; None: it may be."""
        most = self.most(kind)
        if most is None:
            return "KEEP_MEDIA did not ask for this kind"
        return f"larger than KEEP_MEDIA allows ({shown(most)})" if size is not None and size > most else None

    def __str__(self) -> str:
        return ", ".join(f"{kind} up to {shown(most)}" for kind, most in self.kinds) or "off"


def shown(size: int) -> str:
    """Write a number of bytes as people do: `200 kB`, `10 MB`, `1.5 GB`."""
    for unit, name in ((10**9, "GB"), (MB, "MB"), (10**3, "kB")):
        if size >= unit:
            return f"{size / unit:.3g} {name}" if size < 999.5 * unit else f"{size / unit:.0f} {name}"
    return f"{size} bytes"


def _entry(entry: str) -> tuple[str, int]:
    found = _ENTRY.fullmatch(entry.lower())
    if found is None:
        raise ValueError(f"“{entry}” is no kind with a size; write one as in photo or video:50MB, with kB, MB or GB")
    kind, number, unit = found.groups()
    if kind not in KINDS:
        raise ValueError(f"“{kind}” is no kind that can be kept; write some of {', '.join(KINDS)}, or off")
    most = round(float(number) * _UNITS[unit]) if number else KINDS[kind]
    if not 0 < most <= _LARGEST:
        raise ValueError(f"“{entry}”: a file of Telegram's has 1 byte at least and 4 GB at most; write a size between")
    return kind, most
