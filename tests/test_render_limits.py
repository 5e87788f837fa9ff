"""Whatever posts hold, messages keep within Telegram's limits, and styles stand where they should."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.alerts.message import ChatEntity, Rendered, Style, chat_entities, clip, listed, units
from monitor.alerts.render import render
from monitor.models import (
    Alert,
    AnyAlert,
    Appearance,
    Bundle,
    Channel,
    EntityMention,
    Findings,
    FollowUp,
    Forward,
    Kind,
    Level,
    Match,
    Media,
    Mention,
    Post,
)

ZONE = ZoneInfo("Europe/Kyiv")
NOON = datetime(2023, 6, 4, 12, tzinfo=UTC)
_ANY = st.characters() | st.sampled_from(
    "пленных \n\n.!…👩‍👩‍👧🏳️‍🌈\u0301\u202e\u2066\u2067\u2068\u2069\u200f\u061c\u2028\u0000\r\t"
)
TEXTS = st.text(_ANY, max_size=400)
LONG = st.builds(lambda text, times: text * times, st.text(_ANY, min_size=1, max_size=60), st.integers(1, 120))


@st.composite
def findings(draw: st.DrawFn, text: str) -> Findings:
    """Rules and entities with mentions anywhere in a text."""
    places = st.integers(0, max(0, len(text) - 1))
    titles = st.text(_ANY, max_size=100)

    def mentions(count: int) -> tuple[Mention, ...]:
        starts = draw(st.lists(places, max_size=count))
        ends = [min(len(text), start + draw(st.integers(1, 30))) for start in starts]
        return tuple(Mention(start, end, "f", "l", "v") for start, end in zip(starts, ends, strict=True) if start < end)

    matches = tuple(
        Match(f"rule-{number}", draw(titles), Level.HIGH, mentions(40)) for number in range(draw(st.integers(0, 12)))
    )
    entities = tuple(
        EntityMention(f"e{number}", "place", draw(titles), mentions(5)) for number in range(draw(st.integers(0, 12)))
    )
    return Findings(matches, entities)


@st.composite
def alerts(draw: st.DrawFn) -> Alert:
    """An alert of any post."""
    text = draw(TEXTS | LONG)
    name = st.none() | st.text(_ANY, max_size=120)
    channel = Channel(draw(st.none() | st.integers(1, 10**10)), draw(name), draw(name))
    media = st.builds(Media, st.sampled_from(["photo", "voice", "poll", "video"]) | st.text(_ANY, max_size=90))
    date = NOON + timedelta(minutes=draw(st.integers(0, 9999)))
    post = Post(
        channel=channel,
        id=1,
        date=date,
        body=text,
        raw=b"",
        edited=date + timedelta(minutes=draw(st.integers(-5, 999))),
        media=tuple(draw(st.lists(media, max_size=12))),
        forward=draw(st.none() | st.builds(Forward, name)),
        ids=(1, 2) if draw(st.booleans()) else (1,),
        url=draw(st.none() | st.text(_ANY, max_size=900)),
    )
    copies = st.builds(Appearance, st.builds(Channel, st.none(), name, name), st.just(5), st.just(date), st.none())
    return Alert(
        id=7,
        post=post,
        revision=draw(st.integers(1, 3)),
        language=draw(st.sampled_from([None, "ru"])),
        findings=draw(findings(text)),
        level=draw(st.sampled_from(Level)),
        also_in=tuple(draw(st.lists(copies, max_size=12))),
        of_story=draw(st.none() | st.integers(1, 9)),
        news=tuple(draw(st.lists(st.text(_ANY, max_size=100), max_size=12))),
    )


@st.composite
def replies(draw: st.DrawFn) -> FollowUp:
    """A reply to any alert."""
    alert = draw(alerts())
    text = draw(TEXTS | LONG | st.just(alert.post.body))
    after = replace(alert.post, body=text)
    kind = draw(st.sampled_from([Kind.EDIT, Kind.RAISE, Kind.DELETION]))
    found = draw(findings(text))
    return FollowUp(8, kind, alert, alert.post, after, 2, alert.findings, found, Level.HIGH, NOON + timedelta(days=9))


@st.composite
def bundles(draw: st.DrawFn) -> Bundle:
    """A bundle of any alerts."""
    members = tuple(draw(st.lists(alerts(), min_size=1, max_size=4)))
    kind = draw(st.sampled_from([Kind.BUNDLE, Kind.SUMMARY, Kind.BACKLOG]))
    total = len(members) + draw(st.integers(0, 20_000))
    counts = tuple((member.post.channel, 5) for member in members) * 9
    rules = tuple((match.title, 3) for member in members for match in member.findings.matches)
    return Bundle(9, kind, Level.LOW, NOON, NOON, members * 6, total, ((Level.LOW, total),), rules, counts)


def check(rendered: Rendered) -> None:
    """What holds of every message."""
    text = rendered.text
    assert units(text) == len(text.encode("utf-16-le")) // 2 <= 4096
    assert text == text.strip()
    assert text
    assert not any(ord(char) < 32 and char != "\n" for char in text)
    assert not set(text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067")
    for line in text.split("\n"):
        assert line.count("\u2068") == line.count("\u2069")
    entities = chat_entities(rendered)
    assert len(entities) <= 100
    encoded = text.encode("utf-16-le")
    shown = [encoded[2 * one.offset : 2 * (one.offset + one.length)].decode("utf-16-le") for one in entities]
    styled = {text[style.start : style.end].strip() for style in rendered.styles}
    assert all(piece and piece == piece.strip() and piece in styled for piece in shown)


@settings(max_examples=120, derandomize=True, deadline=None)
@given(alerts() | replies())
def test_any_alert_and_any_reply(alert: AnyAlert) -> None:
    check(render(alert, zone=ZONE))


@settings(max_examples=25, derandomize=True, deadline=None)
@given(bundles())
def test_any_bundle(bundle: Bundle) -> None:
    check(render(bundle, zone=ZONE))


@settings(max_examples=100, derandomize=True, deadline=None)
@given(TEXTS, st.text(st.characters(codec="utf-8", categories=["L"]), min_size=1, max_size=12), LONG)
def test_the_first_mention_is_shown_and_bold(before: str, form: str, after: str) -> None:
    text = before + form + after
    mention = Mention(len(before), len(before) + len(form), form, form, "")
    found = Findings((Match("prisoners", "Prisoners", Level.HIGH, (mention,)),), ())
    post = Post(Channel(1, "abcde"), 1, NOON, text, b"", ids=(1,))
    rendered = render(Alert(7, post, 1, None, found, Level.HIGH), zone=ZONE)
    encoded = rendered.text.encode("utf-16-le")
    bold = [
        encoded[2 * one.offset : 2 * (one.offset + one.length)].decode("utf-16-le")
        for one in chat_entities(rendered)
        if one.kind == "bold"
    ]
    assert form in bold


def test_the_passage_leaves_room_for_what_comes_after_it() -> None:
    found = Findings((Match("prisoners", "Prisoners", Level.HIGH, (Mention(0, 2, "x", "x", ""),)),), ())
    names = tuple(EntityMention(f"e{number}", "place", "👩" * 80, ()) for number in range(9))
    post = Post(Channel(1, "abcde"), 1, NOON, "👩" * 4000, b"", ids=(1,), url="https://t.me/abcde/1")
    copies = tuple(Appearance(Channel(2, None, "👩" * 80), 5, NOON, None) for _ in range(9))
    alert = Alert(7, post, 1, None, replace(found, entities=names), Level.HIGH, copies)
    text = render(alert, zone=ZONE, passage_limit=4000).text
    assert text.endswith("\nhttps://t.me/abcde/1\nWhy: prisoners (👩👩)")
    assert 4000 < units(text) <= 4096


HOSTILE = Rendered(
    "👩 a  b", (Style(0, 1, "mention"), Style(2, 5, "mention"), Style(4, 4, "new"), Style(3, 5, "dim")), None
)


def test_entities_count_utf16_units_and_leave_blanks_out() -> None:
    assert chat_entities(HOSTILE) == (ChatEntity(0, 2, "bold"), ChatEntity(3, 1, "bold"))


def test_entities_are_a_hundred_at_most_the_first_ones() -> None:
    styles = tuple(Style(2 * number, 2 * number + 1, "mention") for number in range(150))
    entities = chat_entities(Rendered("x " * 150, styles, None))
    assert [entity.offset for entity in entities] == list(range(0, 200, 2))


@pytest.mark.parametrize(
    ("text", "most", "expected"),
    [
        ("abcdef", 6, "abcdef"),
        ("abcdef", 5, "abcd…"),
        ("👩👩👩", 5, "👩👩…"),
        ("👩👩👩", 4, "👩…"),
        ("ab cd", 4, "ab…"),
        ("abc", 0, ""),
    ],
)
def test_clip_counts_utf16_units(text: str, most: int, expected: str) -> None:
    assert clip(text, most) == expected


@pytest.mark.parametrize(
    ("parts", "total", "expected"),
    [
        (["a", "b"], None, "a · b"),
        (["a" * 30, "b" * 30], None, "a" * 19 + "… and 1 more"),
        (["a", "b"], 9, "a · b and 7 more"),
        ([], None, ""),
    ],
)
def test_lists_say_what_they_leave_out(parts: list[str], total: int | None, expected: str) -> None:
    assert listed(parts, 40, total=total) == expected
