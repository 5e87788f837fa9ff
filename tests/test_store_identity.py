"""Which channel a post belongs to, under which name, and where its link leads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from monitor.models import Channel
from monitor.store import reach
from monitor.store.identity import link, own_key
from monitor.store.records import NameMoved
from monitor.store.store import Store
from tests.store_example import NOW, SUNDAY, keep, post

GOVERNOR = "vvgladkov"


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.open(None) as opened:
        yield opened


def key(store: Store, channel: Channel) -> int:
    """Under which id a new post of the channel would stand."""
    return store.fresh([post(999, "a post of its own", channel)], NOW)[0].channel_key


def shown(store: Store, channel: Channel, number: int = 999) -> tuple[Channel, str | None]:
    """How a new post of the channel shows it, and its link."""
    one = store.fresh([post(number, "a post of its own", channel)], NOW)[0].post
    return one.channel, one.url


LINKS: dict[str, tuple[Channel, str | None]] = {
    "a user name": (Channel(None, GOVERNOR), "https://t.me/vvgladkov/7"),
    "a user name and an id": (Channel(5, GOVERNOR), "https://t.me/vvgladkov/7"),
    "an id alone": (Channel(5, None), "https://t.me/c/5/7"),
    "an id and a name that is none of Telegram's": (Channel(5, "губернатор"), "https://t.me/c/5/7"),
    "a name that is none of Telegram's": (Channel(None, "губернатор"), None),
    "a name that is too short": (Channel(None, "abc"), None),
    "a name and more": (Channel(None, "vvgladkov/../x"), None),
    "a name with a line feed": (Channel(None, "vvgladkov\n"), None),
    "nothing": (Channel(None, None, "Губернатор"), None),
    "an export named after its channel": (Channel(5, GOVERNOR, guessed=True), "https://t.me/vvgladkov/7"),
    "an export named as exports are": (Channel(5, "result", guessed=True), "https://t.me/c/5/7"),
    "its second page": (Channel(5, "messages2", guessed=True), "https://t.me/c/5/7"),
    "the folder of an export": (Channel(5, "ChatExport_2023", guessed=True), "https://t.me/c/5/7"),
    "a channel that is really called so": (Channel(5, "result"), "https://t.me/result/7"),
    "a file without an id": (Channel(None, GOVERNOR, guessed=True), None),
}


@pytest.mark.parametrize(("channel", "url"), LINKS.values(), ids=LINKS)
def test_links(channel: Channel, url: str | None) -> None:
    assert link(channel, 7) == url


def test_a_link_of_the_source_stays(store: Store) -> None:
    given = post(7, url="https://example.org/7")
    assert store.fresh([given], NOW)[0].post.url == "https://example.org/7"


def test_no_link_is_made_of_a_file_name_that_is_another_channels(store: Store) -> None:
    keep(store, post(1, channel=Channel(6, GOVERNOR)))
    assert shown(store, Channel(5, GOVERNOR, guessed=True)) == (
        Channel(5, GOVERNOR, None, guessed=True),
        "https://t.me/c/5/999",
    )


def test_a_file_name_gives_way_to_a_real_one_before_and_after(store: Store) -> None:
    export, page = Channel(5, "result", guessed=True), Channel(5, GOVERNOR, "Настоящий Гладков")
    keep(store, post(1, channel=export))
    assert shown(store, export) == (Channel(5, "result", None, guessed=True), "https://t.me/c/5/999")
    keep(store, post(2, channel=page))
    known = Channel(5, GOVERNOR, "Настоящий Гладков")
    assert shown(store, export) == (known, "https://t.me/vvgladkov/999")
    assert shown(store, Channel(5, None)) == (known, "https://t.me/vvgladkov/999")
    assert [one.channel for one in store.channels()] == [known]


def test_of_two_real_names_that_of_the_later_post_counts(store: Store) -> None:
    before, after = Channel(5, "gladkov_old", "Old"), Channel(5, GOVERNOR, "New")
    keep(store, post(50, channel=after))
    keep(store, post(10, channel=before))
    assert shown(store, before, 11) == (Channel(5, GOVERNOR, "New"), "https://t.me/vvgladkov/11")
    assert shown(store, before, 60) == (Channel(5, "gladkov_old", "Old"), "https://t.me/gladkov_old/60")
    (stored,) = store.channels()
    assert stored.channel == Channel(5, GOVERNOR, "New")
    assert [(name.name, name.first_seen, name.last_seen) for name in stored.names] == [
        ("gladkov_old", *[SUNDAY + timedelta(minutes=10)] * 2),
        (GOVERNOR, *[SUNDAY + timedelta(minutes=50)] * 2),
    ]


def test_names_are_the_same_in_capitals(store: Store) -> None:
    assert own_key(Channel(None, "VVGladkov")) == own_key(Channel(None, GOVERNOR)) < 0
    keep(store, post(1, channel=Channel(5, "VVGladkov")))
    assert key(store, Channel(None, GOVERNOR)) == 5


def test_channels_without_a_number_have_ids_of_their_own(store: Store) -> None:
    channels = [
        Channel(None, GOVERNOR),
        Channel(None, GOVERNOR, guessed=True),
        Channel(None, "russvolcorps"),
        Channel(None, None, "Новости"),
        Channel(None, None, "Погода"),
        Channel(None, None),
    ]
    keys = [key(store, channel) for channel in channels]
    assert len(set(keys)) == len(keys)
    assert all(-(2**52) <= one < 0 for one in keys)
    keep(store, *(post(1, channel=channel) for channel in channels))
    assert [key(store, channel) for channel in channels] == keys


def test_a_name_alone_belongs_to_the_one_number_that_bears_it(store: Store) -> None:
    keep(store, post(1, channel=Channel(5, GOVERNOR)))
    assert key(store, Channel(None, GOVERNOR)) == 5
    assert store.fresh([post(1, channel=Channel(None, GOVERNOR))], NOW) == []
    assert key(store, Channel(None, GOVERNOR, guessed=True)) < 0


def test_a_name_alone_and_its_number_in_one_batch_are_one_channel(store: Store) -> None:
    fresh = store.fresh([post(1, channel=Channel(None, GOVERNOR)), post(1, channel=Channel(5, GOVERNOR))], NOW)
    assert [(one.channel_key, one.post.channel.id) for one in fresh] == [(5, 5)]


def test_a_channel_known_by_name_alone_gains_its_number(store: Store) -> None:
    named, numbered = Channel(None, GOVERNOR), Channel(5, GOVERNOR)
    keep(store, post(1, channel=named))
    own = key(store, named)
    (fresh,) = store.fresh([post(1, channel=numbered), post(2, channel=numbered)], NOW)
    assert (fresh.post.id, fresh.channel_key, fresh.post.channel) == (2, own, numbered)
    assert [row.notice for row in keep(store, post(2, channel=numbered))] == [None]
    assert [key(store, channel) for channel in (named, numbered, Channel(5, None))] == [own] * 3
    assert [(one.key, one.channel, one.posts) for one in store.channels()] == [(own, numbered, 2)]
    assert store.verify_chain() is None


KEPT_APART: dict[str, tuple[Channel, Channel]] = {
    "the name was a file's": (Channel(None, GOVERNOR, guessed=True), Channel(5, GOVERNOR)),
    "the number's name is a file's": (Channel(None, GOVERNOR), Channel(5, GOVERNOR, guessed=True)),
    "the number has no name": (Channel(None, GOVERNOR), Channel(5, None)),
    "another name": (Channel(None, GOVERNOR), Channel(5, "vvgladkov_news")),
}


@pytest.mark.parametrize(("named", "numbered"), KEPT_APART.values(), ids=KEPT_APART)
def test_otherwise_a_name_and_a_number_stay_apart(store: Store, named: Channel, numbered: Channel) -> None:
    keep(store, post(1, channel=named))
    keep(store, post(1, channel=numbered))
    assert (key(store, named), key(store, numbered)) == (own_key(named), 5)


def test_a_second_number_does_not_take_the_place_of_the_first(store: Store) -> None:
    for channel in (Channel(None, GOVERNOR), Channel(5, GOVERNOR), Channel(6, GOVERNOR)):
        keep(store, post(1, "a", channel), post(2, "b", channel))
    assert key(store, Channel(5, None)) == own_key(Channel(None, GOVERNOR))
    assert key(store, Channel(6, None)) == 6


def test_of_two_numbers_that_come_together_neither_takes_the_place_of_a_name(store: Store) -> None:
    keep(store, post(1, channel=Channel(None, GOVERNOR)))
    rows = keep(store, post(2, channel=Channel(5, GOVERNOR)), post(2, channel=Channel(6, GOVERNOR)))
    assert [row.notice for row in rows] == [None, NameMoved(GOVERNOR, channel=6, before=5)]
    assert {one.key: one.posts for one in store.channels()} == {own_key(Channel(None, GOVERNOR)): 1, 5: 1, 6: 1}


def test_a_name_that_leads_to_another_channel_is_told_once_and_never_merged(store: Store) -> None:
    keep(store, post(1, channel=Channel(5, GOVERNOR)))
    moved = Channel(6, GOVERNOR)
    batches = [
        keep(store, post(2, channel=moved), post(3, channel=moved)),
        keep(store, post(4, channel=moved)),
        keep(store, post(5, channel=Channel(5, GOVERNOR))),
    ]
    assert [[row.notice for row in batch] for batch in batches] == [
        [NameMoved(GOVERNOR, channel=6, before=5), None],
        [None],
        [None],
    ]
    assert {one.key: one.posts for one in store.channels()} == {5: 2, 6: 3}


def test_the_name_then_belongs_to_the_later_one(store: Store) -> None:
    keep(store, post(1, channel=Channel(5, GOVERNOR)))
    keep(store, post(2, channel=Channel(6, GOVERNOR)))
    assert shown(store, Channel(5, None)) == (Channel(5, None), "https://t.me/c/5/999")
    assert shown(store, Channel(6, None)) == (Channel(6, GOVERNOR), "https://t.me/vvgladkov/999")
    assert key(store, Channel(None, GOVERNOR)) == own_key(Channel(None, GOVERNOR))


def test_an_older_post_under_the_name_does_not_take_it_away(store: Store) -> None:
    keep(store, post(50, channel=Channel(5, GOVERNOR)))
    keep(store, post(2, channel=Channel(6, GOVERNOR)))
    assert shown(store, Channel(5, None))[0] == Channel(5, GOVERNOR)
    assert shown(store, Channel(6, None))[0] == Channel(6, None)


def test_a_channel_can_be_seen_without_a_post(store: Store) -> None:
    keep(store, post(1, channel=Channel(5, GOVERNOR)))
    store.write(reach.note_account, reach.Account("reader", "telegram", NOW))
    assert store.write(reach.settle, "reader", Channel(5, "gladkov_new"), 77, NOW) == (5, None)
    assert shown(store, Channel(5, None))[0] == Channel(5, "gladkov_new")
    moved = NameMoved(GOVERNOR, channel=6, before=5)
    assert store.write(reach.settle, "reader", Channel(6, GOVERNOR), 78, NOW) == (6, moved)
