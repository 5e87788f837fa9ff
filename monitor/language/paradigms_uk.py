"""Ukrainian nouns, declined by their endings.

Rules: Український правопис (2019), §§ 71–104; where the genitive may end in -а or -у, both are given.
"""

from __future__ import annotations

from monitor.language.forms import CASES, decline, frozen, respelt, union

VOWELS = "аеєиіїоуюя"
HUSHING = "жчшщ"
_SPELLING = [(f"{c}и", f"{c}і") for c in "жчшщ"] + [(f"{c}я", f"{c}а") for c in "жчшщ"]
_SOFTER = {"г": "з", "к": "ц", "х": "с"}
_VOCATIVE = {"г": "ж", "к": "ч", "х": "ш"}

# Closed syllables: the stem of the other cases where і, ї becomes о, е (є) or a vowel falls out.
ALTERNATING = {
    "рік": "рок", "бік": "бок", "стіл": "стол", "міст": "мост", "двір": "двор", "острів": "остров", "кінь": "кон",
    "ніж": "нож", "ніч": "ноч", "річ": "реч", "піч": "печ", "сіль": "сол", "осінь": "осен", "камінь": "камен",
    "корінь": "корен", "загін": "загон", "вечір": "вечор", "папір": "папер", "пес": "пс", "вітер": "вітр",
    "кашель": "кашл", "вогонь": "вогн", "ірпінь": "ірпен", "кріт": "крот", "бій": "бо", "стрій": "стро", "рій": "ро",
    "набій": "набо", "розбій": "розбо", "відбій": "відбо", "сокіл": "сокол", "попіл": "попел", "ведмідь": "ведмед",
    "дім": "дом", "гріб": "гроб", "вивіз": "вивоз", "вибір": "вибор", "збір": "збор", "набір": "набор", "рів": "ров",
    "лід": "льод", "боєць": "бійц", "мід": "мед", "лікоть": "лікт", "яків": "яков", "антін": "антон",
    "федір": "федор", "сидір": "сидор", "прокіп": "прокоп", "нестір": "нестор", "чорновіл": "чорновол",
    "потік": "поток", "ріг": "рог", "поріг": "порог", "батіг": "батог", "перевіз": "перевоз", "підвіз": "підвоз",
    "привіз": "привоз", "вивід": "вивод", "привід": "привод", "дохід": "доход", "віз": "воз", "ніс": "нос",
    "політ": "польот", "переліт": "перельот", "виліт": "вильот", "гомін": "гомон", "стогін": "стогон", "день": "дн",
    "пень": "пн", "лев": "лев", "вісь": "ос", "швець": "шевц", "жнець": "женц", "олень": "олен",
}  # fmt: skip
_OPENING = {"хід": "ход", "піль": "пол", "ість": "ост", "бір": "бор"}


def decline_uk(lemma: str, stem: str, one: str = "", many: str = "") -> dict[str, tuple[str, ...]]:
    """Decline with the columns of singular and plural (either may be empty), spelling rules applied."""
    slots: dict[str, tuple[str, ...]] = {}
    if one:
        slots |= decline(lemma, stem, one, CASES)
    if many:
        slots |= decline(lemma, stem, many + " " + many.split()[0], CASES, plural=True)
    # Запоріжжя keeps its я: only the ending of another case is respelt.
    pairs = [p for p in _SPELLING if p[0][1] != "я"] if lemma.endswith("я") else _SPELLING
    return respelt(slots, pairs, stem)


def noun(
    lemma: str, gender: str | None = None, animate: bool = False, *, keep: bool = False
) -> dict[str, tuple[str, ...]]:
    """Decline a noun by its ending, singular and plural.

    `gender` ("m", "f") settles words in -ь and consonants; `keep` says that no vowel of the stem changes (surnames).
    """
    low = lemma.lower()
    last = low[-1:]
    if last == "а":
        return _first(lemma, animate)
    if last == "я":
        return _neuter_ya(lemma) if _is_neuter_ya(low) and gender is None else _first_soft(lemma, animate)
    if last == "о":
        return _second_o(lemma, animate)
    if last == "е":
        return _neuter_e(lemma)
    if last in VOWELS or not last.isalpha():
        return frozen(lemma, CASES)
    if gender == "f" or (
        gender is None
        and (low.endswith(("ість", "адь", "овь", "любов", "кров", "ніч", "річ", "піч")) or low in FEMININE)
    ):
        return _third(lemma)
    stems = [stem(lemma)] if not keep else [lemma[:-1] if last in "ьй" else lemma]
    return union(*(_second(lemma, one, animate) for one in stems))


