"""Names of places in Russian, Ukrainian and Belarusian: gender by ending, plural-only names, alternations, hyphens.

Names in -ино, -ово, -ево, -ено (-іно, -їно …) are written by newspapers both declined and unchanged, so both are given.
"""

from __future__ import annotations

from monitor.language import adjectives_uk, paradigms_be, paradigms_ru, paradigms_uk
from monitor.language.forms import CASES, RUSSIAN_CASES, Slots, decline, frozen, joined, singular, union

# Words in -ь: masculine ones; all others are feminine (Казань, Керчь).
_MASCULINE_RU = (
    "ль", "ирпень", "кизляр", "день", "камень", "путь", "тайвань", "ильмень", "коростень", "червень", "урень",
    "пномпень", "шань", "кицмань", "ухань", "хайнань", "мозырь", "микунь", "чжень", "хотынь",
)  # fmt: skip
_FEMININE_RU = {"агидель", "гжель", "ивдель", "кинель", "рось", "нерль", "которосль", "электросталь", "соль"}
_MASCULINE_UK = ("ець", "єць", "поль", "піль", "вль", "ель", "ірпінь", "ень", "біль", "броварь", "чорнобиль", "корінь")
_FEMININE_UK = ("керч", "твер", "перм", "січ", "об", "верф", "мстьора", "річ")
_MASCULINE_BE = ("ль", "ень")
_FROZEN = {
    "ru": """сочи тбилиси батуми поти токио осло баку гори цхинвали чили мали дели хельсинки нагасаки сомали тольятти
        бали глазго монако палермо торонто бордо того конго марокко мехико киото чикаго""",
    "uk": """сочі тбілісі батумі поті токіо баку горі чилі малі делі гельсінкі сомалі тольятті осло цхінвалі конго
        марокко монако чикаго торонто""",
    "be": "сочы тбілісі батумі токіа баку чылі дэлі осла",
}
_UNCHANGED = {language: frozenset(names.split()) for language, names in _FROZEN.items()}
# Ukrainian names in -ів, -їв whose vowel becomes е rather than о, and those that keep it.
_UK_IV_E = ("канів",)
_PREPOSITIONS = {"на", "под", "над", "пад", "під", "при", "ла", "эль", "де", "сюр"}
_LOCATIVE_U = {
    "ru": {"крым": "у", "дон": "у", "рог": "у", "яр": "у", "клин": "у"},
    "uk": {"крим": "у", "дін": "у", "ріг": "у", "яр": "у"},
    "be": {},
}


def place_slots(word: str, language: str) -> Slots:
    """The paradigm of a place name of one word, hyphens allowed (Ростов-на-Дону, Белгород-Днестровский)."""
    parts = word.split("-")
    if not all(parts) or len(word) < 2:
        return frozen(word, RUSSIAN_CASES if language == "ru" else CASES)
    if len(parts) == 1:
        return _simple(word, language)
    separators = ["", *["-"] * (len(parts) - 1)]
    if any(part.lower() in _PREPOSITIONS for part in parts[1:-1]):
        head = _simple(parts[0], language)
        return joined([head, *(frozen(part, tuple(head)) for part in parts[1:])], separators)
    last_is_adjective = len(parts[-1]) > 3 and LOOKS_ADJECTIVE[language](parts[-1])
    if last_is_adjective and len(parts) == 2 and len(parts[0]) > 3 and parts[0][-1].lower() not in "оеэ":
        head = _simple(parts[0], language)
        return joined([head, agreeing(parts[1], language)], separators)
    tail = _simple(parts[-1], language)
    return joined([*(frozen(part, tuple(tail)) for part in parts[:-1]), tail], separators)


def agreeing(adjective: str, language: str) -> Slots:
    """An adjective in the nominative, declined in the gender that it shows, for a lifeless noun."""
    return ADJECTIVE[language](adjective, GENDER_OF[language](adjective))


