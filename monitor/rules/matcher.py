"""The engine's face: a post's text in, findings or an explanation out."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable

from monitor.language.fold import fold
from monitor.models import EntityMention, Findings, Level, Match, Mention, highest
from monitor.rules.condition import (
    KINDS,
    And,
    EntityRef,
    Evidence,
    From,
    Has,
    Hit,
    KindRef,
    Near,
    Node,
    Not,
    Or,
    TermRef,
    Verdict,
    anchors,
    evaluate,
    may_hold,
    walk,
)
from monitor.rules.deciding import Decided, Dropped, Vocabulary, decide, hit_of
from monitor.rules.explain import DroppedMention, Explanation, RuleVerdict
from monitor.rules.lexicon import Lexicon, Role
from monitor.rules.owners import contexts_of, terms_of
from monitor.rules.reading import Reading
from monitor.rules.regexes import Regex, compile_regex
from monitor.rules.scanning import Candidate, Scanner, Strength
from monitor.rules.schema import Entity, Rule, RuleSet

_NOTHING = Findings((), ())
_SURROGATE = re.compile("[\ud800-\udfff]")


class Matcher:
    """Compiled rules; immutable, so one may be shared by all who need it."""

    def __init__(self, rules: RuleSet, lexicon: Lexicon) -> None:
        self.rules = rules
        self._terms = terms_of(rules)
        self._scanner = Scanner(lexicon)
        groups: dict[tuple[int, str], int] = {}
        self._vocabulary = Vocabulary(
            subjects=lexicon.subjects,
            entities=rules.entities,
            contexts=contexts_of(rules),
            term_groups=[groups.setdefault((number, name), len(groups)) for number, _, name, _ in self._terms],
        )
        self._regexes = _regexes(rules, lexicon)
        self._reached_by = _rules_by_entity(rules)
        self._anchors = [_anchors(rule) for rule in rules.rules]
        self._always = [number for number, rule in enumerate(rules.rules) if _may_fire_without_mention(rule.when)]
        self._with_distance = frozenset(
            number for number, rule in enumerate(rules.rules) if any(isinstance(node, Near) for node in walk(rule.when))
        )

    def find(self, text: str, *, channel: str | None = None, media: Collection[str] = ()) -> Findings:
        """Return the rules that fire on a text and the entities that it mentions, with spans in the text as given."""
        try:
            return self._find(text, channel, media)
        except UnicodeEncodeError:
            return self._find(_without_surrogates(text), channel, media)

    def _find(self, text: str, channel: str | None, media: Collection[str]) -> Findings:
        folded = fold(text)
        hits = self._scanner.hits(folded.text)
        if not (self._regexes or self._always or self._scanner.may_have_any(folded.text, hits)):
            return _NOTHING
        reading = Reading(folded)
        candidates = self._candidates(reading, hits)
        if not candidates and not self._always:
            return _NOTHING
        decided = decide(reading, candidates, self._vocabulary)
        post = _Post(self, reading, decided, channel, frozenset(media))
        matches = self._matches(post)
        return Findings(matches, post.entities()) if matches or decided.entities else _NOTHING

    def explain(self, text: str, *, channel: str | None = None, media: Collection[str] = ()) -> Explanation:
        """Return all that was found in a text, what was dropped and why, and every rule's condition with its values."""
        text = _without_surrogates(text)
        reading = Reading(fold(text))
        hits = self._scanner.hits(reading.text)
        decided = decide(reading, self._candidates(reading, hits), self._vocabulary)
        in_tags = [Dropped(one, str(one.other)) for one in self._scanner.inside_tags(reading, hits)]
        post = _Post(self, reading, decided, channel, frozenset(media), explained=True)
        verdicts = [(number, post.verdict(number)) for number in range(len(self.rules.rules))]
        fired = {self.rules.rules[number].id for number, verdict in verdicts if verdict.value}
        return Explanation(
            text=text,
            mentions=post.mentions(),
            dropped=_each_once(
                DroppedMention(post.mention(one.candidate), one.reason)
                for one in (*decided.dropped, *in_tags)
                if self._vocabulary.subjects[one.candidate.subject].role in (Role.TERM, Role.ENTITY)
            ),
            rules=tuple(
                RuleVerdict(
                    rule=self.rules.rules[number],
                    verdict=verdict,
                    level=_level(self.rules, number, fired) if verdict.value else None,
                    touched=number in post.reached,
                )
                for number, verdict in verdicts
            ),
        )

    def _candidates(self, reading: Reading, hits: list[tuple[int, int, int]]) -> list[Candidate]:
        extra = [
            Candidate(start, end, subject, "regular expression", Strength.PLAIN, (start, end))
            for subject, regex in self._regexes
            for start, end in regex.spans(reading.text)
        ]
        return self._scanner.candidates(reading, hits, extra)

    def _matches(self, post: _Post) -> tuple[Match, ...]:
        verdicts = {number: verdict for number in sorted(post.reached) if (verdict := post.verdict(number)).value}
        fired = {self.rules.rules[number].id for number in verdicts}
        return tuple(
            Match(
                rule=self.rules.rules[number].id,
                title=self.rules.rules[number].title,
                level=_level(self.rules, number, fired),
                mentions=_distinct(hit.mention for hit in verdict.hits),
            )
            for number, verdict in verdicts.items()
        )


