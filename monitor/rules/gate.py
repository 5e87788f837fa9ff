"""What in a post can matter: most posts hold words of a rule that lacks another one, and nothing of them need be read.

A topic is what a word may count for, as a number: the terms of one name in one rule, an entity, a kind of entity, or a
word that only says something about an entity (a namesake, a word of its `unless` or `near(...)`).
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import product

from monitor.rules.condition import (
    KINDS,
    And,
    EntityRef,
    From,
    Has,
    KindRef,
    Near,
    Node,
    Not,
    Or,
    TermRef,
    Without,
    walk,
)
from monitor.rules.lexicon import Role, Subject
from monitor.rules.owners import contexts_of, terms_of
from monitor.rules.schema import RuleSet

_REMEMBERED = 10_000  # sets of topics whose relevant ones are kept at hand
_MOST_WAYS = 1_000  # for one rule to fire that are told apart

Topics = frozenset[int]


class Gate:
    """Tells which rules may fire, and which words can matter, from what stands in a post, wherever it stands."""

    def __init__(self, rules: RuleSet, subjects: Sequence[Subject]) -> None:
        groups: dict[tuple[int, str], int] = {}
        self.term_topics = [groups.setdefault((number, name), len(groups)) for number, _, name, _ in terms_of(rules)]
        self._rule_of = [number for number, _ in groups]
        kinds = {kind: len(groups) + number for number, kind in enumerate(KINDS)}
        self._first_entity = len(groups) + len(kinds)
        self._first_beside = self._first_entity + len(rules.entities)
        self._kind_of = [kinds[entity.kind] for entity in rules.entities]
        self.topics = self._topics(rules, subjects)
        self._speaking: dict[int, set[int]] = defaultdict(set)
        # Each way for a rule to fire stands by one topic of it, one of an entity if there is any.
        self._ways: dict[int, list[tuple[Topics, int]]] = defaultdict(list)
        always = set()
        entities = {entity.id: self._first_entity + number for number, entity in enumerate(rules.entities)}
        for number, rule in enumerate(rules.rules):
            named = {
                **{str(TermRef(name)): groups[number, name] for name in rule.terms if (number, name) in groups},
                **{str(KindRef(kind)): topic for kind, topic in kinds.items()},
            }

            def topic_of(node: Node, named: dict[str, int] = named) -> int | None:
                return entities.get(node.id) if isinstance(node, EntityRef) else named.get(str(node))

            for node in walk(rule.when):
                if isinstance(node, EntityRef | KindRef) and (topic := topic_of(node)) is not None:
                    self._speaking[topic].add(number)
            for way in _ways(rule.when, topic_of):
                if way:
                    self._ways[max(way)].append((way, number))
                else:
                    always.add(number)
        self.always = frozenset(always)
        self._relevant: dict[Topics, Topics] = {}

    def _topics(self, rules: RuleSet, subjects: Sequence[Subject]) -> array[int]:
        """Give the topic of each subject of the lexicon."""
        contexts = contexts_of(rules)
        topics = array("I")
        for subject in subjects:
            match subject.role:
                case Role.TERM:
                    topics.append(self.term_topics[subject.owner])
                case Role.ENTITY:
                    topics.append(self._first_entity + subject.owner)
                case Role.NEVER:
                    topics.append(self._first_beside + subject.owner)
                case Role.CONTEXT:
                    topics.append(self._first_beside + contexts[subject.owner].entity)
        return topics

    def relevant(self, topics: Topics) -> Topics:
        """Return the topics among those found that can make a difference to what the post gives."""
        known = self._relevant.get(topics)
        if known is None:
            if len(self._relevant) >= _REMEMBERED:
                self._relevant.clear()
            known = self._relevant[topics] = self._worked_out(topics)
        return known

    def _worked_out(self, topics: Topics) -> Topics:
        firing = self.may_fire(topics)
        return frozenset(topic for topic in topics if self._matters(topic, topics, firing))

    def _matters(self, topic: int, topics: Topics, firing: frozenset[int]) -> bool:
        if topic < self._first_entity:
            return self._rule_of[topic] in firing
        return topic < self._first_beside or topic - len(self._kind_of) in topics

    def may_fire(self, topics: Topics) -> frozenset[int]:
        """Return the numbers of the rules that have all that they need among the topics, wherever it stands."""
        found = topics | self._kinds(topics)
        ways = (way for topic in found for way in self._ways.get(topic, ()))
        return self.always | {number for way, number in ways if way <= found}

    def spoken_of(self, topics: Topics) -> frozenset[int]:
        """Return the numbers of the rules that speak of something that was found, or need nothing."""
        by_terms = {self._rule_of[topic] for topic in topics if topic < len(self._rule_of)}
        by_names = (self._speaking.get(topic, ()) for topic in topics | self._kinds(topics))
        return self.always.union(by_terms, *by_names)

    def _kinds(self, topics: Iterable[int]) -> set[int]:
        first, end = self._first_entity, self._first_beside
        return {self._kind_of[topic - first] for topic in topics if first <= topic < end}


def _ways(node: Node, topic_of: Callable[[Node], int | None]) -> set[Topics]:
    """Give the sets of topics of which one must be found whole; a condition that may need nothing has the empty set."""
    match node:
        case TermRef() | EntityRef() | KindRef():
            topic = topic_of(node)
            return set() if topic is None else {frozenset({topic})}
        case Not() | From() | Has():
            return {frozenset()}
        case Or(parts):
            return _smallest(set().union(*(_ways(part, topic_of) for part in parts)))
        case Without(left):
            return _ways(left, topic_of)
        case Near():
            factors = [_ways(node.left, topic_of), _ways(node.right, topic_of)]
        case And(parts):
            factors = [_ways(part, topic_of) for part in parts]
    found: set[Topics] = {frozenset()}
    for factor in sorted(factors, key=len):
        # With too many a part is left out: the rule is looked at a little more often.
        if len(found) * len(factor) <= _MOST_WAYS:
            found = _smallest({one | other for one, other in product(found, factor)})
    return found


def _smallest(ways: set[Topics]) -> set[Topics]:
    """Leave out what holds another one whole."""
    return {way for way in ways if not any(other < way for other in ways)} if len(ways) <= _MOST_WAYS else ways
