"""`monitor status`, `monitor check` and `monitor channels`: what they say, and their exit codes."""

from __future__ import annotations

import asyncio
import io
import json
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from rich.console import Console

from monitor.cli.main import monitor
from monitor.cli.table import fitted
from monitor.instance import InstanceLock
from monitor.sources.live import Action, NotPublic, Standing
from monitor.sources.source import Wait
from monitor.store import outbox, wishes
from monitor.store.store import Store
from tests.live_world import Desk, LiveWorld, VirtualClock
from tests.running import RULES


@pytest.fixture(autouse=True)
def desk_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "rules.yaml").write_text(RULES, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "DATABASE": str(tmp_path / "monitor.db"),
        "CHANNELS": "@news, other, lost, nobody",
        "RULES": str(tmp_path / "rules"),
        "TIMEZONE": "Europe/Amsterdam",
        "TELEGRAM_API_ID": "12345",
        "TELEGRAM_API_HASH": "0123456789abcdef0123456789abcdef",
        "TELEGRAM_SESSION": str(tmp_path / "session"),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "COLUMNS": "200",
    }.items():
        monkeypatch.setenv(name, value)
    for name in ("CHANNELS_FILE", "SOURCE", "TELEGRAM_SERVER", "TELEGRAM_SERVER_KEY", "CREDENTIALS_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def _call(*arguments: str) -> Result:
    return CliRunner().invoke(monitor, list(arguments))


def _read(folder: Path, story: Callable[[LiveWorld, Desk], Awaitable[None]]) -> None:
    async def run() -> None:
        with Store.open(folder / "monitor.db") as store:
            world = LiveWorld(VirtualClock())
            desk = Desk(world, store)
            await story(world, desk)
            await desk.close()

    asyncio.run(run())


async def _usual(world: LiveWorld, desk: Desk) -> None:
    """Three channels of which one is lost, a gap, a record kept raw, a name that leads nowhere, and a flood."""
    news, _, lost = world.channel("news"), world.channel("other"), world.channel("lost")
    world.names["nobody"] = NotPublic("nobody has the name @nobody")
    desk.want("@news, other, lost, nobody")
    await desk.read(60)
    for _ in range(4):
        world.post(news)
    del news.records[2]
    news.garbled = {3}
    await desk.read(60)
    lost.standing = Standing.PRIVATE
    world.fail(Action.RESOLVE, Wait("wait", 3600, Action.RESOLVE))
    world.names["late_name"] = news.id
    desk.want("@news, other, lost, nobody, late_name")
    await desk.read(120)


def _status() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_call("status", "--json").stdout)
    return found


def test_status_tells_of_each_channel_how_far_it_is_read(desk_folder: Path) -> None:
    _read(desk_folder, _usual)
    coverage = {one["given"]: one for one in _status()["coverage"]}
    told = {
        name: (one["name"], one["standing"], one["last"], one["gaps"], one["state"] and one["state"]["unparsed"])
        for name, one in coverage.items()
    }
    assert told == {
        "@news": ("@news", "open", 4, {"open": 0, "gone": 1, "fetched": 0}, 1),
        "other": ("@other", "open", 0, {"open": 0, "gone": 0, "fetched": 0}, 0),
        "lost": ("@lost", "private", 0, {"open": 0, "gone": 0, "fetched": 0}, 0),
        "nobody": ("nobody", "refused", None, {"open": 0, "gone": 0, "fetched": 0}, None),
    }
    state = coverage["@news"]["state"]
    assert state["read_at"] <= state["next_at"]


def test_status_tells_what_keeps_alerts_from_being_told(desk_folder: Path) -> None:
    async def matching(world: LiveWorld, desk: Desk) -> None:
        news = world.channel("news")
        desk.want("@news")
        await desk.read(60)
        world.post(news, "Двое пленных.")
        await desk.read(60)
        now = desk.clock.now()
        desk.store.write(outbox.open_outbox, "chat", now)
        desk.store.write(outbox.note_held, "chat", 3, now, "the bot may not write in the chat")

    _read(desk_folder, matching)
    assert (
        "chat: the bot may not write in the chat; alerts that wait: 1, since 28 Mar 2026 12:01 UTC."
        in (_status()["attention"])
    )


def test_status_tells_what_a_person_must_see_to(desk_folder: Path) -> None:
    _read(desk_folder, _usual)
    assert _status()["attention"] == [
        "The monitor does not run: start it with `monitor run` (or `systemctl start monitor`).",
        "@lost: is private (is not public any more, or this account was banned from it);"
        " it is tried again by itself, or take it off the list",
        "nobody: CHANNELS, 4.: nobody has the name @nobody",
    ]
    assert _call("status").exit_code == 1


