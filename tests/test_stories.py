"""Copies of a text are one story."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.alerts.footers import Footers
from monitor.alerts.near_copies import Said
from monitor.alerts.stories import COMMON, StoryIndex
from monitor.alerts.tellings import Telling, telling
from monitor.models import Findings, Level, StoryChoice

NOON = datetime(2023, 6, 4, 12, tzinfo=UTC)
FIRST = "Из Шебекинского округа вывезли 15 человек, эвакуация села Муром идёт с самого утра без перерыва."
COPY = "СРОЧНО! " + FIRST
OTHER_VILLAGE = FIRST.replace("Муром", "Середа")


def post(text: str, channel: int = 1) -> Telling:
    """What a post says on which no rule fired."""
    return telling(text, Findings((), ()), channel, Footers(), f"{channel}/{text}")


def nothing_stored(story: int) -> Said:
    """What stored stories say, where none may be asked for."""
    raise AssertionError(f"story {story} was looked up")


def place(choice: StoryChoice) -> tuple[int | None, int | None, int | None, int | None, tuple[str, ...]]:
    """Where a post belongs, to what it is near, and what is new in it."""
    return choice.story, choice.earlier, choice.near, choice.near_earlier, choice.news


NEW = (None, None, None, None, ())


def test_a_copy_in_the_same_batch_names_the_entry_that_opened_the_story() -> None:
    index = StoryIndex()
    assert place(index.choose(post(FIRST), NOON, 3, nothing_stored)) == NEW
    assert place(index.choose(post(FIRST), NOON, 8, nothing_stored)) == (None, 3, None, None, ())
    assert place(index.choose(post(COPY + "\nПодробнее: @user"), NOON, 9, nothing_stored)) == (None, 3, None, None, ())


def test_a_near_copy_with_news_is_a_story_of_its_own_near_to_the_first() -> None:
    index = StoryIndex()
    index.choose(post(FIRST), NOON, 0, nothing_stored)
    assert place(index.choose(post(OTHER_VILLAGE), NOON, 1, nothing_stored)) == (None, None, None, 0, ("Середа",))
    assert place(index.choose(post(OTHER_VILLAGE + "!"), NOON, 2, nothing_stored)) == (None, 1, None, None, ())


def stored(*texts: str, told: Level | None = None) -> tuple[StoryIndex, dict[int, Said]]:
    """An index of the stories 11, 12 … with what they said."""
    index = StoryIndex()
    said = {}
    for number, text in enumerate(texts, 11):
        one = post(text)
        index.learn(one.key, number, NOON, one.sketch, told)
        said[number] = Said.of([one])
    return index, said


@pytest.mark.parametrize(
    ("text", "later", "expected"),
    [
        (FIRST, timedelta(hours=24), (11, None, None, None, ())),
        (FIRST, timedelta(hours=-2), (11, None, None, None, ())),
        (FIRST, timedelta(hours=24, seconds=1), NEW),
        (COPY + " Нам пишут", timedelta(hours=24), (None, None, 11, None, ("Нам",))),
        (FIRST.replace("человек", "челвоек"), timedelta(hours=24), (11, None, None, None, ())),
        (FIRST.replace("человек", "челвоек"), timedelta(hours=24, seconds=1), NEW),
        (FIRST.replace("15", "16"), timedelta(), (None, None, 11, None, ("16",))),
        ("Совсем другой текст о погоде и урожае на юге.", timedelta(), NEW),
        ("Эвакуация села", timedelta(), NEW),
    ],
)
def test_a_stored_story_lasts_a_day(text: str, later: timedelta, expected: tuple[object, ...]) -> None:
    index, said = stored(FIRST)
    assert place(index.choose(post(text), NOON + later, 0, said.__getitem__)) == expected


def test_a_story_is_forgotten_with_its_last_text_though_another_story_took_that_over() -> None:
    index, said = stored(FIRST)
    choice = index.choose(post(FIRST), NOON + timedelta(hours=25), 0, said.__getitem__)
    assert place(choice) == NEW
    index.stored({0: 12})
    assert set(index._stories) == {12}
    index.choose(post(OTHER_VILLAGE), NOON + timedelta(hours=60), 1, said.__getitem__)
    assert set(index._stories) == set()


def test_of_several_near_stories_the_one_to_which_nothing_is_new_counts() -> None:
    index, said = stored(FIRST, OTHER_VILLAGE)
    assert index.choose(post(OTHER_VILLAGE.replace("15 человек", "15 челвоек")), NOON, 0, said.__getitem__).story == 12


def test_a_few_words_out_of_a_long_post_are_no_copy_of_it() -> None:
    index, said = stored(FIRST)
    assert place(index.choose(post("Из Шебекинского округа вывезли"), NOON, 0, said.__getitem__)) == NEW


@pytest.mark.parametrize(
    ("text", "later", "expected"),
    [
        ("Вывезли 15 человек.", timedelta(), (11, None, None, None, ())),
        ("Вывезли 16 человек.", timedelta(), (None, None, 11, None, ("16",))),
        ("Вывезли 15 человек.", timedelta(hours=25), NEW),
    ],
)
def test_a_forward_is_compared_with_the_story_of_its_post(
    text: str, later: timedelta, expected: tuple[object, ...]
) -> None:
    index, said = stored(FIRST)
    assert place(index.choose(post(text), NOON + later, 0, said.__getitem__, forward=11)) == expected


def test_the_same_few_words_without_the_forward_are_no_copy() -> None:
    index, said = stored(FIRST)
    assert place(index.choose(post("Вывезли 15 человек."), NOON, 0, said.__getitem__, forward=99)) == NEW


def test_what_many_texts_share_says_nothing() -> None:
    index, said = stored(*(f"{FIRST} {number}" for number in range(3 * COMMON)))
    assert place(index.choose(post(COPY + " Дополняется."), NOON, 0, said.__getitem__)) == NEW


def test_a_batch_that_was_not_stored_is_forgotten() -> None:
    index, said = stored(FIRST, told=Level.LOW)
    new = index.choose(post(OTHER_VILLAGE), NOON, 0, said.__getitem__)
    index.tell(new, 0, Level.HIGH)
    copy = index.choose(post(FIRST), NOON, 1, said.__getitem__)
    index.tell(copy, 1, Level.HIGH)
    index.drop_batch()
    assert index.choose(post(OTHER_VILLAGE), NOON, 1, said.__getitem__).earlier is None
    assert index.choose(post(FIRST), NOON, 2, said.__getitem__).told is Level.LOW


def test_the_store_s_ids_are_taken_over_with_what_was_told() -> None:
    index = StoryIndex()
    choice = index.choose(post(FIRST), NOON, 0, nothing_stored)
    index.tell(choice, 0, Level.MEDIUM)
    index.stored({0: 21})
    copy = index.choose(post(FIRST), NOON, 0, nothing_stored)
    assert (copy.story, copy.told, copy.copies) == (21, Level.MEDIUM, 0)
    assert index.choose(post(FIRST), NOON, 1, nothing_stored).copies == 1


def test_the_loudest_telling_counts() -> None:
    index, said = stored(FIRST, told=Level.HIGH)
    copy = index.choose(post(FIRST), NOON, 0, said.__getitem__)
    index.tell(copy, 0, Level.LOW)
    index.learn(post(COPY).key, 11, NOON, told=Level.MEDIUM)
    assert index.choose(post(FIRST), NOON, 1, said.__getitem__).told is Level.HIGH


def test_an_edit_makes_the_story_known_by_its_new_text_too() -> None:
    index, said = stored("Срочная новость, подробности позже.")
    edited = post(FIRST)
    index.retell(StoryChoice(edited.key, 11, telling=True), edited, NOON)
    index.stored({})
    assert index.choose(post(FIRST), NOON, 0, said.__getitem__).story == 11


def test_old_stories_leave_memory() -> None:
    index = StoryIndex()
    for hour in range(200):
        one = post(f"Час {hour} прошёл спокойно в округе {hour}")
        index.choose(one, NOON + timedelta(hours=hour), 0, lambda story: Said.of([]))
        index.stored({0: hour + 1})
    assert len(index) <= 32
    assert len(index._by_hash) <= 32 * 8
    assert len(index._stories) <= 32
