"""Plain texts: one document a file, a news text say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from monitor.models import Channel, Post, Rejected
from monitor.sources.fields import MAX_TEXT, FieldError, body, date
from monitor.sources.source import Read

_DATE = re.compile(r"date (\d{4})-(\d{2})(?:-(\d{2}))?((?:[ T]\d{2}:\d{2}\S*)?)\s*\Z")
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}


def read_text(path: Path, channel: str | None) -> Iterator[Read]:
    """Give a text as the one post of a channel that is called as the file; a first line `date 2023-06-04` dates it.

    Without such a line it has the date of the file. A date of a month alone is its first day.
    """
    with path.open("rb") as file:
        raw = file.read(4 * MAX_TEXT + 1)
        modified = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    try:
        text = body(_decoded(raw).replace("\r\n", "\n"))
        first, _, rest = text.partition("\n")
        dated = _DATE.match(first.strip())
        published = _date(dated) if dated else modified
    except FieldError as error:
        yield Rejected(str(path), 1, str(error))
        return
    name = channel.removeprefix("@") if channel else path.stem
    text = rest.strip("\n") if dated else text.strip("\n")
    # A text is no post on Telegram: the name of its file must not become a link.
    yield Post(Channel(None, name, guessed=channel is None), 1, published, text, raw, ids=(1,), source=f"{path}:1")


def _decoded(raw: bytes) -> str:
    """Return the text, bad bytes replaced; raises FieldError where it plainly is in another encoding."""
    text = raw.decode(_MARKS.get(raw[:3], _MARKS.get(raw[:2], "utf-8")), "replace")
    if text.count("\ufffd") > max(8, len(text) // 10):
        raise FieldError("the text is no UTF-8; save it anew in that encoding")
    return text


def _date(found: re.Match[str]) -> datetime:
    year, month, day, time = found.groups()
    return date(f"{year}-{month}-{day or '01'}{time.strip() and 'T' + time.strip().lstrip('T')}")
