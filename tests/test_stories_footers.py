"""Lines that a channel sets over and under its posts."""

from __future__ import annotations

import pytest

from monitor.alerts.footers import Footers, is_frame


def body(footers: Footers, *lines: str, kept: tuple[int, ...] = ()) -> tuple[str, ...]:
    """The lines that a post of channel 1 keeps."""
    first, end = footers.body(1, lines, [at in kept for at in range(len(lines))])
    return lines[first:end]


def taught(*posts: str) -> Footers:
    """Footers of channel 1 after these posts."""
    footers = Footers()
    for post in posts:
        footers.learn(1, post)
    return footers


OWN = ["сводка", "обстрел села", "ранен житель", "вестник границы"]
THREE = [f"сводка\nпервая строка {number}\nвторая строка {number}\nвестник границы" for number in range(3)]


def test_lines_of_three_posts_are_the_channels_own() -> None:
    assert body(taught(*THREE), *OWN) == ("обстрел села", "ранен житель")
    assert body(taught(*THREE[:2]), *OWN) == tuple(OWN)


def test_the_same_post_again_teaches_nothing() -> None:
    assert body(taught(*THREE[:1] * 5), *OWN) == tuple(OWN)


def test_posts_of_one_line_teach_nothing() -> None:
    assert body(taught(*["вестник границы"] * 5), *OWN) == tuple(OWN)


def test_other_channels_learn_nothing_of_it() -> None:
    footers = taught(*THREE)
    assert footers.body(2, OWN, [False] * 4) == (0, 4)


def test_what_is_learnt_goes_again() -> None:
    footers = taught(*THREE, *(f"иная строка {number}\nещё одна {number}" for number in range(30)))
    assert body(footers, *OWN) == tuple(OWN)


def test_a_post_of_nothing_else_is_kept_whole() -> None:
    assert body(taught(*THREE), "сводка", "вестник границы") == ("сводка", "вестник границы")


def test_a_line_with_a_mention_gives_way_only_to_what_was_learnt() -> None:
    lines = ("взяли пленных", "подписывайтесь: пленные и обмен")
    assert body(Footers(), *lines) == lines[:1]
    assert body(Footers(), *lines, kept=(0, 1)) == lines
    assert body(taught(*THREE), *OWN, kept=(0, 3)) == ("обстрел села", "ранен житель")


@pytest.mark.parametrize(
    ("line", "frame"),
    [
        ("подписывайтесь на наш канал", True),
        ("підписатися на вісті", True),
        ("падпісацца на канал", True),
        ("abonneer je op ons kanaal", True),
        ("subscribe to our channel", True),
        ("folgt uns auf telegram", True),
        ("abonnez-vous a notre chaine", True),
        ("subskrybuj nasz kanal", True),
        ("https://t.me/border_news", True),
        ("больше у нас @border_news", True),
        ("⚡️ срочно!", True),
        ("breaking", True),
        ("есть раненые", False),
        ("жителей вывозят в 17:00, список у @vvgladkov", False),
        (
            "журналист подписал открытое письмо о тех пленных, которых не обменяли ни в мае, ни в июне, ни в июле",
            False,
        ),
    ],
)
def test_lines_that_say_nothing(line: str, frame: bool) -> None:
    assert is_frame(line) is frame
