"""Ukrainian verbs in all their forms, from the infinitive by its ending.

Rules: Український правопис (2019), §§ 108–120. Where an ending leaves two classes open (-ити, -ати), the usual one is
taken and irregular stems are listed; a form too many does no harm, since it is no word.
"""

from __future__ import annotations

from monitor.language.adjectives_uk import adjective
from monitor.language.forms import Form, forms_of, in_all_genders

VOWELS = "аеєиіїоуюя"

# Infinitive ending → (present 1st sg, present stem, class "е"/"є"/"и"/"ї", past stem, passive participle stem or "").
_IRREGULAR = {
    "взяти": ("візьму", "візьм", "е", "взя", "взят"),
    "зняти": ("зніму", "знім", "е", "зня", "знят"),
    "йняти": ("йму", "йм", "е", "йня", "йнят"),
    "няти": ("німу", "нім", "е", "ня", "нят"),
    "брати": ("беру", "бер", "е", "бра", "бран"),
    "гнати": ("жену", "жен", "е", "гна", "гнан"),
    "слати": ("шлю", "шл", "е", "сла", "слан"),
    "казати": ("кажу", "каж", "е", "каза", "казан"),
    "писати": ("пишу", "пиш", "е", "писа", "писан"),
    "в'язати": ("в'яжу", "в'яж", "е", "в'яза", "в'язан"),
    "їхати": ("їду", "їд", "е", "їха", ""),
    "бігти": ("біжу", "біж", "и", "біг", ""),
    "везти": ("везу", "вез", "е", "віз", "везен"),
    "вести": ("веду", "вед", "е", "ві", "веден"),
    "нести": ("несу", "нес", "е", "ніс", "несен"),
    "йти": ("йду", "йд", "е", "йш", ""),
    "іти": ("іду", "ід", "е", "іш", ""),
    "бути": ("буду", "буд", "е", "бу", "бут"),
    "стати": ("стану", "стан", "е", "ста", ""),
    "дати": ("дам", "дад", "*", "да", "дан"),
    "сісти": ("сяду", "сяд", "е", "сі", ""),
    "лягти": ("ляжу", "ляж", "е", "ляг", ""),
    "мерти": ("мру", "мр", "е", "мер", ""),
    "жити": ("живу", "жив", "е", "жи", "жит"),
    "бити": ("б'ю", "б'", "є", "би", "бит"),
    "вити": ("в'ю", "в'", "є", "ви", "вит"),
    "пасти": ("паду", "пад", "е", "па", ""),
    "красти": ("краду", "крад", "е", "кра", "краден"),
    "тягти": ("тягну", "тягн", "е", "тяг", "тягнен"),
    "могти": ("можу", "мож", "е", "міг", ""),
    "тримати": ("тримаю", "трима", "є", "трима", "триман"),
    "мати": ("маю", "ма", "є", "ма", ""),
    "сидіти": ("сиджу", "сид", "и", "сиді", ""),
    "хотіти": ("хочу", "хоч", "е", "хоті", ""),
    "летіти": ("лечу", "лет", "и", "леті", ""),
    "мусити": ("мушу", "мус", "и", "муси", ""),
    "лишити": ("лишу", "лиш", "и", "лиши", "лишен"),
    "спати": ("сплю", "сп", "и", "спа", ""),
    "стояти": ("стою", "сто", "ї", "стоя", ""),
    "боятися": ("боюся", "бо", "ї", "боя", ""),
    "тікати": ("тікаю", "тіка", "є", "тіка", ""),
    "текти": ("течу", "теч", "е", "тік", ""),
    "рятувати": ("рятую", "ряту", "є", "рятува", "рятован"),
    "піти": ("піду", "під", "е", "піш", ""),
    "класти": ("кладу", "клад", "е", "кла", "кладен"),
    "горіти": ("горю", "гор", "и", "горі", ""),
    "терпіти": ("терплю", "терп", "и", "терпі", ""),
    "лежати": ("лежу", "леж", "и", "лежа", ""),
    "мовчати": ("мовчу", "мовч", "и", "мовча", ""),
    "давати": ("даю", "да", "є", "дава", "даван"),
    "ставати": ("стаю", "ста", "є", "става", ""),
    "знавати": ("знаю", "зна", "є", "знава", "знаван"),
    "бувати": ("буваю", "бува", "є", "бува", ""),
    "чувати": ("чуваю", "чува", "є", "чува", ""),
    "чути": ("чую", "чу", "є", "чу", "чут"),
}  # fmt: skip

