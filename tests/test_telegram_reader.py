"""Channels as the reading account reads them: pages, albums, gaps, unreadable records, what becomes of channels."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from telethon.tl import types

from monitor.models import Channel, Media, Post
from monitor.sources.live import Address, Hint, LiveSource, Look, NotPublic, Page, Revisit, Standing
from monitor.sources.source import AccessLost, ChannelGone, Unreachable, Unreadable
from monitor.telegram.hints import hints_in
from monitor.telegram.reader import TelegramReader
from tests import telegram_example as example
from tests.loopback import content, faults
from tests.loopback.peers import access_hash
from tests.loopback.scene import Scene, run, until

START = datetime(2023, 6, 4, 9, 0, tzinfo=UTC)
Story = Callable[[Scene, TelegramReader, Address], Awaitable[None]]


def _play(tmp_path: Path, story: Story) -> None:
    async def play(scene: Scene) -> None:
        reader = await example.reader(scene, tmp_path / "session")
        address = await example.news(reader, scene)
        scene.server.journal.clear()
        try:
            await story(scene, reader, address)
        finally:
            await reader.close()

    run(play)


def _publish(scene: Scene, *texts: str) -> None:
    for number, text in enumerate(texts):
        scene.world.post(scene.news, text, date=START + timedelta(minutes=number))


def _summary(page: Page) -> tuple[list[int], int, bool]:
    return [post.id for post in page.posts], page.up_to, page.more


async def _all(reader: TelegramReader, address: Address, after: int = 0, pages: int = 200) -> list[Page]:
    """Read on as a caller does, until there is no more."""
    found = []
    for _ in range(pages):
        page = await reader.history(address, after)
        found.append(page)
        after = page.up_to
        if not page.more:
            return found
    raise AssertionError("the pages do not end")


# Names


def test_a_public_channel_is_found_once_by_any_way_to_write_its_name(tmp_path: Path) -> None:
    async def story(scene: Scene, reader: TelegramReader, address: Address) -> None:
        expected = Address(Channel(scene.news.id, "news_example", "News"), access_hash(scene.reader, scene.news))
        for name in ("news_example", "@News_Example", "t.me/news_example", "https://t.me/news_example/"):
            assert await reader.resolve(name) == expected
        assert scene.server.journal.count() == 4
        assert reader.account == str(scene.reader.id)

    _play(tmp_path, story)


def test_what_is_no_public_channel_is_said_to_be_none(tmp_path: Path) -> None:
    async def story(scene: Scene, reader: TelegramReader, address: Address) -> None:
        scene.world.set_username(scene.world.add_supergroup("Чат"), "group_example")
        no_channel = "is a person or a bot, not a channel; only public channels are read"
        invite = "a private invite link leads to no public channel; only public ones are read"
        wrong = {
            "nobody_here": "nobody has the name @nobody_here; look it up in Telegram, it may have changed",
            "a b": "@a b is no user name; look it up in Telegram",
            "analyst_example": f"@analyst_example {no_channel}",
            "alerts_example_bot": f"@alerts_example_bot {no_channel}",
            "group_example": "@group_example is a group, not a channel; only public channels are read",
            "t.me/+AbCdEf": invite,
            "https://t.me/joinchat/AbCdEf": invite,
            "-1001234567890": "the id -1001234567890 alone leads nowhere; write the channel's user name, the id is kept"
            " with it",
        }
        said = {}
        for name in wrong:
            with pytest.raises(NotPublic) as caught:
                await reader.resolve(name)
            said[name] = str(caught.value)
        assert said == wrong

    _play(tmp_path, story)


def test_a_bot_may_not_read(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        folder = await example.sign_in(scene, tmp_path / "session", scene.bot)
        reader = TelegramReader(example.client(scene, folder))
        with pytest.raises(AccessLost, match="the session is that of the bot “Alerts”, and bots may not read channels"):
            await reader.open()
        await reader.close()

    run(story)


def test_the_reader_is_a_live_source() -> None:
    source: type[LiveSource] = TelegramReader
    assert (source.name, source.heads_batch, source.revisit_batch) == ("telegram", 100, 100)


# History


def test_history_is_read_oldest_first_without_joining(tmp_path: Path) -> None:
    async def story(scene: Scene, reader: TelegramReader, address: Address) -> None:
        _publish(scene, *(f"новость {number}" for number in range(1, 231)))
        pages = await _all(reader, address)
        assert [(len(page.posts), page.up_to, page.more) for page in pages] == [
            (100, 100, True),
            (100, 200, True),
            (30, 230, False),
        ]
        assert [post.body for page in pages for post in page.posts] == [f"новость {n}" for n in range(1, 231)]
        assert [id_ for page in pages for id_ in page.served] == list(range(1, 231))
        assert scene.server.journal.count() == scene.server.journal.count("messages.getHistory") == 3
        assert scene.reader.id not in scene.news.members

    _play(tmp_path, story)


@pytest.mark.parametrize("fill", [False, True], ids=["short pages", "pages filled up with older posts"])
@pytest.mark.parametrize("after", [0, 1, 57, 119, 120, 500])
def test_nothing_at_or_below_the_cursor_is_given(tmp_path: Path, fill: bool, after: int) -> None:
    async def story(scene: Scene, reader: TelegramReader, address: Address) -> None:
        scene.server.fill_pages = fill
        _publish(scene, *map(str, range(1, 121)))
        found = [post.id for page in await _all(reader, address, after) for post in page.posts]
        assert found == list(range(after + 1, 121))

    _play(tmp_path, story)


def test_an_empty_channel_moves_no_cursor(tmp_path: Path) -> None:
    async def story(scene: Scene, reader: TelegramReader, address: Address) -> None:
        assert await reader.history(address, 7) == Page((), (), (), (), 7, False)

    _play(tmp_path, story)


def test_deleted_posts_leave_gaps_that_can_be_seen(tmp_path: Path) -> None:
    async def story(scene: Scene, reader: TelegramReader, address: Address) -> None:
        _publish(scene, *map(str, range(1, 9)))
        scene.world.delete(scene.news, 1, 4, 5, 8)
        page = await reader.history(address, 0)
        assert (page.served, page.up_to, page.more) == ((2, 3, 6, 7), 7, False)

    _play(tmp_path, story)


def test_a_post_stands_under_the_channels_name_of_now(tmp_path: Path) -> None:
    async def story(scene: Scene, reader: TelegramReader, address: Address) -> None:
        _publish(scene, "раз")
        scene.world.rename(scene.news, "Новости", silently=True)
        scene.world.change_username(scene.news, "novosti_example")
        page = await reader.history(address, 0)
        assert page.posts[0].channel == Channel(scene.news.id, "novosti_example", "Новости")

    _play(tmp_path, story)


# Albums


def _album(scene: Scene, parts: int, caption: str = "Шебекино") -> None:
    scene.world.album(scene.news, [content.photo(size=1000 + n) for n in range(parts)], caption, date=START)


def test_an_album_is_one_post_with_all_its_ids(tmp_path: Path) -> None:
    async def story(scene: Scene, reader: TelegramReader, address: Address) -> None:
        _publish(scene, "до")
        _album(scene, 3)
        scene.world.edit(scene.news, 4, "подпись к третьему", date=START + timedelta(hours=1))
        _, album = (await reader.history(address, 0)).posts
        assert replace(album, raw=b"", album=None) == Post(
            address.channel,
            2,
            START,
            "Шебекино\n\nподпись к третьему",
            b"",
            edited=START + timedelta(hours=1),
            media=(Media("photo", 1000), Media("photo", 1001), Media("photo", 1002)),
            views=1,
            ids=(2, 3, 4),
            source="telegram",
        )
        assert album.raw.count(b"\n") == 2, "the records of all parts are kept, one a line"
        assert album.album is not None

    _play(tmp_path, story)


@pytest.mark.parametrize("before", range(88, 101))
def test_an_album_is_not_cut_at_a_pages_edge(tmp_path: Path, before: int) -> None:
    async def story(scene: Scene, reader: TelegramReader, address: Address) -> None:
        _publish(scene, *map(str, range(before)))
        _album(scene, 10)
        _publish(scene, *map(str, range(60)))
        posts = [post for page in await _all(reader, address) for post in page.posts]
        assert len(posts) == before + 1 + 60
        assert posts[before].ids == tuple(range(before + 1, before + 11))

    _play(tmp_path, story)


def test_a_page_asked_for_too_short_for_an_album_holds_it_all_the_same(tmp_path: Path) -> None:
    async def story(scene: Scene, reader: TelegramReader, address: Address) -> None:
        _album(scene, 10)
        _album(scene, 10)
        first = await reader.history(address, 0, limit=1)
        assert (_summary(first), first.posts[0].ids) == (([1], 10, True), tuple(range(1, 11)))
        second = await reader.history(address, first.up_to, limit=1)
        assert second.posts[0].ids == tuple(range(11, 21))

    _play(tmp_path, story)


def test_an_album_longer_than_a_page_does_not_stop_the_channel(tmp_path: Path) -> None:
    async def story(scene: Scene, reader: TelegramReader, address: Address) -> None:
        _album(scene, 230)
        pages = await _all(reader, address)
        assert [id_ for page in pages for id_ in page.served] == list(range(1, 231))

    _play(tmp_path, story)


# Records that nobody can read


def _unreadable(scene: Scene, *ids: int) -> None:
    for id_ in ids:
        scene.world.change(scene.news, id_, media=content.Unknown())


BAD: dict[str, tuple[int, Sequence[int], Sequence[int]]] = {
    # posts in all, which cannot be read, which are deleted
    "the first": (150, [1], []),
    "in the middle": (150, [50], []),
    "at the edge of a page": (150, [100], []),
    "just above it": (150, [101], []),
    "the newest": (150, [150], []),
    "the only one": (1, [1], []),
    "two neighbours": (150, [30, 31], []),
    "some": (300, [1, 99, 100, 101, 250, 300], []),
    "all": (5, [1, 2, 3, 4, 5], []),
    "after a long gap": (900, [900], range(2, 900)),
}


@pytest.mark.parametrize(("posts", "bad", "deleted"), BAD.values(), ids=BAD)
def test_only_the_record_that_nobody_can_read_is_lost(
    tmp_path: Path, posts: int, bad: Sequence[int], deleted: Sequence[int]
) -> None:
    async def story(scene: Scene, reader: TelegramReader, address: Address) -> None:
        _publish(scene, *map(str, range(1, posts + 1)))
        _unreadable(scene, *bad)
        scene.world.delete(scene.news, *deleted)
        pages = await _all(reader, address)
        alive = [id_ for id_ in range(1, posts + 1) if id_ not in set(deleted)]
        assert [post.id for page in pages for post in page.posts] == [id_ for id_ in alive if id_ not in bad]
        assert [one.id for page in pages for one in page.rejected] == list(bad)
        assert [id_ for page in pages for id_ in page.served] == alive
        assert pages[-1].up_to == posts
        assert scene.server.journal.count() == len(pages), "one request a page, also while searching"
        # Halving a page of 100 down to one record takes seven steps of two windows at most; the page itself comes
        # before that, and the record once more after it.
        windows_of_gaps = len(deleted) // 100 + 1
        assert len(pages) <= posts // 100 + 1 + 17 * len(bad) + windows_of_gaps

    _play(tmp_path, story)


def test_the_unreadable_record_is_kept_as_it_came(tmp_path: Path) -> None:
    async def story(scene: Scene, reader: TelegramReader, address: Address) -> None:
        _publish(scene, "раз", "Обмен пленными")
        _unreadable(scene, 2)
        (bad,) = [one for page in await _all(reader, address) for one in page.rejected]
        assert "Обмен пленными".encode() in bad.raw
        assert bad.rejected.reason == "the message holds something that this version of telethon does not know"

    _play(tmp_path, story)


def test_answers_that_come_broken_now_and_then_cost_no_post(tmp_path: Path) -> None:
    async def story(scene: Scene, reader: TelegramReader, address: Address) -> None:
        _publish(scene, *map(str, range(1, 301)))
        _unreadable(scene, 77)
        scene.server.faults.add("messages.getHistory", faults.UnknownConstructor(), times=None, probability=0.3)
        scene.server.faults.add("channels.getMessages", faults.UnknownConstructor(), times=None, probability=0.05)
        pages = await _all(reader, address, pages=1000)
        assert [post.id for page in pages for post in page.posts] == [n for n in range(1, 301) if n != 77]
        assert [one.id for page in pages for one in page.rejected] == [77]

    _play(tmp_path, story)


def test_a_record_that_is_gone_while_it_is_searched_ends_the_search(tmp_path: Path) -> None:
    async def story(scene: Scene, reader: TelegramReader, address: Address) -> None:
        _publish(scene, "раз")
        _unreadable(scene, 1)
        assert _summary(await reader.history(address, 0)) == ([], 0, True)
        scene.world.delete(scene.news, 1)
        pages = await _all(reader, address)
        assert (len(pages) < 30, pages[-1]) == (True, Page((), (), (), (), 0, False))
        _publish(scene, "два")
        assert _summary(await reader.history(address, 0)) == ([2], 2, False), "no cursor went past what was to come"

    _play(tmp_path, story)


def test_a_limit_met_while_searching_costs_nothing(tmp_path: Path) -> None:
    async def story(scene: Scene, reader: TelegramReader, address: Address) -> None:
        _publish(scene, *map(str, range(1, 51)))
        _unreadable(scene, 40)
        scene.server.faults.add("channels.getMessages", faults.INTERNAL, times=3, skip=2)
        after, ids, failures = 0, [], 0
        for _ in range(40):
            try:
                page = await reader.history(address, after)
            except Unreachable:
                failures += 1
                continue
            ids += [post.id for post in page.posts]
            after = page.up_to
            if not page.more:
                break
        assert (failures, ids) == (3, [id_ for id_ in range(1, 51) if id_ != 40])

    _play(tmp_path, story)


# The newest ids of many


def test_heads_are_read_in_one_request_whatever_their_posts_hold(tmp_path: Path) -> None:
    async def story(scene: Scene, reader: TelegramReader, address: Address) -> None:
        channels = [scene.world.add_channel(f"channel_{n:02}") for n in range(99)]
        for number, channel in enumerate(channels):
            for _ in range(number % 4):
                scene.world.post(channel, "новость")
        _publish(scene, "раз", "два")
        _unreadable(scene, 2)
        addresses = [
            address,
            *(Address(Channel(one.id, one.username), access_hash(scene.reader, one)) for one in channels),
        ]
        heads = await reader.heads(addresses)
        assert heads == {
            scene.news.id: 2,
            **{channel.id: number % 4 for number, channel in enumerate(channels) if number % 4},
        }
        assert scene.server.journal.count() == 1

    _play(tmp_path, story)


def test_heads_that_are_not_served_say_so(tmp_path: Path) -> None:
    async def story(scene: Scene, reader: TelegramReader, address: Address) -> None:
        scene.server.faults.add("messages.getPeerDialogs", faults.Fail(400, "METHOD_INVALID"))
        with pytest.raises(Unreadable, match="Telegram refuses “heads”"):
            await reader.heads([address])
        scene.server.faults.add("messages.getPeerDialogs", faults.UnknownConstructor())
        with pytest.raises(Unreadable, match="cannot be read"):
            await reader.heads([address])
        scene.world.close(scene.news)
        with pytest.raises(ChannelGone):
            await reader.heads([address])

    _play(tmp_path, story)


# What a channel says of itself


def test_a_look_tells_name_title_members_and_standing(tmp_path: Path) -> None:
    async def story(scene: Scene, reader: TelegramReader, address: Address) -> None:
        scene.news.subscribers = 5000
        assert await reader.look(address) == Look(address, members=5000)
        await reader.join(address)
        scene.world.rename(scene.news, "Новости")
        scene.world.change_username(scene.news, "novosti_example")
        now = replace(address, channel=Channel(scene.news.id, "novosti_example", "Новости"))
        assert await reader.look(address) == Look(now, members=5000, joined=True)
        scene.world.restrict(scene.news, "Not in your country.")
        assert await reader.look(address) == Look(
            now, Standing.RESTRICTED, members=5000, joined=True, reason="all: Not in your country."
        )
        scene.world.restrict(scene.news, None)
        scene.world.change_username(scene.news, None)
        nameless = replace(address, channel=Channel(scene.news.id, None, "Новости"))
        assert await reader.look(address) == Look(
            nameless, Standing.PRIVATE, members=5000, joined=True, reason="the channel has no public name any more"
        )

    _play(tmp_path, story)


GONE: dict[str, tuple[Callable[[Scene], None], Standing]] = {
    "private": (lambda scene: scene.world.change_username(scene.news, None), Standing.PRIVATE),
    "banned": (lambda scene: scene.world.ban(scene.news, scene.reader), Standing.PRIVATE),
    "deleted": (lambda scene: scene.world.close(scene.news), Standing.PRIVATE),
}


@pytest.mark.parametrize(("happen", "standing"), GONE.values(), ids=GONE)
def test_a_channel_that_went_is_said_to_be_gone_and_looked_at_without_an_error(
    tmp_path: Path, happen: Callable[[Scene], None], standing: Standing
) -> None:
    async def story(scene: Scene, reader: TelegramReader, address: Address) -> None:
        _publish(scene, "раз")
        happen(scene)
        look = await reader.look(address)
        assert (look.address, look.standing, look.reason) == (
            address,
            standing,
            "the channel is private now, was deleted, or has banned this account",
        )
        for ask in (reader.history(address, 0), reader.revisit(address, [1]), reader.at(address, START)):
            with pytest.raises(ChannelGone):
                await ask

    _play(tmp_path, story)


def test_another_accounts_address_leads_nowhere(tmp_path: Path) -> None:
    async def story(scene: Scene, reader: TelegramReader, address: Address) -> None:
        look = await reader.look(replace(address, access=access_hash(scene.analyst, scene.news)))
        assert look.standing is Standing.DELETED
        assert "the address is another account's" in str(look.reason)

    _play(tmp_path, story)


# By time and by id


def test_at_finds_where_a_backfill_begins(tmp_path: Path) -> None:
    async def story(scene: Scene, reader: TelegramReader, address: Address) -> None:
        assert await reader.at(address, START) == 0
        _publish(scene, *map(str, range(1, 11)))
        moments = {
            START - timedelta(days=1): 0,
            START: 0,
            START + timedelta(seconds=1): 1,
            START + timedelta(minutes=5): 5,
            START + timedelta(minutes=5, seconds=1): 6,
            START + timedelta(days=1): 10,
        }
        assert {moment: await reader.at(address, moment) for moment in moments} == moments

    _play(tmp_path, story)


def test_revisit_tells_edits_deletions_and_what_is_no_post(tmp_path: Path) -> None:
    async def story(scene: Scene, reader: TelegramReader, address: Address) -> None:
        _publish(scene, "раз", "два", "три")
        _album(scene, 3)
        scene.world.service(scene.news)
        scene.world.edit(scene.news, 2, "двое", date=START)
        scene.world.delete(scene.news, 3, 5)
        found = await reader.revisit(address, [999, 7, 6, 5, 4, 3, 2])
        assert [(post.ids, post.body, post.edited) for post in found.posts] == [
            ((2,), "двое", START),
            ((4, 6), "Шебекино", None),
        ]
        assert (found.missing, found.skipped, found.rejected, found.unread) == ((999, 5, 3), (7,), (), ())
        assert scene.server.journal.count() == 1

    _play(tmp_path, story)


def test_posts_that_cannot_be_read_again_are_found_in_halves(tmp_path: Path) -> None:
    async def story(scene: Scene, reader: TelegramReader, address: Address) -> None:
        _publish(scene, *map(str, range(1, 101)))
        _unreadable(scene, 64)
        assert await reader.revisit(address, range(1, 101)) == Revisit((), (), unread=tuple(range(1, 101)))
        queue, read, rejected = [list(range(1, 101))], set(), []
        while queue:
            found = await reader.revisit(address, queue.pop())
            read |= {post.id for post in found.posts}
            rejected += [one.id for one in found.rejected]
            if found.unread:
                half = len(found.unread) // 2
                queue += [list(found.unread[:half]), list(found.unread[half:])]
        assert (read, rejected) == (set(range(1, 101)) - {64}, [64])

    _play(tmp_path, story)


ANSWERS: dict[str, Callable[[TelegramReader, Address], Awaitable[object]]] = {
    "contacts.resolveUsername": lambda reader, address: reader.resolve("news_example"),
    "channels.getFullChannel": lambda reader, address: reader.look(address),
    "messages.getHistory": lambda reader, address: reader.history(address, 0),
    "channels.getMessages": lambda reader, address: reader.revisit(address, [1]),
}


@pytest.mark.parametrize("method", ANSWERS)
def test_an_answer_of_another_kind_is_no_answer(tmp_path: Path, method: str) -> None:
    async def story(scene: Scene, reader: TelegramReader, address: Address) -> None:
        scene.server.faults.add(method, _Yes())
        with pytest.raises(Unreachable, match=r"is none \(bool\)"):
            await ANSWERS[method](reader, address)

    _play(tmp_path, story)


class _Yes(faults.Fault):
    """Answer with a plain “true”."""

    async def after(self, connection: object, answer: bytes) -> bytes:
        return struct.pack("<I", 0x997275B5)


# Joining and being told


def test_join_and_leave_are_the_same_done_twice(tmp_path: Path) -> None:
    async def story(scene: Scene, reader: TelegramReader, address: Address) -> None:
        for _ in range(2):
            await reader.join(address)
            assert scene.reader.id in scene.news.members
        for _ in range(2):
            await reader.leave(address)
            assert scene.reader.id not in scene.news.members

    _play(tmp_path, story)


def test_joining_too_many_is_refused_with_what_to_do(tmp_path: Path) -> None:
    async def story(scene: Scene, reader: TelegramReader, address: Address) -> None:
        for number in range(reader.join_limit):
            scene.world.add_channel(f"joined_{number}", members=[scene.reader])
        with pytest.raises(Unreadable, match=r"as many channels as Telegram allows \(about 500\); leave one first"):
            await reader.join(address)

    _play(tmp_path, story)


async def _listen(reader: TelegramReader, hints: list[Hint]) -> None:
    async for hint in reader.hints():
        hints.append(hint)


def test_posts_edits_and_deletions_of_joined_channels_are_hinted_at(tmp_path: Path) -> None:
    async def story(scene: Scene, reader: TelegramReader, address: Address) -> None:
        other = scene.world.add_channel("other_example")
        _publish(scene, "раз", "два")
        hints: list[Hint] = []
        listening = asyncio.create_task(_listen(reader, hints))
        await reader.join(address)
        scene.world.post(other, "не для нас")
        scene.world.post(scene.news, "три")
        scene.world.react(scene.news, 1, "😢")
        scene.world.edit(scene.news, 1, "один")
        scene.world.delete(scene.news, 1, 2)
        scene.world.service(scene.news)
        await until(lambda: len(hints) == 4)
        assert [(hint.channel_id, hint.changed) for hint in hints] == [
            (scene.news.id, ()),
            (scene.news.id, (1,)),
            (scene.news.id, (1, 2)),
            (scene.news.id, ()),
        ]
        assert all(abs(hint.at - datetime.now(UTC)) < timedelta(minutes=1) for hint in hints)
        await reader.close()
        await listening

    _play(tmp_path, story)


def test_a_push_that_nobody_can_read_does_no_harm(tmp_path: Path) -> None:
    async def story(scene: Scene, reader: TelegramReader, address: Address) -> None:
        hints: list[Hint] = []
        listening = asyncio.create_task(_listen(reader, hints))
        await reader.join(address)
        scene.world.post(scene.news, "раз", media=content.Unknown())
        scene.world.post(scene.news, "два")
        await until(lambda: hints)
        assert len(scene.server.connections) == 1
        assert [one.id for page in await _all(reader, address) for one in (*page.rejected, *page.posts)] == [1, 2]
        await reader.close()
        await listening

    _play(tmp_path, story)


def test_joining_is_done_even_if_the_answer_cannot_be_read(tmp_path: Path) -> None:
    async def story(scene: Scene, reader: TelegramReader, address: Address) -> None:
        scene.server.faults.add("channels.joinChannel", faults.UnknownConstructor())
        await reader.join(address)
        assert scene.reader.id in scene.news.members

    _play(tmp_path, story)


def test_other_pushes_are_no_hints() -> None:
    person = types.PeerUser(1)
    message = types.Message(1, person, START, "личное")
    private = [types.UpdateNewMessage(message, 1, 1), types.UpdateNewChannelMessage(message, 1, 1)]
    pushed = [types.UpdatesTooLong(), types.UpdateShort(types.UpdateLoginToken(), START)]
    assert [hint for one in pushed for hint in hints_in(one, START)] == []
    assert list(hints_in(types.Updates(private, [], [], START, 0), START)) == []
    combined = types.UpdatesCombined([types.UpdateChannelTooLong(7)], [], [], START, 0, 0)
    assert list(hints_in(combined, START)) == [Hint(7, START)]