class _Post:
    """The evidence of one post; words are counted only where a rule that is reached asks how far apart they stand."""

    def __init__(
        self,
        matcher: Matcher,
        reading: Reading,
        decided: Decided,
        channel: str | None,
        media: frozenset[str],
        *,
        explained: bool = False,
    ) -> None:
        self._matcher = matcher
        self._reading = reading
        self._decided = decided
        self._channel = channel
        self._media = media
        self._terms: dict[int, dict[str, list[Hit]]] = defaultdict(lambda: defaultdict(list))
        self._entities: dict[str, list[Hit]] = defaultdict(list)
        self._kinds: dict[str, list[Hit]] = defaultdict(list)
        self.reached = self._rules_reached() if explained else self._rules_that_may_fire()
        counted = not matcher._with_distance.isdisjoint(self.reached)
        for candidate in decided.terms:
            number, _, name, _ = matcher._terms[matcher._vocabulary.subjects[candidate.subject].owner]
            self._terms[number][name].append(self._hit(candidate, counted))
        for candidate in decided.entities:
            entity = self._entity(candidate)
            hit = self._hit(candidate, counted)
            self._entities[entity.id].append(hit)
            self._kinds[entity.kind].append(hit)

    def _rules_reached(self) -> frozenset[int]:
        """Give the numbers of the rules that need some mention that is here."""
        matcher = self._matcher
        reached = set(matcher._always)
        for candidate in self._decided.terms:
            reached.add(matcher._terms[matcher._vocabulary.subjects[candidate.subject].owner][0])
        for entity in {self._matcher._vocabulary.owner(candidate) for candidate in self._decided.entities}:
            reached |= matcher._reached_by[entity]
        return frozenset(reached)

    def _rules_that_may_fire(self) -> frozenset[int]:
        """Give the rules that are reached and have all that they need, wherever it stands in the post."""
        names: dict[int, set[str]] = defaultdict(set)
        for candidate in self._decided.terms:
            number, _, name, _ = self._matcher._terms[self._matcher._vocabulary.subjects[candidate.subject].owner]
            names[number].add(name)
        entities = [self._entity(candidate) for candidate in self._decided.entities]
        ids, kinds = {entity.id for entity in entities}, {entity.kind for entity in entities}
        named = {f"@{name}" for name in ids | kinds}
        rules, anchored = self._matcher.rules.rules, self._matcher._anchors
        return frozenset(
            number
            for number in self._rules_reached()
            if ((need := anchored[number]) is None or not need.isdisjoint(named | names.get(number, set())))
            and may_hold(rules[number].when, names.get(number, ()), ids, kinds)
        )

    def _hit(self, candidate: Candidate, counted: bool) -> Hit:
        mention = self.mention(candidate)
        return hit_of(self._reading, candidate, mention) if counted else Hit(0, 1, 0, mention)

    def _entity(self, candidate: Candidate) -> Entity:
        return self._matcher.rules.entities[self._matcher._vocabulary.subjects[candidate.subject].owner]

    def mention(self, candidate: Candidate) -> Mention:
        """Give the mention that a candidate stands for, in the published text."""
        start, end = self._reading.folded.span(candidate.start, candidate.end)
        form = self._reading.text[candidate.start : candidate.end]
        subject = self._matcher._vocabulary.subjects[candidate.subject]
        if subject.role == Role.TERM:
            _, rule, name, term = self._matcher._terms[subject.owner]
            return Mention(start, end, form, term.text, candidate.via, rule=rule.id, term=name)
        entity = self._matcher.rules.entities[subject.owner]
        return Mention(start, end, form, subject.lemma, candidate.via, entity=entity.id)

    def mentions(self) -> tuple[Mention, ...]:
        found = (self.mention(candidate) for candidate in (*self._decided.terms, *self._decided.entities))
        return tuple(sorted(found, key=lambda mention: (mention.start, -mention.end)))

    def entities(self) -> tuple[EntityMention, ...]:
        """Give every entity with its mentions, by first mention."""
        by_id = {entity.id: entity for entity in map(self._entity, self._decided.entities)}
        return tuple(
            EntityMention(id_, entity.kind, entity.name, tuple(hit.mention for hit in self._entities[id_]))
            for id_, entity in by_id.items()
        )

    def verdict(self, number: int) -> Verdict:
        """Evaluate a rule's condition."""
        evidence = Evidence(
            terms=self._terms.get(number, {}),
            entities=self._entities,
            kinds=self._kinds,
            channel=self._channel,
            media=self._media,
        )
        return evaluate(self._matcher.rules.rules[number].when, evidence)


