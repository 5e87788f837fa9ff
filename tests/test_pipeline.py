"""The one path of every post, with real rules and a real database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.alerts.policy import Policy
from monitor.models import Alert, AnyAlert, Bundle, Channel, FollowUp, Forward, Kind, Level, Media, Post, Silence
from monitor.pipeline import Outcome, Pipeline, stored_stories
from monitor.rules.matcher import Matcher
from monitor.store import outbox, silences, states, telling
from monitor.store.outbox import DueAlert
from monitor.store.records import Cursor, StoreError
from monitor.store.store import Store
from tests.matching import matcher_of

RULES = """
entities:
  shebekino: {kind: place, name: Shebekino, forms: {ru: Шебекино}}
  belgorod: {kind: place, name: Belgorod, forms: {ru: Белгород}}
rules:
  prisoners:
    title: Prisoners
    level: high
    terms: {captive: {ru: [пленный]}}
    when: captive
    tests: {hit: [Пленных двое], miss: [Тихо]}
  evacuation:
    title: Evacuation
    level: medium
    terms: {act: {ru: [эвакуация]}}
    when: act
    tests: {hit: [Началась эвакуация], miss: [Тихо]}
  shelling:
    title: Shelling
    level: low
    terms: {act: {ru: [обстрел]}}
    when: act
    tests: {hit: [Начался обстрел], miss: [Тихо]}
  voice:
    title: Voice messages
    level: low
    terms: {act: {ru: [голосовой]}}
    when: act or has(voice)
    tests: {hit: [Голосовое сообщение], miss: [Тихо]}
