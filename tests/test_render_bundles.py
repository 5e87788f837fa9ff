"""Alerts that stand for others."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from monitor.alerts.buttons import buttons
from monitor.alerts.render import render
from monitor.models import Alert, Bundle, Channel, Kind, Level
from tests.alerts_example import example

ZONE = ZoneInfo("Europe/Amsterdam")
COPYCAT = Channel(2, "copycat")


def member(number: int, level: Level = Level.LOW) -> Alert:
    """The example's alert, so many minutes later, with a post of two lines."""
    alert = example("Вывели\nпленных из подвала.", date=example().post.date + timedelta(minutes=number))
    return replace(alert, id=number, level=level, post=replace(alert.post, url=f"https://t.me/russvolcorps/{number}"))


def bundle(kind: Kind, *members: Alert, total: int | None = None) -> Bundle:
    """A bundle of these alerts and perhaps of more."""
    opened = example().post.date
    levels = [(level, sum(one.level is level for one in members)) for level in reversed(Level)]
    return Bundle(
        id=99,
        kind=kind,
        level=max((one.level for one in members), key=lambda level: level.rank),
        opened=opened,
        until=opened + timedelta(hours=1),
        members=members,
        total=total or len(members),
        levels=tuple((level, count) for level, count in levels if count),
        rules=(("Prisoners of war", len(members)),),
        channels=((example().post.channel, 2), (COPYCAT, 1)),
    )


def text(one: Bundle) -> str:
    """The message without isolates."""
    return render(one, zone=ZONE).text.replace("\u2068", "").replace("\u2069", "")


def test_a_bundle_lists_its_members() -> None:
    assert text(bundle(Kind.BUNDLE, member(1), member(2))) == (
        "⚪ LOW · 2 alerts · bundled · #99\n"
        "Channels: @russvolcorps 2 · @copycat 1\n"
        "\n"
        "Prisoners of war · @russvolcorps Sun 11:06 · #1\n"
        "Вывели пленных из подвала.\n"
        "https://t.me/russvolcorps/1\n"
        "\n"
        "Prisoners of war · @russvolcorps Sun 11:07 · #2\n"
        "Вывели пленных из подвала.\n"
        "https://t.me/russvolcorps/2"
    )


def test_a_bundle_of_one_is_that_alert() -> None:
    assert render(bundle(Kind.BUNDLE, member(1)), zone=ZONE) == render(member(1), zone=ZONE)


def test_a_summary_says_how_many_of_what_and_shows_the_first() -> None:
    members = (member(1, Level.HIGH), *(member(number, Level.MEDIUM) for number in range(2, 41)))
    shown = text(bundle(Kind.SUMMARY, *members, total=9_941))
    assert shown.startswith(
        "🔴 HIGH · 9,941 alerts · more than are told one by one in an hour · #99\n"
        "1 high, 39 medium\n"
        "Channels: @russvolcorps 2 · @copycat 1\n"
        "\n"
        "🔴 Prisoners of war · @russvolcorps Sun 11:06 · #1\n"
    )
    assert shown.endswith("\n… and 9,926 more; `monitor alerts` lists all.")


def test_old_posts_and_changes_are_called_so() -> None:
    shown = text(bundle(Kind.BACKLOG, member(1), replace(member(2), kind=Kind.DELETION)))
    assert "⚪ LOW · 2 alerts · older posts, read only now · #99\n" in shown
    assert "\ndeletion: Prisoners of war · @russvolcorps" in shown


def test_what_is_told_to_try_it_out_is_marked() -> None:
    heads = [render(one, zone=ZONE, mark="replay").text.split("\n")[0] for one in (
        member(1), bundle(Kind.BUNDLE, member(1), member(2)), replace(member(1), id=None)
    )]  # fmt: skip
    assert heads == [
        "⚪ LOW · Prisoners of war · replay #1",
        "⚪ LOW · 2 alerts · bundled · replay #99",
        "⚪ LOW · Prisoners of war · replay",
    ]


def test_a_bundle_has_no_buttons() -> None:
    assert buttons(bundle(Kind.BUNDLE, member(1), member(2))) == ()
