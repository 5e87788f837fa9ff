"""Saved posts: which format a file has, and many files as one stream, oldest post first."""

from __future__ import annotations

import heapq
import os
import re
from collections.abc import AsyncIterator, Callable, Generator, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import orjson

from monitor.models import Post, Rejected
from monitor.sources import desktop_html, preview_page
from monitor.sources.desktop_json import read_desktop_json
from monitor.sources.jsonl import read_array, read_jsonl
from monitor.sources.markup import MAX_PAGE
from monitor.sources.plain_text import read_text
from monitor.sources.source import Read, Unreadable

SUFFIXES = frozenset({".json", ".jsonl", ".ndjson", ".html", ".htm", ".txt"})
_SNIFF = 1 << 16
_CONTROLS = bytes({*range(9), *range(14, 27), *range(28, 32), 127})  # those that no text needs
_NUMBER = re.compile(r"(\d+)")
_FIRST = datetime.min.replace(tzinfo=UTC)

Reader = Callable[[Path, str | None], Iterator[Read]]


class FileSource:
    """Saved files as one source: the posts of all of them, oldest first.

    Within a file the order stays as it is. A file is opened when its first post is due, so few are open at a time.
    Raises Unreadable for a path that does not exist and for a folder without any file that can be read.
    """

    def __init__(self, paths: Sequence[Path], *, channel: str | None = None) -> None:
        self._channel = channel
        self._files = [file for path in paths for file in _files(path)]

    async def posts(self) -> AsyncIterator[Read]:
        """Give the posts, and what was rejected or passed over."""
        for read in self._merged():
            yield read

    def _merged(self) -> Iterator[Read]:
        if len(self._files) == 1:
            yield from read_file(self._files[0], channel=self._channel)
            return
        firsts = [self._first(path) for path in self._files]
        self._refuse_one_name_for_several(firsts)
        waiting = sorted((first.date if first else _FIRST, number) for number, first in enumerate(firsts))
        waiting.reverse()
        heads: list[tuple[datetime, datetime, int, Post, Iterator[Read]]] = []
        while waiting or heads:
            while waiting and (not heads or waiting[-1][0] <= heads[0][0]):
                number = waiting.pop()[1]
                yield from _advance(heads, number, read_file(self._files[number], channel=self._channel))
            if heads:
                _, _, number, post, rest = heapq.heappop(heads)
                yield post
                yield from _advance(heads, number, rest)

    def _first(self, path: Path) -> Post | None:
        with closing(read_file(path, channel=self._channel)) as reads:
            return next((read for read in reads if isinstance(read, Post)), None)

    def _refuse_one_name_for_several(self, firsts: Sequence[Post | None]) -> None:
        """A name from the command line that several channels would get would make links to the wrong posts."""
        name = self._channel.removeprefix("@") if self._channel else None
        named = {post.channel.id for post in firsts if post and post.channel.id and post.channel.name == name}
        if name is not None and len(named) > 1:
            raise Unreadable(f"--channel {name}: the files are of {len(named)} channels; replay each by itself")


def _advance(
    heads: list[tuple[datetime, datetime, int, Post, Iterator[Read]]], number: int, reads: Iterator[Read]
) -> Iterator[Read]:
    """Give what stands before the next post of a file, and put that post among the heads."""
    for read in reads:
        if isinstance(read, Post):
            heapq.heappush(heads, (read.date, read.as_of, number, read, reads))
            return
        yield read


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        if _is_closed(path):
            return [path]
        found = sorted((file for file in path.rglob("*") if _belongs(file, path)), key=_in_order)
        if not found:
            raise Unreadable(f"{path}: the folder holds no saved posts (*.json, *.jsonl, *.html, *.txt)")
        return found
    if not path.exists():
        raise Unreadable(f"{path}: there is no such file or folder; check the path")
    if not path.is_file():
        raise Unreadable(f"{path}: is neither a file nor a folder; save the posts into a file first")
    return [path]


