"""The accounts that the settings speak of, ready to connect."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from monitor.config import ConfigError, Settings
from monitor.telegram.accounts import App, Server
from monitor.telegram.bot import Bot
from monitor.telegram.client import Client
from monitor.telegram.reader import TelegramReader
from monitor.telegram.session import BOT, existing_session, new_session

Handlers = Sequence[tuple[Callable[..., Any], Any]]


def reader(settings: Settings) -> TelegramReader:
    """Return the reading account, signed in before with `monitor login`; ConfigError where settings are missing."""
    take = partial(existing_session, settings.telegram_session)
    return TelegramReader(Client(take, app(settings), server(settings)))


def bot(settings: Settings, token: str, handlers: Handlers = ()) -> Bot:
    """Return the bot that writes into the analyst chat; ConfigError where settings are missing."""
    take = partial(new_session, settings.telegram_session, BOT)
    return Bot(Client(take, app(settings), server(settings), events=True, handlers=handlers), token)


def signing_in(settings: Settings) -> Client:
    """Return a connection in which the reading account can be signed in; ConfigError where settings are missing."""
    return Client(partial(new_session, settings.telegram_session), app(settings), server(settings), events=True)


def signed_in(settings: Settings) -> Client:
    """Return a connection in which the reading account can be signed out; ConfigError where settings are missing."""
    return Client(partial(existing_session, settings.telegram_session), app(settings), server(settings), events=True)


def app(settings: Settings) -> App:
    """Return the application's id and secret; ConfigError where they are missing."""
    if settings.telegram_api_id is None or settings.telegram_api_hash is None:
        missing = "TELEGRAM_API_ID" if settings.telegram_api_id is None else "TELEGRAM_API_HASH"
        raise ConfigError(
            f"{missing}: is not set; make an application at https://my.telegram.org (“API development tools”) and write"
            " its api_id and api_hash into .env"
        )
    return App(settings.telegram_api_id, settings.telegram_api_hash.get_secret_value())


def server(settings: Settings) -> Server | None:
    """Return the server in place of Telegram's own, None where none is set; ConfigError where its key is unreadable."""
    key = None
    if settings.telegram_server_key is not None:
        try:
            key = settings.telegram_server_key.read_text(encoding="ascii")
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"TELEGRAM_SERVER_KEY: {settings.telegram_server_key} cannot be read as a key") from error
    address = settings.telegram_server
    if address is None:
        if key is not None:
            raise ConfigError("TELEGRAM_SERVER_KEY: is set without TELEGRAM_SERVER; set both or neither")
        return None
    return Server(address.dc, address.host, address.port, key)
