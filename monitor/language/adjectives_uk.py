"""Ukrainian adjectives and participles: their endings, and how a word is seen to be one.

Rules: Український правопис (2019), §§ 98–99.
"""

from __future__ import annotations

from monitor.language.forms import CASES, decline

_HARD = {
    "m": "* ого ому {} им ому/ім *",
    "n": "е ого ому е им ому/ім е",
    "f": "а ої ій у ою ій а",
    "p": "і их им {} ими их і",
}
_SOFT = {
    "m": "* ього ьому {} ім ьому/ім *",
    "n": "є ього ьому є ім ьому/ім є",
    "f": "я ьої ій ю ьою ій я",
    "p": "і іх ім {} іми іх і",
}


def adjective(lemma: str, gender: str, animate: bool = False) -> dict[str, tuple[str, ...]]:
    """Decline an adjective given in the nominative of any gender, for a noun of `gender` ("m", "f", "n", "p")."""
    low, base = lemma.lower(), lemma[:-1]
    soft = low.endswith(("ій", "я", "є"))
    base = lemma[:-2] if low.endswith(("ий", "ій", "ої")) else base
    if low.endswith("ьо"):
        soft, base = True, lemma[:-2]
    nominative = lemma if low.endswith(("ий", "ій")) else base + ("ій" if soft else "ий")
    table = _SOFT if soft else _HARD
    if gender == "p":
        accusative = ("іх" if soft else "их") if animate else "і"
    else:
        accusative = ("ього" if soft else "ого") if animate else "*"
    return decline(nominative, base, table[gender].format(accusative), CASES, plural=gender == "p")


_FEMININE_ADJECTIVES = (
    "яча",
    "юча",
    "ська",
    "цька",
    "зька",
    "ова",
    "ева",
    "єва",
    "ня",
    "дна",
    "вна",
    "йна",
    "льна",
    "чна",
    "тна",
    "рна",
    "зна",
    "сна",
    "шна",
    "жна",
    "бна",
    "пна",
    "мна",
    "нна",
    "стна",
)
_SHORT_ADJECTIVES = {
    "нова", "стара", "велика", "мала", "біла", "чорна", "червона", "верхня", "нижня", "гола", "золота", "зелена",
    "кам'яна",
    "суха", "гостра", "крива", "мокра", "свята", "добра", "синя", "висока", "широка", "глибока", "солона", "тиха",
    "чиста",
    "перша", "друга", "третя", "четверта", "п'ята", "окрема", "єдина", "спільна", "права", "ліва", "західна", "східна",
    "збройні",
}  # fmt: skip
_NOT_ADJECTIVES = {
    "поле",
    "море",
    "місце",
    "сонце",
    "серце",
    "війна",
    "сили",
    "бригада",
    "рада",
    "служба",
    "воля",
    "армія",
}


def looks_adjective(word: str) -> bool:
    """Whether a Ukrainian word has an ending of an adjective in the nominative."""
    low = word.lower()
    if low in _NOT_ADJECTIVES or len(low) < 4:
        return low in _SHORT_ADJECTIVES
    if low.endswith(("ий", "ній")):
        return True
    if low.endswith(("а", "я")):
        return low in _SHORT_ADJECTIVES or (
            low.endswith(_FEMININE_ADJECTIVES) and not low.endswith(("війна", "ння", "ина", "їна", "тисяча"))
        )
    if low.endswith(("е", "є")):
        return not low.endswith(("ще", "це", "поле", "море", "горе"))
    return low.endswith(
        ("ські", "цькі", "зькі", "ні", "ові", "кі", "ві", "ті", "лі", "ячі", "ючі")
    ) and not low.endswith(("вогні", "будні", "злидні", "їні", "тисячі", "телі"))


def gender_of(adjective_form: str) -> str:
    """The gender that an adjective in the nominative shows: "m", "f", "n", "p"."""
    return {"а": "f", "я": "f", "е": "n", "є": "n", "і": "p"}.get(adjective_form[-1:].lower(), "m")
