"""Whether a condition can hold at all, and whether one rule fires only where another one does.

A condition is a sentence over what may stand in a post: each term, entity, channel and kind of media is true or false.
A post that proves the contrary is searched for, one thing after the other; after `MOST_STEPS` steps nothing is claimed.
Terms of two rules are compared by the words that they hold. `near` and `before` are taken as things of their own that
need both of their operands, `without` as one that needs its left operand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from monitor.models import EntityKind
from monitor.rules.condition import And, EntityRef, From, Has, KindRef, Near, Node, Not, Or, TermRef, Without
from monitor.rules.schema import Rule

MOST_STEPS = 1_000  # of one search; it takes some hundredths of a second

# What may be true of a post: words (by the terms that hold them), an entity, a kind, a channel, media, a distance.
Atom = tuple[object, ...]
World = Mapping[Atom, bool]
_DISTANCES = ("near", "without")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A condition over atoms; `of` is what all, any or none of which must be true."""

    means: Literal["all", "any", "none"]
    of: tuple[Sentence | Atom, ...]

    def value(self, world: World) -> bool | None:
        """True or false; None where it hangs on an atom that has no value yet."""
        unknown = False
        decides = self.means != "all"
        for part in self.of:
            value = part.value(world) if isinstance(part, Sentence) else world.get(part)
            if value is decides:
                return self.means == "any"
            unknown = unknown or value is None
        return None if unknown else self.means != "any"

    def atoms(self) -> set[Atom]:
        """Everything that it speaks of, the operands of distances too."""
        found: set[Atom] = set()
        for part in self.of:
            if isinstance(part, Sentence):
                found |= part.atoms()
            else:
                found |= {part, *_operands_of(part)}
        return found


def sentence(rule: Rule) -> Sentence:
    """Return a rule's condition as a sentence."""
    return Sentence("all", (_part(rule, rule.when),))


def never_holds(said: Sentence, kinds: Mapping[str, EntityKind]) -> bool:
    """Whether a sentence is false of every post; `kinds` are those of the entities, by id."""
    return _Search(said, kinds).fails()


def implies(one: Sentence, other: Sentence, kinds: Mapping[str, EntityKind]) -> bool:
    """Whether `other` is true of every post of which `one` is, as far as can be told."""
    mine, theirs = one.atoms(), other.atoms()
    if not any(atom == rival or _follows(atom, rival, kinds) for atom in mine for rival in theirs):
        return False
    return _Search(Sentence("all", (one, Sentence("none", (other,)))), kinds).fails()


def fire_alone(rule: Rule) -> set[str]:
    """Return the terms of a rule of which each makes it fire on a post that has nothing but words of that one."""
    said = sentence(rule)
    left = {atom: tuple(_left_alone(atom)) for atom in said.atoms()}

    def fires(name: str) -> bool:
        words = _atom(rule, TermRef(name))
        return said.value({atom: words in alone for atom, alone in left.items()}) is True

    return {name for name in rule.terms if fires(name)}


def _left_alone(atom: Atom) -> Iterable[Atom]:
    """The atoms of which each by itself makes an atom true, where nothing else stands in the post."""
    if atom[0] != "without":
        return (atom,)
    left = atom[1]
    return [deep for one in left for deep in _left_alone(one)] if isinstance(left, frozenset) else ()


def _part(rule: Rule, node: Node) -> Sentence | Atom:
    match node:
        case And(parts):
            return Sentence("all", tuple(_part(rule, part) for part in parts))
        case Or(parts):
            return Sentence("any", tuple(_part(rule, part) for part in parts))
        case Not(part):
            return Sentence("none", (_part(rule, part),))
        case From(channels):
            return Sentence("any", tuple(("from", channel.casefold()) for channel in channels))
        case _:
            return _atom(rule, node)


