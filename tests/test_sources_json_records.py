"""Walking through JSON by its brackets: the same values as a parser gives, wherever the file is cut into chunks."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.sources.fields import FieldError
from monitor.sources.json_records import BrokenFile, JsonScanner, parsed

QUICK = settings(derandomize=True, deadline=None)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


class _Trickle(io.BytesIO):
    """A file that gives a few bytes at a time, as a pipe may."""

    def __init__(self, content: bytes, step: int) -> None:
        super().__init__(content)
        self._step = step

    def read(self, size: int | None = -1) -> bytes:
        return super().read(self._step if size is None or size < 0 else min(size, self._step))


def _walk(scanner: JsonScanner) -> Iterator[tuple[str | None, bytes | None]]:
    """Take an object's members or an array's items one by one."""
    if scanner.enter(b"{"):
        for key in scanner.members():
            yield key, scanner.take()
    elif scanner.enter(b"["):
        for _ in scanner.items():
            yield None, scanner.take()


@QUICK
@given(
    value=st.lists(VALUES, max_size=5) | st.dictionaries(st.text(), VALUES, max_size=5),
    step=st.integers(1, 40),
    indent=st.none() | st.integers(0, 2),
    ascii_=st.booleans(),
)
def test_every_item_comes_out_as_its_own_bytes(value: Any, step: int, indent: int | None, ascii_: bool) -> None:
    content = json.dumps(value, indent=indent, ensure_ascii=ascii_).encode("utf-8", "surrogatepass")
    scanner = JsonScanner(_Trickle(content, step))
    taken = list(_walk(scanner))
    assert all(raw is not None and raw in content for _, raw in taken)
    found = [(key, json.loads(raw.decode("utf-8", "surrogatepass"))) for key, raw in taken if raw is not None]
    assert found == ([*value.items()] if isinstance(value, dict) else [(None, one) for one in value])
    assert scanner.at_end()


@QUICK
@given(
    content=st.binary(max_size=60) | st.text('{}[]",:\\ntrue01x ', max_size=60).map(str.encode), step=st.integers(1, 9)
)
def test_no_bytes_raise_anything_else_or_go_on_without_end(content: bytes, step: int) -> None:
    with contextlib.suppress(BrokenFile):
        assert len(list(_walk(JsonScanner(_Trickle(content, step))))) <= len(content)


@QUICK
@given(st.binary(max_size=60) | st.text(max_size=60).map(lambda text: f'"{text}"'.encode("utf-8", "surrogatepass")))
def test_a_record_is_parsed_or_refused(raw: bytes) -> None:
    with contextlib.suppress(FieldError):
        parsed(raw)


BORNE: dict[str, tuple[bytes, object]] = {
    "the exporter's own escape": (rb'"a\x0Bb"', "a\x0bb"),
    "a backslash before what looks like one": (rb'"a\\x0Bb"', r"a\x0Bb"),
    "a backslash before one": (rb'"a\\\x0Bb"', "a\\\x0bb"),
    "raw control characters": (b'"tab\tand\nfeed"', "tab\tand\nfeed"),
    "a lone surrogate": (rb'"\ud800"', "\ud800"),
    "a byte that is no UTF-8": (b'"\xff"', "\ufffd"),
    "a number beyond all": (b"[1e400]", [float("inf")]),
}


@pytest.mark.parametrize(("raw", "value"), [pytest.param(*case, id=name) for name, case in BORNE.items()])
def test_what_is_no_json_but_borne(raw: bytes, value: object) -> None:
    assert parsed(raw) == value


def test_a_record_above_the_limit_is_dropped_and_its_neighbours_are_not() -> None:
    content = json.dumps([[1], ["x" * 300] * 10, {"a": [[2]] * 600}, [3]]).encode()
    scanner = JsonScanner(_Trickle(content, 100), longest=1000)
    assert [raw for _, raw in _walk(scanner)] == [b"[1]", None, None, b"[3]"]
