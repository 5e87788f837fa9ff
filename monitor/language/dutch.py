"""Dutch common words: plurals, adjectives and verbs, with the spelling of open and closed syllables.

Rules: Woordenlijst Nederlandse Taal, Leidraad 9 and 11. Accents and trema are kept; folding strips them on both sides.
"""

from __future__ import annotations

from monitor.language.forms import Form

_VOWELS = "aeiouy"
_INSEPARABLE = ("be", "ge", "her", "ont", "ver", "er")
_SEPARABLE = (
    "aan", "achter", "af", "bij", "binnen", "door", "in", "langs", "mee", "mis", "na", "neer", "om", "onder", "op",
    "over", "rond",
    "samen", "tegen", "terug", "toe", "uit", "vast", "voor", "voort", "vrij", "weg", "gevangen", "krijgsgevangen",
    "thuis", "klaar",
)  # fmt: skip
# Infinitive: past singular, past plural, participle (without ge- where a prefix stands before it).
_STRONG = {
    "vangen": "ving vingen gevangen", "nemen": "nam namen genomen", "geven": "gaf gaven gegeven",
    "brengen": "bracht brachten gebracht",
    "trekken": "trok trokken getrokken", "laten": "liet lieten gelaten", "worden": "werd werden geworden",
    "houden": "hield hielden gehouden", "sluiten": "sloot sloten gesloten", "schieten": "schoot schoten geschoten",
    "vallen": "viel vielen gevallen", "gaan": "ging gingen gegaan", "komen": "kwam kwamen gekomen",
    "staan": "stond stonden gestaan",
    "slaan": "sloeg sloegen geslagen", "zien": "zag zagen gezien", "lopen": "liep liepen gelopen",
    "helpen": "hielp hielpen geholpen",
    "spreken": "sprak spraken gesproken", "sterven": "stierf stierven gestorven", "bieden": "bood boden geboden",
    "krijgen": "kreeg kregen gekregen", "blijven": "bleef bleven gebleven", "grijpen": "greep grepen gegrepen",
    "roepen": "riep riepen geroepen", "vechten": "vocht vochten gevochten", "zenden": "zond zonden gezonden",
    "vinden": "vond vonden gevonden", "binden": "bond bonden gebonden", "winnen": "won wonnen gewonnen",
    "treffen": "trof troffen getroffen", "kopen": "kocht kochten gekocht", "zoeken": "zocht zochten gezocht",
    "dragen": "droeg droegen gedragen", "wijzen": "wees wezen gewezen", "bevelen": "beval bevalen bevolen",
    "jagen": "joeg joegen gejaagd",
    "rijden": "reed reden gereden", "varen": "voer voeren gevaren", "vliegen": "vloog vlogen gevlogen",
    "wijken": "week weken geweken",
    "verliezen": "verloor verloren verloren", "kiezen": "koos kozen gekozen",
}  # fmt: skip


_PARTICIPLES = tuple(v.split()[2] for v in _STRONG.values())


def forms(lemma: str) -> list[Form]:
    """The forms of a Dutch word: a verb where it ends in -en or is a short infinitive, else a noun or adjective."""
    low = lemma.lower()
    found = [Form(lemma, "as written")]
    if low.endswith(_PARTICIPLES):
        return [*found, Form(lemma + "e", "inflected adjective"), Form(lemma + "en", "as a noun, plural")]
    if (low.endswith("en") and len(low) > 4) or low.endswith(("gaan", "staan", "slaan", "zien")):
        return [*found, *verb(low)]
    return [*found, *(Form(text, via) for text, via in _noun(lemma))]


def open_syllable(word: str) -> str:
    """Spell a stem before a vowel: soldaat → soldat-, bus → buss-, huis → huiz-, brief → briev-."""
    low = word.lower()
    if len(low) > 3 and low[-1] not in _VOWELS and low[-2] == low[-3] and low[-2] in "aeou":
        short = word[:-2] + word[-1]
        return _voiced(short) if low[-1] in "fs" else short
    if low[-1] in "fs" and (low[-3:-1] in ("ij", "ie", "ui", "eu", "oe", "ou", "ei") or low[-2:-1] in ("l", "r", "n")):
        return _voiced(word)
    stressed = sum(c in _VOWELS for c in low) == 1 or low.endswith(
        ("bus", "kamp", "bak", "blok", "plan", "team", "slot", "stop", "schot", "vlak", "stad", "druk")
    )
    if stressed and len(low) > 2 and low[-1] in "bdfgklmnprst" and low[-2] in "aeiou" and low[-3] not in "aeiou":
        return word + word[-1]
    return word


def _voiced(word: str) -> str:
    return word[:-1] + {"f": "v", "s": "z"}[word[-1].lower()]


