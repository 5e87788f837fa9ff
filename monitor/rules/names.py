"""Who a surname in the text belongs to: the given names, patronymics and initials around it, before or after."""

from __future__ import annotations

import re
from dataclasses import dataclass

from monitor.rules.full_names import looks_like_patronymic
from monitor.rules.lexicon import Lexicon, Person
from monitor.rules.reading import Reading

_SPACE = re.compile(r"[^\S\n]{1,3}|[^\S\n]?\n[^\S\n]?")
_AFTER_INITIAL = re.compile(r"\.[^\S\n]{0,2}\n?")
_BEFORE_NICKNAME = re.compile(r"[^\S\n]{1,2}[\"'«„“”(]{1,2}")
_AFTER_NICKNAME = re.compile(r"[\"'»“”)]{1,2}[^\S\n]{1,2}")
_NO_QUOTES = re.compile(r"[^\"'»“”)]*")
_COMMA = re.compile(r",[^\S\n]{1,2}")
_LETTERS = "ye yu ya yo zh kh ch sh ts je ju ja jo sj tj tch sch sz cz dz ev iou дж"
_DIGRAPHS = frozenset(_LETTERS.split())
_TITLES = ("m", "г", "т")  # M. Poutine, г. Пригожин, т. Иванов: no initials, unless they fit
_NOMINATIVE = re.compile(r"\b(?:nominative|as written|indeclinable)\b")
_HIS_ALONE = ("ым", "им", "ом", "ем", "ым", "ові", "еві", "єві")  # endings that no woman's surname has

_JUNIOR = re.compile(r"(?:младш|старш|молодш)\w{2,4}|jr|junior|senior|sr|jun|sen")
# Given names that are ordinary words, too: "вера Путина в победу", "слава Путину".
_WORDS = """
вера веры вере веру верой надежда надежды надежде надежду надеждой любовь любви любовью слава славы славе
славу славой роман романа роману романом романе роза розы лев льва мир мира мая май віра віри вірі віру вірою
надія надії надію надією любов любові любов'ю рад рада рады света свете свету люди люду люда заре кости костей лени
лечи лом март марта марте марту роем рою роя рая раю раем ислам ислама исламу исламом султан султана султану
христа христу христом аду коли квітка syn syna synowi synem synu
will mark grace may art frank bill bon max rob pat dan mai juli
august
"""
_ALSO_WORDS = frozenset(_WORDS.split())


@dataclass(frozen=True, slots=True)
class Found:
    """What stands around a surname: its words (`first` to `last`, inclusive), whether the full name is there, or why it
    is somebody else."""

    first: int
    last: int
    full: bool = False
    other: str | None = None
    dot: bool = False  # the last word is an initial; its full stop belongs to the name


def around(reading: Reading, index: int, person: Person, lexicon: Lexicon, form: str) -> Found:
    """Look at the words around surname `index` and say whether they name the person, somebody else, or nobody."""
    look = _Look(reading, index, person, lexicon, form)
    before = look.before()
    after = look.after() if before is None or not before.full else None
    if before is not None and before.full:
        return before
    if after is not None and after.full:
        first = before.first if before is not None and before.other is None else index
        return Found(first, after.last, True, dot=after.dot)
    return before or after or look.junior() or Found(index, index)


def alone(reading: Reading, index: int, lexicon: Lexicon) -> bool:
    """Whether nothing beside surname `index` can be part of a name, whoever the person is."""
    if not _NO_QUOTES.fullmatch(reading.gap(index - 1)):
        return False
    for at in (index - 1, index + 1):
        word = reading.word(at)
        if word in lexicon.names or looks_like_patronymic(word) or _JUNIOR.fullmatch(word):
            return False
        if (len(word) == 1 or word in _DIGRAPHS) and reading.capital(at):
            return False
    return True


