"""Whatever posts, rules and people say, the desk's answers keep within Telegram's limits and never fail."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.alerts.message import Lines
from monitor.alerts.phrases import channel_name
from monitor.desk import wording
from monitor.desk.arguments import WrongForm, command, last_wish, mute_wish, number
from monitor.desk.pages import Listing, page
from monitor.health import Coverage, Report
from monitor.models import AnyAlert, Channel, Silence
from monitor.store.audit import Verdict
from monitor.store.limits import Flood
from monitor.store.records import Found
from tests.test_render_limits import LONG, NOON, TEXTS, ZONE, alerts, bundles, check, replies

NAMES = st.text(max_size=80) | st.sampled_from(["\u202egnp.exe", "🏳️‍🌈" * 40, "<b>&amp;", "\u2067\u2067\u2067", "a\nb"])


def every_page(listing: Listing) -> None:
    """Check all pages of a listing, and that each of its items stands on one of them."""
    first = page(listing, 0)
    for turn in range(first.of):
        shown = page(listing, turn)
        assert (shown.number, shown.of) == (turn, first.of)
        check(shown.rendered)
    assert page(listing, first.of + 7).number == first.of - 1


@settings(max_examples=60, deadline=None)
@given(st.lists(alerts() | replies() | bundles(), min_size=1, max_size=4), st.lists(NAMES, max_size=9), TEXTS)
def test_last(found: list[AnyAlert], people: list[str], of: str) -> None:
    verdict = Verdict(tuple(people), tuple(reversed(people)))
    items = [wording.alert_item(one, verdict, ZONE) for one in found]
    every_page(Listing(f"Alerts of {of}", items * 30))


@settings(max_examples=60, deadline=None)
@given(alerts(), st.lists(st.tuples(st.integers(0, 400), st.integers(1, 30)), max_size=150), LONG)
def test_search(alert: Any, places: list[tuple[int, int]], words: str) -> None:
    size = len(wording.fold(alert.post.text).text)
    spans = tuple((a, min(size, a + length)) for a, length in places if a < size)
    found = Found(alert.post, 2, False, "ru", spans)
    every_page(Listing(f"200 posts with: {words}", [wording.found_item(found, ZONE)] * 12))


@settings(max_examples=60, deadline=None)
@given(alerts() | replies(), LONG)
def test_why(alert: Any, explained: str) -> None:
    every_page(Listing("Why", [wording.why_lines(alert, explained)]))


@settings(max_examples=60, deadline=None)
@given(NAMES, TEXTS | LONG, st.none() | NAMES)
def test_silences_and_channels(by: str, text: str, channel: str | None) -> None:
    silence = Silence(NOON, NOON + timedelta(hours=1), text or "rule", by, 3, text, by, 7)
    shown = channel_name(Channel(5, channel, text)) if channel else None
    coverage = Coverage(text, Channel(5, channel, text) if channel else None, 9, answer=text)
    every_page(Listing("All", [wording.silence_item(silence, shown, ZONE), wording.coverage_item(coverage, ZONE)] * 20))


@settings(max_examples=60, deadline=None)
@given(st.lists(TEXTS | LONG, max_size=30), st.lists(st.sampled_from(["", "history", "resolve"]), max_size=3))
def test_status_with_floods(sentences: list[str], actions: list[str]) -> None:
    floods = tuple(Flood("1", action, NOON, NOON + timedelta(hours=2)) for action in actions)
    report = Report(NOON, 1, None, (), floods, 5, {}, (), 0, tuple(sentences))
    listing = Listing("Status", wording.status_lines(report, 3, NOON, ZONE))
    every_page(listing)
    shown = page(listing, 0).rendered.text
    assert shown.count("Telegram asks to wait with") == len(floods)
    assert ("until Sun 4 Jun 2023 17:00 EEST (14:00 UTC)" in shown) is bool(floods)


@settings(deadline=None)
@given(st.lists(st.integers(1, 2500), max_size=40))
def test_pages_hold_every_item_once_and_in_order(sizes: list[int]) -> None:
    items = []
    for at, size in enumerate(sizes):
        item = Lines()
        item.line(f"<{at}>" + "x" * size)
        items.append(item)
    listing = Listing("Head", items)
    first = page(listing, 0)
    text = "\n".join(page(listing, turn).rendered.text for turn in range(first.of))
    assert [at for at in range(len(sizes)) if f"<{at}>" in text] == list(range(len(sizes)))
    assert text.count("<") == len(sizes)


@settings(max_examples=400, deadline=None)
@given(st.text() | st.text("/mutelas @#0123456789hdm\u0663 \n", max_size=60).map("/".__add__) | LONG)
def test_commands_of_any_text_are_read_or_answered_with_the_form(text: str) -> None:
    asked = command(text)
    rest = text if asked is None else asked.rest
    for read in (mute_wish, last_wish, lambda one: number(one, "/why NUMBER")):
        with suppress(WrongForm):
            read(rest)
