"""Words: where they begin and end, inside hashtags and spaced out too, and the parts of a text that hold none."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from monitor.language.fold import MARKS, Folded, fold_form
from monitor.models import Span

# Raised and circled figures stand beside a word, not in it: "Пригожин²", "①Шебекино".
_BESIDE = "_\u00b2\u00b3\u00b9\u00bc-\u00be\u2070-\u209f\u2460-\u24ff\u2776-\u2793\u2139"
_LETTER = rf"[^\W{_BESIDE}]"
_WORD = re.compile(rf"{_LETTER}++(?:[{MARKS}]++{_LETTER}*+|'{_LETTER}++)*+")
_WORD_CHARACTER = re.compile(rf"{_LETTER}|[{MARKS}]")

_FAR = 72  # characters
_NOWHERE = (sys.maxsize, sys.maxsize)

_HASHTAG = re.compile(rf"(?<![\w&])#[\w{MARKS}]+")

# "[text](target)"; a target may hold brackets of its own.
_TARGET = re.compile(r"\]\(([^\s()]{1,2000}(?:\([^\s()]{0,200}\)[^\s()]{0,200}){0,5})\)")
_LINK = re.compile(r"\b[A-Za-z][A-Za-z0-9+-]{1,15}://[^\s<>«»\"“”„]+")
_USER = re.compile(r"(?<![\w.+-])@[A-Za-z][A-Za-z0-9_]{2,31}")
_ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}")
# Not every ending there is: "gevangenen.De stad" and "evacuated.In" are sentences without a space.
_ENDINGS = (
    "com|org|net|info|biz|gov|mil|edu|int|news|press|media|online|site|live|top|xyz|app|ru|su|ua|by|eu|uk|us|nl|be|de|fr|pl|"
    "ch|cz|lt|lv|ee|fi|se|kz|ge|md|me|io|co|tv|cc|ly|gg|ai|рф|укр|бел"
)
_ENDING = re.compile(rf"\.(?:{_ENDINGS})(?![\w-])")
_DOMAIN = re.compile(
    rf"(?<![\w@.-])(?:[^\W_][\w-]{{0,62}}\.){{1,8}}(?:{_ENDINGS})(?![\w-])(?:\.?[/:?#][^\s<>«»\"“”„()]*)?"
)
_TRAILING = ".,;:!?'*_~…"

# The same separator stands between all letters: "п л е н", "п.л.е.н", "п💔л💔е💔н".
_EMOJI = "\u2190-\u27ff\u2900-\u2bff\U0001f000-\U0001faff"
_SEPARATOR = rf"[ .\-_*·•…|/\\+~={_EMOJI}]"
_SPACED_OUT = re.compile(rf"(?<!\w)[^\W\d_](?P<by>{_SEPARATOR}\ufe0f?)[^\W\d_](?:(?P=by)[^\W\d_]){{2,}}(?!\w)")
# Most posts have none: looking for a separator twice, with one letter between, tells so in a tenth of the time.
_MARKS_BETWEEN = " .-_*·•…|/\\+~="
_MAYBE_SPACED_OUT = {mark: re.compile(rf"{re.escape(mark)}\w{re.escape(mark)}\w") for mark in _MARKS_BETWEEN}
_MAYBE_EMOJI_BETWEEN = re.compile(rf"[{_EMOJI}]\ufe0f?\w[{_EMOJI}]")
_CONJUNCTIONS = frozenset("аиійaiy")
_WORDS_OF_ONE_LETTER = frozenset("авикосуязйі" + "aiouwyz")

# Emoji or emphasis in the middle of a word: "При💥гожин", "**Ш**ебекино". What stands between may be two words, too.
_BROKEN_BY = rf"(?:(?:[{_EMOJI}]\ufe0f?){{1,3}}|\*{{1,3}}|__|~~|\|\|)"
_BROKEN = re.compile(rf"(?<!{_LETTER}){_LETTER}++(?:{_BROKEN_BY}{_LETTER}++)++")
_PIECE = re.compile(rf"{_LETTER}++")
# A sign after one letter and before another tells in a tenth of the time that nothing is broken.
_MAYBE_BROKEN = re.compile(rf"[*_~|{_EMOJI}](?<=[^\W_].)[*_~|\ufe0f{_EMOJI}]*(?=[^\W_])")
_MOST_PIECES = 4


def words(text: str) -> list[Span]:
    """Return the spans of the words of a folded text: letters, digits and marks, with apostrophes inside.

    A hyphen separates words: "пригожин-младший" is two.
    """
    return [match.span() for match in _WORD.finditer(text)]


def word_after(text: str, position: int) -> str:
    """Return the first word of the folded text that begins at or after this position; empty where there is none."""
    found = _WORD.search(text, position)
    return found[0] if found else ""


def word_before(text: str, position: int) -> str:
    """Return the last word of the folded text before this position, or its last letters if it is a long one.

    Empty where no word ends among the last characters.
    """
    low = max(position - _FAR, 0)
    start = text.rfind(" ", low, max(position - 2, 0)) + 1 or low
    found = _WORD.findall(text, start, position) or _WORD.findall(text, low, position)
    return found[-1] if found else ""


def is_word_character(character: str) -> bool:
    """Tell whether this one character may stand in a word by itself (an apostrophe may not)."""
    return _WORD_CHARACTER.match(character) is not None


def is_boundary(text: str, position: int) -> bool:
    """Tell whether no word of the folded text goes on across this position (0 to the length)."""
    if not 0 < position < len(text):
        return True
    before, after = text[position - 1], text[position]
    if after == "'":
        after = text[position + 1 : position + 2]
    elif before == "'":
        before = text[position - 2 : position - 1]
    return not (is_word_character(before) and is_word_character(after))


def hashtags(text: str) -> list[Span]:
    """Return the spans of the hashtags of a published or folded text, # included."""
    return [match.span() for match in _HASHTAG.finditer(text)] if "#" in text else []


