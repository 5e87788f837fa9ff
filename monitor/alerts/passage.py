"""The part of a text that an alert shows: around the mentions, cut where the sense allows, made harmless. Pure."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from monitor.models import Span

ELLIPSIS = "…"
# Embeddings, overrides and isolates reorder what stands after them; a word joiner takes their place, so offsets hold.
_DIRECTION = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)], "\u2060")
_CONTROL = {code: "\ufffd" for code in (*range(0x20), *range(0x7F, 0xA0)) if code != 0x0A}
_CONTROL |= {0x09: " ", 0x0D: " ", 0x85: " ", 0x2028: " ", 0x2029: " "}
_CONTROL |= dict.fromkeys(range(0xD800, 0xE000), "\ufffd")  # halves of characters, which no message can carry
_HARMLESS = _DIRECTION | _CONTROL
_SENTENCE_END = re.compile(r"[.!?…]+[»\"”')\]]*\s+|\n+")
_QUOTE = re.compile('[«»„“”"]')
_CLOSING = {"«": ("»",), "„": ("“", "”"), "“": ("”",), '"': ('"',)}
_BLANK = re.compile(r"\s+")


def harmless(text: str) -> str:
    """Replace what could steer a terminal or reorder its surroundings, one character for one, so that offsets hold."""
    return text.translate(_HARMLESS)


def quoted_whole(text: str, span: Span) -> Span:
    """Return a span with the quotation mark after it where that closes the last one in it: Легион «Свобода России»."""
    start, end = span
    marks = _QUOTE.findall(text, start, end)
    closes = bool(marks) and text[end : end + 1] in _CLOSING.get(marks[-1], ())
    return (start, end + closes)


@dataclass(frozen=True, slots=True)
class Passage:
    """A cut of a text with the spans of the mentions that stand in it, relative to the cut."""

    text: str
    spans: tuple[Span, ...]


def passage(text: str, spans: Sequence[Span], limit: int) -> Passage:
    """Cut `text` to at most `limit` characters around its mentions, at sentence ends or at least between words.

    The whole text is kept where it fits. Otherwise the window starts at the sentence of the first mention and takes in
    as many of the following as fit; an ellipsis shows where something was left out.
    """
    text = harmless(text)
    spans = [quoted_whole(text, span) for span in spans]
    start, end = _trim(text, 0, len(text))
    if end - start > limit:
        start, end = _window(text, start, end, spans, limit)
    lead = f"{ELLIPSIS} " if text[:start].strip() else ""
    tail = f" {ELLIPSIS}" if text[end:].strip() else ""
    shift = start - len(lead)
    inside = tuple((max(s, start) - shift, min(e, end) - shift) for s, e in spans if s < end and e > start)
    return Passage(lead + text[start:end] + tail, inside)


def _trim(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _window(text: str, start: int, end: int, spans: Sequence[Span], limit: int) -> Span:
    room = limit - 2 * (len(ELLIPSIS) + 1)
    first = min((span for span in spans if span[1] > start), default=(start, start))
    breaks = [start, *(found.end() for found in _SENTENCE_END.finditer(text, start, end))]
    begin = breaks[max(0, bisect_left(breaks, first[0] + 1) - 1)]
    if first[1] - begin > room:
        begin = _word_start(text, max(start, first[0] - room // 3), first[0])
    stop = min(end, begin + room)
    if stop < end:
        # A sentence end in the last third of the room is a good place to stop; else the last blank.
        sentence = max((place for place in breaks if begin + room * 2 // 3 < place <= stop), default=None)
        stop = sentence if sentence is not None else _word_end(text, begin, stop)
    return _trim(text, begin, stop)


def _word_start(text: str, at: int, before: int) -> int:
    blank = _BLANK.search(text, at, before)
    return blank.end() if blank else at


def _word_end(text: str, begin: int, at: int) -> int:
    for place in range(at, max(begin, at - 40), -1):
        if text[place - 1].isspace():
            return place
    return at
