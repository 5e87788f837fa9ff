"""Which channel is read next, by a clock of the tests."""

from __future__ import annotations

import pytest

from monitor.polling import HALF_LIFE, TYPICAL_RATE, Pace, Plan, after_read

DAY = 86400.0


def _plan(bound: float = 1e9, **channels: Pace) -> tuple[Plan, dict[int, str]]:
    plan, names = Plan(bound), dict(enumerate(channels))
    for key, pace in enumerate(channels.values()):
        plan.put(key, pace)
    return plan, names


def _pace(read_at: float, posts_a_day: float, **more: float) -> Pace:
    return Pace(read_at, posts=posts_a_day, seconds=DAY, **more)


NEXT: dict[str, tuple[dict[str, Pace], str]] = {
    "the one that publishes most": ({"slow": _pace(0, 5), "quick": _pace(0, 50)}, "quick"),
    "the one that waited longest": ({"just read": _pace(90, 5), "long ago": _pace(0, 5)}, "long ago"),
    "waiting counts twice as much as publishing": ({"quick": _pace(50, 30), "slow": _pace(0, 10)}, "slow"),
    "one that published a moment ago": (
        {"steady": _pace(0, 20), "in a bout": _pace(0, 5, burst=1 / 1800)},
        "in a bout",
    ),
    "a bout is over after hours": ({"steady": _pace(-1e4, 20), "long over": _pace(-1e4, 5, burst=1 / 1800)}, "steady"),
    "nothing is ever read before its time came": ({"in the future": _pace(500, 900), "now": _pace(99, 1)}, "now"),
}


@pytest.mark.parametrize(("channels", "expected"), NEXT.values(), ids=NEXT)
def test_the_next_channel_is(channels: dict[str, Pace], expected: str) -> None:
    plan, names = _plan(**channels)
    chosen = plan.next(100, gap=1)
    assert chosen is not None
    assert names[chosen] == expected


def test_a_weight_of_four_halves_the_time_between_reads() -> None:
    plan = Plan(bound=1e9)
    plan.put(0, _pace(0, 10), weight=4)
    for key in range(1, 30):
        plan.put(key, _pace(0, 10))
    reads = dict.fromkeys(range(30), 0)
    for now in range(1, 3100):
        chosen = plan.next(now, gap=1)
        assert chosen is not None
        reads[chosen] += 1
        plan.put(chosen, _pace(now, 10), weight=4 if chosen == 0 else 1)
    assert reads[0] == pytest.approx(200, rel=0.05)
    assert all(reads[key] == pytest.approx(100, rel=0.05) for key in range(1, 30))


def test_an_empty_plan_has_nothing_to_read() -> None:
    assert Plan(60).next(0, gap=1) is None
    assert Plan(60).batch(0, 100) == []


@pytest.mark.parametrize("bound", [120.0, 300.0])
def test_no_channel_waits_longer_than_the_bound(bound: float) -> None:
    plan = Plan(bound)
    for key in range(60):
        plan.put(key, _pace(-key, 1000 if key < 5 else 0.01))
    last = {key: -float(key) for key in range(60)}
    longest, reads = 0.0, dict.fromkeys(range(60), 0)
    for now in range(2000):
        chosen = plan.next(now, gap=1)
        assert chosen is not None
        longest = max(longest, now - last[chosen])
        last[chosen] = now
        reads[chosen] += 1
        plan.put(chosen, _pace(now, 1000 if chosen < 5 else 0.01))
    assert longest <= bound
    assert min(reads[key] for key in range(5)) > 2 * max(reads[key] for key in range(5, 60))


def test_a_bound_that_the_budget_cannot_keep_gives_way_a_little_over_one_round() -> None:
    plan = Plan(bound=10)
    for key in range(100):
        plan.put(key, _pace(0, 10))
    assert plan.reach(gap=2) == 250
    assert plan.reach(gap=0.01) == 10


def test_hints_go_first_and_once() -> None:
    plan, _ = _plan(slow=_pace(0, 1), quick=_pace(0, 1000), other=_pace(0, 1))
    plan.hint(2)
    plan.hint(0)
    plan.hint(2)
    plan.hint(77)  # no channel of ours
    order = []
    for now in (10, 11, 12):
        chosen = plan.next(now, gap=1)
        assert chosen is not None
        order.append(chosen)
        plan.read(chosen, now)
    assert (order, plan.due) == ([2, 0, 1], 0)


def test_a_hint_does_not_break_the_bound_of_others() -> None:
    plan, names = _plan(bound=100, waiting=_pace(0, 0.001), hinted=_pace(90, 1))
    plan.hint(1)
    chosen = plan.next(99.5, gap=1)
    assert chosen is not None
    assert names[chosen] == "waiting"


def test_a_head_check_takes_the_most_urgent_and_a_fifth_by_waiting() -> None:
    plan = Plan(1e9)
    for key in range(20):
        plan.put(key, _pace(float(key), 1 if key < 10 else 1000))
    plan.hint(19)
    assert plan.batch(100, 5) == [0, 10, 11, 12, 13]


def test_a_channel_that_is_dropped_is_forgotten() -> None:
    plan, _ = _plan(one=_pace(0, 1))
    plan.hint(0)
    plan.drop(0)
    plan.drop(0)
    assert (plan.next(5, gap=1), plan.next_due(), len(plan), 0 in plan) == (None, None, 0, False)


def test_the_estimate_follows_what_is_read() -> None:
    pace = Pace(read_at=0)
    assert pace.rate(0) == pytest.approx(TYPICAL_RATE)
    for hour in range(1, 24 * 20):
        pace = after_read(pace, hour * 3600.0, ages=(600.0, 1200.0))
    assert pace.posts / pace.seconds == pytest.approx(2 / 3600, rel=0.02)
    for day in range(20, 60):
        pace = after_read(pace, day * DAY, ages=())
    assert pace.rate(60 * DAY) == pytest.approx(0.5 / (0.5 / TYPICAL_RATE + HALF_LIFE / 0.6931), rel=0.15)
    assert pace.burst == 0


def test_a_clock_that_steps_back_takes_nothing_from_what_is_known() -> None:
    known = after_read(Pace(read_at=1000, posts=40, seconds=DAY), 400, ages=(-5.0,))
    assert known.read_at == 400
    assert known.seconds == DAY
    assert known.posts == 41
    assert 0 < known.burst < 0.001
