"""Words that hide from a search: letters that stand apart, emoji inside a word, words inside hashtags."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from monitor.language.fold import Folded
from monitor.language.ordinary import ordinary_in
from monitor.language.words import SpacedOut, broken, spaced
from monitor.models import Span
from monitor.rules.candidate import Candidate, Strength
from monitor.rules.lexicon import Lexicon, Shape
from monitor.rules.reading import Reading

_LEAST_APART = 4  # letters of a word that is looked for among letters that stand apart
_LEAST_ORDINARY = 3  # letters of a word around it that is no small word
_MOST_ORDINARY = 16


def _ordinary(run: SpacedOut) -> set[tuple[int, int]]:
    """Where in letters that stand apart ordinary words may be read ("э т о п л е н")."""
    size = len(run.joined)
    return {
        (start, end)
        for start in range(size)
        for end in range(start + _LEAST_ORDINARY, min(size, start + _MOST_ORDINARY) + 1)
        if ordinary_in(run.joined[start:end])
    }


class Hiding:
    """Finds the words of a lexicon where they are not written as words; immutable."""

    def __init__(self, lexicon: Lexicon, hits: Callable[[str], list[tuple[int, int, int]]]) -> None:
        """`hits` gives every stem in a folded text: number, start, end."""
        self._lexicon = lexicon
        self._hits = hits

    def candidates(self, folded: Folded) -> Iterator[Candidate]:
        """Yield words whose letters stand apart or that are broken by emoji; the words around are not looked at."""
        for run in spaced(folded):
            for start, end, entry, via in self._apart(run):
                yield from self._hidden(entry, via, run.span(start, end), "spaced out")
        for joined, span in broken(folded):
            for start, end, entry, via in self._forms_in(joined):
                if (start, end) == (0, len(joined)) and end >= _LEAST_APART:
                    yield from self._hidden(entry, via, span, "broken by a sign")

    def _hidden(self, entry: int, via: int, span: Span, how: str) -> Iterator[Candidate]:
        shape, reference = self._lexicon.shape_of[entry], self._lexicon.reference_of[entry]
        if shape in (Shape.WORD, Shape.SURNAME):
            person = self._lexicon.persons[reference] if shape == Shape.SURNAME else None
            subject = person.subject if person else reference
            note = f"{self._lexicon.vias[via]}, {how}"
            yield Candidate(*span, subject, note, Strength.BARE, span, policy=person is not None and not person.alias)

    def _apart(self, run: SpacedOut) -> Iterator[tuple[int, int, int, int]]:
        """Yield the forms in letters that stand apart, where all other letters of the run are words, too.

        Else "к у п л е н н ы е" would hold "п л е н н ы е".
        """
        size = len(run.joined)
        forms = sorted(one for one in self._forms_in(run.joined) if one[1] - one[0] >= _LEAST_APART)
        if not forms:
            return
        around = sorted({(start, end) for start, end, _, _ in forms} | (_ordinary(run) if run.several else set()))
        ends, starts = {0}, {size}
        for start, end in around:
            if any(start - gap in ends and run.are_small_words(start - gap, start) for gap in (0, 1, 2)):
                ends.add(end)
        for start, end in sorted(around, key=lambda one: one[1], reverse=True):
            if any(end + gap in starts and run.are_small_words(end, end + gap) for gap in (0, 1, 2)):
                starts.add(start)

        def fits(start: int, end: int) -> bool:
            before = any(start - gap in ends and run.are_small_words(start - gap, start) for gap in (0, 1, 2))
            return before and any(end + gap in starts and run.are_small_words(end, end + gap) for gap in (0, 1, 2))

        for start, end, entry, via in forms:
            # "к у п л е н н ы е" can be read as one longer word; "э т о п л е н" cannot be read as "э топлен".
            inside = any(
                first <= start and end <= last and last - first > end - start and fits(first, last)
                for first, last in around
            )
            if not inside and fits(start, end) and (run.several or (start, end) == (0, size)):
                yield start, end, entry, via

    def _forms_in(self, letters: str) -> Iterator[tuple[int, int, int, int]]:
        """Yield every form in a row of letters, wherever it begins and ends: start, end, entry, via."""
        lexicon, stems = self._lexicon, len(self._lexicon.stems)
        for stem, start, end in self._hits(letters):
            if stem >= stems:
                continue
            for entry in range(lexicon.first[stem], lexicon.first[stem + 1]):
                paradigm = lexicon.paradigms[lexicon.paradigm_of[entry]]
                for ending, via in paradigm.endings.items():
                    if letters.startswith(ending, end):
                        yield start, len(letters) if paradigm.right else end + len(ending), entry, via

    def inside_tags(self, reading: Reading, hits: list[tuple[int, int, int]]) -> Iterator[Candidate]:
        """Yield forms that stand in a hashtag without beginning and ending where its words do, for `explain`."""
        for start, end in reading.tags:
            tag = reading.text[start:end]
            ends = {reading.tag_parts.get(at) for at in range(start, end)}
            for first, last, entry, via in self._forms_in(tag):
                whole = start + first in reading.tag_parts and start + last in ends
                if last - first > _LEAST_APART and not whole:
                    for one in self._hidden(entry, via, (start + first, start + last), "in a hashtag"):
                        yield replace(one, other="inside a word of a hashtag; capitals or _ would take it apart")
