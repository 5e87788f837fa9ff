"""Which candidates are mentions: namesakes, the policy on surnames, words that speak against it, and overlaps."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from monitor.models import Mention
from monitor.rules.candidate import Candidate, Strength
from monitor.rules.condition import Evidence, Hit, evaluate
from monitor.rules.lexicon import Role, Subject
from monitor.rules.owners import Context
from monitor.rules.reading import Reading
from monitor.rules.schema import Entity

NEAR_WORDS = 40  # how far from a surname what its `near(...)` asks for may stand, in words


@dataclass(frozen=True, slots=True)
class Dropped:
    """A candidate that is no mention, and why."""

    candidate: Candidate
    reason: str


@dataclass(frozen=True, slots=True)
class Decided:
    """What is left of the candidates of a post, in order, and what is not."""

    terms: tuple[Candidate, ...]
    entities: tuple[Candidate, ...]
    dropped: tuple[Dropped, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The numbered things that candidates point to."""

    subjects: Sequence[Subject]
    entities: Sequence[Entity]
    contexts: Sequence[Context]
    term_groups: Sequence[int]  # for each term of the rules a number that the terms of one name in one rule share

    def owner(self, candidate: Candidate) -> int:
        """Return the number of the term group, entity or context word that a candidate stands for."""
        subject = self.subjects[candidate.subject]
        return self.term_groups[subject.owner] if subject.role == Role.TERM else subject.owner


def decide(reading: Reading, candidates: Sequence[Candidate], vocabulary: Vocabulary) -> Decided:
    """Sort the candidates of one post into mentions and others."""
    by_role: dict[Role, list[Candidate]] = {role: [] for role in Role}
    for candidate in candidates:
        by_role[vocabulary.subjects[candidate.subject].role].append(candidate)
    dropped = [Dropped(one, one.other) for one in by_role[Role.TERM] if one.other]
    terms = [one for one in by_role[Role.TERM] if not one.other] if dropped else by_role[Role.TERM]
    entities: list[Candidate] = []
    if by_role[Role.ENTITY]:
        # Forms of one entity's names in several languages may be the same word; the name written first is told.
        distinct: dict[tuple[object, ...], Candidate] = {}
        for one in by_role[Role.ENTITY]:
            distinct.setdefault((vocabulary.owner(one), one.start, one.end, one.strength, one.other), one)
        contexts = [one for one in by_role[Role.CONTEXT] if not one.other]
        judging = _Judging(reading, vocabulary, by_role[Role.NEVER], contexts, dropped)
        entities = judging.outermost(judging.allowed(judging.themselves(distinct.values())))
    if len(terms) > 1:
        terms = _longest(terms, vocabulary, dropped)
    return Decided(tuple(terms), tuple(entities), tuple(dropped))


