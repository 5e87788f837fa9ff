"""The connection: what each failure means to us, what is sent how often, and how the end of a session is noticed."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from telethon import events
from telethon.tl import functions, types

from monitor.sources.source import AccessLost, ChannelGone, SourceError, Unreachable, Unreadable, Wait
from monitor.telegram.accounts import Server
from monitor.telegram.client import Client, Garbled
from monitor.telegram.session import BOT, existing_session, new_session
from monitor.telegram.signin import by_token
from tests import telegram_example as example
from tests.loopback import faults
from tests.loopback.faults import Fail, Fault
from tests.loopback.peers import access_hash
from tests.loopback.scene import Scene, run, until

AGAIN = "sign in again with `monitor login`"
GONE = "the channel is private now, was deleted, or has banned this account"
UNKNOWN = (
    "Telegram does not know the channel under this account's address for it; it was deleted, or the address is another"
    " account's"
)
BROKEN = "the connection to Telegram broke off or was refused; if that lasts, look at the network"

# What Telegram does → what is raised.
FAILURES: dict[str, tuple[Fault, SourceError]] = {
    "flood wait": (
        faults.flood_wait(7),
        Wait("Telegram asks to wait 7 s with “history” (FLOOD_WAIT)", 7, "history"),
    ),
    "flood wait without Premium": (
        faults.flood_premium_wait(31),
        Wait("Telegram asks to wait 31 s with “history” (FLOOD_PREMIUM_WAIT)", 31, "history"),
    ),
    "slow mode": (
        faults.slowmode_wait(20),
        Wait("Telegram asks to wait 20 s with “history” (SLOW_MODE_WAIT)", 20, "history"),
    ),
    "a limit without a length": (
        Fail(420, "P0NY"),
        Wait("Telegram asks to wait 60 s with “history” (P0NY)", 60, "history"),
    ),
    "internal error": (faults.INTERNAL, Unreachable("Telegram has trouble of its own (INTERNAL)")),
    "time-out at Telegram": (faults.TIMEOUT, Unreachable("Telegram has trouble of its own (TIMEOUT)")),
    "overloaded": (
        Fail(500, "WORKER_BUSY_TOO_LONG_RETRY"),
        Unreachable("Telegram has trouble of its own (WORKER_BUSY_TOO_LONG_RETRY)"),
    ),
    "channel private": (faults.CHANNEL_PRIVATE, ChannelGone(GONE)),
    "channel private, the other way": (Fail(406, "CHANNEL_PRIVATE"), ChannelGone(GONE)),
    "channel unknown": (faults.CHANNEL_INVALID, ChannelGone(UNKNOWN)),
    "refused": (Fail(400, "OFFSET_INVALID"), Unreadable("Telegram refuses “history” (OFFSET_INVALID)")),
    "key unknown": (
        faults.AUTH_KEY_UNREGISTERED,
        AccessLost(f"Telegram does not know this session any more; {AGAIN}"),
    ),
    "session revoked": (
        faults.SESSION_REVOKED,
        AccessLost(f"this session was ended from another device; find out who ended it, then {AGAIN}"),
    ),
    "key duplicated": (
        faults.AUTH_KEY_DUPLICATED,
        AccessLost(
            "the session was used from two addresses at once, so Telegram has ended it; run it in one place only, and"
            f" {AGAIN}"
        ),
    ),
    "account banned": (
        faults.USER_DEACTIVATED_BAN,
        AccessLost(
            "Telegram has banned this account; write to recover@telegram.org, or sign in another account with"
            " `monitor login`"
        ),
    ),
    "account frozen": (
        Fail(420, "FROZEN_METHOD_INVALID"),
        AccessLost("Telegram has frozen this account; open it in the Telegram app, which says why and how to appeal"),
    ),
    "account moved": (
        Fail(303, "USER_MIGRATE_4"),
        AccessLost(f"Telegram has moved this account to another of its data centres; {AGAIN}"),
    ),
    "connection closed": (faults.Drop(), Unreachable(BROKEN)),
    "answer lost": (faults.LostAnswer(), Unreachable(BROKEN)),
    "packet cut off": (faults.Truncated(), Unreachable(BROKEN)),
    "key forgotten": (
        faults.TransportError(404),
        AccessLost(f"Telegram does not know this session any more; {AGAIN}"),
    ),
    "too many connections": (
        faults.TransportError(429),
        Unreachable("Telegram's answer could not be understood (InvalidBufferError)"),
    ),
    "no answer": (
        faults.HalfOpen(),
        Unreachable("Telegram does not answer; if that lasts, look at the network"),
    ),
}


def _history(scene: Scene) -> Any:
    peer = types.InputPeerChannel(scene.news.id, 0)
    return functions.messages.GetHistoryRequest(peer, 0, None, 0, 10, 0, 0, 0)


@pytest.fixture(scope="module")
def failures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[object, int]]:
    """For each failure: what was raised and how often the request was sent."""
    found: dict[str, tuple[object, int]] = {}

    async def story(scene: Scene) -> None:
        folder = await example.sign_in(scene, tmp_path_factory.mktemp("failures") / "session")
        client = example.client(scene, folder, patience=0.3)
        await client.connect()
        for name, (fault, _) in FAILURES.items():
            scene.server.journal.clear()
            scene.server.faults.add("messages.getHistory", fault)
            raised: object = None
            try:
                await client.request(_history(scene), "history")
            except SourceError as error:
                raised = error
            found[name] = raised, scene.server.journal.count("messages.getHistory")
            assert (await client.account()).id == scene.reader.id, "the next request makes a new connection if need be"
        await client.close()

    run(story)
    return found


@pytest.mark.parametrize("name", FAILURES)
def test_each_failure_is_said_in_our_words_after_one_request(
    failures: dict[str, tuple[object, int]], name: str
) -> None:
    raised, sent = failures[name]
    expected = FAILURES[name][1]
    assert (type(raised), str(raised)) == (type(expected), str(expected))
    assert getattr(raised, "seconds", None) == getattr(expected, "seconds", None)
    assert getattr(raised, "action", None) == getattr(expected, "action", None)
    assert sent == 1


def test_a_limit_of_one_kind_is_not_remembered(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        client = example.client(scene, await example.sign_in(scene, tmp_path / "session"))
        scene.server.faults.add("users.getUsers", faults.flood_wait(300), skip=1)  # the first is telethon's own
        with pytest.raises(Wait):
            await client.account()
        assert (await client.account()).name == "Reader"
        await client.close()

    run(story)


def test_an_answer_that_nobody_can_read_is_kept(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        client = example.client(scene, await example.sign_in(scene, tmp_path / "session"))
        await client.connect()
        scene.server.faults.add("users.getUsers", faults.UnknownConstructor())
        with pytest.raises(Garbled) as caught:
            await client.account()
        assert caught.value.raw[:4] == b"\xef\xbe\xad\xde"
        assert len(caught.value.raw) > 50
        await client.close()

    run(story)


def test_a_salt_that_changed_costs_nothing(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        client = example.client(scene, await example.sign_in(scene, tmp_path / "session"))
        await client.connect()
        scene.server.change_salt()
        assert (await client.account()).id == scene.reader.id
        await client.close()

    run(story)


def test_nobody_there_is_said_at_once_and_the_next_request_finds_who_came_back(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        client = example.client(scene, await example.sign_in(scene, tmp_path / "session"))
        await client.connect()
        await scene.server.stop()
        for _ in range(3):
            with pytest.raises(Unreachable, match="broke off or was refused"):
                await client.account()
        await scene.server.start()
        assert (await client.account()).id == scene.reader.id
        await client.close()

    run(story)


def test_many_requests_at_once_share_one_connection(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        client = example.client(scene, await example.sign_in(scene, tmp_path / "session"))
        found = await asyncio.gather(*(client.account() for _ in range(20)))
        assert {account.id for account in found} == {scene.reader.id}
        assert len(scene.server.connections) == 1
        scene.server.close_connections()
        again = await asyncio.gather(*(client.account() for _ in range(20)), return_exceptions=True)
        assert {type(one) for one in again} <= {type(found[0]), Unreachable}
        assert len({one.connection for one in scene.server.journal.of("users.getUsers")}) <= 3
        await client.close()

    run(story)


def test_a_cancelled_request_is_cancelled_and_the_connection_stands(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        client = example.client(scene, await example.sign_in(scene, tmp_path / "session"))
        await client.connect()
        scene.server.faults.add("users.getUsers", faults.SlowAnswer(0.2))
        task = asyncio.create_task(client.account())
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await client.account()).id == scene.reader.id
        assert len(scene.server.connections) == 1
        await client.close()

    run(story)


def test_a_connection_cut_off_is_no_cancellation_of_the_caller(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        client = example.client(scene, await example.sign_in(scene, tmp_path / "session"))
        await client.connect()
        scene.server.faults.add("users.getUsers", faults.SlowAnswer(5))
        task = asyncio.create_task(client.account())
        await asyncio.sleep(0.05)
        await client.disconnect()
        with pytest.raises(Unreachable, match="broke off"):
            await task
        await client.close()

    run(story)


async def _listen(client: Client, heard: list[object]) -> None:
    try:
        async for update in client.updates():
            heard.append(update)
        heard.append("end")
    except SourceError as error:
        heard.append(error)


DEATHS = {
    "forgotten": ("", "Telegram does not know this session any more"),
    "revoked": ("SESSION_REVOKED", "this session was ended from another device"),
    "duplicated": ("AUTH_KEY_DUPLICATED", "the session was used from two addresses at once"),
    "banned": ("USER_DEACTIVATED_BAN", "Telegram has banned this account"),
}


@pytest.mark.parametrize(("error", "said"), DEATHS.values(), ids=DEATHS)
def test_a_session_that_dies_is_noticed_without_asking(tmp_path: Path, error: str, said: str) -> None:
    async def story(scene: Scene) -> None:
        client = example.client(scene, await example.sign_in(scene, tmp_path / "session"))
        heard: list[object] = []
        listening = asyncio.create_task(_listen(client, heard))
        await until(lambda: scene.server.journal.count("updates.getState") > 1)
        if error:
            scene.server.end_sessions(scene.reader, error)
            scene.server.close_connections(scene.reader)
        else:
            scene.server.forget_keys(scene.reader)
        await listening
        assert [type(one) for one in heard] == [Unreachable], "the connection broke, nothing says why yet"
        await _listen(client, heard)
        assert isinstance(heard[-1], AccessLost)
        assert said in str(heard[-1])
        await client.close()

    run(story)


def test_what_is_pushed_is_heard_by_all_who_listen_and_an_end_is_an_end(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        scene.world.join(scene.news, scene.reader)
        client = example.client(scene, await example.sign_in(scene, tmp_path / "session"))
        await client.connect()
        heard: list[list[object]] = [[], []]
        tasks = [asyncio.create_task(_listen(client, one)) for one in heard]
        await asyncio.sleep(0)
        scene.world.post(scene.news, "новость")
        await until(lambda: all(heard))
        await client.close()
        await asyncio.gather(*tasks)
        assert [[type(one) for one in mine] for mine in heard] == [[types.Updates, str]] * 2

    run(story)


def test_nothing_is_asked_beyond_what_we_ask(tmp_path: Path) -> None:
    # telethon's own loop would ask for the difference of the account and of each channel in which something is missing.
    async def story(scene: Scene) -> None:
        scene.world.join(scene.news, scene.reader)
        client = example.client(scene, await example.sign_in(scene, tmp_path / "session"))
        heard: list[object] = []
        listening = asyncio.create_task(_listen(client, heard))
        await until(lambda: scene.server.journal.count("updates.getState") > 1)
        await asyncio.sleep(0.3)  # the answer is on its way; only then is anything pushed
        scene.server.journal.clear()
        scene.server.faults.updates.lose(times=2)
        for number in range(4):
            scene.world.post(scene.news, f"новость {number}")
        scene.world.forget_changes(scene.news)
        scene.world.post(scene.news, "ещё одна")
        await until(lambda: len(heard) == 3)
        await asyncio.sleep(0.7)  # telethon waits half a second before it fills a gap
        assert scene.server.journal.requests == []
        await client.close()
        await listening

    run(story)


def test_a_connection_from_which_nothing_comes_back_is_said_to_be_broken(tmp_path: Path) -> None:
    # telethon notices that by its own pings, a minute apart; here it is told that one was not answered.
    async def story(scene: Scene) -> None:
        client = example.client(scene, await example.sign_in(scene, tmp_path / "session"))
        heard: list[object] = []
        listening = asyncio.create_task(_listen(client, heard))
        await until(lambda: scene.server.journal.count("updates.getState") > 1)
        client.telethon._sender._keepalive_ping(1)
        client.telethon._sender._keepalive_ping(2)
        await listening
        assert [type(one) for one in heard] == [Unreachable]
        assert (await client.account()).id == scene.reader.id
        await client.close()

    run(story)


def test_a_request_that_is_not_answered_ends_the_connection_for_the_listeners_too(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        client = example.client(scene, await example.sign_in(scene, tmp_path / "session"), patience=0.3)
        heard: list[object] = []
        listening = asyncio.create_task(_listen(client, heard))
        await until(lambda: scene.server.journal.count("updates.getState") > 1)
        scene.server.faults.add("users.getUsers", faults.HalfOpen())
        with pytest.raises(Unreachable, match="does not answer"):
            await client.account()
        await listening
        assert [str(one) for one in heard] == ["Telegram does not answer; if that lasts, look at the network"]
        await client.close()

    run(story)


def test_a_bot_hears_its_chats_and_sends_each_message_once(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        heard: list[str] = []

        async def on_message(event: events.NewMessage.Event) -> None:
            heard.append(event.raw_text)

        bot = Client(
            lambda: new_session(tmp_path / "session", BOT),
            example.APP,
            example.server(scene),
            events=True,
            handlers=[(on_message, events.NewMessage(incoming=True))],
        )
        assert (await by_token(bot, scene.bot.token or "")).bot
        scene.world.send(scene.analyst, scene.bot, "/status")
        await until(lambda: heard)
        peer = types.InputPeerUser(scene.analyst.id, access_hash(scene.bot, scene.analyst))
        for _ in range(2):
            scene.server.faults.add("messages.sendMessage", faults.LostAnswer())
            with pytest.raises(Unreachable):
                await bot.request(functions.messages.SendMessageRequest(peer, "тревога", random_id=77), "send")
        await bot.request(functions.messages.SendMessageRequest(peer, "тревога", random_id=77), "send")
        told = [message.message for message in scene.analyst.box.messages.values()]
        assert (heard, told.count("тревога")) == (["/status"], 1)
        await bot.close()
        assert sorted(path.name for path in (tmp_path / "session").iterdir()) == ["bot.lock", "bot.session"]

    run(story)


ADDRESSES = {
    "the same data centre elsewhere": (2, True),
    "another data centre": (4, False),
}


@pytest.mark.parametrize(("dc", "taken"), ADDRESSES.values(), ids=ADDRESSES)
def test_a_session_with_a_key_goes_to_another_address_of_its_own_data_centre_only(
    tmp_path: Path, dc: int, taken: bool
) -> None:
    async def story(scene: Scene) -> None:
        folder = await example.sign_in(scene, tmp_path / "session")
        elsewhere = Server(dc, "localhost", scene.server.port, example.server(scene).key)
        client = Client(lambda: existing_session(folder), example.APP, elsewhere)
        await client.connect()
        assert (client.telethon.session.dc_id, client.telethon.session.server_address) == (
            (2, "localhost") if taken else (2, "127.0.0.1")
        )
        await client.close()

    run(story)


def test_a_key_of_the_server_that_is_none_is_said_to_be_none(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        folder = await example.sign_in(scene, tmp_path / "session")
        client = Client(
            lambda: existing_session(folder), example.APP, Server(2, "127.0.0.1", scene.server.port, "no key")
        )
        for _ in range(2):  # and the session is let go, so that it can be tried again
            with pytest.raises(AccessLost, match="is no public RSA key"):
                await client.connect()
        await client.close()

    run(story)
