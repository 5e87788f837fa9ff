"""`monitor check`: settings that do not go together, room, backups, and the chat as Telegram has it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.cli.checks.database import database
from monitor.cli.checks.findings import Findings
from monitor.cli.checks.keeping import backups, disk
from monitor.cli.checks.overlaps import overlaps
from monitor.cli.checks.telling import telling, telling_online
from monitor.config import Settings
from monitor.store.store import Store
from tests.loopback.scene import Scene, run
from tests.store_example import keep, make_earlier, make_later, post
from tests.telegram_example import APP

TOKEN = "1:token"


def settings(folder: Path, **given: object) -> Settings:
    """Settings from these values alone, with a database in the folder."""
    return Settings(_env_file=None, database=folder / "monitor.db", **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "about"),
    [
        pytest.param({}, [], id="the defaults go together"),
        pytest.param({"disk_stop_gb": 3}, ["DISK_WARN_GB"], id="no warning"),
        pytest.param({"retention_days": 7, "backfill": "30d"}, ["BACKFILL"], id="read and removed"),
        pytest.param({"retention_days": 1}, ["RECHECK_HOURS"], id="watched and removed"),
        pytest.param({"poll_max_interval": "6h", "silence_alarm": "off"}, ["POLL_MAX_INTERVAL"], id="all late"),
        pytest.param({"silence_alarm": "10m"}, ["SILENCE_ALARM"], id="false alarms"),
        pytest.param({"low_every": "48h"}, ["LOW_EVERY"], id="after the story"),
        pytest.param({"webhook_secret": "x"}, ["WEBHOOK_SECRET"], id="signs nothing"),
        pytest.param({"analysts": "1"}, ["ANALYSTS"], id="no bot"),
    ],
)
def test_settings_that_do_not_go_together(given: dict[str, object], about: list[str], tmp_path: Path) -> None:
    found = Findings()
    overlaps(settings(tmp_path, **given), found)
    assert [one.partition(":")[0] for one in found.advice] == about
    assert (found.faults, found.good) == ([], [])


@pytest.mark.parametrize(
    ("given", "kinds"),
    [
        pytest.param({}, (0, 0, 1), id="room"),
        pytest.param({"disk_warn_gb": 1e6}, (0, 1, 0), id="little"),
        pytest.param({"disk_warn_gb": 1e6, "disk_stop_gb": 1e6}, (1, 0, 0), id="none"),
    ],
)
def test_room_on_the_disk(given: dict[str, object], kinds: tuple[int, int, int], tmp_path: Path) -> None:
    found = Findings()
    disk(settings(tmp_path / "not" / "there", **given), found)
    assert (len(found.faults), len(found.advice), len(found.good)) == kinds


def _open_to_others(path: Path) -> None:
    path.chmod(0o644)


def _damage(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[8192:] = b"\xff" * (len(raw) - 8192)
    path.write_bytes(raw)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param(Path.unlink, [("note", "DATABASE: {} is not there yet")], id="none"),
        pytest.param(lambda path: None, [("ok", "database: 2 posts, sound")], id="of this version"),
        pytest.param(
            make_earlier,
            [
                ("note", "database: it is of an earlier version; `monitor run` makes a backup of it when it starts"),
                ("ok", "database: 2 posts, sound"),
            ],
            id="of an earlier version",
        ),
        pytest.param(
            make_later, [("WRONG", "DATABASE: {}: a later version of monitor wrote this")], id="of a later one"
        ),
        pytest.param(lambda path: path.write_bytes(b""), [("ok", "database: empty")], id="empty"),
        pytest.param(_open_to_others, [("WRONG", "DATABASE: other users may read {}")], id="open to others"),
        pytest.param(_damage, [("WRONG", "DATABASE: {}: the database is damaged; put a backup back")], id="damaged"),
        pytest.param(
            lambda path: path.write_text("words\n" * 1000),
            [("WRONG", "DATABASE: {}: this is no SQLite database")],
            id="text",
        ),
    ],
)
def test_the_database(change: Callable[[Path], object], said: list[tuple[str, str]], tmp_path: Path) -> None:
    path = tmp_path / "monitor.db"
    with Store.open(path) as store:
        keep(store, post(1), post(2))
    change(path)
    before = path.read_bytes() if path.exists() else None
    found = Findings()
    database(settings(tmp_path), found)
    lines = [
        (kind, one)
        for kind, all_ in (("WRONG", found.faults), ("note", found.advice), ("ok", found.good))
        for one in all_
    ]
    assert [(kind, one[: len(start.format(path))]) for (kind, one), (_, start) in zip(lines, said, strict=True)] == [
        (kind, start.format(path)) for kind, start in said
    ]
    assert (path.read_bytes() if path.exists() else None) == before


@pytest.mark.parametrize(
    ("hours", "mode", "given", "told"),
    [
        pytest.param(None, 0o700, {}, [], id="none yet, and the run makes them"),
        pytest.param(None, 0o700, {"backup_every": "off"}, ["BACKUP_EVERY: is off"], id="none, and nobody makes them"),
        pytest.param(1, 0o700, {}, ["backups: the newest backup is 1 hours old"], id="a new one"),
        pytest.param(50, 0o700, {}, ["backups: the newest backup is 50 hours old; make one"], id="an old one"),
        pytest.param(1, 0o755, {}, ["BACKUPS: other users can read", "backups: the newest"], id="open to others"),
        pytest.param(1, 0o700, {"backup_max_gb": 0.000001}, ["backups: the newest", "BACKUP_MAX_GB"], id="too many"),
    ],
)
def test_backups(hours: int | None, mode: int, given: dict[str, object], told: list[str], tmp_path: Path) -> None:
    (tmp_path / "monitor.db").write_bytes(b"x" * 4096)
    folder = tmp_path / "backups"
    folder.mkdir()
    folder.chmod(mode)
    if hours is not None:
        made = datetime.now(UTC) - timedelta(hours=hours)
        (folder / f"monitor-{made:%Y%m%dT%H%M%SZ}.db").write_bytes(b"x")
    found = Findings()
    backups(settings(tmp_path, **given), found)
    said = [*found.faults, *found.good, *found.advice]
    assert [sentence.startswith(start) for sentence, start in zip(said, told, strict=True)] == [True] * len(told)


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        pytest.param({"alert_chat": 5}, "TELEGRAM_BOT_TOKEN: is not set", id="a chat without a bot"),
        pytest.param({"telegram_bot_token": TOKEN}, "ALERT_CHAT: is not set", id="a bot without a chat"),
        pytest.param(
            {"webhook_url": "https://desk.example.org"}, "WEBHOOK_SECRET: is not set", id="a webhook without a secret"
        ),
        pytest.param({"webhook_url": "http://desk.example.org", "webhook_secret": "x"}, "WEBHOOK_URL: must", id="open"),
    ],
)
def test_who_is_told(given: dict[str, object], fault: str, tmp_path: Path) -> None:
    found = Findings()
    telling(settings(tmp_path, telegram_api_id=APP.id, telegram_api_hash=APP.hash, **given), found)
    assert [one.startswith(fault) for one in found.faults] == [True]


def online(tmp_path: Path, scene: Scene, **given: object) -> Settings:
    """Settings with which the loopback server is asked."""
    return settings(
        tmp_path,
        telegram_api_id=APP.id,
        telegram_api_hash=APP.hash,
        telegram_session=tmp_path / "session",
        telegram_server=scene.server.address,
        telegram_server_key=scene.server.key_file,
        **given,
    )


def test_the_chat_is_asked_and_nothing_is_written(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        stranger = scene.world.add_user("Stranger")
        scene.world.send(scene.analyst, scene.bot, "/start")
        hook = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
        port = hook.sockets[0].getsockname()[1]
        for chat, address, faults in (
            (scene.analyst.id, port, []),
            (stranger.id, 9, ["ALERT_CHAT", "WEBHOOK_URL"]),
        ):
            found = Findings()
            given = online(
                tmp_path,
                scene,
                telegram_bot_token=scene.bot.token,
                alert_chat=chat,
                analysts=f"{scene.analyst.id},{scene.bot.id},{stranger.id}",
                webhook_url=f"http://127.0.0.1:{address}/hook",
                webhook_secret="x",
            )
            await telling_online(given, found)
            assert [one.partition(":")[0] for one in found.faults] == [*faults[:1], "ANALYSTS", *faults[1:]]
            assert found.advice == [
                f"ANALYSTS: the bot has not met {stranger.id}: check the number, or let that person press Start"
            ]
            assert "bot: @alerts_example_bot" in found.good
        assert scene.server.journal.count("messages.sendMessage") == 0
        hook.close()
        await hook.wait_closed()

    run(story)


def test_a_token_that_telegram_refuses_is_one_sentence(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        found = Findings()
        given = online(tmp_path, scene, telegram_bot_token="7:refused", alert_chat=5)
        await telling_online(given, found)
        assert [one.partition(":")[0] for one in found.faults] == ["TELEGRAM_BOT_TOKEN"]
        assert "@BotFather" in found.faults[0]

    run(story)
