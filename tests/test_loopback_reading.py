"""Reading on the loopback server: history, messages by id, names, joining, what channels become."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from telethon import errors
from telethon.tl import functions, types

from tests.loopback import content, faults
from tests.loopback.peers import Channel
from tests.loopback.scene import Scene, run


def _fill(scene: Scene, count: int, channel: Channel | None = None) -> Channel:
    channel = channel or scene.news
    for number in range(1, count + 1):
        date = datetime(2023, 6, 1, tzinfo=UTC) + timedelta(hours=number)
        scene.world.post(channel, f"post {number}", date=date)
    return channel


async def _history(client: Any, channel: Any, **given: Any) -> list[int]:
    asked = {"offset_id": 0, "offset_date": None, "add_offset": 0, "limit": 3, "max_id": 0, "min_id": 0, "hash": 0}
    answer = await client(functions.messages.GetHistoryRequest(channel, **{**asked, **given}))
    return [message.id for message in answer.messages]


# core.telegram.org/api/offsets: the page starts add_offset after the messages from offset_id up; max_id and min_id are
# applied to the page afterwards. Ten posts.
PAGES = [
    ({}, [10, 9, 8]),
    ({"limit": 100}, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]),
    ({"offset_id": 5}, [4, 3, 2]),
    ({"offset_id": 5, "add_offset": -3}, [7, 6, 5]),
    ({"offset_id": 5, "add_offset": -1}, [5, 4, 3]),
    ({"offset_id": 5, "add_offset": 2}, [2, 1]),
    ({"offset_id": 1}, []),
    ({"offset_id": 99}, [10, 9, 8]),
    ({"offset_id": 9, "add_offset": -3}, [10, 9]),
    ({"offset_id": 11, "add_offset": -3}, []),
    ({"min_id": 8}, [10, 9]),
    ({"min_id": 2, "max_id": 5}, []),
    ({"max_id": 10}, [9, 8]),
    ({"offset_date": datetime(2023, 6, 1, 4, tzinfo=UTC)}, [3, 2, 1]),
]


@pytest.mark.parametrize(("asked", "ids"), PAGES, ids=str)
def test_history_is_paged_as_documented(asked: dict[str, Any], ids: list[int]) -> None:
    async def story(scene: Scene) -> None:
        client = await scene.reader_client()
        _fill(scene, 10)
        channel = await client.get_input_entity(scene.news.username)
        assert await _history(client, channel, **asked) == ids

    run(story)


def test_a_page_is_never_longer_than_100_and_may_be_filled_up() -> None:
    async def story(scene: Scene) -> None:
        client = await scene.reader_client()
        _fill(scene, 150)
        channel = await client.get_input_entity(scene.news.username)
        assert len(await _history(client, channel, limit=1000)) == 100
        assert len(await _history(client, channel, limit=0)) == 20
        newer = {"offset_id": 149, "add_offset": -5, "limit": 5}
        assert await _history(client, channel, **newer) == [150, 149]
        scene.server.fill_pages = True
        assert await _history(client, channel, **newer) == [150, 149, 148, 147, 146]

    run(story)


def test_iterating_goes_over_gaps_and_counts_what_stands() -> None:
    async def story(scene: Scene) -> None:
        client = await scene.reader_client()
        _fill(scene, 230)
        scene.world.delete(scene.news, 3, 5, 120)
        standing = [number for number in range(1, 231) if number not in {3, 5, 120}]
        name = scene.news.username

        async def read(**given: Any) -> list[int]:
            return [message.id async for message in client.iter_messages(name, wait_time=0, **given)]

        assert await read() == standing[::-1]
        assert await read(reverse=True) == standing
        assert await read(reverse=True, min_id=125) == list(range(126, 231))
        assert (await client.get_messages(name, limit=0)).total == 227

    run(story)


def test_messages_by_id_come_in_the_order_asked_for_and_empty_if_gone() -> None:
    async def story(scene: Scene) -> None:
        client = await scene.reader_client()
        _fill(scene, 4)
        scene.world.delete(scene.news, 2)
        channel = await client.get_input_entity(scene.news.username)
        ids = [types.InputMessageID(number) for number in (3, 2, 99, 1)]
        found = (await client(functions.channels.GetMessagesRequest(channel, ids))).messages
        assert [(type(message).__name__, message.id) for message in found] == [
            ("Message", 3),
            ("MessageEmpty", 2),
            ("MessageEmpty", 99),
            ("Message", 1),
        ]

    run(story)


def test_many_chats_are_looked_at_in_one_call_joined_or_not() -> None:
    async def story(scene: Scene) -> None:
        client = await scene.reader_client()
        others = [scene.world.add_channel(f"other_{number}", f"Other {number}") for number in range(3)]
        for count, channel in enumerate(others):
            _fill(scene, count, channel)
        scene.world.join(others[1], scene.reader)
        peers = [types.InputDialogPeer(await client.get_input_entity(channel.username)) for channel in others]
        request = functions.messages.GetPeerDialogsRequest(peers)
        answer = await client(request)
        assert [(dialog.peer.channel_id, dialog.top_message, dialog.pts) for dialog in answer.dialogs] == [
            (channel.id, count, count + 1) for count, channel in enumerate(others)
        ]
        assert [message.id for message in answer.messages] == [1, 2]
        scene.server.dialogs_of_strangers = False
        assert [dialog.peer.channel_id for dialog in (await client(request)).dialogs] == [others[1].id]

    run(story)


NAMES = [
    ("news_example", "Channel"),
    ("NEWS_Example", "Channel"),
    ("group_example", "Channel"),
    ("analyst_example", "User"),
    ("alerts_example_bot", "User"),
]
NO_NAMES = [
    ("nobody_example", errors.UsernameNotOccupiedError),
    ("x", errors.UsernameInvalidError),
    ("1abcde", errors.UsernameInvalidError),
]


@pytest.mark.parametrize(("name", "found"), NAMES)
def test_names_are_resolved(name: str, found: str) -> None:
    async def story(scene: Scene) -> None:
        client = await scene.reader_client()
        scene.world.add_channel("group_example", "Group", megagroup=True)
        answer = await client(functions.contacts.ResolveUsernameRequest(name))
        assert [type(peer).__name__ for peer in answer.chats + answer.users] == [found]

    run(story)


@pytest.mark.parametrize(("name", "raised"), NO_NAMES)
def test_names_that_nobody_has_are_not(name: str, raised: type[Exception]) -> None:
    async def story(scene: Scene) -> None:
        client = await scene.reader_client()
        with pytest.raises(raised):
            await client(functions.contacts.ResolveUsernameRequest(name))

    run(story)


def test_a_name_that_moves_leads_to_another_id() -> None:
    async def story(scene: Scene) -> None:
        client = await scene.reader_client()
        impostor = scene.world.add_channel(None, "News")
        scene.world.change_username(impostor, "news_example")
        answer = await client(functions.contacts.ResolveUsernameRequest("news_example"))
        assert answer.peer.channel_id == impostor.id
        assert scene.news.username is None

    run(story)


def test_access_hashes_are_an_accounts_own() -> None:
    async def story(scene: Scene) -> None:
        first, second = await scene.reader_client(), await scene.signed_in(scene.analyst)
        foreign = await second.get_input_entity(scene.news.username)
        own = await first.get_input_entity(scene.news.username)
        assert foreign.access_hash != own.access_hash
        with pytest.raises(errors.ChannelInvalidError):
            await first.get_messages(foreign)

    run(story)


async def _private(scene: Scene) -> None:
    scene.world.change_username(scene.news, None)


async def _closed(scene: Scene) -> None:
    scene.world.close(scene.news)


async def _banned(scene: Scene) -> None:
    scene.world.ban(scene.news, scene.reader)


@pytest.mark.parametrize("become", [_private, _closed, _banned])
def test_a_channel_that_can_no_longer_be_read_says_so_in_every_way(become: Any) -> None:
    async def story(scene: Scene) -> None:
        client = await scene.reader_client()
        _fill(scene, 2)
        channel = await client.get_input_entity(scene.news.username)
        assert len(await client.get_messages(channel, limit=5)) == 2
        await become(scene)
        asked = [
            functions.channels.GetChannelsRequest([channel]),
            functions.channels.GetFullChannelRequest(channel),
            functions.channels.GetMessagesRequest(channel, [types.InputMessageID(1)]),
            functions.messages.GetHistoryRequest(channel, 0, None, 0, 10, 0, 0, 0),
            functions.updates.GetChannelDifferenceRequest(channel, types.ChannelMessagesFilterEmpty(), 1, 10),
        ]
        for request in asked:
            with pytest.raises(errors.ChannelPrivateError):
                await client(request)

    run(story)


def test_a_renamed_and_marked_channel_is_shown_as_such() -> None:
    async def story(scene: Scene) -> None:
        client = await scene.reader_client()
        scene.world.rename(scene.news, "Other title")
        scene.world.restrict(scene.news, "This channel can't be displayed")
        scene.news.scam = scene.news.noforwards = True
        scene.news.about = "about us"
        shown = await client.get_entity(scene.news.username)
        assert (shown.title, shown.restricted, shown.scam, shown.noforwards) == ("Other title", True, True, True)
        assert [reason.text for reason in shown.restriction_reason] == ["This channel can't be displayed"]
        full = (await client(functions.channels.GetFullChannelRequest(shown))).full_chat
        assert (full.about, full.pts) == ("about us", scene.news.box.pts)
        (renamed,) = await client.get_messages(shown)
        assert renamed.action.title == "Other title"

    run(story)


def test_invite_links_show_and_admit() -> None:
    async def story(scene: Scene) -> None:
        client = await scene.reader_client()
        closed = scene.world.add_channel(None, "Closed", subscribers=77)
        key = scene.world.add_invite(closed)
        shown = await client(functions.messages.CheckChatInviteRequest(key))
        assert (shown.title, shown.participants_count, shown.broadcast) == ("Closed", 77, True)
        await client(functions.messages.ImportChatInviteRequest(key))
        assert (await client(functions.messages.CheckChatInviteRequest(key))).chat.id == closed.id
        with pytest.raises(errors.UserAlreadyParticipantError):
            await client(functions.messages.ImportChatInviteRequest(key))
        with pytest.raises(errors.InviteHashExpiredError):
            await client(functions.messages.CheckChatInviteRequest("nothing"))

    run(story)


def test_joining_and_leaving() -> None:
    async def story(scene: Scene) -> None:
        client = await scene.reader_client()
        channel = await client.get_input_entity(scene.news.username)
        with pytest.raises(errors.UserNotParticipantError):
            await client(functions.channels.LeaveChannelRequest(channel))
        await client(functions.channels.JoinChannelRequest(channel))
        assert not (await client.get_entity(scene.news.username)).left
        scene.world.post(scene.news, "first")
        assert [dialog.title for dialog in await client.get_dialogs()] == ["News"]
        await client(functions.channels.LeaveChannelRequest(channel))
        assert (await client.get_entity(scene.news.username)).left

    run(story)


def test_an_account_can_join_500_channels() -> None:
    async def story(scene: Scene) -> None:
        client = await scene.reader_client()
        for number in range(500):
            scene.world.add_channel(f"joined_{number}", members=[scene.reader])
        with pytest.raises(errors.ChannelsTooMuchError):
            await client(functions.channels.JoinChannelRequest(scene.news.username))

    run(story)


def test_an_unparsable_post_spoils_only_the_answers_that_hold_it() -> None:
    async def story(scene: Scene) -> None:
        client = await scene.reader_client()
        _fill(scene, 2)
        odd = scene.world.post(scene.news, "odd", media=content.Unknown())
        with pytest.raises(errors.TypeNotFoundError):
            await client.get_messages(scene.news.username, limit=10)
        rest = await client.get_messages(scene.news.username, limit=10, max_id=odd.id)
        assert [message.id for message in rest] == [2, 1]

    run(story)


def test_a_fault_of_one_method_leaves_the_others_alone() -> None:
    async def story(scene: Scene) -> None:
        client = await scene.reader_client()
        scene.server.faults.add("messages.getHistory", faults.flood_wait(600), times=None)
        channel = await client.get_input_entity(scene.news.username)
        with pytest.raises(errors.FloodWaitError):
            await _history(client, channel)
        assert (await client.get_messages(channel, ids=1)) is None

    run(story)
