"""Regular expressions of rules: RE2 over folded text, with \\w, \\d and \\b meant for all alphabets.

RE2 knows \\b, \\w and \\d for ASCII only. Classes are rewritten; \\b may stand at the start or end of the
expression (or of one of its outermost alternatives) and is checked on the match. Letters are folded as the text is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import re2

from monitor.language.fold import fold_form
from monitor.language.words import is_boundary
from monitor.models import Span

_CLASSES = {"w": r"\p{L}\p{N}\p{M}_", "d": r"\p{Nd}"}
_NEGATED = {"W": r"[^\p{L}\p{N}\p{M}_]", "D": r"\P{Nd}"}
MOST_MATCHES = 1000  # of one expression in one post


class RegexError(ValueError):
    """The expression cannot be used; the text says which construct it is and what to write instead."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """One outermost alternative: its RE2 program, and at which ends a word boundary must be."""

    program: Any
    starts_word: bool
    ends_word: bool


@dataclass(frozen=True, slots=True)
class Regex:
    """A compiled expression of a rule."""

    alternatives: tuple[Alternative, ...]

    def spans(self, text: str) -> Iterator[Span]:
        """Yield the spans of its matches in folded text, empty ones left out, at most a thousand."""
        for alternative in self.alternatives:
            for number, match in enumerate(alternative.program.finditer(text)):
                if number == MOST_MATCHES:
                    break
                start, end = match.span()
                if (
                    end > start
                    and not (alternative.starts_word and not is_boundary(text, start))
                    and not (alternative.ends_word and not is_boundary(text, end))
                ):
                    yield start, end


def compile_regex(source: str) -> Regex:
    """Compile the inside of `/…/`; RegexError says what RE2 cannot take."""
    return Regex(tuple(_alternative(part) for part in _alternatives(source)))


def _alternative(source: str) -> Alternative:
    starts, ends = source.startswith(r"\b"), len(source) > 2 and source.endswith(r"\b") and not source.endswith(r"\\b")
    inside = source[2 if starts else 0 : -2 if ends else None]
    if ascii_class := re.search(r"\[:\^?(?:alpha|alnum|lower|upper|word|digit):\]", inside):
        raise RegexError(f"{ascii_class[0]} knows ASCII alone; write \\p{{L}} for letters, \\d for digits")
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = 8 << 20
    try:
        return Alternative(re2.compile(_translated(inside), options), starts, ends)
    except re2.error as error:
        raise RegexError(_explained(inside, error)) from error
    except UnicodeEncodeError as error:
        raise RegexError("holds half a character (a lone surrogate); write the whole one") from error


# What RE2 refuses, by what it says (or by the construct, where it says too little), and what to write instead.
_ADVICE = (
    (r"\(\?<?[=!]", "a look-ahead or look-behind is not possible; use before/N, near/N or “and not” in the condition"),
    (r"\(\?P=|\\k", "a back-reference to a named group is not possible; write the text out"),
    (r"\\[1-9]", "a back-reference is not possible; write the text out"),
    (
        r"\(\?>|[*+?}]\+",
        "possessive repetitions and atomic groups are not possible and not needed; write one + and (?:…)",
    ),
    (r"[*+?}]\*", "two repetitions cannot follow each other; put (?:…) around the first"),
    (r"\(\?\(", "a condition inside an expression is not possible; write two terms"),
    (r"\(\?(?:R|[0-9]|&)", "recursion is not possible; write the nesting out"),
    (r"\(\?#", "a comment cannot stand inside; use YAML's # on a line of its own"),
    (r"\(\?[a-zA-Z-]*[axuL]", "this flag is not possible; (?s) and (?m) are, and capitals never count"),
    (r"\\u|\\N", "write the character itself, or \\x{0410}"),
    (r"\\[zZ]", "the end of the text is \\z, or $ where lines are meant"),
    (r"\\[hH]", "write [ \\t] for a space"),
    (r"\\R", "write \\n for a line break"),
    (r"\\X", "write . or \\p{L}\\p{M}* for a letter with its marks"),
    (r"\\[KGe]", "there is no such sign; leave it out"),
    (r"\\[pP]", "there is no such class of letters; write \\p{L}, \\p{Cyrillic} or \\p{Latin}"),
    (r"\[:", "there is no such class; write \\p{L} for letters, \\d for digits"),
)
_BRACKETS = {
    "missing )": r"( is not closed; write \( for the sign itself",
    "unexpected )": r") has no ( before it; write \) for the sign itself",
    "missing ]": r"[ is not closed; write \[ for the sign itself",
}


def _explained(source: str, error: Exception) -> str:
    message = error.args[0].decode() if error.args and isinstance(error.args[0], bytes) else str(error)
    kind, _, fragment = message.partition(": ")
    if kind in _BRACKETS:
        return f"the bracket {_BRACKETS[kind]}"
    if kind == "invalid repetition size":
        first, _, last = fragment.rstrip("?+").strip("{}").partition(",")
        if first.isdecimal() and last.isdecimal() and int(first) > int(last):
            return f"{fragment}: the smaller number comes first"
        return f"{fragment}: a repetition may be at most {{1000}}, all nested ones together"
    if kind == "no argument for repetition operator":
        return f"{fragment}: nothing stands before it that could be repeated; write \\{fragment} for the sign itself"
    if kind == "trailing \\":
        return "a single \\ stands at the end; write \\\\ for the sign itself"
    if "too large" in message:
        return "the expression is too large once its repetitions are written out; make them shorter"
    for construct in (fragment, source):
        for pattern, advice in _ADVICE:
            if found := re.search(pattern, construct):
                return f"{found[0]}: {advice}"
    if kind == "invalid character class range":
        return f"{fragment}: the first sign of a range comes before the last one; write a - at the end of […]"
    return f"RE2 cannot read it: {message}"


def _alternatives(source: str) -> list[str]:
    """Split at the outermost | signs."""
    parts, depth, in_class, start = [], 0, False, 0
    for position, char in _plain_characters(source):
        if in_class:
            in_class = char != "]"
        elif char == "[":
            in_class = True
        elif char in "()":
            depth += 1 if char == "(" else -1
        elif char == "|" and depth == 0:
            parts.append(source[start:position])
            start = position + 1
    return [*parts, source[start:]]


def _plain_characters(source: str) -> Iterator[tuple[int, str]]:
    position = 0
    while position < len(source):
        if source[position] == "\\":
            position += 2
            continue
        yield position, source[position]
        position += 1


def _translated(source: str) -> str:
    pieces: list[str] = []
    position, in_class = 0, False
    while position < len(source):
        char = source[position]
        if char == "\\" and position + 1 < len(source):
            pieces.append(_escape(source[position + 1], in_class))
            position += 2
            if source[position - 1] in "pP" and source[position : position + 1] == "{":
                end = source.find("}", position) + 1 or len(source)
                pieces.append(source[position:end])
                position = end
            continue
        in_class = char == "[" or (in_class and char != "]")
        folded = fold_form(char) if ord(char) > 127 else char
        pieces.append(folded if len(folded) == 1 or not in_class else char)
        position += 1
    return "".join(pieces)


def _escape(letter: str, in_class: bool) -> str:
    if letter in ("b", "B"):
        raise RegexError(
            f"\\{letter} may stand only at the start or end of the expression or of an outermost alternative"
        )
    if letter in _CLASSES:
        return _CLASSES[letter] if in_class else f"[{_CLASSES[letter]}]"
    if letter in _NEGATED:
        if in_class:
            raise RegexError(f"\\{letter} within […] is not possible; list what it may be")
        return _NEGATED[letter]
    return "\\" + letter
