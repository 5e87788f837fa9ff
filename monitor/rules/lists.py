"""Lists of places that share one noun: "Курской, Брянской и Белгородской областями", "regio's Belgorod en Brjansk"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from monitor.rules.reading import Reading

# The nouns by which regions and districts are called, folded, in every case; plural forms by themselves.
_NOUNS = {
    "region": (
        r"област(?:ь|и|ью|ю)|обл|вобласц(?:ь|і|ю)|oblast|provin(?:ce|cie|z)|gebied|gebiet(?:s|es)?|grensgebied|grenzgebiets?"
        r"|obwod(?:u|owi|em|zie)?|(?:grens)?regio|(?:grenz)?region(?:u|owi|em|ie)?|регион(?:а|у|ом|е)?|регіон(?:у|ом|ові|і)?",
        r"област(?:ей|ям|ями|ях|и|і)|вобласц(?:ей|ям|ямі|ях|і)|oblasts|provin(?:ces|cies|zen)|gebieden|gebieten?|grensgebieden"
        r"|grenzgebieten?|obwod(?:y|ow|om|ami|ach)|(?:grens)?regio's|(?:grenz)?region(?:s|en|y|ow|om|ami|ach)|oblast(?:en|i)"
        r"|регион(?:ы|ов|ам|ами|ах)|регіон(?:и|ів|ам|ами|ах)",
    ),
    "district": (
        r"район(?:а|у|ом|е|ові|і)?|р-н|раён(?:а|у|ам|е)?|district|distrikt|ra[iyj]on|rejon(?:u|owi|em|ie)?|landkreis",
        r"район(?:ы|ов|ам|ами|ах|и|ів)|раён(?:ы|аў|ам|амі|ах)|districts|distrikt(?:en|e)|ra[iyj]ons|rejon(?:y|ow|om|ami|ach)",
    ),
    "okrug": (
        r"округ(?:а|у|ом|е|ові|і)?|муниципалитет(?:а|у|ом|е)?|акруг(?:а|і|у|ай)?|okrug",
        r"округ(?:и|ов|ам|ами|ах|ів)|муниципалитет(?:ы|ов|ам|ами|ах)|okrugs",
    ),
    "krai": (r"кра(?:й|я|ю|ем|е|єм|ї|ям|і)|kra[iy]", r"кра(?:я|ев|ям|ями|ях|ї|їв|ёў)|kra[iy]s"),
    "community": (r"громад(?:а|и|і|у|ою)|hromada", r"громад(?:и|ам|ами|ах)?|hromadas"),
}
_ONE = {kind: re.compile(one) for kind, (one, _) in _NOUNS.items()}
_MANY = {kind: re.compile(many) for kind, (_, many) in _NOUNS.items()}

_AND = "и или а також также та й і або чи ды і and or en of und oder sowie et ou i oraz lub"
_JOINTS = frozenset(_AND.split())
_BESIDES = "в во на по над у з в із из с de des du van von the частично отчасти части"
_SMALL = frozenset(_BESIDES.split()) | _JOINTS
_ADJECTIVE = re.compile(
    r".{2,}[сцз]ь?к(?:ая|ой|ую|ою|ий|ого|ому|им|ом|ое|а|ої|ій|у|е|ай|ага|аму|і|ae|ое|i|a|ego|iej|iemu|im|ie|iego|ich)"
)
_BETWEEN = re.compile(r"[^\S\n]*,?\n?[^\S\n]*|[^\S\n]*[\"'«»„“”()-]{1,2}[^\S\n]*")
_LONGEST = 14


@dataclass(frozen=True, slots=True)
class Listed:
    """Where the mention's words are (`first` to `last`, inclusive) and up to where the shared noun reaches."""

    first: int
    last: int
    reach: tuple[int, int]


def noun_kind(word: str) -> str | None:
    """What kind of area a folded word is the noun of; None where it is none."""
    return next((kind for kind in _NOUNS if _ONE[kind].fullmatch(word) or _MANY[kind].fullmatch(word)), None)


def is_head(word: str) -> bool:
    """Whether a folded word is a noun such as область or region."""
    return noun_kind(word) is not None


def connects(word: str) -> bool:
    """Whether a folded word only ties a noun to its name (région *de* Belgorod)."""
    return word in ("de", "d", "du", "of", "von", "van", "the")


def shared_noun(reading: Reading, index: int, kind: str) -> Listed | None:
    """Find the noun that word `index` shares with the others of its list, right of it or left of it."""
    return _walk(reading, index, kind, 1) or _walk(reading, index, kind, -1)


def _walk(reading: Reading, index: int, kind: str, step: int) -> Listed | None:
    cyrillic = "а" <= reading.word(index)[:1] <= "ї"
    if cyrillic and step < 0:
        return None
    jointed = False
    at = index
    for _ in range(_LONGEST):
        gap = reading.gap(at if step > 0 else at - 1)
        at += step
        word = reading.word(at)
        if not word or not _BETWEEN.fullmatch(gap):
            return None
        if _MANY[kind].fullmatch(word) or ((cyrillic or word == "обл") and _ONE[kind].fullmatch(word)):
            if "," in gap:
                return None
            first, last = min(index, at), max(index, at)
            adjacent = abs(at - index) == 1
            if not adjacent and not jointed:
                return None
            return Listed(first, last, (first, last)) if adjacent else Listed(index, index, (first, last))
        beside = abs(at - index) == 1
        if word in _SMALL:
            jointed = jointed or word in _JOINTS
        elif (beside and "," not in gap) or not (_ADJECTIVE.fullmatch(word) or (not cyrillic and reading.capital(at))):
            return None
        jointed = jointed or "," in gap
    return None
