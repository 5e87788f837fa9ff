"""Signs that a post may hide words: letters that stand apart, emoji or emphasis between them."""

from __future__ import annotations

_LETTERS = "абвгдежзийклмнопрстуфхцчшщъыьэюяіїєўabcdefghijklmnopqrstuvwxyz"
_MARKS_BETWEEN = ".-_*·•…|/\\+~="
_SIGNS = "\ufe0f❗❓❕❌✅✔✖⚡⭐★☆❤♥♦☠☢☣⚠⛔●■▪➡➜✝✡☭*"  # others are beyond the basic plane
_EMPHASIS = ("__", "~~", "||")


def letters_apart() -> list[str]:
    """Signs that letters may stand apart: two single letters between spaces, one between marks, one after an emoji.

    The automaton finds them on its way, where a search of its own would cost as much as the folding.
    """
    pairs = [f" {one} {two} " for one in _LETTERS for two in _LETTERS]
    between = [f"{mark}{letter}{mark}" for mark in _MARKS_BETWEEN for letter in _LETTERS]
    return [*pairs, *between, *(f"{sign}{letter}" for sign in (*_SIGNS, *_EMPHASIS) for letter in _LETTERS)]


def may_stand_apart(text: str, hits: list[tuple[int, int, int]], stems: int) -> bool:
    """Whether it is worth looking for letters that stand apart: by a sign among the hits, emphasis, or emoji."""
    if hits and max(hits)[0] >= stems:
        return True
    return not text.isascii() and len(text.encode("utf-16-le", "surrogatepass")) > 2 * len(text)
