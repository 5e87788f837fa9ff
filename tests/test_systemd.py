"""The packaging for systemd: what the units give away, and that users, folders and settings are as they say."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from monitor.config import Settings

ROOT = Path(__file__).parent.parent
SYSTEMD = ROOT / "systemd"
UNITS = ("monitor.service", "monitor-backup.service")

systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed here")


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return done.stdout + done.stderr


@systemd
@pytest.mark.parametrize(
    ("unit", "drop_in", "at_most"),
    [
        pytest.param("monitor.service", False, 1.2, id="daemon"),
        pytest.param("monitor.service", True, 1.0, id="daemon with Telegram's addresses only"),
        pytest.param("monitor-backup.service", False, 0.5, id="backup"),
    ],
)
def test_exposure(unit: str, drop_in: bool, at_most: float, tmp_path: Path) -> None:
    shutil.copy(SYSTEMD / unit, tmp_path)
    if drop_in:
        shutil.copytree(SYSTEMD / f"{unit}.d", tmp_path / f"{unit}.d")
    told = _run("systemd-analyze", "security", "--offline=true", "--no-pager", str(tmp_path / unit))
    found = re.search(r"exposure level for \S+: ([\d.]+)", told)
    assert found is not None, told
    assert float(found[1]) <= at_most


@systemd
def test_units_hold_nothing_that_systemd_does_not_know(tmp_path: Path) -> None:
    program = tmp_path / "monitor"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for name in (*UNITS, "monitor-backup.timer"):
        text = (SYSTEMD / name).read_text().replace("/opt/monitor/.venv/bin/monitor", str(program))
        (tmp_path / name).write_text(text)
    names = [str(tmp_path / name) for name in (*UNITS, "monitor-backup.timer")]
    told = _run("systemd-analyze", "verify", "--man=no", *names)
    assert [line for line in told.splitlines() if str(tmp_path) in line or "monitor" in line] == []


@pytest.mark.skipif(shutil.which("systemd-sysusers") is None, reason="systemd is not installed here")
def test_user_and_folders(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    assert _run("systemd-sysusers", f"--root={tmp_path}", str(SYSTEMD / "sysusers.d/monitor.conf")).count("rror") == 0
    [user] = [line for line in (tmp_path / "etc/passwd").read_text().splitlines() if line.startswith("monitor:")]
    assert user.split(":")[5:] == ["/var/lib/monitor", "/usr/sbin/nologin"]

    (tmp_path / "etc/monitor/credentials").mkdir(parents=True)
    secret = tmp_path / "etc/monitor/credentials/telegram_api_hash"
    secret.write_text("secret")
    secret.chmod(0o644)
    _run("systemd-tmpfiles", f"--root={tmp_path}", "--create", str(SYSTEMD / "tmpfiles.d/monitor.conf"))
    modes = {
        str(path.relative_to(tmp_path)): oct(path.stat().st_mode & 0o777)
        for path in sorted((tmp_path / "etc/monitor").rglob("*"))
    }
    assert modes == {
        "etc/monitor/credentials": "0o700",
        "etc/monitor/credentials/telegram_api_hash": "0o600",
        "etc/monitor/rules": "0o750",
    }


def test_both_ways_to_run_it_have_the_same_settings() -> None:
    unit = (SYSTEMD / "monitor.service").read_text().replace("%S", "/var/lib").replace("%C", "/var/cache")
    script = (SYSTEMD / "monitorctl").read_text()
    set_in_unit = set(re.findall(r"^Environment=(\S+=/\S+)$", unit, re.MULTILINE))
    assert set_in_unit == set(re.findall(r"--setenv=(\S+=/\S+)", script))
    assert {name.partition("=")[0].lower() for name in set_in_unit} - {"xdg_cache_home"} <= set(Settings.model_fields)


def test_the_backup_is_no_less_confined_than_the_daemon() -> None:
    daemon, backup = (
        {
            line
            for line in (SYSTEMD / name).read_text().splitlines()
            if re.match(
                r"(Protect|Private|Restrict|NoNew|Capab|Ambient|Lock|Keyring|Device|Remove|Proc|System|Secure)", line
            )
        }
        for name in UNITS
    )
    assert daemon - backup == {"RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX"}


@pytest.mark.parametrize("name", UNITS)
def test_a_machine_with_many_cores_does_not_use_up_the_threads(name: str) -> None:
    assert {"TasksMax", "Environment=OPENBLAS_NUM_THREADS=1"} <= {
        line if line.startswith("Environment") else line.partition("=")[0]
        for line in (SYSTEMD / name).read_text().splitlines()
    }


def test_the_installation_takes_under_ten_commands() -> None:
    readme = (SYSTEMD / "README.md").read_text()
    block = readme.split("```")[1]
    steps = re.findall(r"^# (\d+)\.", block, re.MULTILINE)
    assert steps == [str(number) for number in range(1, len(steps) + 1)]
    assert len(steps) < 10
    named = set(re.findall(r"(?<!/)systemd/(\S+)", block))
    assert {name for name in named if list(SYSTEMD.glob(name))} == named
    assert named == {
        "monitor*.service",
        "monitor-backup.timer",
        "monitorctl",
        "sysusers.d/monitor.conf",
        "tmpfiles.d/monitor.conf",
    }
