"""Fields that several formats share: ids, dates, texts. Pure.

Odd characters are never a reason to reject: NUL and lone surrogates are replaced one for one, so that offsets hold.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

MAX_TEXT = 1_000_000  # bytes of UTF-8; Telegram itself allows some 16,000
_CHANNEL_PREFIX = 1_000_000_000_000  # -100… before a channel's bare id in the Bot API's way of writing it


class FieldError(ValueError):
    """A record cannot be used; the text says why."""


def bare_id(value: Any) -> int | None:
    """Return a channel's bare numeric id from any way of writing it (-100123, 123, "channel123"); None for none."""
    digits = str(value).removeprefix("channel").lstrip("-") if isinstance(value, int | str) else ""
    if isinstance(value, bool) or not (digits.isascii() and digits.isdigit()) or len(digits) > 18:
        return None
    number = int(digits)
    return (number - _CHANNEL_PREFIX if number > _CHANNEL_PREFIX else number) or None


def shown(value: Any) -> str:
    """Return a value that cannot be used as a sentence about it names it: its beginning, odd characters escaped."""
    written = repr(str(value)[:40])
    return written if len(written) <= 80 else f"{written[:79]}…"


def post_id(record: dict[str, Any]) -> int:
    """Return the id of a post's record; raises FieldError where there is none."""
    value = record.get("id")
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise FieldError("the post has no id" if value is None else f"the id {shown(value)} is no number")
    if not 0 < value < 2**63:
        raise FieldError(f"the id {str(value)[:40]} is no post's")
    return value


def date(value: Any) -> datetime:
    """Return a time in UTC from ISO 8601 (without a zone: UTC) or seconds since 1970; raises FieldError."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
        if isinstance(value, str) and value.strip().lstrip("-").isdigit() and len(value.strip()) > 8:
            return datetime.fromtimestamp(int(value), UTC)
        if isinstance(value, str):
            found = datetime.fromisoformat(value.strip())
            return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        pass
    if value is None or value == "":
        raise FieldError("the post has no date")
    raise FieldError(f"{shown(value)} is no date; write it as 2023-06-04T09:30:00+00:00")


def optional_date(value: Any) -> datetime | None:
    """Return a time in UTC, or None where there is none that can be read."""
    try:
        return date(value) if value not in (None, "", 0, "0") else None
    except FieldError:
        return None


def whole(value: Any) -> int | None:
    """Return a whole number, or None where it is none."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19:
        return int(value)
    number = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 2**62
    return int(value) if number else None


def clean(text: Any) -> str:
    """Return a text with NUL and lone surrogates replaced one for one; what is no text is an empty one."""
    if not isinstance(text, str):
        return ""
    found = str(text).replace("\0", "\ufffd")
    if found.isascii():
        return found
    try:
        found.encode()
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in found)
    return found


def body(text: Any) -> str:
    """Return a post's cleaned text; raises FieldError where it is longer than any post can be."""
    cleaned = clean(text)
    if len(cleaned) > MAX_TEXT or (len(cleaned) * 4 > MAX_TEXT and len(cleaned.encode()) > MAX_TEXT):
        raise FieldError(f"the text has more than {MAX_TEXT // 1_000_000} MB; no post is that long")
    return cleaned


def line(text: Any) -> str | None:
    """Return a cleaned text on one line, or None where there is none (titles, names)."""
    return " ".join(clean(text).split()) or None
