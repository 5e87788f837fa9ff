"""Belarusian nouns and adjectives, declined by their endings.

Rules: Правілы беларускай арфаграфіі і пунктуацыі (2008) and the school grammar's declensions; where the locative
depends on stress, the variants are given side by side.
"""

from __future__ import annotations

from monitor.language.forms import CASES, decline, frozen, respelt, union

VOWELS = "аеёіоуыэюя"
HARDENED = "жшчцр"
_SPELLING = [(f"{c}ы", f"{c}і") for c in "гкх"]
_SOFTER = {"г": "зе", "к": "цы", "х": "се"}
_BEFORE_E = {"д": "дзе", "т": "це"}

CHANGING = {
    "дзень": "дн", "палон": "палон", "лідар": "лідар", "горад": "горад", "рог": "рог", "леў": "льв", "любоў": "любов",
    "царква": "царкв", "павел": "паўл", "пётр": "пятр", "пасёлак": "пасёлк", "нож": "наж", "мост": "маст",
    "стол": "стал",
}  # fmt: skip


def decline_be(lemma: str, stem: str, one: str = "", many: str = "") -> dict[str, tuple[str, ...]]:
    """Decline with the columns of singular and plural (either may be empty), spelling rules applied."""
    slots: dict[str, tuple[str, ...]] = {}
    if one:
        slots |= decline(lemma, stem, one, CASES)
    if many:
        slots |= decline(lemma, stem, many + " " + many.split()[0], CASES, plural=True)
    return respelt(slots, _SPELLING, stem)


def noun(lemma: str, gender: str | None = None, animate: bool = False) -> dict[str, tuple[str, ...]]:
    """Decline a noun by its ending, singular and plural; `gender` ("m", "f", "n") settles words in -ь, -а and -я."""
    low = lemma.lower()
    last = low[-1:]
    if last == "а" and gender == "n":
        return decline_be(lemma, lemma[:-1], "* а у * ам е *", "ы - ам ы амі ах")
    if last in "ая":
        return _first(lemma, animate, man=gender == "m")
    if last == "о":
        if animate and gender == "m":
            return decline_be(lemma, lemma[:-1], "* а у а ом у/е о", "і ў ам ў амі ах")
        return decline_be(lemma, lemma[:-1], "* а у * ом е *", "ы - ам ы амі ах")
    if last in "её":
        return decline_be(lemma, lemma[:-1], f"* я ю * {'ем' if last == 'е' else 'ём'} і *", "і яў ям і ямі ях")
    if last in VOWELS or not last.isalpha():
        return frozen(lemma, CASES)
    if gender == "f" or (gender is None and low.endswith(("сць", "аць", "жць"))):
        return _third(lemma)
    return union(*(_second(lemma, base, animate) for base in [stem(lemma)]))


def stem(lemma: str) -> str:
    """The stem of the other cases of a noun in a consonant, -ь, -й or -ў."""
    low = lemma.lower()
    if low in CHANGING:
        return lemma[:1] + CHANGING[low][1:]
    if low.endswith("ў"):
        return lemma[:-1] + "в"
    if low.endswith("ец") and len(low) > 4:
        if low[-3] == "в":
            return lemma[:-3] + "ўц"
        return lemma[:-2] + ("йц" if low[-3] in VOWELS else "ьц" if low[-3] == "л" else "ц")
    if low.endswith(("нак", "так", "рак", "лак", "дак", "чак")) and sum(c in VOWELS for c in low) > 2:
        return lemma[:-2] + "к"
    return lemma[:-1] if low[-1] in "ьй" else lemma


