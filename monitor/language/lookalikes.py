"""Letters of another script that look like one's own: a word of two scripts is put into the one that it is in.

A word is converted only if every foreign letter in it has a lookalike: "взpыв" (Latin p) becomes Cyrillic, "VPNом" and
"МИG" stay as they are, for they were meant so.
"""

from __future__ import annotations

import re

_WORD = re.compile("[A-Za-zÏï\u0370-\u03ff\u0400-\u052f]{2,}")
_MIXED = re.compile("[A-Za-zÏï](?:(?<=[\u0370-\u052f].)|(?=[\u0370-\u052f]))|[\u0370-\u03ff]", re.DOTALL)
_NOT_LATIN = re.compile("[\u0370-\u052f]")
_LATIN = re.compile("[A-Za-zÏï]")
_GREEK = re.compile("[\u0370-\u03ff]")
_CYRILLIC = re.compile("[\u0400-\u052f]")

# Small letters follow the shape of their capitals here: who hides a word has often put it into small letters since.
_TO_CYRILLIC = str.maketrans(
    "ABCEHIKMOPTXYabcehikmoptxyÏï" + "ΑΒΓΕΗΙΚΛΜΝΟΠΡΤΥΦΧαβγεηικλμνοπρτυφχ",
    "АВСЕНІКМОРТХУавсенікмортхуЇї" + "АВГЕНІКЛМНОПРТУФХавгеніклмнопртуфх",
)
# Here they do not: "COVIDом" is no Latin word. Every small letter of this table has its capital in it too, so that a
# word that is left alone is left alone again after it was put into lower case.
_TO_LATIN = str.maketrans(
    "АВСЕЁНІЇКМОРТХУЅЈҺԀӀасеёіїкорхуѕјһԁӏ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαεικνορτυχ",
    "ABCEEHIIKMOPTXYSJHDIaceeiikopxysjhdl" + "ABEZHIKMNOPTYXaeikvoptux",
)


def in_one_script(text: str) -> str:
    """Put each word of two scripts into the one that it is in, if all its letters can be; the length stays."""
    if not _NOT_LATIN.search(text) or not _MIXED.search(text):
        return text
    return _WORD.sub(lambda match: _settled(match[0]), text)


def _settled(word: str) -> str:
    latin = len(_LATIN.findall(word))
    greek = len(_GREEK.findall(word))
    cyrillic = len(word) - latin - greek
    if len(word) in (latin, greek, cyrillic):
        return word
    as_cyrillic = word.translate(_TO_CYRILLIC)
    as_latin = word.translate(_TO_LATIN)
    may_be_cyrillic = (
        cyrillic > 0 and (latin > 0 or cyrillic > greek) and len(_CYRILLIC.findall(as_cyrillic)) == len(word)
    )
    may_be_latin = latin > 0 and (cyrillic > 0 or latin > greek) and len(_LATIN.findall(as_latin)) == len(word)
    if may_be_cyrillic and (cyrillic >= latin or not may_be_latin):
        return as_cyrillic
    return as_latin if may_be_latin else word
