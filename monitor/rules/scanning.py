"""From a post to candidates: every place where a form of a term, a name or a context word stands in it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import lru_cache

import ahocorasick_rs

from monitor.language.fold import MARKS, Folded, fold_form
from monitor.language.words import SpacedOut, broken, opaque, spaced
from monitor.models import Span
from monitor.rules import names
from monitor.rules.derivation import split
from monitor.rules.lexicon import Lexicon, Paradigm, Role, Shape
from monitor.rules.lists import Areas, noun_kind
from monitor.rules.reading import Reading
from monitor.rules.signs import letters_apart, may_stand_apart

_REST = re.compile(rf"[^\W_{MARKS}]*(?:[{MARKS}]+[^\W_]*)*(?:'[^\W_]+)*")
# Between the words of a phrase: white space with at most one line break, quotation marks, a hyphen, emphasis marks.
_WITHIN_PHRASE = re.compile(r"(?!\s*\n\s*\n)[\s\"'«»„“”‘’‚‹›()\[\]*_~-]{1,8}")
_ABBREVIATED = re.compile(r"\.[\s\"«»„“”*_-]{0,4}")
# What makes another place of a town's name: Белгород-Днестровский, Ростов-на-Дону, Нижний …, Усть-…
_PLACE_TAIL = re.compile(
    r"-(?:\w+[сцз]ь?к(?:ий|ого|ому|им|ом|ої|ій|ая|ой|ую|ім)(?!\w)|\w+sk(?:iy|yi|yj|ij|y|i|iego|iemu|im)(?!\w)"
    r"|(?:на|над|при)-\w+)"
)
_PLACE_HEAD = re.compile(r"(?<!\w)(?:усть|ново|нижне|верхне|старо|нижньо|верхньо|велико|мало|ust|novo|nowo|staro)-$")


IN_ADDRESS = "part of an address or user name"
_FEW_STEMS = 10_000  # with so few the automaton as a DFA takes some 25 MB and a third less time
_LEAST_APART = 4  # letters of a word that is looked for among letters that stand apart
_ADDRESS = 2_000  # characters of an address that are looked at
_MARK_BEFORE = re.compile(r"[@/.:?=&]")
_MARK_AFTER = re.compile(r"[@/.:?=&]\w")


class Strength(IntEnum):
    """How well a candidate of an entity is named."""

    BARE = 0  # by surname, a one-word alias or a one-word form alone
    PLAIN = 1  # by a form of several words, or a place's or organisation's own name
    FULL = 2  # a person with given name or initials


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place in the folded text that may be a mention of a subject; `reach` is what was read for it."""

    start: int
    end: int
    subject: int
    via: str
    strength: Strength
    reach: Span
    policy: bool = False  # whether the entity's `surname` policy speaks about it
    other: str | None = None  # why it is somebody else, seen from the words around it


