"""Folding: the text in which words are looked for, with the way back to the published text.

Posts differ in case, ё, apostrophes, dashes, stress marks and accents; some hide words with invisible characters or
with letters of another script ("взpыв" with a Latin p). Folded text has none of that. Dictionary forms go through the
same fold.

Most posts need only replacements of one character by one, done at C speed. A post with anything else (invisible
characters inside a word, combining marks, accents, ligatures, HTML entities, words of two scripts) takes the slower
way, which keeps where each folded character came from.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from html.entities import html5

from monitor.language.lookalikes import in_one_script

# Written as the inside of a regular expression's [...].
INVISIBLE = (
    "\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\U000e0000-\U000e007f\U000e0100-\U000e01ef"
)
# Marks that sit on a letter; not the enclosing ones, of which the keycap U+20E3 is an emoji.
MARKS = "\u0300-\u034e\u0350-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20dc\u20e1\u20e5-\u20f0\ufe20-\ufe2f"

_LATIN = "A-Za-z"
# What else the quick way may meet: it stays as it is, or lower() and `_QUICK` replace it by one character.
_SAFE = (
    r"\x00-@\[-`{-\x7f"
    "\xa0-\xa9\xab\xac\xae-\xb4\xb6-\xb9\xbb-\xbf\xd7\xf7"
    "\u0401-\u040c\u040e-\u044f\u0451-\u045c\u045e\u045f\u02bc\u0490\u0491"
    "\u2013\u2014\u2019\u201a\u201c-\u2027\u2030\u2031\u2033-\u203e\u20a0-\u20c0\u2116\u2122\u2139"
    "\u2190-\u2211\u2213-\u27ff\u2900-\u2bff"
    "\U0001f000-\U0001faff\ufffc\ufffd"
)
# An invisible character that does not follow a word (the selector after an emoji) needs no care.
_UNUSUAL = rf"(?<![^\w{MARKS}][{INVISIBLE}])"
_NEEDS_CARE = re.compile(rf"[^{_LATIN}{_SAFE}]{_UNUSUAL}")
_CYRILLIC = re.compile("[\u0400-\u045f\u0490\u0491]")
# Among Cyrillic letters a Latin one is looked at too: its neighbours tell whether the word is of two scripts.
_NEEDS_CARE_IN_CYRILLIC = re.compile(
    rf"[^{_SAFE}](?:(?<![{_LATIN}]){_UNUSUAL}|(?<=[\u0400-\u052f][{_LATIN}])|(?<=[{_LATIN}])(?=[\u0400-\u052f]))"
)
_QUICK = (("ё", "е"), ("ґ", "г"), ("\u2019", "'"), ("\u02bc", "'"), ("\u2014", "-"), ("\u2013", "-"), ("\xa0", " "))
_QUICK_RARE = (("`", "'"), ("\t", " "), ("\xb4", "'"), ("\u2139", " "))

# "&amp;nbsp;" is the no-break space of a text that was escaped twice.
_ENTITY = re.compile(
    r"&((?:(?:amp|AMP|#0{0,5}38|#[xX]0{0,5}26);)*)(#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
)
_SPECIAL = re.compile(
    rf"(?P<marked>[^\W\d_](?:[{INVISIBLE}]*+[{MARKS}])++)"
    rf"|(?P<hidden>(?<=[^\W_\u2139]|[{MARKS}])[{INVISIBLE}]++(?=[^\W_\u2139]|[{MARKS}])|[{MARKS}]++)"
    rf"|[^{_LATIN}{_SAFE}{INVISIBLE}]"  # anything else out of the ordinary
)
_SPECIAL_LETTER = re.compile(rf"[^{_LATIN}{_SAFE}]")  # much quicker, where that is all
_ANY_MARK_OR_INVISIBLE = re.compile(rf"[{MARKS}{INVISIBLE}]")
_ANY_MARK = re.compile(rf"[{MARKS}]")
_INVISIBLE = re.compile(rf"[{INVISIBLE}]")
_COMPOSED = {
    ("и", "\u0306"): "й",
    ("И", "\u0306"): "Й",
    ("у", "\u0306"): "ў",
    ("У", "\u0306"): "Ў",
    ("і", "\u0308"): "ї",
    ("І", "\u0308"): "Ї",
    # a Latin ï among Cyrillic letters stands for ї: it is kept until the script of its word is known
    ("i", "\u0308"): "ï",
    ("I", "\u0308"): "Ï",
}
_SINGLE = {
    **dict.fromkeys("\u2018\u201b\u2032\u02b9\u02bb\u02bd\u02c8\u02ca\u02cb\u2035\uff07\uff40", "'"),
    **dict.fromkeys("\u2010\u2011\u2012\u2015\u2043\u2212\u2e3a\u2e3b\ufe58\ufe63\uff0d", "-"),
    **dict.fromkeys("\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a", " "),
    **dict.fromkeys("\u202f\u205f\u2800\u3000", " "),
    **dict.fromkeys("\u2028\u2029", "\n"),
    **dict(zip("ѐЀѝЍςΣïÏłŁøØđĐðÐħĦıŧŦ", "еЕиИσσïÏlLoOdDdDhHitT", strict=True)),
    **dict(zip("ßẞœŒæÆþÞ", ("ss", "ss", "oe", "OE", "ae", "AE", "th", "TH"), strict=True)),
}
_ALPHABETS = re.compile("[A-Za-zÏï\u0370-\u03ff\u0400-\u052f]")


@dataclass(frozen=True, slots=True)
class Folded:
    """A text for matching, and where each of its characters stands in the published text.

    `offsets` is None where position i is position i; else `offsets[i]` and `ends[i]` are start and end of the published
    characters that folded character i stands for, and `offsets` has one entry more, the published length.
    """

    text: str
    published: str
    offsets: tuple[int, ...] | None = None
    ends: tuple[int, ...] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the published span of the folded span (both end exclusive): with the marks on its last letter, without
        invisible characters at its edges."""
        if self.offsets is None or self.ends is None:
            return start, end
        if end <= start:
            return self.offsets[start], self.offsets[start]
        return self.offsets[start], self.ends[end - 1]


