"""The session file: who may read it, and what is said of one that cannot be used."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from telethon.crypto import AuthKey

from monitor.sources.source import AccessLost
from monitor.telegram.session import BOT, existing_session, new_session

KEY = AuthKey(bytes(range(256)))


def _signed_in(folder: Path, key: AuthKey = KEY) -> Path:
    held = new_session(folder)
    session = held.open()
    session.set_dc(2, "127.0.0.1", 443)
    session.auth_key = key
    session.save()
    session.close()
    held.close()
    return held.path


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_folder_and_files_are_for_the_owner_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        path = _signed_in(tmp_path / "state" / "session")
    finally:
        os.umask(before)
    held = existing_session(path.parent)
    session = held.open()
    session.set_update_state(0, session.get_update_state(0) or _state())
    modes = {found.name: _mode(found) for found in path.parent.iterdir()}
    session.close()
    held.close()
    assert modes == {"reader.session": 0o600, "reader.lock": 0o600, "reader.session-journal": 0o600}
    assert _mode(path.parent) == 0o700


def _state() -> object:
    from datetime import UTC, datetime

    from telethon.tl.types.updates import State

    return State(1, 0, datetime(2023, 6, 4, tzinfo=UTC), 1, 0)


@pytest.mark.parametrize("key", [KEY, AuthKey(KEY.key[1:])], ids=["as it should be", "without its leading zero"])
def test_a_key_is_found_again_and_people_are_not_kept(tmp_path: Path, key: AuthKey) -> None:
    path = _signed_in(tmp_path / "session", key)
    held = existing_session(path.parent)
    session = held.open()
    assert (session.auth_key.key, session.dc_id, session.port, session.save_entities) == (key.key, 2, 443, False)
    session.close()
    held.close()


def _loosen(path: Path) -> None:
    path.chmod(0o640)


def _loosen_folder(path: Path) -> None:
    path.parent.chmod(0o755)


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _scribble(path: Path) -> None:
    path.write_bytes(b"no session at all")


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:3000])


def _remove(path: Path) -> None:
    path.unlink()


REFUSED: dict[str, tuple[Callable[[Path], None], str]] = {
    "file open to a group": (_loosen, "{path} is open to other users (mode 0640); run: chmod 600 {path}"),
    "folder open to all": (
        _loosen_folder,
        "the folder {folder} is open to other users (mode 0755); run: chmod 700 {folder}",
    ),
    "empty": (_empty, "{path} is empty, so it holds no key; sign in with `monitor login`"),
    "no database": (
        _scribble,
        "{path} is damaged or no session; restore it from a backup, or delete it and sign in with `monitor login`",
    ),
    "cut off": (
        _cut,
        "{path} is damaged or no session; restore it from a backup, or delete it and sign in with `monitor login`",
    ),
    "none": (_remove, "there is no session in {folder}; sign in with `monitor login`"),
}


@pytest.mark.parametrize(("spoil", "said"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_used_is_refused_with_what_to_do(
    tmp_path: Path, spoil: Callable[[Path], None], said: str
) -> None:
    path = _signed_in(tmp_path / "session")
    spoil(path)
    before = path.read_bytes() if path.exists() else None
    with pytest.raises(AccessLost) as caught:
        existing_session(path.parent)
    assert str(caught.value) == said.format(path=path, folder=path.parent)
    assert (path.read_bytes() if path.exists() else None) == before, "a refused session is left as it is"


@pytest.mark.parametrize("key", [AuthKey(None), AuthKey(b"short")], ids=["no key", "half a key"])
def test_a_session_without_a_whole_key_is_refused(tmp_path: Path, key: AuthKey) -> None:
    path = _signed_in(tmp_path / "session", key)
    with pytest.raises(AccessLost, match=r"holds no key: its sign-in was not finished|is damaged or no session"):
        existing_session(path.parent)


def test_a_new_sign_in_takes_the_place_of_an_empty_file_but_not_of_a_damaged_one(tmp_path: Path) -> None:
    path = _signed_in(tmp_path / "session")
    _empty(path)
    new_session(path.parent).close()
    _scribble(path)
    with pytest.raises(AccessLost, match="is damaged or no session"):
        new_session(path.parent)


def test_a_session_is_used_by_one_process_at_a_time(tmp_path: Path) -> None:
    path = _signed_in(tmp_path / "session")
    code = (
        "import sys; from pathlib import Path; from monitor.telegram.session import existing_session;"
        f"held = existing_session(Path({str(path.parent)!r})); print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(AccessLost) as caught:
            existing_session(path.parent)
        assert str(caught.value) == (
            f"the session in {path.parent} is in use by process {other.pid}; stop that one first"
        )
        new_session(path.parent, BOT).close()  # the bot's is another one
        other.kill()  # a lock does not outlive its process
    existing_session(path.parent).close()


def test_a_deleted_session_leaves_no_key_behind(tmp_path: Path) -> None:
    path = _signed_in(tmp_path / "session")
    existing_session(path.parent).delete()
    assert [found.name for found in path.parent.iterdir()] == ["reader.lock"]
