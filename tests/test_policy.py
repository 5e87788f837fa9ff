"""Whether, when and how loudly an analyst is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from monitor.alerts.budget import Budget
from monitor.alerts.policy import Case, Policy
from monitor.alerts.quiet_hours import QuietHours
from monitor.alerts.silences import plain_words
from monitor.models import Due, EntityMention, Findings, Fold, Kind, Level, Match, Silence

NOON = datetime(2023, 6, 4, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
LOW, MEDIUM, HIGH = Level.LOW, Level.MEDIUM, Level.HIGH
DESK = Policy(low_every=10 * MINUTE, per_hour=8, oldest=6 * HOUR)


def case(*levels: Level, **more: Any) -> Case:
    """A post of now on which rules r0, r1 … of these levels fired, in the channel 7, @tester."""
    matches = tuple(Match(f"r{number}", "R", level, ()) for number, level in enumerate(levels))
    shebekino = EntityMention("shebekino", "place", "Shebekino", ())
    more.setdefault("published", NOON)
    return Case(Findings(matches, (shebekino,)), 7, "Tester", "Эвакуация в Шебекине: объявлена", **more)


def decided(
    policy: Policy, one: Case, now: datetime = NOON, *silences: Silence, budget: Budget | None = None
) -> Due | None:
    """What the policy decides, with all of the hour's alerts left."""
    return policy.decide(one, now, budget or Budget(policy.per_hour), silences)


def bundle(at: datetime) -> Fold:
    """The bundle of low alerts that is due at a time."""
    return Fold(Kind.BUNDLE, at, until=at, edit=at)


ALONE: dict[str, tuple[Policy, Case, Due | None]] = {
    "low": (Policy(), case(LOW), Due(LOW, False, NOON)),
    "the loudest of two": (Policy(), case(LOW, MEDIUM), Due(MEDIUM, False, NOON)),
    "high rings": (Policy(), case(HIGH, LOW), Due(HIGH, True, NOON)),
    "below the lowest": (Policy(MEDIUM), case(LOW), None),
    "at the lowest": (Policy(HIGH), case(HIGH), Due(HIGH, True, NOON)),
    "no rule": (Policy(), case(), None),
    "a story that was told": (Policy(), case(HIGH, copy=True, told=HIGH), None),
    "told less loudly": (Policy(), case(HIGH, copy=True, told=LOW), Due(HIGH, True, NOON)),
    "a copy of what was never told": (Policy(), case(HIGH, copy=True), Due(HIGH, True, NOON)),
    "a rule's own level": (Policy(rule_levels={"r0": HIGH}), case(LOW), Due(HIGH, True, NOON)),
    "a channel's own level": (
        Policy(rule_levels={"r0": HIGH}, channel_levels={"tester": LOW}),
        case(MEDIUM),
        Due(LOW, False, NOON),
    ),
    "old, where age does not count": (Policy(), case(HIGH, published=NOON - 90 * HOUR), Due(HIGH, True, NOON)),
}


@pytest.mark.parametrize("name", ALONE)
def test_told_by_itself_or_not(name: str) -> None:
    policy, one, expected = ALONE[name]
    assert decided(policy, one) == expected