"""
NOON = datetime(2023, 6, 4, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
FIRST = "Из Шебекина вывезли 15 пленных, об этом сообщил утром глава округа, обмен продолжается до вечера."
CORPS = Channel(1700000001, "russvolcorps", "РДК")
LEGION = Channel(1700000002, "legionoffreedom", "Легион")
NEWS = Channel(1700000003, "border_news", "Вести")


@pytest.fixture(scope="module")
def matcher(tmp_path_factory: pytest.TempPathFactory) -> Matcher:
    return matcher_of(tmp_path_factory.mktemp("rules"), RULES)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "monitor.db") as opened:
        yield opened


@dataclass
class Desk:
    """A pipeline of the daemon, and what it would tell."""

    matcher: Matcher
    store: Store
    policy: Policy = field(default_factory=Policy)

    def __post_init__(self) -> None:
        self.store.write(outbox.open_outbox, "chat", NOON)
        self.restart()

    def restart(self) -> None:
        """Begin with what the store knows, as after a stop."""
        self.pipeline = Pipeline(self.matcher, self.store, stored_stories(self.store), self.policy, origin="run")

    def read(self, *posts: Post, now: datetime | None = None, **more: Any) -> list[Outcome]:
        """Take posts in, by default in the minute in which the last was published."""
        return self.pipeline.ingest(posts, now or max(one.as_of for one in posts), **more)

    def due(self) -> list[AnyAlert]:
        """All that is due, whenever."""
        return list(self.store.due())

    def next(self, now: datetime) -> DueAlert | None:
        """What the chat is to be sent first by now."""
        return self.store.read(outbox.next_alert, "chat", now)

    def next_edit(self, now: datetime) -> DueAlert | None:
        """What in the chat is to be brought up to date first by now."""
        return self.store.read(outbox.next_edit, "chat", now)

    def next_at(self, now: datetime) -> datetime | None:
        """When the chat is due something that it is not due now."""
        return self.store.read(outbox.next_at, "chat", now, edits=True)

    def note_sent(self, due: DueAlert, now: datetime) -> None:
        """Note that the chat shows an alert, or shows it as it was when it was due."""
        self.store.write(outbox.note_sent, "chat", due, now, str(due.alert), chief=True)

    def send(self, now: datetime) -> dict[int, bool]:
        """Send all that is due by now; return which alerts, in this order, and whether they rang."""
        sent = {}
        while (due := self.next(now)) is not None:
            self.note_sent(due, now)
            sent[due.alert] = due.ring
        return sent

    def told(self) -> list[tuple[Any, ...]]:
        """All that is due in short."""
        return [short(alert) for alert in self.due()]


@pytest.fixture
def desk(matcher: Matcher, store: Store) -> Desk:
    return Desk(matcher, store)


def post(number: int, text: str = FIRST, channel: Channel = CORPS, **more: Any) -> Post:
    """A post so many minutes after noon."""
    if "date" not in more:
        more["date"] = NOON + number * MINUTE
    return Post(channel, number, body=text, raw=f'{{"id": {number}}}'.encode(), **more)


def edit(number: int, text: str, channel: Channel = CORPS, later: int = 30) -> Post:
    """The same post, edited so many minutes later."""
    return post(number, text, channel, edited=NOON + (number + later) * MINUTE)


def short(alert: AnyAlert) -> tuple[Any, ...]:
    """An alert in short: of a post its level, channel and id; of a reply to which alert; of a bundle its members."""
    match alert:
        case Alert():
            return (alert.level.value, alert.post.channel.name, alert.post.id, alert.news)
        case FollowUp():
            return (alert.kind.value, alert.level.value, alert.after.id, "to", alert.alert.id)
        case Bundle():
            return (alert.kind.value, alert.level.value, alert.total, *(one.post.id for one in alert.members))


def test_a_story_is_told_once_and_its_copies_become_an_edit(desk: Desk, store: Store) -> None:
    desk.read(post(0), post(1, "СРОЧНО! " + FIRST.upper(), LEGION))
    assert desk.send(NOON + MINUTE) == {1: True}
    assert desk.next_edit(NOON + HOUR) is None
    outcomes = desk.read(post(3, FIRST.replace("утром", "уторм"), NEWS), now=NOON + 3 * MINUTE)
    assert [outcome.copy for outcome in outcomes] == [True]
    desk.read(post(4, FIRST, NEWS, forward=Forward("РДК", 1700000001, 0)), now=NOON + 4 * MINUTE)
    assert desk.next_edit(NOON + 4 * MINUTE - timedelta(seconds=1)) is None
    due = desk.next_edit(NOON + 4 * MINUTE)
    assert due is not None
    assert (due.alert, due.sent) == (1, "1")
    alert = store.alert(1)
    assert isinstance(alert, Alert)
    assert [(one.channel.name, one.post_id, one.forwarded) for one in alert.also_in] == [
        ("legionoffreedom", 1, False),
        ("border_news", 3, False),
        ("border_news", 4, True),
    ]
    assert desk.due() == []


def test_a_copy_that_comes_while_the_alert_is_sent_is_not_lost(desk: Desk) -> None:
    desk.read(post(0))
    due = desk.next(NOON)
    assert due is not None
    desk.read(post(1, channel=LEGION))
    desk.note_sent(due, NOON + MINUTE)
    assert (desk.next_edit(NOON + MINUTE), desk.next_at(NOON + MINUTE)) == (None, NOON + 2 * MINUTE)
    update = desk.next_edit(NOON + 2 * MINUTE)
    assert update is not None
    assert (update.alert, update.sent) == (1, "1")
    desk.read(post(2, channel=NEWS))
    desk.note_sent(update, NOON + 2 * MINUTE)
    last = desk.next_edit(NOON + 3 * MINUTE)
    assert last is not None
    desk.note_sent(last, NOON + 3 * MINUTE)
    assert (desk.next_edit(NOON + HOUR), desk.next_at(NOON)) == (None, None)


def test_an_edit_of_a_copy_is_no_further_copy(desk: Desk) -> None:
    desk.read(post(0), post(1, channel=LEGION))
    assert desk.send(NOON + MINUTE) == {1: True}
    desk.read(edit(1, FIRST + " ‼️", LEGION))
    assert (desk.due(), desk.next_edit(NOON + HOUR), desk.next_at(NOON)) == ([], None, None)
    desk.read(edit(1, FIRST.replace("15", "17"), LEGION, later=40))
    assert desk.told() == [("high", "legionoffreedom", 1, ("17",))]


NEWS_IN_A_COPY: dict[str, tuple[str, tuple[str, ...]]] = {
    "another number": (FIRST.replace("15", "17"), ("17",)),
    "another place": (FIRST.replace("Шебекина", "Белгорода"), ("Belgorod",)),
    "a place of no rule": (FIRST.replace("округа", "Щетиновки"), ("Щетиновки",)),
    "another rule": (FIRST + " Начался обстрел.", ("Shelling", "Начался")),
}


@pytest.mark.parametrize("restarted", [False, True])
@pytest.mark.parametrize("name", NEWS_IN_A_COPY)
def test_a_near_copy_with_news_is_told_and_names_the_story(desk: Desk, name: str, restarted: bool) -> None:
    text, news = NEWS_IN_A_COPY[name]
    desk.read(post(0))
    if restarted:
        desk.restart()
    desk.read(post(5, text, LEGION), post(6, text + "!", NEWS))
    first, second = desk.due()
    assert isinstance(second, Alert)
    assert (first.id, second.of_story, second.news, len(second.also_in)) == (1, 1, news, 1)


def test_stories_outlive_a_restart(desk: Desk) -> None:
    desk.read(post(0))
    desk.restart()
    desk.read(post(5, "СРОЧНО! " + FIRST, LEGION), post(6, FIRST, NEWS))
    assert desk.told() == [("high", "russvolcorps", 0, ())]


def test_a_channel_s_footer_is_learnt_also_from_what_is_stored(desk: Desk) -> None:
    footer = "\nНовости Белгорода в картинках"
    desk.read(*(post(number, f"Тихо на участке {number}." + footer, NEWS) for number in range(1, 5)))
    desk.restart()
    desk.read(post(10), post(11, FIRST + footer, NEWS))
    assert desk.told() == [("high", "russvolcorps", 10, ())]


def test_a_short_forward_of_a_stored_post_is_a_copy(desk: Desk) -> None:
    desk.read(post(7))
    desk.read(post(9, "Вывезли 15 пленных", LEGION, forward=Forward("РДК", 1700000001, 7)))
    desk.read(post(10, "Вывезли 15 пленных", NEWS))
    assert desk.told() == [("high", "russvolcorps", 7, ()), ("high", "border_news", 10, ())]


EDITS: dict[str, tuple[str, list[tuple[Any, ...]]]] = {
    "a mark": (FIRST + " ‼️", []),
    "a word that tells nothing": (FIRST.replace("утром", "днём"), []),
    "a number": (FIRST.replace("15", "16"), [("edit", "high", 0, "to", 1)]),
    "a mention": (FIRST.replace("пленных", "раненых"), [("edit", "high", 0, "to", 1)]),
    "more than a fifth": (
        FIRST + " Подробности позже, ждите наших сообщений отсюда",
        [("edit", "high", 0, "to", 1)],
    ),
    "another rule": (FIRST + " Начался обстрел.", [("raise", "high", 0, "to", 1)]),
}


@pytest.mark.parametrize("batches", [1, 2])
@pytest.mark.parametrize("name", EDITS)
def test_an_edit_is_a_reply_where_it_matters(desk: Desk, name: str, batches: int) -> None:
    text, replies = EDITS[name]
    if batches == 1:
        desk.read(post(0), edit(0, text))
    else:
        desk.read(post(0))
        desk.read(edit(0, text))
    assert desk.told() == [("high", "russvolcorps", 0, ()), *replies]


@pytest.mark.parametrize("restarted", [False, True])
def test_what_an_edit_brought_is_no_news_in_a_copy(desk: Desk, restarted: bool) -> None:
    desk.read(post(0, "Срочно: обмен пленных, подробности позже."))
    desk.read(edit(0, FIRST))
    if restarted:
        desk.restart()
    desk.read(post(40, FIRST, LEGION), post(41, FIRST.replace("вечера", "вечреа"), NEWS))
    assert desk.told() == [("high", "russvolcorps", 0, ()), ("edit", "high", 0, "to", 1)]


def test_a_raise_is_as_loud_as_what_is_found_and_is_told_once(desk: Desk) -> None:
    quiet = "В округе с утра идёт эвакуация жителей нескольких сёл, сообщил глава."
    desk.read(post(0, quiet))
    desk.read(edit(0, quiet + " Есть пленные."))
    desk.read(edit(0, quiet + " Есть пленные. Ждём.", later=40))
    assert desk.told() == [("medium", "russvolcorps", 0, ()), ("raise", "high", 0, "to", 1)]
    assert desk.send(NOON + HOUR) == {1: False, 2: True}


def test_an_edit_on_which_a_rule_fires_first_is_an_alert(desk: Desk) -> None:
    desk.read(post(0, "Тихо."))
    desk.read(edit(0, FIRST))
    (alert,) = desk.due()
    assert isinstance(alert, Alert)
    assert (alert.kind, alert.revision) == (Kind.POST, 2)


def test_a_deletion_is_a_reply_once(desk: Desk, store: Store) -> None:
    desk.read(post(0), post(1, "Тихо."))
    assert desk.pipeline.delete(1700000001, [0, 1, 99], NOON + HOUR) == 2
    assert desk.pipeline.delete(1700000001, [0, 1], NOON + 2 * HOUR) == 0
    first, second = desk.due()
    assert short(second) == ("deletion", "high", 0, "to", 1)
    assert isinstance(second, FollowUp)
    assert (second.noticed, second.after.text) == (NOON + HOUR, FIRST)
    assert isinstance(first, Alert)
    assert first.deleted == NOON + HOUR


RUNNING = Policy(low_every=10 * MINUTE, per_hour=4, oldest=6 * HOUR)


def shelling(number: int, **more: Any) -> Post:
    """A post that makes a low alert, like no other."""
    return post(number, f"Обстрел {'абвгдежзик'[number % 10] * 5} {number}", **more)


def captives(number: int, **more: Any) -> Post:
    """A post that makes a high alert, like no other."""
    return post(number, f"Пленных {number}: {'абвгдежзик'[number % 10] * 5}", **more)


def test_low_alerts_are_one_bundle_until_it_is_due(desk: Desk) -> None:
    desk.policy = RUNNING
    desk.restart()
    desk.read(shelling(0), shelling(1))
    desk.restart()
    desk.read(shelling(9))
    assert (desk.next(NOON + 10 * MINUTE), desk.next_at(NOON + 10 * MINUTE)) == (None, NOON + 11 * MINUTE)
    desk.read(shelling(12))
    assert desk.told() == [("bundle", "low", 3, 0, 1, 9), ("bundle", "low", 1, 12)]
    assert desk.send(NOON + 12 * MINUTE) == {1: False}


def test_a_bundle_that_was_sent_takes_no_more(desk: Desk) -> None:
    desk.policy = RUNNING
    desk.restart()
    desk.read(shelling(0))
    assert desk.send(NOON + 10 * MINUTE) == {1: False}
    desk.read(shelling(1))
    assert desk.told() == [("bundle", "low", 1, 1)]


@pytest.mark.parametrize("restarted", [False, True])
def test_beyond_the_cap_there_is_one_summary(desk: Desk, store: Store, restarted: bool) -> None:
    desk.policy = RUNNING
    desk.restart()
    for start in range(0, 60, 3):
        desk.read(*(captives(number, date=NOON) for number in range(start, start + 3)), now=NOON + MINUTE)
        if restarted:
            desk.restart()
    alone, (summary,) = desk.told()[:4], desk.told()[4:]
    assert [one[2] for one in alone] == [0, 1, 2, 3]
    assert summary[:3] == ("summary", "high", 56)
    assert desk.send(NOON + 2 * MINUTE) == dict.fromkeys(range(1, 6), True)
    desk.read(captives(77, date=NOON), now=NOON + 5 * MINUTE)
    assert desk.next_edit(NOON + 15 * MINUTE - timedelta(seconds=1)) is None
    due, summarised = desk.next_edit(NOON + 15 * MINUTE), store.alert(5)
    assert due is not None
    assert summarised is not None
    assert (due.alert, due.sent, short(summarised)[:3]) == (5, "5", ("summary", "high", 57))
    desk.read(captives(78, date=NOON + 61 * MINUTE))
    assert desk.told()[-1][:3] == ("high", "russvolcorps", 78)


def test_old_posts_are_one_summary_that_does_not_ring(desk: Desk) -> None:
    desk.policy = RUNNING
    desk.restart()
    now = NOON + 7 * HOUR
    desk.read(captives(0), shelling(1), now=now)
    desk.read(captives(2, date=now), backfill=True)
    assert desk.told() == [("backlog", "high", 3, 0, 2, 1)]
    due = desk.next(now + HOUR)
    assert due is not None
    assert (due.alert, due.ring) == (1, False)
    desk.read(post(3, "Пленных 2: ввввв", LEGION, date=now))
    assert desk.told() == [("backlog", "high", 3, 0, 2, 1)]


def test_a_folded_alert_whose_post_is_edited_is_told_where_a_further_rule_fires(desk: Desk) -> None:
    desk.policy = RUNNING
    desk.restart()
    desk.read(shelling(0))
    desk.read(edit(0, "Обстрел ааааа 0 и ещё 7", later=1))
    desk.read(edit(0, "Обстрел ааааа 0 и ещё 7, есть пленные", later=2))
    assert desk.told() == [("high", "russvolcorps", 0, ("Prisoners", "есть")), ("bundle", "low", 1, 0)]


@pytest.mark.parametrize("restarted", [False, True])
def test_what_is_silenced_is_kept_and_told_only_by_others(desk: Desk, store: Store, restarted: bool) -> None:
    (key,) = {store.fresh([post(99)], NOON)[0].channel_key}
    desk.read(post(99, "Тихо."))
    muted = store.write(silences.add_silence, Silence(NOON - HOUR, NOON + HOUR, channel=key, by="7"))
    desk.read(post(0), post(1, FIRST + "!"))
    assert desk.told() == []
    assert [(alert.id, getattr(alert, "silenced", None)) for alert in store.alerts()] == [(1, True)]
    if restarted:
        desk.restart()
    desk.read(post(5, channel=LEGION))
    assert desk.told() == [("high", "legionoffreedom", 5, ())]
    assert store.write(silences.end_silence, muted, NOON + 6 * MINUTE, "7")
    assert not store.write(silences.end_silence, muted, NOON + 7 * MINUTE, "7")
    desk.read(captives(7))
    assert desk.told()[-1][:3] == ("high", "russvolcorps", 7)


def test_a_silence_without_condition_or_length_is_refused(store: Store) -> None:
    for wrong, said in (
        (Silence(NOON, NOON + HOUR), "mute everything"),
        (Silence(NOON, NOON, rule="prisoners"), "ends after it begins"),
    ):
        with pytest.raises(ValueError, match=said):
            store.write(silences.add_silence, wrong)
    assert store.read(silences.silences, NOON) == []


def test_one_transaction_holds_posts_alerts_and_cursors(desk: Desk, store: Store) -> None:
    cursor = Cursor(CORPS, "telegram", 5)
    with pytest.raises(StoreError):
        desk.read(post(0), post(1, views=2**70), now=NOON, cursors=[cursor])
    assert (store.summary().posts, store.read(states.cursors, "telegram"), desk.told()) == (0, {}, [])
    desk.read(post(0), now=NOON, cursors=[cursor])
    assert (store.summary().posts, store.read(states.cursors, "telegram"), len(desk.told())) == (1, {CORPS.id: 5}, 1)


def test_posts_without_words_are_told_each(desk: Desk) -> None:
    voice = (Media("voice"),)
    desk.read(post(1, "", media=voice), post(2, "", media=voice), post(3, "", LEGION, media=voice))
    assert [one[1:3] for one in desk.told()] == [("russvolcorps", 1), ("russvolcorps", 2), ("legionoffreedom", 3)]


def test_levels_of_channels_and_rules(desk: Desk) -> None:
    desk.policy = replace(RUNNING, channel_levels={"border_news": Level.HIGH}, rule_levels={"prisoners": Level.MEDIUM})
    desk.restart()
    desk.read(captives(1), shelling(2, channel=NEWS))
    assert [one[:3] for one in desk.told()] == [("medium", "russvolcorps", 1), ("high", "border_news", 2)]


@pytest.mark.parametrize("again", [lambda desk: None, Desk.restart], ids=["the same process", "after a restart"])
def test_a_post_that_is_read_again_tells_nothing(desk: Desk, again: Callable[[Desk], None]) -> None:
    desk.read(post(0), shelling(1))
    told = desk.told()
    again(desk)
    assert desk.read(post(0), shelling(1)) == []
    assert desk.told() == told


def test_texts_of_stories_keep_their_sketches(desk: Desk, store: Store) -> None:
    desk.read(post(0))
    (text,) = store.read(telling.story_texts, NOON)
    assert (text.story, len(text.sketch), text.told, text.at) == (1, 13, Level.HIGH, NOON)
    assert list(text.sketch) == sorted(text.sketch)
