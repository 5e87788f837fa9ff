"""From a post to candidates: every place where a form of a term, a name or a context word stands in it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import ahocorasick_rs

from monitor.language.fold import MARKS, Folded, fold_form
from monitor.language.words import opaque
from monitor.models import Span
from monitor.rules import names
from monitor.rules.candidate import Candidate, Strength
from monitor.rules.derivation import split
from monitor.rules.hiding import Hiding
from monitor.rules.lexicon import Lexicon, Paradigm, Role, Shape, Variant
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
_REMEMBERED = 50_000  # words of posts whose meaning is kept at hand
_REMEMBERED_ENDING = 24  # letters
_ADDRESS = 2_000  # characters of an address that are looked at
_MARK_BEFORE = re.compile(r"[@/.:?=&]")
_MARK_AFTER = re.compile(r"[@/.:?=&]\w")


@dataclass(frozen=True, slots=True)
class _Word:
    """What a stem with an ending stands for.

    `uses` are entries of the lexicon, how each comes about and its topic, `topics` all of these. `after` and `before`
    lead from the next word, or the one before, to the forms of phrases that this word is the anchor of.
    """

    topics: frozenset[int]
    uses: tuple[tuple[int, int, int], ...]
    after: Mapping[str, Sequence[_InPhrase]]
    before: Mapping[str, Sequence[_InPhrase]]


_InPhrase = tuple[int, Variant, int]  # subject, form of the phrase, topic
_Found = tuple[_Word, int, int, bool]  # with start and end in the folded text, and whether it begins inside a word


class Scanner:
    """The automaton over all stems, with what follows a hit; it keeps words at hand and changes in nothing else."""

    def __init__(self, lexicon: Lexicon, topics: Sequence[int]) -> None:
        """`topics` says for each subject of the lexicon what it counts for."""
        self.lexicon = lexicon
        self.hiding = Hiding(lexicon, self.hits)
        self._topics = topics
        # words that begin with a stem, and those that have it inside
        self._known: tuple[dict[tuple[int, str], _Word | None], ...] = ({}, {})
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
        self,
        reading: Reading,
        hits: list[tuple[int, int, int]],
        extra: Sequence[Candidate] = (),
        relevant: Callable[[frozenset[int]], frozenset[int]] | None = None,
    ) -> list[Candidate]:
        """Give the candidates in a post, in the order of their starts; those in links and user names say so.

        `relevant` tells which of the topics that are found can matter; the words of others are left unread.
        """
        found = self._words(reading, hits)
        phrases = list(_in_phrases(reading, found))
        others = list(extra)
        if may_stand_apart(reading.text, hits, self._stems):
            others = [*self.hiding.candidates(reading.folded), *others]
        if relevant is not None:
            topics = relevant(
                frozenset().union(
                    *(word.topics for word, _, _, _ in found),
                    (topic for _, _, topic, _, _ in phrases),
                    (self._topics[one.subject] for one in others),
                )
            )
            if not topics:
                return []
            found = [one for one in found if not one[0].topics.isdisjoint(topics)]
            phrases = [one for one in phrases if one[2] in topics]
            others = [one for one in others if self._topics[one.subject] in topics]
        areas = Areas(reading)
        read = [
            candidate
            for word, start, end, inside in found
            for entry, via, topic in word.uses
            if relevant is None or topic in topics
            for candidate in self._read(reading, areas, entry, reading.word_start(start) if inside else start, end, via)
        ]
        for subject, variant, _, start, end in phrases:
            read += self._phrase(reading, subject, variant, start, end)
        read += others
        return _in_order(reading.folded, read) if read else read

    def _words(self, reading: Reading, hits: list[tuple[int, int, int]]) -> list[_Found]:
        """Give every hit that is a form, with its span: boundaries and ending are right."""
        text, open_left, stems, rest = reading.text, self._open_left, self._stems, _REST.match
        whole, parts = self._known[False], self._known[True]
        tags = reading.tag_parts if "#" in text else {}
        found = []
        for stem, start, end in hits:
            if stem >= stems:
                continue
            inside = False
            if start:
                before = text[start - 1]
                inside = before.isalnum() or (before == "'" and not reading.around(start, end).begins_word(start))
                if inside and start in tags:
                    inside = False
                elif inside and not open_left[stem]:
                    continue
            word_end = tags[start] if start in tags else rest(text, end).end()  # type: ignore[union-attr]  # it matches ""
            ending = text[end:word_end]
            try:
                word = (parts if inside else whole)[stem, ending]
            except KeyError:
                word = self._word(stem, ending, inside)
            if word is not None:
                found.append((word, start, word_end, inside))
        return found

    def _word(self, stem: int, ending: str, inside: bool) -> _Word | None:
        """Say what a stem with an ending stands for (None: nothing), and keep it at hand."""
        lexicon = self.lexicon
        uses: list[tuple[int, int, int]] = []
        after: dict[str, list[_InPhrase]] = {}
        before: dict[str, list[_InPhrase]] = {}
        for entry in range(lexicon.first[stem], lexicon.first[stem + 1]):
            paradigm = lexicon.paradigms[lexicon.paradigm_of[entry]]
            via = paradigm.endings.get(ending)
            if via is None:
                via = _open_ending(paradigm, ending)
            if via is None or (inside and not paradigm.left):
                continue
            if lexicon.shape_of[entry] != Shape.PHRASE:
                uses.append((entry, via, self._topics[self._subject(entry)]))
                continue
            phrase = lexicon.phrases[lexicon.reference_of[entry]]
            for variant in phrase.variants.get(lexicon.stems[stem] + ending, ()):
                one = (phrase.subject, variant, self._topics[phrase.subject])
                if variant[1]:
                    after.setdefault(variant[1][0], []).append(one)
                else:
                    before.setdefault(variant[0][-1], []).append(one)
        word = None
        if uses or after or before:
            word = _Word(frozenset(topic for _, _, topic in uses), tuple(uses), after, before)
        known = self._known[inside]
        if len(known) >= _REMEMBERED:
            known.clear()
        if len(ending) <= _REMEMBERED_ENDING:
            known[stem, ending] = word
        return word

    def _subject(self, entry: int) -> int:
        """The number of the subject that an entry leads to."""
        reference = self.lexicon.reference_of[entry]
        match self.lexicon.shape_of[entry]:
            case Shape.SURNAME:
                return self.lexicon.persons[reference].subject
            case _:
                return reference

    def _read(self, reading: Reading, areas: Areas, entry: int, start: int, end: int, via: int) -> Iterator[Candidate]:
        """Yield what the word stands for, with the words around it where they matter."""
        lexicon = self.lexicon
        reference = lexicon.reference_of[entry]
        match lexicon.shape_of[entry]:
            case Shape.WORD:
                yield from self._plain(reading, reference, start, end, lexicon.vias[via], one_word=True)
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

    def _phrase(self, reading: Reading, subject: int, variant: Variant, start: int, end: int) -> Iterator[Candidate]:
        before, after, via = variant
        reading = reading.around(start, end)
        index = reading.index(start)
        first, last = index - len(before), index + len(after)
        if _stands(reading, first, before) and _stands(reading, index + 1, after) and _together(reading, first, last):
            span = (reading.words[first][0], reading.words[last][1])
            yield from self._plain(reading, subject, *span, self.lexicon.vias[via])

    def _surname(self, reading: Reading, number: int, start: int, end: int, via: int) -> Candidate:
        person = self.lexicon.persons[number]
        form = self.lexicon.vias[via]
        policy = not person.alias
        if start not in reading.alone:
            around = reading.around(start, end)
            reading.alone[start] = names.alone(around, around.index(start), self.lexicon)
        if reading.alone[start]:
            return Candidate(start, end, person.subject, form, Strength.BARE, (start, end), policy=policy)
        reading = reading.around(start, end)
        found = names.around(reading, reading.index(start), person, self.lexicon, form)
        span = (start, end)
        if found.first != found.last:
            span = (reading.words[found.first][0], reading.words[found.last][1] + found.dot)
        strength = Strength.FULL if found.full else Strength.BARE
        note = f"full name; surname: {form}" if found.full else form
        return Candidate(*span, person.subject, note, strength, span, policy=policy, other=found.other)

    def _listed(self, reading: Reading, areas: Areas, number: int, start: int, via: int) -> Iterator[Candidate]:
        kind = _kind_of(self.lexicon.subjects[number].lemma)
        listed = areas.shared_noun(reading.index(start), kind) if kind else None
        if listed is not None:
            span = (reading.words[listed.first][0], reading.words[listed.last][1])
            reach = (reading.words[listed.reach[0]][0], reading.words[listed.reach[1]][1])
            yield Candidate(*span, number, self.lexicon.vias[via], Strength.PLAIN, reach)


@lru_cache(maxsize=10_000)
def _kind_of(lemma: str) -> str | None:
    """What kind of area a place's dictionary form says it is."""
    return next((kind for word in split(fold_form(lemma)) if (kind := noun_kind(word))), None)


