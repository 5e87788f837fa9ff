"""Ids, dates, numbers and texts, however they are written."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.sources.fields import FieldError, bare_id, body, clean, date, line, optional_date, post_id, whole


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1700000001, 1700000001),
        (-1001700000001, 1700000001),
        ("-1001700000001", 1700000001),
        ("channel1700000001", 1700000001),
        ("1700000001", 1700000001),
        ("user12", None),
        ("", None),
        (0, None),
        (True, None),
        (12.0, None),
        (None, None),
        ([12], None),
        ("١٢", None),
        ("9" * 30, None),
    ],
)
def test_a_channel_s_bare_id(value: Any, expected: int | None) -> None:
    assert bare_id(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2023-06-04T09:30:00+00:00", datetime(2023, 6, 4, 9, 30, tzinfo=UTC)),
        ("2023-06-04T12:30:00+03:00", datetime(2023, 6, 4, 9, 30, tzinfo=UTC)),
        ("2023-06-04T09:30:00Z", datetime(2023, 6, 4, 9, 30, tzinfo=UTC)),
        (" 2023-06-04T09:30:00 ", datetime(2023, 6, 4, 9, 30, tzinfo=UTC)),
        ("2023-06-04", datetime(2023, 6, 4, tzinfo=UTC)),
        ("20230604", datetime(2023, 6, 4, tzinfo=UTC)),
        (1685871000, datetime(2023, 6, 4, 9, 30, tzinfo=UTC)),
        ("1685871000", datetime(2023, 6, 4, 9, 30, tzinfo=UTC)),
        (1685871000.5, datetime(2023, 6, 4, 9, 30, 0, 500000, tzinfo=UTC)),
    ],
)
def test_a_date(value: Any, expected: datetime) -> None:
    assert date(value) == expected
    assert date(value).tzinfo is UTC


@pytest.mark.parametrize(
    "value",
    [None, "", "soon", True, [], float("nan"), float("inf"), 1e300, "9" * 400, "2023-02-30", "0001-01-01T00:00+01:00"],
)
def test_what_is_no_date_is_refused_or_left_out(value: Any) -> None:
    with pytest.raises(FieldError, match="date"):
        date(value)
    assert optional_date(value) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (7, 7),
        ("7", 7),
        (7.9, 7),
        (-1, -1),
        ("-1", None),
        (True, None),
        (None, None),
        (float("nan"), None),
        (2**70, None),
        ("9" * 30, None),
    ],
)
def test_a_whole_number(value: Any, expected: int | None) -> None:
    assert whole(value) == expected


@pytest.mark.parametrize("value", [0, -1, 2**63, True, 7.0, "x", "", None, [7]])
def test_an_id_that_is_none_is_refused(value: Any) -> None:
    with pytest.raises(FieldError, match="id"):
        post_id({"id": value})


def test_a_text_is_replaced_one_for_one() -> None:
    assert clean("a\0b\ud800c\N{BROKEN HEART}\udfff") == "a\ufffdb\ufffdc\N{BROKEN HEART}\ufffd"
    assert (clean(None), clean(7), clean(["x"])) == ("", "", "")
    assert line(" two\nlines\t\0 ") == "two lines \ufffd"
    assert line(" \n ") is None


@pytest.mark.parametrize(
    ("text", "fits"), [("x" * 1_000_000, True), ("x" * 1_000_001, False), ("я" * 500_000, True), ("я" * 500_001, False)]
)
def test_a_text_has_a_megabyte_at_most(text: str, fits: bool) -> None:
    if fits:
        assert body(text) == text
    else:
        with pytest.raises(FieldError, match="more than 1 MB"):
            body(text)


@settings(derandomize=True, deadline=None)
@given(st.text(st.characters()))
def test_offsets_hold_whatever_is_replaced(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode()
    assert len(cleaned) == len(text)
    assert all(
        new == old or (new == "\ufffd" and (old == "\0" or "\ud800" <= old <= "\udfff"))
        for new, old in zip(cleaned, text, strict=True)
    )
