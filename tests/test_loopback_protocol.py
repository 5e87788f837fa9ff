"""The loopback server's protocol, as a real client sees it: transports, keys, salts, faults of the connection."""

from __future__ import annotations

import asyncio
import hashlib
import time
from typing import Any

import pytest
from telethon import TelegramClient, errors
from telethon.crypto import AES, AuthKey
from telethon.crypto.rsa import get_byte_array
from telethon.network import ConnectionTcpAbridged, ConnectionTcpFull, ConnectionTcpIntermediate
from telethon.tl import functions, types

from tests.loopback import LoopbackThread, faults
from tests.loopback.faults import Fault
from tests.loopback.handshake import Handshake
from tests.loopback.journal import Journal, Request
from tests.loopback.peers import User
from tests.loopback.scene import Scene, run, until


@pytest.mark.parametrize("transport", [ConnectionTcpFull, ConnectionTcpAbridged, ConnectionTcpIntermediate])
def test_each_transport_carries_short_and_long_answers(transport: type) -> None:
    async def story(scene: Scene) -> None:
        client = await scene.reader_client(connection=transport)
        for number in range(60):
            scene.world.post(scene.news, f"post {number} " + "слово " * 200)
        found = await client.get_messages(scene.news.username, limit=60)
        assert [message.id for message in found] == list(range(60, 0, -1))
        assert (await client.get_me()).id == scene.reader.id

    run(story)


def test_a_key_that_begins_with_zeros_is_the_clients_shorter_one() -> None:
    # Telethon drops leading zeros of keys: a server that did not would fail one handshake in 256.
    handshake = Handshake()
    handshake._cipher, handshake._secret = (bytes(32), bytes(32)), 1
    shared = get_byte_array(2**2000 + 12345)
    inner = bytes(types.ClientDHInnerData(1, 2, 0, shared))
    sealed = AES.encrypt_ige(hashlib.sha1(inner).digest() + inner, *handshake._cipher)
    handshake.answer(functions.SetClientDHParamsRequest(1, 2, sealed))
    assert handshake.key == AuthKey(shared)
    assert len(shared) == 251


def test_a_session_outlives_the_client_and_a_restart_of_the_server() -> None:
    async def story(scene: Scene) -> None:
        first = await scene.reader_client()
        await first.disconnect()
        await scene.server.restart()
        again = await scene.client(session=first.session)
        assert (await again.get_me()).id == scene.reader.id
        assert scene.server.journal.count("auth.signIn") == 1

    run(story)


def test_a_changed_salt_is_taken_over() -> None:
    async def story(scene: Scene) -> None:
        client = await scene.reader_client()
        scene.server.faults.add("users.getUsers", faults.NewSalt())
        assert (await client.get_me()).id == scene.reader.id
        scene.server.change_salt()
        assert (await client.get_me()).id == scene.reader.id
        assert client._sender._state.salt == scene.server.salt

    run(story)


@pytest.mark.parametrize("hours", [-1, 24])
def test_a_client_whose_clock_is_wrong_is_set_right(hours: int) -> None:
    async def story(scene: Scene) -> None:
        client = await scene.reader_client()
        client._sender._state.time_offset = hours * 3600
        client._sender._state._last_msg_id = 0
        assert (await client.get_me()).id == scene.reader.id
        assert abs(client._sender._state.time_offset) <= 1

    run(story)


def test_updates_and_answers_go_through_one_connection_side_by_side() -> None:
    async def story(scene: Scene) -> None:
        client = await scene.reader_client()
        scene.server.faults.add("users.getUsers", faults.Slow(0.2))
        slow = asyncio.create_task(client.get_me())
        await until(lambda: scene.server.journal.count("users.getUsers"))
        assert (await client.get_entity(scene.news.username)).id == scene.news.id
        assert not slow.done()
        assert (await slow).id == scene.reader.id

    run(story)


GONE = [faults.Drop(), faults.LostAnswer(), faults.Truncated()]


