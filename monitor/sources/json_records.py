"""The records of a JSON file, one after the other, each as the bytes it stands in: gigabytes are fine.

Only brackets and strings are followed here; every record is parsed for itself. So the published bytes are kept as they
are, a faulty record costs itself alone, and a reader holds one record in memory. Escapes that are no JSON (an
exporter's `\\xNN`), raw control characters, lone surrogates and broken UTF-8 are borne.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import IO, Any

import orjson

from monitor.sources.fields import FieldError

MAX_RECORD = 16_000_000  # bytes; a post of Telegram has some 100,000 at most
MAX_DEPTH = 200  # lists and objects, one in the other; an article of Telegram has some twenty
_CHUNK = 1 << 18
_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_TOKEN = re.compile(rb"\s*+(" + _STRING + rb'|[{}\[\],:]|[^\s"{}\[\],:]++)', re.DOTALL)
# All up to the next bracket; none where a text is not over yet or nothing more was read.
_BRACKET = re.compile(rb'[^"{}\[\]]*+(?:' + _STRING + rb'[^"{}\[\]]*+)*+([{}\[\]]?)', re.DOTALL)
# An escape of the exporter's own, and any other, which is passed over as a whole.
_ESCAPE = re.compile(r"\\x([0-9a-fA-F]{2})|\\.", re.DOTALL)


class BrokenFile(Exception):  # noqa: N818  it names the file, not the error
    """From here on the file cannot be read; the text says what is wrong with it, without the file's name."""


def parsed(raw: bytes) -> Any:
    """Return the value of a record; raises FieldError where it is no JSON, whatever is borne, or nested past sense."""
    if _is_deep(raw):
        raise FieldError("the record is nested too deeply to be a post")
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        pass
    try:
        return json.loads(_ESCAPE.sub(_mended, raw.decode("utf-8", "replace")), strict=False)
    except RecursionError:
        raise FieldError("the record is nested too deeply to be a post") from None
    except ValueError as error:
        raise FieldError(f"the record is no JSON ({str(error)[:80]})") from None


def _is_deep(raw: bytes) -> bool:
    """Tell whether a record is nested deeper than whoever reads it could follow; most have too few brackets for it."""
    if raw.count(b"[") + raw.count(b"{") <= MAX_DEPTH:
        return False
    depth = deepest = 0
    for found in _BRACKET.finditer(raw):
        depth += (found[1] in (b"{", b"[")) - (found[1] in (b"}", b"]"))
        deepest = max(deepest, depth)
    return deepest > MAX_DEPTH


def _mended(found: re.Match[str]) -> str:
    return f"\\u00{found[1]}" if found[1] else found[0]


class JsonScanner:
    """Walks through a JSON file: into objects and arrays that the caller names, over values it takes as a whole."""

    def __init__(self, file: IO[bytes], *, longest: int = MAX_RECORD) -> None:
        self._file = file
        self._longest = longest
        self._data = file.read(_CHUNK).removeprefix(b"\xef\xbb\xbf")
        self._at = 0
        self._ended = not self._data

    def enter(self, bracket: bytes) -> bool:
        """Step into an object (`{`) or array (`[`) if one stands here; else stay."""
        if self._peek() != bracket:
            return False
        self._token()
        return True

    def members(self) -> Iterator[str]:
        """Give the keys of the object stepped into; the caller takes each value before it asks for the next key."""
        while (token := self._token()) != b"}":
            if token == b",":
                continue
            if token[:1] != b'"' or self._token() != b":":
                raise BrokenFile("the file is no JSON")
            try:
                yield str(parsed(token))
            except FieldError:
                raise BrokenFile("the file is no JSON") from None

    def items(self) -> Iterator[None]:
        """Halt before each item of the array stepped into; the caller takes it before it goes on."""
        while (char := self._peek()) != b"]":
            if char in (b"}", b":"):
                raise BrokenFile("the file is no JSON")
            if char == b",":
                self._token()
            else:
                yield
        self._token()

    def take(self) -> bytes | None:
        """Return the value that stands here as its bytes; None where it has more than `longest` bytes."""
        token = self._token()
        if token in (b"}", b"]", b",", b":"):
            raise BrokenFile("the file is no JSON")
        return self._container() if token in (b"{", b"[") else token

    def at_end(self) -> bool:
        """Tell whether nothing but blanks follows; what follows is passed over."""
        try:
            self._token()
        except BrokenFile:
            return True
        return False

    def _peek(self) -> bytes:
        """The first byte of what stands here."""
        token = self._token()
        self._at -= len(token)
        return token[:1]

    def _token(self) -> bytes:
        while True:
            found = _TOKEN.match(self._data, self._at)
            # A number at the end of what was read may go on.
            if found is not None and (found.end() < len(self._data) or self._ended):
                self._at = found.end()
                return found[1]
            if not self._more(self._at):
                raise BrokenFile("the file breaks off")

    def _container(self) -> bytes | None:
        """Return the object or array whose opening bracket was just passed."""
        start: int | None = self._at - 1
        depth = 1
        while depth:
            found = _BRACKET.match(self._data, self._at)
            assert found is not None
            self._at = found.end()
            if found[1]:
                depth += 1 if found[1] in (b"{", b"[") else -1
                continue
            if start is not None and self._at - start > self._longest:
                start = None
            keep = self._at if start is None else start
            if not self._more(keep):
                raise BrokenFile("the file breaks off")
            start = None if start is None else 0
        if start is None or self._at - start > self._longest:
            return None
        return self._data[start : self._at]

    def _more(self, keep: int) -> bool:
        """Read on and forget what stands before `keep`; False at the end of the file."""
        if self._ended:
            return False
        if len(self._data) - self._at > self._longest:
            raise BrokenFile(f"a text of the file has more than {self._longest // 1_000_000} MB")
        # As much again as is waiting, so that a long text is not searched over and over.
        chunk = self._file.read(max(_CHUNK, len(self._data) - keep))
        self._ended = not chunk
        self._data = self._data[keep:] + chunk
        self._at -= keep
        return True
