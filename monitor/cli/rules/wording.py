"""Mentions and conditions in words, as `explain` and `test` print them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from monitor.alerts.passage import harmless, passage
from monitor.alerts.render import merged
from monitor.models import Mention, Span
from monitor.rules.condition import EntityRef, KindRef, Near, Node, Not, Or, TermRef, Verdict, Without
from monitor.rules.explain import apart, stands
from monitor.rules.schema import ANY, Rule

_WORDS = 6  # of a term or mentions of a leaf that are shown
_LONGEST = 90  # characters of a condition in one line
_MARKS = {True: "✓", False: "✗"}


def quoted(text: str) -> str:
    """Return a piece of a post in quotation marks, on one line, without what could steer the terminal."""
    return f"“{' '.join(harmless(text).split())}”"


def marked(text: str, spans: Sequence[Span], limit: int) -> str:
    """Return the part of a post around the mentions on one line, at most `limit` characters, mentions between ⟦ ⟧."""
    cut = passage(text, spans, limit)
    shown = cut.text
    for start, end in reversed(merged(cut.spans)):
        shown = f"{shown[:start]}⟦{shown[start:end]}⟧{shown[end:]}"
    return " ".join(shown.split())


def origin(mention: Mention) -> str:
    """Say of which dictionary form a mention is, and how it came about."""
    return f"{mention.lemma} ({mention.via})" if mention.via else mention.lemma


def owner(mention: Mention) -> str:
    """Name what a mention is one of: `@entity` or `rule/term`."""
    return f"@{mention.entity}" if mention.entity else f"{mention.rule}/{mention.term}"


def tree(
    verdict: Verdict, rule: Rule, text: str, language: str | None, indent: str = "", *, everything: bool = True
) -> Iterator[str]:
    """Give a condition line by line: the value of each part, and what was found for it or would have been needed.

    `language` is that of the text, whose words are shown first. Without `everything` alternatives of which nothing
    stands in the text are only counted, if others stand there.
    """
    head = f"{indent}{_MARKS[verdict.value]} {_short(verdict.node)}"
    note = _note(verdict, rule, text, language)
    yield f"{head}: {note}" if note else head
    shown = verdict.parts if everything else _telling(verdict)
    for part in shown:
        yield from tree(part, rule, text, language, indent + "  ", everything=everything)
    if isinstance(verdict.node, Or) and len(shown) < len(verdict.parts):
        yield f"{indent}  … and {len(verdict.parts) - len(shown)} more, of which nothing stands in the text"


def _telling(verdict: Verdict) -> Sequence[Verdict]:
    """Return the parts of a condition that say why it holds or not, for this text."""
    if isinstance(verdict.node, Or):
        return [part for part in verdict.parts if stands(part)] or verdict.parts
    if isinstance(verdict.node, Without) and not stands(verdict.parts[1]):
        return verdict.parts[:1]
    if isinstance(verdict.node, Not) and verdict.parts[0].parts and not stands(verdict.parts[0]):
        return ()
    return verdict.parts


def _note(verdict: Verdict, rule: Rule, text: str, language: str | None) -> str:
    node = verdict.node
    if isinstance(node, Near):
        return "" if verdict.value else _why_not_near(verdict, node)
    if isinstance(node, Without):
        return _what_is_left(verdict)
    if not isinstance(node, TermRef | EntityRef | KindRef):
        return ""
    if verdict.hits:
        return _found((hit.mention for hit in verdict.hits), text)
    return _expected(rule, node.name, language) if isinstance(node, TermRef) else "not mentioned"


def _found(mentions: Iterable[Mention], text: str) -> str:
    shown = list(dict.fromkeys(f"{quoted(text[one.start : one.end])} ← {origin(one)}" for one in mentions))
    rest = f", and {len(shown) - _WORDS} more" if len(shown) > _WORDS else ""
    return ", ".join(shown[:_WORDS]) + rest


def _expected(rule: Rule, name: str, language: str | None) -> str:
    """List words of a term, those of the text's language first."""
    terms = rule.terms[name]
    own = [term for term in terms if term.language in (language, ANY)] or list(terms)
    rest = f" … ({len(terms)} in all)" if len(terms) > min(len(own), _WORDS) else ""
    return f"none of {', '.join(term.text for term in own[:_WORDS])}{rest}"


def _why_not_near(verdict: Verdict, node: Near) -> str:
    if len(verdict.parts) < 2 or not all(part.value for part in verdict.parts):
        return ""
    words = apart(verdict.parts[0].hits, verdict.parts[1].hits)
    if words is None:
        return "never in one paragraph"
    if words <= node.words:
        return "in the other order" if node.ordered else "they overlap"
    return f"{words} words stand between them"


def _what_is_left(verdict: Verdict) -> str:
    """Count the mentions that a `without` leaves, where it takes some."""
    found, left = len(verdict.parts[0].hits), len(verdict.hits)
    if found == left:
        return ""
    return f"{left} of {found} left" if left else "none is left"


def _short(node: Node) -> str:
    shown = str(node)
    return shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"
