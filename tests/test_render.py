"""The message of an alert."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.alerts.buttons import Mute, buttons
from monitor.alerts.render import local_time, merged, render
from monitor.models import Alert, Appearance, Channel, EntityMention, Forward, Media
from tests.alerts_example import example

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
UTC_ZONE = ZoneInfo("UTC")


def test_whole_message() -> None:
    assert render(example(), zone=AMSTERDAM).text == (
        "🔴 HIGH · Prisoners of war · #7\n"
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


def test_persons_come_before_organisations_and_places() -> None:
    alert = example()
    named = [("place", "Shebekino"), ("organisation", "Russian Volunteer Corps"), ("person", "Denis Kapustin")]
    entities = tuple(EntityMention(name, kind, name, ()) for kind, name in named)
    rendered = render(replace(alert, findings=replace(alert.findings, entities=entities)), zone=UTC_ZONE)
    assert rendered.text.splitlines()[1] == "Denis Kapustin · Russian Volunteer Corps · Shebekino"


def test_a_near_copy_names_the_alert_that_it_repeats_and_what_is_new() -> None:
    message = render(replace(example(), of_story=12, news=("17", "Щетиновка")), zone=UTC_ZONE).text
    assert message.splitlines()[3] == "Nearly as #12; new here: 17, Щетиновка"


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"silenced": True}, "silenced"), ({"deleted": datetime(2023, 6, 4, 12, tzinfo=UTC)}, "deleted")],
)
def test_what_became_of_it_stands_in_the_heading(changes: dict[str, object], said: str) -> None:
    assert render(replace(example(), **changes), zone=UTC_ZONE).text.splitlines()[2].endswith(f" · {said}")  # type: ignore[arg-type]  # fields by name


def test_each_line_of_the_passage_is_isolated() -> None:
    alert = example("Первая\n\nпленных \u202e\u2068вторая", ("пленных",))
    assert "\n\u2068Первая\u2069\n\n\u2068пленных \u2060\u2060вторая\u2069\n" in render(alert, zone=UTC_ZONE).text


def test_many_copies_are_counted() -> None:
    copies = tuple(
        Appearance(Channel(number, f"copy_{number}"), 5, datetime(2023, 6, 4, 9, 8, tzinfo=UTC), None)
        for number in range(30)
    )
    line = next(
        line for line in render(replace(example(), also_in=copies), zone=UTC_ZONE).text.splitlines() if "Also" in line
    )
    assert line.startswith("Also in @copy_0 +3 min, @copy_1 +3 min, ")
    assert line.endswith("@copy_7 +3 min and 22 more")


@pytest.mark.parametrize(
    ("alert", "labels"),
    [
        (
            example(),
            [
                ["Open", "Acknowledge", "False alarm"],
                ["Mute 1 h", "Mute 8 h"],
                ["Mute rule 24 h", "Mute channel 24 h"],
                ["Why"],
            ],
        ),
        (
            example(url=None),
            [
                ["Acknowledge", "False alarm"],
                ["Mute 1 h", "Mute 8 h"],
                ["Mute rule 24 h", "Mute channel 24 h"],
                ["Why"],
            ],
        ),
    ],
)
def test_buttons(alert: Alert, labels: list[list[str]]) -> None:
    assert [[button.label for button in row] for row in buttons(alert)] == labels


def test_buttons_mute_from_the_narrow_to_the_wide() -> None:
    mutes = [button.mute for row in buttons(example()) for button in row if button.mute]
    hour = timedelta(hours=1)
    assert mutes == [
        Mute(hour, rules=True, channel=True),
        Mute(8 * hour, rules=True, channel=True),
        Mute(24 * hour, rules=True, channel=False),
        Mute(24 * hour, rules=False, channel=True),
    ]


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