@dataclass(frozen=True, slots=True)
class _Judging:
    reading: Reading
    vocabulary: Vocabulary
    nevers: list[Candidate]
    contexts: list[Candidate]
    dropped: list[Dropped]

    def owner(self, candidate: Candidate) -> int:
        return self.vocabulary.owner(candidate)

    def drop(self, candidate: Candidate, reason: str) -> None:
        self.dropped.append(Dropped(candidate, reason))

    def themselves(self, candidates: Iterable[Candidate]) -> list[Candidate]:
        """Leave out who is somebody else by the words around, or by a name of `never`."""
        namesakes: dict[int, list[Candidate]] = defaultdict(list)
        for never in self.nevers:
            if never.other is None and not (never.policy and never.strength != Strength.FULL):
                namesakes[self.owner(never)].append(never)
        left = []
        for candidate in candidates:
            never_found = self._covering(candidate, namesakes.get(self.owner(candidate), ()))
            if candidate.other is not None:
                self.drop(candidate, candidate.other)
            elif never_found is not None:
                self.drop(candidate, f"never: {self.vocabulary.subjects[never_found.subject].lemma}")
            else:
                left.append(candidate)
        if not namesakes:
            return left
        named = {self.owner(candidate) for candidate in left if candidate.strength == Strength.FULL}
        with_namesake = {owner for owner, found in namesakes.items() if any(never.policy for never in found)} - named
        return self._without(
            left,
            lambda candidate: candidate.strength == Strength.BARE and self.owner(candidate) in with_namesake,
            "only a namesake stands in the post with a full name",
        )

    def _covering(self, candidate: Candidate, namesakes: Sequence[Candidate]) -> Candidate | None:
        for never in namesakes:
            if never.start < candidate.end and candidate.start < never.end:
                covers = never.start <= candidate.start and candidate.end <= never.end
                if covers or candidate.strength != Strength.FULL:
                    return never
        return None

    def _without(
        self, candidates: Iterable[Candidate], out: Callable[[Candidate], bool], reason: str
    ) -> list[Candidate]:
        left = []
        for candidate in candidates:
            if out(candidate):
                self.drop(candidate, reason)
            else:
                left.append(candidate)
        return left

    def allowed(self, candidates: list[Candidate]) -> list[Candidate]:
        """Leave out surnames and one-word aliases that their entity does not take alone here."""
        unless: dict[int, dict[int, Candidate]] = defaultdict(dict)
        near: dict[int, list[Candidate]] = defaultdict(list)
        for found in self.contexts:
            context = self.vocabulary.contexts[self.owner(found)]
            if context.use == "unless":
                unless[context.entity].setdefault(self.reading.paragraph(found.start), found)
            else:
                near[context.entity].append(found)
        named = {self.owner(candidate) for candidate in candidates if candidate.strength == Strength.FULL}
        left: list[Candidate] = []
        waiting: list[Candidate] = []
        for candidate in candidates:
            owner = self.owner(candidate)
            entity = self.vocabulary.entities[owner]
            against = unless[owner].get(self.reading.paragraph(candidate.start)) if owner in unless else None
            if candidate.strength != Strength.BARE:
                left.append(candidate)
            elif against is not None:
                self.drop(candidate, f"unless: {self.vocabulary.subjects[against.subject].lemma}")
            elif not candidate.policy or entity.surname.policy == "alone" or owner in named:
                left.append(candidate)
            elif entity.surname.policy == "near":
                waiting.append(candidate)
            else:
                self.drop(candidate, "the surname counts only with the full name in the post")
        if waiting:
            left += self._near(waiting, left, near)
            left.sort(key=lambda candidate: (candidate.start, -candidate.end))
        return left

    def _near(
        self, waiting: list[Candidate], others: list[Candidate], words: dict[int, list[Candidate]]
    ) -> list[Candidate]:
        """Take those with what their `near(...)` asks for around them; who is taken may let others in."""
        taken: list[Candidate] = []
        while waiting:
            around = _Around(self.reading, self.vocabulary, [*others, *taken], words)
            now = [candidate for candidate in waiting if around.satisfied(candidate, self.owner(candidate))]
            if not now:
                break
            taken += now
            waiting = [candidate for candidate in waiting if candidate not in now]
        for candidate in waiting:
            self.drop(candidate, "nothing that the surname needs stands near it")
        return taken

    def outermost(self, candidates: list[Candidate]) -> list[Candidate]:
        """Keep the longest of an entity's overlapping mentions; leave out those within another entity's longer one."""
        longest = _longest(candidates, self.vocabulary, self.dropped)
        if len(longest) < 2:
            return longest
        longest.sort(key=lambda candidate: (candidate.reach[0], -candidate.reach[1]))
        kept: list[Candidate] = []
        still_open: list[Candidate] = []
        for candidate in longest:
            still_open = [one for one in still_open if one.reach[1] > candidate.start]
            around = next((one for one in still_open if self._goes_before(one, candidate)), None)
            if around is None:
                kept.append(candidate)
                still_open.append(candidate)
            else:
                self.drop(candidate, f"part of a longer name: {self.vocabulary.entities[self.owner(around)].name}")
        return sorted(kept, key=lambda candidate: (candidate.start, -candidate.end))

    def _goes_before(self, one: Candidate, other: Candidate) -> bool:
        """Whether `one` covers more than `other`, all of it, and both are read from the same words."""
        return (
            one.reach[0] <= other.reach[0]
            and other.reach[1] <= one.reach[1]
            and one.reach != other.reach
            and one.start < other.end
            and other.start < one.end
            and self.owner(one) != self.owner(other)
        )