def _belongs(file: Path, folder: Path) -> bool:
    """Of a folder's files only those are read that hold posts; notes, media and settings are passed over.

    What cannot be looked at belongs, too: whoever reads it says why.
    """
    if any(part.startswith(".") for part in file.relative_to(folder).parts):
        return False
    suffix = file.suffix.lower()
    try:
        if file.is_dir():
            return _is_closed(file)
        if suffix in (".html", ".htm"):
            return file.is_file() and _reader_of_html(_page(file)) is not None
        return suffix in SUFFIXES and file.is_file()
    except OSError:
        return suffix in SUFFIXES


def _is_closed(folder: Path) -> bool:
    """Tell whether what a folder holds cannot be seen; it then stands among the files, to be rejected by name."""
    return not os.access(folder, os.R_OK | os.X_OK)


def _in_order(file: Path) -> tuple[list[tuple[int, str]], ...]:
    """Sort names as people count: messages2 before messages10, messages before both."""
    return tuple(
        [(int(part), "") if part.isdecimal() else (0, part) for part in _NUMBER.split(name) if part]
        for name in (*file.with_suffix("").parts, file.suffix)
    )


def read_file(path: Path, *, channel: str | None = None) -> Generator[Read]:
    """Give the posts of one file, its format told by suffix and content, and what was rejected or passed over."""
    try:
        head = _head(path)
        reader = _reader(path, head)
        if isinstance(reader, str):
            yield Rejected(str(path), None, reader)
        else:
            yield from reader(path, channel)
    except OSError as error:
        yield Rejected(str(path), None, f"cannot be read: {error.strerror}")


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_SNIFF)


def _reader(path: Path, head: bytes) -> Reader | str:
    """Return the reader for a file, or a sentence that says why there is none."""
    suffix = path.suffix.lower()
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not head:
        return "is empty"
    binary = _is_binary(head)
    if suffix == ".txt":
        return "is no text, but holds binary data" if binary else read_text
    if binary:
        return "is no file of saved posts, but holds binary data"
    if suffix in (".jsonl", ".ndjson"):
        return read_jsonl
    if suffix in (".html", ".htm") or start.startswith(b"<"):
        return _reader_of_html(_page(path)) or "is neither a page of t.me/s nor of a Telegram Desktop export"
    if start.startswith(b"["):
        return read_array
    if start.startswith(b"{"):
        return read_jsonl if _is_a_record(start) else read_desktop_json
    if suffix == ".json":
        return "is no JSON"
    return "is no file of saved posts (Telegram Desktop export, JSONL, t.me/s page, text)"


def _page(path: Path) -> bytes:
    """The bytes of a page, as many as are looked at; the reader of pages refuses one that has more."""
    with path.open("rb") as file:
        return file.read(MAX_PAGE + 1)


def _is_binary(head: bytes) -> bool:
    """Tell binary data by its control characters; a few of them are found in texts, too."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return controls > max(8, len(head) // 20)


def _is_a_record(start: bytes) -> bool:
    """Tell JSON lines from an export, whose first line is never a whole message."""
    first, feed, _ = start.partition(b"\n")
    try:
        record = orjson.loads(first)
    except orjson.JSONDecodeError:
        # A line that is longer than what was looked at, or broken: an export says early what it is.
        return (
            b'"messages"' not in start[:4096]
            and b'"chats"' not in start[:4096]
            and bool(feed)
            and first.strip() != b"{"
        )
    return isinstance(record, dict) and "messages" not in record and "chats" not in record


def _reader_of_html(content: bytes) -> Reader | None:
    if preview_page.MARK in content:
        return lambda path, channel: preview_page.read_page(_page(path), str(path))
    if any(mark in content for mark in desktop_html.MARKS):
        return lambda path, channel: desktop_html.read_page(_page(path), path, channel)
    return None
