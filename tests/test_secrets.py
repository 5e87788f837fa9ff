"""Canaries in every secret: whatever a run and every failing command writes is searched for them, and none is there."""

from __future__ import annotations

import asyncio
import base64
import os
import pty
import signal
import stat
import subprocess
import sys
import urllib.parse
import zipfile
from pathlib import Path

import pytest

from monitor.config import secret_settings
from tests.loopback.faults import Fail
from tests.loopback.scene import Scene, run
from tests.running import ROOT, RULES, Monitor
from tests.test_metrics import free_port, scrape

API_ID = 12345
API_HASH = "ca5ec0ffee0123456789ca5ec0ffee01"
PHONE = "31698765432"
PASSWORD = "canary-password-of-two-steps"
APPRISE_SECRET = "canary-secret-of-a-service"
WEBHOOK_SECRET = "canary-secret-of-the-webhook"


class Secrets:
    """A folder of a run, all that it and its commands said, and what must not stand in any of it."""

    def __init__(self, scene: Scene, monitor: Monitor) -> None:
        self.monitor = monitor
        self.canaries = {
            "telegram_api_hash": API_HASH,
            "telegram_bot_token": (scene.bot.token or "").partition(":")[2],
            "webhook_secret": WEBHOOK_SECRET,
            "apprise_urls": APPRISE_SECRET,
            "phone": PHONE,
            "password": PASSWORD,
        }
        self.said: dict[str, bytes] = {}

    async def call(self, *arguments: str, code: int, typed: str = "", **settings: str) -> None:
        """Run a command with some other settings, and keep what it says."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "monitor", *arguments),
            cwd=ROOT,
            env={**self.monitor.environment(), **settings},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        self.note_arguments(process.pid)
        said, _ = await process.communicate(typed.encode())
        what = " ".join(arguments)
        self.said[f"{what} {settings}"] = said
        assert process.returncode == code, f"{what}: {said.decode()}"
        assert b"Traceback" not in said, what

    def note_arguments(self, pid: int) -> None:
        """Keep what other users see of a process, and of those that it started."""
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                parent = (path.parent / "stat").read_text().rpartition(")")[2].split()[1]
                if int(parent) == pid or int(path.parent.name) == pid:
                    self.said[f"arguments of {path.parent.name}"] = path.read_bytes()
            except OSError:
                continue  # it ended

    def found(self) -> list[str]:
        """Say which canary stands where."""
        return [
            f"{name} in {where}"
            for where, raw in {**self.said, **self._written()}.items()
            for name, canary in self.canaries.items()
            if any(spelling in raw for spelling in _spellings(canary))
        ]

    def _written(self) -> dict[str, bytes]:
        found = {}
        folder = self.monitor.folder
        for path in sorted(folder.rglob("*")):
            if path.is_file() and folder / "session" not in path.parents:
                found[str(path.relative_to(folder))] = path.read_bytes()
            if path.suffix == ".zip":
                with zipfile.ZipFile(path) as archive:
                    found |= {f"{path.name}/{name}": archive.read(name) for name in archive.namelist()}
        return found


def _spellings(canary: str) -> set[bytes]:
    raw = canary.encode()
    return {raw, base64.b64encode(raw).rstrip(b"="), urllib.parse.quote(canary).encode(), raw.hex().encode()}


def _settings(scene: Scene, folder: Path, port: int) -> dict[str, str]:
    return {
        "TELEGRAM_API_ID": str(API_ID),
        "TELEGRAM_API_HASH": API_HASH,
        "TELEGRAM_SESSION": str(folder / "session"),
        "TELEGRAM_SERVER": scene.server.address,
        "TELEGRAM_SERVER_KEY": str(scene.server.key_file),
        "TELEGRAM_BOT_TOKEN": scene.bot.token or "",
        "ALERT_CHAT": str(scene.analyst.id),
        "ANALYSTS": str(scene.analyst.id),
        "WEBHOOK_URL": "http://127.0.0.1:9/hook",  # nobody listens there
        "WEBHOOK_SECRET": WEBHOOK_SECRET,
        "APPRISE_URLS": f"json://user:{APPRISE_SECRET}@127.0.0.1:9/",
        "METRICS_PORT": str(port),
        "DIGEST_AT": "00:00",
    }


def test_no_secret_stands_in_anything_that_is_written(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        keeper = scene.world.add_user("Keeper", username="keeper_example", phone=PHONE)
        keeper.password = PASSWORD
        scene.world.send(scene.analyst, scene.bot, "/start")
        port = free_port()
        async with Monitor(None, tmp_path, **_settings(scene, tmp_path, port)) as monitor:
            secrets = Secrets(scene, monitor)
            assert secret_settings() <= secrets.canaries.keys()
            await _sign_in(scene, secrets)
            await _run_a_day(scene, secrets, port)
            await _fail(scene, secrets)
            assert secrets.found() == []
            assert _modes(tmp_path / "session") == {0o600}
            assert stat.S_IMODE((tmp_path / "session").stat().st_mode) == 0o700
            # The search finds what is there.
            (tmp_path / "leak").write_text(f"x{PASSWORD}x")
            assert secrets.found() == ["password in leak"]

    run(story, api=(API_ID, API_HASH))


def _modes(folder: Path) -> set[int]:
    return {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


async def _sign_in(scene: Scene, secrets: Secrets) -> None:
    """With a wrong code and a wrong password first; nothing of it is an argument."""
    await secrets.call("login", code=2, typed="")
    await secrets.call("login", code=2, typed=f"{PHONE}\n")
    code = scene.server.login_code
    await secrets.call("login", code=0, typed=f"{PHONE}\n00000\n{code}\nwrong\n{PASSWORD}\n")
    await secrets.call("login", code=0, typed="")


async def _run_a_day(scene: Scene, secrets: Secrets, port: int) -> None:
    """Reading, alerts, the desk, faults, a refused reload, and every command that looks beside it."""
    monitor = secrets.monitor
    await monitor.start("--debug")
    await monitor.until(lambda: monitor.rows("SELECT * FROM cursors"))
    assert monitor.process is not None
    secrets.note_arguments(monitor.process.pid)
    scene.world.post(scene.news, "Двое пленных.")
    await monitor.until(lambda: monitor.rows("SELECT * FROM sent WHERE notifier = 'chat'"))
    await monitor.until(lambda: monitor.lines("held"))  # nobody listens to the webhook
    assert scene.server.journal.count("auth.importBotAuthorization") == 1
    for text in ("/status", "/help", "/nonsense", f"/explain {PHONE[:3]} пленных"):
        scene.world.send(scene.analyst, scene.bot, text)
    scene.server.faults.add("messages.getHistory", Fail(500, "INTERNAL"), times=2)
    scene.server.faults.add("messages.sendMessage", Fail(403, "CHAT_WRITE_FORBIDDEN"), times=1)
    scene.world.post(scene.news, "Трое пленных, среди них раненые.")
    rules = monitor.folder / "rules" / "rules.yaml"
    rules.write_text("rules: [", encoding="utf-8")
    monitor.process.send_signal(signal.SIGHUP)
    await monitor.until(lambda: monitor.lines("reload_refused"))
    rules.write_text(RULES, encoding="utf-8")
    for arguments, code in (
        (("status",), None),
        (("status", "--json"), None),
        (("channels",), 0),
        (("digest",), 0),
        (("backup",), 0),
        (("verify",), 0),
        (("export", "--evidence", "1", "--to", str(monitor.folder / "packet.zip")), 0),
        (("check", "--online"), None),
        (("run",), 2),
        (("restore", "--yes"), 2),
        (("login", "--revoke"), 2),
    ):
        exit_code, out, errors = await monitor.call(*arguments)
        assert exit_code == code or code is None, (arguments, out, errors, monitor.text())
        secrets.said[" ".join(arguments)] = (out + errors).encode()
    secrets.said["metrics"] = str(await scrape(port)).encode()
    assert (await monitor.stop())[0] == 0
    secrets.said["output"] = monitor.output


async def _fail(scene: Scene, secrets: Secrets) -> None:
    """Settings that are wrong in each way, and a server that refuses."""
    await secrets.call("check", code=1, TELEGRAM_API_HASH=API_HASH.upper())
    await secrets.call("run", code=2, TELEGRAM_API_HASH=f"{API_HASH}0")
    await secrets.call("run", code=2, TELEGRAM_API_ID=API_HASH, ALERT_CHAT="")
    await secrets.call("check", code=1, TELEGRAM_BOT_TOKEN=f"0{scene.bot.token}", ALERT_CHAT="")
    await secrets.call("run", code=2, WEBHOOK_SECRET="")
    await secrets.call("run", code=2, WEBHOOK_URL="ftp://127.0.0.1/hook")
    await secrets.call("run", code=2, APPRISE_URLS=f"nothing://{APPRISE_SECRET}")
    await secrets.call("run", code=2, RULES="nowhere")
    await secrets.call("run", code=2, DATABASE=str(ROOT / "tests"))
    await secrets.call("purge", "--before", "2030-01-01", "--dry-run", code=0)
    await secrets.call("init", "--yes", "--channels", "+secret", "--folder", str(secrets.monitor.folder), code=2)
    await secrets.call("check", "--online", code=1)
    scene.server.faults.add("*", Fail(401, "SESSION_REVOKED"), times=None)
    await secrets.call("check", "--online", code=1)
    await secrets.call("login", "--revoke", code=0)  # it was ended there already, and is removed here
    await secrets.call("check", code=1)
    await secrets.call("login", code=2, typed=f"{PHONE}\n")


SESSIONS = {
    "a file that others can read": ("reader.session", 0o644, "chmod 600"),
    "a folder that others can enter": ("", 0o755, "chmod 700"),
}


@pytest.mark.parametrize(("path", "mode", "remedy"), SESSIONS.values(), ids=SESSIONS)
def test_an_open_session_is_refused_with_the_command_that_closes_it(
    path: str, mode: int, remedy: str, tmp_path: Path
) -> None:
    async def story(scene: Scene) -> None:
        async with Monitor(scene, tmp_path) as monitor:
            (tmp_path / "session" / path).chmod(mode)
            await monitor.start()
            await monitor.until(lambda: monitor.lines("access_lost"))
            assert remedy in monitor.lines("access_lost")[0]["error"]
            await monitor.stop()
            assert remedy in (await monitor.call("check"))[1]

    run(story)


_FAILING = """
import structlog
from monitor.cli.logs import set_up
set_up()
def sign_in(token):
    raise RuntimeError("it failed")
try:
    sign_in("canary-" + "token")
except RuntimeError as error:
    structlog.get_logger().error("job_failed", exc_info=error)
"""


def test_a_traceback_on_a_terminal_shows_no_variables() -> None:
    ours, theirs = pty.openpty()
    subprocess.run([sys.executable, "-c", _FAILING], cwd=ROOT, stderr=theirs, check=True, timeout=60)
    os.close(theirs)
    shown = b""
    while True:
        try:
            shown += os.read(ours, 65536)
        except OSError:
            break
    os.close(ours)
    assert b"RuntimeError: it failed" in shown
    assert b"canary-token" not in shown
