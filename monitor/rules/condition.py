"""The conditions of rules: their parts, and telling whether one holds for what was found in a post."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from monitor.models import Mention

KINDS = ("person", "organisation", "place")


@dataclass(frozen=True, slots=True)
class TermRef:
    """A term of the rule, by name."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class EntityRef:
    """A mention of one entity."""

    id: str

    def __str__(self) -> str:
        return f"@{self.id}"


@dataclass(frozen=True, slots=True)
class KindRef:
    """A mention of any entity of a kind."""

    kind: str

    def __str__(self) -> str:
        return f"@{self.kind}"


@dataclass(frozen=True, slots=True)
class From:
    """The post stands in one of these channels."""

    channels: tuple[str, ...]

    def __str__(self) -> str:
        return f"from({', '.join(self.channels)})"


@dataclass(frozen=True, slots=True)
class Has:
    """The post carries media of this kind."""

    media: str

    def __str__(self) -> str:
        return f"has({self.media})"


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Node

    def __str__(self) -> str:
        return f"not {_in_brackets(self.part, And, Or, Near, Without, Not)}"


@dataclass(frozen=True, slots=True)
class Near:
    """Both operands stand within `words` words of each other in one paragraph; `ordered`: the left one first."""

    left: Node
    right: Node
    words: int
    ordered: bool

    def __str__(self) -> str:
        verb = "before" if self.ordered else "near"
        left, right = (_in_brackets(side, Or, Without) for side in (self.left, self.right))
        return f"{left} {verb}/{self.words} {right}"


Side = Literal["around", "before", "after"]


@dataclass(frozen=True, slots=True)
class Without:
    """Mentions of the left operand with none of the right one within `words` words of them in their paragraph.

    `side` says where to look: on both sides (and over the mention itself), only before it, or only after it.
    """

    left: Node
    right: Node
    words: int
    side: Side = "around"

    def __str__(self) -> str:
        return f"{_in_brackets(self.left, Or)} {self.verb}/{self.words} {_in_brackets(self.right, Or, Without)}"

    @property
    def verb(self) -> str:
        """The word for it in a condition."""
        return "without" if self.side == "around" else f"without-{self.side}"