def _noun(lemma: str) -> list[tuple[str, str]]:
    low = lemma.lower()
    if low.endswith(("ie", "é", "ee")):
        return [(lemma + "s", "plural"), (lemma + "ën", "plural"), (lemma + "en", "plural")]
    if low.endswith("heid"):
        return [(lemma[:-4] + "heden", "plural")]
    if low.endswith(("a", "o", "u", "y", "i")):
        return [(lemma + "'s", "plural or possessive")]
    if low.endswith("e"):
        return [(lemma + "n", "plural"), (lemma + "s", "plural or possessive"), (lemma[:-1] + "en", "plural")]
    open_ = open_syllable(lemma)
    found = [(open_ + "en", "plural"), (open_ + "e", "inflected adjective"), (lemma + "s", "plural or possessive")]
    if low.endswith("stad"):
        found.append((lemma[:-4] + "steden", "plural"))
    return found


def verb(infinitive: str) -> list[Form]:
    """The forms of a verb: present, past, participles with their inflected forms; a separable prefix stays in front."""
    prefix, base = _split(infinitive)
    stem = _stem(base)
    closed = _closed(stem)
    texts = [
        (closed, "present"),
        (closed if closed.endswith("t") else closed + "t", "present"),
        (base, "infinitive or plural"),
    ]
    strong = next(
        (
            v.split()
            for k, v in _STRONG.items()
            if k == base or (base.endswith(k) and base.removesuffix(k) in _INSEPARABLE)
        ),
        None,
    )
    inner = base.startswith(_INSEPARABLE) and len(base) > 6
    if strong:
        lead = next((base.removesuffix(k) for k in _STRONG if base.endswith(k)), "")
        past = [(lead + strong[0], "past"), (lead + strong[1], "past plural")]
        participle = strong[2]
        if lead:
            participle = lead + participle.removeprefix("ge")
    else:
        t = "t" if stem[-1] in "tkfschpx" and not base.removesuffix("en").endswith(("v", "z")) else "d"
        past = [(closed + t + "e", "past"), (closed + t + "en", "past plural")]
        body = closed if closed.endswith(t) else closed + t
        participle = body if inner else ("geë" + body[1:] if body.startswith("e") else "ge" + body)
    texts += past
    inflected = participle if participle.endswith("en") else open_syllable(participle)
    if not strong and stem[-1] == stem[-2:-1] and stem[-1] in "td":
        inflected = participle + participle[-1]
    texts += [
        (participle, "past participle"),
        (inflected + "e", "past participle, inflected"),
        (inflected + "en", "past participle as a noun"),
    ]
    texts += [(base + "d", "present participle"), (base + "de", "present participle, inflected")]
    forms = [Form(prefix + text, via) for text, via in texts]
    if prefix:
        forms.append(Form(f"{prefix}te {base}".replace(f"{prefix}te", f"{prefix} te"), "with te"))
    return forms


def _split(infinitive: str) -> tuple[str, str]:
    for prefix in sorted(_SEPARABLE, key=len, reverse=True):
        rest = infinitive.removeprefix(prefix)
        if rest != infinitive and len(rest) > 4 and any(c in _VOWELS for c in rest[:-2]):
            return prefix, rest
    return "", infinitive


def _stem(base: str) -> str:
    return base[:-2] if base.endswith("en") else base[:-1]


def _closed(stem: str) -> str:
    """Spell a stem at the end of the word: evacuer- → evacueer, ruim- → ruim, zett- → zet, schiet- → schiet."""
    if len(stem) > 2 and stem[-1] == stem[-2]:
        return stem[:-1]
    word = stem[:-1] + {"v": "f", "z": "s"}.get(stem[-1], stem[-1])
    if (
        len(stem) > 1
        and stem[-2] in "aeou"
        and stem[-1] not in _VOWELS
        and (len(stem) < 3 or stem[-3] not in "aeoiu" or stem[-3:-1] == "ue")
    ):
        if (
            stem.endswith(("el", "er", "en", "em", "ig"))
            and not stem.endswith(("eer", "uer", "ier"))
            and sum(c in _VOWELS for c in stem) > 1
            and not stem.endswith(("iser", "der_"))
            and not _ends_in_eren(stem)
        ):
            return word
        return stem[:-1] + stem[-2] + word[-1]
    return word


def _ends_in_eren(stem: str) -> bool:
    """Verbs in -eren of French origin (evacueren, transporteren) are stressed on it; helperen, verbeteren are not."""
    return stem.endswith(
        ("uer", "ter", "ser", "ner", "ler", "ger", "cer", "der", "reer", "ier", "ver")
    ) and not stem.endswith(
        (
            "beter",
            "ander",
            "inder",
            "hinder",
            "lever",
            "luister",
            "over",
            "koester",
            "schuiler",
            "oker",
            "iger",
            "onder",
            "eiger",
        )
    )