@pytest.mark.parametrize(
    ("one", "fold"),
    [
        (case(LOW), bundle(NOON + 10 * MINUTE)),
        (case(MEDIUM), None),
        (case(MEDIUM, published=NOON - 6 * HOUR), None),
        (
            case(HIGH, published=NOON - 6 * HOUR - MINUTE),
            Fold(Kind.BACKLOG, NOON + 10 * MINUTE, until=NOON + HOUR, edit=NOON + 10 * MINUTE),
        ),
        (
            case(HIGH, backfill=True),
            Fold(Kind.BACKLOG, NOON + 10 * MINUTE, until=NOON + HOUR, edit=NOON + 10 * MINUTE),
        ),
    ],
)
def test_low_alerts_and_old_posts_are_folded_and_never_ring(one: Case, fold: Fold | None) -> None:
    due = decided(DESK, one)
    assert due is not None
    assert (due.fold, due.ring) == (fold, False)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (datetime(2023, 6, 4, 20, 55, tzinfo=UTC), datetime(2023, 6, 4, 21, 5, tzinfo=UTC)),
        (datetime(2023, 6, 4, 21, 0, tzinfo=UTC), datetime(2023, 6, 5, 5, 0, tzinfo=UTC)),
        (datetime(2023, 6, 5, 4, 55, tzinfo=UTC), datetime(2023, 6, 5, 5, 5, tzinfo=UTC)),
    ],
)
def test_in_quiet_hours_low_alerts_wait_and_high_ones_ring(now: datetime, until: datetime) -> None:
    night = replace(DESK, quiet=QuietHours.parse("23:00-07:00"), zone=ZoneInfo("Europe/Amsterdam"))
    assert decided(night, case(LOW, published=now), now) == Due(LOW, False, now, fold=bundle(until))
    assert decided(night, case(MEDIUM, published=now), now) == Due(MEDIUM, False, now)
    assert decided(night, case(HIGH, published=now), now) == Due(HIGH, True, now)


def test_what_goes_beyond_the_hour_s_cap_is_folded_and_a_quarter_is_kept_for_high_ones() -> None:
    budget = Budget(DESK.per_hour)
    dues = [decided(DESK, case(MEDIUM), NOON + number * MINUTE, budget=budget) for number in range(8)]
    dues += [decided(DESK, case(HIGH), NOON + number * MINUTE, budget=budget) for number in range(8, 12)]
    assert [due is not None and due.fold is None for due in dues] == [True] * 6 + [False] * 2 + [True] * 2 + [False] * 2
    assert [due.fold for due in dues[7:8] + dues[11:] if due] == [
        Fold(Kind.SUMMARY, NOON + 8 * MINUTE, until=NOON + 67 * MINUTE, edit=NOON + 17 * MINUTE),
        Fold(Kind.SUMMARY, NOON + 12 * MINUTE, until=NOON + 71 * MINUTE, edit=NOON + 21 * MINUTE, ring=True),
    ]
    assert decided(DESK, case(MEDIUM, published=NOON), NOON + 65 * MINUTE, budget=budget) == Due(
        MEDIUM, False, NOON + 65 * MINUTE
    )


def test_a_burst_tells_no_more_than_the_cap_in_any_hour() -> None:
    budget = Budget(20)
    policy = replace(DESK, per_hour=20)
    times = [NOON + timedelta(seconds=number) for number in range(3 * 3600)]
    told = [
        now for now in times if (due := decided(policy, case(HIGH, published=now), now, budget=budget)) and not due.fold
    ]
    assert len(told) == 60
    assert all(later - first >= HOUR for first, later in zip(told, told[20:], strict=False))


def silence(**of: Any) -> Silence:
    """A silence from eleven to one o'clock."""
    return Silence(NOON - HOUR, NOON + HOUR, **of)


SILENCES: dict[str, tuple[tuple[Silence, ...], Due | None]] = {
    "the rule": ((silence(rule="r0"),), Due(MEDIUM, False, NOON)),
    "another rule": ((silence(rule="r9"),), Due(HIGH, True, NOON)),
    "both rules": ((silence(rule="r0"), silence(rule="r1")), Due(HIGH, False, NOON, silenced=True)),
    "the entity": ((silence(entity="shebekino"),), Due(HIGH, False, NOON, silenced=True)),
    "another entity": ((silence(entity="belgorod"),), Due(HIGH, True, NOON)),
    "the channel": ((silence(channel=7),), Due(HIGH, False, NOON, silenced=True)),
    "another channel": ((silence(channel=8),), Due(HIGH, True, NOON)),
    "the text": ((silence(text="в шебекине объявлена"),), Due(HIGH, False, NOON, silenced=True)),
    "part of a word": ((silence(text="шебекин"),), Due(HIGH, True, NOON)),
    "the rule in this channel": ((silence(rule="r0", channel=7),), Due(MEDIUM, False, NOON)),
    "the rule in another channel": ((silence(rule="r0", channel=8),), Due(HIGH, True, NOON)),
    "one that is over": ((replace(silence(channel=7), until=NOON),), Due(HIGH, True, NOON)),
    "one that is to come": ((replace(silence(channel=7), made=NOON + MINUTE),), Due(HIGH, True, NOON)),
}


