"""telethon's own client, set up so that it does nothing that we have not asked for."""

from __future__ import annotations

import logging
import platform
from collections.abc import Callable
from importlib.metadata import version

from telethon import TelegramClient
from telethon.crypto import rsa
from telethon.tl import TLObject

from monitor.sources.source import AccessLost
from monitor.telegram.accounts import App, Server
from monitor.telegram.session import SessionFile

_TCP_PATIENCE = 10  # seconds for a connection to be made

# Everything that telethon logs reaches us as an error that we report ourselves; some of its lines hold posts.
_telethon_log = logging.getLogger("monitor.telegram.telethon")
_telethon_log.setLevel(logging.CRITICAL)


class Listening(TelegramClient):  # type: ignore[misc]
    """A telethon client that hands pushed updates on as they come.

    Its own loop fills gaps in the account's and each channel's state by further requests, as often as it likes, drops
    what it thinks it knows, and ends the connection over an unknown constructor. We need to know only that something
    happened.
    """

    hand_on: Callable[[TLObject], None]

    async def _update_loop(self) -> None:
        while self.is_connected():
            self.hand_on(await self._updates_queue.get())


def telethon_client(session: SessionFile, app: App, server: Server | None, *, listening: bool) -> TelegramClient:
    """Return a telethon client of the session that does nothing by itself, not connected yet.

    With `listening` it is a Listening one. AccessLost: the session or the server's key cannot be used.
    """
    if server is not None and server.key is not None:
        try:
            rsa.add_key(server.key, old=False)
        except ValueError as error:
            raise AccessLost("the server's key is no public RSA key (PEM, “BEGIN RSA PUBLIC KEY”)") from error
    stored = session.open()
    # A session with a key belongs to its data centre, to which the account may have been sent from the first one.
    if server is not None and (not stored.auth_key or stored.dc_id == server.dc):
        stored.set_dc(server.dc, server.host, server.port)
        stored.save()
    kind = Listening if listening else TelegramClient
    return kind(
        stored,
        app.id,
        app.hash,
        use_ipv6=":" in (stored.server_address or ""),
        timeout=_TCP_PATIENCE,
        request_retries=1,  # only for what telethon asks by itself; signing in is sent from one data centre to another
        connection_retries=0,
        retry_delay=0,
        auto_reconnect=False,
        flood_sleep_threshold=0,
        raise_last_call_error=True,
        catch_up=False,
        device_model="monitor",  # how the account's owner finds it in the list of devices
        system_version=platform.system(),
        app_version=version("monitor"),
        base_logger=_telethon_log,
    )