def _without_surrogates(text: str) -> str:
    """Put U+FFFD for each lone surrogate, which is no character and can be searched by nothing; offsets stay."""
    return _SURROGATE.sub("\ufffd", text)


def _each_once(dropped: Iterable[DroppedMention]) -> tuple[DroppedMention, ...]:
    """Leave out what differs only in the spelling of the dictionary form; order as in the text."""
    said: dict[tuple[int, int, str | None, str | None, str], DroppedMention] = {}
    for one in dropped:
        said.setdefault((*one.mention.span, one.mention.entity or one.mention.rule, one.mention.term, one.reason), one)
    return tuple(sorted(said.values(), key=lambda one: one.mention.span))


def _distinct(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    return tuple(sorted(dict.fromkeys(mentions), key=lambda mention: (mention.start, mention.end)))


def _level(rules: RuleSet, number: int, fired: Collection[str]) -> Level:
    rule = rules.rules[number]
    return highest([rule.level, *(level for level, ids in rule.raises.items() if any(id_ in fired for id_ in ids))])


def _anchors(rule: Rule) -> frozenset[str] | None:
    """Names of which one must be found for a rule to fire, as its condition writes them; None: it needs nothing.

    Of two that are both needed the one with fewer words is taken, and a kind of entity last.
    """
    found = anchors(rule.when, lambda node: 1000 if isinstance(node, KindRef) else len(rule.terms.get(str(node), ())))
    return None if found is None else frozenset(map(str, found))


def _regexes(rules: RuleSet, lexicon: Lexicon) -> list[tuple[int, Regex]]:
    terms = terms_of(rules)
    return [
        (number, compile_regex(terms[subject.owner][3].word))
        for number, subject in enumerate(lexicon.subjects)
        if subject.role == Role.TERM and terms[subject.owner][3].kind == "regex"
    ]


def _rules_by_entity(rules: RuleSet) -> list[frozenset[int]]:
    """Lead each entity to the rules that speak of it or of its kind."""
    speaking: dict[tuple[bool, str], set[int]] = defaultdict(set)
    for number, rule in enumerate(rules.rules):
        for node in walk(rule.when):
            if isinstance(node, EntityRef):
                speaking[False, node.id].add(number)
            elif isinstance(node, KindRef):
                speaking[True, node.kind].add(number)
    by_kind = {kind: frozenset(speaking[True, kind]) for kind in KINDS}
    return [
        by_kind[entity.kind] | speaking[False, entity.id] if (False, entity.id) in speaking else by_kind[entity.kind]
        for entity in rules.entities
    ]


def _may_fire_without_mention(node: Node) -> bool:
    match node:
        case From() | Has() | Not():
            return True
        case And():
            return all(map(_may_fire_without_mention, node.parts))
        case Or():
            return any(map(_may_fire_without_mention, node.parts))
        case TermRef() | EntityRef() | KindRef() | Near():
            return False
