"""The message of an alert."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.alerts.render import local_time, merged, render
from monitor.models import Appearance, Channel, Forward, Media
from tests.alerts_example import example

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
UTC_ZONE = ZoneInfo("UTC")


def test_whole_message() -> None:
    assert render(example(), zone=AMSTERDAM).text == (
        "🔴 HIGH · Prisoners of war\n"
        "Denis Kapustin\n"
        "\u2068РДК\u2069 (@russvolcorps) · Sun 4 Jun 2023 11:05 CEST (09:05 UTC) · ru\n"
        "\u2068Капустин предложил обменять двух пленных в Новой Таволжанке до 17:00.\u2069\n"
        "https://t.me/russvolcorps/412\n"
        "Why: prisoners (пленных)"
    )


def test_message_names_copies_with_their_delay_and_forwards() -> None:
    copies = (
        Appearance(Channel(2, "copycat"), 5, datetime(2023, 6, 4, 9, 8, 20, tzinfo=UTC), None),
        Appearance(Channel(3, None, "Без имени"), 9, datetime(2023, 6, 4, 11, 12, tzinfo=UTC), None, forwarded=True),
    )
    message = render(replace(example(), also_in=copies), zone=UTC_ZONE).text
    assert "Also in @copycat +3 min, \u2068Без имени\u2069 +2 h 07 (forward)\n" in message


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"media": (Media("voice", duration=61),)}, "· ru · voice message\n"),
        ({"media": (Media("photo"), Media("photo"))}, "· ru · photos\n"),
        ({"media": (Media("photo"), Media("video")), "ids": (412, 413)}, "· ru · album of 2\n"),
        ({"forward": Forward("Прочие новости")}, "· ru · forward from \u2068Прочие новости\u2069\n"),
        ({"url": None}, "17:00.\u2069\nWhy:"),
    ],
)
def test_message_says_what_the_post_carries(changes: dict[str, object], expected: str) -> None:
    assert expected in render(example(**changes), zone=UTC_ZONE).text


def test_an_edit_is_named_as_one() -> None:
    assert "· edited (revision 2)\n" in render(replace(example(), revision=2), zone=UTC_ZONE).text


def test_mentions_are_where_the_styles_say() -> None:
    rendered = render(example(), zone=AMSTERDAM)
    shown = [rendered.text[style.start : style.end] for style in rendered.styles if style.kind == "mention"]
    assert shown == ["Капустин", "пленных"]


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("UTC", "Sun 4 Jun 2023 09:05 UTC"),
        ("Europe/Amsterdam", "Sun 4 Jun 2023 11:05 CEST (09:05 UTC)"),
        ("Pacific/Auckland", "Sun 4 Jun 2023 21:05 NZST (09:05 UTC)"),
        ("America/New_York", "Sun 4 Jun 2023 05:05 EDT (09:05 UTC)"),
    ],
)
def test_times_in_the_desks_zone_and_in_utc(zone: str, expected: str) -> None:
    assert local_time(datetime(2023, 6, 4, 9, 5, tzinfo=UTC), ZoneInfo(zone)) == expected


def test_overlapping_spans_are_joined_and_touching_ones_are_not() -> None:
    assert merged([(5, 9), (0, 3), (3, 4), (8, 12)]) == [(0, 3), (3, 4), (5, 12)]


@settings(max_examples=150, derandomize=True, deadline=None)
@given(st.text(max_size=200), st.text(max_size=60), st.text(max_size=1500))
def test_any_text_renders_with_its_mention_in_place(before: str, title: str, after: str) -> None:
    alert = example(before + "пленных" + after)
    post = replace(alert.post, channel=Channel(1, "x" * 5, title))
    rendered = render(replace(alert, post=post), zone=UTC_ZONE)
    shown = [rendered.text[style.start : style.end] for style in rendered.styles if style.kind == "mention"]
    assert "пленных" in shown
    assert not any(ord(char) < 32 and char != "\n" for char in rendered.text)
    assert not any(char in "\u202a\u202b\u202d\u202e\u2066\u2067" for char in rendered.text)
    assert rendered.text.count("\u2068") == rendered.text.count("\u2069")
