"""Polish common words: nouns, adjectives and verbs by their endings.

Rules: Saloni, Woliński, "Słownik gramatyczny języka polskiego"; Wielki słownik ortograficzny PWN, §§ 60–75.
"""

from __future__ import annotations

from monitor.language.forms import CASES, Form, Slots, decline, distinct, forms_of

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
_MEN_ADJECTIVE = (
    ("an", "ani"),
    ("on", "eni"),
    ("ch", "si"),
    ("sz", "si"),
    ("ż", "zi"),
    ("st", "ści"),
    ("t", "ci"),
    ("d", "dzi"),
    ("k", "cy"),
    ("g", "dzy"),
    ("r", "rzy"),
    ("ł", "li"),
    ("w", "wi"),
    ("b", "bi"),
    ("p", "pi"),
    ("m", "mi"),
    ("n", "ni"),
)
_DEPALATAL = (
    ("ści", "szcz"),
    ("śc", "szcz"),
    ("źdz", "żdż"),
    ("dz", "dz"),
    ("c", "c"),
    ("s", "sz"),
    ("z", "ż"),
    ("n", "ni"),
    ("l", "l"),
    ("b", "bi"),
    ("p", "pi"),
    ("w", "wi"),
    ("m", "mi"),
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


def forms(lemma: str) -> list[Form]:
    """The forms of a Polish word: a verb where it ends in -ć, an adjective in -y or -i, else a noun."""
    low = lemma.lower()
    found = [Form(lemma, "as written")]
    if is_infinitive(low):
        return [*found, *verb(low)]
    if is_adjective(low):
        return [*found, *forms_of(adjective(low))]
    return [*found, *forms_of(noun(low))]


_NOUNS_IN_C = {
    "pamięć",
    "sieć",
    "nić",
    "śmierć",
    "powieść",
    "część",
    "wieść",
    "pomoc",
    "moc",
    "noc",
    "przemoc",
    "odpowiedź",
    "chęć",
}


def is_infinitive(word: str) -> bool:
    """Whether a word is an infinitive by its ending."""
    low = word.lower()
    return low.endswith(("ać", "ić", "yć", "eć", "ąć", "uć", "eść", "aść", "źć", "óc")) and low not in _NOUNS_IN_C


def is_adjective(low: str) -> bool:
    """Whether a word is an adjective in its dictionary form (masculine nominative)."""
    return low.endswith(("y", "i")) and len(low) > 3


def agreeing_adjective(lemma: str) -> Slots:
    """An adjective with the plural cases named apart, to stand beside a noun."""
    slots = dict(adjective(lemma))
    for case in CASES:
        slots.setdefault(case, (lemma,))
    slots["accusative"] = tuple(dict.fromkeys((*slots["nominative"], *slots["genitive"], *slots["accusative"])))
    plural = {f"{case} plural": slots[case] for case in CASES if case != "nominative"}
    return slots | plural | {"accusative plural": (*slots["nominative plural"], *slots["genitive"])}


def adjective(lemma: str) -> Slots:
    """An adjective or participle in all genders."""
    stem = lemma[:-1]
    soft = lemma.endswith("i") and stem[-1:] not in "kg"
    i = "i" if lemma.endswith("i") else ""
    y = "" if i else "y"
    body = stem + i
    men = _men_adjective(stem)
    a = body if soft else stem
    return {
        "nominative": (lemma, a + "a", body + "e"),
        "genitive": (body + "ego", body + "ej", body + y + "ch"),
        "dative": (body + "emu", body + y + "m"),
        "accusative": (a + "ą",),
        "instrumental": (body + y + "m", body + y + "mi"),
        "locative": (body + y + "m", body + y + "ch"),
        "nominative plural": (men, body + "e"),
        "adverb": (stem + "o",) if not i else (),
    }


def _men_adjective(stem: str) -> str:
    for end, soft in _MEN_ADJECTIVE:
        if stem.endswith(end):
            return stem[: -len(end)] + soft
    return stem + "y"


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


def verb(infinitive: str) -> list[Form]:
    """The forms of a verb: present or future, past, imperative, participles, -no and -to, verbal noun."""
    low = infinitive
    stem_ = low[:-1]
    forms: list[Form] = []
    if low.endswith(("ować", "iwać", "ywać")):
        present = low[:-4] + ("uj" if low.endswith(("ować", "ywać", "iwać")) else "")
        rows = [
            present + e
            for e in (
                "ę",
                "esz",
                "e",
                "emy",
                "ecie",
                "ą",
                "",
                "cie",
                "my",
                "ąc",
                "ący",
                "ąca",
                "ące",
                "ących",
                "ącego",
                "ącej",
                "ącą",
                "ącym",
                "ącymi",
                "ącemu",
            )
        ]
        passive = stem_ + "n"
    elif low.endswith("ać"):
        rows = [
            stem_ + e
            for e in (
                "m",
                "sz",
                "",
                "my",
                "cie",
                "ją",
                "j",
                "jcie",
                "jmy",
                "jąc",
                "jący",
                "jąca",
                "jące",
                "jących",
                "jącego",
                "jącej",
                "jącym",
            )
        ]
        passive = stem_ + "n"
    elif low.endswith(("ić", "yć")):
        body = low[:-2]
        soft = body + "i" if low.endswith("ić") and body[-1] not in "lj" else body
        hard = _depalatal(body) if low.endswith("ić") else body
        rows = (
            [hard + e for e in ("ę", "ą")]
            + [stem_ + e for e in ("sz", "", "my", "cie")]
            + [hard + e for e in ("ąc", "ący")]
        )
        rows += [_softest(body)] + [_softest(body) + e for e in ("cie", "my")]
        passive = hard + "on" if not soft.endswith("i") or hard != soft else soft + "on"
    elif low.endswith("wziąć"):
        rows = [
            low[:-4] + e for e in ("ezmę", "eźmiesz", "eźmie", "eźmiemy", "eźmiecie", "ezmą", "eź", "eźcie", "eźmy")
        ]
        passive = low[:-2] + "ęt"
        forms += [Form(low[:-2] + e, "past") for e in ("ął", "ęła", "ęło", "ęli", "ęły", "ąwszy")]
    elif low.endswith("ąć"):
        body = low[:-2]
        rows = [body + e for e in ("nę", "nie", "nij", "ną", "mę", "mie", "mą")]
        passive = body + "ęt"
        forms += [Form(body + e, "past") for e in ("ął", "ęła", "ęło", "ęli", "ęły", "ąwszy")]
    else:
        rows, passive = [], ""
    forms += [Form(row, "present, future or imperative") for row in rows]
    if not low.endswith("ąć"):
        past = stem_ if not stem_.endswith("e") else stem_[:-1] + "a"
        forms += [Form(past + e, "past") for e in ("ł", "ła", "ło", "ły", "łem", "łam", "łby", "łaby", "wszy")]
        forms += [Form(stem_ + e, "past") for e in ("li", "liśmy", "liby")]
    if passive:
        forms.append(Form(passive + "o", "impersonal in -no, -to"))
        forms += forms_of(adjective(passive + "y"), "participle")
        gerund = passive[:-1] + "nie" if passive.endswith("n") else passive[:-1] + "cie"
        if passive.endswith("on"):
            gerund = passive[:-2] + "enie"
        forms += forms_of(noun(gerund), "verbal noun")
    return list(distinct(forms))


def _depalatal(body: str) -> str:
    for end, hard in _DEPALATAL:
        if body.endswith(end):
            return body[: -len(end)] + hard
    return body


def _softest(body: str) -> str:
    for end, soft in (("dz", "dź"), ("c", "ć"), ("s", "ś"), ("z", "ź"), ("n", "ń")):
        if body.endswith(end):
            return body[: -len(end)] + soft
    return body
