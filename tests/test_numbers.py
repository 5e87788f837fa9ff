"""Numbers in figures and in words are the same number."""

from __future__ import annotations

import pytest

from monitor.language.fold import fold_form
from monitor.language.numbers import numbers


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Двоих пленных обменяли на троих.", ["2", "3"]),
        ("Двох полонених обміняли на п'ятьох.", ["2", "5"]),
        ("Дваіх палонных абмянялі.", ["2"]),
        ("Twee krijgsgevangenen en twaalf burgers", ["2", "12"]),
        ("Zwölf Gefangene, dreißig Vermisste", ["12", "30"]),
        ("Dwóch jeńców, pięć osób", ["2", "5"]),
        ("Deux prisonniers, quinze blessés", ["2", "15"]),
        ("Вывезли 1 200 человек", ["1200"]),
        ("1.200 mensen, 1,200 people", ["1200", "1200"]),
        ("2,5 тыс. человек к 17:00", ["2.5", "1000", "17:00"]),
        ("Тел. 03, https://t.me/channel/155 и @user15", ["03"]),
        ("Одновременно, полдвенадцатого, семья, Стокгольм", []),
    ],
)
def test_values(text: str, values: list[str]) -> None:
    assert [value for value, _ in numbers(fold_form(text))] == values


def test_spans_are_those_of_the_folded_text() -> None:
    folded = fold_form("Вывезли 1 200 человек, двое ранены")
    assert [folded[start:end] for _, (start, end) in numbers(folded)] == ["1 200", "двое"]
