"""The bundled packs: their own tests pass, and persons are found by the name that alerts show."""

from __future__ import annotations

import pytest

from monitor.rules.compiler import compile_rules
from monitor.rules.examples import try_examples
from monitor.rules.loader import load
from monitor.rules.matcher import Matcher
from monitor.rules.schema import Entity


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return compile_rules(load([]))


def test_every_example_of_the_packs(matcher: Matcher) -> None:
    failed = [
        f"{one.failure.example.place}: {one.owner.id} {'hit' if one.hit else 'miss'}: {one.failure.example.text}"
        for one in try_examples(matcher)
        if one.failure is not None
    ]
    assert failed == []


def test_ids_that_others_rely_on(matcher: Matcher) -> None:
    assert {"prisoners", "evacuations", "named-actors"} <= {rule.id for rule in matcher.rules.rules}
    assert len({entity.name for entity in matcher.rules.entities}) == len(matcher.rules.entities)


def _persons(matcher: Matcher) -> list[Entity]:
    return [entity for entity in matcher.rules.entities if entity.kind == "person"]


def test_each_person_says_what_the_surname_needs(matcher: Matcher) -> None:
    assert [entity.id for entity in _persons(matcher) if not entity.surname.stated] == []


def test_each_person_is_found_by_the_canonical_name(matcher: Matcher) -> None:
    """An analyst who searches for the name that an alert shows finds the person."""
    lost = [
        entity.name
        for entity in _persons(matcher)
        if entity.id not in {found.id for found in matcher.find(f"Today {entity.name} said so.").entities}
    ]
    assert lost == []