# 1st person singular of -ити verbs: the last consonants change.
_FIRST_PERSON = [
    ("ст", "щ"),
    ("зд", "ждж"),
    ("т", "ч"),
    ("д", "дж"),
    ("з", "ж"),
    ("с", "ш"),
    ("б", "бл"),
    ("п", "пл"),
    ("в", "вл"),
    ("м", "мл"),
    ("ф", "фл"),
]


_PREFIX_LIST = """в у з с ви від віді до за зі на над надо недо о об оби обі пере під піді по пови пона поза
    попере при про роз розі спо вз зо перед ді пі"""
_PREFIXES = frozenset(_PREFIX_LIST.split())


def verb_forms(infinitive: str) -> list[Form]:
    """All forms of a verb given in -ти, -тися or -тись: finite, imperative, participles, -но/-то, gerunds."""
    low = infinitive.lower()
    reflexive = low.endswith(("тися", "тись"))
    base = low[:-2] if reflexive else low
    forms = [*_finite(base)]
    if reflexive:
        return [
            Form(infinitive, "as written"),
            *_reflexive(Form(base, "infinitive")),
            *(r for f in forms for r in _reflexive(f)),
        ]
    return [Form(infinitive, "infinitive"), *forms, *_participles(base)]


def _reflexive(form: Form) -> list[Form]:
    text = form.text
    if text.endswith(("є", "е")) and "3rd person singular" in form.via:
        return [Form(text + "ться", form.via)]
    if text[-1] in VOWELS:
        return [Form(text + "ся", form.via), Form(text + "сь", form.via)]
    return [Form(text + "ся", form.via)]


def _parts(infinitive: str) -> tuple[str, str, str, str, str]:
    for ending, (first, present, kind, past, passive) in sorted(_IRREGULAR.items(), key=lambda item: -len(item[0])):
        prefix = infinitive.removesuffix(ending)
        if ending == "чувати" and prefix not in ("від", "по", "перед"):
            continue
        # Only a real prefix: "тримати" is not "мати".
        if prefix != infinitive and (not prefix or prefix in _PREFIXES):
            return prefix + first, prefix + present, kind, prefix + past, prefix + passive if passive else ""
    stem = infinitive[:-2]
    if stem.endswith(("ува", "юва")):
        u = stem[-3]
        body = stem[:-3]
        o = "йова" if u == "ю" and body and body[-1] in VOWELS else "ьова" if u == "ю" else "ова"
        # обстрілювати → обстрілюваний, but евакуювати → евакуйований: both are given.
        return body + u + "ю", body + u, "є", stem, f"{body + o}н|{stem}н"
    if stem.endswith("и"):
        body = stem[:-1]
        first = _softened(body) + ("ю" if _takes_yu(_softened(body)) else "у")
        return first, body, "и" if body[-1] not in VOWELS else "ї", stem, _softened(body) + "ен"
    if stem.endswith("ну"):
        return stem + "", stem[:-1], "е", stem, f"{stem[:-1]}ен|{stem}т"
    if stem.endswith("і"):
        return stem + "ю", stem, "є", stem, ""
    if stem.endswith(("а", "я", "у")):
        return stem + "ю", stem, "є", stem, stem + "н" if stem[-1] != "у" else stem + "т"
    return stem + "у", stem, "е", stem, stem + "ен"


def _softened(body: str) -> str:
    for hard, soft in _FIRST_PERSON:
        if body.endswith(hard):
            return body[: -len(hard)] + soft
    return body


def _takes_yu(body: str) -> bool:
    return body[-1] not in "жчшщ"


