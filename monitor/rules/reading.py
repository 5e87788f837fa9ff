"""A post as the engine reads it: its folded text, the words in it, the gaps between them and its paragraphs."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cached_property

from monitor.language.fold import Folded, fold
from monitor.language.words import hashtag_parts, hashtags, word_after, word_before, words
from monitor.models import Span

# French puts these before a vowel with an apostrophe; what follows is a word of its own.
ELISION = re.compile(r"(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu|presqu)'(?=\w)")
_SHORT, _REACH = 300, 70  # in characters
_FEW = 3  # mentions, for which the words around are cheaper than all words of a post
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")


class Reading:
    """One folded text with its words (elided articles apart), numbered from 0, and its paragraphs."""

    def __init__(self, folded: Folded, region: Span | None = None) -> None:
        self.folded = folded
        self.text = folded.text
        self._region = region
        self._windows = 0
        # Whether a surname that begins there has no name beside it: asked for each person who bears it.
        self.alone: dict[int, bool] = {}

    @classmethod
    def of(cls, text: str) -> Reading:
        """Read a text that stands for itself."""
        return cls(fold(text))

    @cached_property
    def words(self) -> list[Span]:
        """Spans of the words in the folded text; a hashtag's parts are words of their own."""
        if self._region is None:
            found = words(self.text)
        else:
            low, high = self._region
            found = [(low + start, low + end) for start, end in words(self.text[low:high])]
        if "'" in self.text:
            found = [part for span in found for part in self._without_elision(span)]
        if self.tag_parts:
            parts = sorted(self.tag_parts.items())
            whole = [span for span in found if not self._in_tag(span)]
            found = sorted([*whole, *parts])
        return found

    def around(self, start: int, end: int) -> Reading:
        """Give the same text with the words around a span alone, as far as a name or phrase may reach.

        To take a whole post apart costs more than all else that is done for one mention.
        """
        self._windows += 1
        if self._windows > _FEW or len(self.text) < _SHORT or "words" in self.__dict__ or "#" in self.text:
            return self
        low = max(self.text.rfind(" ", 0, max(0, start - _REACH)), 0)
        high = self.text.find(" ", end + _REACH)
        return Reading(self.folded, (low, high if high >= 0 else len(self.text)))

    @cached_property
    def tags(self) -> list[Span]:
        """Spans of the hashtags in the folded text."""
        return [(self._folded_at(start), self._folded_at(end)) for start, end in hashtags(self.folded.published)]

    @cached_property
    def tag_parts(self) -> dict[int, int]:
        """Start and end in the folded text of the words that its hashtags are made of (#ПригожинЖив)."""
        published = self.folded.published
        return {
            self._folded_at(start + first): self._folded_at(start + last)
            for start, end in (hashtags(published) if "#" in published else ())
            for first, last in hashtag_parts(published[start:end])
        }

    def _folded_at(self, position: int) -> int:
        offsets = self.folded.offsets
        return position if offsets is None else bisect_left(offsets, position)

    def _in_tag(self, span: Span) -> bool:
        at = bisect_right(self.tags, (span[0], len(self.text) + 1)) - 1
        return at >= 0 and span[0] < self.tags[at][1]

    def begins_word(self, position: int) -> bool:
        """Whether a word begins at a position of the folded text."""
        index = self.index(position)
        return index >= 0 and self.words[index][0] == position

    def word_start(self, position: int) -> int:
        """Start of the word that holds a position of the folded text."""
        return self.words[self.index(position)][0]

    def next_word(self, start: int, end: int) -> str:
        """The word after the one that is written from `start` to `end`."""
        if "#" in self.text or "'" in (found := word_after(self.text, end)):
            around = self.around(start, end)
            return around.word(around.index(start) + 1)
        return found

    def previous_word(self, start: int) -> str:
        """The word before the one that begins at `start`."""
        if "#" in self.text or "'" in (found := word_before(self.text, start)):
            around = self.around(start, start)
            return around.word(around.index(start) - 1)
        return found

    def _without_elision(self, span: Span) -> list[Span]:
        elided = ELISION.match(self.text, *span)
        if elided is None:
            return [span]
        return [(span[0], elided.end() - 1), (elided.end(), span[1])]

    @cached_property
    def _starts(self) -> list[int]:
        return [start for start, _ in self.words]

    @cached_property
    def _breaks(self) -> list[int]:
        return [found.start() for found in _BLANK_LINE.finditer(self.text)]

    def index(self, position: int) -> int:
        """Number of the word that holds a position of the folded text, or of the last word before it (-1: none)."""
        return bisect_right(self._starts, position) - 1

    def paragraph(self, position: int) -> int:
        """Number of the paragraph (text between empty lines) that a position of the folded text is in."""
        return bisect_right(self._breaks, position)

    def word(self, index: int) -> str:
        """The folded word of that number; empty outside the text."""
        if not 0 <= index < len(self.words):
            return ""
        start, end = self.words[index]
        return self.text[start:end]

    def gap(self, index: int) -> str:
        """What stands between word `index` and the next one; at the edges of the text a line break."""
        if not 0 <= index < len(self.words) - 1:
            return "\n"
        return self.text[self.words[index][1] : self.words[index + 1][0]]

    def capital(self, index: int) -> bool:
        """Whether the word is published with a capital first letter."""
        if not 0 <= index < len(self.words):
            return False
        start, end = self.folded.span(*self.words[index])
        return self.folded.published[start:end][:1].isupper()

    def written_as_name(self, start: int, end: int, capitals: int) -> bool:
        """Whether so many capitals stand in the published text there, and the first letter is one (or quoted).

        Where one capital is all that is asked for, it must not be that of a sentence: "Свобода России начинается …".
        """
        if not capitals:
            return True
        first, last = self.folded.span(start, end)
        published = self.folded.published
        if sum(char.isupper() for char in published[first:last]) < capitals:
            return False
        if first > 0 and published[first - 1] in '«“„"':
            return True
        before = published[:first].rstrip(" \u00a0")[-1:]
        inside_a_sentence = before.isalnum() or before in tuple(",;)»”")
        return published[first].isupper() and (capitals > 1 or inside_a_sentence)