@dataclass(frozen=True, slots=True)
class And:
    """All parts hold."""

    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return " and ".join(_in_brackets(part, Or, And) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Or:
    """At least one part holds."""

    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return " or ".join(_in_brackets(part, Or) for part in self.parts)


Node = TermRef | EntityRef | KindRef | From | Has | Not | Near | Without | And | Or


def _in_brackets(node: Node, *kinds: type) -> str:
    return f"({node})" if isinstance(node, kinds) else str(node)


def walk(node: Node) -> Iterator[Node]:
    """Give a condition and all its parts, outermost first."""
    yield node
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from walk(part)
        case Not(part):
            yield from walk(part)
        case Near(left, right) | Without(left, right):
            yield from walk(left)
            yield from walk(right)
        case _:
            pass


@dataclass(frozen=True, slots=True)
class Hit:
    """A mention with its position in words of the folded text (end exclusive) and its paragraph."""

    start_word: int
    end_word: int
    paragraph: int
    mention: Mention


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a post has for the condition of one rule; hits are in order of `start_word`."""

    terms: Mapping[str, Sequence[Hit]] = field(default_factory=dict)
    entities: Mapping[str, Sequence[Hit]] = field(default_factory=dict)
    kinds: Mapping[str, Sequence[Hit]] = field(default_factory=dict)
    channel: str | None = None
    media: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a condition holds, the hits that make it true, and the same of its parts."""

    node: Node
    value: bool
    hits: tuple[Hit, ...] = ()
    parts: tuple[Verdict, ...] = ()


def evaluate(node: Node, evidence: Evidence, *, whole: bool = True) -> Verdict:
    """Tell whether a condition holds and why; hits are those of the parts that hold, never of a negated one.

    Without `whole` an `and` has no parts after the first that does not hold.
    """
    match node:
        case TermRef(name):
            return _found(node, evidence.terms.get(name, ()))
        case EntityRef(id_):
            return _found(node, evidence.entities.get(id_, ()))
        case KindRef(kind):
            return _found(node, evidence.kinds.get(kind, ()))
        case From(channels):
            name = (evidence.channel or "").casefold()
            return Verdict(node, any(name == channel.casefold() for channel in channels))
        case Has(media):
            return Verdict(node, media in evidence.media)
        case Not(part):
            inner = evaluate(part, evidence, whole=whole)
            return Verdict(node, not inner.value, (), (inner,))
        case Near():
            left = evaluate(node.left, evidence, whole=whole)
            right = evaluate(node.right, evidence, whole=whole)
            hits = _near(left.hits, right.hits, node.words, node.ordered) if left.hits and right.hits else ()
            return Verdict(node, bool(hits), hits, (left, right))
        case Without():
            left = evaluate(node.left, evidence, whole=whole)
            right = evaluate(node.right, evidence, whole=whole) if left.hits or whole else Verdict(node.right, False)
            hits = _without(left.hits, right.hits, node.words, node.side) if left.hits and right.hits else left.hits
            return Verdict(node, bool(hits), hits, (left, right))
        case And(parts):
            judged: list[Verdict] = []
            for part in parts:
                judged.append(evaluate(part, evidence, whole=whole))
                if not judged[-1].value and not whole:
                    break
            inner_parts = tuple(judged)
            value = all(part.value for part in inner_parts)
            return Verdict(node, value, _joined(inner_parts) if value else (), inner_parts)
        case Or(parts):
            inner_parts = tuple(evaluate(part, evidence, whole=whole) for part in parts)
            return Verdict(node, any(part.value for part in inner_parts), _joined(inner_parts), inner_parts)


def _found(node: Node, hits: Sequence[Hit]) -> Verdict:
    return Verdict(node, bool(hits), tuple(hits))


def _order(hit: Hit) -> tuple[int, int, int]:
    return (hit.start_word, hit.end_word, hit.mention.start)


def _joined(parts: Sequence[Verdict]) -> tuple[Hit, ...]:
    return tuple(sorted(dict.fromkeys(hit for part in parts if part.value for hit in part.hits), key=_order))


def _near(left: Sequence[Hit], right: Sequence[Hit], words: int, ordered: bool) -> tuple[Hit, ...]:
    """The hits of both sides that have a partner; a sweep over the right side's starts keeps the work in bounds."""
    rights = sorted(right, key=_order)
    starts = [hit.start_word for hit in rights]
    longest = max((hit.end_word - hit.start_word for hit in rights), default=0)
    kept: dict[Hit, None] = {}
    for one in left:
        at = bisect_left(starts, one.start_word - words - longest if not ordered else one.end_word)
        while at < len(rights) and starts[at] <= one.end_word + words:
            other = rights[at]
            at += 1
            if _within(one, other, words) or (not ordered and _within(other, one, words)):
                kept[one] = kept[other] = None
    return tuple(sorted(kept, key=_order))


def _without(left: Sequence[Hit], right: Sequence[Hit], words: int, side: Side) -> tuple[Hit, ...]:
    """The hits of the left side that have none of the right one where `side` looks."""
    rights = sorted(right, key=_order)
    starts = [hit.start_word for hit in rights]
    longest = max(hit.end_word - hit.start_word for hit in rights)
    kept = []
    for one in left:
        low = one.end_word if side == "after" else one.start_word - words - longest
        at = bisect_left(starts, low)
        while at < len(rights) and starts[at] <= one.end_word + words and not _beside(one, rights[at], words, side):
            at += 1
        if at == len(rights) or starts[at] > one.end_word + words:
            kept.append(one)
    return tuple(kept)


def _beside(one: Hit, other: Hit, words: int, side: Side) -> bool:
    """Whether `other` stands where `side` looks from `one`: around means over it, too, but nothing is beside itself."""
    if (side != "before" and _within(one, other, words)) or (side != "after" and _within(other, one, words)):
        return True
    over = other.start_word < one.end_word and one.start_word < other.end_word
    return side == "around" and over and one.paragraph == other.paragraph and one != other


def _within(first: Hit, second: Hit, words: int) -> bool:
    return first.paragraph == second.paragraph and 0 <= second.start_word - first.end_word <= words