def _second(lemma: str, base: str, animate: bool) -> dict[str, tuple[str, ...]]:
    low, last = lemma.lower(), base[-1:].lower()
    genitive = "а" if animate else "а/у"
    accusative = "а" if animate else "*"
    if low[-1] in "ьй":
        genitive, accusative = ("я", "я") if animate else ("я/ю", "*")
        return decline_be(
            lemma,
            base,
            f"* {genitive} ю {accusative} ем/ём {'ю/і' if animate else 'і/ю'} ю",
            f"і яў/ёў ям {'яў/ёў' if animate else 'і'} ямі ях",
        )
    many = "аў/оў" if animate else "ы"
    if last in HARDENED:
        return decline_be(lemma, base, f"* {genitive} у {accusative} ам/ом ы/у е", f"ы аў/оў ам {many} амі ах")
    if last in _SOFTER:
        locative = (base + "у", base[:-1] + {"г": "зе", "к": "цы", "х": "се"}[last])
        return decline_be(lemma, base, f"* {genitive} у {accusative} ам/ом у у", f"ы аў/оў ам {many} амі ах") | {
            "locative": locative
        }
    slots = decline_be(lemma, base, f"* {genitive} у {accusative} ам/ом е/у е", f"ы аў/оў ам {many} амі ах")
    if last in _BEFORE_E:
        soft = base[:-1] + _BEFORE_E[last]
        slots |= {"locative": (soft, base + "у"), "vocative": (soft,)}
    return slots


def _first(lemma: str, animate: bool, *, man: bool = False) -> dict[str, tuple[str, ...]]:
    base, low = lemma[:-1], lemma.lower()
    last = base[-1:].lower()
    if low.endswith("я"):
        instrumental = "яй/яю/ёй/ёю/ей/ею"
        slots = decline_be(lemma, base, f"* і і ю {instrumental} і я", "і яў/й ям і ямі ях")
        if last not in VOWELS and last not in "'’ь":
            slots["genitive plural"] = (base + "ь", base + "яў")
    else:
        slots = decline_be(lemma, base, "* ы е у ай/аю/ой/ою е а", "ы аў/- ам ы амі ах")
        if last in HARDENED:
            slots |= {"dative": (base + "ы", base + "э"), "locative": (base + "ы", base + "э")}
        elif last in _SOFTER:
            options = {"г": ("зе",), "к": ("цы", "ке", "цэ"), "х": ("се",)}[last]
            soft = tuple(base[:-1] + o for o in options)
            slots |= {"dative": soft, "locative": soft}
        elif last in _BEFORE_E:
            slots |= {"dative": (base[:-1] + _BEFORE_E[last],), "locative": (base[:-1] + _BEFORE_E[last],)}
        zero = _zero(base)
        slots["genitive plural"] = (*zero, base + "аў")
    if man:
        # A man's name in an unstressed -а takes the endings of the second declension in three cases.
        u, am = ("ю", "ем/ям") if low.endswith("я") else ("у", "ам/ом")
        extra = decline_be(lemma, base, f"* * {u} * {am} {u} *")
        slots = union(slots, {case: extra[case] for case in ("dative", "instrumental", "locative")})
    if animate:
        slots["accusative plural"] = slots["genitive plural"]
    return slots


def _zero(base: str) -> tuple[str, ...]:
    low = base.lower()
    if len(low) > 2 and low[-1] == "к" and low[-2] not in VOWELS:
        if low[-2] in "ьй":
            return (base[:-2] + "ек",)
        return (base[:-1] + "ак", base[:-1] + "ек")
    if low.endswith("в"):
        return (base[:-1] + "ў",)
    return (base,)


def _third(lemma: str) -> dict[str, tuple[str, ...]]:
    low = lemma.lower()
    base = lemma[:1] + CHANGING[low][1:] if low in CHANGING else lemma[:-1] if low.endswith("ь") else lemma
    ending = "ы" if base[-1].lower() in HARDENED and not low.endswith("ь") else "і"
    slots = decline_be(
        lemma, base, f"* {ending} {ending} * ю {ending} *", "і ей ям і ямі ях" if ending == "і" else "ы ей ам ы амі ах"
    )
    body = lemma[:-1] if low.endswith("ь") else lemma
    double = body[-1].lower() not in "мбпвўрф" and (len(body) < 2 or body[-2].lower() in VOWELS)
    if low.endswith("ць") and double:
        instrumental = body + "цю"
    elif low.endswith("дзь"):
        instrumental = body[:-2] + "ддзю"
    elif body[-1].lower() in "мбпвўрф":
        instrumental = body + ("'ю" if body[-1].lower() != "ў" else "ю")
    else:
        instrumental = body + (body[-1] if double else "") + ("ю")
    return slots | {"instrumental": (instrumental,)}


