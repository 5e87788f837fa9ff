"""Ukrainian common words in all their forms: the part of speech is read from the ending of the dictionary form."""

from __future__ import annotations

from monitor.language import adjectives_uk, paradigms_uk
from monitor.language.forms import Form, Slots, capitals_like, distinct, forms_of, in_all_genders, union
from monitor.language.verbs_uk import verb_forms

_NOUNS_IN_TI = {"діти", "мати"}
# A plural ("пункти", "проєкти", "студенти"), where an infinitive would have a vowel, or one of these verbs.
_PLURALS_IN_TI = ("кти", "нти", "льти", "фти")
_VERBS_IN_KTY = ("пекти", "текти", "локти", "товкти", "сікти")
_ONCE_IN_Y = {"мати"}  # the one noun in -и that is a singular
_ANIMATE_MANY = (
    "ники",
    "нці",
    "вці",
    "яни",
    "ани",
    "чі",
    "ари",
    "ярі",
    "арі",
    "нти",
    "исти",
    "істи",
    "чики",
    "тори",
    "ери",
    "телі",
)
_ANIMATE = ("ник", "ець", "яр", "ар", "ач", "ист", "іст", "ант", "ент", "чик", "тор", "ер", "ор", "лох", "нин")
_PLURAL_WORDS = {
    "люди",
    "діти",
    "сили",
    "війська",
    "навчання_",
    "ворота",
    "двері",
    "гроші",
    "переговори",
    "жалощі",
    "збори",
    "роковини",
}


def word_forms(lemma: str) -> tuple[Form, ...]:
    """All forms of a Ukrainian common word in dictionary form: noun, adjective, participle or verb."""
    low = lemma.lower()
    forms: list[Form] = [Form(lemma, "as written")]
    if is_infinitive(low):
        forms += verb_forms(low)
    elif low.endswith(("ано", "ено", "ято", "уто", "ито", "єно")) and len(low) > 5:
        pass
    elif is_adjective(low):
        forms += forms_of(in_all_genders(adjectives_uk.adjective, low))
    elif low.endswith("і") and low not in _PLURAL_WORDS and adjectives_uk.looks_adjective(low):
        # An adjective that stands for people ("рідні", "військові"), or a noun that looks like one ("коні").
        forms += forms_of(union(adjectives_uk.adjective(low, "p", animate=True), noun_slots(low)))
    else:
        forms += forms_of(capitals_like(lemma, noun_slots(low)))
    return distinct(forms)


def is_infinitive(low: str) -> bool:
    """Whether a word is an infinitive by its ending."""
    if low in _NOUNS_IN_TI or (low.endswith(_PLURALS_IN_TI) and not low.endswith(_VERBS_IN_KTY)):
        return False
    return low.endswith(("ти", "тися", "тись")) and len(low) > 2


def is_adjective(low: str) -> bool:
    """Whether a common word is an adjective in its dictionary form (masculine nominative)."""
    return low.endswith("ий") or (low.endswith("ній") and len(low) > 4)


def noun_slots(low: str) -> Slots:
    """The paradigm of a common noun, animate where its ending says so."""
    animate = low.endswith(_ANIMATE) or low in ("батько", "дядько", "солдат", "воїн", "в'язень")
    if low in _PLURAL_WORDS or (low.endswith(("и", "і", "ї")) and low not in _ONCE_IN_Y):
        return paradigms_uk.plural_noun(low, animate=low in _PLURAL_WORDS or low.endswith(_ANIMATE_MANY))
    if low.endswith("мати"):
        many = paradigms_uk.decline_uk(low, low[:-1], "", "ері ерів ерям ерів ерями ерях")
        return paradigms_uk.decline_uk(low, low[:-1], "* ері ері ір ір'ю ері *") | many
    if low.endswith(("ар", "яр", "ир")) and animate:
        return union(paradigms_uk.soft_r(low), paradigms_uk.noun(low, None, animate=True))
    return paradigms_uk.noun(low, None, animate)