def _open_ending(paradigm: Paradigm, ending: str) -> int | None:
    """The via of an ending with letters after it, or with a possessive 's."""
    if paradigm.right:
        return next((via for known, via in paradigm.endings.items() if ending.startswith(known)), None)
    return paradigm.endings.get(ending[:-2]) if ending.endswith("'s") else None


def _in_phrases(reading: Reading, found: Sequence[_Found]) -> Iterator[tuple[int, Variant, int, int, int]]:
    """Yield the forms of phrases whose next word, or the one before, stands beside their anchor in the text."""
    for word, start, end, _ in found:
        if word.after:
            for subject, variant, topic in word.after.get(reading.next_word(start, end), ()):
                yield subject, variant, topic, start, end
        if word.before:
            for subject, variant, topic in word.before.get(reading.previous_word(start), ()):
                yield subject, variant, topic, start, end


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
    """Mark what lies in addresses, link targets and user names; order by start, the longest and first named first."""
    if any(_may_be_hidden(folded.text, one) for one in candidates):
        hidden = opaque(folded.published)
        candidates = [
            replace(one, other=IN_ADDRESS) if _overlaps(hidden, folded.span(one.start, one.end)) else one
            for one in candidates
        ]
    return sorted(candidates, key=lambda candidate: (candidate.start, -candidate.end, candidate.subject))


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
