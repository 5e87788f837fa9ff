"""People, the configuration, and names."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from telethon.tl import types
from telethon.tl.functions import contacts, users
from telethon.tl.functions import help as help_

from tests.loopback import wire
from tests.loopback.errors import RpcError, bad_request
from tests.loopback.messages import now
from tests.loopback.methods import lookup
from tests.loopback.methods.table import method
from tests.loopback.peers import Channel, show_channel, show_user
from tests.loopback.rpc import Call


@method(help_.GetConfigRequest, anyone=True)
def get_config(call: Call) -> Any:
    """Say who this data centre is, and how long messages may be."""
    server = call.server
    return wire.fill(
        types.Config,
        date=now(),
        expires=now() + timedelta(hours=1),
        this_dc=server.dc,
        dc_options=[
            types.DcOption(dc, "127.0.0.1", server.port) for dc in sorted({server.dc, *call.world.file_dcs.values()})
        ],
        me_url_prefix="https://t.me/",
        message_length_max=4096,
        caption_length_max=1024,
        edit_time_limit=172_800,
    )


@method(users.GetUsersRequest)
def get_users(call: Call) -> Any:
    """Show users; those named with a wrong access hash come back empty."""
    shown: list[Any] = []
    for named in call.request.id:
        try:
            shown.append(show_user(lookup.user(call, named), call.account))
        except RpcError:
            shown.append(types.UserEmpty(getattr(named, "user_id", 0)))
    return shown


@method(users.GetFullUserRequest)
def get_full_user(call: Call) -> Any:
    """Show one user with all that is known."""
    user = lookup.user(call, call.request.id)
    about = wire.fill(types.UserFull, id=user.id, blocked=user.id in call.account.blocked or None)
    if user.bot:
        commands = user.commands.get(("BotCommandScopeDefault", ""))
        about.bot_info = types.BotInfo(user_id=user.id, commands=commands)
    return types.users.UserFull(about, [], [show_user(user, call.account)])


@method(contacts.ResolveUsernameRequest)
def resolve_username(call: Call) -> Any:
    """Say who has a user name: a user, a bot, a channel or a supergroup."""
    name = call.request.username
    if not re.fullmatch(r"[A-Za-z]\w{3,31}", name, re.ASCII):
        raise bad_request("USERNAME_INVALID")
    found = call.world.find(name)
    if found is None:
        raise bad_request("USERNAME_NOT_OCCUPIED")
    if isinstance(found, Channel):
        return types.contacts.ResolvedPeer(found.peer, [show_channel(found, call.account)], [])
    return types.contacts.ResolvedPeer(found.peer, [], [show_user(found, call.account)])
