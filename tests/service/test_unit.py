"""The units as systemd/README.md installs them, run by a real systemd (252 on Debian 12) in a machine of its own."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from telethon.tl import types

from tests.faults.figures import note
from tests.loopback.scene import Scene, run
from tests.service.installed import Installed, commands
from tests.service.machine import CHECKOUT, Machine, why_not
from tests.telegram_example import APP

# By telegram-only.conf: a server of Telegram's in each of three networks, this machine, and three strangers.
_REACHED = {
    "127.0.0.1": "open",
    "149.154.167.51": "open",
    "91.108.56.130": "open",
    "2001:67c:4e8:f002::a": "open",
    "198.51.100.1": "shut",
    "149.154.176.1": "shut",
    "2001:db8::1": "shut",
}
REASON = why_not()
pytestmark = pytest.mark.skipif(REASON is not None, reason=REASON or "")


@pytest.fixture
def outside() -> Iterator[Path]:
    """A file in the folder that systemd empties when it boots; it must be there at the end as it was."""
    path = Path("/tmp", f"monitor-outside-{os.getpid()}")
    path.write_text("as it was")
    yield path
    assert path.read_text() == "as it was"
    path.unlink()


def test_the_machine_of_the_tests_changes_nothing_outside(outside: Path, tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        async with Machine(tmp_path) as machine:
            mounts = [line.split() for line in machine.path("/proc/1/mountinfo").read_text().splitlines()]
            disks = {
                fields[4]: (fields[3], fields[5].split(",")[0])
                for fields in mounts
                if fields[fields.index("-") + 2].startswith("/")
            }
            assert disks.pop("/var/lib")[0].endswith(f"{tmp_path.name}/state")
            assert "/usr" in disks
            assert {options for _, options in disks.values()} == {"ro"}
            assert not machine.path(str(outside)).exists()
            assert "Read-only file system" in (await machine.sh("touch /var/lib/here /tmp/there /usr/elsewhere")).err
        assert [path.name for path in (tmp_path / "state").glob("*here")] == ["here"]
        assert not Path("/tmp/there").exists()

    run(story)


def test_installed_by_the_nine_commands(outside: Path, tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        async with Installed(scene, tmp_path) as installed:
            machine = installed.machine
            await installed.install()
            assert await _modes(machine, "/etc/monitor") == {
                "/etc/monitor": "750 root:monitor",
                "/etc/monitor/monitor.env": "640 root:monitor",
                "/etc/monitor/server.pem": "644 root:root",
                "/etc/monitor/credentials": "700 root:root",
                "/etc/monitor/rules": "750 root:monitor",
            }
            assert await _modes(machine, "/etc/monitor/credentials/*") == dict.fromkeys(
                (
                    f"/etc/monitor/credentials/{name}"
                    for name in ("telegram_api_hash", "telegram_api_id", "telegram_bot_token")
                ),
                "600 root:root",
            )
            await installed.log_in()
            checked = await installed.step(6)
            assert [line for line in checked.out.splitlines() if line.startswith("WRONG")] == []
            note("service: seconds from start to READY=1", round(await installed.start(), 1))
            await _is_confined(installed)
            await _does_its_work(installed)
            await _is_reloaded(installed)
            await _is_stopped(installed)

    run(story)


async def _modes(machine: Machine, pattern: str) -> dict[str, str]:
    """Return rights and owners of files, and of what lies in a folder."""
    done = await machine.sh(f"stat -c '%n %a %U:%G' {pattern} {pattern}/* 2>/dev/null || true")
    return dict(line.split(" ", 1) for line in done.out.splitlines())


async def _is_confined(installed: Installed) -> None:
    """Who it is, what it may do, and where its secrets are."""
    machine = installed.machine
    await installed.until_shown(ActiveState="active", StatusText="reading 2 of 2 channels")
    user, main = await machine.show("monitor", "User", "MainPID")
    assert user == "monitor"
    process = machine.path(f"/proc/{main}")
    status = dict(line.split(":\t", 1) for line in (process / "status").read_text().splitlines() if ":\t" in line)
    ids = set(status["Uid"].split())
    assert ids == {(await machine.sh("id -u monitor")).out.strip()} != {"0"}
    assert [status[name] for name in ("NoNewPrivs", "Seccomp", "CapPrm", "CapBnd")] == ["1", "2", "0" * 16, "0" * 16]
    assert await _modes(machine, "/var/lib/monitor") == {
        "/var/lib/monitor": "700 monitor:monitor",
        "/var/lib/monitor/session": "700 monitor:monitor",
        **dict.fromkeys(
            (f"/var/lib/monitor/monitor.db{end}" for end in ("", "-shm", "-wal", ".lock")), "600 monitor:monitor"
        ),
    }
    # Where others could see them: its environment and command line, what systemd tells of the unit, the journal.
    told = [(process / name).read_text() for name in ("environ", "cmdline")]
    told += [(await machine.sh("systemctl show monitor; systemctl status monitor")).out, await installed.journal(9999)]
    assert "CREDENTIALS_DIRECTORY=/run/credentials/monitor.service" in told[0]
    for secret in (APP.hash, installed.scene.bot.token or "", "22222"):
        assert [text for text in told if secret in text] == []


async def _does_its_work(installed: Installed) -> None:
    """Posts are read, told and kept, with all that this needs of the system: a database, expressions, processes."""
    machine, scene, cycle = installed.machine, installed.scene, installed.cycle
    for _ in range(6):
        cycle.publish()
    await installed.told()

    scene.world.send(scene.analyst, scene.bot, "/digest")
    await installed.until(lambda: any(isinstance(one.media, types.MessageMediaPhoto) for one in _page(installed)))

    done = await machine.sh("systemctl start monitor-backup.service")
    assert done.code == 0, await installed.journal()
    [backup] = [path.name for path in (machine.state / "monitor/backups").iterdir()]
    assert f"{backup}\n" in await installed.journal()
    assert f"{len(cycle.published)} posts in 2 channels, proved" in await installed.journal()
    assert await machine.show("monitor-backup.timer", "ActiveState", "SubState") == ["active", "waiting"]

    # To a pipe, and to a terminal.
    shown = json.loads((await machine.sh("monitorctl status --json")).out)
    assert [str(shown["process"])] == await machine.show("monitor", "MainPID")
    seen = await machine.sh("script -qec 'monitorctl status' /dev/null")
    assert f"monitor: running (process {shown['process']})" in seen.out
    assert (await machine.sh("monitorctl verify")).code == 0


async def _is_reloaded(installed: Installed) -> None:
    """Changed rules are taken over; faulty ones leave those in force, and are told."""
    machine, scene = installed.machine, installed.scene
    scene.world.post(scene.news, "Мост закрыт.")
    await installed.until(lambda: any("Мост закрыт" in one.message for one in _page(installed)))
    installed.write_rules("мост[")
    assert (await machine.sh("systemctl reload monitor")).code == 0
    await installed.until(lambda: any("reload refused" in one.message for one in _page(installed)))
    scene.world.post(scene.news, "Второй мост закрыт.")
    await installed.until(lambda: any("Второй мост" in one.message for one in _page(installed)))
    installed.write_rules("дорога")
    assert (await machine.sh("systemctl reload monitor")).code == 0
    await installed.until_said('"event": "reloaded"')  # systemctl does not wait for it
    scene.world.post(scene.news, "Третий мост закрыт.")
    scene.world.post(scene.news, "Дорога закрыта.")
    await installed.until(lambda: any("Дорога закрыта" in one.message for one in _page(installed)))
    assert [one.message for one in _page(installed) if "Третий мост" in one.message] == []


async def _is_stopped(installed: Installed) -> None:
    began = time.monotonic()
    assert (await installed.machine.sh("systemctl stop monitor")).code == 0
    seconds = time.monotonic() - began
    note("service: seconds to stop", round(seconds, 1))
    assert seconds < 10
    shown = await installed.machine.show("monitor", "ActiveState", "Result", "ExecMainStatus", "NRestarts")
    assert shown == ["inactive", "success", "0", "0"]


def _page(installed: Installed) -> list[types.Message]:
    """The bot's newest messages in the chat."""
    page = installed.scene.analyst.box.page(limit=50)
    return [one for one in page if isinstance(one, types.Message) and not one.out]


