"""Faulty input made of sound input: cut, repeated, spliced with other input, with what breaks parsers put in it."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Sequence
from copy import deepcopy
from random import Random
from typing import Any, TypeVar

T = TypeVar("T", str, bytes)

NUMBERS = [
    *("0", "-0", "-1", "1", "00007", "3.5", "1e5", "1e999", "-1e-999", "nan", "inf", "0x10", "1_000", "٣", "²", "½"),
    *(str(2**bits + more) for bits in (7, 8, 15, 16, 31, 32, 53, 62, 63, 64) for more in (-1, 0, 1)),
    *(f"-{2**bits}" for bits in (31, 63, 64)),
    *("9" * 18, "9" * 19, "9" * 40, "9" * 400, "9" * 4301),
]
# What breaks text: marks, invisible and reordering characters, halves of characters, letters that change their length.
TROUBLE = [
    *"\0\x85\r\n\t \u2028\u2029\xa0\xad\ufeff\ufffd\u200b\u200d\u202e\u2066\ufe0f\u0301\u0306\u0336\u20e3\U000e0041",
    *"\ud800\udfff\udcff\U0010ffff\ufffeßﬁİıςﷺёйїґʼ’ΐẞ한𝗣Ⅷ①💥{}[]()\"'\\/*=:,;|-%`?&!~@#",
    *("\x1b[31m", "\n\n", "שָׁ", "नि", "👩\u200d👩\u200d👧", "🏳️\u200d🌈", "&amp;", "&#0;", "&#x110000;", "&#99999999;"),
    *("&lt;b&gt;", "<b>", "]]>", "<!--", "</div>", "](", "://", "http://", "t.me/", "\\x0", "\\ud800", "\\u", "null"),
    *("&shy;", "true", "and ", "or ", "not ", "near/", "@person"),
]
DATES = [
    *("0001-01-01T00:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59", "9999-12-31T23:59:59-12:00"),
    *(-62135596800, 253402300799, 253402300800, 0, 1e18, "1685871000", "-62135596800", "2023-W22-7", "2023-06-04"),
]
_DIGITS = re.compile(r"\d+")
_DIGIT_BYTES = re.compile(rb"\d+")
_DEEP = re.compile(r'"deep ([0-3]?[0-9]{1,3})"')
_BRACKETS = ("[]", "{}", "()", "<>", "«»")
LONGEST = 40_000  # of one input


def number(random: Random) -> str:
    """A number as somebody may write it, in the ranges where programs break."""
    return random.choice(NUMBERS) if random.random() < 0.7 else str(random.randrange(-99, 99999))


def character(random: Random) -> str:
    """Any character there is, those of the Latin and Cyrillic alphabets most."""
    top = random.choice((0x80, 0x180, 0x530, 0x530, 0x3000, 0x20000, sys.maxunicode + 1))
    return chr(random.randrange(top))


def noise(random: Random, most: int = 60) -> str:
    """Text of any characters."""
    return "".join(
        character(random) if random.random() < 0.6 else random.choice(TROUBLE) for _ in range(random.randrange(most))
    )


def text(random: Random, seeds: Sequence[str], *, soup: float = 0.1) -> str:
    """One of the seeds with a few faults, or now and then (`soup`) nothing but pieces of them."""
    if random.random() < soup:
        pieces = [_slice(random, random.choice(seeds), 30) for _ in range(random.randrange(8))]
        pieces += [random.choice(TROUBLE) for _ in range(random.randrange(6))]
        random.shuffle(pieces)
        return "".join(pieces)
    changed = random.choice(seeds)
    for _ in range(_faults(random)):
        changed = random.choice(_ON_TEXT)(random, changed, seeds)[:LONGEST]
    return changed


def content(random: Random, seeds: Sequence[bytes]) -> bytes:
    """One of the seeds, as bytes, with a few faults."""
    changed = random.choice(seeds)
    for _ in range(_faults(random)):
        changed = random.choice(_ON_BYTES)(random, changed, seeds)[: 3 * LONGEST]
    return changed


def value(random: Random, seed: Any, scalars: Callable[[Random], Any] | None = None) -> Any:
    """A copy of a tree of dicts, lists and scalars with a few faults: parts missing, repeated, of another kind."""
    changed = deepcopy(seed)
    for _ in range(_faults(random)):
        changed = _disturbed(random, changed, scalars or scalar)
    return changed


def scalar(random: Random) -> Any:
    """Any value that JSON can hold, huge, odd and nested ones too."""
    kind = random.randrange(13)
    if kind == 12:
        return random.choice(DATES)
    if kind < 3:
        return random.choice((None, True, False, "", [], {}, 0, -1, 0.5, 1e308, -0.0))
    if kind < 6:
        return random.choice((-1, 1)) * (2 ** random.randrange(70) + random.randrange(-1, 2))
    if kind < 7:
        return number(random)
    if kind < 8:
        return f"deep {random.choice((2, 5, 40, 200, 300, 600, 1000, 3000))}"
    return noise(random, 20)


def dumped(tree: Any) -> bytes:
    """Write a tree as JSON; `deep 600` stands for so many lists and objects, one in the other."""
    written = json.dumps(tree, ensure_ascii=False)
    return _DEEP.sub(_nest, written, count=3)[: 3 * LONGEST].encode("utf-8", "surrogatepass")


def _nest(found: re.Match[str]) -> str:
    each = ('{"_": "PageBlockList", "items": [', "]}") if int(found[1]) % 3 else ('{"_": "TextBold", "text": ', "}")
    times = int(found[1]) // 2
    return each[0] * times + '"a"' + each[1] * times


def _faults(random: Random) -> int:
    return random.choice((0, 1, 1, 1, 2, 2, 3, 5, 9))


def _slice(random: Random, whole: T, longest: int) -> T:
    start = random.randrange(len(whole) + 1)
    return whole[start : start + random.randrange(longest + 1)]


def _length(random: Random) -> int:
    return random.choice((1, 1, 1, 2, 4, 8, 30, 200))


def _without(random: Random, whole: T, seeds: Sequence[T]) -> T:
    at = random.randrange(len(whole) + 1)
    return whole[:at] + whole[at + _length(random) :]


def _again(random: Random, whole: T, seeds: Sequence[T]) -> T:
    at, length = random.randrange(len(whole) + 1), _length(random)
    return whole[:at] + whole[at : at + length] * random.choice((2, 2, 3, 10, 70)) + whole[at + length :]


def _spliced(random: Random, whole: T, seeds: Sequence[T]) -> T:
    at, length = random.randrange(len(whole) + 1), random.choice((0, 0, 3, 20))
    return whole[:at] + _slice(random, random.choice(seeds), 80) + whole[at + length :]


def _cut_off(random: Random, whole: T, seeds: Sequence[T]) -> T:
    at = random.randrange(len(whole) + 1)
    return whole[:at] if random.random() < 0.8 else whole[at:]


def _moved(random: Random, whole: T, seeds: Sequence[T]) -> T:
    one, two, three = sorted(random.randrange(len(whole) + 1) for _ in range(3))
    return whole[:one] + whole[two:three] + whole[one:two] + whole[three:]


def _troubled(random: Random, whole: str, seeds: Sequence[str]) -> str:
    at = random.randrange(len(whole) + 1)
    put = random.choice(TROUBLE) * random.choice((1, 1, 1, 1, 3, 60))
    return whole[:at] + put + whole[at + random.choice((0, 0, 1)) :]


def _odd_character(random: Random, whole: str, seeds: Sequence[str]) -> str:
    at = random.randrange(len(whole) + 1)
    return whole[:at] + character(random) + whole[at + 1 :]


def _other_case(random: Random, whole: str, seeds: Sequence[str]) -> str:
    at = random.randrange(len(whole) + 1)
    return whole[:at] + whole[at : at + 20].swapcase() + whole[at + 20 :]


def _other_number(random: Random, whole: str, seeds: Sequence[str]) -> str:
    found = list(_DIGITS.finditer(whole))
    if not found:
        return _spliced(random, whole, seeds)
    one = random.choice(found)
    return whole[: one.start()] + number(random) + whole[one.end() :]


def _nested(random: Random, whole: str, seeds: Sequence[str]) -> str:
    at = random.randrange(len(whole) + 1)
    opening, closing = random.choice(_BRACKETS)
    times = random.choice((1, 2, 12, 51, 300))
    return whole[:at] + opening * times + whole[at : at + 10] + closing * random.choice((times, 1)) + whole[at + 10 :]


def _flipped(random: Random, whole: bytes, seeds: Sequence[bytes]) -> bytes:
    if not whole:
        return random.randbytes(4)
    at = random.randrange(len(whole))
    return whole[:at] + bytes([whole[at] ^ 1 << random.randrange(8)]) + whole[at + 1 :]


def _odd_bytes(random: Random, whole: bytes, seeds: Sequence[bytes]) -> bytes:
    at = random.randrange(len(whole) + 1)
    put = random.choice(TROUBLE).encode("utf-8", "surrogatepass") if random.random() < 0.8 else random.randbytes(3)
    return whole[:at] + put * random.choice((1, 1, 1, 40)) + whole[at + random.choice((0, 1)) :]


def _other_number_in_bytes(random: Random, whole: bytes, seeds: Sequence[bytes]) -> bytes:
    found = list(_DIGIT_BYTES.finditer(whole))
    if not found:
        return _spliced(random, whole, seeds)
    one = random.choice(found)
    return whole[: one.start()] + number(random).encode() + whole[one.end() :]


def _disturbed(random: Random, tree: Any, scalars: Callable[[Random], Any]) -> Any:
    """Change one place of a tree (the root is a dict or list)."""
    places = list(_places(tree))
    if not places:
        return tree
    holder, key = random.choice(places)
    kind = random.random()
    if kind < 0.2:
        del holder[key]
    elif kind < 0.3 and isinstance(holder, list):
        holder.insert(key, deepcopy(holder[key]))
    elif kind < 0.45:
        other, other_key = random.choice(places)
        holder[key] = deepcopy(other[other_key])
    elif kind < 0.6 and isinstance(holder[key], str):
        holder[key] = text(random, [holder[key] or " "], soup=0.0)
    elif kind < 0.65 and isinstance(holder, dict):
        holder[noise(random, 4)] = holder.pop(key)
    else:
        holder[key] = scalars(random)
    return tree


def _places(tree: Any) -> Any:
    waiting = [tree]
    while waiting:
        one = waiting.pop()
        for key, part in one.items() if isinstance(one, dict) else enumerate(one) if isinstance(one, list) else ():
            yield one, key
            if isinstance(part, dict | list):
                waiting.append(part)


_ON_BOTH: list[Callable[..., Any]] = [_without, _without, _again, _spliced, _spliced, _cut_off, _moved]
_ON_TEXT = [*_ON_BOTH, _troubled, _troubled, _troubled, _odd_character, _other_case, _other_number, _nested]
_ON_BYTES = [*_ON_BOTH, _flipped, _flipped, _odd_bytes, _odd_bytes, _other_number_in_bytes, _other_number_in_bytes]
