"""What a post adds to a story that it nearly repeats. Pure.

Officials publish the same sentence with another village or another number, and that is news: a near-copy is a copy only
where nothing in it is new.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from monitor.alerts.spelling import is_misspelt
from monitor.alerts.tellings import Telling

LONGEST = 2048  # words: a post of Telegram's, of 4,096 characters, has no more
FREE = 20  # of so many words one may be new without being news
_SHORTER = 0.9  # a text of less than this share of the story's words may have been cut off
_NEGATIONS = frozenset(
    word
    for listed in (
        "не ни нет без",
        "ні немає",
        "няма",
        "not no never",
        "niet geen nooit",
        "nicht kein keine",
        "nie bez",
        "ne pas non",
    )
    for word in listed.split()
)


@dataclass(frozen=True, slots=True)
class Said:
    """All that a story has said so far: its texts and the words, pairs of words and facts (numbers, rules, entities)
    in them, and the words of its longest text in number."""

    texts: tuple[tuple[str, ...], ...]
    words: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    facts: frozenset[str]
    longest: int

    @classmethod
    def of(cls, tellings: Iterable[Telling]) -> Said:
        """Join what several posts say."""
        known = list(tellings)
        return cls(
            texts=tuple(one.whole for one in known),
            words=frozenset(word for one in known for word in one.whole),
            pairs=frozenset(pair for one in known for pair in pairwise(one.whole)),
            facts=frozenset(fact for one in known for fact in one.aside),
            longest=max((len(one.whole) for one in known), default=0),
        )

    def __or__(self, other: Said) -> Said:
        """Join what two stories, or two texts of one, say."""
        return Said(
            self.texts + other.texts,
            self.words | other.words,
            self.pairs | other.pairs,
            self.facts | other.facts,
            max(self.longest, other.longest),
        )


def added(post: Telling, story: Said) -> tuple[str, ...]:
    """Return what a post says beyond its story, in words for the analyst; nothing, where it is a copy.

    Further rules, entities and numbers are news; so are names that no rule knows, a number or name in another place, a
    denial that came or went, and more new words than one in twenty. Misspelt words are none, nor is a last word that
    was cut off. In texts of more than LONGEST words, which are no posts but documents, every unknown word is
    new: to seek what each may be misspelt from would take the product of their lengths.
    """
    cut = post.last if len(post.words) < _SHORTER * story.longest else None
    facts = [*sorted(post.rules), *sorted(post.entities), *sorted(post.numbers)]
    news = [fact for fact in facts if fact not in story.facts and not _cut_from(fact, cut, story.facts)]
    unknown = [word for word in _unknown(post, story) if not _cut_from(word, cut, story.words)]
    telling = [word for word in unknown if word in post.names or word in _NEGATIONS]
    if not telling and len(unknown) > len(post.words) // FREE:
        telling = unknown
    news += [*telling, *_moved(post, story, whole=cut is None), *_denied(post, story)]
    return tuple(dict.fromkeys(post.shown.get(one, one) for one in news))


def _cut_from(word: str, cut: str | None, known: Iterable[str]) -> bool:
    return word == cut and any(other.startswith(word) for other in known)


def _unknown(post: Telling, story: Said) -> Iterator[str]:
    """Give the words that the story does not have, but for misspelt and little ones and those that rules know."""
    known = story.words if max(len(post.words), story.longest) <= LONGEST else frozenset[str]()
    for word in dict.fromkeys(post.words):
        if word in story.words or word in post.found or word.isdigit():
            continue
        if (len(word) > 3 or word in post.names or word in _NEGATIONS) and not is_misspelt(word, known):
            yield word


def _moved(post: Telling, story: Said, *, whole: bool) -> Iterator[str]:
    """Give the numbers and names that the story has too, but not beside the words beside which they stand here.

    The last word of a text that may have been cut off (not `whole`) is passed over.
    """
    for at, word in enumerate(post.words if whole else post.words[:-1]):
        if word not in story.words or not (word in post.names or word.isdigit()):
            continue
        beside = post.words[max(0, at - 1) : at] + post.words[at + 1 : at + 2]
        pairs = {*pairwise(post.words[max(0, at - 1) : at + 2])}
        if beside and story.words.issuperset(beside) and pairs.isdisjoint(story.pairs):
            yield word


def _denied(post: Telling, story: Said) -> Iterator[str]:
    """Give the negations that stand between two words which stand side by side in the other text."""
    here = frozenset(pairwise(post.words))
    denied = [(before, word, after) for before, word, after in _threes(post.words) if word in _NEGATIONS]
    if denied:
        told = {three for text in story.texts for three in _threes(text)}
        yield from (three[1] for three in denied if (three[0], three[2]) in story.pairs and three not in told)
    for text in story.texts:
        for before, word, after in _threes(text):
            if word in _NEGATIONS and (before, after) in here and (before, after) not in story.pairs:
                yield f"without “{word}”"


def _threes(text: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    return zip(text, text[1:], text[2:], strict=False)
