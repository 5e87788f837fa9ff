"""What telethon and Telegram say went wrong, in the words of `monitor.sources.source`; nowhere else."""

from __future__ import annotations

import re

from telethon import errors

from monitor.sources.source import (
    AccessLost,
    ChannelGone,
    SourceError,
    Unreachable,
    Unreadable,
    Wait,
)

_AGAIN = "sign in again with `monitor login`"
_LOST: dict[type[Exception], str] = {
    errors.SessionRevokedError: f"this session was ended from another device; find out who ended it, then {_AGAIN}",
    errors.SessionExpiredError: f"this session has expired; {_AGAIN}",
    errors.AuthKeyDuplicatedError: "the session was used from two addresses at once, so Telegram has ended it;"
    f" run it in one place only, and {_AGAIN}",
    errors.UserDeactivatedBanError: "Telegram has banned this account; write to recover@telegram.org, or sign in"
    " another account with `monitor login`",
    errors.PhoneNumberBannedError: "Telegram has banned this phone number; write to recover@telegram.org, or sign in"
    " another account",
    errors.UserDeactivatedError: "this account was deleted; sign in another one with `monitor login`",
    errors.FrozenMethodInvalidError: "Telegram has frozen this account; open it in the Telegram app, which says why and"
    " how to appeal",
    errors.ApiIdInvalidError: "TELEGRAM_API_ID and TELEGRAM_API_HASH do not belong together; copy both from"
    " https://my.telegram.org",
    errors.ApiIdPublishedFloodError: "TELEGRAM_API_ID was published somewhere and is not served any more; make your own"
    " at https://my.telegram.org",
    errors.AccessTokenInvalidError: "Telegram does not know this bot token; copy it again from @BotFather",
    errors.AccessTokenExpiredError: "this bot token was replaced by a newer one; copy that from @BotFather",
    errors.AuthKeyNotFound: f"Telegram does not know this session any more; {_AGAIN}",
    errors.UnauthorizedError: f"Telegram does not know this session any more; {_AGAIN}",
    errors.AuthKeyError: f"Telegram refuses this session's key; {_AGAIN}",
    errors.InvalidDCError: f"Telegram has moved this account to another of its data centres; {_AGAIN}",
}
_GONE: dict[type[Exception], str] = {
    errors.ChannelPrivateError: "the channel is private now, was deleted, or has banned this account",
    errors.ChannelInvalidError: "Telegram does not know the channel under this account's address for it; it was"
    " deleted, or the address is another account's",
    errors.ChannelPublicGroupNaError: "the channel is not available",
    errors.ChatForbiddenError: "the channel is forbidden to this account",
    errors.UserBannedInChannelError: "this account was banned from the channel",
    errors.PeerIdInvalidError: "Telegram does not know the channel under this account's address for it",
}
_REFUSED: dict[type[Exception], str] = {
    errors.ChannelsTooMuchError: "this account has joined as many channels as Telegram allows (about 500); leave one"
    " first, or go on without joining: posts are read all the same, only later",
    errors.InviteRequestSentError: "the channel lets nobody in at once: a request to join was sent to its owners",
}
_SERVER = (errors.ServerError, errors.TimedOutError, errors.RpcCallFailError, errors.RpcMcgetFailError)
_UNNAMED = frozenset(
    {errors.RPCError, *errors.base_errors.values()}
)  # classes of errors that telethon does not know by name
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NO_SECONDS = 60.0  # a limit that does not say how long it lasts


def source_error(error: BaseException, action: str | None = None) -> SourceError:
    """Return what an error of telethon, Telegram or the network means to us; `action` is what was asked for.

    An error that nobody knows is taken for one of the way there, since a retry with back-off does no harm.
    """
    if isinstance(error, SourceError):
        return error
    if isinstance(error, errors.FloodError) and not isinstance(error, errors.FrozenMethodInvalidError):
        return _wait(error, action)
    # 406 is the number of a dead key, but also of refusals that have names of their own.
    for table, meaning in ((_GONE, ChannelGone), (_REFUSED, Unreadable), (_LOST, AccessLost)):
        for kind, text in table.items():
            if isinstance(error, kind):
                return meaning(text)
    if isinstance(error, _SERVER):
        return Unreachable(f"Telegram has trouble of its own ({_name(error)})")
    if isinstance(error, errors.RPCError):
        return Unreadable(f"Telegram refuses {f'“{action}”' if action else 'the request'} ({_name(error)})")
    return Unreachable(_unreachable(error))


def said_by_telegram(error: AccessLost) -> bool:
    """Tell whether Telegram itself has refused the session, not this machine."""
    return isinstance(error.__cause__, tuple(_LOST))


def _wait(error: Exception, action: str | None) -> Wait:
    seconds = float(getattr(error, "seconds", None) or _NO_SECONDS)
    what = f"“{action}”" if action else "everything"
    return Wait(f"Telegram asks to wait {_span(seconds)} with {what} ({_name(error)})", seconds, action)


def _span(seconds: float) -> str:
    """Write a length of time with as much of it as matters."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def _unreachable(error: BaseException) -> str:
    if isinstance(error, TimeoutError):
        return "Telegram does not answer; if that lasts, look at the network"
    if isinstance(error, EOFError | ConnectionError):
        return "the connection to Telegram broke off or was refused; if that lasts, look at the network"
    if isinstance(error, OSError):
        reason = error.strerror or type(error).__name__
        return f"Telegram cannot be reached ({reason}); if that lasts, look at the network"
    return f"Telegram's answer could not be understood ({type(error).__name__})"


def _name(error: Exception) -> str:
    """Return Telegram's own name of an error, as in FLOOD_WAIT, by which it can be looked up."""
    if isinstance(error, errors.RPCError) and type(error) in _UNNAMED:
        return str(error.message)[:60]
    return _WORD.sub("_", type(error).__name__.removesuffix("Error")).upper()
