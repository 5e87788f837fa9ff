"""Conditions of rules as they are written: `when` is read here, `monitor.rules.condition` says what it means.

    when   = and { "or" and } ;      and  = dist { "and" dist } ;
    dist   = unary { WITHOUT unary } [ ("near/" N | "before/" N) unary ] ;      unary = [ "not" ] atom ;
    WITHOUT = "without/" N | "without-before/" N | "without-after/" N ;
    atom   = TERM | "@" ENTITY | "@person" | "@organisation" | "@place" | "from(" CHANNEL {"," CHANNEL} ")"
           | "has(" MEDIA ")" | "(" when ")" ;

The operands of near and before are terms, entities, these `without` something, or an "or" of these; N counts the words
between them, within one paragraph. `a without/N b` are the mentions of a that have no b within N words, before or after
them or over them; `without-before/N` looks only at what stands before a, `without-after/N` at what follows it. Each
mention is judged for itself, where `not (a near/N b)` speaks of the whole post. After near or before it is in brackets:
`(a without/4 b) near/6 c`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

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
    Side,
    TermRef,
    Without,
)

MAX_DISTANCE = 1000


_SIDES: dict[str, Side] = {"without": "around", "without-before": "before", "without-after": "after"}


class ConditionError(ValueError):
    """A condition cannot be read; `column` counts from 1 and says where."""

    def __init__(self, message: str, column: int) -> None:
        super().__init__(message)
        self.column = column


_TOKEN = re.compile(
    r"\s*(?:(?P<distance>(?:near|before|without(?:-before|-after)?)/\d+)|(?P<call>(?:from|has)\s*\()|(?P<entity>@[\w-]+)|(?P<name>\w[\w-]*)"
    r"|(?P<mark>[(),]))"
)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    column: int


def parse(text: str) -> Node:
    """Read a condition; raises ConditionError, whose column points at the fault."""
    reader = _Reader(list(_tokens(text)), len(text) + 1)
    node = reader.either()
    left = reader.peek()
    if left is not None:
        raise ConditionError(f"“{left.text}” does not fit here; “and” or “or” is missing before it", left.column)
    return node


def _tokens(text: str) -> Iterator[_Token]:
    at, end = 0, len(text.rstrip())
    while at < end:
        found = _TOKEN.match(text, at)
        if found is None:
            at = end - len(text[at:end].lstrip())
            raise ConditionError(_unreadable(text, at), at + 1)
        kind = str(found.lastgroup)
        yield _Token(kind, found[kind], found.start(kind) + 1)
        at = found.end()


_WRITE_INSTEAD = {
    "*": "parts of words are written under terms:, and a condition joins their names",
    "=": "exact forms are written under terms:, and a condition joins their names",
    "&": "write “and”",
    "|": "write “or”",
    "!": "write “not”",
    "-": "write “not”",
}


def _unreadable(text: str, at: int) -> str:
    """Say of a sign that no condition has what to write instead."""
    sign = text[at]
    if sign == "/":
        return "“/” stands in a distance only, written without blanks and with a number: near/3, before/3, without/3"
    if sign in "\"'“”„«»’":
        return "a quotation mark cannot stand here; words are written under terms:, and a condition joins their names"
    instead = _WRITE_INSTEAD.get(sign, "it joins names of terms and @entities by and, or, not")
    return f"“{sign}” cannot stand in a condition; {instead}"


class _Reader:
    """Recursive descent over the tokens; one method a line of the grammar."""

    _DEPTH = 50

    def __init__(self, tokens: list[_Token], end: int) -> None:
        self._tokens = tokens
        self._end = end
        self._at = 0
        self._depth = 0

    def peek(self) -> _Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def either(self) -> Node:
        parts = self._list("or", self._both)
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _both(self) -> Node:
        parts = self._list("and", self._distance)
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _list(self, word: str, part: Callable[[], Node]) -> list[Node]:
        parts = [part()]
        while self._take("name", word):
            parts.append(part())
        return parts

    def _distance(self) -> Node:
        start = self.peek()
        left = self._unary()
        token = self._take("distance")
        bare = True
        while token is not None and token.text.startswith("without"):
            left, bare = self._related(left, start, token), False
            token = self._take("distance")
        if token is None:
            return left
        if not bare:
            raise ConditionError(
                f"“{token.text}” cannot follow “without”; write “({left}) {token.text} …”", token.column
            )
        node = self._related(left, start, token)
        again = self.peek()
        if again is not None and again.kind == "distance":
            said = "put the first in brackets" if again.text.startswith("without") else "join two with “and”"
            raise ConditionError(f"“{again.text}” cannot follow “{token.text}”; {said}", again.column)
        return node

    def _related(self, left: Node, start: _Token | None, token: _Token) -> Near | Without:
        """Read the right operand of a distance and give the whole; `start` is where the left one begins."""
        verb, _, number = token.text.partition("/")
        if len(number) > 9 or int(number) > MAX_DISTANCE:
            raise ConditionError(f"{verb}/{number[:9]}: at most {MAX_DISTANCE} words may stand between", token.column)
        after = self.peek()
        right = self._unary()
        for operand, place in ((left, start), (right, after)):
            if not _is_operand(operand):
                column = place.column if place else token.column
                said = f"{verb}/{number} takes terms, entities or an “or” of these, not “{operand}”"
                if isinstance(operand, Not) and operand is left:
                    said += f"; to negate the whole write “not ({operand.part} {verb}/{number} {right})”"
                raise ConditionError(said, column)
        words = int(number)
        return (
            Without(left, right, words, _SIDES[verb]) if verb in _SIDES else Near(left, right, words, verb == "before")
        )

    def _unary(self) -> Node:
        if self._take("name", "not"):
            return Not(self._atom())
        return self._atom()

    def _atom(self) -> Node:
        token = self.peek()
        if token is None:
            raise ConditionError("the condition breaks off; a term, an @entity or a bracket is missing", self._end)
        if token.kind == "name" and token.text not in {"and", "or", "not"}:
            self._at += 1
            return TermRef(token.text)
        if token.kind == "entity":
            self._at += 1
            name = token.text[1:]
            return KindRef(name) if name in KINDS else EntityRef(name)
        if token.kind == "call":
            return self._call(token)
        if token.text == "(":
            return self._bracket(token)
        raise ConditionError(
            f"“{token.text}” cannot stand here; a term, an @entity or a bracket is missing", token.column
        )

    def _bracket(self, opening: _Token) -> Node:
        self._at += 1
        self._depth += 1
        if self._depth > self._DEPTH:
            raise ConditionError(f"brackets are nested more than {self._DEPTH} deep", opening.column)
        node = self.either()
        self._close(opening)
        self._depth -= 1
        return node

    def _call(self, opening: _Token) -> Node:
        self._at += 1
        names: list[str] = []
        while True:
            token = self.peek()
            if token is None or token.kind not in {"name", "entity"}:
                column = token.column if token else self._end
                raise ConditionError(f"{opening.text.rstrip('( ')}(…) needs a name here", column)
            self._at += 1
            names.append(token.text.removeprefix("@"))
            if not self._take("mark", ","):
                break
        self._close(opening)
        if opening.text.startswith("from"):
            return From(tuple(names))
        if len(names) > 1:
            raise ConditionError("has(…) takes one kind of media; join several with “or”", opening.column)
        return Has(names[0])

    def _close(self, opening: _Token) -> None:
        if not self._take("mark", ")"):
            token = self.peek()
            raise ConditionError("the bracket that opens here is not closed", token.column if token else opening.column)

    def _take(self, kind: str, text: str | None = None) -> _Token | None:
        token = self.peek()
        if token is None or token.kind != kind or (text is not None and token.text != text):
            return None
        self._at += 1
        return token


def _is_operand(node: Node) -> bool:
    if isinstance(node, Or):
        return all(_is_operand(part) for part in node.parts)
    return isinstance(node, TermRef | EntityRef | KindRef | Without)