FEMININE = {
    "область", "сіль", "осінь", "мить", "смерть", "путь", "велич", "подорож", "молодь", "розповідь", "мазь",
    "зустріч", "відповідь", "тінь", "сталь", "кість", "загибель", "постать", "користь", "якість", "січ", "керч",
    "умань", "казань", "твер", "перм", "рязань", "астрахань", "любов", "вись", "грязь", "лють", "честь", "заповідь",
    "паморозь", "гавань", "верф", "тюмень", "сизрань", "лебедянь", "повінь", "лінь", "жовч", "матір", "нафталань",
}  # fmt: skip


def stem(lemma: str) -> str:
    """The stem of the other cases of a masculine or feminine noun in a consonant, -ь or -й."""
    low = lemma.lower()
    bare = lemma[:-1] if low[-1] in "ьй" else lemma
    if low in ALTERNATING:
        return lemma[:1] + ALTERNATING[low][1:]
    for ending, opened in _OPENING.items():
        if low.endswith(ending) and len(low) > len(ending) + 1:
            return lemma[: -len(ending)] + opened
    if low.endswith("єць"):
        return lemma[:-3] + "йц"
    if low.endswith("ець") and len(low) > 4:
        return lemma[:-3] + ("йц" if low[-4] in VOWELS else "ьц" if low[-4] == "л" else "ц")
    if low.endswith("ок") and sum(c in VOWELS for c in low) > 1 and low not in ("урок", "пророк", "зарок"):
        return lemma[:-2] + "к"
    if low.endswith(("ник", "чик")):
        return bare
    if low.endswith("ень") and sum(c in VOWELS for c in low) > 1 and low not in ("олень", "кремень", "ясень"):
        return lemma[:-3] + "н"
    if low.endswith("їв") and len(low) > 3:
        return lemma[:-2] + "єв"
    return bare


def _second(lemma: str, base: str, animate: bool) -> dict[str, tuple[str, ...]]:
    low, last = lemma.lower(), base[-1:].lower()
    if animate and low.endswith(("анин", "янин", "арин")):
        # громадянин → громадяни, громадян
        people = decline_uk(lemma, base[:-2], "", "и - ам - ами ах")
        return decline_uk(lemma, base, "* а ові/у а ом і/ові/у е") | people
    genitive = "а" if animate else "а/у"
    accusative = "а" if animate else "*"
    many = "ів" if animate else "и"
    if low.endswith("й"):
        genitive, accusative = ("я", "я") if animate else ("я/ю", "*")
        return decline_uk(
            lemma,
            base,
            f"* {genitive} єві/ю {accusative} єм ї/єві/ю ю",
            "ї їв ям їв ями ях" if animate else "ї їв ям ї ями ях",
        )
    if low.endswith(("ь", "ець")):
        genitive, accusative = ("я", "я") if animate else ("я/ю", "*")
        vocative = "ю/е" if low.endswith("ець") else "ю"
        slots = decline_uk(
            lemma,
            base,
            f"* {genitive} еві/ю {accusative} ем і/еві/ю {vocative}",
            f"і ів ям {'ів' if animate else 'і'} ями ях",
        )
        if low.endswith("ець"):
            slots["vocative"] = (base[:-1] + "че", base + "ю")
        return slots
    if last in HUSHING:
        return decline_uk(lemma, base, f"* {genitive} еві/у {accusative} ем і/еві/у е/у", f"и ів ам {many} ами ах")
    if last in _SOFTER:
        slots = decline_uk(lemma, base, f"* {genitive} ові/у {accusative} ом у/ові у/е", f"и ів ам {many} ами ах")
        slots["vocative"] = (base + "у",) if base[-2:-1] == "ь" else (base + "у", base[:-1] + _VOCATIVE[last] + "е")
        if last in "гх" or (last == "к" and not animate and not low.endswith(("ик", "ок", "ак", "ьк", "юк"))):
            slots["locative"] += (base[:-1] + _SOFTER[last] + "і",)
        return slots
    return decline_uk(lemma, base, f"* {genitive} ові/у {accusative} ом і/ові/у е", f"и ів ам {many} ами ах")