class Scanner:
    """The automaton over all stems, with what follows a hit; immutable after it is built."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._stems = len(lexicon.stems)
        self._automaton = ahocorasick_rs.AhoCorasick(
            [*lexicon.stems, *letters_apart()],
            store_patterns=False,
            implementation=ahocorasick_rs.Implementation.DFA if self._stems <= _FEW_STEMS else None,
        )
        open_left = {number for number, paradigm in enumerate(lexicon.paradigms) if paradigm.left}
        self._open_left = bytearray(self._stems)
        if open_left:
            for stem in range(self._stems):
                entries = lexicon.paradigm_of[lexicon.first[stem] : lexicon.first[stem + 1]]
                self._open_left[stem] = not open_left.isdisjoint(entries)

    def hits(self, text: str) -> list[tuple[int, int, int]]:
        """Every stem in the folded text, words or not, and signs of letters that stand apart: number, start, end."""
        return self._automaton.find_matches_as_indexes(text, overlapping=True)

    def candidates(
        self, reading: Reading, hits: list[tuple[int, int, int]], extra: Iterable[Candidate] = ()
    ) -> list[Candidate]:
        """Give the candidates in a post, in the order of their starts; those in links and user names say so."""
        areas = Areas(reading)
        found = [
            candidate
            for entry, start, end, via in self._words(reading, hits)
            for candidate in self._read(reading, areas, entry, start, end, via)
        ]
        if may_stand_apart(reading.text, hits, self._stems):
            found += self._hiding(reading.folded)
        found += extra
        return _in_order(reading.folded, found) if found else found

    def may_have_any(self, text: str, hits: list[tuple[int, int, int]]) -> bool:
        """Whether a text may have candidates at all."""
        return bool(hits) or may_stand_apart(text, hits, self._stems)

    def _words(self, reading: Reading, hits: list[tuple[int, int, int]]) -> list[tuple[int, int, int, int]]:
        """Give entry, span of the word and via of every hit that is a form: boundaries and ending are right."""
        text, first, open_left = reading.text, self.lexicon.first, self._open_left
        paradigms, paradigm_of = self.lexicon.paradigms, self.lexicon.paradigm_of
        tags = reading.tag_parts if "#" in text else {}
        found = []
        for stem, start, end in hits:
            if stem >= self._stems:
                continue
            inside = False
            if start:
                before = text[start - 1]
                inside = before.isalnum() or (before == "'" and not reading.begins_word(start))
                if inside and start in tags:
                    inside = False
                elif inside and not open_left[stem]:
                    continue
            word_end = tags.get(start) or _REST.match(text, end).end()  # type: ignore[union-attr]  # it matches empty text
            ending = text[end:word_end]
            for entry in range(first[stem], first[stem + 1]):
                paradigm = paradigms[paradigm_of[entry]]
                via = paradigm.endings.get(ending)
                if via is None:
                    via = _open_ending(paradigm, ending)
                    if via is None:
                        continue
                if not inside:
                    found.append((entry, start, word_end, via))
                elif paradigm.left:
                    found.append((entry, reading.words[reading.index(start)][0], word_end, via))
        return found

    def _read(self, reading: Reading, areas: Areas, entry: int, start: int, end: int, via: int) -> Iterator[Candidate]:
        """Yield what the word stands for, with the words around it where they matter."""
        lexicon = self.lexicon
        reference = lexicon.reference_of[entry]
        match lexicon.shape_of[entry]:
            case Shape.WORD:
                yield from self._plain(reading, reference, start, end, lexicon.vias[via], one_word=True)
            case Shape.PHRASE:
                yield from self._phrase(reading, reference, start, end)
            case Shape.SURNAME:
                yield self._surname(reading, reference, start, end, via)
            case _:
                yield from self._listed(reading, areas, reference, start, via)

    def _plain(
        self, reading: Reading, number: int, start: int, end: int, via: str, *, one_word: bool = False
    ) -> Iterator[Candidate]:
        subject = self.lexicon.subjects[number]
        other = None
        if not reading.written_as_name(start, end, subject.capitals):
            other = "written without the capitals of the name"
        elif subject.role == Role.ENTITY and one_word and _is_other_place(reading.text, start, end):
            other = "part of another place's name"
        strength = Strength.BARE if one_word else Strength.PLAIN
        yield Candidate(start, end, number, via, strength, (start, end), other=other)

    def _phrase(self, reading: Reading, number: int, start: int, end: int) -> Iterator[Candidate]:
        phrase = self.lexicon.phrases[number]
        reading = reading.around(start, end)
        index = reading.index(start)
        for before, after, via in phrase.variants.get(reading.text[start:end], ()):
            first, last = index - len(before), index + len(after)
            if (
                _stands(reading, first, before)
                and _stands(reading, index + 1, after)
                and _together(reading, first, last)
            ):
                span = (reading.words[first][0], reading.words[last][1])
                yield from self._plain(reading, phrase.subject, *span, self.lexicon.vias[via])

    def _surname(self, reading: Reading, number: int, start: int, end: int, via: int) -> Candidate:
        person = self.lexicon.persons[number]
        form = self.lexicon.vias[via]
        reading = reading.around(start, end)
        found = names.around(reading, reading.index(start), person, self.lexicon, form)
        span = (start, end)
        if found.first != found.last:
            span = (reading.words[found.first][0], reading.words[found.last][1] + found.dot)
        strength = Strength.FULL if found.full else Strength.BARE
        note = f"full name; surname: {form}" if found.full else form
        return Candidate(*span, person.subject, note, strength, span, policy=not person.alias, other=found.other)

    def _listed(self, reading: Reading, areas: Areas, number: int, start: int, via: int) -> Iterator[Candidate]:
        kind = _kind_of(self.lexicon.subjects[number].lemma)
        listed = areas.shared_noun(reading.index(start), kind) if kind else None
        if listed is not None:
            span = (reading.words[listed.first][0], reading.words[listed.last][1])
            reach = (reading.words[listed.reach[0]][0], reading.words[listed.reach[1]][1])
            yield Candidate(*span, number, self.lexicon.vias[via], Strength.PLAIN, reach)

    def _hiding(self, folded: Folded) -> Iterator[Candidate]:
        """Yield words whose letters stand apart or that are broken by emoji; the words around are not looked at."""
        for run in spaced(folded):
            for start, end, entry, via in self._apart(run):
                yield from self._hidden(entry, via, run.span(start, end), "spaced out")
        for joined, span in broken(folded):
            for start, end, entry, via in self._forms_in(joined):
                if (start, end) == (0, len(joined)) and end >= _LEAST_APART:
                    yield from self._hidden(entry, via, span, "broken by a sign")

    def _hidden(self, entry: int, via: int, span: Span, how: str) -> Iterator[Candidate]:
        shape, reference = self.lexicon.shape_of[entry], self.lexicon.reference_of[entry]
        if shape in (Shape.WORD, Shape.SURNAME):
            person = self.lexicon.persons[reference] if shape == Shape.SURNAME else None
            subject = person.subject if person else reference
            note = f"{self.lexicon.vias[via]}, {how}"
            yield Candidate(*span, subject, note, Strength.BARE, span, policy=person is not None and not person.alias)

    def _apart(self, run: SpacedOut) -> Iterator[tuple[int, int, int, int]]:
        """Yield the forms in letters that stand apart, where all other letters of the run are words, too.

        Else "к у п л е н н ы е" would hold "п л е н н ы е".
        """
        size = len(run.joined)
        forms = sorted(one for one in self._forms_in(run.joined) if one[1] - one[0] >= _LEAST_APART)
        ends, starts = {0}, {size}
        for start, end, _, _ in forms:
            if any(start - gap in ends and run.are_small_words(start - gap, start) for gap in (0, 1, 2)):
                ends.add(end)
        for start, end, _, _ in sorted(forms, key=lambda form: form[1], reverse=True):
            if any(end + gap in starts and run.are_small_words(end, end + gap) for gap in (0, 1, 2)):
                starts.add(start)
        for start, end, entry, via in forms:
            before = any(start - gap in ends and run.are_small_words(start - gap, start) for gap in (0, 1, 2))
            after = any(end + gap in starts and run.are_small_words(end, end + gap) for gap in (0, 1, 2))
            if before and after and (run.several or (start, end) == (0, size)):
                yield start, end, entry, via

    def _forms_in(self, letters: str) -> Iterator[tuple[int, int, int, int]]:
        """Yield every form in a row of letters, wherever it begins and ends: start, end, entry, via."""
        lexicon = self.lexicon
        for stem, start, end in self.hits(letters):
            if stem >= self._stems:
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


@lru_cache(maxsize=10_000)
def _kind_of(lemma: str) -> str | None:
    """What kind of area a place's dictionary form says it is."""
    return next((kind for word in split(fold_form(lemma)) if (kind := noun_kind(word))), None)