def test_status_is_good_where_nothing_is_wrong(desk_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(world: LiveWorld, desk: Desk) -> None:
        world.channel("news")
        desk.want("news")
        await desk.read(60)

    monkeypatch.setenv("CHANNELS", "news")
    _read(desk_folder, story)
    with sqlite3.connect(desk_folder / "monitor.db") as connection:
        connection.execute("UPDATE states SET read_at = '2999-01-01T00:00:00+00:00'")
    connection.close()
    with InstanceLock(desk_folder / "monitor.db"):
        result = _call("status")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "monitor: running" in result.stdout
    assert "@news" in result.stdout
    assert "!" not in result.stdout


def test_a_channel_that_stands_there_twice_needs_nobody_and_outlives_its_other_name(
    desk_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(world: LiveWorld, desk: Desk) -> None:
        world.channel("news", id=4242424242)
        for wanted in ("news", "news, 4242424242", names):
            desk.want(wanted)
            await desk.read(60)

    standings = []
    for names in ("news, 4242424242", "4242424242"):
        (desk_folder / "monitor.db").unlink(missing_ok=True)
        monkeypatch.setenv("CHANNELS", names)
        _read(desk_folder, story)
        with sqlite3.connect(desk_folder / "monitor.db") as connection:
            connection.execute("UPDATE states SET read_at = '2999-01-01T00:00:00+00:00'")
        connection.close()
        with InstanceLock(desk_folder / "monitor.db"):
            found = _status()
        standings.append([one["standing"] for one in found["coverage"]])
        assert found["attention"] == []
        assert [one["notice"]["kind"] for one in found["notices"]] in ([], ["same channel"])
    assert standings == [["open", "twice"], ["open"]]


WIDTHS = {
    200: ("channel", "state", "read up to", "post of", "last poll", "next poll", "posts/day", "gaps"),
    80: ("channel", "state", "read up to", "last poll", "next poll", "gaps"),
    50: ("channel", "state", "gaps"),
}


@pytest.mark.parametrize(("width", "shown"), WIDTHS.items(), ids=map(str, WIDTHS))
def test_names_are_whole_on_narrow_terminals_and_less_is_shown(width: int, shown: tuple[str, ...]) -> None:
    printed = io.StringIO()
    console = Console(width=width, file=printed)
    row = ("@" + 32 * "n", "private", "123456", "28 Mar 13:00:01", "28 Mar 13:00:02", "in 25 min", "12.4", "none")
    table = fitted(console, WIDTHS[200], [row], ("posts/day", "post of", "next poll", "last poll", "read up to"))
    console.print(table)
    lines = printed.getvalue().splitlines()
    assert tuple(column.header for column in table.columns) == shown
    assert [line.split()[0] for line in lines if not line.startswith(" ")] == ["channel", row[0]]


@pytest.mark.parametrize(("running", "shown"), [(True, "due"), (False, "")], ids=["running", "not running"])
def test_a_poll_that_is_due_is_called_so_and_none_comes_while_nothing_runs(
    desk_folder: Path, running: bool, shown: str
) -> None:
    _read(desk_folder, _usual)
    with InstanceLock(desk_folder / "monitor.db") if running else nullcontext():
        header, *rows = _call("status").stdout.splitlines()[1:]
    row = next(line for line in rows if line.startswith("@news"))
    at = header.index("next poll")
    assert row[at : at + len("next poll")].strip() == shown


def test_the_table_shows_times_of_the_desk_and_what_is_held(desk_folder: Path) -> None:
    _read(desk_folder, _usual)
    shown = _call("status").stdout
    row = next(line for line in shown.splitlines() if line.startswith("@news"))
    assert "28 Mar 13:0" in row, "noon in UTC is one o'clock in Amsterdam in winter"
    assert "1 ids gone, 1 kept raw" in row


def test_status_without_a_database_is_one_sentence() -> None:
    result = _call("status")
    assert result.exit_code == 2
    assert "there is no such database" in result.stderr
    assert "\n" not in result.stderr.strip()


def test_channels_are_listed_added_and_removed(desk_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHANNELS", "alice, bobby")
    assert _call("channels", "add", "t.me/carol", "@alice").stdout.splitlines() == [
        "t.me/carol will be looked up when `monitor run` runs; `monitor status` says what came of it.",
        "@alice is read already.",
    ]
    assert _call("channels", "remove", "bobby").exit_code == 0
    listed = _call("channels").stdout
    assert [line.split()[0] for line in listed.splitlines()[1:]] == ["alice", "t.me/carol", "Taken"]
    assert "(command line)" in listed
    assert _call("channels", "add", "bobby").exit_code == 0
    with Store.open(desk_folder / "monitor.db") as store:
        assert [(one.name_key, one.watched) for one in store.read(wishes.wishes)] == [("bobby", True), ("carol", True)]


@pytest.mark.parametrize(
    ("source", "said"),
    [("telegram", "will be read once Telegram finds it"), ("preview", "is looked for on t.me")],
)
def test_while_it_runs_an_added_channel_is_not_said_to_be_read_yet(
    desk_folder: Path, monkeypatch: pytest.MonkeyPatch, source: str, said: str
) -> None:
    monkeypatch.setenv("SOURCE", source)
    with InstanceLock(desk_folder / "monitor.db"):
        shown = _call("channels", "add", "@nosuch").stdout
    assert shown == f"@nosuch {said}; `monitor status` says what came of it.\n"


def test_an_id_may_begin_with_a_minus_and_a_pipe_gets_names_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("CHANNELS", "a_channel_with_a_long_name")
    assert _call("channels", "add", "-1001234567890").exit_code == 0
    rows = [line.split()[0] for line in _call("channels").stdout.splitlines()]
    assert rows == ["channel", "a_channel_with_a_long_name", "-1001234567890"]


REFUSED = {
    "an invitation": (["channels", "add", "t.me/+abcdef"], "“t.me/+abcdef” is a private invitation"),
    "a stranger": (["channels", "remove", "stranger"], "stranger is not on the list"),
    "not on the list": (
        ["channels", "join", "stranger"],
        "stranger is not on the list; `monitor channels add stranger`",
    ),
}


@pytest.mark.parametrize(("arguments", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_done_is_one_sentence(arguments: list[str], sentence: str) -> None:
    result = _call(*arguments)
    assert result.exit_code == 2
    assert result.stderr.startswith(sentence)


def test_joining_is_noted_for_when_the_monitor_runs() -> None:
    result = _call("channels", "join", "@news")
    assert (result.exit_code, result.stdout) == (0, "Noted; `monitor run` joins @news when it runs.\n")


def _faults(result: Result) -> list[str]:
    return [line.removeprefix("WRONG ") for line in result.stdout.splitlines() if line.startswith("WRONG ")]


def test_check_names_every_fault_at_once(desk_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Store.open(desk_folder / "monitor.db").close()
    (desk_folder / "monitor.db").chmod(0o644)
    (desk_folder / "rules" / "rules.yaml").write_text("rules: [", encoding="utf-8")
    monkeypatch.setenv("CHANNELS", "t.me/+abcdef")
    monkeypatch.setenv("TELEGRAM_API_HASH", "")
    result = _call("check")
    faults = _faults(result)
    assert result.exit_code == 1
    wanted = ["rules.yaml:", "DATABASE: other users may read", "private invitation", "CHANNELS: no channel is named"]
    wanted += ["TELEGRAM_API_HASH: is not set", "TELEGRAM_SESSION: there is no session"]
    assert [sentence for sentence in wanted if not any(sentence in fault for fault in faults)] == []


def test_check_finds_a_damaged_database(desk_folder: Path) -> None:
    _read(desk_folder, _usual)
    path = desk_folder / "monitor.db"
    data = bytearray(path.read_bytes())
    data[3 * 4096 : 9 * 4096] = b"\xff" * (6 * 4096)
    path.write_bytes(data)
    assert any("damaged" in fault for fault in _faults(_call("check")))


def test_check_names_wrong_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLL_MAX_INTERVAL", "10s")
    monkeypatch.setenv("POLL_REQUESTS_PER_MINUTE", "0")
    monkeypatch.setenv("SOURCE", "carrier pigeon")
    faults = _faults(_call("check"))
    assert [fault.partition(":")[0] for fault in faults] == ["SOURCE", "POLL_REQUESTS_PER_MINUTE", "POLL_MAX_INTERVAL"]


def test_check_says_what_the_budget_does_not_suffice_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHANNELS", ",".join(f"channel{number}" for number in range(1000)))
    notes = [line for line in _call("check").stdout.splitlines() if line.startswith("note")]
    assert any("POLL_MAX_INTERVAL: reading 1000 channels one by one" in note for note in notes)
    assert any("RESOLVES_PER_DAY" in note and "6 days" in note for note in notes)
