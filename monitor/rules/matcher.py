"""The engine's face: a post's text in, findings or an explanation out."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable

from monitor.language.fold import fold
from monitor.models import EntityMention, Findings, Level, Match, Mention, highest
from monitor.rules.candidate import Candidate, Strength
from monitor.rules.condition import Evidence, Hit, Near, Verdict, Without, evaluate, walk
from monitor.rules.deciding import Decided, Dropped, Vocabulary, decide, hit_of
from monitor.rules.explain import DroppedMention, Explanation, RuleVerdict
from monitor.rules.gate import Gate
from monitor.rules.lexicon import Lexicon, Role
from monitor.rules.owners import contexts_of, terms_of
from monitor.rules.reading import Reading
from monitor.rules.regexes import Regex, compile_regex
from monitor.rules.scanning import Scanner
from monitor.rules.schema import Entity, RuleSet

_NOTHING = Findings((), ())
_SURROGATE = re.compile("[\ud800-\udfff]")


class Matcher:
    """Compiled rules; immutable, so one may be shared by all who need it."""

    def __init__(self, rules: RuleSet, lexicon: Lexicon) -> None:
        self.rules = rules
        self._terms = terms_of(rules)
        self._gate = Gate(rules, lexicon.subjects)
        self._scanner = Scanner(lexicon, self._gate.topics)
        self._vocabulary = Vocabulary(
            subjects=lexicon.subjects,
            entities=rules.entities,
            contexts=contexts_of(rules),
            term_groups=self._gate.term_topics,
        )
        self._regexes = _regexes(rules, lexicon)
        self._with_distance = frozenset(
            number
            for number, rule in enumerate(rules.rules)
            if any(isinstance(node, Near | Without) for node in walk(rule.when))
        )

    def find(self, text: str, *, channel: str | None = None, media: Collection[str] = ()) -> Findings:
        """Return the rules that fire on a text and the entities that it mentions, with spans in the text as given."""
        try:
            return self._find(text, channel, media)
        except UnicodeEncodeError:
            return self._find(_without_surrogates(text), channel, media)

    def _find(self, text: str, channel: str | None, media: Collection[str]) -> Findings:
        reading = Reading(fold(text))
        candidates = self._candidates(reading, self._scanner.hits(reading.text), self._gate.relevant)
        if not candidates and not self._gate.always:
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
        in_tags = [Dropped(one, str(one.other)) for one in self._scanner.hiding.inside_tags(reading, hits)]
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
                )
                for number, verdict in verdicts
            ),
        )

    def _candidates(
        self,
        reading: Reading,
        hits: list[tuple[int, int, int]],
        relevant: Callable[[frozenset[int]], frozenset[int]] | None = None,
    ) -> list[Candidate]:
        extra = [
            Candidate(start, end, subject, "regular expression", Strength.PLAIN, (start, end))
            for subject, regex in self._regexes
            for start, end in regex.spans(reading.text)
        ]
        return self._scanner.candidates(reading, hits, extra, relevant)

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
        self._explained = explained
        self._terms: dict[int, dict[str, list[Hit]]] = defaultdict(lambda: defaultdict(list))
        self._entities: dict[str, list[Hit]] = defaultdict(list)
        self._kinds: dict[str, list[Hit]] = defaultdict(list)
        gate = matcher._gate
        topics = frozenset(gate.topics[one.subject] for one in (*decided.terms, *decided.entities))
        self.reached = gate.spoken_of(topics) if explained else gate.may_fire(topics)
        counted = not matcher._with_distance.isdisjoint(self.reached)
        for candidate in decided.terms:
            number, _, name, _ = matcher._terms[matcher._vocabulary.subjects[candidate.subject].owner]
            if number in self.reached:
                self._terms[number][name].append(self._hit(candidate, counted))
        for candidate in decided.entities:
            entity = self._entity(candidate)
            hit = self._hit(candidate, counted)
            self._entities[entity.id].append(hit)
            self._kinds[entity.kind].append(hit)

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
        return evaluate(self._matcher.rules.rules[number].when, evidence, whole=self._explained)


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


def _regexes(rules: RuleSet, lexicon: Lexicon) -> list[tuple[int, Regex]]:
    terms = terms_of(rules)
    return [
        (number, compile_regex(terms[subject.owner][3].word))
        for number, subject in enumerate(lexicon.subjects)
        if subject.role == Role.TERM and terms[subject.owner][3].kind == "regex"
    ]
