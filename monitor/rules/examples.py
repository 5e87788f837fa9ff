"""The tests inside rule files: each example is put before the compiled rules as a post would be. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from monitor.models import EntityMention
from monitor.rules.explain import Explanation, RuleVerdict
from monitor.rules.matcher import Matcher
from monitor.rules.schema import Entity, Example, Rule, Tests


@dataclass(frozen=True, slots=True)
class Failure:
    """An example that did not come out as it should: of which rule or entity, whether it is a hit, and what was found.

    `verdict` is the rule's condition with its values, None for an entity; `mentions` are the entity's.
    """

    owner: Rule | Entity
    example: Example
    hit: bool
    explanation: Explanation
    verdict: RuleVerdict | None
    mentions: tuple[EntityMention, ...]


@dataclass(frozen=True, slots=True)
class Tried:
    """One example that was tried; `failure` is None where it came out as it should."""

    owner: Rule | Entity
    hit: bool
    failure: Failure | None


def try_examples(matcher: Matcher) -> Iterator[Tried]:
    """Try every example of every rule and entity, in the order of the files."""
    for rule in matcher.rules.rules:
        for example, hit in _both(rule.tests):
            found = matcher.find(example.text, channel=example.channel, media=example.media)
            fired = any(match.rule == rule.id for match in found.matches)
            yield Tried(rule, hit, None if fired == hit else _failure(matcher, rule, example, hit))
    for entity in matcher.rules.entities:
        for example, hit in _both(entity.tests):
            found = matcher.find(example.text, channel=example.channel, media=example.media)
            named = any(one.id == entity.id for one in found.entities)
            yield Tried(entity, hit, None if named == hit else _failure(matcher, entity, example, hit))


def _both(tests: Tests) -> Iterator[tuple[Example, bool]]:
    yield from ((example, True) for example in tests.hit)
    yield from ((example, False) for example in tests.miss)


def _failure(matcher: Matcher, owner: Rule | Entity, example: Example, hit: bool) -> Failure:
    explanation = matcher.explain(example.text, channel=example.channel, media=example.media)
    found = matcher.find(example.text, channel=example.channel, media=example.media)
    return Failure(
        owner=owner,
        example=example,
        hit=hit,
        explanation=explanation,
        verdict=next((one for one in explanation.rules if one.rule.id == owner.id), None)
        if isinstance(owner, Rule)
        else None,
        mentions=tuple(one for one in found.entities if one.id == owner.id),
    )
