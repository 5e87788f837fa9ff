"""Russian nouns and adjectives that no dictionary knows: names above all, declined by their endings.

Rules: Зализняк, "Грамматический словарь русского языка", and the Academy Grammar of 1980, §§ 1182–1311.
"""

from __future__ import annotations

from monitor.language.forms import RUSSIAN_CASES, Slots, decline, frozen, respelt, union

VOWELS = "аеёиоуыэюя"
HUSHING = "жшчщ"
_SPELLING = (
    [(f"{c}ы", f"{c}и") for c in "гкхжшчщ"]
    + [(f"{c}я", f"{c}а") for c in "жшчщц"]
    + [(f"{c}ю", f"{c}у") for c in "жшчщц"]
)

# Nouns whose last vowel falls out or changes, with the stem of the other cases.
FLEETING = {
    "павел": "павл", "лев": "льв", "орёл": "орл", "орел": "орл", "пёс": "пс", "церковь": "церкв", "любовь": "любов",
    "посёлок": "посёлк", "поселок": "поселк", "козёл": "козл", "козел": "козл", "котёл": "котл", "котел": "котл",
    "узел": "узл", "день": "дн", "пётр": "петр", "хмель": "хмел", "псков": "псков", "осётр": "осетр", "дёготь": "дёгт",
    "коготь": "когт", "ноготь": "ногт", "дятел": "дятл", "бубен": "бубн", "овёс": "овс", "козырь": "козыр",
    "соловей": "соловь", "воробей": "воробь", "муравей": "муравь", "ручей": "ручь", "лёд": "льд", "мох": "мох",
    "чехол": "чехл",
}  # fmt: skip


def decline_ru(lemma: str, stem: str, one: str = "", many: str = "") -> dict[str, tuple[str, ...]]:
    """Decline with the columns of singular and plural (either may be empty), spelling rules applied."""
    slots: dict[str, tuple[str, ...]] = {}
    if one:
        slots |= decline(lemma, stem, one, RUSSIAN_CASES)
    if many:
        slots |= decline(lemma, stem, many, RUSSIAN_CASES, plural=True)
    return respelt(slots, _SPELLING, stem)


def noun(lemma: str, gender: str | None = None, animate: bool = False) -> dict[str, tuple[str, ...]]:
    """Decline a noun by its ending, singular and plural; `gender` ("m", "f", "n") matters for -ь alone, else the
    ending rules.

    A noun in an ending that Russian does not decline comes back unchanged in every case.
    """
    last = lemma[-1:].lower()
    if last == "а":
        return _first(lemma, lemma[:-1], animate)
    if last == "я":
        return _first_soft(lemma, lemma[:-1], animate)
    if last == "о":
        return decline_ru(lemma, lemma[:-1], "* а у * ом е", f"а {_zero(lemma[:-1])} ам а ами ах")
    if last in "её":
        return _neuter_soft(lemma)
    if last == "ь":
        return _third(lemma) if gender == "f" else _second_soft(lemma, animate)
    if last == "й":
        return _second_iot(lemma, animate)
    if last in VOWELS or not last.isalpha():
        return frozen(lemma, RUSSIAN_CASES)
    return _second(lemma, animate)


def _zero(stem: str) -> str:
    """The column of a genitive plural without an ending; stems that need a vowel there get it by `plural_genitives`."""
    return "-" if stem else "*"


def _second(lemma: str, animate: bool) -> dict[str, tuple[str, ...]]:
    accusative, many = ("а", "ов") if animate else ("*", "ы")
    stems = masculine_stems(lemma)
    paradigms = []
    for stem in stems:
        last = stem[-1].lower()
        if last in HUSHING:
            paradigms.append(decline_ru(lemma, stem, f"* а у {accusative} ем/ом е", "и ей ам и/ей ами ах"))
        elif last == "ц":
            genitive = "ев/ов"
            paradigms.append(
                decline_ru(
                    lemma, stem, f"* а у {accusative} ем/ом е", f"ы {genitive} ам {genitive if animate else 'ы'} ами ах"
                )
            )
        else:
            paradigms.append(decline_ru(lemma, stem, f"* а у {accusative} ом е", f"ы ов ам {many} ами ах"))
    return union(*paradigms)


