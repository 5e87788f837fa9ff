"""Reading live: which posts are stored, what is asked for and when, over hours of virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.models import Media
from monitor.reading.budget import MINUTE
from monitor.sources.live import Action, Hint, NotPublic, Standing
from monitor.sources.source import AccessLost, ChannelGone, SourceError, Unreachable, Unreadable, Wait
from monitor.store import wishes
from monitor.store.store import Store, StoreError
from tests.live_world import Desk, LiveWorld, VirtualClock

HOUR = 3600.0


def play(story: Callable[[LiveWorld, Desk], Awaitable[None]], **options: object) -> None:
    """Run a story in a world with a store that need not last."""

    async def run() -> None:
        with Store.open(None) as store:
            world = LiveWorld(VirtualClock())
            desk = Desk(world, store, **options)  # type: ignore[arg-type]
            await story(world, desk)
            await desk.close()

    asyncio.run(run())


async def again(world: LiveWorld, desk: Desk, **options: object) -> Desk:
    """Stop the reader and start another one on the same store, as after a restart, perhaps with other options."""
    await desk.close()
    return Desk(world, desk.store, **{**desk.options, **options})  # type: ignore[arg-type]


def test_a_channel_is_read_from_now_on_and_each_post_once() -> None:
    async def story(world: LiveWorld, desk: Desk) -> None:
        news = world.channel("news")
        world.post(news, "old")
        desk.want("@news")
        await desk.read(30)
        for _ in range(250):
            world.post(news)
        await desk.read(120)
        world.post(news)
        await desk.read(120)
        assert desk.stored() == {"news": list(range(2, 253))}
        assert desk.store._rows("SELECT last FROM cursors") == [(252,)]
        assert [one.what for one in world.requests(Action.RESOLVE)] == ["news"]

    play(story)


def test_after_a_restart_nothing_is_resolved_again_and_nothing_is_lost() -> None:
    async def story(world: LiveWorld, desk: Desk) -> None:
        news, other = world.channel("news"), world.channel("other")
        desk.want("@news, other")
        await desk.read(60)
        world.post(news)
        await desk.read(60)
        second = await again(world, desk)
        world.post(news)
        world.post(other)
        second.want("@news, other")
        await second.read(60)
        assert second.stored() == {"news": [1, 2], "other": [1]}
        assert len(world.requests(Action.RESOLVE)) == 2
        await second.close()

    play(story)


def test_no_minute_has_more_requests_than_the_budget_even_across_a_restart() -> None:
    async def story(world: LiveWorld, desk: Desk) -> None:
        names = ", ".join(world.channel(f"channel{number}").name or "" for number in range(30))
        world.heads_batch = 0
        for _ in range(4):
            desk.want(names)
            for number in range(200):
                channel = world.channels[1_000_000 + number % 30]
                world.post(channel)
                world.hinted.put_nowait(Hint(channel.id, world.clock.now()))
            await desk.read(100)
            desk = await again(world, desk, per_minute=20)
        times = [one.at for one in world.sent]
        assert 10 < max(sum(start <= at < start + 60 for at in times) for start in times) <= 20
        assert len(times) > 400 / MINUTE * 20 * 0.5
        await desk.close()

    play(story, per_minute=20)


def test_a_hint_is_followed_at_once() -> None:
    async def story(world: LiveWorld, desk: Desk) -> None:
        channels = [world.channel(f"channel{number}") for number in range(50)]
        world.heads_batch = 0
        desk.want(", ".join(channel.name or "" for channel in channels))
        await desk.read(HOUR)
        waits = []
        for number in range(20):
            await desk.read(30 + number)
            world.post(channels[number])
            world.hinted.put_nowait(Hint(channels[number].id, world.clock.now()))
            began = world.clock.monotonic()
            await desk.read(60, until=lambda number=number: bool(desk.stored().get(f"channel{number}")))  # type: ignore[misc]
            waits.append(world.clock.monotonic() - began)
        # The first one finds the budget spent; then a part of it is kept free.
        assert sorted(waits)[-2] < 1.5

    play(story)


def test_a_flood_wait_pauses_what_it_concerns_and_outlives_a_restart() -> None:
    async def story(world: LiveWorld, desk: Desk) -> None:
        news = world.channel("news")
        world.channel("late")
        desk.want("news")
        await desk.read(60)
        world.fail(Action.RESOLVE, Wait("Telegram asks to wait", 2 * HOUR, Action.RESOLVE))
        desk.want("news, late")
        flooded = world.clock.monotonic()
        await desk.read(HOUR)
        desk = await again(world, desk)
        desk.want("news, late")
        world.post(news)
        await desk.read(0.9 * HOUR)
        assert desk.stored() == {"news": [1]}
        asked = [one.at for one in world.requests(Action.RESOLVE) if one.what == "late"]
        assert len(asked) == 1
        await desk.read(0.3 * HOUR)
        asked = [one.at for one in world.requests(Action.RESOLVE) if one.what == "late"]
        assert asked[1] >= flooded + 2 * HOUR
        await desk.close()

    play(story)


def test_a_flood_wait_for_all_sends_nothing() -> None:
    async def story(world: LiveWorld, desk: Desk) -> None:
        world.channel("news")
        desk.want("news")
        await desk.read(60)
        world.fail(Action.HISTORY, Wait("Telegram asks to wait", 600))
        await desk.read(60, until=lambda: not world.faults[Action.HISTORY])
        before = len(world.sent)
        await desk.read(590)
        assert len(world.sent) == before
        await desk.read(60)
        assert len(world.sent) > before

    play(story)


def test_names_are_looked_up_within_the_day_s_budget() -> None:
    async def story(world: LiveWorld, desk: Desk) -> None:
        names = [world.channel(f"channel{number:03d}").name or "" for number in range(400)]
        desk.want(", ".join(names))
        await desk.read(20 * HOUR)
        assert len(world.requests(Action.RESOLVE)) == 180
        await desk.read(8 * HOUR)
        assert 180 < len(world.requests(Action.RESOLVE)) <= 360

    play(story, per_minute=4)


def test_an_outage_is_tried_again_ever_later_and_then_all_is_read() -> None:
    async def story(world: LiveWorld, desk: Desk) -> None:
        news = world.channel("news")
        desk.want("news")
        await desk.read(60)
        world.always = lambda action, what: Unreachable("the network is down")
        world.fail(None, *[Unreachable("the network is down")] * 1000)
        before = len(world.sent)
        await desk.read(HOUR)
        assert len(world.sent) - before < 20
        assert 900 < len(world.faults[None]) <= 960, "connecting is tried about once a minute"
        world.post(news)
        world.always = lambda action, what: None
        world.faults.clear()
        await desk.read(300)
        assert desk.stored() == {"news": [1]}

    play(story)


def test_one_channel_that_fails_does_not_hold_the_others() -> None:
    async def story(world: LiveWorld, desk: Desk) -> None:
        good, bad = world.channel("good"), world.channel("failing")
        world.heads_batch = 0
        desk.want("good, failing")
        await desk.read(60)
        world.always = lambda action, what: Unreachable("500") if what == "failing" else None
        asked = len(world.sent)
        for _ in range(60):
            world.post(good)
            world.post(bad)
            await desk.read(60)
        assert len(desk.stored()["good"]) >= 59
        assert sum(one.what == "failing" for one in world.sent[asked:]) < 15
        world.always = lambda action, what: None
        await desk.read(HOUR)
        assert desk.stored() == {"good": list(range(1, 61)), "failing": list(range(1, 61))}

    play(story)


def test_lost_access_is_told_once_and_nothing_is_sent_any_more() -> None:
    async def story(world: LiveWorld, desk: Desk) -> None:
        world.channel("news")
        desk.want("news")
        await desk.read(60)
        world.always = lambda action, what: AccessLost("this session was ended from another device")
        world.fail(None, *[AccessLost("this session was ended from another device")] * 5)
        await desk.read(60)
        sent = len(world.sent)
        await desk.read(HOUR)
        assert len(world.sent) == sent
        assert desk.reader.account.fault == "this session was ended from another device"
        desk = await again(world, desk)
        desk.want("news")
        await desk.read(60)
        assert desk.notices() == [("access lost", "high")]
        world.always, world.faults = lambda action, what: None, {}
        desk.reader.reopen()
        await desk.read(60)
        assert len(world.sent) > sent
        await desk.close()

    play(story)


def test_ids_that_a_page_leaves_out_are_asked_for_and_missed_posts_are_fetched() -> None:
    async def story(world: LiveWorld, desk: Desk) -> None:
        news = world.channel("news")
        desk.want("news")
        await desk.read(30)
        for _ in range(6):
            world.post(news)
        world.service(news)
        del news.records[2], news.records[5]
        news.withheld = {4, 7}
        await desk.read(120)
        assert desk.stored() == {"news": [1, 3, 4, 6]}
        assert desk.store._rows(
            "SELECT first, last, asked, gone, service, fetched, closed_at IS NULL FROM gaps ORDER BY first"
        ) == [(2, 2, 1, 1, 0, 0, 0), (4, 5, 2, 1, 0, 1, 0), (7, 7, 1, 0, 1, 0, 0)]

    play(story)


def test_a_post_that_cannot_be_parsed_is_kept_raw_and_the_channel_goes_on() -> None:
    async def story(world: LiveWorld, desk: Desk) -> None:
        news = world.channel("news")
        desk.want("news")
        await desk.read(30)
        for _ in range(3):
            world.post(news)
        news.garbled = {2}
        await desk.read(60)
        world.post(news)
        await desk.read(60)
        assert desk.stored() == {"news": [1, 3, 4]}
        assert desk.store._rows("SELECT telegram_id, reason, raw FROM unparsed") == [
            (2, "unknown constructor", b"raw 2")
        ]

    play(story)


def test_a_post_that_cannot_be_stored_is_kept_raw_and_the_others_are_stored() -> None:
    async def story(world: LiveWorld, desk: Desk) -> None:
        news = world.channel("news")
        desk.want("news")
        await desk.read(30)
        world.post(news)
        world.post(news, media=(Media("photo"),), views=2**70)
        world.post(news)
        await desk.read(60)
        assert desk.stored() == {"news": [1, 3]}
        assert desk.store._rows("SELECT telegram_id, raw FROM unparsed") == [(2, b"{}")]
        assert desk.store._rows("SELECT last FROM cursors") == [(3,)]

    play(story)


def test_a_lone_post_that_cannot_be_stored_is_tried_thrice_told_and_tried_again_by_the_next_process() -> None:
    async def story(world: LiveWorld, desk: Desk) -> None:
        news = world.channel("news")
        desk.want("news")
        await desk.read(30)
        bad = world.post(news, views=2**70)
        failures = 0
        for _ in range(300):
            try:
                await desk.read(5)
            except StoreError:
                failures += 1
        world.post(news)
        await desk.read(60)
        assert (failures, desk.stored(), desk.notices()) == (2, {"news": [2]}, [("kept raw", "medium")])
        news.records[1] = replace(bad, views=7)
        desk = await again(world, desk)
        desk.want("news")
        await desk.read(120)
        assert desk.stored() == {"news": [1, 2]}
        assert desk.store._rows("SELECT * FROM unparsed") == []
        await desk.close()

    play(story)


def test_an_edit_becomes_a_revision_and_a_deletion_is_marked() -> None:
    async def story(world: LiveWorld, desk: Desk) -> None:
        news = world.channel("news")
        desk.want("news")
        await desk.read(30)
        first, second = world.post(news, "пленные"), world.post(news)
        world.post(news)
        await desk.read(120)
        news.records[1] = replace(first, body="Пленных нет", edited=world.clock.now())
        del news.records[second.id]
        await desk.read(15 * 60)
        revisions = desk.store._rows(
            "SELECT p.post_id, r.number, r.body FROM posts p JOIN revisions r ON r.post = p.id WHERE p.post_id = 1"
        )
        assert revisions == [(1, 1, "пленные"), (1, 2, "Пленных нет")]
        assert desk.store._rows("SELECT p.post_id FROM deletions d JOIN posts p ON p.id = d.post") == [(2,)]

    play(story)


@pytest.mark.parametrize("stopped", [0.0, 5 * HOUR, 80 * HOUR])
def test_what_happened_within_the_window_is_noticed_however_long_the_program_was_stopped(stopped: float) -> None:
    async def story(world: LiveWorld, desk: Desk) -> None:
        news = world.channel("news")
        desk.want("news")
        await desk.read(600)
        post, gone = world.post(news), world.post(news)
        await desk.read(40 * HOUR)
        news.records[1] = replace(post, body="edited late", edited=world.clock.now())
        del news.records[gone.id]
        if stopped:
            desk = await again(world, desk)
            world.clock.pass_by(stopped)
            desk.want("news")
        await desk.read(9 * HOUR)
        assert desk.store._rows("SELECT count(*) FROM revisions WHERE body = 'edited late'") == [(1,)]
        assert desk.store._rows("SELECT count(*) FROM deletions") == [(1,)]
        before = len(world.requests(Action.REVISIT))
        await desk.read(24 * HOUR)
        assert len(world.requests(Action.REVISIT)) == before, "what is past the window is left alone"
        if stopped:
            await desk.close()

    play(story, per_minute=1)


def test_old_posts_are_not_looked_through_at_every_start_and_young_ones_read_back_are_watched() -> None:
    async def story(world: LiveWorld, desk: Desk) -> None:
        news = world.channel("news")
        for _ in range(5 * 24):  # five days, an hour between posts
            world.post(news, "пленные")
            world.clock.pass_by(HOUR)
        desk.want("news")
        await desk.read(600)
        post = news.records[100]
        assert post is not None
        desk = await again(world, desk)  # 73 of the 120 were past the window when they were read
        desk.want("news")
        await desk.read(10)
        await desk.close()
        assert desk.store._rows("SELECT open_from FROM states") == [(74,)]
        desk = Desk(world, desk.store, **desk.options)  # type: ignore[arg-type]
        news.records[100] = replace(post, body="edited", edited=world.clock.now())
        desk.want("news")
        await desk.read(48 * HOUR)
        assert desk.store._rows("SELECT count(*) FROM revisions WHERE body = 'edited'") == [(1,)]
        await desk.close()

    play(story, backfill=timedelta(days=7))


def test_posts_that_did_not_come_once_are_not_taken_for_deleted() -> None:
    async def story(world: LiveWorld, desk: Desk) -> None:
        news = world.channel("news")
        desk.want("news")
        await desk.read(30)
        world.post(news)
        await desk.read(60)
        kept = dict(news.records)
        news.records.clear()
        asked = len(world.requests(Action.REVISIT))
        await desk.read(HOUR, until=lambda: len(world.requests(Action.REVISIT)) > asked)
        news.records.update(kept)
        await desk.read(HOUR)
        assert desk.store._rows("SELECT count(*) FROM deletions") == [(0,)]

    play(story)


def test_a_pushed_edit_is_read_at_once() -> None:
    async def story(world: LiveWorld, desk: Desk) -> None:
        news = world.channel("news")
        desk.want("news")
        await desk.read(30)
        post = world.post(news)
        await desk.read(60)
        world.clock.pass_by(100 * HOUR)
        await desk.read(600)
        news.records[1] = replace(post, body="changed", edited=world.clock.now())
        world.hinted.put_nowait(Hint(news.id, world.clock.now(), (1,)))
        await desk.read(10)
        assert desk.store._rows("SELECT body FROM revisions ORDER BY number") == [("Пост 1",), ("changed",)]

    play(story, per_minute=60)


STANDINGS = {
    "private": (Standing.PRIVATE, "private"),
    "deleted": (Standing.DELETED, "deleted"),
    "restricted": (Standing.RESTRICTED, "restricted"),
}


@pytest.mark.parametrize(("standing", "stored"), STANDINGS.values(), ids=STANDINGS)
def test_a_channel_that_is_gone_is_told_once_and_tried_again(standing: Standing, stored: str) -> None:
    async def story(world: LiveWorld, desk: Desk) -> None:
        good, lost = world.channel("good"), world.channel("lost")
        desk.want("good, lost")
        await desk.read(900)
        lost.standing = standing
        await desk.read(HOUR)
        desk = await again(world, desk)
        desk.want("good, lost")
        await desk.read(20 * HOUR)
        world.post(good)
        await desk.read(900)
        assert desk.stored() == {"good": [1]}
        assert desk.notices() == [("gone", "medium")]
        assert desk.store._rows("SELECT standing FROM states ORDER BY channel") == [("open",), (stored,)]
        assert len([one for one in world.requests(Action.LOOK) if one.what == "lost"]) < 12
        lost.standing = Standing.OPEN
        world.post(lost)
        await desk.read(30 * HOUR)
        assert desk.stored() == {"good": [1], "lost": [1]}
        assert desk.notices() == [("gone", "medium"), ("back", "medium")]
        await desk.close()

    play(story, per_minute=1)


def test_a_renamed_channel_is_read_on_and_an_impersonator_is_not() -> None:
    async def story(world: LiveWorld, desk: Desk) -> None:
        news = world.channel("news")
        desk.want("news")
        await desk.read(900)
        news.name = "news_new"
        world.names["news_new"] = news.id
        thief = world.channel("news", id=666)
        world.post(thief, "false news")
        await desk.read(30 * HOUR)
        world.post(news, "true news")
        await desk.read(900)
        assert desk.notices() == [("renamed", "medium"), ("impersonator", "high")]
        assert desk.stored() == {"news_new": [1]}
        desk = await again(world, desk)
        desk.want("news")
        await desk.read(30 * HOUR)
        assert len(desk.notices()) == 2
        assert desk.stored() == {"news_new": [1]}
        await desk.close()

    play(story, per_minute=1)


def test_under_another_account_a_name_that_moved_is_not_read() -> None:
    async def story(world: LiveWorld, desk: Desk) -> None:
        world.channel("news")
        desk.want("news")
        await desk.read(60)
        thief = world.channel("news", id=666)
        desk.store._db.execute("DELETE FROM addresses")
        desk = await again(world, desk)
        world.post(thief)
        desk.want("news")
        await desk.read(HOUR)
        assert desk.stored() == {}
        assert desk.notices() == [("impersonator", "high")]
        await desk.close()

    play(story)


def test_names_that_lead_to_no_channel_are_told_once_and_the_others_are_read() -> None:
    async def story(world: LiveWorld, desk: Desk) -> None:
        news = world.channel("news")
        world.names["somebody"] = NotPublic("@somebody is a person or a bot, not a channel")
        world.names["also_news"] = news.id
        for _ in range(2):
            desk.want("somebody, nobody, news, also_news, 4242424242")
            await desk.read(HOUR)
            desk = await again(world, desk)
        world.post(news)
        desk.want("somebody, nobody, news, also_news, 4242424242")
        await desk.read(60)
        assert desk.stored() == {"news": [1]}
        assert sorted(text for (text,) in desk.store._rows("SELECT text FROM notices")) == [
            "CHANNELS, 1.: @somebody is a person or a bot, not a channel",
            "CHANNELS, 2.: nobody has the name @nobody",
            "CHANNELS, 4.: “also_news” is the same channel as “news”; it is read once",
            "CHANNELS, 5.: the id 4242424242 alone does not lead to a channel that this account has not met;"
            " write its @name",
        ]
        await desk.close()

    play(story)


def test_a_name_that_cannot_be_asked_for_does_not_hold_the_others_and_is_tried_again_the_next_day() -> None:
    async def story(world: LiveWorld, desk: Desk) -> None:
        for name in ("odd_one", "news"):
            world.channel(name)
        world.always = lambda action, what: Unreadable("USERNAME_ODD") if what == "odd_one" else None
        desk.want("odd_one, news")
        for _ in range(20):
            await desk.read(HOUR)
            await desk.reader.tidy()
        assert [one.what for one in world.requests(Action.RESOLVE)] == ["odd_one", "news"]
        world.always = lambda action, what: None
        for _ in range(6):
            await desk.read(HOUR)
            await desk.reader.tidy()
        assert len(desk.reader.desk.targets) == 2
        assert desk.notices() == [("not a channel", "medium")]

    play(story, per_minute=1)


def test_the_past_is_read_back_in_pages_across_a_restart_and_makes_no_alerts() -> None:
    async def story(world: LiveWorld, desk: Desk) -> None:
        news = world.channel("news")
        for _ in range(50):
            world.post(news, "too old")
        world.clock.pass_by(10 * 24 * HOUR)
        for _ in range(450):
            world.post(news, "Двое пленных.")
        world.clock.pass_by(HOUR)
        desk.want("news")
        await desk.read(60, until=lambda: 200 < sum(map(len, desk.stored().values())) < 450)
        assert len(desk.stored()["news"]) < 450
        desk = await again(world, desk, backfill=timedelta(days=7))
        desk.want("news")
        world.post(news, "Ещё трое пленных.")
        await desk.read(120)
        assert desk.stored() == {"news": list(range(51, 502))}
        assert desk.store._rows("SELECT state, count(*) FROM alerts WHERE kind = 'post' GROUP BY state") == [
            ("due", 1),
            ("folded", 1),
        ]
        before = len(world.requests(Action.HISTORY))
        desk = await again(world, desk, backfill=timedelta(days=7))
        desk.want("news")
        await desk.read(10)
        assert len(world.requests(Action.HISTORY)) - before < 5, "it is not read back again"
        await desk.close()

    play(story, backfill=timedelta(days=7))


def test_added_removed_and_joined_channels() -> None:
    async def story(world: LiveWorld, desk: Desk) -> None:
        listed, added = world.channel("listed"), world.channel("added")
        desk.want("listed")
        await desk.read(30)
        now = world.clock.now()
        desk.store.write(wishes.watch, "added", "@added", True, now, "analyst")
        desk.store.write(wishes.watch, "listed", "listed", False, now, "analyst")
        desk.store.write(wishes.join, "added", "@added", True, now, "analyst")
        await desk.read(60)
        world.post(listed)
        world.post(added)
        desk.want("listed")
        await desk.read(60)
        assert desk.stored() == {"added": [1]}
        assert (listed.joined, added.joined) == (False, True)
        wish = next(one for one in desk.store.read(wishes.wishes) if one.name_key == "added")
        assert wish.answer == "joined (1 of 500)"

    play(story)


def _without_heads(action: Action, what: object) -> Exception | None:
    return Unreadable("METHOD_INVALID") if action is Action.HEADS else None


HEADS: dict[str, tuple[Callable[[LiveWorld], None], bool | None]] = {
    "served": (lambda world: None, True),
    "not served": (lambda world: setattr(world, "always", _without_heads), False),
    "no such request": (lambda world: setattr(world, "heads_batch", 0), None),
}


@pytest.mark.parametrize(("prepare", "work"), HEADS.values(), ids=HEADS)
def test_many_channels_are_read_with_head_checks_or_without(
    prepare: Callable[[LiveWorld], None], work: bool | None
) -> None:
    async def story(world: LiveWorld, desk: Desk) -> None:
        channels = [world.channel(f"channel{number:02d}") for number in range(40)]
        prepare(world)
        desk.want(", ".join(channel.name or "" for channel in channels))
        await desk.read(20 * 60)
        before = len(world.sent)
        for channel in channels[::4]:
            world.post(channel)
        await desk.read(150)
        assert desk.stored() == {channel.name: [1] for channel in channels[::4]}
        assert desk.reader.heads_work is work
        assert len(world.sent) - before > 10

    play(story)


def test_after_an_outage_a_small_desk_reads_on_at_once() -> None:
    async def story(world: LiveWorld, desk: Desk) -> None:
        channels = [world.channel(f"channel{number}") for number in range(3)]
        desk.want(", ".join(channel.name or "" for channel in channels))
        await desk.read(120)
        world.always = lambda action, what: Unreachable("the network is down")
        await desk.read(2 * HOUR)
        world.always = lambda action, what: None
        for channel in channels:
            world.post(channel)
        await desk.read(120)
        assert desk.stored() == {channel.name: [1] for channel in channels}

    play(story)


def test_a_channel_that_spoils_head_checks_is_found_and_the_others_keep_them() -> None:
    class Strict(LiveWorld):
        async def heads(self, addresses):  # type: ignore[no-untyped-def]
            found = await super().heads(addresses)
            if any(self.channels[one.channel.id].standing is not Standing.OPEN for one in addresses):
                raise ChannelGone("one of them cannot be read")
            return found

    async def run() -> None:
        with Store.open(None) as store:
            world = Strict(VirtualClock())
            desk = Desk(world, store)
            channels = [world.channel(f"channel{number:02d}") for number in range(40)]
            desk.want(", ".join(channel.name or "" for channel in channels))
            await desk.read(20 * 60)
            channels[7].standing = Standing.PRIVATE
            await desk.read(300)
            assert desk.notices() == [("gone", "medium")]
            before = len(world.requests(Action.HISTORY))
            await desk.read(300)
            assert len(world.requests(Action.HISTORY)) - before < 40
            await desk.close()

    asyncio.run(run())


def test_head_checks_that_do_not_tell_the_truth_are_given_up() -> None:
    class Stale(LiveWorld):
        async def heads(self, addresses):  # type: ignore[no-untyped-def]
            return dict.fromkeys(await super().heads(addresses), 0)

    async def run() -> None:
        with Store.open(None) as store:
            world = Stale(VirtualClock())
            desk = Desk(world, store)
            channels = [world.channel(f"channel{number}") for number in range(10)]
            desk.want(", ".join(channel.name or "" for channel in channels))
            await desk.read(300)
            for channel in channels:
                world.post(channel)
            await desk.read(2 * HOUR)
            assert desk.stored() == {channel.name: [1] for channel in channels}
            assert desk.reader.heads_work is False
            await desk.close()

    asyncio.run(run())


@pytest.mark.parametrize("step", [-HOUR, HOUR, 24 * HOUR, -24 * HOUR])
def test_a_step_of_the_wall_s_clock_neither_stalls_nor_doubles_anything(step: float) -> None:
    async def story(world: LiveWorld, desk: Desk) -> None:
        news = world.channel("news")
        desk.want("news")
        await desk.read(300)
        world.clock.step(step)
        before = len(world.sent)
        world.post(news)
        await desk.read(60)
        assert desk.stored() == {"news": [1]}
        await desk.read(540)
        assert len(world.sent) - before <= 10 * 60
        desk = await again(world, desk)
        world.clock.step(-step)
        desk.want("news")
        world.post(news)
        await desk.read(150)
        assert desk.stored() == {"news": [1, 2]}
        await desk.close()

    play(story)


RANDOM_FAULTS: tuple[SourceError, ...] = (
    Unreachable("reset"),
    Unreadable("strange"),
    Wait("flood", 30, Action.HISTORY),
    Wait("flood", 5, Action.REVISIT),
)


def test_under_random_faults_every_post_is_stored_once() -> None:
    async def story(world: LiveWorld, desk: Desk) -> None:
        channels = [world.channel(f"channel{number}") for number in range(8)]
        desk.want(", ".join(channel.name or "" for channel in channels))
        await desk.read(120)
        draw = desk.reader.desk.draw
        world.always = lambda action, what: draw.choice(RANDOM_FAULTS) if draw.random() < 0.2 else None
        for turn in range(300):
            world.post(channels[turn % 7])
            await desk.read(30)
            if turn % 60 == 59:
                desk = await again(world, desk, per_minute=120)
                desk.want(", ".join(channel.name or "" for channel in channels))
        world.always = lambda action, what: None
        await desk.read(6 * HOUR)
        assert desk.stored() == {one.name: list(range(1, one.last + 1)) for one in channels if one.last}
        assert desk.store._rows("SELECT count(*) FROM revisions") == [(300,)]
        await desk.close()

    play(story, per_minute=120)
