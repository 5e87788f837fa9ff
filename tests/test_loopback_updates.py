"""What the loopback server says of its own accord, and what it says to clients that have missed it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from telethon import errors, events
from telethon.tl import functions, types

from tests.loopback import faults
from tests.loopback.peers import Channel
from tests.loopback.scene import Scene, run, until


def _fill(scene: Scene, count: int, channel: Channel | None = None) -> Channel:
    channel = channel or scene.news
    for number in range(1, count + 1):
        date = datetime(2023, 6, 1, tzinfo=UTC) + timedelta(hours=number)
        scene.world.post(channel, f"post {number}", date=date)
    return channel


def _record(client: Any) -> list[str]:
    """Note each update that reaches the client's handlers."""
    seen: list[str] = []

    async def new(event: Any) -> None:
        seen.append(f"new {event.raw_text}")

    async def edited(event: Any) -> None:
        seen.append(f"edited {event.raw_text}")

    async def deleted(event: Any) -> None:
        seen.append(f"deleted {event.deleted_ids}")

    client.add_event_handler(new, events.NewMessage())
    client.add_event_handler(edited, events.MessageEdited())
    client.add_event_handler(deleted, events.MessageDeleted())
    return seen


def test_members_hear_of_posts_edits_and_deletions_others_of_nothing() -> None:
    async def story(scene: Scene) -> None:
        member, stranger = await scene.reader_client(), await scene.signed_in(scene.analyst)
        await stranger.get_messages(scene.news.username)
        heard, unheard = _record(member), _record(stranger)
        scene.world.join(scene.news, scene.reader)
        post = scene.world.post(scene.news, "first")
        scene.world.edit(scene.news, post.id, "second")
        scene.world.react(scene.news, post.id, "👍", 3)
        scene.world.delete(scene.news, post.id)
        await until(lambda: len(heard) == 4)
        assert heard == ["new first", "edited second", "edited second", "deleted [1]"]
        assert unheard == []

    run(story)


def test_who_asks_for_the_difference_of_a_public_channel_hears_of_it_for_a_while() -> None:
    async def story(scene: Scene) -> None:
        client = await scene.reader_client()
        heard = _record(client)
        channel = await client.get_input_entity(scene.news.username)
        scene.world.join(scene.news, scene.analyst)
        scene.world.post(scene.news, "before")
        await client(functions.updates.GetChannelDifferenceRequest(channel, types.ChannelMessagesFilterEmpty(), 1, 10))
        scene.world.post(scene.news, "meanwhile")
        await until(lambda: heard == ["new meanwhile"])
        scene.server.watching = dict.fromkeys(scene.server.watching, 0.0)
        scene.world.post(scene.news, "afterwards")
        await client.get_me()
        assert heard == ["new meanwhile"]

    run(story)


def test_a_lost_update_leaves_a_gap_that_the_client_fills() -> None:
    async def story(scene: Scene) -> None:
        scene.world.join(scene.news, scene.reader)
        client = await scene.reader_client()
        heard = _record(client)
        scene.world.post(scene.news, "one")
        scene.server.faults.updates.lose(times=1)
        scene.world.post(scene.news, "two")
        scene.world.post(scene.news, "three")
        await until(lambda: len(heard) == 3)
        assert heard == ["new one", "new two", "new three"]
        assert scene.server.journal.count("updates.getChannelDifference") == 1

    run(story)


def test_updates_are_lost_and_held_back_as_planned() -> None:
    sent: list[int] = []
    updates = faults.Faults(seed=3).updates

    def deliver(*numbers: int) -> list[int]:
        sent.clear()
        for number in numbers:
            updates.deliver(partial(sent.append, number))
        return sent[:]

    updates.lose(times=2)
    assert deliver(1, 2, 3, 4) == [3, 4]
    updates.lose(probability=1.0)
    assert deliver(1, 2) == []
    updates.clear()
    released = {}
    for order in ("kept", "reversed", "shuffled"):
        updates.hold()
        assert deliver(1, 2, 3, 4, 5) == []
        updates.release(order)
        released[order] = sent[:]
    assert (released["kept"], released["reversed"]) == ([1, 2, 3, 4, 5], [5, 4, 3, 2, 1])
    assert sorted(released["shuffled"]) == [1, 2, 3, 4, 5] != released["shuffled"]
    assert deliver(1, 2) == [1, 2]