def fold(text: str) -> Folded:
    """Fold any text: lower case, one spelling of each letter, apostrophe, dash and space; line breaks are kept."""
    if text.isascii():
        if "&" in text and _ENTITY.search(text):
            return _fold_with_care(text)
    else:
        needs_care = _NEEDS_CARE_IN_CYRILLIC if _CYRILLIC.search(text) else _NEEDS_CARE
        if needs_care.search(text) or ("&" in text and _ENTITY.search(text)):
            return _fold_with_care(text)
    return Folded(_one_for_one(text), text)


def fold_form(form: str) -> str:
    """Return the folded text of a dictionary form; folding twice changes nothing."""
    return fold(form).text


def _one_for_one(text: str) -> str:
    text = text.lower()
    for old, new in _QUICK:
        text = text.replace(old, new)
    for old, new in _QUICK_RARE:
        text = text.replace(old, new)
    return text


def _fold_with_care(text: str) -> Folded:
    read = _Edited.of(text, _entities(text))
    plain = _Edited.of(read.text, _special(read.text))
    folded = _one_for_one(in_one_script(plain.text).replace("ï", "i").replace("Ï", "I"))
    # What still reads like an entity ("&Amp;") must not become one when the folded text is folded again.
    folded = _ENTITY.sub(lambda match: " " + match[0][1:] if match[1] or _character(match[2]) else match[0], folded)
    offsets, ends = _through(read, plain)
    return Folded(folded, text, offsets, ends)


_Edit = tuple[int, int, str]  # start, end, what stands there instead


