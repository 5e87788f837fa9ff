"""`monitor run` with `SOURCE=preview`: from channel names alone to alerts, without an account."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.config import ConfigError, load_settings
from tests.preview_server.server import PreviewChannel, PreviewServer, Shown, give, serving
from tests.running import Monitor

_PATIENCE = 60.0  # seconds: a slow machine that does much else


def _publish(channel: PreviewChannel, id_: int, content: str = "Погода", *, minutes: int = 0) -> None:
    moment = datetime.fromtimestamp(time.time() - 60 * minutes, UTC).replace(microsecond=0)
    channel.messages[id_] = Shown(id_, content, moment)


def _play(
    folder: Path, story: Callable[[Monitor, PreviewServer, PreviewChannel], Awaitable[None]], **settings: str
) -> None:
    """Run a story with the program and a server whose channel has 120 posts of the last ten hours."""

    async def run(server: PreviewServer) -> None:
        channel = server.add(PreviewChannel())
        for id_ in range(1, 121):
            _publish(channel, id_, minutes=600 - id_)
        source = {"SOURCE": "preview", "PREVIEW_ADDRESS": server.base, "CHANNELS": "@russvolcorps"}
        async with Monitor(None, folder, **source, **settings) as monitor:
            await monitor.start()
            await monitor.until(lambda: monitor.rows("SELECT last FROM cursors"), seconds=_PATIENCE)
            await story(monitor, server, channel)
            assert (await monitor.stop())[0] == 0

    with serving() as server:
        asyncio.run(run(server))


def test_what_is_published_is_told_and_a_restart_misses_nothing(tmp_path: Path) -> None:
    async def story(monitor: Monitor, server: PreviewServer, channel: PreviewChannel) -> None:
        _publish(channel, 121, "Двое пленных обменяны.")
        await monitor.until(lambda: "обменяны" in monitor.output.decode(), seconds=_PATIENCE)
        assert (await monitor.stop())[0] == 0
        for id_ in range(122, 190):
            _publish(channel, id_)
        await monitor.start()
        await monitor.until(lambda: monitor.stored() == list(range(121, 190)), seconds=_PATIENCE)
        ((spots,),) = monitor.rows("SELECT blind_spots FROM accounts WHERE name = 'preview'")
        assert "deleted posts are not noticed" in json.loads(spots)[0]

    _play(tmp_path, story)


def test_a_channel_is_read_back_to_a_moment_though_the_program_is_stopped_meanwhile(tmp_path: Path) -> None:
    async def story(monitor: Monitor, server: PreviewServer, channel: PreviewChannel) -> None:
        await monitor.until(lambda: len(monitor.stored()) > 10, seconds=_PATIENCE)
        assert (await monitor.stop())[0] == 0
        assert len(monitor.stored()) < 80
        monitor.settings["POLL_REQUESTS_PER_MINUTE"] = "3000"
        await monitor.start()
        await monitor.until(lambda: monitor.rows("SELECT 1 FROM backfills WHERE last >= until"), seconds=_PATIENCE)
        first, *_ = monitor.stored()
        assert monitor.stored() == list(range(first, 121))
        assert first in (30, 31)  # published 570 or 569 minutes before the test began

    _play(tmp_path, story, BACKFILL="570m", POLL_REQUESTS_PER_MINUTE="300")


def test_a_far_side_that_fails_and_asks_to_wait_costs_no_post(tmp_path: Path) -> None:
    async def story(monitor: Monitor, server: PreviewServer, channel: PreviewChannel) -> None:
        server.odd = [give(500), give(429, headers={"Retry-After": "1"})]
        _publish(channel, 121)
        await monitor.until(lambda: monitor.stored() == [121], seconds=_PATIENCE)
        assert not server.odd

    _play(tmp_path, story)


@pytest.mark.parametrize("address", ["t.me", "ftp://t.me", "https://", "http://x:99999", "https://t.me/?q=1"])
def test_an_address_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, address: str) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PREVIEW_ADDRESS", address)
    with pytest.raises(ConfigError, match="PREVIEW_ADDRESS: is no address of web pages"):
        load_settings()