@pytest.mark.parametrize("fault", GONE, ids=lambda fault: type(fault).__name__)
def test_a_lost_connection_makes_the_client_ask_again(fault: Fault) -> None:
    async def story(scene: Scene) -> None:
        client = await scene.reader_client()
        scene.server.journal.clear()
        scene.server.faults.add("contacts.resolveUsername", fault)
        assert (await client.get_entity(scene.news.username)).id == scene.news.id
        asked = scene.server.journal.of("contacts.resolveUsername")
        assert len(asked) == len({request.connection for request in asked}) == 2

    run(story)


def test_a_half_open_connection_stays_open_and_silent() -> None:
    async def story(scene: Scene) -> None:
        client = await scene.reader_client()
        scene.server.faults.add("users.getUsers", faults.HalfOpen())
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(client.get_me(), 0.2)
        assert client.is_connected()
        other = await scene.reader_client()
        assert (await other.get_me()).id == scene.reader.id

    run(story)


def test_a_server_that_closes_at_once_refuses_the_client() -> None:
    async def story(scene: Scene) -> None:
        scene.server.refuse = True
        with pytest.raises(asyncio.IncompleteReadError):
            await scene.client(connection_retries=1, retry_delay=0)

    run(story)


def test_a_forgotten_key_is_told_as_such() -> None:
    async def story(scene: Scene) -> None:
        client = await scene.reader_client()
        scene.server.forget_keys(scene.reader)
        with pytest.raises(errors.AuthKeyNotFound):
            await client.disconnected

    run(story)


ENDED = [
    ("SESSION_REVOKED", errors.SessionRevokedError),
    ("AUTH_KEY_UNREGISTERED", errors.AuthKeyUnregisteredError),
    ("AUTH_KEY_DUPLICATED", errors.AuthKeyDuplicatedError),
    ("USER_DEACTIVATED_BAN", errors.UserDeactivatedBanError),
]


@pytest.mark.parametrize(("error", "raised"), ENDED)
def test_an_ended_session_stays_ended_and_others_go_on(error: str, raised: type[Exception]) -> None:
    async def story(scene: Scene) -> None:
        client, bot = await scene.reader_client(), await scene.bot_client()
        scene.server.end_sessions(scene.reader, error)
        await scene.server.restart()
        for _ in range(2):
            with pytest.raises(raised):
                await client(functions.updates.GetStateRequest())
        assert (await bot.get_me()).id == scene.bot.id

    run(story)


FAILED = [
    (faults.flood_wait(7), errors.FloodWaitError, 7),
    (faults.flood_premium_wait(3), errors.FloodPremiumWaitError, 3),
    (faults.slowmode_wait(9), errors.SlowModeWaitError, 9),
    (faults.CHANNEL_PRIVATE, errors.ChannelPrivateError, None),
    (faults.CHANNEL_INVALID, errors.ChannelInvalidError, None),
    (faults.AUTH_KEY_UNREGISTERED, errors.AuthKeyUnregisteredError, None),
    (faults.UnknownConstructor(), errors.TypeNotFoundError, None),
]


@pytest.mark.parametrize(("fault", "raised", "seconds"), FAILED, ids=lambda value: getattr(value, "message", ""))
def test_a_planned_error_is_raised_once(fault: Fault, raised: type[Exception], seconds: int | None) -> None:
    async def story(scene: Scene) -> None:
        client = await scene.reader_client()
        channel = await client.get_input_entity(scene.news.username)
        scene.server.faults.add("messages.getHistory", fault)
        with pytest.raises(raised) as failure:
            await client.get_messages(channel, limit=1)
        assert getattr(failure.value, "seconds", None) == seconds
        client._flood_waited_requests.clear()
        assert await client.get_messages(channel, limit=1) == []

    run(story)


INTERNAL = [
    (faults.INTERNAL, errors.ServerError),
    (faults.TIMEOUT, errors.TimedOutError),
]


@pytest.mark.parametrize(("fault", "raised"), INTERNAL, ids=["500", "-503"])
def test_internal_errors_are_those_that_telethon_retries(fault: Fault, raised: type[Exception]) -> None:
    async def story(scene: Scene) -> None:
        client = await scene.reader_client()
        scene.server.faults.add("users.getUsers", fault)
        request = functions.users.GetUsersRequest([types.InputUserSelf()])
        # Not through the client, which would wait for two seconds.
        with pytest.raises(raised):
            await client._sender.send(request)
        assert [user.id for user in await client._sender.send(request)] == [scene.reader.id]

    run(story)


