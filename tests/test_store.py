"""What is fresh, and storing it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.models import Alert, Channel, Due, Forward, Level, Media, Post, StoryChoice
from monitor.store import outbox, states
from monitor.store.records import Cursor, Delivery, Fresh, StoreError
from monitor.store.store import Store
from tests.store_example import CORPS, NOTHING, NOW, SUNDAY, entry, found, keep, places, post, tell


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.open(None) as opened:
        yield opened


def test_a_new_post_is_fresh_and_completed(store: Store) -> None:
    one = post(7)
    assert store.fresh([one], NOW) == [
        Fresh(
            post=replace(one, ids=(7,), url="https://t.me/russvolcorps/7"),
            channel_key=CORPS.id or 0,
            revision=1,
            usual_language=None,
            given=CORPS,
        )
    ]


def test_what_is_stored_is_not_fresh(store: Store) -> None:
    keep(store, post(7), post(8))
    assert places(store.fresh([post(7), post(8), post(9)], NOW)) == [(9, 1, "Пленных двое.")]


PHOTO, VIDEO = Media("photo", size=10), Media("video")
EDITS: dict[str, tuple[dict[str, object], bool]] = {
    "nothing": ({}, False),
    "views": ({"views": 900}, False),
    "the date of the edit alone": ({"edited": SUNDAY + timedelta(hours=2)}, False),
    "other raw bytes": ({"raw": b"{}"}, False),
    "the size of a picture": ({"media": (Media("photo", size=11),)}, False),
    "the name in the forward": ({"forward": Forward("Wagner, renamed")}, False),
    "text": ({"body": "Пленных трое."}, True),
    "an attached text": ({"attached": ("Опрос?",)}, True),
    "a further picture": ({"media": (PHOTO, PHOTO)}, True),
    "a video in place of the picture": ({"media": (VIDEO,)}, True),
}


@pytest.mark.parametrize(("change", "is_edit"), EDITS.values(), ids=EDITS)
def test_what_counts_as_an_edit(store: Store, change: dict[str, object], is_edit: bool) -> None:
    first = post(7, media=(PHOTO,), forward=Forward("Wagner"))
    keep(store, first)
    assert [fresh.revision for fresh in store.fresh([replace(first, **change)], NOW)] == ([2] if is_edit else [])  # type: ignore[arg-type]  # fields by name


def test_revisions_are_numbered_across_batches_and_within_one(store: Store) -> None:
    keep(store, post(7, "a"))
    batch = [post(7, "b"), post(7, "a"), post(7, "b"), post(7, "c"), post(8, "a"), post(8, "a"), post(8, "z")]
    fresh = store.fresh(batch, NOW)
    assert places(fresh) == [(7, 2, "b"), (7, 3, "c"), (8, 1, "a"), (8, 2, "z")]
    recorded = store.record([entry(one) for one in fresh], NOW)
    assert [(row.post, row.revision) for row in recorded] == [(1, 2), (1, 3), (2, 4), (2, 5)]
    assert store.fresh(batch, NOW) == []


def test_an_older_export_after_a_newer_one_adds_nothing(store: Store) -> None:
    keep(store, post(7, "new", edited=SUNDAY + timedelta(hours=1)))
    keep(store, post(7, "old"))
    assert store.fresh([post(7, "old"), post(7, "new")], NOW) == []


def test_the_same_id_in_two_channels_is_two_posts(store: Store) -> None:
    other = Channel(1700000002, "legionoffreedom")
    keep(store, post(7))
    assert places(store.fresh([post(7, channel=other)], NOW)) == [(7, 1, "Пленных двое.")]


ALBUM = post(7, ids=(7, 8, 9), album=55, media=(PHOTO, PHOTO, PHOTO))
PARTS: dict[str, tuple[Post, list[tuple[int, int, str]]]] = {
    "the same album": (ALBUM, []),
    "its first picture alone": (post(7, media=(PHOTO,)), []),
    "a later picture without a caption": (post(8, "", media=(PHOTO,)), []),
    "the album without its first post": (replace(ALBUM, id=8, ids=(8, 9), media=(PHOTO, PHOTO)), [(7, 2, ALBUM.body)]),
    "the album with another caption": (replace(ALBUM, body="Трое."), [(7, 2, "Трое.")]),
    "the post after it": (post(10), [(10, 1, "Пленных двое.")]),
}


@pytest.mark.parametrize(("later", "fresh"), PARTS.values(), ids=PARTS)
def test_albums_are_one_post(store: Store, later: Post, fresh: list[tuple[int, int, str]]) -> None:
    keep(store, ALBUM)
    assert places(store.fresh([later], NOW)) == fresh
    with Store.open(None) as together:
        batch = together.fresh([ALBUM, later], NOW)
        assert places(batch) == [(7, 1, ALBUM.body), *fresh]
        together.record([entry(one) for one in batch], NOW)
        assert together.fresh([ALBUM, later], NOW) == []


def test_an_album_over_single_posts_is_the_first_of_them(store: Store) -> None:
    keep(store, post(7), post(8, ""), post(9, ""))
    assert places(store.fresh([ALBUM], NOW)) == [(7, 2, ALBUM.body)]
    keep(store, ALBUM)
    assert store.fresh([post(7), post(8, ""), post(9, ""), ALBUM], NOW) == []


def test_a_post_is_read_back_as_it_was_stored(store: Store) -> None:
    full = post(
        7,
        attached=("Опрос?", "да"),
        edited=SUNDAY + timedelta(seconds=0.5),
        media=(Media("video", 10, 20, "video/mp4", "a.mp4"),),
        forward=Forward("Wagner", 5, 6, SUNDAY),
        reply_to=3,
        views=900,
        album=55,
        ids=(7, 8),
        url="https://t.me/elsewhere/7",
        source="a.json:12",
    )
    keep(store, full, findings=found())
    (revision,) = store.revisions(1700000001, 7)
    assert (revision.post, revision.findings, revision.language) == (full, found(), "ru")
    assert (revision.number, revision.first_seen) == (1, NOW)


def test_both_revisions_are_kept(store: Store) -> None:
    keep(store, post(7, "one"))
    keep(store, post(7, "two", edited=SUNDAY + timedelta(hours=1)), language="en")
    assert [(one.number, one.post.text, one.language) for one in store.revisions(1700000001, 7)] == [
        (1, "one", "ru"),
        (2, "two", "en"),
    ]


def test_dates_of_other_zones_are_stored_in_utc(store: Store) -> None:
    moscow = datetime.fromisoformat("2023-06-04T12:00:00+03:00")
    keep(store, post(7, date=moscow))
    assert store.revisions(1700000001, 7)[0].post.date.isoformat() == "2023-06-04T09:00:00+00:00"


def test_the_usual_language_is_that_of_most_posts(store: Store) -> None:
    for number, language in enumerate(["uk", "ru", "ru", "ru", "ru", None], 1):
        keep(store, post(number), language=language)
    assert [fresh.usual_language for fresh in store.fresh([post(90)], NOW)] == [None]
    keep(store, post(7, "edited"), language="nl")
    keep(store, post(8))
    assert [fresh.usual_language for fresh in store.fresh([post(90)], NOW)] == ["ru"]


ODD = {"a NUL": ("a\0b", "a\ufffdb"), "a lone surrogate": ("a\ud83db", "a\ufffdb")}


@pytest.mark.parametrize(("odd", "kept"), ODD.values(), ids=ODD)
def test_odd_characters_are_replaced_one_for_one_everywhere(store: Store, odd: str, kept: str) -> None:
    strange = post(
        7,
        odd,
        channel=Channel(None, odd, odd),
        attached=(odd,),
        media=(Media("photo", mime=odd, file_name=odd),),
        forward=Forward(odd),
        source=odd,
    )
    (fresh,) = store.fresh([strange], NOW)
    assert fresh.post == post(
        7,
        kept,
        channel=Channel(None, kept, kept),
        attached=(kept,),
        media=(Media("photo", mime=kept, file_name=kept),),
        forward=Forward(kept),
        source=kept,
        ids=(7,),
    )
    store.record([entry(fresh, folded=odd)], NOW)
    assert store.fresh([strange], NOW) == []
    assert [one.post for one in store.revisions(fresh.channel_key, 7)] == [fresh.post]
    assert store.verify_chain() is None


def test_a_number_of_more_than_64_bits_is_one_sentence(store: Store) -> None:
    (fresh,) = store.fresh([post(7, views=2**70)], NOW)
    with pytest.raises(StoreError, match="more than 64 bits"):
        store.record([entry(fresh)], NOW)
    assert store.summary().posts == 0


def test_nothing_of_a_batch_is_stored_if_one_entry_fails(store: Store) -> None:
    keep(store, post(1))
    before = store.summary()
    fresh = store.fresh([post(7), post(8)], NOW)
    faulty = entry(fresh[1], due=Due(Level.HIGH, True, NOW))
    with pytest.raises(ValueError, match="without a story"):
        store.record([entry(fresh[0]), faulty], NOW, cursors=[Cursor(CORPS, "preview", 8)])
    assert store.summary() == before
    assert store.read(states.cursors, "preview") == {}
    assert [row.revision for row in keep(store, post(7), post(8))] == [2, 3]


def test_copies_join_the_story_that_the_batch_opened(store: Store) -> None:
    other = Channel(1700000002, "legionoffreedom")
    fresh = store.fresh([post(7), post(7, channel=other), post(9, "Трое.")], NOW)
    due = Due(Level.HIGH, True, NOW)
    choices = [StoryChoice(b"a"), StoryChoice(b"a", earlier=0), StoryChoice(b"b")]
    recorded = store.record(
        [
            entry(one, found(), story=choice, due=None if choice.earlier == 0 else due)
            for one, choice in zip(fresh, choices, strict=True)
        ],
        NOW,
    )
    assert [(row.story, row.alert) for row in recorded] == [(1, 1), (1, None), (2, 2)]
    told = [alert for alert in store.due() if isinstance(alert, Alert)]
    assert [[copy.channel for copy in alert.also_in] for alert in told] == [[other], []]


def test_an_alert_keeps_its_random_id_until_it_is_delivered(store: Store) -> None:
    store.write(outbox.open_outbox, "chat", NOW)
    ids = set()
    for number in range(1, 40):
        alert = tell(store, post(number, f"Пленных {number}.")).alert
        due, again = (store.read(outbox.next_alert, "chat", NOW) for _ in range(2))
        assert due is not None
        assert due == again
        assert (due.alert, due.ring) == (alert, True)
        ids.add(due.random_id)
        store.write(outbox.note_sent, "chat", due, NOW, str(number), chief=True)
    assert len(ids) == 39
    assert all(-(2**63) <= one < 2**63 for one in ids)
    assert min(ids) < 0 < max(ids)


def test_what_is_delivered_is_no_longer_due(store: Store) -> None:
    first, second = (tell(store, post(number, f"Пленных {number}.")).alert or 0 for number in (1, 2))
    store.mark_delivered([first], "console", NOW)
    assert [alert.id for alert in store.due()] == [second]
    became = {first: "delivered", second: "due 2023-06-04T09:02:00+00:00"}
    assert store.read(outbox.states, [first, second]) == became
    assert store.read(outbox.deliveries, first) == [Delivery(NOW, "console", "delivered", None)]


def test_each_origin_tells_its_own_alerts(store: Store) -> None:
    live = tell(store, post(1, "Пленных 1."), origin="run").alert
    saved = tell(store, post(2, "Пленных 2."), origin="replay").alert
    assert [[alert.id for alert in store.due(origin=origin)] for origin in ("run", "replay")] == [[live], [saved]]


def test_cursors_move_only_forward_and_only_for_their_source(store: Store) -> None:
    keep(store, post(1))
    for last in (5, 3, 9, 7):
        store.record([], NOW, cursors=[Cursor(CORPS, "preview", last)])
    named = Channel(None, "unheard_of")
    store.record([], NOW, cursors=[Cursor(named, "preview", 4)])
    unnumbered = min(store.read(states.cursors, "preview"))
    assert unnumbered < 0
    assert store.read(states.cursors, "preview") == {CORPS.id: 9, unnumbered: 4}
    assert store.read(states.cursors, "telegram") == {}


def test_a_second_replay_adds_nothing(store: Store) -> None:
    posts = [post(number, f"Пост {number}", channel=Channel(None, f"name_{number % 3}")) for number in range(1, 250)]
    posts += [post(number, f"Пост {number}, правка", channel=Channel(None, f"name_{number % 3}")) for number in (5, 6)]
    for start in range(0, len(posts), 100):
        keep(store, *posts[start : start + 100])
    summary = store.summary()
    assert (summary.channels, summary.posts, summary.revisions) == (3, 249, 251)
    assert store.fresh(posts, datetime.now(UTC)) == []
    assert store.record([], NOW) == []
    assert store.revisions(store.channels()[0].key, 3)[0].findings == NOTHING