class _Around:
    """What stands around a surname, for the condition of its `near(...)`."""

    def __init__(
        self,
        reading: Reading,
        vocabulary: Vocabulary,
        mentions: Sequence[Candidate],
        words: dict[int, list[Candidate]],
    ) -> None:
        self._reading = reading
        self._vocabulary = vocabulary
        self._words = words
        self._mentions: dict[str, list[Hit]] = defaultdict(list)
        for candidate in sorted(mentions, key=lambda candidate: candidate.start):
            entity = vocabulary.entities[vocabulary.subjects[candidate.subject].owner]
            self._mentions[entity.id].append(hit_of(reading, candidate, _mention_of_entity(candidate, entity)))

    def satisfied(self, candidate: Candidate, owner: int) -> bool:
        """Whether the entity's condition holds for what stands within forty words of the candidate."""
        entity = self._vocabulary.entities[owner]
        assert entity.surname.condition is not None
        here = self._reading.index(candidate.start)
        first, last = here - NEAR_WORDS, here + NEAR_WORDS
        terms: dict[str, list[Hit]] = defaultdict(list)
        found = self._words.get(owner, ())
        reading = self._reading
        low = bisect_left(found, first, key=lambda one: reading.index(one.start))
        for one in found[low:]:
            if reading.index(one.start) > last:
                break
            context = self._vocabulary.contexts[self._vocabulary.subjects[one.subject].owner]
            mention = Mention(one.start, one.end, reading.text[one.start : one.end], context.text, one.via)
            terms[context.text].append(hit_of(reading, one, mention))
        entities, kinds = {}, defaultdict[str, list[Hit]](list)
        for other in self._vocabulary.entities if self._mentions else ():
            hits = [hit for hit in self._mentions.get(other.id, ()) if first <= hit.start_word <= last]
            if hits and other.id != entity.id:
                entities[other.id] = hits
                kinds[other.kind] += hits
        evidence = Evidence(terms=terms, entities=entities, kinds=kinds, channel=None, media=frozenset())
        return evaluate(entity.surname.condition, evidence).value


def hit_of(reading: Reading, candidate: Candidate, mention: Mention) -> Hit:
    """Say where a candidate stands in words and paragraphs, for conditions."""
    first, last = reading.index(candidate.start), reading.index(candidate.end - 1)
    return Hit(first, last + 1, reading.paragraph(candidate.start), mention)


def _mention_of_entity(candidate: Candidate, entity: Entity) -> Mention:
    return Mention(candidate.start, candidate.end, "", "", candidate.via, entity=entity.id)


def _longest(candidates: Sequence[Candidate], vocabulary: Vocabulary, dropped: list[Dropped]) -> list[Candidate]:
    """Of overlapping candidates of one owner keep the longest, the best named among equals."""
    last: dict[int, int] = {}
    kept: list[Candidate | None] = []
    for candidate in candidates:
        owner = vocabulary.owner(candidate)
        at = last.get(owner)
        rival = kept[at] if at is not None else None
        if at is not None and rival is not None and candidate.start < rival.end and rival.start < candidate.end:
            weights = (candidate.end - candidate.start, candidate.strength), (rival.end - rival.start, rival.strength)
            if weights[0] <= weights[1]:
                if weights[0][0] < weights[1][0]:
                    dropped.append(Dropped(candidate, "part of a longer form of the same"))
                continue
            if weights[0][0] > weights[1][0]:
                dropped.append(Dropped(rival, "part of a longer form of the same"))
            kept[at] = None
        last[owner] = len(kept)
        kept.append(candidate)
    return [candidate for candidate in kept if candidate is not None]
