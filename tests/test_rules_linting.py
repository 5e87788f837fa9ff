"""Advice on sound rules, and what one condition says about another."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.rules.implying import fire_alone, implies, never_holds, sentence
from monitor.rules.linting import lint
from tests.matching import rules_of

RULE = """
  {id}:
    title: {id}
    level: {level}
    terms: {{a: {{ru: [пленный]}}, b: {{ru: [мост, пленный]}}, c: {{ru: [танк]}}, d: {{ru: [поле]}}}}
    when: {when}
    tests: {{hit: [пленный], miss: [поезд]}}
"""
ENTITIES = """
entities:
  prigozhin: {kind: person, gender: m, name: Prigozhin, forms: {ru: Евгений Пригожин}, surname: alone}
  shebekino: {kind: place, name: Shebekino, forms: {ru: Шебекино}}
"""


def _conditions(folder: Path, *conditions: str, levels: tuple[str, ...] = ()) -> str:
    used = "({}) or a and b and c and d and not a"  # so that no term is unused; it adds nothing
    rules = [
        RULE.format(id=f"r{number}", when=used.format(when), level=level)
        for number, (when, level) in enumerate(zip(conditions, levels or ("low",) * len(conditions), strict=True))
    ]
    return ENTITIES + "rules:" + "".join(rules)


NEVER = {
    "a": False,
    "a and not a": True,
    "a and not b": True,  # all words of a are words of b
    "b and not a": False,
    "@prigozhin and not @person": True,
    "@person and not @prigozhin": False,
    "from(one) and from(two)": True,
    "(from(one) or from(two)) and a": False,
    "a near/3 c and not c": True,
    "a before/3 c and not (a near/5 c)": True,
    "a near/5 c and not (a before/3 c)": False,
    "a without/3 c": False,
    "a without/3 c and not a": True,
    "(a without/3 c) near/2 d and not d": True,
    "has(photo) and (a or c) and not (has(photo) and a) and not c": True,
}


@pytest.mark.parametrize("when", NEVER)
def test_conditions_that_never_hold(when: str, tmp_path: Path) -> None:
    rules = rules_of(tmp_path, _conditions(tmp_path, when))
    kinds = {entity.id: entity.kind for entity in rules.entities}
    assert never_holds(sentence(rules.rules[0]), kinds) is NEVER[when]


IMPLIED = [
    ("a", "b", True),
    ("b", "a", False),
    ("a and c", "a", True),
    ("a", "a or c", True),
    ("a near/3 c", "c near/5 a", True),
    ("a near/5 c", "c near/3 a", False),
    ("a before/3 c", "a near/3 c", True),
    ("a near/3 c", "a before/3 c", False),
    ("a near/3 c", "b near/3 (c or d)", True),
    ("a near/3 c", "c and b", True),
    ("a without/3 c", "a", True),
    ("a", "a without/3 c", False),
    ("a without/3 c", "a and not c", False),
    ("(a without/3 c) near/2 d", "a and d", True),
    ("@prigozhin and a", "@person", True),
    ("@person", "@prigozhin", False),
    ("a and not b", "c", True),  # what never holds implies anything
    ("a", "c", False),
    ("a and from(one)", "a and (from(one) or from(two))", True),
    ("a and not c", "a and not (c and d)", True),
]


@pytest.mark.parametrize(("one", "other", "follows"), IMPLIED)
def test_what_follows_from_a_condition(one: str, other: str, follows: bool, tmp_path: Path) -> None:
    rules = rules_of(tmp_path, _conditions(tmp_path, one, other))
    kinds = {entity.id: entity.kind for entity in rules.entities}
    first, second = map(sentence, rules.rules)
    assert implies(first, second, kinds) is follows


def test_nothing_is_claimed_of_what_takes_too_long(tmp_path: Path) -> None:
    letters = [f"t{number}" for number in range(40)]
    terms = ", ".join(f"{name}: {{ru: [слово{number}]}}" for number, name in enumerate(letters))
    pairs = " and ".join(f"({one} or {other})" for one, other in zip(letters[::2], letters[1::2], strict=True))
    text = f"""
rules:
  wide:
    title: wide
    level: low
    terms: {{{terms}}}
    when: {pairs} and not ({pairs})
    tests: {{hit: [а], miss: [б]}}
