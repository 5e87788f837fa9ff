"""Precision and recall of rules on labelled posts, with the mistakes themselves. Pure."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from monitor.models import Findings, Mention, Span
from monitor.rules.matcher import Matcher

ENTITIES = "entities"  # the key of the labels that lists names; every other key is the id of a rule
_Z = 1.959964  # the normal distribution's 97.5 % point: intervals are at 95 %


@dataclass(frozen=True, slots=True)
class Labelled:
    """A post that a person has labelled.

    `rules` says of rules, by id, whether they must fire; `entities` are the canonical names that it mentions, None
    where nobody looked; `unsure` are the labels to leave out. `place` says where it stands (`file:line`).
    """

    text: str
    place: str
    rules: Mapping[str, bool]
    entities: frozenset[str] | None
    unsure: frozenset[str] = frozenset()
    language: str | None = None
    channel: str | None = None
    media: tuple[str, ...] = ()


@dataclass(slots=True)
class Counts:
    """How often something was found and should (`right`), was missed, or was found and should not (`false`)."""

    right: int = 0
    missed: int = 0
    false: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.right + other.right, self.missed + other.missed, self.false + other.false)

    @property
    def found(self) -> int:
        """How often it was found."""
        return self.right + self.false

    @property
    def labelled(self) -> int:
        """How often it should have been found."""
        return self.right + self.missed

    @property
    def precision(self) -> float | None:
        """Share of what was found that is right; None where nothing was found."""
        return self.right / self.found if self.found else None

    @property
    def recall(self) -> float | None:
        """Share of what should be found that was; None where nothing should."""
        return self.right / self.labelled if self.labelled else None


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """Return the 95 % interval of a share by Wilson's score (Wilson 1927); (0, 1) without trials."""
    if not trials:
        return 0.0, 1.0
    share, square = successes / trials, _Z**2
    middle = share + square / (2 * trials)
    spread = _Z * math.sqrt((share * (1 - share) + square / (4 * trials)) / trials)
    low, high = (middle - spread) / (1 + square / trials), (middle + spread) / (1 + square / trials)
    return (0.0 if successes == 0 else low), (1.0 if successes == trials else high)


@dataclass(frozen=True, slots=True)
class Mistake:
    """A post on which a rule (by id) or entity (by name) was missed or falsely found; `spans` are what was found."""

    kind: Literal["missed", "false"]
    subject: str
    post: Labelled
    spans: tuple[Span, ...]


@dataclass(slots=True)
class Score:
    """Counts by rule id and by entity name, each by language; the mistakes in the order of the posts."""

    rules: dict[str, dict[str, Counts]] = field(default_factory=dict)
    entities: dict[str, dict[str, Counts]] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)
    posts: int = 0
    unsure: int = 0  # labels that were left out


def total(by_language: Iterable[Counts]) -> Counts:
    """Return the sum of counts."""
    return sum(by_language, Counts())


def score(matcher: Matcher, posts: Iterable[Labelled], vocabulary: Collection[str]) -> Score:
    """Compare what the rules find in each post with its labels.

    Of entities only the names of `vocabulary` count: what else is found in a post is neither right nor wrong.
    """
    known = {rule.id for rule in matcher.rules.rules}
    result = Score()
    for post in posts:
        result.posts += 1
        findings = matcher.find(post.text, channel=post.channel, media=post.media)
        result.unsure += sum(label in post.unsure for label in (*post.rules, ENTITIES))
        _score_rules(result, post, findings, known)
        if post.entities is not None and ENTITIES not in post.unsure:
            _score_entities(result, post, findings, vocabulary)
    return result


def _score_rules(result: Score, post: Labelled, findings: Findings, known: Collection[str]) -> None:
    fired = {match.rule: match.mentions for match in findings.matches}
    for rule, wanted in post.rules.items():
        if rule in known and rule not in post.unsure:
            _count(result, result.rules, rule, post, wanted, fired.get(rule))


def _score_entities(result: Score, post: Labelled, findings: Findings, vocabulary: Collection[str]) -> None:
    found = {entity.name: entity.mentions for entity in findings.entities if entity.name in vocabulary}
    for name in sorted({*found, *(post.entities or ())}):
        _count(result, result.entities, name, post, name in (post.entities or ()), found.get(name))


def _count(
    result: Score,
    table: dict[str, dict[str, Counts]],
    subject: str,
    post: Labelled,
    wanted: bool,
    mentions: tuple[Mention, ...] | None,
) -> None:
    counts = table.setdefault(subject, defaultdict(Counts))[post.language or "none"]
    counts.right += wanted and mentions is not None
    counts.missed += wanted and mentions is None
    counts.false += not wanted and mentions is not None
    if wanted != (mentions is not None):
        spans = tuple(mention.span for mention in mentions or ())
        result.mistakes.append(Mistake("missed" if wanted else "false", subject, post, spans))
