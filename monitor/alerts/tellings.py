"""What a post says, reduced to what copies of it are recognised by. Pure.

Two texts are nearly the same where many of their runs of three words are: of each text the sixteen smallest hashes of
its runs are kept (a bottom-k sketch, Broder 1997).
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xxhash import xxh3_64_intdigest

from monitor.alerts.footers import CRIES, Footers
from monitor.language.fold import fold_form
from monitor.language.numbers import numbers
from monitor.language.words import opaque, outside, words
from monitor.models import Findings, Mention

RUN = 3  # words of a shingle
SKETCH = 16  # hashes that are kept of a text
_SHOUTED = 0.6  # share of capital letters from which on capitals tell no names
_LINE_BREAKS = {0x2028: "\n", 0x2029: "\n"}
_OPEN_END = re.compile(r"[\w…]\W{0,3}$")


@dataclass(frozen=True, slots=True)
class Telling:
    """What one post says.

    `words` are those of its own lines, folded; `names` those of them with a capital; `numbers`, `rules` and `entities`
    are those in its own lines, and `found` the words that rules and entities were found by. `whole` has the words,
    `aside` the numbers, rules and entities of the other lines too: what a channel sets under its posts is no news, but
    a copy without it says nothing less. `shown` leads a folded word, a number or an id to how the analyst reads it.
    `last` is the word or number that ends the text without a full stop.
    """

    key: bytes
    sketch: tuple[int, ...]
    words: tuple[str, ...]
    names: frozenset[str]
    numbers: frozenset[str]
    rules: frozenset[str]
    entities: frozenset[str]
    found: frozenset[str]
    whole: tuple[str, ...]
    aside: frozenset[str]
    shown: dict[str, str]
    last: str | None


def telling(text: str, findings: Findings, channel: int, footers: Footers, unique: str) -> Telling:
    """Reduce a post's text and findings to what it says.

    Lines that the channel sets over and under its posts do not count, nor do links and user names. A post without
    words is no copy of another one: `unique`, its own name, then stands in for them.
    """
    start, end = _own_part(text, findings, channel, footers)
    own = text[start:end]
    folded = fold_form(own)
    spans = _spans(folded)
    said = tuple(folded[a:b] for a, b in spans)
    shown: dict[str, str] = {}
    figures = numbers(folded)
    shown.update((value, value) for value, _ in figures)
    rules = {match.rule: match.title for match in findings.matches if _within(match.mentions, start, end)}
    entities = {one.id: one.name for one in findings.entities if _within(one.mentions, start, end)}
    names = _names(own)
    shown |= names | rules | entities
    whole = folded if own == text else fold_form(text)
    aside = {value for value, _ in numbers(whole)} | {match.rule for match in findings.matches}
    ends = [value for value, span in figures if span[1] == len(folded.rstrip())] or list(said[-1:])
    return Telling(
        key=story_key(said, rules, unique),
        sketch=sketch(said),
        words=said,
        names=frozenset(names),
        numbers=frozenset(value for value, _ in figures),
        rules=frozenset(rules),
        entities=frozenset(entities),
        found=frozenset(
            folded_word
            for a, b in findings.spans
            for word in [fold_form(text[a:b])]
            for folded_word in (word[c:d] for c, d in words(word))
        ),
        whole=said if whole is folded else tuple(whole[a:b] for a, b in _spans(whole)),
        aside=frozenset(aside.union(one.id for one in findings.entities)),
        shown=shown,
        last=ends[0] if ends and _OPEN_END.search(own) else None,
    )


def story_key(words: Iterable[str], rules: Iterable[str], unique: str = "") -> bytes:
    """Return the digest by which an exact copy is recognised: the folded words of the text and the rules on it.

    The rules are part of it because a rule may ask for the channel or for media: a copy on which another rule fires
    says more than the first. Punctuation, emoji and line breaks do not count.
    """
    digest = hashlib.sha256()
    digest.update((" ".join(words) or f"\0{unique}").encode("utf-8", "replace"))
    for rule in sorted(rules):
        digest.update(b"\0" + rule.encode())
    return digest.digest()


def sketch(said: Sequence[str]) -> tuple[int, ...]:
    """Return the smallest hashes of the runs of three words, in order; of a shorter text the hash of all of it."""
    if not said:
        return ()
    runs = {" ".join(said[at : at + RUN]) for at in range(max(1, len(said) - RUN + 1))}
    return tuple(sorted(xxh3_64_intdigest(run.encode("utf-8", "replace")) for run in runs)[:SKETCH])


def _own_part(text: str, findings: Findings, channel: int, footers: Footers) -> tuple[int, int]:
    """Return the span of the lines that are the post's own."""
    lines = text.translate(_LINE_BREAKS).split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    kept = [False] * len(lines)
    for a, b in findings.spans:
        first, last = bisect_right(starts, a) - 1, bisect_right(starts, b - 1) - 1
        kept[first : last + 1] = [True] * (min(last, len(lines) - 1) - first + 1)
    first, end = footers.body(channel, [fold_form(line) for line in lines], kept)
    return starts[first], starts[end] - 1


def _spans(folded: str) -> list[tuple[int, int]]:
    found = list(outside(words(folded), opaque(folded)))
    said = [span for span in found if folded[span[0] : span[1]] not in CRIES]
    return said or found


def _within(mentions: Sequence[Mention], start: int, end: int) -> bool:
    return not mentions or any(start <= mention.start < end for mention in mentions)


def _names(text: str) -> dict[str, str]:
    """Return the words with a capital, by their folded form; in a shouted text every word may be a name."""
    letters = sum(map(str.isalpha, text))
    shouted = sum(map(str.isupper, text)) > _SHOUTED * letters
    return {
        folded: text[start:end]
        for start, end in outside(words(text), opaque(text))
        if shouted or text[start].isupper()
        for folded in [fold_form(text[start:end])]
    }
