"""What a near-copy adds to a story."""

from __future__ import annotations

import pytest

from monitor.alerts.footers import Footers
from monitor.alerts.near_copies import LONGEST, Said, _unknown, added
from monitor.alerts.spelling import faults, is_misspelt
from monitor.alerts.tellings import Telling, sketch, story_key, telling
from monitor.models import EntityMention, Findings, Level, Match, Mention

FIRST = (
    "Из Шебекинского округа вывезли 15 человек. Губернатор Гладков сообщил, что эвакуация села Муром идёт с утра и что "
    "пленных не обменяли."
)
NOTHING = Findings((), ())


def said(text: str, findings: Findings = NOTHING) -> Telling:
    """What a post of channel 1 says."""
    return telling(text, findings, 1, Footers(), "1/1")


NEWS: dict[str, tuple[str, tuple[str, ...]]] = {
    "the same": (FIRST, ()),
    "capitals": (FIRST.upper(), ()),
    "a cry before it": ("⚡️ СРОЧНО!\n" + FIRST, ()),
    "a call to subscribe": (FIRST + "\n\nПодписаться на «Вести Приграничья»", ()),
    "one in another language": (FIRST + "\n\nSubscribe to Border News", ()),
    "a pointer to a user": (FIRST + "\nБольше у нас @border", ()),
    "misspelt words": (FIRST.replace("Губернатор", "Губернтаор").replace("сообщил", "собщил"), ()),
    "cut in a word": (FIRST[:-12], ()),
    "cut in a number": (FIRST[: FIRST.index("15") + 1], ()),
    "another village": (FIRST.replace("Муром", "Щетиновка"), ("Щетиновка",)),
    "another number": (FIRST.replace("15", "17"), ("17",)),
    "numbers that changed places": (
        "В селе погибших 3, раненых 14.",
        ("14", "3"),
    ),
    "the denial gone": (FIRST.replace("не обменяли", "обменяли"), ("without “не”",)),
    "a denial": (FIRST.replace("вывезли", "не вывезли"), ("не",)),
    "a further village": (FIRST + " Также вывозят жителей Козинки.", ("Также", "Козинки")),
    "many new words": (
        FIRST + " жители говорят что взрывы слышны всю ночь",
        ("жители", "говорят", "взрывы", "слышны", "ночь"),
    ),
    "one new word among many": (FIRST.replace("с утра", "с раннего утра"), ()),
}


@pytest.mark.parametrize("name", NEWS)
def test_what_is_news(name: str) -> None:
    text, news = NEWS[name]
    first = "В селе погибших 14, раненых 3." if name == "numbers that changed places" else FIRST
    assert set(added(said(text), Said.of([said(first)]))) == set(news)


@pytest.mark.parametrize(
    ("words", "news"),
    [
        pytest.param(LONGEST, (), id="a post as long as they come"),
        pytest.param(LONGEST + 1, tuple(f"слвоо{letter}" for letter in "абвгд"), id="a document"),
    ],
)
def test_misspelt_words_are_sought_in_posts_and_not_in_documents(words: int, news: tuple[str, ...]) -> None:
    ends = ["слово" + letter for letter in "абвгд"]
    text = " ".join(["и"] * (words - 5) + ends)
    misspelt = text.replace("слово", "слвоо")
    assert tuple(_unknown(said(misspelt), Said.of([said(text)]))) == news


def test_of_words_in_addresses_nothing_is_said_and_what_follows_is() -> None:
    text = "До https://example.org/слово и после, user@example.org, потом @channel_name конец"
    assert said(text).words == ("до", "и", "после", "потом", "конец")


def test_what_any_text_of_the_story_said_is_no_news() -> None:
    story = Said.of([said(FIRST)]) | Said.of([said(FIRST.replace("15", "17"))])
    assert added(said(FIRST.replace("15", "17")), story) == ()


def _found(text: str, rule: str, *entities: str) -> Findings:
    """A rule that needs no mention, and entities that stand at the place of their ids."""
    mentions = [
        EntityMention(
            one, "place", one.capitalize(), (Mention(text.index(one), text.index(one) + len(one), one, one, ""),)
        )
        for one in entities
    ]
    return Findings((Match(rule, rule.capitalize(), Level.LOW, ()),), tuple(mentions))


@pytest.mark.parametrize(
    ("rule", "entities", "news"),
    [
        ("prisoners", ("муром",), ()),
        ("prisoners", (), ()),
        ("evacuation", ("муром",), ("Evacuation",)),
        ("prisoners", ("муром", "округа"), ("Округа",)),
    ],
)
def test_further_rules_and_entities_are_news(rule: str, entities: tuple[str, ...], news: tuple[str, ...]) -> None:
    text = FIRST.lower()
    story = Said.of([said(text, _found(text, "prisoners", "муром"))])
    assert added(said(text, _found(text, rule, *entities)), story) == news


def test_an_entity_of_a_learnt_footer_is_no_news_and_a_copy_without_it_says_nothing_less() -> None:
    footers = Footers()
    for number in range(3):
        footers.learn(1, f"новость номер {number}\nглавное о белгороде")
    text = FIRST + "\nГлавное о белгороде"
    post = telling(text, _found(text, "prisoners", "белгороде"), 1, footers, "1/1")
    plain = said(FIRST, _found(FIRST, "prisoners"))
    assert (post.entities, added(post, Said.of([plain]))) == (frozenset(), ())
    assert added(said(text, _found(text, "prisoners", "белгороде")), Said.of([post])) == ()


WORDS = ["взяли", "в", "плен"]


@pytest.mark.parametrize(
    ("words", "rules", "same"),
    [
        (WORDS, ["prisoners"], True),
        (["взяли", "вплен"], ["prisoners"], False),
        ([*WORDS, "двоих"], ["prisoners"], False),
        (WORDS, ["prisoners", "governor"], False),
    ],
)
def test_key_is_of_words_and_rules(words: list[str], rules: list[str], same: bool) -> None:
    assert (story_key(words, rules, "2/9") == story_key(WORDS, ["prisoners"], "1/1")) is same


def test_posts_without_words_are_no_copies_of_each_other() -> None:
    assert story_key([], ["voice"], "1/1") != story_key([], ["voice"], "1/2")


def test_a_sketch_is_of_runs_of_three_words() -> None:
    assert sketch([]) == ()
    assert len(sketch(WORDS[:2])) == len(sketch(WORDS)) == 1
    assert len(sketch([str(number) for number in range(12)])) == 10
    assert len(sketch([str(number) for number in range(99)])) == 16
    assert list(sketch([str(number) for number in range(99)])) == sorted(sketch([str(number) for number in range(99)]))


@pytest.mark.parametrize(
    ("word", "other", "misspelt"),
    [
        ("эвакуация", "эвакуацяи", True),
        ("эвакуация", "эвакация", True),
        ("эвакуация", "эвккуацяи", True),
        ("эвакуация", "эвккуацти", False),
        ("село", "село", True),
        ("село", "тело", True),
        ("дом", "том", False),
        ("муром", "козинка", False),
        ("2024", "2023", False),
    ],
)
def test_misspelt_words(word: str, other: str, misspelt: bool) -> None:
    assert is_misspelt(word, [other]) is misspelt


@pytest.mark.parametrize(
    ("one", "other", "most", "count"),
    [
        ("abcd", "abcd", 2, 0),
        ("abcd", "abdc", 2, 1),
        ("abcd", "acd", 2, 1),
        ("abcd", "axcx", 2, 2),
        ("ab", "xyz", 1, 2),
    ],
)
def test_faults(one: str, other: str, most: int, count: int) -> None:
    assert faults(one, other, most) == count
