"""Alerts on the screen."""

from __future__ import annotations

import asyncio
import io
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from rich.console import Console

from monitor.alerts.console import ConsoleNotifier, plain
from monitor.models import Alert, Channel, FollowUp, Kind
from tests.alerts_example import TEXT, example

UTC_ZONE = ZoneInfo("UTC")
ALERT = (
    "🔴 HIGH · Prisoners of war · #7\n"
    "Denis Kapustin\n"
    "РДК (@russvolcorps) · Sun 4 Jun 2023 09:05 UTC · ru\n"
    "⟦Капустин⟧ предложил обменять двух ⟦пленных⟧ в Новой Таволжанке до 17:00.\n"
    "https://t.me/russvolcorps/412\n"
    "Why: prisoners (пленных)"
)


def _printed(*alerts: Alert, zone: ZoneInfo = UTC_ZONE, terminal: bool = False) -> str:
    out = io.StringIO()
    # A colour system of its own, so that the terminal of the test run does not matter.
    console = Console(file=out, force_terminal=terminal, color_system="standard", width=200, _environ={})
    notifier = ConsoleNotifier(console, zone)

    async def send() -> None:
        for alert in alerts:
            await notifier.send(alert)

    asyncio.run(send())
    return out.getvalue()


def test_an_alert_stands_under_its_day_with_its_mentions_marked() -> None:
    assert _printed(example()) == f"── Sunday 4 June 2023 ──\n\n{ALERT}\n\n"


def test_a_day_has_one_heading_and_is_the_desks() -> None:
    evening = example(date=datetime(2023, 6, 4, 22, 30, tzinfo=UTC))
    printed = _printed(example(), evening, evening, zone=ZoneInfo("Europe/Moscow"))
    assert [line for line in printed.splitlines() if line.startswith("──")] == [
        "── Sunday 4 June 2023 ──",
        "── Monday 5 June 2023 ──",
    ]


def test_an_edit_stands_under_the_day_of_the_edit() -> None:
    edited = replace(example(edited=datetime(2023, 6, 6, 8, tzinfo=UTC)), revision=2)
    assert _printed(edited).startswith("── Tuesday 6 June 2023 ──\n")


def test_an_edit_shows_what_went_and_what_came() -> None:
    alert = example()
    after = replace(alert.post, body=TEXT.replace("двух", "трёх"), edited=datetime(2023, 6, 4, 9, 20, tzinfo=UTC))
    reply = FollowUp(
        id=8,
        kind=Kind.EDIT,
        alert=alert,
        before=alert.post,
        after=after,
        revision=2,
        earlier=alert.findings,
        findings=alert.findings,
        level=alert.level,
        noticed=after.as_of,
    )
    printed = plain(reply, UTC_ZONE)
    assert printed.split("\n")[0].endswith(" · #8 to #7")
    assert "обменять ⟦двух⟧ пленных" in printed
    assert "обменять ⟦трёх⟧ пленных" in printed


def test_a_terminal_has_colours_instead_of_marks() -> None:
    printed = _printed(example(), terminal=True)
    assert "\x1b[1;33mКапустин\x1b[0m предложил" in printed
    assert "\x1b[1;37;41m🔴 HIGH\x1b[0m" in printed
    assert "⟦" not in printed


def test_text_from_right_to_left_keeps_its_isolates_and_other_text_has_none() -> None:
    hebrew = example(channel=Channel(1, "somebody", "חדשות"))
    assert "\u2068חדשות\u2069 (@somebody)" in plain(hebrew, UTC_ZONE)
    assert "\u2068" not in plain(example(), UTC_ZONE)


def test_nothing_in_a_post_steers_the_terminal() -> None:
    printed = _printed(
        example(TEXT + " \x1b[2J\x9b2J\x07\r", channel=Channel(1, "somebody", "\x1b]0;x\x07")), terminal=True
    )
    assert "\x1b[2J" not in printed
    assert "\x1b]" not in printed
    assert not any(char in printed for char in "\x9b\x07\r")