def _open_ending(paradigm: Paradigm, ending: str) -> int | None:
    """The via of an ending with letters after it, or with a possessive 's."""
    if paradigm.right:
        return next((via for known, via in paradigm.endings.items() if ending.startswith(known)), None)
    return paradigm.endings.get(ending[:-2]) if ending.endswith("'s") else None


def _stands(reading: Reading, first: int, words: tuple[str, ...]) -> bool:
    return all(reading.word(first + offset) == word for offset, word in enumerate(words))


def _together(reading: Reading, first: int, last: int) -> bool:
    """Whether only what may stand inside a phrase is between its words."""
    for index in range(first, last):
        gap = reading.gap(index)
        if not _WITHIN_PHRASE.fullmatch(gap) and not (len(reading.word(index)) <= 3 and _ABBREVIATED.fullmatch(gap)):
            return False
    return True


def _is_other_place(text: str, start: int, end: int) -> bool:
    if text[end : end + 1] == "-" and _PLACE_TAIL.match(text, end):
        return True
    return text[start - 1 : start] == "-" and _PLACE_HEAD.search(text, max(0, start - 12), start) is not None


def _in_order(folded: Folded, candidates: list[Candidate]) -> list[Candidate]:
    """Mark what lies in addresses, link targets and user names; order by start, the longest first."""
    if any(_may_be_hidden(folded.text, one) for one in candidates):
        hidden = opaque(folded.published)
        candidates = [
            replace(one, other=IN_ADDRESS) if _overlaps(hidden, folded.span(one.start, one.end)) else one
            for one in candidates
        ]
    return sorted(candidates, key=lambda candidate: (candidate.start, -candidate.end))


def _may_be_hidden(text: str, candidate: Candidate) -> bool:
    """Whether a mark of an address stands in what is written together with the candidate."""
    before = text[max(0, candidate.start - _ADDRESS) : candidate.start]
    after = text[candidate.end : candidate.end + _ADDRESS]
    written_before = before[max(before.rfind(" "), before.rfind("\n")) + 1 :]
    written_after = "" if after[:1].isspace() else after.split(maxsplit=1)[0] if after else ""
    return bool(_MARK_BEFORE.search(written_before) or _MARK_AFTER.search(written_after))


def _overlaps(spans: list[Span], span: Span) -> bool:
    """Whether a span overlaps one of those, which are in order and apart."""
    at = bisect_left(spans, span[0], key=lambda one: one[1])
    at += at < len(spans) and spans[at][1] == span[0]
    return at < len(spans) and spans[at][0] < span[1]