@dataclass(frozen=True, slots=True)
class _Look:
    reading: Reading
    index: int
    person: Person
    lexicon: Lexicon
    form: str

    def before(self) -> Found | None:
        """What the words before the surname say; None: nothing."""
        reading, index = self.reading, self.index
        at = index - 1
        if at < 0:
            return None
        gap = reading.gap(at)
        if self.initial(at, gap):
            return self.initials_before(at)
        if _AFTER_NICKNAME.fullmatch(gap):
            return self.nickname(at)
        if not _SPACE.fullmatch(gap) and gap != "-":
            return None
        word = reading.word(at)
        if self.is_given(word) and gap != "-":
            return Found(self.more_given(at), index, True)
        if looks_like_patronymic(word) and gap != "-":
            return self.patronymic_before(at)
        if self.somebody_else(at) and gap != "-":
            return Found(index, index, other=f"another given name: {word}")
        return None

    def patronymic_before(self, at: int) -> Found | None:
        reading, index = self.reading, self.index
        word = reading.word(at)
        fits = not self.person.patronymic or self.is_patronymic(word)
        gap = reading.gap(at - 1)
        if _SPACE.fullmatch(gap) and self.is_given(reading.word(at - 1)):
            if fits:
                return Found(self.more_given(at - 1), index, True)
            return Found(index, index, other=f"another patronymic: {word}")
        if self.initial(at - 1, gap) and self.fits(reading.word(at - 1)):
            return Found(at - 1, index, fits)
        if _SPACE.fullmatch(gap) and self.somebody_else(at - 1):
            return Found(index, index, other=f"another given name: {reading.word(at - 1)}")
        if self.person.patronymic:
            return Found(at, index, True) if fits else Found(index, index, other=f"another patronymic: {word}")
        return None

    def nickname(self, at: int) -> Found | None:
        """ "Денис «Рекс» Капустин": the given name stands before one or two words in quotes."""
        for start in (at, at - 1):
            if _BEFORE_NICKNAME.fullmatch(self.reading.gap(start - 1)) and self.is_given(self.reading.word(start - 1)):
                return Found(start - 1, self.index, True)
        return None

    def initials_before(self, at: int) -> Found | None:
        reading, index = self.reading, self.index
        first = at
        if self.initial(at - 1, reading.gap(at - 1)):
            first = at - 1
        outer, gap = reading.word(first - 1), reading.gap(first - 1)
        if _SPACE.fullmatch(gap) and self.is_given(outer):
            return Found(first - 1, index, True)
        if _SPACE.fullmatch(gap) and self.somebody_else(first - 1):
            return Found(index, index, other=f"another given name: {outer}")
        return self.judged(first, at, first, index)

    def after(self) -> Found | None:
        """What the words after the surname say; None: nothing."""
        reading, index = self.reading, self.index
        at = index + 1
        gap, word = reading.gap(index), reading.word(at)
        if not word:
            return None
        comma = _COMMA.fullmatch(gap) is not None
        if not comma and not _SPACE.fullmatch(gap):
            return None
        if self.initial(at, reading.gap(at)[:1]):
            return self.initials_after(at, comma)
        patronymic = looks_like_patronymic(reading.word(at + 1)) and bool(_SPACE.fullmatch(reading.gap(at)))
        last = at + 1 if patronymic else at
        if self.is_given(word):
            if patronymic and self.person.patronymic and not self.is_patronymic(reading.word(at + 1)):
                return Found(index, index, other=f"another patronymic: {reading.word(at + 1)}")
            if not patronymic and self.begins_a_name(last):
                return None
            return Found(index, last, True)
        if not comma and self.somebody_else(at) and (patronymic or not self.begins_a_name(last)):
            return Found(index, index, other=f"another given name: {word}")
        return None

    def initials_after(self, at: int, comma: bool) -> Found | None:
        reading = self.reading
        two = _AFTER_INITIAL.fullmatch(reading.gap(at)) and self.initial(at + 1, reading.gap(at + 1)[:1])
        last = at + 1 if two else at
        found = self.judged(at, last, self.index, last)
        # "Пригожин. В. Путин" and "встретил Пригожин В. Путина": the initial belongs to the next name.
        if reading.capital(last + 1) and reading.gap(last) in (".", ". ") and (found.other or last == at):
            return None
        return None if comma and found.other else found

    def judged(self, first: int, last: int, start: int, end: int) -> Found:
        """Compare one or two initials with given name and patronymic."""
        letters = [self.reading.word(at) for at in range(first, last + 1)]
        if not self.person.given:
            return Found(start, end)
        if not self.fits(letters[0]) and letters[0] in _TITLES and len(letters) == 1:
            return Found(self.index, self.index)
        if not self.fits(letters[0]) or (len(letters) > 1 and not self.fits_patronymic(letters[1])):
            return Found(self.index, self.index, other=f"another initial: {letters[0]}.")
        return Found(start, end, True, dot=end > self.index)

    def junior(self) -> Found | None:
        """ "Пригожин-младший" is the son, unless the full name is there."""
        for at, gap in (
            (self.index + 1, self.reading.gap(self.index)),
            (self.index - 1, self.reading.gap(self.index - 1)),
        ):
            if _JUNIOR.fullmatch(self.reading.word(at)) and gap in ("-", " ", " - "):
                return Found(self.index, self.index, other=f"a relative: {self.reading.word(at)}")
        return None

    def numbers(self, word: str) -> tuple[int, ...]:
        return self.lexicon.names.get(word, ())

    def is_given(self, word: str) -> bool:
        return any(number in self.person.given for number in self.numbers(word))

    def is_patronymic(self, word: str) -> bool:
        return any(number in self.person.patronymic for number in self.numbers(word))

    def more_given(self, at: int) -> int:
        """Walk on over further given names of the same person ("Ахмат-Хаджи")."""
        while self.reading.gap(at - 1) in ("-", " ") and self.is_given(self.reading.word(at - 1)):
            at -= 1
        return at

    def somebody_else(self, at: int) -> bool:
        """Whether word `at` is a known given name that is not the person's, written as a name."""
        word = self.reading.word(at)
        numbers = self.numbers(word)
        if (
            not numbers
            or not self.person.given
            or word in _ALSO_WORDS
            or self.is_given(word)
            or self.is_patronymic(word)
        ):
            return False
        if not self.reading.capital(at) and self.reading.capital(self.index):
            return False
        return self.agrees(word, all(self.lexicon.given[number].feminine for number in numbers))

    def agrees(self, given: str, feminine: bool) -> bool:
        """Whether given name and surname may be one name: not in "сказала Анна Пригожину", "позвал Иван Пригожина"."""
        if not "а" <= given[0] <= "ї" or _NOMINATIVE.search(self.form):
            return True
        if feminine and not self.person.feminine:
            surname = self.reading.word(self.index)
            return not surname.endswith(_HIS_ALONE) and not (given.endswith(("а", "я")) and "dative" in self.form)
        return given.endswith(("а", "я", "у", "ю", "ом", "ем", "им", "ой", "ей", "е", "і", "и", "ы"))

    def begins_a_name(self, last: int) -> bool:
        """Whether a given name at `last` goes on with a surname of its own."""
        return bool(_SPACE.fullmatch(self.reading.gap(last))) and self.reading.capital(last + 1)

    def initial(self, at: int, gap: str) -> bool:
        word = self.reading.word(at)
        return (
            (len(word) == 1 or word in _DIGRAPHS)
            and word.isalpha()
            and _AFTER_INITIAL.fullmatch(gap) is not None
            and self.reading.capital(at)
        )

    def fits(self, letters: str) -> bool:
        return any(letters in self.lexicon.given[number].initials for number in self.person.given)

    def fits_patronymic(self, letters: str) -> bool:
        numbers = self.person.patronymic
        return not numbers or any(letters in self.lexicon.given[number].initials for number in numbers)
