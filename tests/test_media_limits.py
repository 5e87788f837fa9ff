"""KEEP_MEDIA as somebody writes it, and what is said where it is wrong."""

from __future__ import annotations

import pytest

from monitor.config import fault_of
from monitor.media.limits import Limits, shown

MB = 10**6


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("", ()),
        ("off", ()),
        ("photo", (("photo", 10 * MB),)),
        ("Photo , voice: 5MB,video:1.5gb,", (("photo", 10 * MB), ("voice", 5 * MB), ("video", 1500 * MB))),
        ("document:200 kB", (("document", 200_000),)),
    ],
)
def test_what_is_kept(text: str, kinds: tuple[tuple[str, int], ...]) -> None:
    assert Limits.parse(text) == Limits(kinds)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sticker", "“sticker” is no kind that can be kept; write some of photo, voice, round"),
        ("video:50", "“video:50” is no kind with a size; write one as in photo or video:50MB"),
        ("photo:-1MB", "is no kind with a size"),
        ("photo:0MB", "a file of Telegram's has 1 byte at least and 4 GB at most"),
        ("video:5GB", "a file of Telegram's has 1 byte at least and 4 GB at most"),
        ("photo,photo:1MB", "“photo” stands there twice; write it once"),
        ("photo;video", "is no kind with a size"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(text: str, said: str) -> None:
    fault = fault_of("KEEP_MEDIA", text)
    assert fault is not None
    assert fault.startswith("KEEP_MEDIA: ")
    assert said in fault


@pytest.mark.parametrize(
    ("kind", "size", "said"),
    [
        ("photo", 10 * MB, None),
        ("photo", None, None),
        ("photo", 10 * MB + 1, "larger than KEEP_MEDIA allows (10 MB)"),
        ("video", 1, "KEEP_MEDIA did not ask for this kind"),
    ],
)
def test_why_a_medium_is_not_kept(kind: str, size: int | None, said: str | None) -> None:
    assert Limits.parse("photo").refusal(kind, size) == said


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1500, "1.5 kB"),
        (999_999, "1000 kB"),
        (10 * MB, "10 MB"),
        (4 * 10**9, "4 GB"),
    ],
)
def test_sizes_as_people_write_them(size: int, text: str) -> None:
    assert shown(size) == text