def _atom(rule: Rule, node: Node) -> Atom:
    match node:
        case TermRef(name):
            return ("words", frozenset((one.language, one.text.strip()) for one in rule.terms.get(name, ())))
        case EntityRef(id_):
            return ("entity", id_)
        case KindRef(kind):
            return ("kind", kind)
        case Has(media):
            return ("has", media)
        case Near():
            sides = (_operands(rule, node.left), _operands(rule, node.right))
            return ("near", *(sides if node.ordered else sorted(sides, key=repr)), node.words, node.ordered)
        case Without():
            return ("without", _operands(rule, node.left), _operands(rule, node.right), node.words, node.side)
        case _:
            raise TypeError(f"{node} is no single thing")


def _operands(rule: Rule, node: Node) -> frozenset[Atom]:
    if isinstance(node, Or):
        return frozenset(atom for part in node.parts for atom in _operands(rule, part))
    return frozenset({_atom(rule, node)})


def _operands_of(atom: Atom) -> Iterable[Atom]:
    if atom[0] in _DISTANCES:
        for side in atom[1:3]:
            for one in side if isinstance(side, frozenset) else ():
                yield from (one, *_operands_of(one))


def _needed_sides(atom: Atom) -> Iterable[frozenset[Atom]]:
    """The sides of a distance of which one operand each must be true: of a `without` the left one."""
    return [side for side in atom[1 : 3 if atom[0] == "near" else 2] if isinstance(side, frozenset)]


class _Search:
    """Looks for a post of which a sentence is true, giving one atom after the other a value."""

    def __init__(self, said: Sentence, kinds: Mapping[str, EntityKind]) -> None:
        atoms = said.atoms()
        # Distances first: they say most about the others.
        self._atoms = sorted(atoms, key=lambda atom: (atom[0] not in _DISTANCES, repr(atom)))
        self._follows = [(one, other) for one in atoms for other in atoms if _follows(one, other, kinds)]
        self._channels = [atom for atom in atoms if atom[0] == "from"]
        self._distances = [atom for atom in atoms if atom[0] in _DISTANCES]
        self._said = said

    def fails(self) -> bool:
        """Whether there certainly is no such post."""
        worlds: list[World] = [{}]
        for _ in range(MOST_STEPS):
            if not worlds:
                return True
            world = worlds.pop()
            if self._said.value(world) is False or not self._can_be(world):
                continue
            if len(world) == len(self._atoms):
                return False
            atom = self._atoms[len(world)]
            worlds += [{**world, atom: chosen} for chosen in (True, False)]  # False is tried first
        return False

    def _can_be(self, world: World) -> bool:
        """Whether nothing in a world contradicts itself: a distance without its operands, two channels, …"""
        if any(world.get(one) and world.get(other) is False for one, other in self._follows):
            return False
        if sum(world.get(channel, False) for channel in self._channels) > 1:
            return False
        return all(
            any(world.get(atom, True) for atom in side)
            for distance in self._distances
            if world.get(distance)
            for side in _needed_sides(distance)
        )


def _follows(one: Atom, other: Atom, kinds: Mapping[str, EntityKind]) -> bool:
    """Whether `other`, another atom, is true wherever `one` is."""
    if one == other:
        return False
    if one[0] != other[0]:
        return one[0] == "entity" and other[0] == "kind" and kinds.get(str(one[1])) == other[1]
    if one[0] == "words":
        return isinstance(one[1], frozenset) and isinstance(other[1], frozenset) and one[1] <= other[1]
    return one[0] == "near" and _nearer(one, other, kinds)  # nothing is claimed of two `without`


def _nearer(one: Atom, other: Atom, kinds: Mapping[str, EntityKind]) -> bool:
    _, left, right, words, ordered = one
    _, other_left, other_right, other_words, other_ordered = other
    assert isinstance(words, int)
    assert isinstance(other_words, int)
    if words > other_words or (other_ordered and not ordered):
        return False
    straight = _within(left, other_left, kinds) and _within(right, other_right, kinds)
    return straight or (not other_ordered and _within(left, other_right, kinds) and _within(right, other_left, kinds))


def _within(side: object, other: object, kinds: Mapping[str, EntityKind]) -> bool:
    """Whether each operand of one side is, or leads to, one of the other."""
    assert isinstance(side, frozenset)
    assert isinstance(other, frozenset)
    return all(any(atom == rival or _follows(atom, rival, kinds) for rival in other) for atom in side)