@pytest.mark.parametrize("name", SILENCES)
def test_silences(name: str) -> None:
    silences, expected = SILENCES[name]
    assert decided(Policy(), case(HIGH, MEDIUM), NOON, *silences) == expected


def test_a_muted_copy_leaves_no_trace() -> None:
    assert decided(Policy(), case(HIGH, copy=True), NOON, silence(channel=7)) is None


def test_words_for_silences() -> None:
    assert plain_words("Ёлки, — сказал «Он»") == " елки сказал он "


FOLLOWING: dict[str, tuple[Case, Kind, Level, Due | None]] = {
    "an edit never rings": (case(HIGH), Kind.EDIT, HIGH, Due(HIGH, False, NOON, Kind.EDIT)),
    "nor does a deletion": (case(HIGH), Kind.DELETION, HIGH, Due(HIGH, False, NOON, Kind.DELETION)),
    "a raise to high rings": (case(LOW, HIGH), Kind.RAISE, LOW, Due(HIGH, True, NOON, Kind.RAISE)),
    "a raise to medium does not": (case(LOW, MEDIUM), Kind.RAISE, LOW, Due(MEDIUM, False, NOON, Kind.RAISE)),
    "an edit has the level that was told": (case(LOW), Kind.EDIT, MEDIUM, Due(MEDIUM, False, NOON, Kind.EDIT)),
    "filling up the past tells nothing": (case(HIGH, backfill=True), Kind.EDIT, HIGH, None),
}


@pytest.mark.parametrize("name", FOLLOWING)
def test_follow_ups(name: str) -> None:
    one, kind, told, expected = FOLLOWING[name]
    assert DESK.follow_up(one, kind, told, NOON, Budget(8)) == expected


def test_follow_ups_keep_to_silences_and_to_the_cap() -> None:
    assert DESK.follow_up(case(HIGH), Kind.EDIT, HIGH, NOON, Budget(8), [silence(channel=7)]) is None
    full = Budget(8, [NOON] * 8)
    due = DESK.follow_up(case(HIGH), Kind.EDIT, HIGH, NOON, full)
    assert due is not None
    assert due.fold is not None
    assert (due.kind, due.fold.kind) == (Kind.EDIT, Kind.SUMMARY)


@pytest.mark.parametrize(("copies", "pause"), [(0, MINUTE), (7, MINUTE), (8, 10 * MINUTE)])
def test_edits_of_alerts_wait_for_further_copies(copies: int, pause: timedelta) -> None:
    assert DESK.edit_at(NOON, copies) == NOON + pause


def test_a_budget_remembers_what_was_told_before_and_forgets_after_an_hour() -> None:
    budget = Budget(2, [NOON - 59 * MINUTE, NOON - 30 * MINUTE])
    assert not budget.take(HIGH, NOON)
    assert budget.copy().take(HIGH, NOON + MINUTE)
    assert budget.take(HIGH, NOON + MINUTE)
    assert not budget.take(HIGH, NOON + 2 * MINUTE)
    assert Budget(0).take(LOW, NOON)


def test_a_clock_that_was_set_back_does_not_fold_what_is_told_after_it() -> None:
    day = timedelta(days=1)
    running = Budget(2)
    assert [running.take(HIGH, NOON + after) for after in (day, day + MINUTE, day + 2 * MINUTE)] == [True, True, False]
    started = Budget(2, [NOON - MINUTE, NOON + day])
    for budget, left in ((running, 2), (started, 1)):
        assert [budget.take(HIGH, NOON) for _ in range(left + 1)] == [True] * left + [False]