def _finite(infinitive: str) -> list[Form]:
    first, present, kind, past, _ = _parts(infinitive)
    forms = [Form(first, "present or future, 1st person singular")]
    persons = (
        "2nd person singular",
        "3rd person singular",
        "1st person plural",
        "2nd person plural",
        "3rd person plural",
    )
    endings = {
        "е": ("еш", "е", "емо/ем", "ете", "уть"),
        "є": ("єш", "є", "ємо/єм", "єте", "ють"),
        "и": ("иш", "ить", "имо/им", "ите", "ать" if present[-1] in "жчшщ" else "ять"),
        "ї": ("їш", "їть", "їмо/їм", "їте", "ять"),
        "*": ("аси", "асть", "амо", "асте", "адуть"),
    }[kind]
    if kind == "*":
        present = present[:-2]
        endings = ("аси", "асть", "амо", "асте", "адуть")
    if present.endswith(("сл", "шл")):
        endings = ("еш", "е", "емо", "ете", "ють")
    if kind == "и" and present[-1] in "бпвмф":
        endings = (*endings[:4], "лять")
    for person, ending in zip(persons, endings, strict=True):
        forms += [Form(present + one, f"present or future, {person}") for one in ending.split("/")]
    forms += _imperative(present, kind)
    if infinitive.endswith(("давати", "ставати", "знавати")):
        forms += _imperative(infinitive[:-2], kind)
    forms += _past(infinitive, past)
    if kind in "еє":
        forms.append(Form(present + ("ючи" if kind == "є" or present[-1] in "л" else "учи"), "gerund"))
    elif kind in "иї":
        forms.append(
            Form(present + ("ачи" if present[-1] in "жчшщ" else "лячи" if present[-1] in "бпвмф" else "ячи"), "gerund")
        )
    for f in ("му", "меш", "ме", "мемо", "мете", "муть"):
        forms.append(Form(infinitive + f, "future"))
    forms.append(Form(infinitive[:-1] + "ь", "infinitive"))
    return forms


def _imperative(present: str, kind: str) -> list[Form]:
    way = "imperative"
    if kind in ("є", "ї") or kind == "*":
        base = present + ("й" if kind != "*" else "ай")
        return [Form(base, way), Form(base + "те", way), Form(base + "мо", way)]
    forms = [Form(present + ending, way) for ending in ("и", "іть", "імо")]
    if present[-1] in "нлтдзсц":
        forms += [Form(present + "ь" + rest, way) for rest in ("", "те", "мо")]
    elif present[-1] in "жчшщбпвмр":
        forms += [Form(present + rest, way) for rest in ("", "те", "мо")]
    return forms


def _past(infinitive: str, past: str) -> list[Form]:
    if past.endswith(("йш", "іш")) and not infinitive.endswith("ити"):
        return [Form(past + "ов", "past, masculine"), *_past_rest(past)]
    if past[-1] in VOWELS and not infinitive.endswith(("сти",)):
        return [Form(past + "в", "past, masculine"), *_past_rest(past), Form(past + "вши", "gerund")]
    if infinitive.endswith("вести"):
        return [Form(past + "в", "past, masculine"), *_past_rest(past[:-1] + "е")]
    if past[-1] in VOWELS:
        return [Form(past + "в", "past, masculine"), *_past_rest(past), Form(past + "вши", "gerund")]
    stem = (
        past[:-2] + "е" + past[-1]
        if past.endswith(("віз", "ніс", "тік"))
        else past[:-2] + "ог"
        if past.endswith("міг")
        else past
    )
    return [Form(past, "past, masculine"), *_past_rest(stem), Form(past + "ши", "gerund")]


def _past_rest(past: str) -> list[Form]:
    return [Form(past + e, f"past, {w}") for e, w in (("ла", "feminine"), ("ло", "neuter"), ("ли", "plural"))]


def _participles(infinitive: str) -> list[Form]:
    passive = _parts(infinitive)[4]
    forms: list[Form] = []
    for one in passive.split("|") if passive else ():
        forms.append(Form(one + "о", "impersonal in -но, -то"))
        forms += forms_of(in_all_genders(adjective, one + "ий"), "participle")
    return forms
