"""The replies to an alert."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.alerts.render import render
from monitor.models import Findings, FollowUp, Kind, Level, Match
from tests.alerts_example import TEXT, example, mention

ZONE = ZoneInfo("Europe/Amsterdam")
SHELLING = Match("shelling", "Shelling", Level.LOW, ())


def reply(
    kind: Kind, after: str = TEXT, *matches: Match, level: Level = Level.HIGH, told: Level = Level.HIGH
) -> FollowUp:
    """A reply to the example's alert, 85 minutes after its post; `matches` are those of the edited text."""
    alert = replace(example(), level=told)
    post = replace(alert.post, body=after, edited=alert.post.date + timedelta(minutes=85))
    if kind is Kind.DELETION:
        post = alert.post
    noticed = datetime(2023, 6, 4, 12, 25, tzinfo=UTC)
    findings = Findings(matches, alert.findings.entities if "Капустин" in after else ())
    return FollowUp(9, kind, alert, alert.post, post, 2, alert.findings, findings, level, noticed)


def marked(one: FollowUp) -> str:
    """The message, with ⟦ ⟧ around what went or came and without isolates."""
    rendered = render(one, zone=ZONE)
    text = rendered.text
    for style in reversed(rendered.styles):
        if style.kind in ("gone", "new"):
            text = text[: style.start] + "⟦" + text[style.start : style.end] + "⟧" + text[style.end :]
    return text.replace("\u2068", "").replace("\u2069", "")


CAPTIVES = Match("prisoners", "Prisoners of war", Level.HIGH, (mention(TEXT, "пленных", rule="prisoners"),))
TAIL = "https://t.me/russvolcorps/412"
HEAD = "РДК (@russvolcorps) · edited (revision 2) · Sun 4 Jun 2023 12:30 CEST (10:30 UTC) · after 85 min\n"
MESSAGES: dict[str, tuple[FollowUp, str]] = {
    "a number": (
        reply(Kind.EDIT, TEXT.replace("двух", "трёх"), CAPTIVES),
        "✏️ EDITED · Prisoners of war · #9 to #7\n"
        + HEAD
        + "− Капустин предложил обменять ⟦двух⟧ пленных в Новой Таволжанке до 17:00.\n"
        "+ Капустин предложил обменять ⟦трёх⟧ пленных в Новой Таволжанке до 17:00.\n" + TAIL,
    ),
    "something came": (
        reply(Kind.EDIT, TEXT + " Срок продлён до 18:00.", CAPTIVES),
        "✏️ EDITED · Prisoners of war · #9 to #7\n"
        + HEAD
        + "− Капустин предложил обменять двух пленных в Новой Таволжанке до 17:00.\n"
        "+ Капустин предложил обменять двух пленных в Новой Таволжанке до 17:00. ⟦Срок продлён до 18:00⟧.\n" + TAIL,
    ),
    "what was found is gone": (
        reply(Kind.EDIT, "Пост удалён."),
        "✏️ EDITED · Prisoners of war · #9 to #7\n"
        + HEAD
        + "− ⟦Капустин предложил обменять двух пленных в Новой Таволжанке до 17:00⟧.\n"
        "+ ⟦Пост удалён⟧.\nNo longer found: Prisoners of war · Denis Kapustin\n" + TAIL,
    ),
    "nothing but marks": (
        reply(Kind.EDIT, TEXT + "‼️", CAPTIVES),
        "✏️ EDITED · Prisoners of war · #9 to #7\n"
        + HEAD
        + "The words are the same; pictures, marks or attachments changed.\n"
        + TAIL,
    ),
    "another rule, louder": (
        reply(Kind.RAISE, TEXT, CAPTIVES, SHELLING, told=Level.LOW),
        "⬆️ RAISED to 🔴 HIGH · now also Shelling · #9 to #7\n"
        + HEAD
        + "The words are the same; pictures, marks or attachments changed.\n"
        + TAIL
        + "\nWhy: shelling ()",
    ),
    "another rule, as loud": (
        reply(
            Kind.RAISE,
            TEXT + " Обстрел.",
            CAPTIVES,
            replace(SHELLING, mentions=(mention(TEXT + " Обстрел.", "Обстрел"),)),
        ),
        "➕ 🔴 HIGH · now also Shelling · #9 to #7\n"
        + HEAD
        + "− Капустин предложил обменять двух пленных в Новой Таволжанке до 17:00.\n"
        "+ Капустин предложил обменять двух пленных в Новой Таволжанке до 17:00. ⟦Обстрел⟧.\n"
        + TAIL
        + "\nWhy: shelling (Обстрел)",
    ),
    "gone": (
        reply(Kind.DELETION),
        "🗑 DELETED · Prisoners of war · #9 to #7\n"
        "РДК (@russvolcorps) · noticed Sun 4 Jun 2023 14:25 CEST (12:25 UTC) · stood for at most 3 h 20\n"
        "Капустин предложил обменять двух пленных в Новой Таволжанке до 17:00.\n"
        + TAIL
        + "\nThe text and its hashes are kept.",
    ),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_whole_replies(name: str) -> None:
    one, expected = MESSAGES[name]
    assert marked(one) == expected


def test_a_long_text_is_shown_around_the_change() -> None:
    before, after = (f"{'Тихо с утра. ' * 80}Взяли {number} человек. {'Ждём новостей. ' * 80}" for number in (15, 17))
    one = reply(Kind.EDIT, after, CAPTIVES)
    shown = marked(replace(one, before=replace(one.before, body=before)))
    assert "− … Взяли ⟦15⟧ человек. Ждём" in shown
    assert "+ … Взяли ⟦17⟧ человек. Ждём" in shown
    assert len(shown) < 1500
