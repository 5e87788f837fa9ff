"""Names that are already in Latin letters, with the endings that English, Dutch, German and Polish put on them."""

from __future__ import annotations

from monitor.language.forms import CASES, Form, Slots, decline, distinct, frozen, union
from monitor.language.polish_nouns import FEMININE_LOCATIVE, MASCULINE_LOCATIVE, noun, soft_stem, softened, stem

_VOWELS = "aeiouyąęó"


def latin_name_forms(name: str, language: str, kind: str) -> tuple[Form, ...]:
    """All forms of one name in Latin letters; `kind` is "person", "organisation" or "place" ("person-f" for a woman).

    Of several words only the last takes an ending, in Polish every one. An unknown language gives the name alone.
    """
    words = name.split()
    if not words:
        return ()
    if language == "pl":
        return _polish(words, kind)
    lead = " ".join([*words[:-1], ""])
    endings = _ENDINGS[language](words[-1]) if language in _ENDINGS else ()
    return distinct([Form(name, "as written"), *(Form(lead + words[-1] + ending, "possessive") for ending in endings)])


def _english(word: str) -> tuple[str, ...]:
    return ("'s", "'") if word.endswith(("s", "x", "z")) else ("'s",)


def _dutch(word: str) -> tuple[str, ...]:
    low = word.lower()
    if low.endswith(("s", "x", "z", "sj", "tsj")):
        return ("'", "'s", "s")
    return ("'s", "s") if low[-1] in "aiouy" else ("s", "'s")


def _german(word: str) -> tuple[str, ...]:
    return ("'", "'s") if word.lower().endswith(("s", "ß", "x", "z", "ce")) else ("s", "'s")


_ENDINGS = {"en": _english, "nl": _dutch, "de": _german}


def _polish(words: list[str], kind: str) -> tuple[Form, ...]:
    paradigms = [_polish_word(word, kind) for word in words]
    forms = [Form(" ".join(words), "as written")]
    for case in CASES:
        texts = [""]
        for slots in paradigms:
            texts = [f"{text} {form}".strip() for text in texts for form in slots[case]]
        forms += [Form(text, case) for text in texts]
    return distinct(forms)


def _polish_word(word: str, kind: str) -> Slots:
    low = word.lower()
    if word.isupper() or len(low) < 3:
        return frozen(word, CASES)
    if kind == "person-f" and low[-1] != "a":
        return frozen(word, CASES)
    if low.endswith(("ski", "cki", "dzki", "ny", "wy", "ty", "ły")):
        e = word if low.endswith("i") else word[:-1]
        y = "" if low.endswith("i") else "y"
        accusative = "ego" if kind.startswith("person") else y or "-"
        return decline(word, e, f"* ego emu {accusative} {y}m {y}m *", CASES)
    if low.endswith(("ska", "cka", "dzka")) or (low.endswith(("owa", "ewa", "ina")) and kind == "person-f"):
        i = "i" if low.endswith("ka") else ""
        return decline(word, word[:-1], f"* {i}ej {i}ej ą ą {i}ej *", CASES)
    if low.endswith(("aja", "jaja")):
        # Nowaja Tawołżanka → Nowej Tawołżanki: the Russian adjective takes Polish endings.
        base = word[:-3] + ("i" if low[-4] in "kg" else "")
        return decline(word, base, "* ej ej ą ą ej *", CASES) | {
            "accusative": (word[:-3] + "ą",),
            "instrumental": (word[:-3] + "ą",),
        }
    if low[-1] in "uiyeéó" or low.endswith(("uo", "io")):
        return frozen(word, CASES)
    if low.endswith("a"):
        return {case: forms for case, forms in noun(word).items() if case in CASES}
    if low.endswith("o"):
        return _polish_o(word, kind)
    return _polish_consonant(word, kind)


def _polish_o(word: str, kind: str) -> Slots:
    base = word[:-1]
    if kind.startswith("person"):
        y = "i" if base[-1].lower() in "kg" else "y"
        locative = softened(base, FEMININE_LOCATIVE, "ie")
        return union(
            frozen(word, CASES),
            {
                "genitive": (base + y,),
                "dative": (locative,),
                "accusative": (base + "ę",),
                "instrumental": (base + "ą",),
                "locative": (locative,),
            },
        )
    slots = {case: forms for case, forms in noun(word).items() if case in CASES}
    return union(frozen(word, CASES), slots)


def _polish_consonant(word: str, kind: str) -> Slots:
    low = word.lower()
    person = kind.startswith("person")
    base = stem(word)
    if person and not low.endswith(("iec", "ek", "ec")):
        base = word if low[-1] not in "ćśźń" else base
    genitive = "a" if person else "a/u"
    accusative = "a" if person else "*"
    if soft_stem(base):
        return decline(word, base, f"* {genitive} owi {accusative} em u u", CASES)
    em = "iem" if low.endswith(("k", "g")) else "em"
    locative = softened(base, MASCULINE_LOCATIVE, "ie")
    dative = "owi" if person or kind == "organisation" else "owi/u"
    slots = decline(word, base, f"* {genitive} {dative} {accusative} {em} * *", CASES)
    return slots | {"locative": (locative,), "vocative": (locative,)}