@pytest.mark.parametrize("order", ["reversed", "shuffled"])
def test_a_client_puts_updates_in_order_that_come_otherwise(order: str) -> None:
    async def story(scene: Scene) -> None:
        scene.world.join(scene.news, scene.reader)
        client = await scene.reader_client()
        heard = _record(client)
        scene.world.post(scene.news, "first")
        await until(lambda: heard)
        scene.server.faults.updates.hold()
        for number in range(5):
            scene.world.post(scene.news, str(number))
        scene.server.faults.updates.release(order)
        await until(lambda: len(heard) == 6)
        assert heard == ["new first", *(f"new {number}" for number in range(5))]

    run(story)


async def _difference(client: Any, channel: Any, pts: int, limit: int = 100) -> Any:
    nothing_left_out = types.ChannelMessagesFilterEmpty()
    return await client(functions.updates.GetChannelDifferenceRequest(channel, nothing_left_out, pts, limit))


def test_a_channel_difference_tells_what_still_matters() -> None:
    async def story(scene: Scene) -> None:
        client = await scene.reader_client()
        _fill(scene, 3)
        channel = await client.get_input_entity(scene.news.username)
        assert type(await _difference(client, channel, 4)).__name__ == "ChannelDifferenceEmpty"
        for number in range(4, 7):
            scene.world.post(scene.news, f"post {number}")
        scene.world.edit(scene.news, 1, "old one, edited")
        scene.world.edit(scene.news, 1, "old one, edited again")
        scene.world.edit(scene.news, 4, "new one, edited")
        scene.world.delete(scene.news, 5, 2)
        missed = await _difference(client, channel, 4)
        assert [(message.id, message.message) for message in missed.new_messages] == [
            (4, "new one, edited"),
            (6, "post 6"),
        ]
        edited, deleted = missed.other_updates
        assert (edited.message.id, edited.message.message) == (1, "old one, edited again")
        assert deleted.messages == [2, 5]
        assert (missed.pts, missed.final) == (scene.news.box.pts, True)

    run(story)


def test_a_long_difference_comes_in_slices_and_a_forgotten_one_not_at_all() -> None:
    async def story(scene: Scene) -> None:
        client = await scene.reader_client()
        _fill(scene, 25)
        channel = await client.get_input_entity(scene.news.username)
        ids, pts, slices, final = [], 1, 0, False
        while not final:
            part = await _difference(client, channel, pts, 10)
            ids += [message.id for message in part.new_messages]
            pts, final, slices = part.pts, part.final, slices + 1
        assert (ids, slices) == (list(range(1, 26)), 3)
        scene.world.forget_changes(scene.news)
        too_long = await _difference(client, channel, 5)
        assert type(too_long).__name__ == "ChannelDifferenceTooLong"
        assert (too_long.dialog.pts, too_long.dialog.top_message) == (26, 25)
        assert too_long.messages[0].id == 25

    run(story)


@pytest.mark.parametrize(
    ("pts", "raised"),
    [(0, errors.PersistentTimestampEmptyError), (99, errors.PersistentTimestampInvalidError)],
)
def test_a_state_that_never_was_is_refused(pts: int, raised: type[Exception]) -> None:
    async def story(scene: Scene) -> None:
        client = await scene.reader_client()
        channel = await client.get_input_entity(scene.news.username)
        with pytest.raises(raised):
            await _difference(client, channel, pts)

    run(story)


def test_a_client_that_was_away_is_told_which_channels_have_news() -> None:
    async def story(scene: Scene) -> None:
        scene.world.join(scene.news, scene.reader)
        client = await scene.reader_client()
        state = await client(functions.updates.GetStateRequest())
        scene.world.post(scene.news, "news")
        scene.world.send(scene.analyst, scene.reader, "a letter")
        missed = await client(functions.updates.GetDifferenceRequest(state.pts, state.date, state.qts))
        assert [message.message for message in missed.new_messages] == ["a letter"]
        assert [(update.channel_id, update.pts) for update in missed.other_updates] == [(scene.news.id, 2)]
        later = missed.state.date + timedelta(seconds=1)
        again = await client(functions.updates.GetDifferenceRequest(missed.state.pts, later, 0))
        assert type(again).__name__ == "DifferenceEmpty"

    run(story)
