"""Precision and recall on labelled posts, and their intervals."""

from __future__ import annotations

import pytest

from monitor.rules.matcher import Matcher
from monitor.rules.scoring import Counts, Labelled, Mistake, score, total, wilson
from tests.matching import matcher_of

RULES = """
entities:
  prigozhin: {kind: person, gender: m, name: Yevgeny Prigozhin, forms: {ru: Евгений Пригожин}, surname: alone}
  shebekino: {kind: place, name: Shebekino, forms: {ru: Шебекино}}
rules:
  prisoners:
    title: Prisoners
    level: high
    terms: {word: {ru: [пленный], nl: [krijgsgevangene]}}
    when: word
    tests: {hit: [пленный], miss: [поезд]}
"""


@pytest.fixture(scope="module")
def matcher(tmp_path_factory: pytest.TempPathFactory) -> Matcher:
    return matcher_of(tmp_path_factory.mktemp("rules"), RULES)


# Newcombe, Statistics in Medicine 17 (1998), table I, method 3 (score without continuity correction).
INTERVALS = [
    (81, 263, 0.2553, 0.3662),
    (15, 148, 0.0624, 0.1605),
    (0, 20, 0.0000, 0.1611),
    (1, 29, 0.0061, 0.1718),
    (20, 20, 0.8389, 1.0000),
]


@pytest.mark.parametrize(("successes", "trials", "low", "high"), INTERVALS)
def test_intervals(successes: int, trials: int, low: float, high: float) -> None:
    assert wilson(successes, trials) == pytest.approx((low, high), abs=0.00006)


def test_no_trials_say_nothing() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    assert (Counts().precision, Counts().recall) == (None, None)


def labelled(text: str, place: str, language: str = "ru", **given: object) -> Labelled:
    return Labelled(text, place, **{"rules": {}, "entities": None, "language": language, **given})  # type: ignore[arg-type]


def test_score(matcher: Matcher) -> None:
    names = frozenset({"Yevgeny Prigozhin"})
    posts = [
        labelled("Взяли пленных", "f:1", rules={"prisoners": True}, entities=frozenset()),
        labelled("Krijgsgevangenen vrij", "f:2", "nl", rules={"prisoners": True}, entities=None),
        labelled("Сдались в бою", "f:3", rules={"prisoners": True}, entities=frozenset()),
        labelled("Пленные идей", "f:4", rules={"prisoners": False}, entities=frozenset()),
        labelled("Поезд ушёл", "f:5", rules={"prisoners": False}, entities=names),
        labelled("Пленные?", "f:6", rules={"prisoners": False}, entities=frozenset(), unsure=frozenset({"prisoners"})),
        labelled("Пригожин в Шебекине", "f:7", rules={"unknown": True}, entities=names),
        labelled("Пригожин дома", "f:8", entities=frozenset()),
        labelled("Кто-то ещё", "f:9", entities=names, unsure=frozenset({"entities"})),
    ]
    result = score(matcher, posts, names)
    assert {rule: dict(counts) for rule, counts in result.rules.items()} == {
        "prisoners": {"ru": Counts(right=1, missed=1, false=1), "nl": Counts(right=1)}
    }
    assert {name: dict(counts) for name, counts in result.entities.items()} == {
        "Yevgeny Prigozhin": {"ru": Counts(right=1, missed=1, false=1)}
    }
    assert total(result.rules["prisoners"].values()) == Counts(2, 1, 1)
    assert result.mistakes == [
        Mistake("missed", "prisoners", posts[2], ()),
        Mistake("false", "prisoners", posts[3], ((0, 7),)),
        Mistake("missed", "Yevgeny Prigozhin", posts[4], ()),
        Mistake("false", "Yevgeny Prigozhin", posts[7], ((0, 8),)),
    ]
    assert (result.posts, result.unsure) == (9, 2)
