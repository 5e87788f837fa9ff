"""A look at the analyst chat before the start: who the bot is, whether it may write there, whom it would answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from telethon.tl import functions, types

from monitor.alerts.notifier import NotifierError
from monitor.sources.source import SourceError, Unreachable, Wait
from monitor.telegram.accounts import Account
from monitor.telegram.bot import Bot
from monitor.telegram.chat import ChatNotifier, notifier_error


@dataclass(frozen=True, slots=True)
class ChatLook:
    """What was seen: the bot, why it cannot write (None: it can), and which analysts are people, bots, or not known."""

    bot: Account
    fault: str | None
    people: tuple[int, ...]
    bots: tuple[int, ...]
    unknown: tuple[int, ...]


async def look(bot: Bot, notifier: ChatNotifier, analysts: Sequence[int]) -> ChatLook:
    """Ask Telegram, and write nothing: the bot shows as typing for a moment. SourceError where there is no answer."""
    account = await bot.account()
    fault = await _fault(bot, notifier)
    people: list[int] = []
    bots: list[int] = []
    unknown: list[int] = []
    for one in analysts:
        if one == account.id:
            bots.append(one)  # its own number in place of a person's
            continue
        found = await bot.request(functions.users.GetUsersRequest([types.InputUser(one, 0)]), "chat")
        user = found[0] if found else None
        if not isinstance(user, types.User):
            unknown.append(one)
        else:
            (bots if user.bot else people).append(one)
    return ChatLook(account, fault, tuple(people), tuple(bots), tuple(unknown))


async def _fault(bot: Bot, notifier: ChatNotifier) -> str | None:
    try:
        peer = await notifier.peer()
        typing = functions.messages.SetTypingRequest(peer, types.SendMessageTypingAction())
        await bot.request(typing, "chat")
    except NotifierError as error:
        if error.passing or error.retry_after is not None:
            raise Unreachable(str(error)) from error
        return str(error)
    except (Unreachable, Wait):
        raise
    except SourceError as error:
        return str(notifier_error(error))
    return None
