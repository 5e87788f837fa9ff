"""Signing in and out: by phone code, password, QR code and bot token (core.telegram.org/api/auth)."""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime
from typing import Any

from telethon.tl import types
from telethon.tl.functions import account, auth

from tests.loopback.errors import RpcError, bad_request
from tests.loopback.methods.table import method
from tests.loopback.passwords import PasswordCheck
from tests.loopback.peers import User, show_user
from tests.loopback.rpc import Call


def _check_api(call: Call) -> None:
    accepted = call.server.api
    if accepted is not None and (call.request.api_id, call.request.api_hash) != accepted:
        raise bad_request("API_ID_INVALID")


def _authorization(user: User) -> types.auth.Authorization:
    return types.auth.Authorization(show_user(user, user))


@method(auth.SendCodeRequest, auth.ResendCodeRequest, anyone=True)
def send_code(call: Call) -> Any:
    """Send a code to a phone number, whether or not it has an account."""
    if isinstance(call.request, auth.SendCodeRequest):
        _check_api(call)
    if not re.fullmatch(r"\+?[\d ()-]{7,20}", call.request.phone_number):
        raise RpcError(406, "PHONE_NUMBER_INVALID")
    login = call.connection.login
    login.phone_code_hash = secrets.token_hex(9)
    return types.auth.SentCode(types.auth.SentCodeTypeApp(len(call.server.login_code)), login.phone_code_hash)


@method(auth.SignInRequest, anyone=True)
def sign_in(call: Call) -> Any:
    """Sign in with the code."""
    login, request = call.connection.login, call.request
    if not request.phone_code:
        raise bad_request("PHONE_CODE_EMPTY")
    if not login.phone_code_hash or request.phone_code_hash != login.phone_code_hash:
        raise bad_request("PHONE_CODE_EXPIRED")
    if request.phone_code != call.server.login_code:
        raise bad_request("PHONE_CODE_INVALID")
    user = call.world.by_phone(request.phone_number)
    if user is None:
        return types.auth.AuthorizationSignUpRequired()
    if user.deleted:
        raise bad_request("PHONE_NUMBER_BANNED")
    return _authorization(login.finish(user))


@method(account.GetPasswordRequest, anyone=True)
def get_password(call: Call) -> Any:
    """Ask for the password of whoever is signed in, or half signed in."""
    login = call.connection.login
    who = login.account or login.half
    if who is None:
        raise RpcError(401, "AUTH_KEY_UNREGISTERED")
    login.check = PasswordCheck(who.password)
    return login.check.question()


@method(auth.CheckPasswordRequest, anyone=True)
def check_password(call: Call) -> Any:
    """Sign in with the password."""
    login = call.connection.login
    if login.half is None or login.check is None:
        raise RpcError(401, "AUTH_KEY_UNREGISTERED")
    login.check.verify(call.request.password)
    login.account, login.half, login.check = login.half, None, None
    return _authorization(login.account)


@method(auth.ExportLoginTokenRequest, anyone=True)
def export_login_token(call: Call) -> Any:
    """Give a token to show as a QR code, or sign in if it was accepted."""
    _check_api(call)
    code, token = call.server.logins.qr_token(call.connection.key_id)
    if token.accepted_by is None:
        return types.auth.LoginToken(datetime.fromtimestamp(int(token.expires), UTC), code)
    call.server.logins.redeem(code)
    return types.auth.LoginTokenSuccess(_authorization(call.connection.login.finish(token.accepted_by)))


@method(auth.ImportLoginTokenRequest, anyone=True)
def import_login_token(call: Call) -> Any:
    """Sign in with a token that was accepted; raises AUTH_TOKEN_INVALID for any other."""
    token = call.server.logins.tokens.get(call.request.token)
    if token is None or token.accepted_by is None:
        raise bad_request("AUTH_TOKEN_INVALID")
    call.server.logins.redeem(call.request.token)
    return types.auth.LoginTokenSuccess(_authorization(call.connection.login.finish(token.accepted_by)))


@method(auth.AcceptLoginTokenRequest, bots=False)
def accept_login_token(call: Call) -> Any:
    """Let another client in whose QR code was scanned."""
    call.server.let_in(call.request.token, call.account)
    then = datetime.now(UTC).replace(microsecond=0)
    return types.Authorization(
        hash=secrets.randbits(62),
        device_model="loopback",
        platform="",
        system_version="",
        api_id=1,
        app_name="loopback",
        app_version="1",
        date_created=then,
        date_active=then,
        ip="127.0.0.1",
        country="",
        region="",
    )


@method(auth.ImportBotAuthorizationRequest, anyone=True)
def import_bot_authorization(call: Call) -> Any:
    """Sign a bot in."""
    _check_api(call)
    token = call.request.bot_auth_token
    bot = next((user for user in call.world.users.values() if user.bot and user.token == token), None)
    if bot is None or bot.deleted:
        raise bad_request("ACCESS_TOKEN_INVALID")
    return _authorization(call.connection.login.finish(bot))


@method(auth.ExportAuthorizationRequest)
def export_authorization(call: Call) -> Any:
    """Give what lets the account in at another data centre."""
    dc = call.request.dc_id
    if dc not in call.world.file_dcs.values():
        raise bad_request("DC_ID_INVALID")
    code = secrets.token_bytes(16)
    call.server.logins.exported[code] = (call.account, dc)
    return types.auth.ExportedAuthorization(call.account.id, code)


@method(auth.ImportAuthorizationRequest, anyone=True)
def import_authorization(call: Call) -> Any:
    """Let an account in that another data centre has sent; the data centres of this server share an address."""
    account, dc = call.server.logins.exported.pop(call.request.bytes, (None, None))
    if account is None or account.id != call.request.id:
        raise bad_request("AUTH_BYTES_INVALID")
    call.connection.login.account, call.connection.login.dc = account, dc
    return _authorization(account)


@method(auth.LogOutRequest)
def log_out(call: Call) -> Any:
    """Sign this session out."""
    call.server.logins.sign_out(call.connection.key_id)
    return types.auth.LoggedOut()
