"""Belarusian common words in all their forms: the part of speech is read from the ending of the dictionary form."""

from __future__ import annotations

from monitor.language import paradigms_be
from monitor.language.forms import Form, Slots, capitals_like, distinct, forms_of, in_all_genders

VOWELS = "аеёіоуыэюя"


def word_forms(lemma: str) -> tuple[Form, ...]:
    """All forms of a Belarusian common word in dictionary form: noun, adjective, participle or verb."""
    low = lemma.lower()
    forms: list[Form] = [Form(lemma, "as written")]
    if is_infinitive(low):
        forms += verb_forms(low)
    elif is_adjective(low):
        forms += forms_of(in_all_genders(paradigms_be.adjective, low))
    else:
        forms += forms_of(capitals_like(lemma, noun_slots(low)))
    return distinct(forms)


def is_infinitive(low: str) -> bool:
    """Whether a word is an infinitive by its ending."""
    return len(low) > 4 and low.endswith(
        ("аць", "яць", "іць", "ыць", "ець", "уць", "эць", "ацца", "іцца", "ыцца", "яцца", "сці", "зці", "йсці")
    )


def is_adjective(low: str) -> bool:
    """Whether a common word is an adjective in its dictionary form (masculine nominative)."""
    return low.endswith(("ны", "вы", "ты", "лы", "скі", "цкі", "ні", "шы", "чы")) and len(low) > 4


def noun_slots(low: str) -> Slots:
    """The paradigm of a common noun, animate where its ending says so."""
    animate = low.endswith(("нік", "ец", "ар", "чык", "ант", "іст", "ач"))
    if low in ("людзі", "дзеці"):
        return paradigms_be.plural_noun(low, animate=True)
    if low.endswith(("нне", "цце", "лле", "ссе", "ддзе", "ззе")):
        return paradigms_be.noun(low)
    return paradigms_be.noun(low, None, animate)


_FIRST_CONJUGATION = (
    ("ю", "1st person singular"),
    ("еш", "2nd person singular"),
    ("е", "3rd person singular"),
    ("ем", "1st person plural"),
    ("еце", "2nd person plural"),
    ("юць", "3rd person plural"),
    ("й", "imperative"),
    ("йце", "imperative"),
)


def verb_forms(low: str) -> list[Form]:
    """The forms of a verb in -аваць, -аць, -іць and their reflexives."""
    reflexive = low.endswith("цца")
    base = low[:-3] + "ць" if reflexive else low
    stem = base[:-2]
    if stem[-1] in "іы":
        soft = _softened(stem[:-1])
        return _finish(low, base, stem, _second_conjugation(stem, soft), soft + "ан|" + soft + "ен", reflexive)
    present = stem
    if stem.endswith(("ава", "ява")):
        present = stem[:-3] + ("у" if stem[-3] == "а" else "ю")
        if present[-2:-1] in tuple(VOWELS):
            present = present[:-1] + "ю" if stem[-3] == "я" else present
    forms = [Form(present + ending, f"present or future, {what}") for ending, what in _FIRST_CONJUGATION]
    return _finish(low, base, stem, forms, stem + "н", reflexive)


def _second_conjugation(stem: str, soft: str) -> list[Form]:
    present = stem[:-1]
    endings = (
        (stem[-1] + "ш", "2nd person singular"),
        (stem[-1] + "ць", "3rd person singular"),
        (stem[-1] + "м", "1st person plural"),
        (stem[-1] + "це", "2nd person plural"),
        ("аць" if present[-1] in "жшчцр" else "яць", "3rd person plural"),
        (stem[-1], "imperative"),
        (stem[-1] + "це", "imperative"),
        ("ь", "imperative"),
        ("ьце", "imperative"),
    )
    return [
        Form(soft + ("у" if soft[-1] in "жшчцр" else "ю"), "present or future, 1st person singular"),
        *(Form(present + ending, f"present or future, {what}") for ending, what in endings),
    ]


def _softened(body: str) -> str:
    for hard, soft in (
        ("сц", "шч"),
        ("дз", "дж"),
        ("ц", "ч"),
        ("з", "ж"),
        ("с", "ш"),
        ("б", "бл"),
        ("п", "пл"),
        ("в", "ўл"),
        ("м", "мл"),
    ):
        if body.endswith(hard):
            return body[: -len(hard)] + soft
    return body


def _finish(low: str, base: str, stem: str, present: list[Form], passive: str, reflexive: bool) -> list[Form]:
    past = [
        Form(stem + e, f"past, {w}")
        for e, w in (("ў", "masculine"), ("ла", "feminine"), ("ло", "neuter"), ("лі", "plural"))
    ]
    gerunds = [Form(stem + "ўшы", "gerund")]
    finite = [*present, *past, *gerunds]
    if reflexive:
        return [Form(low, "infinitive"), *(_reflexive(form) for form in finite)]
    forms = [Form(low, "infinitive"), *finite]
    for one in passive.split("|"):
        forms.append(Form(one + "а", "impersonal in -на"))
        forms += forms_of(in_all_genders(paradigms_be.adjective, one + "ы"), "participle")
    return forms


def _reflexive(form: Form) -> Form:
    if form.text.endswith("ць"):
        return Form(form.text[:-2] + "цца", form.via)
    if "3rd person singular" in form.via and form.text.endswith("е"):
        return Form(form.text + "цца", form.via)
    return Form(form.text + "ся", form.via)