def soft_r(lemma: str, animate: bool = True) -> dict[str, tuple[str, ...]]:
    """Nouns in -р of the soft group: Ігор, Кобзар, лікар."""
    accusative = "я" if animate else "*"
    return decline_uk(
        lemma, lemma, f"* я еві/ю {accusative} ем еві/ю/і ю/е", f"і ів ям {'ів' if animate else 'і'} ями ях"
    )


def _first(lemma: str, animate: bool) -> dict[str, tuple[str, ...]]:
    base = lemma[:-1]
    last = base[-1:].lower()
    zero = zero_plural(base)
    if last in HUSHING:
        slots = decline_uk(lemma, base, "* і і у ею і е", "і - ам і ами ах")
    else:
        slots = decline_uk(lemma, base, "* и і у ою і о", "и - ам и ами ах")
    if last in _SOFTER:
        softer = base[:-1] + _SOFTER[last] + "і"
        slots |= {"dative": (softer,), "locative": (softer,)}
    slots["genitive plural"] = zero
    if animate:
        slots["accusative plural"] = zero
    return slots


def _first_soft(lemma: str, animate: bool) -> dict[str, tuple[str, ...]]:
    base, low = lemma[:-1], lemma.lower()
    if low[-2:-1] in tuple(VOWELS) or low[-2:-1] in ("'", "’", "й"):
        slots = decline_uk(lemma, base, "* ї ї ю єю ї є", "ї й ям ї ями ях")
        if low[-2:-1] not in tuple(VOWELS):
            slots["genitive plural"] = (base[:-1] + "ей", base + "їв")
    else:
        slots = decline_uk(lemma, base, "* і і ю ею і е/ю", "і ь ям і ями ях")
        if low[-2] in "нл" and low[-3] not in VOWELS + "нл":
            slots["genitive plural"] = (base[:-1] + "е" + base[-1] + "ь", base + "ь")
        if low.endswith(("лля", "ття")):
            slots["genitive plural"] = (base[:-1] + "ів", base[:-1] + "ей")
    if animate:
        slots["accusative plural"] = slots["genitive plural"]
    return slots


# Stems whose о or е becomes і in the genitive plural without an ending.
_CLOSED = {
    "сел": "сіл", "особ": "осіб", "гор": "гір", "школ": "шкіл", "ног": "ніг", "дорог": "доріг", "робот": "робіт",
    "слов": "слів",
    "сторон": "сторін", "бород": "борід", "голов": "голів", "колон": "колон", "жон": "жон", "зір": "зір", "кол": "кіл",
    "озер": "озер",
}  # fmt: skip


def zero_plural(base: str) -> tuple[str, ...]:
    """The genitive plural without an ending, with a vowel put in before a last consonant where Ukrainian does so."""
    low = base.lower()
    if low.endswith(("ськ", "цьк")):
        return (base,)
    if low in _CLOSED:
        return (base[:1] + _CLOSED[low][1:],)
    if len(low) < 3 or low[-1] in VOWELS or low[-2] in VOWELS:
        return (base,)
    if low.endswith(("ьк", "йк")):
        return (base[:-2] + ("йок" if low[-2] == "й" else "ьок"),)
    if low[-1] in "кв" and low[-2] not in VOWELS:
        return (base[:-1] + "о" + base[-1], base)
    if low.endswith(("тр", "стр", "гр", "бр", "кл", "сл", "сн", "йн", "вн", "рн")):
        return (base[:-1] + "е" + base[-1], base)
    return (base,)


def _is_neuter_ya(low: str) -> bool:
    if low in ("стаття", "суддя", "сім'я"):
        return False
    return (len(low) > 4 and low[-2] == low[-3]) or low.endswith(("б'я", "в'я", "п'я", "м'я", "р'я", "стя"))