@dataclass(frozen=True, slots=True)
class _Edited:
    """A text after edits; `starts` and `ends` (None: nothing moved) lead back to the text before."""

    text: str
    starts: list[int] | None = None
    ends: list[int] | None = None

    @classmethod
    def of(cls, text: str, edits: list[_Edit]) -> _Edited:
        pieces: list[str] = []
        position = 0
        for start, end, instead in edits:
            pieces += (text[position:start], instead)
            position = end
        pieces.append(text[position:])
        edited = "".join(pieces)
        if all(len(instead) == 1 == end - start for start, end, instead in edits):
            return cls(edited)
        starts: list[int] = []
        ends: list[int] = []
        position = 0
        for start, end, instead in edits:
            starts.extend(range(position, start))
            ends.extend(range(position + 1, start + 1))
            starts.extend([start] * len(instead))
            ends.extend([end] * len(instead))
            position = end
        starts.extend(range(position, len(text) + 1))
        ends.extend(range(position + 1, len(text) + 1))
        return cls(edited, starts, ends)


def _through(first: _Edited, second: _Edited) -> tuple[tuple[int, ...] | None, tuple[int, ...] | None]:
    """Return the offsets that lead back through both edits, one after the other."""
    if second.starts is None or second.ends is None:
        return (tuple(first.starts), tuple(first.ends)) if first.starts and first.ends is not None else (None, None)
    if first.starts is None or first.ends is None:
        return tuple(second.starts), tuple(second.ends)
    starts, ends = first.starts, first.ends
    return tuple(starts[at] for at in second.starts), tuple(ends[at - 1] for at in second.ends)


def _entities(text: str) -> list[_Edit]:
    """Return the edits that read HTML entities as the characters that they stand for."""
    if "&" not in text:
        return []
    edits = []
    for match in _ENTITY.finditer(text):
        character = _character(match[2])
        if character is not None:
            edits.append((match.start(), match.end(), character))
        elif match[1]:
            edits.append((match.start(), match.end(1), "&"))
    return edits


def _character(name: str) -> str | None:
    """Return what the entity of this name (between & and ;) stands for; None where there is no such entity."""
    if name.startswith("#"):
        return html.unescape(f"&{name};")
    return html5.get(f"{name};")


def _special(text: str) -> list[_Edit]:
    """Return the edits that drop invisible characters and marks and give letters their plain shape."""
    edits = []
    special = _SPECIAL if _ANY_MARK_OR_INVISIBLE.search(text) else _SPECIAL_LETTER
    for match in special.finditer(text):
        if match.lastgroup == "hidden":
            instead = ""
        elif match.lastgroup == "marked":
            instead = _unmarked(match[0])
        else:
            instead = _plain(match[0])
        if instead != match[0]:
            edits.append((match.start(), match.end(), instead))
    return edits


def _unmarked(marked: str) -> str:
    """Return a letter or figure without the marks on it; marks stay in other alphabets than Latin, Greek, Cyrillic."""
    letter = _plain(marked[0])
    if not letter[-1:].isalpha() or letter == "\u02bc":  # an apostrophe, though Unicode calls it a letter
        return letter
    if not _ALPHABETS.match(letter[-1:]):
        return _INVISIBLE.sub("", marked)
    for (base, mark), composed in _COMPOSED.items():
        if letter[-1] == base and mark in marked:
            return letter[:-1] + composed
    return letter


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    """Return the plain shape of one character: of letters and digits without accent, ligature and style, else itself.

    The compatibility forms are Unicode's NFKC. Symbols keep their shape: ™ and № must not become letters of a word.
    """
    if character in _SINGLE:
        return _SINGLE[character]
    category = unicodedata.category(character)
    if category[0] != "L" and category not in ("Nd", "Nl"):
        return character
    return "".join(map(_unaccented, _ANY_MARK.sub("", unicodedata.normalize("NFKC", character))))


def _unaccented(letter: str) -> str:
    if letter in _SINGLE:
        return _SINGLE[letter]
    base = unicodedata.normalize("NFD", letter)[0]
    base = _SINGLE.get(base, base)
    # The breve of й and the dots of ї make letters of their own.
    return base if base != letter and ("A" <= base[0] <= "z" or "\u0370" <= base <= "\u03ff") else letter