def _failures(scene: Scene, method: str, calls: int, account: User | None = None) -> list[bool]:
    return [scene.server.faults.next(method, account) is not None for _ in range(calls)]


def test_faults_come_as_planned() -> None:
    async def story(scene: Scene) -> None:
        plan = scene.server.faults
        plan.add("messages.getHistory", faults.Drop(), times=2, skip=1)
        assert _failures(scene, "messages.getHistory", 5) == [False, True, True, False, False]
        plan.add("*", faults.Drop(), account=scene.bot)
        assert _failures(scene, "users.getUsers", 2, scene.reader) == [False, False]
        assert _failures(scene, "users.getUsers", 2, scene.bot) == [True, False]
        plan.add("messages.getHistory", faults.Drop(), times=None, probability=0.25)
        assert 200 < sum(_failures(scene, "messages.getHistory", 1000)) < 300
        plan.clear()
        assert not any(_failures(scene, "messages.getHistory", 50))

    run(story)


def test_the_journal_tells_who_asked_what_and_how_often() -> None:
    async def story(scene: Scene) -> None:
        client, bot = await scene.reader_client(), await scene.bot_client()
        journal = scene.server.journal
        journal.clear()
        before = time.monotonic()
        for _ in range(3):
            await client.get_me()
        await bot.get_me()
        counts = {user.first_name: journal.count("users.getUsers", user) for user in (scene.reader, scene.bot)}
        assert counts == {"Reader": 3, "Alerts": 1}
        assert journal.count() == 4
        assert journal.most_in(60) == 4
        assert journal.most_in(60, account=scene.bot) == 1
        assert all(before <= request.time <= time.monotonic() for request in journal.requests)

    run(story)


def test_the_journal_finds_the_busiest_stretch_of_time() -> None:
    journal = Journal()
    for moment in (0, 10, 55, 59.9, 60, 61, 200):
        journal.requests.append(Request(moment, moment, "users.getUsers", None, None, 1))
    assert {seconds: journal.most_in(seconds) for seconds in (1, 10, 60, 1000)} == {1: 2, 10: 4, 60: 5, 1000: 7}


def test_an_unknown_method_is_refused_and_noted() -> None:
    async def story(scene: Scene) -> None:
        client = await scene.reader_client()
        with pytest.raises(errors.BadRequestError):
            await client(functions.help.GetNearestDcRequest())
        assert scene.server.unknown == ["help.getNearestDc"]
        scene.server.unknown.clear()

    run(story)


def test_bytes_that_are_no_packet_end_the_connection_only() -> None:
    async def story(scene: Scene) -> None:
        client = await scene.reader_client()
        for rubbish in (b"GET / HTTP/1.1\r\n\r\n", b"\xef\x02" + b"\1" * 8, b"\xee" * 4 + b"\x40\0\0\0" + b"\7" * 64):
            reader, writer = await asyncio.open_connection("127.0.0.1", scene.server.port)
            writer.write(rubbish)
            writer.write_eof()
            await asyncio.wait_for(reader.read(), 2)
            writer.close()
            await writer.wait_closed()
        assert (await client.get_me()).id == scene.reader.id

    run(story)


async def _texts(session: Any) -> list[str]:
    client = TelegramClient(session, 1, "hash")
    await client.connect()
    try:
        await client.send_code_request("15550001")
        await client.sign_in("15550001", "22222")
        return [message.message async for message in client.iter_messages("news_example")]
    finally:
        await client.disconnect()


def test_the_server_runs_in_a_thread_for_tests_without_a_loop() -> None:
    with LoopbackThread() as server:
        news = server.world.add_channel("news_example")
        server.world.add_user("Reader", phone="15550001")
        post = server.world.post(news, "first post")
        assert asyncio.run(_texts(server.session())) == ["first post"]
        server.world.edit(news, post.id, "edited post")
        server.faults.add("messages.getHistory", faults.Drop())
        server.restart()
        assert asyncio.run(_texts(server.session())) == ["edited post"]
        assert server.journal.count("messages.getHistory") == 3
        assert server.errors == []