def test_what_ends_it_and_what_starts_it_again(outside: Path, tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        async with Installed(scene, tmp_path) as installed:
            machine, cycle = installed.machine, installed.cycle
            await installed.install()
            await installed.log_in()
            await installed.start("WatchdogSec=5\nRestartSec=1\n")
            cycle.publish()
            await installed.told()

            await machine.sh("systemctl kill --signal=KILL --kill-whom=main monitor")
            cycle.publish()
            await installed.until_shown(NRestarts="1", ActiveState="active")
            await installed.told()

            # It hangs: nothing feeds the watchdog any more.
            await machine.sh("systemctl kill --signal=STOP --kill-whom=main monitor")
            cycle.publish()
            await installed.until_shown(NRestarts="2", ActiveState="active")
            assert "Watchdog timeout" in await installed.journal()
            await installed.told()
            # It does not hang: more than the watchdog's limit passes.
            main = await machine.show("monitor", "MainPID")
            await machine.sh("sleep 7")
            assert await machine.show("monitor", "MainPID", "NRestarts") == [*main, "2"]

            # A setting that only a person can mend: no second try.
            await machine.sh("sed -i 's/^TIMEZONE=.*/TIMEZONE=Europe\\/Nowhere/' /etc/monitor/monitor.env")
            assert (await machine.sh("systemctl restart monitor")).code != 0
            await machine.sh("sleep 2")
            shown = await machine.show("monitor", "ActiveState", "Result", "ExecMainStatus", "NRestarts")
            assert shown == ["failed", "exit-code", "2", "0"]
            assert "Europe/Nowhere" in await installed.journal(5)

    run(story)


# As systemd/README.md says for backups on another disk.
_OTHER_DISK = """
install -d -o monitor -g monitor -m 0700 /srv/backups/monitor
echo BACKUPS=/srv/backups/monitor >> /etc/monitor/monitor.env
for unit in monitor monitor-backup; do
    mkdir -p /etc/systemd/system/$unit.service.d
    printf '[Service]\\nReadWritePaths=/srv/backups/monitor\\n' > /etc/systemd/system/$unit.service.d/override.conf
done
"""


@pytest.mark.long
@pytest.mark.parametrize("disk", ["", _OTHER_DISK], ids=["beside the database", "on another disk"])
def test_a_backup_is_put_back(disk: str, outside: Path, tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        async with Installed(scene, tmp_path) as installed:
            machine, cycle = installed.machine, installed.cycle
            await installed.install()
            assert (await machine.sh(disk)).code == 0
            await installed.log_in()
            await installed.start()
            cycle.publish()
            await installed.told()
            assert (await machine.sh("systemctl start monitor-backup.service")).code == 0, await installed.journal()
            cycle.publish()
            await installed.told()
            done = await machine.sh("systemctl stop monitor; monitorctl restore --yes; systemctl start monitor")
            assert done.code == 0, done
            cycle.publish()
            await installed.told()  # what was told after the backup is not told again
            done = await machine.sh("monitorctl backup")
            assert done.code == 0, done
            assert done.out.startswith("/srv/backups/monitor/" if disk else "/var/lib/monitor/backups/")

    run(story)


# In the daemon's control group, but in a network of its own where these addresses are this machine's: nothing leaves.
_KNOCK = """
echo $$ > /sys/fs/cgroup/system.slice/monitor.service/cgroup.procs
exec unshare --net sh -euc '
    ip link set lo up
    for address in "$@"; do ip address add "$address" dev lo 2> /dev/null || true; done
    exec /opt/monitor/.venv/bin/python3 -c "$KNOCK" "$@"' knock "$@"
"""
_SEND = """
import socket, sys
for address in sys.argv[1:]:
    family, _, _, _, where = socket.getaddrinfo(address, 9, type=socket.SOCK_DGRAM)[0]
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as wire:
            wire.sendto(b"x", where)
            print(address, "open")
    except PermissionError:
        print(address, "shut")
"""


@pytest.mark.long
def test_only_telegram(outside: Path, tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        async with Installed(scene, tmp_path) as installed:
            machine = installed.machine
            await installed.install()
            await installed.log_in()
            assert (await machine.sh(commands("## Only Telegram"), folder=CHECKOUT)).code == 0
            await installed.start()
            installed.cycle.publish()
            await installed.told()
            knocked = await machine.sh(f"set -- {' '.join(_REACHED)}\nexport KNOCK='{_SEND}'\n{_KNOCK}")
            assert dict(line.split() for line in knocked.out.splitlines()) == _REACHED, knocked.err

    run(story)
