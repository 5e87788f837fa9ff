"""Signing in to the loopback server: code, password, QR code, bot token, and signing out."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from telethon import errors
from telethon.sessions import MemorySession
from telethon.tl.functions.auth import AcceptLoginTokenRequest

from tests.loopback import faults
from tests.loopback.scene import Scene, run, until


def test_a_code_signs_in_and_logging_out_ends_it() -> None:
    async def story(scene: Scene) -> None:
        client = await scene.client()
        assert not await client.is_user_authorized()
        await client.send_code_request("+1 555 0001")
        me = await client.sign_in("+1 555 0001", "22222")
        assert (me.id, me.is_self, me.phone, me.bot) == (scene.reader.id, True, "15550001", False)
        key = client.session.auth_key
        await client.log_out()
        old = MemorySession()
        old.auth_key = key
        again = await scene.client(session=old)
        assert not await again.is_user_authorized()

    run(story)


WRONG_CODES = [
    ("11111", errors.PhoneCodeInvalidError),
    ("22222", errors.PhoneCodeExpiredError),
]


@pytest.mark.parametrize(("code", "raised"), WRONG_CODES)
def test_a_wrong_or_old_code_is_refused(code: str, raised: type[Exception]) -> None:
    async def story(scene: Scene) -> None:
        client = await scene.client()
        old = await client.send_code_request(scene.reader.phone)
        given = old.phone_code_hash
        if raised is errors.PhoneCodeExpiredError:
            given = "of an earlier attempt"
        with pytest.raises(raised):
            await client.sign_in(scene.reader.phone, code, phone_code_hash=given)
        assert not await client.is_user_authorized()

    run(story)


def test_numbers_that_are_none_or_nobodys() -> None:
    async def story(scene: Scene) -> None:
        client = await scene.client()
        with pytest.raises(errors.PhoneNumberInvalidError):
            await client.send_code_request("12")
        await client.send_code_request("15559999")
        with pytest.raises(errors.PhoneNumberUnoccupiedError):
            await client.sign_in("15559999", "22222")
        scene.server.faults.add("auth.sendCode", faults.Fail(400, "PHONE_NUMBER_BANNED"))
        with pytest.raises(errors.PhoneNumberBannedError):
            await client.send_code_request(scene.analyst.phone)

    run(story)


def test_a_password_is_asked_for_after_the_code() -> None:
    async def story(scene: Scene) -> None:
        scene.reader.password = "correct horse"
        client = await scene.client()
        await client.send_code_request(scene.reader.phone)
        with pytest.raises(errors.SessionPasswordNeededError):
            await client.sign_in(scene.reader.phone, "22222")
        with pytest.raises(errors.PasswordHashInvalidError):
            await client.sign_in(password="wrong horse")
        assert not await client.is_user_authorized()
        assert (await client.sign_in(password="correct horse")).id == scene.reader.id

    run(story)


def test_a_qr_code_lets_in_whoever_scans_it() -> None:
    async def story(scene: Scene) -> None:
        phone, client = await scene.reader_client(), await scene.client()
        code = await client.qr_login()
        assert code.url.startswith("tg://login?token=")
        waiting = asyncio.create_task(code.wait(5))
        await asyncio.sleep(0.05)
        await phone(AcceptLoginTokenRequest(code.token))
        assert (await waiting).id == scene.reader.id
        assert (await client.get_me()).id == scene.reader.id
        with pytest.raises(errors.AuthTokenInvalidError):
            await phone(AcceptLoginTokenRequest(code.token))

    run(story)


def test_a_qr_code_may_need_the_password_too() -> None:
    async def story(scene: Scene) -> None:
        scene.reader.password = "correct horse"
        client = await scene.client()
        code = await client.qr_login()
        waiting = asyncio.create_task(code.wait(5))
        await asyncio.sleep(0.05)
        scene.server.accept_qr(scene.reader)
        with pytest.raises(errors.SessionPasswordNeededError):
            await waiting
        assert (await client.sign_in(password="correct horse")).id == scene.reader.id

    run(story)


def test_a_bot_signs_in_with_its_token_only() -> None:
    async def story(scene: Scene) -> None:
        client = await scene.client()
        for token in (f"{scene.bot.id}:wrong", f"{scene.reader.id}:loopback-bot-secret", "nonsense"):
            with pytest.raises(errors.AccessTokenInvalidError):
                await client.sign_in(bot_token=token)
        me = await client.sign_in(bot_token=scene.bot.token)
        assert (me.id, me.bot, me.username) == (scene.bot.id, True, "alerts_example_bot")

    run(story)


def test_a_wrong_api_hash_is_refused_everywhere() -> None:
    async def story(scene: Scene) -> None:
        client = await scene.client()
        attempts: list[Any] = [
            client.send_code_request(scene.reader.phone),
            client.sign_in(bot_token=scene.bot.token),
            client.qr_login(),
        ]
        for attempt in attempts:
            with pytest.raises(errors.ApiIdInvalidError):
                await attempt

    run(story, api=(1, "another hash"))


def test_several_clients_of_one_account_hear_of_each_other() -> None:
    async def story(scene: Scene) -> None:
        one, other = await scene.reader_client(), await scene.reader_client()
        heard: list[Any] = []
        echoed: list[Any] = []

        async def hear(update: Any) -> None:
            heard.append(update)

        async def hear_echo(update: Any) -> None:
            echoed.append(update)

        other.add_event_handler(hear)
        one.add_event_handler(hear_echo)
        await one.send_message(scene.analyst.username, "hello")
        await until(lambda: [type(update).__name__ for update in heard] == ["UpdateNewMessage"])
        assert heard[0].message.out
        # The client that wrote has its answer, and is not told again.
        await one.get_me()
        assert echoed == []

    run(story)
