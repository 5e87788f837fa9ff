"""Polish verbs by the ending of the infinitive, with their participles and verbal nouns."""

from __future__ import annotations

from monitor.language.forms import Form, distinct, forms_of
from monitor.language.polish_adjectives import adjective
from monitor.language.polish_nouns import noun

_DEPALATAL = (
    ("ści", "szcz"),
    ("śc", "szcz"),
    ("źdz", "żdż"),
    ("dz", "dz"),
    ("c", "c"),
    ("s", "sz"),
    ("z", "ż"),
    ("n", "ni"),
    ("l", "l"),
    ("b", "bi"),
    ("p", "pi"),
    ("w", "wi"),
    ("m", "mi"),
)
_NOUNS_IN_C = {
    "pamięć",
    "sieć",
    "nić",
    "śmierć",
    "powieść",
    "część",
    "wieść",
    "pomoc",
    "moc",
    "noc",
    "przemoc",
    "odpowiedź",
    "chęć",
}


def is_infinitive(word: str) -> bool:
    """Whether a word is an infinitive by its ending."""
    low = word.lower()
    return low.endswith(("ać", "ić", "yć", "eć", "ąć", "uć", "eść", "aść", "źć", "óc")) and low not in _NOUNS_IN_C


def verb(infinitive: str) -> list[Form]:
    """The forms of a verb: present or future, past, imperative, participles, -no and -to, verbal noun."""
    low = infinitive
    stem_ = low[:-1]
    forms: list[Form] = []
    if low.endswith(("ować", "iwać", "ywać")):
        present = low[:-4] + ("uj" if low.endswith(("ować", "ywać", "iwać")) else "")
        rows = [
            present + e
            for e in (
                "ę",
                "esz",
                "e",
                "emy",
                "ecie",
                "ą",
                "",
                "cie",
                "my",
                "ąc",
                "ący",
                "ąca",
                "ące",
                "ących",
                "ącego",
                "ącej",
                "ącą",
                "ącym",
                "ącymi",
                "ącemu",
            )
        ]
        passive = stem_ + "n"
    elif low.endswith("ać"):
        rows = [
            stem_ + e
            for e in (
                "m",
                "sz",
                "",
                "my",
                "cie",
                "ją",
                "j",
                "jcie",
                "jmy",
                "jąc",
                "jący",
                "jąca",
                "jące",
                "jących",
                "jącego",
                "jącej",
                "jącym",
            )
        ]
        passive = stem_ + "n"
    elif low.endswith(("ić", "yć")):
        body = low[:-2]
        soft = body + "i" if low.endswith("ić") and body[-1] not in "lj" else body
        hard = _depalatal(body) if low.endswith("ić") else body
        rows = (
            [hard + e for e in ("ę", "ą")]
            + [stem_ + e for e in ("sz", "", "my", "cie")]
            + [hard + e for e in ("ąc", "ący")]
        )
        rows += [_softest(body)] + [_softest(body) + e for e in ("cie", "my")]
        passive = hard + "on" if not soft.endswith("i") or hard != soft else soft + "on"
    elif low.endswith("wziąć"):
        rows = [
            low[:-4] + e for e in ("ezmę", "eźmiesz", "eźmie", "eźmiemy", "eźmiecie", "ezmą", "eź", "eźcie", "eźmy")
        ]
        passive = low[:-2] + "ęt"
        forms += [Form(low[:-2] + e, "past") for e in ("ął", "ęła", "ęło", "ęli", "ęły", "ąwszy")]
    elif low.endswith("ąć"):
        body = low[:-2]
        rows = [body + e for e in ("nę", "nie", "nij", "ną", "mę", "mie", "mą")]
        passive = body + "ęt"
        forms += [Form(body + e, "past") for e in ("ął", "ęła", "ęło", "ęli", "ęły", "ąwszy")]
    else:
        rows, passive = [], ""
    forms += [Form(row, "present, future or imperative") for row in rows]
    if not low.endswith("ąć"):
        past = stem_ if not stem_.endswith("e") else stem_[:-1] + "a"
        forms += [Form(past + e, "past") for e in ("ł", "ła", "ło", "ły", "łem", "łam", "łby", "łaby", "wszy")]
        forms += [Form(stem_ + e, "past") for e in ("li", "liśmy", "liby")]
    if passive:
        forms.append(Form(passive + "o", "impersonal in -no, -to"))
        forms += forms_of(adjective(passive + "y"), "participle")
        gerund = passive[:-1] + "nie" if passive.endswith("n") else passive[:-1] + "cie"
        if passive.endswith("on"):
            gerund = passive[:-2] + "enie"
        forms += forms_of(noun(gerund), "verbal noun")
    return list(distinct(forms))


def _depalatal(body: str) -> str:
    for end, hard in _DEPALATAL:
        if body.endswith(end):
            return body[: -len(end)] + hard
    return body


def _softest(body: str) -> str:
    for end, soft in (("dz", "dź"), ("c", "ć"), ("s", "ś"), ("z", "ź"), ("n", "ń")):
        if body.endswith(end):
            return body[: -len(end)] + soft
    return body
