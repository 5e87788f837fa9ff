"""Polish adjectives and participles."""

from __future__ import annotations

from monitor.language.forms import CASES, Slots

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