def masculine_stems(lemma: str) -> list[str]:
    """The stems that a masculine noun in a consonant may have in its other cases, with fleeting vowels out."""
    low = lemma.lower()
    if low in FLEETING:
        return [lemma[:1] + FLEETING[low][1:]]
    syllables = sum(c in VOWELS for c in low)
    if syllables < 2:
        return [lemma]
    if low.endswith(("ец", "ёц")):
        before = low[-3]
        if before in VOWELS:
            return [lemma[:-2] + "йц"]
        if before == "л":
            return [lemma[:-2] + "ьц"]
        return [lemma[:-2] + "ц"] if low[-4:-3] in VOWELS or low[-4:-2] in ("вн", "ст") else [lemma]
    if low.endswith(("ёнок", "енок", "онок")) or (low.endswith("ок") and low[-3] in "нчлвт" and low[-4:-3] in VOWELS):
        return [lemma[:-2] + "к"]
    if low.endswith("чек"):
        return [lemma[:-2] + "к"]
    return [lemma]


def _second_soft(lemma: str, animate: bool) -> dict[str, tuple[str, ...]]:
    low = lemma.lower()
    stem = lemma[:1] + FLEETING[low][1:] if low in FLEETING else lemma[:-1]
    return decline_ru(
        lemma, stem, f"* я ю {'я' if animate else '*'} ем е", f"и ей ям {'ей' if animate else 'и'} ями ях"
    )


def _second_iot(lemma: str, animate: bool) -> dict[str, tuple[str, ...]]:
    low = lemma.lower()
    stem = lemma[:1] + FLEETING[low][1:] if low in FLEETING else lemma[:-1]
    prepositional = "и" if low.endswith("ий") and sum(c in VOWELS for c in low) > 1 else "е"
    return decline_ru(
        lemma, stem, f"* я ю {'я' if animate else '*'} ем {prepositional}", f"и ев ям {'ев' if animate else 'и'} ями ях"
    )


def _third(lemma: str) -> dict[str, tuple[str, ...]]:
    low = lemma.lower()
    stem = lemma[:1] + FLEETING[low][1:] if low in FLEETING else lemma[:-1]
    slots = decline_ru(lemma, stem, "* и и * ью и", "и ей ям и ями ях")
    return slots | {"instrumental": (lemma + "ю",)}


def _first(lemma: str, stem: str, animate: bool) -> dict[str, tuple[str, ...]]:
    instrumental = "ей/ой/ею/ою" if stem[-1:].lower() in HUSHING + "ц" else "ой/ою"
    slots = decline_ru(lemma, stem, f"* ы е у {instrumental} е", "ы - ам ы ами ах")
    return slots | _zero_plurals(stem, slots, animate)


def _first_soft(lemma: str, stem: str, animate: bool) -> dict[str, tuple[str, ...]]:
    low = lemma.lower()
    if low.endswith("ия"):
        slots = decline_ru(lemma, stem, "* и и ю ей/ею и", "и й ям и ями ях")
        if sum(c in VOWELS for c in low) < 3:
            slots = union(slots, {"dative": (stem + "е",), "prepositional": (stem + "е",)})
    elif low.endswith("ья"):
        # Илья, Наталья: the genitive plural drops the sign and takes -ий or -ей.
        slots = decline_ru(lemma, stem, "* и е ю ей/ею е", "и - ям и ями ях") | {
            "genitive plural": (stem[:-1] + "ий", stem[:-1] + "ей")
        }
    elif stem[-1:].lower() in VOWELS:
        slots = decline_ru(lemma, stem, "* и е ю ей/ею е", "и й ям и ями ях")
    else:
        slots = decline_ru(lemma, stem, "* и е ю ей/ею е", "и ь ям и ями ях")
    if animate:
        slots["accusative plural"] = slots["genitive plural"]
    return slots


def _zero_plurals(stem: str, slots: Slots, animate: bool) -> dict[str, tuple[str, ...]]:
    genitive = plural_genitives(stem)
    return {"genitive plural": genitive, "accusative plural": genitive if animate else slots["nominative plural"]}


def plural_genitives(stem: str) -> tuple[str, ...]:
    """The genitive plural without an ending, with a vowel put in where the stem ends in consonant + к, or ь/й + к."""
    low = stem.lower()
    if low.endswith(("ьк", "йк")):
        return (stem[:-2] + "ек",)
    if len(low) > 2 and low[-1] == "к" and low[-2] not in VOWELS:
        return (stem[:-1] + ("ек" if low[-2] in HUSHING + "ц" else "ок"),)
    return (stem,)


def _neuter_soft(lemma: str) -> dict[str, tuple[str, ...]]:
    low, stem = lemma.lower(), lemma[:-1]
    if low.endswith("ие"):
        return decline_ru(lemma, stem, "* я ю * ем и", "я й ям я ями ях")
    if low.endswith("ье"):
        return decline_ru(lemma, stem, "* я ю * ем е", "я * ям я ями ях") | {"genitive plural": (stem[:-1] + "ий",)}
    if low[-2:-1] in tuple("цжшчщ"):
        return decline_ru(lemma, stem, "* а у * ем е", "а - ам а ами ах")
    if low[-2:-1] in tuple(VOWELS):
        return frozen(lemma, RUSSIAN_CASES)
    return decline_ru(lemma, stem, "* я ю * ем е", "я ей ям я ями ях")


