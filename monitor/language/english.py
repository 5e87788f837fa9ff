"""English common words: plural, possessive, and the forms of verbs.

English does not show the part of speech, so a word gets the forms of a noun and of a verb; the ones too many are no
words.
"""

from __future__ import annotations

from monitor.language.forms import Form

_VOWELS = "aeiou"
_IRREGULAR_VERBS = {
    "take": "took taken", "hold": "held", "flee": "fled", "leave": "left", "bring": "brought", "send": "sent",
    "shoot": "shot",
    "fight": "fought", "give": "gave given", "find": "found", "come": "came", "go": "went gone", "get": "got gotten",
    "seek": "sought", "strike": "struck", "catch": "caught", "lay": "laid", "lie": "lay lain", "lead": "led",
    "keep": "kept",
    "bind": "bound", "break": "broke broken", "drive": "drove driven", "fall": "fell fallen", "fly": "flew flown",
    "freeze": "froze frozen", "hide": "hid hidden", "lose": "lost", "make": "made", "meet": "met", "move": "moved",
    "ride": "rode ridden", "rise": "rose risen", "run": "ran", "see": "saw seen", "shake": "shook shaken",
    "speak": "spoke spoken",
    "steal": "stole stolen", "swap": "swapped", "swear": "swore sworn", "tell": "told",
    "withdraw": "withdrew withdrawn",
    "overrun": "overran", "shelter": "sheltered", "beat": "beaten", "blow": "blew blown", "begin": "began begun",
    "hand": "handed",
    "stand": "stood", "sit": "sat", "say": "said", "pay": "paid", "win": "won", "throw": "threw thrown",
    "wear": "wore worn",
}  # fmt: skip
_IRREGULAR_PLURALS = {
    "man": "men",
    "woman": "women",
    "child": "children",
    "foot": "feet",
    "person": "people",
    "serviceman": "servicemen",
    "servicewoman": "servicewomen",
}
_DOUBLING = (
    "fer",
    "mit",
    "pel",
    "cur",
    "kidnap",
    "cel",
    "bel",
    "vel",
    "tel",
    "gel",
    "swap",
    "trap",
    "ban",
    "plan",
    "drop",
    "stop",
    "rob",
    "grab",
    "ship",
)


def forms(lemma: str) -> list[Form]:
    """The forms of an English word of any part of speech, the dictionary form first."""
    low = lemma.lower()
    plural = _IRREGULAR_PLURALS.get(low) or (low[:-3] + "men" if low.endswith("man") and len(low) > 5 else _s(low))
    found = [Form(lemma, "as written"), Form(plural, "plural or 3rd person"), Form(low + "'s", "possessive")]
    found.append(Form(plural + ("'" if plural.endswith("s") else "'s"), "possessive plural"))
    return [*found, *_verb(low)]


def _s(word: str) -> str:
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return word + "es"
    if word.endswith("y") and word[-2:-1] not in tuple(_VOWELS):
        return word[:-1] + "ies"
    return word + "s"


def _verb(word: str) -> list[Form]:
    stem = word
    if word.endswith("e") and not word.endswith(("ee", "oe", "ye")):
        ing, ed = word[:-1] + "ing", word + "d"
        if word.endswith("ie"):
            ing = word[:-2] + "ying"
    elif word.endswith("e"):
        ing, ed = word + "ing", word + "d"
    elif word.endswith("y") and word[-2:-1] not in tuple(_VOWELS):
        ing, ed = word + "ing", word[:-1] + "ied"
    else:
        stem = word + word[-1] if _doubles(word) else word
        ing, ed = stem + "ing", stem + "ed"
    found = [Form(ing, "-ing form")]
    if word.endswith(("vel", "cel", "bel", "tel", "gel")):
        found += [Form(word + "ing", "-ing form"), Form(word + "ed", "past")]
    irregular = next((past for verb, past in _IRREGULAR_VERBS.items() if word == verb), None)
    return [*found, *(Form(past, "past") for past in (irregular.split() if irregular else [ed]))]


def _doubles(word: str) -> bool:
    if word.endswith(_DOUBLING):
        return True
    return (
        len(word) in (3, 4)
        and sum(c in _VOWELS for c in word) == 1
        and word[-1] not in "wxyaeiou"
        and word[-2] in _VOWELS
    )
