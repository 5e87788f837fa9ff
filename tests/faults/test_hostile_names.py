"""Files that are called anything a file system allows: read, written and named in one harmless line each."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import unicodedata
import zipfile
from pathlib import Path

import pytest

from tests.running import RULES

NAMES = {
    "plain": b"plain",
    "a line break": b"a\nWRONG b",
    "right-to-left override": "\u202egpj.x \u2066y".encode(),
    "255 bytes": ("д" * 121 + "xxx").encode(),
    "no UTF-8": b"\xff\xfe b",
    "a dash": b"-rf",
    "an option": b"--help",
    "dots": b"a..b..",
    "terminal codes": b"\x1b[2J\x1b]0;t\x07",
    "a shell's": b"a'\"$(x)`;|&",
    "a format": b"%s{0}[red]",
}
POST = {"id": 1, "date": "2023-06-04T09:00:00Z", "text": "Двое пленных под Шебекином."}
MESSAGE = {"id": 7, "type": "message", "date_unixtime": "1685869200", "text": POST["text"]}
EXPORT = {"name": "Desk", "type": "public_channel", "id": 1700000001, "messages": [MESSAGE]}
FAULTY = "rules:\n  a: {title: A, level: urgent}\n"


class Place:
    """A folder in which the program runs, with files of one name."""

    def __init__(self, folder: Path, name: bytes) -> None:
        self.folder = folder
        self.name = name
        self.said: list[str] = []
        for one in ("in", "rules", "faulty", "out"):
            (folder / one).mkdir(parents=True)
        record = json.dumps({"channel": "desk", **POST})
        self.file("in", ".jsonl").write_text(f"{record}\n{{broken\n")
        self.file("in", ".json").write_text(json.dumps(EXPORT))
        self.file("rules", ".yaml").write_text(RULES)
        self.file("faulty", ".yaml").write_text(FAULTY)

    def file(self, folder: str, ending: str) -> Path:
        """Return the file of the name in a folder, cut where the file system bounds it."""
        return self.folder / folder / os.fsdecode(self.name[: 255 - len(ending)] + ending.encode())

    def call(self, *arguments: str | Path, code: int) -> str:
        """Run a command; return what it printed, and keep what it said of it, line by line."""
        cache = str(self.folder / "cache")
        done = subprocess.run(
            [sys.executable, "-m", "monitor", *arguments],
            cwd=self.folder,
            env={**os.environ, "DATABASE": "monitor.db", "XDG_CACHE_HOME": cache},
            capture_output=True,
        )
        assert done.returncode == code, done.stderr
        self.said += done.stderr.decode("utf-8", "strict").splitlines()
        return os.fsdecode(done.stdout)


def _play(folder: Path, name: bytes) -> list[str]:
    """Let every command meet the name; return what was said, line by line."""
    place = Place(folder, name)
    replay = ("replay", "--no-packs", "--rules", "rules")
    lines = place.call(*replay, "--format", "jsonl", "--db", "monitor.db", "in", code=2).splitlines()
    assert sorted(one["post_id"] for one in map(json.loads, lines)) == [1, 7]
    export = place.file("in", ".json").relative_to(folder)
    place.said += place.call(*replay, "--", export, code=0).splitlines()
    place.said += place.call("replay", "--no-packs", "--rules", "faulty", "--", export, code=2).splitlines()
    place.said += place.call("rules", "check", "--no-packs", "--rules", "faulty", code=2).splitlines()

    copies, packet = place.file("out", ""), place.file("out", ".zip")
    made = place.call("backup", f"--to={copies}", code=0).removesuffix("\n")
    assert Path(made).parent == copies
    assert place.call("backup", "--list", f"--to={copies}", code=0).startswith(made)
    place.call("restore", "--yes", "--", made, code=0)
    place.call("export", "--evidence", "t.me/desk/1", f"--to={packet}", code=0)
    with zipfile.ZipFile(packet) as archive:
        assert archive.testzip() is None
        assert not any(one.startswith(("/", ".")) or ".." in one or "\n" in one for one in archive.namelist())
    assert sorted((folder / "out").iterdir()) == sorted([copies, packet])
    return place.said


@pytest.mark.parametrize("case", [name for name in NAMES if name != "plain"])
def test_whatever_a_file_is_called(case: str, tmp_path: Path) -> None:
    plain, said = _play(tmp_path / "plain", NAMES["plain"]), _play(tmp_path / "hostile", NAMES[case])
    assert len(said) == len(plain), "a name makes no line of its own"
    assert not any(line.startswith("WRONG") for line in said)
    assert [char for line in said for char in line if unicodedata.category(char) in ("Cc", "Cs")] == []
    assert [
        char for line in said for char in line if unicodedata.bidirectional(char) in ("RLO", "LRO", "RLE", "LRE")
    ] == []