def plural_noun(lemma: str, animate: bool = False) -> dict[str, tuple[str, ...]]:
    """Decline a noun that has a plural alone (Валуйки, Черновцы), the keys being those of the plural."""
    low, stem = lemma.lower(), lemma[:-1]
    if low.endswith("а"):
        return decline_ru(lemma, stem, "", "* - ам * ами ах")
    if low.endswith("я"):
        return decline_ru(lemma, stem, "", "* й/ь ям * ями ях")
    genitive: tuple[str, ...]
    if low.endswith("ки"):
        genitive = plural_genitives(stem) if stem[-2:-1].lower() not in VOWELS else (stem, stem + "ов")
    elif low.endswith("ицы"):
        genitive = (stem,)
    elif low.endswith(("цы", "ды", "нты", "мы", "яны")) and low not in ("сумы",):
        genitive = (stem + "ов", stem + "ев") if low.endswith("цы") else (stem + "ов", stem)
    elif low.endswith(("чи", "ши", "жи", "щи")):
        genitive = (stem + "ей", stem)
    elif low.endswith("и") and stem[-1:].lower() not in "гкх":
        zero = "й" if stem[-1:].lower() in VOWELS else "ей/ь"
        slots = decline_ru(lemma, stem, "", f"* {zero} ям * ями ях")
        return slots | ({"accusative plural": slots["genitive plural"]} if animate else {})
    else:
        genitive = (stem, stem + "ов")
    slots = decline_ru(lemma, stem, "", "* - ам * ами ах") | {"genitive plural": genitive}
    return slots | ({"accusative plural": genitive} if animate else {})


_HARD = {
    "m": "* ого ому {} ым ом",
    "n": "ое ого ому ое ым ом",
    "f": "ая ой ой ую ой/ою ой",
    "p": "ые ых ым {} ыми ых",
}
_SOFT = {
    "m": "* его ему {} им ем",
    "n": "ее его ему ее им ем",
    "f": "яя ей ей юю ей/ею ей",
    "p": "ие их им {} ими их",
}
_ADJECTIVE = ("ый", "ий", "ой", "ая", "яя", "ое", "ее", "ые", "ие")


def adjective(lemma: str, gender: str, animate: bool = False) -> dict[str, tuple[str, ...]]:
    """Decline an adjective given in the nominative of any gender, for a noun of `gender` ("m", "f", "n" or "p" for
    plural).

    The keys are the plain cases, "… plural" for "p".
    """
    stem, soft = adjective_stem(lemma)
    table = _SOFT if soft else _HARD
    low = lemma.lower()
    nominative = (
        lemma if low.endswith(("ый", "ий", "ой")) else stem + ("ий" if soft or stem[-1:].lower() in "гкхжшчщ" else "ый")
    )
    many = "ых" if animate else "ые"
    if soft:
        many = "их" if animate else "ие"
    accusative = {"m": ("его" if soft else "ого") if animate else "*", "p": many}.get(gender, "")
    slots = decline(nominative, stem, table[gender].format(accusative), RUSSIAN_CASES, plural=gender == "p")
    return respelt(slots, _SPELLING, stem)


def adjective_stem(lemma: str) -> tuple[str, bool]:
    """The stem, and whether it takes soft endings (последний; рабочий too, since hushing stems take -его)."""
    stem, end = lemma[:-2], lemma[-2:].lower()
    last = stem[-1:].lower()
    soft = end in ("яя", "ее") or (end in ("ий", "ие") and last not in "гкх")
    return stem, soft


def looks_adjective(word: str) -> bool:
    """Whether a Russian word has an ending of an adjective in the nominative and none of a usual noun."""
    low = word.lower()
    if not low.endswith(_ADJECTIVE) or len(low) < 4:
        return False
    if low.endswith("ие"):
        return low[-3] in "гкхшщч" or low.endswith(
            ("ические", "ние") if low in ("верхние", "нижние", "средние") else "ские"
        )
    if low.endswith("ий"):
        return low[-3] in "гкхшщч" or low.endswith("ний")
    if low.endswith("ее"):
        return low[-3] in "шщчжн"
    if low.endswith("ой"):
        return sum(c in VOWELS for c in low[:-2]) > 0 and low[-3] not in "рб"
    return True


def gender_of(adjective_form: str) -> str:
    """The gender that an adjective in the nominative shows: "m", "f", "n", "p"."""
    end = adjective_form[-2:].lower()
    return {"ая": "f", "яя": "f", "ое": "n", "ее": "n", "ые": "p", "ие": "p"}.get(end, "m")
