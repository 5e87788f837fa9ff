"""What an inflected form is, and how paradigms are written down and put together.

A paradigm is a mapping from a case ("genitive", "dative plural" …) to the forms that the word has there, most usual
first. Endings are written as one string, a column a case: `-` is no ending, `*` the dictionary form itself, `/` parts
variants.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

RUSSIAN_CASES = ("nominative", "genitive", "dative", "accusative", "instrumental", "prepositional")
CASES = ("nominative", "genitive", "dative", "accusative", "instrumental", "locative", "vocative")

Slots = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a word or name.

    `text` keeps the capitals of the dictionary form; `via` says for people how it comes from there. `left` and `right`
    are open edges: letters may go before or follow within the same word (a compound).
    """

    text: str
    via: str
    left: bool = False
    right: bool = False


def distinct(forms: Iterable[Form]) -> tuple[Form, ...]:
    """Return the forms with equal texts merged into one that names every way to it, in order; empty ones go."""
    seen: dict[str, list[Form]] = {}
    for form in forms:
        if form.text.strip():
            seen.setdefault(form.text, []).append(form)
    return tuple(
        same[0]
        if len(same) == 1
        else Form(text, _alternatives(f.via for f in same), any(f.left for f in same), any(f.right for f in same))
        for text, same in seen.items()
    )


def _alternatives(vias: Iterable[str]) -> str:
    """Join ways; those with the same note after "; " share it: "genitive or accusative; surname in -ин"."""
    by_note: dict[str, list[str]] = {}
    for via in vias:
        way, _, note = via.partition("; ")
        ways = by_note.setdefault(note, [])
        if way not in ways:
            ways.append(way)
    return " / ".join(_listed(ways) + (f"; {note}" if note else "") for note, ways in by_note.items())


def _listed(ways: Sequence[str]) -> str:
    return ways[0] if len(ways) == 1 else ", ".join(ways[:-1]) + " or " + ways[-1]


def decline(
    lemma: str, stem: str, endings: str, cases: Sequence[str], *, plural: bool = False
) -> dict[str, tuple[str, ...]]:
    """Put endings on a stem, one column a case; `*` stands for the dictionary form, `-` for the bare stem."""
    slots = {}
    for case, column in zip(cases, endings.split(), strict=True):
        slots[f"{case} plural" if plural else case] = tuple(
            lemma if ending == "*" else stem if ending == "-" else stem + ending for ending in column.split("/")
        )
    return slots


def respelt(slots: Slots, pairs: Sequence[tuple[str, str]], stem: str) -> dict[str, tuple[str, ...]]:
    """Apply spelling rules (`кы` → `ки`) from the last letter of the stem on."""
    start = max(len(stem) - 1, 0)
    pairs = [pair for pair in pairs if pair[0][0] == stem[-1:].lower()]
    if not pairs:
        return dict(slots)

    def one(form: str) -> str:
        if not form.startswith(stem):
            return form
        tail = form[start:]
        for wrong, right in pairs:
            if tail.startswith(wrong):
                return form[:start] + right + tail[len(wrong) :]
        return form

    return {case: tuple(dict.fromkeys(one(form) for form in forms)) for case, forms in slots.items()}


def union(*paradigms: Slots) -> dict[str, tuple[str, ...]]:
    """Merge paradigms of one word, the first one's forms first."""
    merged: dict[str, dict[str, None]] = {}
    for slots in paradigms:
        for case, forms in slots.items():
            merged.setdefault(case, {}).update(dict.fromkeys(forms))
    return {case: tuple(forms) for case, forms in merged.items()}


def frozen(text: str, cases: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """A word that does not change."""
    return dict.fromkeys(cases, (text,))


def in_all_genders(adjective: Callable[[str, str], Slots], lemma: str) -> dict[str, tuple[str, ...]]:
    """Decline an adjective, by its language's `adjective`, in all genders and the plural; the keys name the gender:
    "genitive feminine"."""
    names = {"m": " masculine", "f": " feminine", "n": " neuter", "p": ""}
    return {case + name: forms for gender, name in names.items() for case, forms in adjective(lemma, gender).items()}


def singular(slots: Slots) -> dict[str, tuple[str, ...]]:
    """Leave the plural out."""
    return {case: forms for case, forms in slots.items() if not case.endswith(" plural")}


def plural_only(slots: Slots) -> dict[str, tuple[str, ...]]:
    """Leave the singular out."""
    return {case: forms for case, forms in slots.items() if case.endswith(" plural")}


def joined(parts: Sequence[Slots], separators: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Put words that agree side by side, case by case; `separators[i]` stands before part i (the first is not used)."""
    if len(parts) == 1:
        return dict(parts[0])
    slots: dict[str, tuple[str, ...]] = {}
    for case in parts[0]:
        if all(case in part for part in parts):
            rows = product(*(part[case] for part in parts))
            slots[case] = tuple("".join(s + w for s, w in zip(("", *separators[1:]), row, strict=True)) for row in rows)
    return slots


def forms_of(slots: Slots, note: str = "") -> list[Form]:
    """List the forms of a paradigm, each with its case and, after a semicolon, the note."""
    tail = f"; {note}" if note else ""
    return [Form(form, case + tail) for case, forms in slots.items() for form in forms]


def capitals_like(lemma: str, slots: Slots) -> dict[str, tuple[str, ...]]:
    """Give every form the capitals of the dictionary form: all, the first letter, or none."""

    def one(form: str) -> str:
        if lemma.isupper() and len(lemma) > 1:
            return form.upper()
        return form[:1].upper() + form[1:] if lemma[:1].isupper() else form

    return {case: tuple(one(form) for form in forms) for case, forms in slots.items()}