def hashtag_parts(published_tag: str) -> list[Span]:
    """Return the spans of the words that a hashtag is made of: #ПригожинЖив, #Шебекино_эвакуация, #Белгород2023.

    A word begins after an underscore, where digits begin or end, at a capital after a small letter, and at the last of
    several capitals that a small letter follows (#РДКБелгород). Capitals or small letters alone are one word.
    """
    kinds = "".join(map(_kind, published_tag))
    return [match.span() for match in re.finditer("9+|A+m*(?![am])|A?m*[a][am]*|A[am]*", kinds)]


def _kind(character: str) -> str:
    """Return A for a capital, a for another letter, 9 for a digit, m for a mark on the letter before it, else _."""
    if not is_word_character(character):
        return "m" if unicodedata.category(character) in ("Cf", "Mn") else "_"
    if character.isdigit():
        return "9"
    if not character.isalpha():
        return "m"
    return "A" if character.isupper() or character.istitle() else "a"


def opaque(text: str) -> list[Span]:
    """Return the spans of the published text in which nothing is to be found, in order and apart from each other.

    They are web addresses, the targets of Markdown links (not their text), domain names, e-mail addresses, user names.
    """
    found: list[Span] = []
    if "](" in text:
        found += (match.span(1) for match in _TARGET.finditer(text) if re.search("[./:]", match[1]))
    if "://" in text:
        found += ((match.start(), match.start() + len(_without_tail(match[0]))) for match in _LINK.finditer(text))
    if "@" in text:
        found += (match.span() for match in _ADDRESS.finditer(text))
        found += (match.span() for match in _USER.finditer(text))
    if _ENDING.search(text):
        found += ((match.start(), match.start() + len(_without_tail(match[0]))) for match in _DOMAIN.finditer(text))
    return _merged(found)


def outside(spans: Iterable[Span], hidden: Iterable[Span]) -> Iterator[Span]:
    """Give those of `spans`, in order, that begin in none of `hidden`, in order too, in one pass."""
    rest = iter(hidden)
    start, end = next(rest, _NOWHERE)
    up_to = 0
    for span in spans:
        while start <= span[0]:
            up_to = end
            start, end = next(rest, _NOWHERE)
        if span[0] >= up_to:
            yield span


def _without_tail(link: str) -> str:
    """Return the link without what belongs to the sentence around it: a full stop, a bracket that it did not open."""
    depth = 0
    for position, character in enumerate(link):
        depth += (character == "(") - (character == ")")
        if depth < 0:
            link = link[:position]
            break
    return link.rstrip(_TRAILING)


def _merged(spans: list[Span]) -> list[Span]:
    if len(spans) < 2:
        return spans
    spans.sort()
    merged = [spans[0]]
    for start, end in spans[1:]:
        if start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


@dataclass(frozen=True, slots=True)
class SpacedOut:
    """Letters that stand apart, joined ("пленные"), and where each of them stands in the folded text.

    Between spaces several words may follow each other ("в п л е н у"): `several` says so.
    """

    joined: str
    places: tuple[int, ...]
    several: bool

    def span(self, start: int, end: int) -> Span:
        """Return the span in the folded text of letters `start` to `end` (exclusive)."""
        return self.places[start], self.places[end - 1] + 1

    def are_small_words(self, start: int, end: int) -> bool:
        """Whether letters `start` to `end` may be words of their own: none, "в", "и в"; but not "к у"."""
        small = self.joined[start:end]
        if not small:
            return True
        return (
            self.several
            and len(small) <= 2
            and small[-1] in _WORDS_OF_ONE_LETTER
            and (len(small) == 1 or small[0] in _CONJUNCTIONS)
        )


def spaced(text: Folded) -> list[SpacedOut]:
    """Return the runs of four or more letters with the same one separator between them: a space, a mark, an emoji."""
    folded = text.text
    if not any(mark in folded and maybe.search(folded) for mark, maybe in _MAYBE_SPACED_OUT.items()) and (
        folded.isascii() or not _MAYBE_EMOJI_BETWEEN.search(folded)
    ):
        return []
    found = []
    for match in _SPACED_OUT.finditer(folded):
        by = match["by"]
        places = tuple(range(match.start(), match.end(), 1 + len(by)))
        joined = fold_form("".join(folded[place] for place in places))
        if len(joined) == len(places):
            found.append(SpacedOut(joined, places, by == " "))
    return found


def broken(text: Folded) -> list[tuple[str, Span]]:
    """Return words with emoji or emphasis inside ("При💥гожин", "**Ш**ебекино"), joined, with their folded spans.

    Whether that is one word or several cannot be told here: up to four pieces that follow each other are joined, if
    they are not all single letters.
    """
    folded = text.text
    if not _MAYBE_BROKEN.search(folded):
        return []
    found = []
    for run in _BROKEN.finditer(folded):
        pieces = [piece.span() for piece in _PIECE.finditer(folded, *run.span())]
        for first in range(len(pieces)):
            for last in range(first + 1, min(first + _MOST_PIECES, len(pieces))):
                chosen = pieces[first : last + 1]
                if any(end - start > 1 for start, end in chosen):
                    joined = "".join(folded[start:end] for start, end in chosen)
                    found.append((fold_form(joined), (chosen[0][0], chosen[-1][1])))
    return found
