"""French common words: plural and feminine, verbs in -er, -ir, -re.

"l'évacuation" and "d'évacuer" are two words written as one: no form includes the elided word.
"""

from __future__ import annotations

from monitor.language.forms import Form

# The forms after the stem of the infinitive's ending, for verbs with any prefix (prendre, surprendre).
_IRREGULAR = {
    "prendre": """prends prend prenons prenez prennent prenais prenait prenaient prit prirent prendra prendront
        prendrait prenant pris prise prises""",
    "mettre": """mets met mettons mettez mettent mettait mettaient mit mirent mettra mettront mettant mis mise
        mises""",
    "rendre": """rends rend rendons rendez rendent rendait rendaient rendit rendirent rendra rendront rendrait
        rendant rendu rendue rendus rendues""",
    "tenir": """tiens tient tenons tenez tiennent tenait tenaient tint tinrent tiendra tiendront tenant tenu tenue
        tenus tenues""",
    "fuir": "fuis fuit fuyons fuyez fuient fuyait fuyaient fuirent fuira fuiront fuyant fui fuie fuis fuies",
    "partir": """pars part partons partez partent partait partaient partit partirent partira partiront partant parti
        partie partis parties""",
}


def forms(lemma: str) -> list[Form]:
    """The forms of a French word: a verb where it ends in -er, -ir or -re, besides those of a noun or adjective."""
    low = lemma.lower()
    found = [Form(lemma, "as written"), *_noun(low)]
    for verb, rest in _IRREGULAR.items():
        if low.endswith(verb):
            lead = low.removesuffix(verb)
            return [*found, *(Form(lead + text, "form of the verb") for text in rest.split())]
    if low.endswith("er") and len(low) > 4 and not low.endswith(("nnier", "rrier", "llier", "ulier", "rcier")):
        return [*found, *_er(low)]
    if low.endswith("ir") and len(low) > 4:
        return [*found, *_ir(low)]
    if low.endswith("dre") and len(low) > 4:
        return [*found, *_re(low)]
    return found


def _noun(low: str) -> list[Form]:
    if low.endswith(("s", "x", "z")):
        return [Form(low + "e", "feminine"), Form(low + "es", "feminine plural")]
    if low.endswith("al"):
        return [
            Form(low[:-2] + "aux", "plural"),
            Form(low + "e", "feminine"),
            Form(low + "es", "feminine plural"),
            Form(low + "s", "plural"),
        ]
    if low.endswith(("eau", "eu")):
        return [Form(low + "x", "plural")]
    if low.endswith("e"):
        return [Form(low + "s", "plural")]
    found = [Form(low + "s", "plural"), Form(low + "e", "feminine"), Form(low + "es", "feminine plural")]
    if low.endswith("if"):
        found += [Form(low[:-1] + "ve", "feminine"), Form(low[:-1] + "ves", "feminine plural")]
    if low.endswith("ier"):
        found += [Form(low[:-3] + "ière", "feminine"), Form(low[:-3] + "ières", "feminine plural")]
    if low.endswith(("ien", "on", "el")):
        found += [Form(low + low[-1] + "e", "feminine"), Form(low + low[-1] + "es", "feminine plural")]
    if low.endswith("eur"):
        found += [Form(low[:-1] + "se", "feminine"), Form(low[:-1] + "ses", "feminine plural")]
    return found


def _er(low: str) -> list[Form]:
    stem = low[:-2]
    soft = stem + "e" if stem.endswith("g") else stem[:-1] + "ç" if stem.endswith("c") else stem
    texts = [
        stem + e
        for e in (
            "e",
            "es",
            "ez",
            "ent",
            "é",
            "ée",
            "és",
            "ées",
            "era",
            "eras",
            "erai",
            "erez",
            "erons",
            "eront",
            "erait",
            "eraient",
            "erais",
            "èrent",
            "ions",
            "iez",
        )
    ]
    texts += [soft + e for e in ("ons", "ais", "ait", "aient", "ant", "a", "ai", "as", "âmes")]
    if stem[-1] not in "aeiouy" and stem[-2:-1] in tuple("eé"):
        open_ = stem[:-2] + "è" + stem[-1]
        texts += [open_ + e for e in ("e", "es", "ent")]
    if stem.endswith("y"):
        texts += [stem[:-1] + "i" + e for e in ("e", "es", "ent", "era", "eront", "erait")]
    return [Form(text, "form of the verb") for text in texts]


def _ir(low: str) -> list[Form]:
    stem = low[:-1]
    endings = (
        "s",
        "t",
        "ssons",
        "ssez",
        "ssent",
        "ssait",
        "ssaient",
        "ssant",
        "ra",
        "ront",
        "rait",
        "raient",
        "rent",
        "",
        "e",
        "es",
    )
    return [Form(stem + e, "form of the verb") for e in endings]


def _re(low: str) -> list[Form]:
    stem = low[:-2]
    endings = (
        "s",
        "",
        "ons",
        "ez",
        "ent",
        "ait",
        "aient",
        "ais",
        "it",
        "irent",
        "ra",
        "ront",
        "rait",
        "raient",
        "ant",
        "u",
        "ue",
        "us",
        "ues",
    )
    return [Form(stem + e, "form of the verb") for e in endings]
