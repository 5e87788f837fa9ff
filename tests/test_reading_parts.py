"""The pure parts of reading live: lists of channels, the budget, gaps, and when a post is read again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from monitor.models import Level
from monitor.reading.budget import Budget, Hold, back_off
from monitor.reading.channel_list import ChannelList, Wanted, joined, parse_file, parse_name, parse_names
from monitor.reading.choice import SHARES, Choice
from monitor.reading.desk import Job
from monitor.reading.pages import left_out
from monitor.reading.rechecks import choose, due_at
from monitor.reading.roster import effective
from monitor.sources.live import Action
from monitor.store.gaps import Gap
from monitor.store.rechecks import Watched
from monitor.store.wishes import Wish

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

NAMES: dict[str, tuple[str, str | None, int | None]] = {
    "bare": ("vvgladkov", "vvgladkov", None),
    "with @": ("@vvgladkov", "vvgladkov", None),
    "address": ("t.me/vvgladkov", "vvgladkov", None),
    "full address of a post": ("https://t.me/vvgladkov/1234?single", "vvgladkov", None),
    "preview page": ("https://t.me/s/vvgladkov", "vvgladkov", None),
    "older host": ("http://telegram.me/vvgladkov", "vvgladkov", None),
    "id": ("1700000001", None, 1700000001),
    "id as bots write it": ("-1001700000001", None, 1700000001),
    "address by id": ("https://t.me/c/1700000001/12", None, 1700000001),
}


@pytest.mark.parametrize(("given", "name", "number"), NAMES.values(), ids=NAMES)
def test_a_channel_is_named_in_many_ways(given: str, name: str | None, number: int | None) -> None:
    assert parse_name(f" {given} ") == Wanted(given, "", name=name, id=number)


REFUSED = {
    "invitation": ("https://t.me/+AbCdEf123", "is a private invitation"),
    "old invitation": ("t.me/joinchat/AbCdEf123", "is a private invitation"),
    "too short": ("@abc", "is no channel"),
    "cyrillic": ("новости", "is no channel"),
    "other site": ("https://example.org/news", "is no channel"),
    "nothing": ("@", "is no channel"),
}


@pytest.mark.parametrize(("given", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_public_channel_is_one_sentence(given: str, sentence: str) -> None:
    refused = parse_name(given, "channels.txt:3")
    assert isinstance(refused, str)
    assert refused.startswith(f"channels.txt:3: “{given}” {sentence}")


def test_a_file_of_channels() -> None:
    text = """
# the governors
@vvgladkov weight=2 level=high lang=ru   # Belgorod
t.me/synegubov