def _neuter_ya(lemma: str) -> dict[str, tuple[str, ...]]:
    base, low = lemma[:-1], lemma.lower()
    if low in ("ім'я", "плем'я"):
        long = base[:-1] + "ен"
        return decline_uk(lemma, long, "* і і * ем і *", "а - ам а ами ах")
    if low.endswith("'я"):
        return decline_uk(lemma, base, "* * ю * ям ї/ю *", "* їв ям * ями ях")
    slots = decline_uk(lemma, base, "* * ю * ям і/ю *", "* ь ям * ями ях")
    if low.endswith("стя"):
        zero: tuple[str, ...] = (base + "ь",)
    elif low[-2] == "т":
        zero = (base + "ів",)
    elif low[-2] in "нлсзд":
        zero = (base[:-1] + "ь",)
    else:
        zero = (base[:-1], base[:-1] + "ь")
    return slots | {"genitive plural": zero}


def _second_o(lemma: str, animate: bool) -> dict[str, tuple[str, ...]]:
    """Words in -о: neuter nouns, and men's names (Павло, Шевченко) when animate."""
    base = lemma[:-1]
    last = base[-1:].lower()
    if animate:
        soft = last in _SOFTER
        slots = decline_uk(lemma, base, "* а ові/у а ом ові/у/і е", "и ів ам ів ами ах")
        if soft:
            slots["locative"] = (base + "ові", base + "у")
            slots["vocative"] = (base + "у", lemma)
        return slots
    slots = decline_uk(lemma, base, "* а у/ові * ом і/у/ові *", "а - ам а ами ах") | {
        "genitive plural": zero_plural(base)
    }
    if last in _SOFTER:
        slots["locative"] = (base + "у", base[:-1] + _SOFTER[last] + "і")
    return slots


def _neuter_e(lemma: str) -> dict[str, tuple[str, ...]]:
    base, low = lemma[:-1], lemma.lower()
    if low[-2:-1] in tuple(HUSHING):
        return decline_uk(lemma, base, "* а у * ем і/у *", "а - ам а ами ах")
    return decline_uk(lemma, base, "* я ю * ем і/ю *", "я ь ям я ями ях")


def _third(lemma: str) -> dict[str, tuple[str, ...]]:
    base, low = stem(lemma), lemma.lower()
    hard = low[-1] not in "ьй"
    body = lemma[:-1] if low.endswith("ь") else lemma
    slots = decline_uk(
        lemma, base, "* і і * ю і е", "и ей ам и ами ах" if hard and low[-1] in HUSHING else "і ей ям і ями ях"
    )
    consonants = len(body) > 1 and body[-1].lower() not in VOWELS and body[-2].lower() not in VOWELS
    if body[-1].lower() in "бпвмфр":
        instrumental = body + "'ю"
    elif consonants:
        instrumental = body + "ю"
    else:
        instrumental = body + body[-1] + "ю"
    # A doubled long consonant of two letters (щ) stays single.
    if body[-1].lower() == "щ":
        instrumental = body + "ю"
    return slots | {
        "instrumental": (instrumental,),
        "genitive": (base + "і", *((base + "и",) if low.endswith(("ть", "ов", "сіль", "осінь")) else ())),
    }


def plural_noun(lemma: str, animate: bool = False) -> dict[str, tuple[str, ...]]:
    """Decline a noun that has a plural alone (Валуйки, Суми, люди, війська); the keys are those of the plural."""
    low, base = lemma.lower(), lemma[:-1]
    if low == "люди":
        return decline_uk(lemma, base, "", "* ей ям ей ьми ях")
    if low == "діти":
        return decline_uk(lemma, base, "", "* ей ям ей ьми ях")
    if low.endswith("а"):
        return decline_uk(lemma, base, "", "* - ам * ами ах") | {"genitive plural": zero_plural(base)}
    if low.endswith("ці"):
        genitive: tuple[str, ...] = (base + "ів", base + "ь")
        slots = decline_uk(lemma, base, "", "* ів ям * ями ях")
    elif low.endswith("і") and base[-1].lower() not in HUSHING:
        genitive = (base + "ів", base + "ей", base + "ь")
        slots = decline_uk(lemma, base, "", "* ів ям * ями ях")
    elif low.endswith("ї"):
        genitive = (base + "їв", base + "й")
        slots = decline_uk(lemma, base, "", "* їв ям * ями ях")
    else:
        genitive = zero_plural(base) if low.endswith("ки") else (base, base + "ів")
        slots = decline_uk(lemma, base, "", "* - ам * ами ах")
    slots["genitive plural"] = genitive
    if animate:
        slots["accusative plural"] = genitive
    return slots
