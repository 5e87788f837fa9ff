"""Whether a word is another one misspelt. Pure."""

from __future__ import annotations

from collections.abc import Iterable

_ONE_FAULT, _TWO_FAULTS = 4, 9  # letters that a word needs for so many faults


def is_misspelt(word: str, known: Iterable[str]) -> bool:
    """Tell whether `word` is one of `known` with a fault or, from nine letters on, two: a letter more, less, another
    one, or two that changed places. Words of fewer than four letters and numbers are too short to tell."""
    if len(word) < _ONE_FAULT or word.isdigit():
        return False
    most = 1 if len(word) < _TWO_FAULTS else 2
    letters = set(word)
    return any(
        abs(len(word) - len(other)) <= most
        and len(letters.symmetric_difference(other)) <= 2 * most
        and not other.isdigit()
        and faults(word, other, most) <= most
        for other in known
    )


def faults(one: str, other: str, most: int) -> int:
    """Count the faults that lead from one word to the other (optimal string alignment); `most` + 1 for more."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        last, row, before = before, [at], row
        for place, second in enumerate(other, 1):
            cost = min(before[place] + 1, row[place - 1] + 1, before[place - 1] + (letter != second))
            if at > 1 and place > 1 and letter == other[place - 2] and one[at - 2] == second:
                cost = min(cost, last[place - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]
