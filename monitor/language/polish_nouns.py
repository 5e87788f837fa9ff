"""Polish nouns by their endings, singular and plural.

Rules: Saloni, Woliński, "Słownik gramatyczny języka polskiego"; Wielki słownik ortograficzny PWN, §§ 60–75.
"""

from __future__ import annotations

from monitor.language.forms import CASES, Slots, decline

VOWELS = "aąeęioóuy"
_SOFT = ("ć", "ś", "ź", "ń", "l", "j", "ż", "rz", "sz", "cz", "c", "dz", "dż")
MASCULINE_LOCATIVE = (
    ("st", "ście"), ("zd", "ździe"), ("ch", "chu"), ("sł", "śle"), ("zł", "źle"), ("t", "cie"), ("d", "dzie"),
    ("ł", "le"), ("r", "rze"),
    ("k", "ku"), ("g", "gu"), ("h", "hu"),
)  # fmt: skip
FEMININE_LOCATIVE = (
    ("st", "ście"), ("zd", "ździe"), ("ch", "sze"), ("sł", "śle"), ("t", "cie"), ("d", "dzie"), ("ł", "le"),
    ("r", "rze"), ("k", "ce"), ("g", "dze"),
    ("h", "że"),
)  # fmt: skip
_MEN_PLURAL = (
    ("ch", "si"),
    ("st", "ści"),
    ("t", "ci"),
    ("d", "dzi"),
    ("k", "cy"),
    ("g", "dzy"),
    ("r", "rzy"),
    ("ł", "li"),
)
_HARDENING = {"ć": "ci", "ś": "si", "ź": "zi", "ń": "ni"}
# Stems that change in the other cases.
_CHANGING = {
    "dzień": "dni", "więzień": "więźni", "uchodźca": "uchodźc", "ogień": "ogni", "żołnierz": "żołnierz",
    "sztab": "sztab", "tydzień": "tygodni", "pies": "ps", "obóz": "oboz", "powód": "powod", "wschód": "wschod",
    "zachód": "zachod", "lód": "lod",
    "ewakuacja": "ewakuacj", "miesiąc": "miesiąc", "zawód": "zawod", "wywóz": "wywoz", "przewóz": "przewoz",
    "dowóz": "dowoz", "naród": "narod",
    "samochód": "samochod", "pochód": "pochod", "odwrót": "odwrot", "powrót": "powrot", "ostrzał": "ostrzał",
    "ukraina": "ukrain", "rząd": "rząd",
    "mąż": "męż", "ząb": "zęb", "okręg": "okręg", "krąg": "kręg", "rów": "row", "bój": "boj", "nabój": "naboj",
    "pokój": "pokoj", "rozejm": "rozejm",
    "lwów": "lwow", "kraków": "krakow", "charków": "charkow", "kijów": "kijow", "czernihów": "czernihow",
}  # fmt: skip


def noun(lemma: str, *, person: bool | None = None) -> Slots:
    """A noun by its ending, singular and plural."""
    low = lemma.lower()
    if low == "wieś":
        return decline(lemma, "ws", "* i i * ią i i", CASES) | decline(
            lemma, "ws", "ie i iom ie iami iach ie", CASES, plural=True
        )
    if low.endswith("a"):
        return _a(lemma)
    if low.endswith(("o", "e", "ę")):
        return _neuter(lemma)
    if low.endswith("um"):
        return decline(lemma, lemma[:-2], "* um um um um um um", CASES) | decline(
            lemma, lemma[:-2], "a ów om a ami ach a", CASES, plural=True
        )
    if low.endswith(("ość", "eść", "awa_", "eć", "ęć", "oc", "ódź", "ędź", "ań_", "erć", "ść")):
        return _feminine_consonant(lemma)
    return _masculine(
        lemma,
        person
        if person is not None
        else low.endswith(
            ("ik", "yk", "ec", "arz", "erz", "anin", "ista", "ant", "ent", "or", "er", "acz", "ciel", "ów_")
        ),
    )


def stem(lemma: str) -> str:
    """The stem of the other cases of a masculine noun: jeniec → jeńc-, obóz → oboz-, zakładnik stays."""
    low = lemma.lower()
    if low in _CHANGING:
        return lemma[:1] + _CHANGING[low][1:]
    if low.endswith(("ód", "óz", "óg", "ów", "ór", "ój")) and len(low) > 3:
        return lemma[:-2] + "o" + lemma[-1]
    if low.endswith("niec"):
        return lemma[:-4] + "ńc"
    if low.endswith("lec"):
        return lemma[:-3] + "lc"
    if low.endswith("iec") and len(low) > 4:
        return lemma[:-3] + "c"
    if low.endswith("ec") and len(low) > 4:
        return lemma[:-2] + "c"
    if low.endswith("nek") or (
        low.endswith(("tek", "dek", "łek", "rek", "żek", "czek", "szek", "wek")) and len(low) > 4
    ):
        return lemma[:-2] + "k"
    if low[-1] in _HARDENING:
        return lemma[:-1] + _HARDENING[low[-1]]
    return lemma


def softened(base: str, table: tuple[tuple[str, str], ...], default: str) -> str:
    """Soften the end of a stem by the first row of the table that fits, else add the usual ending."""
    for end, soft in table:
        if base.lower().endswith(end):
            return base[: -len(end)] + soft
    return base + default


def soft_stem(base: str) -> bool:
    """Whether a stem is soft or hardened, so that its endings are -em, -u, -e."""
    low = base.lower()
    return low.endswith(_SOFT) or low.endswith("i")


