"""What an edit changed."""

from __future__ import annotations

import pytest

from monitor.alerts.edits import Piece, change
from monitor.models import EntityMention, Findings, Level, Match, Mention

BEFORE = "Из Шебекина вывезли двоих пленных, сообщил сегодня утром глава округа на встрече."


def found(text: str, *forms: str) -> Findings:
    """A rule `prisoners` whose mentions are these forms, and the entity Shebekino where the text names it."""
    mentions = tuple(
        Mention(text.index(form), text.index(form) + len(form), form, form, "", rule="prisoners") for form in forms
    )
    matches = (Match("prisoners", "Prisoners", Level.HIGH, mentions),) if mentions else ()
    place = "Шебекина"
    at = text.find(place)
    entities = (
        (EntityMention("shebekino", "place", "Shebekino", (Mention(at, at + len(place), place, place, ""),)),)
        if at >= 0
        else ()
    )
    return Findings(matches, entities)


CHANGES: dict[str, tuple[str, tuple[bool, bool, bool]]] = {
    "nothing": (BEFORE, (False, False, False)),
    "capitals and marks": (BEFORE.upper().replace(",", " —") + "‼️", (False, False, False)),
    "another word": (BEFORE.replace("утром", "днём"), (False, False, False)),
    "a number in words": (BEFORE.replace("двоих", "троих"), (True, True, False)),
    "the same number in figures": (BEFORE.replace("двоих", "2"), (False, False, False)),
    "the word of the rule": (BEFORE.replace("пленных", "раненых"), (True, False, True)),
    "another form of it": (BEFORE.replace("пленных", "пленного"), (True, False, True)),
    "the place": (BEFORE.replace("Шебекина", "Белгорода"), (True, False, True)),
    "a long addition": (BEFORE + " Подробности обещают к вечеру.", (True, False, False)),
    "everything": ("Пост удалён автором.", (True, True, True)),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_is_worth_a_reply(name: str) -> None:
    after, expected = CHANGES[name]
    form = next((form for form in ("пленных", "пленного") if form in after), None)
    found_after = found(after, *([form] if form else []))
    if name == "capitals and marks":
        found_after = found(BEFORE, "пленных")
    one = change(BEFORE, after, found(BEFORE, "пленных"), found_after)
    assert (one.telling, one.touches_number, one.touches_mention) == expected


def test_pieces_are_spans_of_both_texts() -> None:
    after = "Из Шебекина вывезли троих пленных, сообщил глава округа на встрече вечером."
    one = change(BEFORE, after, found(BEFORE), found(after))
    shown = [(piece.what, BEFORE[slice(*piece.before)], after[slice(*piece.after)]) for piece in one.pieces]
    assert shown == [
        ("same", "Из Шебекина вывезли", "Из Шебекина вывезли"),
        ("gone", "двоих", ""),
        ("new", "", "троих"),
        ("same", "пленных, сообщил", "пленных, сообщил"),
        ("gone", "сегодня утром", ""),
        ("same", "глава округа на встрече", "глава округа на встрече"),
        ("new", "", "вечером"),
    ]
    assert one.share == pytest.approx(3 / 12)


def test_pieces_that_are_not_there_stand_where_they_would() -> None:
    one = change("один два три", "один три", found("один два три"), found("один три"))
    assert one.pieces[1] == Piece("gone", (5, 8), (5, 5))


@pytest.mark.parametrize(("before", "after"), [("", "пленных"), ("пленных", ""), ("", "")])
def test_texts_may_be_empty(before: str, after: str) -> None:
    assert change(before, after, found(before), found(after)).telling is (before != after)


def test_very_long_texts_are_compared_from_both_ends() -> None:
    middle = " ".join(f"слово{number}" for number in range(5000))
    one = change(f"{middle} два {middle}", f"{middle} три {middle}", found(""), found(""))
    assert [piece.what for piece in one.pieces] == ["same", "gone", "new", "same"]
    assert one.touches_number