vvgladkov
1700000001 weight=0.5
alice weight=many
robert level=loud
carol lang=Russian
dave colour=red
"""
    assert parse_file(text, "channels.txt") == ChannelList(
        (
            Wanted("@vvgladkov", "channels.txt:3", "vvgladkov", weight=2.0, level=Level.HIGH, language="ru"),
            Wanted("t.me/synegubov", "channels.txt:4", "synegubov"),
            Wanted("1700000001", "channels.txt:7", id=1700000001, weight=0.5),
        ),
        (
            "channels.txt:6: “vvgladkov” stands in the list already (channels.txt:3); that place counts",
            "channels.txt:8: weight=many is no weight; write a number from 0.1 to 100, 1 is usual",
            "channels.txt:9: level=loud is no level; write low, medium or high",
            "channels.txt:10: lang=Russian is no language; write its code, as in ru, uk, be, nl, en, de, fr or pl",
            "channels.txt:11: “colour=red” is no option of a channel; there are weight=, level= and lang=",
        ),
    )


def test_two_lists_are_one() -> None:
    both = joined([parse_names("@Alice, bobby"), parse_file("ALICE weight=3\ncarol\n", "f")])
    assert [one.key for one in both.channels] == ["alice", "bobby", "carol"]
    assert both.faults == ("f:1: “ALICE” stands in the list already (CHANNELS, 1.); that place counts",)


def _wish(given: str, watched: bool | None) -> Wish:
    return Wish(given.lower(), given, watched, None, None, None, NOON, "analyst")


def test_what_was_asked_for_goes_before_the_list() -> None:
    listed = parse_names("alice, bobby, carol").channels
    asked = [_wish("bobby", False), _wish("carol", True), _wish("dave1", True), _wish("alice", None)]
    assert [(one.key, one.place) for one in effective(listed, asked)] == [
        ("alice", "CHANNELS, 1."),
        ("carol", "CHANNELS, 3."),
        ("dave1", "added by command"),
    ]


LEFT_OUT: dict[str, tuple[int, int, list[int], list[tuple[int, int]]]] = {
    "nothing": (10, 13, [11, 12, 13], []),
    "one": (10, 13, [11, 13], [(12, 12)]),
    "at both ends": (10, 16, [12, 13], [(11, 11), (14, 16)]),
    "everything": (10, 12, [], [(11, 12)]),
    "an empty page": (10, 10, [], []),
    "what is outside does not count": (10, 12, [9, 10, 11, 12, 13, 99], []),
    "twice and in any order": (10, 13, [13, 11, 11], [(12, 12)]),
}


@pytest.mark.parametrize(("after", "up_to", "served", "expected"), LEFT_OUT.values(), ids=LEFT_OUT)
def test_ids_that_were_left_out(after: int, up_to: int, served: list[int], expected: list[tuple[int, int]]) -> None:
    assert left_out(5, after, up_to, served) == [Gap(5, first, last) for first, last in expected]


def _post(number: int, age: timedelta, checked: timedelta, ids: int = 1) -> Watched:
    """A post that was published `age` before noon and last read `checked` before noon."""
    return Watched(1, number, tuple(range(number, number + ids)), NOON - age, NOON - checked)


HOURS = timedelta(hours=1)
WINDOW = 48 * HOURS
DUE: dict[str, tuple[timedelta, timedelta | None]] = {
    "just read": (timedelta(0), timedelta(minutes=10)),
    "at ten minutes": (timedelta(minutes=10), timedelta(minutes=20)),
    "at three hours": (3 * HOURS, 6 * HOURS),
    "at thirty hours once more at the end": (30 * HOURS, WINDOW),
    "just before the end": (WINDOW - timedelta(seconds=1), WINDOW),
    "after the end no more": (WINDOW, None),
}


@pytest.mark.parametrize(("checked_at_age", "due_at_age"), DUE.values(), ids=DUE)
def test_a_post_is_read_again_at_twice_its_age(checked_at_age: timedelta, due_at_age: timedelta | None) -> None:
    post = Watched(1, 1, (1,), NOON, NOON + checked_at_age)
    assert due_at(post, WINDOW) == (None if due_at_age is None else NOON + due_at_age)


def test_one_request_takes_what_is_due_first_and_whole_albums() -> None:
    late, album, young, done = (
        _post(10, 4 * HOURS, 3 * HOURS),
        _post(20, 5 * HOURS, 3 * HOURS, ids=9),
        _post(30, timedelta(minutes=5), timedelta(0)),
        _post(40, 60 * HOURS, timedelta(0)),
    )
    assert choose([young, album, done, late], WINDOW, 10) == [late, album]
    assert choose([young, album, late], WINDOW, 11) == [late, album, young]
    assert choose([young, album, late], WINDOW, 2) == [late, young]
    assert choose([album], WINDOW, 2) == [album]


def test_the_budget_holds_in_every_minute_and_keeps_a_part_for_hints() -> None:
    budget = Budget(10)
    now, times = 0.0, []
    for turn in range(400):
        if turn == 100:
            budget.hinted(now)
        urgent = turn > 100 and turn % 7 == 0
        hold = budget.hold(now, "history", urgent=urgent)
        while hold is not None:
            now += hold.seconds
            hold = budget.hold(now, "history", urgent=urgent)
        budget.sent(now, "history", chance=(turn * 37 % 100) / 100)
        times.append(now)
    assert max(sum(start <= at < start + 60 for at in times) for start in times) == 10
    assert len(times) / (times[-1] / 60) > 8


def test_a_budget_recalls_what_was_sent_before() -> None:
    budget = Budget(3, {"resolve": 2})
    budget.recall([(-86_000.0, "resolve"), (-50.0, "resolve"), (-40.0, "history"), (-30.0, "history")])
    assert budget.hold(0, "history") == Hold(11.0, "minute")
    assert budget.hold(100, "history") is None
    assert budget.hold(100, "resolve") == Hold(300.0, "day")


def test_of_two_waits_the_later_end_counts_and_each_concerns_its_own_kind() -> None:
    budget = Budget(60)
    budget.flood(0, 100, "resolve")
    budget.flood(0, 50, "resolve")
    assert budget.hold(10, "resolve") == Hold(90.0, "flood")
    assert budget.hold(10, "history") is None
    budget.flood(10, 20, None)
    assert budget.hold(10, "history") == Hold(20.0, "flood")
    assert budget.floods(15) == [("resolve", 85.0), (None, 15.0)]


def test_back_off_doubles_up_to_its_most_and_leaves_half_to_chance() -> None:
    assert [back_off(n, 1.0, first=1, most=10) for n in (1, 2, 3, 4, 5, 500)] == [1, 2, 4, 8, 10, 10]
    assert back_off(3, 0.0, first=1, most=10) == 2


async def _send(name: str) -> None:
    """A request that is only counted here."""


# What has something to do all the time, and how many percent of the requests each gets.
TURNS: dict[str, tuple[str, dict[str, int]]] = {
    "polling alone": ("poll", {"poll": 100}),
    "each its part, polling the rest": ("poll recheck gaps look", {"poll": 75, "recheck": 15, "gaps": 5, "look": 5}),
    "a part that is not used is polling's": ("poll media", {"poll": 85, "media": 15}),
    "nothing to poll": ("recheck", {"recheck": 100}),
    "hints leave one in ten to others": ("hint poll", {"hint": 90, "poll": 10}),
    "hints go before what was asked for": ("hint join poll", {"hint": 90, "join": 10}),
    "what was asked for goes before polling": ("join poll recheck", {"join": 100}),
    "hints alone": ("hint", {"hint": 100}),
    "what the far side forbids takes nothing from others": ("flooded poll gaps", {"poll": 95, "gaps": 5}),
    "nothing": ("", {}),
}


@pytest.mark.parametrize(("busy", "expected"), TURNS.values(), ids=TURNS)
def test_who_gets_how_much_of_the_budget(busy: str, expected: dict[str, int]) -> None:
    jobs = {
        name: Job(Action.RESOLVE if name == "flooded" else Action.HISTORY, partial(_send, name), urgent=name == "hint")
        for name in busy.split()
    }

    def offer(name: str) -> Callable[[], Job | None]:
        return lambda: jobs.get(name)

    choice = Choice(
        lambda job: job.action is not Action.RESOLVE,
        urgent=[offer("hint")],
        asked=[offer("join")],
        shared={name: offer("flooded" if name == "resolve" else name) for name in SHARES},
        polling=offer("poll"),
    )
    taken: Counter[str] = Counter()
    for _ in range(1000):
        job = choice.job()
        if job is not None:
            choice.count(job)
            taken[next(name for name, one in jobs.items() if one.run is job.run)] += 1
    assert {name: round(count / 10) for name, count in taken.items()} == expected
