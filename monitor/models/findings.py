"""What the rules find in a post.

Every span is `(start, end)` in code points of the published text, end exclusive.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from monitor.models.levels import Level, highest

Span = tuple[int, int]
EntityKind = Literal["person", "organisation", "place"]


@dataclass(frozen=True, slots=True)
class Mention:
    """A span of the published text that is a form of an entity or of a rule's term.

    Of an entity: `entity` is its id and `rule`, `term` are None; of a term: `rule` and `term` name it. `form` is the
    form found (folded), `lemma` the dictionary form in the rule file, `via` how one led to the other (for `explain`).
    """

    start: int
    end: int
    form: str
    lemma: str
    via: str
    entity: str | None = None
    rule: str | None = None
    term: str | None = None

    @property
    def span(self) -> Span:
        """Start and end, end exclusive."""
        return (self.start, self.end)


@dataclass(frozen=True, slots=True)
class Match:
    """A rule that fired on a post, at the level it has there, with the mentions that made its condition true."""

    rule: str
    title: str
    level: Level
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class EntityMention:
    """An entity with all its mentions in one post."""

    id: str
    kind: EntityKind
    name: str
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """All that the rules find in one post, matches in the order of the rules, entities by first mention."""

    matches: tuple[Match, ...]
    entities: tuple[EntityMention, ...]

    def __bool__(self) -> bool:
        return bool(self.matches or self.entities)

    @property
    def spans(self) -> list[Span]:
        """The spans of all mentions, in order, each once."""
        spans = {mention.span for match in self.matches for mention in match.mentions}
        return sorted(spans.union(mention.span for entity in self.entities for mention in entity.mentions))

    @property
    def level(self) -> Level | None:
        """The loudest level of the matches; None where no rule fired."""
        return highest(match.level for match in self.matches) if self.matches else None