def gender_of_place(word: str, language: str) -> str:
    """The gender of a place name by its ending: "m", "f", "n", or "p" for a plural."""
    low = word.lower()
    if LOOKS_ADJECTIVE[language](word):
        return GENDER_OF[language](word)
    if is_plural(word, language):
        return "p"
    if low[-1] in "ая" and not (language == "be" and low.endswith(("іна", "ава", "ева", "ова", "ына", "ства", "цтва"))):
        return "f"
    if low[-1] in "оеё" or low[-1] in "ая":
        return "n"
    if low[-1] == "ь" or low in _FEMININE_UK:
        if language == "ru" and low in _FEMININE_RU:
            return "f"
        return "m" if low.endswith({"ru": _MASCULINE_RU, "uk": _MASCULINE_UK, "be": _MASCULINE_BE}[language]) else "f"
    return "m"


def is_plural(word: str, language: str) -> bool:
    """Whether a place name is a plural noun by its ending (Валуйки, Суми)."""
    low = word.lower()
    return low not in _UNCHANGED[language] and low[-1] in {"ru": "ыи", "uk": "иії", "be": "ыі"}[language]


def _simple(word: str, language: str) -> Slots:
    low = word.lower()
    cases = RUSSIAN_CASES if language == "ru" else CASES
    if low in _UNCHANGED[language]:
        return frozen(word, cases)
    if LOOKS_ADJECTIVE[language](word):
        return _as_plain_cases(agreeing(word, language))
    if is_plural(word, language):
        return _as_plain_cases(PLURAL_NOUN[language](word))
    gender = gender_of_place(word, language)
    slots = singular(_noun(word, language, gender))
    if (language == "ru" and low.endswith(("ино", "ово", "ево", "ёво", "ено"))) or (
        language == "uk" and low.endswith(("іно", "їно", "ино", "ово", "ево", "єво", "єно", "ено"))
    ):
        slots = union(slots, frozen(word, cases))
    if low in _LOCATIVE_U[language]:
        key = "prepositional" if language == "ru" else "locative"
        slots = slots | {key: (*slots[key], *(form[:-1] + "у" for form in slots["dative"] if form.endswith("у")))}
    return slots


def _noun(word: str, language: str, gender: str) -> Slots:
    if language == "ru":
        return paradigms_ru.noun(word, gender)
    if language == "be":
        if gender == "n" and word[-1].lower() == "а":
            # Шэбекіна is a neuter noun that is also left unchanged.
            slots = singular(paradigms_be.noun(word, "n"))
            return union(slots, frozen(word, CASES))
        return paradigms_be.noun(word, gender)
    low = word.lower()
    if (low.endswith(("ів", "їв")) and len(low) > 4) or low in ("київ", "львів"):
        opened = word[:-2] + ("єв" if low.endswith("їв") else "ев" if low in _UK_IV_E else "ов")
        return decline(word, opened, "* а/у у/ові * ом і/у/ові е", CASES)
    if low in _FEMININE_UK:
        return paradigms_uk.noun(word, "f")
    return paradigms_uk.noun(word, "f" if gender == "f" and low[-1] not in "ая" else "m" if gender == "m" else None)


def _as_plain_cases(slots: Slots) -> dict[str, tuple[str, ...]]:
    """Name the cases of a plural-only name without "plural", so that its parts and adjectives agree."""
    return {case.removesuffix(" plural"): forms for case, forms in slots.items()}


def words_agree(words: list[Slots]) -> Slots:
    """Several declined words, a space between them; words with as many variants use them alike (-ой -ой, -ою -ою)."""
    paradigms = [_as_plain_cases(slots) for slots in words]
    together: dict[str, tuple[str, ...]] = dict(paradigms[0])
    for slots in paradigms[1:]:
        for case, left in together.items():
            right = slots[case]
            if len(left) == len(right) and case in ("instrumental", "locative"):
                together[case] = tuple(f"{a} {b}" for a, b in zip(left, right, strict=True))
            else:
                together[case] = tuple(f"{a} {b}" for a in left for b in right)
    return together


LOOKS_ADJECTIVE = {
    "ru": paradigms_ru.looks_adjective,
    "uk": adjectives_uk.looks_adjective,
    "be": paradigms_be.looks_adjective,
}
GENDER_OF = {"ru": paradigms_ru.gender_of, "uk": adjectives_uk.gender_of, "be": paradigms_be.gender_of}
ADJECTIVE = {"ru": paradigms_ru.adjective, "uk": adjectives_uk.adjective, "be": paradigms_be.adjective}
PLURAL_NOUN = {"ru": paradigms_ru.plural_noun, "uk": paradigms_uk.plural_noun, "be": paradigms_be.plural_noun}
