"""What only bots do, and what people do with bots."""

from __future__ import annotations

import re
from typing import Any

from telethon.tl import types
from telethon.tl.functions import bots, messages

from tests.loopback.errors import bad_request
from tests.loopback.methods import lookup
from tests.loopback.methods.table import method
from tests.loopback.rpc import Call


def _scope(call: Call) -> tuple[str, str]:
    return type(call.request.scope).__name__, call.request.lang_code


@method(bots.SetBotCommandsRequest, users=False)
def set_bot_commands(call: Call) -> Any:
    """Set the list of commands that people see."""
    for command in call.request.commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", command.command):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(command.description) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    if len(call.request.commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    call.account.commands[_scope(call)] = call.request.commands
    return True


@method(bots.GetBotCommandsRequest, users=False)
def get_bot_commands(call: Call) -> Any:
    """Return the list of commands that was set."""
    return list(call.account.commands.get(_scope(call), []))


@method(bots.ResetBotCommandsRequest, users=False)
def reset_bot_commands(call: Call) -> Any:
    """Take the list of commands away."""
    call.account.commands.pop(_scope(call), None)
    return True


@method(messages.GetBotCallbackAnswerRequest, bots=False)
async def get_bot_callback_answer(call: Call) -> Any:
    """Press a button, and wait for what the bot says to it."""
    request = call.request
    place = lookup.peer(call, request.peer)
    return await call.server.queries.ask(call.world, call.account, place, request.msg_id, request.data or b"")


@method(messages.SetBotCallbackAnswerRequest, users=False)
def set_bot_callback_answer(call: Call) -> Any:
    """Answer the press of a button."""
    request = call.request
    if len(request.message or "") > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    shown = types.messages.BotCallbackAnswer(
        cache_time=request.cache_time,
        alert=request.alert or None,
        message=request.message or None,
        url=request.url or None,
        has_url=bool(request.url) or None,
    )
    call.server.queries.answer(call.account, request.query_id, shown)
    return True