"""
    assert never_holds(sentence(rules_of(tmp_path, text).rules[0]), {}) is False


ALONE = {
    "a": True,
    "a or c": True,
    "a and c": False,
    "not a and c": False,
    "a near/3 c": False,
    "a and not c": True,
    "a without/3 c without/5 d": True,
    "c without/3 a": False,
}


@pytest.mark.parametrize("when", ALONE)
def test_whether_a_term_fires_alone(when: str, tmp_path: Path) -> None:
    rules = rules_of(tmp_path, _conditions(tmp_path, when))
    assert ("a" in fire_alone(rules.rules[0])) is ALONE[when]


LINTED = {
    "short forms": (
        "v: {ru: [бой]}",
        "v",
        ["5:22 v: “бой” has forms under 4 letters (бое, бои, бой …), which stand in"],
    ),
    "short, meant": ("v: {ru: [=бой]}", "v", []),
    "short, an abbreviation": ("v: {ru: [ВСУ]}", "v", []),
    "short, but not alone": ("v: {ru: [бой]}, w: {ru: [танк]}", "v near/3 w", []),
    "another language's word": (
        "v: {de: [Kind]}",
        "v",
        ["5:22 v: “Kind” has forms that are ordinary words in Dutch and English (kind) and make"],
    ),
    "a part of a word": ("v: {nl: [kind*]}", "v", []),
    "its own language's word": ("v: {ru: [город], en: [town]}", "v", []),
    "can never fire": ("v: {ru: [город]}", "v and not v", ["3:3 can never fire: its condition asks for what it exclu"]),
}


@pytest.mark.parametrize("case", LINTED)
def test_advice_on_rules(case: str, tmp_path: Path) -> None:
    terms, when, advice = LINTED[case]
    text = f"""
rules:
  r:
    title: r
    terms: {{{terms}}}
    level: low
    when: {when}
    tests: {{hit: [а], miss: [б]}}
"""
    found = [f"{one.place.line}:{one.place.column} {one.message}" for one in lint(rules_of(tmp_path, text))]
    assert [said[: len(start)] for said, start in zip(found, advice, strict=True)] == advice


CONTAINED = {
    "the same": (("a", "a"), ("low", "low"), ["r1: says the same as “r0”; keep one"]),
    "the same, louder": (
        ("a", "a"),
        ("low", "high"),
        ["r0: adds nothing: whenever it fires, “r1” fires too, and no less loudly"],
    ),
    "narrower": (
        ("a and c", "b"),
        ("low", "low"),
        ["r0: adds nothing: whenever it fires, “r1” fires too, and no less loudly"],
    ),
    "narrower and louder": (("a and c", "b"), ("high", "low"), []),
    "apart": (("a", "c"), ("low", "low"), []),
}


@pytest.mark.parametrize("case", CONTAINED)
def test_advice_on_rules_within_others(case: str, tmp_path: Path) -> None:
    conditions, levels, advice = CONTAINED[case]
    text = _conditions(tmp_path, *conditions, levels=levels)
    assert [f"{one.id}: {one.message}" for one in lint(rules_of(tmp_path, text))] == advice


STATE = "; say what the surname needs: surname: with-name, near(…), or alone if that is meant"
PERSONS = {
    "a common surname": ("{ru: Пётр Кузнецов}, gender: m", ["many people are called Кузнецов" + STATE]),
    "a common surname, a woman's": ("{ru: Анна Кузнецова}, gender: f", ["many people are called Кузнецова" + STATE]),
    "a common surname, Ukrainian": ("{uk: Петро Шевченко}, gender: m", ["many people are called Шевченко" + STATE]),
    "a common surname that is alone on purpose": ("{ru: Пётр Кузнецов}, gender: m, surname: alone", []),
    "a common surname that needs the name": ("{ru: Пётр Кузнецов}, gender: m, surname: with-name", []),
    "an ordinary word": (
        "{ru: Иван Соловей}, gender: m",
        ["Соловей has forms that are ordinary words (соловее, соловеем, соловей …)" + STATE],
    ),
    "a short one": ("{ru: Сергей Ким}, gender: m", ["Ким has forms under 4 letters (kim, ким, кім)" + STATE]),
    "a rare one": ("{ru: Евгений Пригожин}, gender: m", []),
}


@pytest.mark.parametrize("case", PERSONS)
def test_advice_on_surnames(case: str, tmp_path: Path) -> None:
    keys, advice = PERSONS[case]
    text = f"entities:\n  x: {{kind: person, name: X, forms: {keys}}}\n"
    assert [one.message for one in lint(rules_of(tmp_path, text))] == advice


NAMES = {
    "an ordinary word": (
        "kind: place, forms: {ru: Таволжанка}",
        ["“Таволжанка” is an ordinary word in Russian, too; write it with another word, or say under unless: which "],
    ),
    "an ordinary word with what speaks against it": (
        "kind: place, forms: {ru: Таволжанка}, unless: {ru: [цветок]}",
        [],
    ),
    "two words": ("kind: place, forms: {ru: Новая Таволжанка}", []),
    "an abbreviation": ("kind: organisation, forms: {ru: РДК, en: RVC}", []),
    "an alias that is short": (
        "kind: organisation, forms: {ru: Легион Свобода}, aliases: {ru: [Жуд]}",
        ["“Жуд” has forms under 4 letters (жуд), which stand in many texts by chance; write it with another word"],
    ),
}


@pytest.mark.parametrize("case", NAMES)
def test_advice_on_names(case: str, tmp_path: Path) -> None:
    keys, advice = NAMES[case]
    found = lint(rules_of(tmp_path, f"entities:\n  x: {{name: X, {keys}}}\n"))
    assert [one.message[: len(said)] for one, said in zip(found, advice, strict=True)] == advice
