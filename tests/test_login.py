"""`monitor login`: the reading account signs in by code, password and QR code, and out, against a loopback server."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from monitor.cli.main import monitor
from monitor.telegram.session import new_session
from tests.loopback import LoopbackThread
from tests.loopback.faults import Fail
from tests.loopback.server import LoopbackServer
from tests.telegram_example import APP

PHONE = "+1 555 0001"
HASH = APP.hash


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopbackThread]:
    """A server that knows one account, and the settings that lead to it."""
    with LoopbackThread(LoopbackServer(api=(APP.id, HASH))) as running:
        running.world.add_user("Reader", username="reader_example", user_id=100_001, phone="15550001")
        monkeypatch.chdir(tmp_path)
        for name, value in {
            "TELEGRAM_API_ID": str(APP.id),
            "TELEGRAM_API_HASH": HASH,
            "TELEGRAM_SESSION": str(tmp_path / "session"),
            "TELEGRAM_SERVER": running.address,
            "TELEGRAM_SERVER_KEY": str(running.key_file),
        }.items():
            monkeypatch.setenv(name, value)
        yield running
        assert running.errors == []
        assert running.unknown == []


def _login(*options: str, typed: str = "") -> Result:
    return CliRunner().invoke(monitor, ["login", *options], input=typed)


def _session(tmp_path: Path) -> Path:
    return tmp_path / "session" / "reader.session"


def test_phone_code_and_password_sign_in_once_and_revoke_signs_out(server: LoopbackThread, tmp_path: Path) -> None:
    server.world.users[100_001].password = "correct horse"
    first = _login("--phone", PHONE, typed="22222\ncorrect horse\n")
    assert (first.exit_code, first.stdout) == (
        0,
        f"Signed in as Reader (@reader_example, id 100001). The session is in {tmp_path / 'session'}.\n",
    )
    assert "Code (Telegram sent it in the Telegram app on your other devices)" in first.stderr
    assert "correct horse" not in first.output
    assert (_session(tmp_path).stat().st_mode & 0o777, _session(tmp_path).parent.stat().st_mode & 0o777) == (
        0o600,
        0o700,
    )
    again = _login("--phone", PHONE)
    assert (again.exit_code, again.stdout) == (
        0,
        "Reader (@reader_example, id 100001) is signed in already; `monitor login --revoke` signs it out.\n",
    )
    out = _login("--revoke")
    assert (out.exit_code, out.stdout) == (
        0,
        f"Signed out, and the session in {tmp_path / 'session'} is removed.\n",
    )
    assert server.journal.count("auth.logOut") == 1
    assert not _session(tmp_path).exists()
    nothing = _login("--revoke")
    assert (nothing.exit_code, nothing.stderr) == (
        2,
        f"there is no session in {tmp_path / 'session'}; sign in with `monitor login`\nNothing was signed out.\n",
    )


def test_a_process_that_has_the_database_and_takes_no_reload_outlives_a_login(
    server: LoopbackThread, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE", str(tmp_path / "monitor.db"))
    holds = (
        "import sys, pathlib, monitor.instance as one\n"
        "with one.InstanceLock(pathlib.Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holds, str(tmp_path / "monitor.db")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as purge:
        assert purge.stdout is not None
        assert purge.stdout.readline() == b"held\n"
        result = _login("--phone", PHONE, typed="22222\n")
        purge.communicate()
    assert (result.exit_code, purge.returncode) == (0, 0)
    assert "reads on with it" not in result.stdout


def test_a_wrong_code_and_a_wrong_password_may_be_typed_again(server: LoopbackThread) -> None:
    server.world.users[100_001].password = "right"
    result = _login(typed=f"{PHONE}\n11111\n22222\nwrong\nright\n")
    assert result.exit_code == 0
    assert "The code is wrong; Telegram sent it to your other devices, or by SMS.\n" in result.stderr
    assert "The password is wrong; it is the one of two-step verification, not that of a device.\n" in result.stderr


def _fail(method: str, code: int, message: str) -> Callable[[LoopbackThread], None]:
    return lambda server: server.faults.add(method, Fail(code, message), times=None)


def _nothing(server: LoopbackThread) -> None:
    pass


def _stop(server: LoopbackThread) -> None:
    server.stop()


def _close_at_once(server: LoopbackThread) -> None:
    server.set(refuse=True)


def _ban(server: LoopbackThread) -> None:
    server.world.users[100_001].deleted = True


def _password(server: LoopbackThread) -> None:
    server.world.users[100_001].password = "right"


APP_WRONG = "TELEGRAM_API_ID and TELEGRAM_API_HASH do not belong together; copy both from https://my.telegram.org"
BROKEN = "the connection to Telegram broke off or was refused; if that lasts, look at the network"
REFUSED: dict[str, tuple[Callable[[LoopbackThread], None], str, str]] = {
    # what is the matter, what is typed, what is said
    "wrong code": (
        _nothing,
        f"{PHONE}\n00000\n",
        "the code is wrong; Telegram sent it to your other devices, or by SMS",
    ),
    "three wrong codes": (
        _nothing,
        f"{PHONE}\n00000\n00001\n00002\n22222\n",
        "the code is wrong; Telegram sent it to your other devices, or by SMS",
    ),
    "wrong password": (
        _password,
        f"{PHONE}\n22222\nwrong\n",
        "the password is wrong; it is the one of two-step verification, not that of a device",
    ),
    "no code": (
        _nothing,
        f"{PHONE}\n",
        "standard input ended before an answer to: Code (Telegram sent it in the Telegram app on your other devices)",
    ),
    "code expired": (
        _fail("auth.signIn", 400, "PHONE_CODE_EXPIRED"),
        f"{PHONE}\n22222\n",
        "the code has expired; start again and type the newest one",
    ),
    "no phone number": (
        _nothing,
        "123\n",
        "Telegram does not take that for a phone number; write it with the country code, as in +31612345678",
    ),
    "nobody's phone number": (
        _nothing,
        "+15559999\n22222\n",
        "no account has that phone number; sign up in a Telegram app first, this program can only sign in",
    ),
    "a bot's token": (
        _nothing,
        "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw\n",
        "that is a bot's token, and bots may not read channels; give the phone number of a person's account",
    ),
    "banned": (
        _ban,
        f"{PHONE}\n22222\n",
        "Telegram has banned this phone number; write to recover@telegram.org, or sign in another account",
    ),
    "too many codes": (
        _fail("auth.sendCode", 420, "FLOOD_WAIT_86000"),
        f"{PHONE}\n",
        "Telegram asks to wait 23 h 53 min with “signing in” (FLOOD_WAIT)",
    ),
    "too many tries": (
        _fail("auth.sendCode", 400, "PHONE_NUMBER_FLOOD"),
        f"{PHONE}\n",
        "that phone number asked for too many codes; try again tomorrow",
    ),
    "no network": (_stop, f"{PHONE}\n22222\n", BROKEN),
    "a server that closes at once": (_close_at_once, f"{PHONE}\n22222\n", BROKEN),
}


@pytest.mark.parametrize(("happen", "typed", "said"), REFUSED.values(), ids=REFUSED)
def test_what_goes_wrong_is_one_sentence(
    server: LoopbackThread, happen: Callable[[LoopbackThread], None], typed: str, said: str
) -> None:
    happen(server)
    result = _login(typed=typed)
    assert (result.exit_code, result.stdout, result.stderr.splitlines()[-1]) == (2, "", said)


SETTINGS: dict[str, tuple[dict[str, str | None], str]] = {
    "no id": (
        {"TELEGRAM_API_ID": None},
        "TELEGRAM_API_ID: is not set; make an application at https://my.telegram.org (“API development tools”) and"
        " write its api_id and api_hash into .env",
    ),
    "no hash": (
        {"TELEGRAM_API_HASH": ""},
        "TELEGRAM_API_HASH: is not set; make an application at https://my.telegram.org (“API development tools”) and"
        " write its api_id and api_hash into .env",
    ),
    "a hash that is none": (
        {"TELEGRAM_API_HASH": "my secret"},
        "TELEGRAM_API_HASH: is not what my.telegram.org shows as api_hash: 32 of the characters 0-9 and a-f",
    ),
    "another application's hash": ({"TELEGRAM_API_HASH": "f" * 32}, APP_WRONG),
    "a server without a data centre": (
        {"TELEGRAM_SERVER": "127.0.0.1:443"},
        "TELEGRAM_SERVER: “127.0.0.1:443” is no server; write data centre, host and port, as in 2@149.154.167.40:443"
        " (now: '127.0.0.1:443')",
    ),
    "a key that is not there": (
        {"TELEGRAM_SERVER_KEY": "nowhere.pem"},
        "TELEGRAM_SERVER_KEY: nowhere.pem cannot be read as a key",
    ),
    "a key without a server": (
        {"TELEGRAM_SERVER": None},
        "TELEGRAM_SERVER_KEY: is set without TELEGRAM_SERVER; set both or neither",
    ),
}


@pytest.mark.parametrize(("values", "said"), SETTINGS.values(), ids=SETTINGS)
def test_wrong_settings_are_one_sentence_and_no_secret_is_shown(
    server: LoopbackThread, monkeypatch: pytest.MonkeyPatch, values: dict[str, str | None], said: str
) -> None:
    for name, value in values.items():
        if value is None:
            monkeypatch.delenv(name)
        else:
            monkeypatch.setenv(name, value)
    result = _login("--phone", PHONE, typed="22222\n")
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (2, said)


def test_a_session_in_use_or_open_to_others_is_left_alone(server: LoopbackThread, tmp_path: Path) -> None:
    held = new_session(tmp_path / "session")
    result = _login(typed=f"{PHONE}\n22222\n")
    assert (result.exit_code, result.stderr) == (
        2,
        f"the session in {tmp_path / 'session'} is in use by process {os.getpid()}; stop that one first\n",
    )
    _session(tmp_path).write_bytes(b"")
    result = _login("--revoke")
    assert (result.exit_code, result.stderr) == (
        2,
        f"the session in {tmp_path / 'session'} is in use by process {os.getpid()}; stop that one first\n"
        "Nothing was signed out.\n",
    )
    assert _session(tmp_path).exists()
    held.close()
    _session(tmp_path).write_bytes(b"SQLite format 3\0")
    _session(tmp_path).chmod(0o644)
    result = _login(typed=f"{PHONE}\n22222\n")
    assert (result.exit_code, result.stderr) == (
        2,
        f"{_session(tmp_path)} is open to other users (mode 0644); run: chmod 600 {_session(tmp_path)}\n",
    )


DEAD: dict[str, Callable[[LoopbackThread], None]] = {
    "revoked": lambda server: server.end_sessions(server.world.users[100_001]),
    "duplicated": lambda server: server.end_sessions(server.world.users[100_001], "AUTH_KEY_DUPLICATED"),
    "forgotten": lambda server: server.forget_keys(server.world.users[100_001]),
}


@pytest.mark.parametrize("die", DEAD.values(), ids=DEAD)
def test_a_dead_session_is_replaced_by_signing_in_again(
    server: LoopbackThread, die: Callable[[LoopbackThread], None]
) -> None:
    assert _login("--phone", PHONE, typed="22222\n").exit_code == 0
    die(server)
    again = _login("--phone", PHONE, typed="22222\n")
    assert (again.exit_code, again.stdout.partition(". ")[0]) == (
        0,
        "Signed in as Reader (@reader_example, id 100001)",
    )


@pytest.mark.parametrize("die", DEAD.values(), ids=DEAD)
def test_a_dead_session_can_be_removed(
    server: LoopbackThread, tmp_path: Path, die: Callable[[LoopbackThread], None]
) -> None:
    assert _login("--phone", PHONE, typed="22222\n").exit_code == 0
    die(server)
    assert _login("--revoke").exit_code == 0
    assert not _session(tmp_path).exists()


def test_nothing_is_removed_while_telegram_cannot_be_reached(server: LoopbackThread, tmp_path: Path) -> None:
    assert _login("--phone", PHONE, typed="22222\n").exit_code == 0
    server.stop()
    result = _login("--revoke")
    assert (result.exit_code, result.stderr) == (2, f"{BROKEN}\nNothing was signed out.\n")
    assert _session(tmp_path).exists()


# QR codes


def _scan(server: LoopbackThread, codes: int) -> threading.Thread:
    """Let the account scan the QR code once so many were shown."""

    def scan() -> None:
        deadline = time.monotonic() + 10
        while len(server.logins.tokens) < codes and time.monotonic() < deadline:
            time.sleep(0.01)
        server.accept_qr(server.world.users[100_001])

    thread = threading.Thread(target=scan)
    thread.start()
    return thread


@pytest.mark.parametrize("password", [None, "right"], ids=["without password", "with password"])
def test_a_scanned_qr_code_signs_in(server: LoopbackThread, password: str | None) -> None:
    server.world.users[100_001].password = password
    scanning = _scan(server, 1)
    result = _login("--qr", typed="right\n")
    scanning.join()
    assert (result.exit_code, result.stdout.partition(". ")[0]) == (
        0,
        "Signed in as Reader (@reader_example, id 100001)",
    )
    assert "Settings, Devices, Link Desktop Device" in result.stderr
    assert result.stderr.count("█") > 100


def test_a_qr_code_that_expired_is_shown_anew(server: LoopbackThread) -> None:
    server.logins.token_seconds = 1
    scanning = _scan(server, 2)
    result = _login("--qr")
    scanning.join()
    assert (result.exit_code, result.stderr.count("Link Desktop Device")) == (0, 2)


@pytest.mark.parametrize("options", [("--revoke", "--qr"), ("--revoke", "--phone", "1"), ("--qr", "--phone", "1")])
def test_options_that_exclude_each_other(options: tuple[str, ...]) -> None:
    assert _login(*options).exit_code == 2


# At a terminal


def _at_a_terminal(*talk: tuple[str, str]) -> tuple[int, str]:
    """Run `monitor login` at a terminal, answer each question, and return the exit code and what was shown."""
    # Opening the terminal makes it the process's own, from which passwords are read and Ctrl-C comes.
    code = "import os; os.open(os.ttyname(0), os.O_RDWR); from monitor.cli.main import main; main()"
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", code, "login"], stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    ) as process:
        os.close(theirs)
        shown = ""
        for question, answer in talk:
            while question not in shown:
                shown += os.read(ours, 1000).decode()
            os.write(ours, answer.encode())
        while True:
            # Who presses Ctrl-C before the terminal is being read presses it again.
            if not select.select([ours], [], [], 1.0)[0] and answer == "\x03":
                os.write(ours, b"\x03")
            try:
                shown += os.read(ours, 1000).decode()
            except OSError:  # everybody has left the terminal
                break
        process.wait(10)
        os.close(ours)
    return process.returncode, shown


ASKED = "Phone number with country code, as in +31612345678: "


def test_at_a_terminal_it_asks_and_does_not_show_the_password(server: LoopbackThread) -> None:
    server.world.users[100_001].password = "correct horse"
    code, shown = _at_a_terminal(
        (ASKED, f"{PHONE}\n"),
        ("other devices): ", "22222\n"),
        ("Password of two-step verification: ", "correct horse\n"),
    )
    assert code == 0
    assert "Signed in as Reader (@reader_example, id 100001)." in shown
    assert "22222" in shown
    assert "correct horse" not in shown


@pytest.mark.parametrize("answered", [0, 1], ids=["at the number", "at the code"])
def test_control_c_ends_a_question_at_once(server: LoopbackThread, answered: int) -> None:
    talk = [(ASKED, f"{PHONE}\n"), ("other devices): ", "22222\n")]
    code, shown = _at_a_terminal(*talk[:answered], (talk[answered][0], "\x03"))
    assert (code, "Aborted!" in shown, "Traceback" in shown) == (1, True, False)
