"""Lists of places that share one noun: "Курской, Брянской и Белгородской областями", "regio's Belgorod en Brjansk"."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
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
_ANY = {kind: re.compile(rf"(?<!\w)(?:{one}|{many})(?!\w)") for kind, (one, many) in _NOUNS.items()}

_AND = "и или а також также та й і або чи ды і and or en of und oder sowie et ou i oraz lub"
_JOINTS = frozenset(_AND.split())
_BESIDES = "в во на по над у з в із из с de des du van von the частично отчасти части"
_SMALL = frozenset(_BESIDES.split()) | _JOINTS
_ADJECTIVE = re.compile(
    r".{2,}[сцз]ь?к(?:ая|ой|ую|ою|ий|ого|ому|им|ом|ое|а|ої|ій|у|е|ай|ага|аму|і|ім)"
    r"|.{2,}(?:s|c|dz)k(?:i|a|iego|iemu|im|iej|ie|ich|imi)"
)
_BETWEEN = re.compile(r"[^\S\n]*,?\n?[^\S\n]*|[^\S\n]*[\"'«»„“”()-]{1,2}[^\S\n]*")
_LONGEST = 14
_NO_NOUN_FOLLOWS = re.compile(r"[^\S\n]*(?:[.,;:!?)\n]|[^\S\n]-)|\Z")
_SENTENCE_ENDS = re.compile(r"[.!?]")
_PARAGRAPH_ENDS = re.compile(r"\n\s*\n")
_NEAR = 40  # words


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


def is_distinguishing(word: str) -> bool:
    """Whether a folded word may stand for an area without its noun: an adjective in Cyrillic, any word in Latin."""
    return not _is_cyrillic(word) or _ADJECTIVE.fullmatch(word) is not None


class Areas:
    """The nouns of areas in one text, and the names that share them."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._nouns: dict[str, list[int]] = {}

    def shared_noun(self, index: int, kind: str) -> Listed | None:
        """Find the noun that word `index` shares with the others of its list, or that is left out after it."""
        return self._walk(index, kind, 1) or self._walk(index, kind, -1) or self._left_out(index, kind)

    def _nearest(self, index: int, kind: str, step: int) -> int | None:
        """The word number of the next noun of that kind, right or left."""
        reading = self._reading
        if kind not in self._nouns:
            self._nouns[kind] = [reading.index(found.start()) for found in _ANY[kind].finditer(reading.text)]
        nouns = self._nouns[kind]
        at = bisect_right(nouns, index) if step > 0 else bisect_left(nouns, index) - 1
        return nouns[at] if 0 <= at < len(nouns) else None

    def _walk(self, index: int, kind: str, step: int) -> Listed | None:
        """Go from word to word of the list until its noun comes; anything else than a list ends the walk."""
        reading = self._reading
        noun = self._nearest(index, kind, step)
        cyrillic = _is_cyrillic(reading.word(index))
        if noun is None or abs(noun - index) > _LONGEST or (cyrillic and step < 0):
            return None
        if not cyrillic and not _MANY[kind].fullmatch(reading.word(noun)):
            return None
        jointed = False
        for at in range(index + step, noun, step):
            word, gap = reading.word(at), reading.gap(min(at, at - step))
            if not _BETWEEN.fullmatch(gap):
                return None
            beside = abs(at - index) == 1
            jointed = jointed or word in _JOINTS or "," in gap
            if word not in _SMALL and (
                (beside and "," not in gap)
                or not (_ADJECTIVE.fullmatch(word) or (not cyrillic and reading.capital(at)))
            ):
                return None
        gap = reading.gap(min(noun, noun - step))
        if "," in gap or not _BETWEEN.fullmatch(gap):
            return None
        first, last = min(index, noun), max(index, noun)
        if last - first == 1:
            return Listed(first, last, (first, last))
        return Listed(index, index, (first, last)) if jointed else None

    def _left_out(self, index: int, kind: str) -> Listed | None:
        """An adjective without its noun, which stands elsewhere: "над Курской областью, два – над Брянской"."""
        reading = self._reading
        if not _is_cyrillic(reading.word(index)) or (
            _NO_NOUN_FOLLOWS.match(reading.gap(index)) is None and reading.word(index + 1) not in _JOINTS
        ):
            return None
        introduced = reading.word(index - 1) in _SMALL
        for step in (-1, 1):
            noun = self._nearest(index, kind, step)
            if noun is None or abs(noun - index) > _NEAR:
                continue
            first, last = min(index, noun), max(index, noun)
            between = reading.text[reading.words[first][1] : reading.words[last][0]]
            if not _PARAGRAPH_ENDS.search(between) and (introduced or not _SENTENCE_ENDS.search(between)):
                return Listed(index, index, (index, index))
        return None


def _is_cyrillic(word: str) -> bool:
    return "а" <= word[:1] <= "ї"