def _masculine(lemma: str, person: bool) -> dict[str, tuple[str, ...]]:
    base = stem(lemma)
    low = base.lower()
    genitive = "a" if person else "a/u"
    accusative = "a" if person else "*"
    if lemma.lower().endswith("anin"):
        plural = lemma[:-2]
        one = decline(lemma, lemma, "* a owi a em * *", CASES) | {
            "locative": (lemma + "ie",),
            "vocative": (lemma + "ie",),
        }
        return one | decline(lemma, plural, "ie - om - ami ach ie", CASES, plural=True)
    if soft_stem(base):
        i_end = "e" if low.endswith(("i", "l", "j", "ż", "rz", "sz", "cz", "c", "dz")) else "y"
        slots = decline(lemma, base, f"* {genitive} owi {accusative} em u u", CASES)
        many = decline(lemma, base, f"{i_end} ów om {i_end} ami ach {i_end}", CASES, plural=True)
        y = "" if low.endswith("i") else "i" if low.endswith(("l", "j")) else "y"
        zero = (
            base[:-2] + {"ni": "ni", "ci": "ci", "si": "si", "zi": "zi"}.get(low[-2:], low[-2:])
            if low.endswith("i")
            else base + y
        )
        many["genitive plural"] = (base + "ów", zero)
        if low.endswith("c") and person:
            many["nominative plural"] = (base + "y",)
        return slots | many
    em = "iem" if low.endswith(("k", "g")) else "em"
    locative = softened(base, MASCULINE_LOCATIVE, "ie")
    vocative = locative
    slots = decline(lemma, base, f"* {genitive} owi {accusative} {em} * *", CASES) | {
        "locative": (locative,),
        "vocative": (vocative,),
    }
    men = softened(base, _MEN_PLURAL, "i")
    y = "i" if low.endswith(("k", "g")) else "y"
    nominative = (men, base + "owie", base + y) if person else (base + y,)
    return slots | {
        "nominative plural": nominative, "genitive plural": (base + "ów",), "dative plural": (base + "om",),
        "instrumental plural": (base + "ami",), "locative plural": (base + "ach",),
    }  # fmt: skip


def _a(lemma: str) -> dict[str, tuple[str, ...]]:
    base = lemma[:-1]
    low = base.lower()
    if low.endswith("i") or soft_stem(base):
        i = (
            ""
            if low.endswith("i") and not low.endswith(("ni", "ci", "si", "zi", "dzi", "bi", "pi", "wi", "mi"))
            else "i"
        )
        if low.endswith(("ż", "rz", "sz", "cz", "c", "dz")):
            i = "y"
        genitive = base + i if not (low.endswith("i") and i == "i") else base
        if low.endswith("i") and i == "":
            genitive = base + "i"
        slots = decline(lemma, base, "* - - ę ą - o", CASES) | dict.fromkeys(
            ("genitive", "dative", "locative"), (genitive,)
        )
        zero = (
            base[:-2] + {"ni": "ń", "ci": "ć", "si": "ś", "zi": "ź"}.get(low[-2:], low[-2:])
            if low.endswith(("ni", "ci", "si", "zi"))
            else base
        )
        if low.endswith("j") or (low.endswith("i") and i == ""):
            zero = genitive
        many = decline(lemma, base, "e * om e ami ach e", CASES, plural=True) | {"genitive plural": (zero, genitive)}
        return slots | many
    locative = softened(base, FEMININE_LOCATIVE, "ie")
    y = "i" if low.endswith(("k", "g")) else "y"
    slots = decline(lemma, base, f"* {y} * ę ą * o", CASES) | {"dative": (locative,), "locative": (locative,)}
    zero = base[:-1] + "e" + base[-1] if len(low) > 2 and low[-1] == "k" and low[-2] not in VOWELS else base
    if zero != base and low[-2] in "ń":
        zero = base[:-2] + "niek"
    many = decline(lemma, base, f"{y} - om {y} ami ach {y}", CASES, plural=True)
    many["genitive plural"] = (zero, base + "ów") if low.endswith("ist") else (zero,)
    if low.endswith("ist"):
        many["nominative plural"] = (base[:-2] + "ści",)
    return slots | many


def _neuter(lemma: str) -> dict[str, tuple[str, ...]]:
    base = lemma[:-1]
    low = base.lower()
    if lemma.endswith("o"):
        locative = (
            base + "u"
            if low.endswith(("k", "g", "ch", "l", "j", "c", "cz", "sz", "ż", "rz"))
            else softened(base, MASCULINE_LOCATIVE, "ie")
        )
        em = "iem" if low.endswith(("k", "g")) else "em"
        slots = decline(lemma, base, f"* a u * {em} * *", CASES) | {"locative": (locative,)}
        return slots | decline(lemma, base, "a - om a ami ach a", CASES, plural=True)
    zero = (
        base[:-2] + {"ni": "ń", "ci": "ć", "si": "ś", "zi": "ź"}.get(low[-2:], low[-2:]) if low.endswith("i") else base
    )
    slots = decline(lemma, base, "* a u * em u *", CASES)
    return slots | decline(lemma, base, "a * om a ami ach a", CASES, plural=True) | {"genitive plural": (zero,)}


def _feminine_consonant(lemma: str) -> dict[str, tuple[str, ...]]:
    base = lemma[:-1] + _HARDENING.get(lemma[-1].lower(), lemma[-1])
    end = base if base.endswith("i") else base + "y"
    slots = decline(lemma, base, "* * * * ą * *", CASES) | dict.fromkeys(
        ("genitive", "dative", "locative", "vocative"), (end,)
    )
    return (
        slots
        | decline(lemma, base, "* * om * ami ach *", CASES, plural=True)
        | {"nominative plural": (end, base + "e"), "genitive plural": (end,)}
    )
