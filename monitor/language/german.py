"""German common words: nouns (written with a capital), adjectives, and verbs (infinitives in -en, -eln, -ern)."""

from __future__ import annotations

from monitor.language.forms import Form

_ADJECTIVE = ("", "e", "er", "es", "en", "em")
_INSEPARABLE = ("be", "emp", "ent", "er", "ge", "miss", "ver", "zer")
_SEPARABLE = (
    "ab", "an", "auf", "aus", "bei", "durch", "ein", "fest", "fort", "frei", "gefangen", "heim", "heraus", "hin",
    "hinaus", "los", "mit",
    "nach", "nieder", "raus", "um", "unter", "vor", "weg", "zurück", "zusammen", "zu", "über", "fortbringen",
)  # fmt: skip
# Infinitive: present 3rd person, past, participle.
_STRONG = {
    "fangen": "fängt fing gefangen", "nehmen": "nimmt nahm genommen", "geben": "gibt gab gegeben",
    "bringen": "bringt brachte gebracht",
    "lassen": "lässt ließ gelassen", "halten": "hält hielt gehalten", "fallen": "fällt fiel gefallen",
    "fliehen": "flieht floh geflohen",
    "ziehen": "zieht zog gezogen", "gehen": "geht ging gegangen", "kommen": "kommt kam gekommen",
    "stehen": "steht stand gestanden",
    "schlagen": "schlägt schlug geschlagen", "sehen": "sieht sah gesehen", "laufen": "läuft lief gelaufen",
    "helfen": "hilft half geholfen",
    "sprechen": "spricht sprach gesprochen", "sterben": "stirbt starb gestorben", "bieten": "bietet bot geboten",
    "bleiben": "bleibt blieb geblieben", "greifen": "greift griff gegriffen", "rufen": "ruft rief gerufen",
    "schießen": "schießt schoss geschossen", "tragen": "trägt trug getragen", "treffen": "trifft traf getroffen",
    "treiben": "treibt trieb getrieben", "verlieren": "verliert verlor verloren", "finden": "findet fand gefunden",
    "binden": "bindet band gebunden", "weisen": "weist wies gewiesen", "schließen": "schließt schloss geschlossen",
    "senden": "sendet sandte gesandt", "fahren": "fährt fuhr gefahren", "fliegen": "fliegt flog geflogen",
    "weichen": "weicht wich gewichen",
    "raten": "rät riet geraten", "leiden": "leidet litt gelitten", "winden": "windet wand gewunden",
    "setzen": "setzt setzte gesetzt",
}  # fmt: skip


def forms(lemma: str) -> list[Form]:
    """The forms of a German word: a noun where it has a capital, a verb in -en, -eln, -ern, else an adjective."""
    if lemma[:1].isupper():
        return [Form(lemma, "as written"), *noun(lemma)]
    if lemma.endswith(("en", "eln", "ern")) and len(lemma) > 4:
        return [Form(lemma, "as written"), *verb(lemma)]
    return [Form(lemma, "as written"), *(Form(lemma + e, "adjective") for e in _ADJECTIVE[1:])]


def noun(lemma: str) -> list[Form]:
    """Cases and plurals by ending; nominalised adjectives (Gefangener) take an adjective's endings."""
    low = lemma.lower()
    if (
        low.endswith(("ene", "ener"))
        or (low.endswith(("te", "ter")) and _participle(low))
        or (low.endswith(("nde", "nder")) and low not in ("ende", "kinder"))
    ):
        stem = lemma.removesuffix("r").removesuffix("e")
        return [Form(stem + e, "declined as an adjective") for e in _ADJECTIVE[1:]]
    if low.endswith("in") and len(low) > 5:
        return [Form(lemma + "nen", "plural")]
    if low.endswith(("ung", "ion", "heit", "keit", "schaft", "tät")):
        return [Form(lemma + "en", "plural")]
    if low.endswith("e"):
        return [Form(lemma + "n", "plural or case"), Form(lemma + "s", "genitive")]
    if low.endswith(("er", "el", "en", "chen", "lein")):
        return [Form(lemma + "s", "genitive"), Form(lemma + "n", "dative plural")]
    endings: tuple[tuple[str, str], ...] = (
        ("s", "genitive"),
        ("es", "genitive"),
        ("e", "plural or dative"),
        ("en", "plural or case"),
        ("er", "plural"),
        ("ern", "dative plural"),
    )
    if low.endswith(("s", "ß", "z", "x")):
        endings = endings[1:]
    double = lemma + "s" if low.endswith("nis") else lemma
    return [Form(double + ending, way) for ending, way in endings]


def _participle(low: str) -> bool:
    return low.removesuffix("r").endswith(
        (
            "ierte",
            "letzte",
            "führte",
            "setzte",
            "wundete",
            "suchte",
            "haftete",
            "flüchtete",
            "siedelte",
            "schleppte",
            "misste",
            "mißte",
            "tötete",
        )
    )


def verb(infinitive: str) -> list[Form]:
    """Present, past, participles with an adjective's endings; with a separable prefix also ge- and zu- inside."""
    prefix, base = _split(infinitive)
    stem = base.removesuffix("n") if base.endswith(("eln", "ern")) else base.removesuffix("en")
    e = "e" if stem.endswith(("t", "d")) else ""
    strong = next((v.split() for k, v in _STRONG.items() if base == k), None)
    lead = ""
    if strong is None:
        for k, v in _STRONG.items():
            if base.endswith(k) and base.removesuffix(k) in _INSEPARABLE:
                strong, lead = v.split(), base.removesuffix(k)
    texts = [
        (stem + "e", "present"),
        (stem + e + "st", "present"),
        (stem + e + "t", "present or imperative"),
        (base, "infinitive or plural"),
    ]
    if strong:
        present, past, participle = strong
        texts += [(lead + present, "present"), (lead + past, "past")]
        texts += [(lead + past + ("n" if past.endswith("e") else "en"), "past plural")]
        participle = lead + participle.removeprefix("ge") if lead else participle
    else:
        texts += [(stem + e + "te" + end, "past") for end in ("", "n", "st", "t")]
        bare = base.endswith("ieren") or base.startswith(_INSEPARABLE)
        participle = ("" if bare else "ge") + stem + e + "t"
    texts += [(participle + end, "past participle") for end in _ADJECTIVE]
    texts += [(base + "d" + end, "present participle") for end in _ADJECTIVE]
    if prefix:
        texts.append(("zu" + base, "infinitive with zu"))
    return [Form(prefix + text, via) for text, via in texts]


def _split(infinitive: str) -> tuple[str, str]:
    for prefix in sorted(_SEPARABLE, key=len, reverse=True):
        rest = infinitive.removeprefix(prefix)
        if rest != infinitive and len(rest) > 4:
            return prefix, rest
    return "", infinitive