def plural_noun(lemma: str, animate: bool = False) -> dict[str, tuple[str, ...]]:
    """Decline a noun that has a plural alone (Валуйкі, Баранавічы, людзі); the keys are those of the plural."""
    low, base = lemma.lower(), lemma[:-1]
    if low in ("людзі", "дзеці"):
        return decline_be(lemma, base, "", "* ей ям ей ьмі ях")
    if low.endswith("кі"):
        slots = decline_be(lemma, base, "", "* аў ам * амі ах") | {"genitive plural": (*_zero(base), base + "аў")}
    elif low.endswith("ы"):
        slots = decline_be(lemma, base, "", "* аў/оў/- ам * амі ах")
    else:
        slots = decline_be(lemma, base, "", "* яў/ёў/ей/ь ям * ямі ях")
    return slots | ({"accusative plural": slots["genitive plural"]} if animate else {})


_TABLES = {
    "hard": {
        "m": "* ага/ога аму/ому {} ым ым *", "f": "ая ай/ой ай/ой ую ай/аю/ой/ою ай/ой ая",
        "n": "ае/ое ага/ога аму/ому ае/ое ым ым ае/ое", "p": "ыя ых ым {} ымі ых ыя",
    },
    "soft": {
        "m": "* яга яму {} ім ім *", "f": "яя яй яй юю яй/яю яй яя",
        "n": "яе яга яму яе ім ім яе", "p": "ія іх ім {} імі іх ія",
    },
}  # fmt: skip
_VELAR = {
    "m": "* ага/ога аму/ому {} ім ім *", "f": "ая ай/ой ай/ой ую ай/аю/ой/ою ай/ой ая",
    "n": "ае/ое ага/ога аму/ому ае/ое ім ім ае/ое", "p": "ія іх ім {} імі іх ія",
}  # fmt: skip


def adjective(lemma: str, gender: str, animate: bool = False) -> dict[str, tuple[str, ...]]:
    """Decline an adjective given in the nominative of any gender, for a noun of `gender` ("m", "f", "n", "p")."""
    low = lemma.lower()
    base = lemma[:-1] if low.endswith(("ы", "і")) else lemma[:-2]
    velar = base[-1:].lower() in tuple("гкх")
    soft = not velar and (low.endswith(("і", "яя", "яе", "ія")))
    nominative = lemma if low.endswith(("ы", "і")) else base + ("і" if soft or velar else "ы")
    table = _VELAR if velar else _TABLES["soft" if soft else "hard"]
    if gender == "p":
        accusative = ("іх" if soft or velar else "ых") if animate else ("ія" if soft or velar else "ыя")
    else:
        accusative = ("яга" if soft else "ага/ога") if animate else "*"
    slots = decline(nominative, base, table[gender].format(accusative), CASES, plural=gender == "p")
    if sum(letter in VOWELS for letter in base.lower()) < 2:
        return slots
    # The endings -ога, -ой … are stressed ones, which only short stems have.
    return {case: tuple(f for f in forms if not f.startswith(base + "о")) or forms for case, forms in slots.items()}


def looks_adjective(word: str) -> bool:
    """Whether a Belarusian word has an ending of an adjective in the nominative."""
    low = word.lower()
    if len(low) < 4:
        return False
    if low.endswith(("ая", "яя", "ае", "ое", "яе", "ыя")):
        return True
    if low.endswith("ія"):
        return low[-3] in "гкх"
    return low.endswith(("скі", "цкі", "зкі", "ны", "вы", "ты", "лы", "ры", "ні"))


def gender_of(adjective_form: str) -> str:
    """The gender that an adjective in the nominative shows: "m", "f", "n", "p"."""
    end = adjective_form[-2:].lower()
    return {"ая": "f", "яя": "f", "ае": "n", "ое": "n", "яе": "n", "ыя": "p", "ія": "p"}.get(end, "m")
