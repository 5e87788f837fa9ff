"""The search over all stored texts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.models import Channel
from monitor.store.records import StoreError
from monitor.store.store import Store
from tests.store_example import NOW, entry, keep, post

TEXTS = {
    1: "Эвакуация из Шебекино началась в 17:00.",
    2: "Йогурт и майка: новый район",
    3: "Її привезли до Києва, п'ять автобусів",
    4: "De evacuatie van Sjebekino, zei hij.",
    5: "撤离平民的消息",
    6: "يتم إجلاء السكان",
    7: "निकासी शुरू",
    8: "Эвакуировали жителей района Шебекино; район пуст",
    9: "C++ & #Шебекино_эвакуация @user 100% NEAR OR NOT",
}


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with Store.open(None) as opened:
        keep(opened, *(post(number, text) for number, text in TEXTS.items()))
        yield opened


SEARCHES = {
    "шебекино": [9, 8, 1],
    "ШЕБЕКИНО": [9, 8, 1],
    "эвакуация шебекино": [9, 1],
    "эваку*": [9, 8, 1],
    "эвак": [],
    '"района шебекино"': [8],
    '"шебекино района"': [],
    '"района шебекино" пуст': [8],
    "йогурт": [2],
    "иогурт": [],
    "її": [3],
    "іі": [],
    "п'ять": [3],
    "пять": [],
    "evacuatie sjebekino": [4],
    "平民": [5],
    "撤离 消息": [5],
    "平民 evacuatie": [],
    "إجلاء": [6],
    "निकासी": [7],
    "निक": [],
    "निक*": [7],
    "17:00": [1],
    "#шебекино_эвакуация": [9],
    "near or not": [9],
    "evacuatie OR эвакуация": [],
    "NOT evacuatie": [],
    "folded:evacuatie": [],
    "-evacuatie": [4],
    "(evacuatie": [4],
    'evacuatie" sjebekino': [4],
    "^evacuatie": [4],
    "evacuatie + ***": [4],
    "sjebekino\0": [4],
}


@pytest.mark.parametrize("words", SEARCHES)
def test_what_is_found(store: Store, words: str) -> None:
    assert [found.post.id for found in store.search(words)] == SEARCHES[words]


@pytest.mark.parametrize("words", ["", "  ", "***", '""', "+ - & !", '"!!!"*'])
def test_a_search_without_a_word_is_one_sentence(store: Store, words: str) -> None:
    with pytest.raises(StoreError, match="there is no word to search for"):
        store.search(words)


@settings(
    derandomize=True, max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(words=st.text(alphabet=st.sampled_from("aя7 \"*'^():-+{}.,\0\ud800撤\n") | st.characters(), max_size=12))
def test_no_input_is_a_syntax_error(store: Store, words: str) -> None:
    refused = ""
    try:
        store.search(words)
    except StoreError as error:
        refused = str(error)
    assert refused == "" or "there is no word to search for" in refused


def test_spans_are_those_of_the_folded_text(store: Store) -> None:
    (found,) = store.search('район* "района шебекино"')
    folded = found.post.text.lower()
    assert [folded[start:end] for start, end in found.spans] == ["района шебекино", "район"]
    (chinese,) = store.search("平民")
    assert chinese.spans == ((2, 4),)


def test_words_that_an_edit_took_away_are_found_in_their_revision() -> None:
    with Store.open(None) as store:
        keep(store, post(1, "Пленных двое"))
        keep(store, post(1, "Пленных трое"))
        keep(store, post(1, "Никого"))
        found = [
            [(one.revision, one.current, one.post.text) for one in store.search(words)]
            for words in ("двое", "пленных", "никого")
        ]
    assert found == [[(1, False, "Пленных двое")], [(2, False, "Пленных трое")], [(3, True, "Никого")]]


def test_the_newest_come_first_and_only_so_many(store: Store) -> None:
    with Store.open(None) as many:
        keep(many, *(post(number, f"пост {number}") for number in range(1, 80)))
        assert [one.post.id for one in many.search("пост")] == list(range(79, 29, -1))
        assert [one.post.id for one in many.search("пост", limit=2)] == [79, 78]


def test_the_best_come_first_by_rank() -> None:
    with Store.open(None) as store:
        keep(store, post(1, "мост мост мост"), post(2, "мост и много других слов о погоде"), post(3, "река"))
        assert [one.post.id for one in store.search("мост", by_rank=True)] == [1, 2]
        assert [one.post.id for one in store.search("мост", by_rank=True, limit=1)] == [1]
        assert [one.post.id for one in store.search("мост")] == [2, 1]


def test_the_folded_text_is_searched_and_the_published_one_given() -> None:
    with Store.open(None) as store:
        (fresh,) = store.fresh([post(1, "ЁЛКА", Channel(None, "forest"))], NOW)
        store.record([entry(fresh)], NOW)
        assert [one.post.text for one in store.search("елка")] == ["ЁЛКА"]
        assert store.search("ёлка") == []
