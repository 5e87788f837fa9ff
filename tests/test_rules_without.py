"""`without/N`: mentions that have nothing of another kind close by, each judged for itself."""

from __future__ import annotations

import pytest

from monitor.rules.condition import TermRef, Without
from monitor.rules.grammar import ConditionError, parse
from monitor.rules.matcher import Matcher
from tests.matching import matcher_of, matches_in

A, B, C = TermRef("a"), TermRef("b"), TermRef("c")

READ = {
    "a without/4 b": Without(A, B, 4),
    "a without-before/0 b": Without(A, B, 0, "before"),
    "a without-after/12 b": Without(A, B, 12, "after"),
    "a without/4 b without-after/2 c": Without(Without(A, B, 4), C, 2, "after"),
    "a without/4 (b without/2 c)": Without(A, Without(B, C, 2), 4),
}


@pytest.mark.parametrize("text", READ)
def test_it_is_read_from_the_left_and_printed_as_it_was_written(text: str) -> None:
    assert (parse(text), str(READ[text])) == (READ[text], text)


REFUSED = {
    "a without/4 b near/2 c": (15, "“near/2” cannot follow “without”; write “(a without/4 b) near/2 …”"),
    "a near/2 b without/4 c": (12, "“without/4” cannot follow “near/2”; put the first in brackets"),
    "a without/1001 b": (3, "without/1001: at most 1000 words may stand between"),
    "a without/4 (b and c)": (13, "without/4 takes terms, entities or an “or” of these, not “b and c”"),
    "(a near/2 b) without/4 c": (1, "without/4 takes terms, entities or an “or” of these, not “a near/2 b”"),
    "a without b": (3, "“without” does not fit here; “and” or “or” is missing before it"),
    "a near / 3 b": (
        8,
        "“/” stands in a distance only, written without blanks and with a number: near/3, before/3, without/3",
    ),
    "a & b": (3, "“&” cannot stand in a condition; write “and”"),
    "“пленный” or b": (
        1,
        "a quotation mark cannot stand here; words are written under terms:, and a condition joins their names",
    ),
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_cannot_be_read_is_refused_with_what_to_write_instead(text: str) -> None:
    with pytest.raises(ConditionError) as caught:
        parse(text)
    assert (caught.value.column, str(caught.value)) == REFUSED[text]


RULES = """
entities:
  shebekino: {kind: place, name: Shebekino, forms: {ru: Шебекино}}
rules:
  around:
    title: Around
    level: low
    terms: {act: {ru: [эвакуация, =план эвакуации]}, plan: {ru: [план эвакуации, учения]}}
    when: act without/2 plan
    tests: {hit: [эвакуация], miss: [учения]}
  before:
    title: Before
    level: low
    terms: {flood: {ru: [потоп]}, not_: {ru: [=не]}}
    when: flood without-before/1 not_
    tests: {hit: [потоп], miss: [не потоп]}
  after:
    title: After
    level: low
    terms: {fire: {ru: [пожар]}, out: {ru: [потушен]}}
    when: fire without-after/1 out
    tests: {hit: [пожар], miss: [пожар потушен]}
  close:
    title: Close
    level: low
    terms: {bus: {ru: [автобус]}, toy: {ru: [игрушка]}}
    when: (bus without/0 toy) near/3 @shebekino
    tests: {hit: [автобус в Шебекино], miss: [автобус]}
"""


@pytest.fixture(scope="module")
def matcher(tmp_path_factory: pytest.TempPathFactory) -> Matcher:
    return matcher_of(tmp_path_factory.mktemp("rules"), RULES)


FOUND = {
    "Учения прошли, а вечером началась эвакуация": {"around": ["эвакуация"]},
    "Учения: прошла эвакуация. В пять часов утра настоящая эвакуация": {"around": ["эвакуация"]},
    "Эвакуация и учения": {},
    "План эвакуации висит на стене": {},
    "Эвакуация началась\n\nУчения начались": {"around": ["Эвакуация"]},
    "не потоп, а теперь потоп": {"before": ["потоп"]},
    "не потоп": {},
    "потоп не страшен": {"before": ["потоп"]},
    "Потушен пожар": {"after": ["пожар"]},
    "Пожар уже потушен, новый пожар": {"after": ["пожар"]},
    "Пожар потушен": {},
    "автобус в Шебекино": {"close": ["автобус", "Шебекино"]},
    "игрушка автобус в Шебекино": {},
    "игрушка автобус, другой автобус в Шебекино": {"close": ["автобус", "Шебекино"]},
}


@pytest.mark.parametrize("text", FOUND)
def test_each_mention_is_judged_for_itself(matcher: Matcher, text: str) -> None:
    assert matches_in(matcher, text) == FOUND[text]
