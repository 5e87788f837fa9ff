"""Copies of a text are one story."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.alerts.stories import StoryIndex, story_key
from monitor.models import StoryChoice

NOON = datetime(2023, 6, 4, 12, tzinfo=UTC)
WORDS = ["взяли", "в", "плен"]


@pytest.mark.parametrize(
    ("words", "rules", "unique", "same"),
    [
        (WORDS, ["prisoners"], "2/9", True),
        (["взяли", "вплен"], ["prisoners"], "1/1", False),
        ([*WORDS, "двоих"], ["prisoners"], "1/1", False),
        (WORDS, ["prisoners", "governor"], "1/1", False),
    ],
)
def test_key_is_of_words_and_rules(words: list[str], rules: list[str], unique: str, same: bool) -> None:
    assert (story_key(words, rules, unique) == story_key(WORDS, ["prisoners"], "1/1")) is same


def test_posts_without_words_are_no_copies_of_each_other() -> None:
    assert story_key([], ["voice"], "1/1") != story_key([], ["voice"], "1/2")


def test_a_copy_in_the_same_batch_names_the_entry_that_opened_the_story() -> None:
    index = StoryIndex()
    assert index.choose(b"k", NOON, 3) == StoryChoice(b"k")
    assert index.choose(b"k", NOON + timedelta(minutes=5), 8) == StoryChoice(b"k", None, 3)


@pytest.mark.parametrize(
    ("later", "story"),
    [(timedelta(hours=24), 11), (timedelta(hours=24, seconds=1), None), (timedelta(hours=-2), 11)],
)
def test_a_stored_story_lasts_a_day(later: timedelta, story: int | None) -> None:
    index = StoryIndex()
    index.learn(b"k", 11, NOON)
    assert index.choose(b"k", NOON + later, 0).story == story


def test_a_batch_that_was_not_stored_is_forgotten() -> None:
    index = StoryIndex()
    index.learn(b"old", 11, NOON)
    index.choose(b"new", NOON, 0)
    index.drop_batch()
    assert index.choose(b"new", NOON, 1) == StoryChoice(b"new")
    assert index.choose(b"old", NOON, 2) == StoryChoice(b"old", 11, None)


def test_old_stories_leave_memory() -> None:
    index = StoryIndex()
    for hour in range(200):
        index.learn(str(hour).encode(), hour, NOON + timedelta(hours=hour))
        index.choose(b"x" + str(hour).encode(), NOON + timedelta(hours=hour), 0)
    assert len(index) <= 2 * 49 + 2
