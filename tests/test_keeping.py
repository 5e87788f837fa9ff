"""`monitor backup`, `restore`, `verify`, `purge` and `export` on a database that a replay filled."""

from __future__ import annotations

import hashlib
import io
import json
import sqlite3
import stat
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from monitor.cli.main import monitor
from monitor.instance import InstanceLock

Run = Callable[..., Result]

POSTS = [
    {"channel": "desk", "id": 1, "date": "2023-06-04T09:00:00Z", "text": "Двоих солдат взяли в плен под Шебекином."},
    {"channel": "desk", "id": 2, "date": "2023-06-04T09:05:00Z", "text": "О Сергее Иваненко ничего не известно."},
    {"channel": "desk", "id": 3, "date": "2023-06-04T09:10:00Z", "text": "Serhij Iwanenko wurde gesehen <script>."},
    {"channel": "desk", "id": 4, "date": "2023-06-04T09:15:00Z", "text": "Погода хорошая."},
    {"channel": "other", "id": 1, "date": "2023-06-05T09:15:00Z", "text": "Сергея Петренко здесь нет."},
    {
        "channel": "desk", "id": 1, "date": "2023-06-04T09:00:00Z", "edited": "2023-06-04T10:00:00Z",
        "text": "Троих солдат взяли в плен под Шебекином.",
    },
]  # fmt: skip


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command of monitor in a folder of its own, with its database there."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE", str(tmp_path / "monitor.db"))
    (tmp_path / "posts.jsonl").write_text("".join(json.dumps(post) + "\n" for post in POSTS))

    def call(*arguments: str, code: int = 0, answer: str | None = None) -> Result:
        result = CliRunner().invoke(monitor, list(arguments), input=answer)
        assert result.exit_code == code, result.output
        assert "Traceback" not in result.output
        return result

    call("replay", "posts.jsonl", "--db", "monitor.db")
    return call


def _texts(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as db:
        return [row[0] for row in db.execute("SELECT body FROM revisions ORDER BY id") if row[0]]


def test_backup_list_and_restore(run: Run, tmp_path: Path) -> None:
    made = Path(run("backup").stdout.strip())
    assert made.parent == tmp_path / "backups"
    assert str(made) in run("backup", "--list").stdout

    (tmp_path / "monitor.db").write_bytes(b"nothing of use")
    assert "this is no SQLite database" in run("verify", code=2).stderr
    run("restore", "--yes")
    assert len(_texts(tmp_path / "monitor.db")) == len(POSTS)
    [aside] = tmp_path.glob("monitor.db.before-restore-*")
    assert aside.read_bytes() == b"nothing of use"


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (["restore", "--yes"], "another monitor (process"),
        (["purge", "--before", "2030-01-01", "--yes"], "another monitor (process"),
    ],
)
def test_nothing_is_put_back_or_removed_under_a_running_daemon(
    command: list[str], told: str, run: Run, tmp_path: Path
) -> None:
    run("backup")
    before = (tmp_path / "monitor.db").read_bytes()
    with InstanceLock(tmp_path / "monitor.db"):
        assert told in run(*command, code=2).stderr
        run("backup")  # a copy may be made at any time
    assert (tmp_path / "monitor.db").read_bytes() == before


def test_verify_proves_and_tells_what_was_changed(run: Run, tmp_path: Path) -> None:
    told = run("verify").stdout
    head = told.rsplit(maxsplit=1)[1]
    assert told == f"6 records fit; head of the chain {head}\n"
    assert "unchanged" in run("verify", "--head", head).stdout
    assert "NOT FOUND" in run("verify", "--head", "ab" * 32, code=1).stdout
    assert "is no head of a chain" in run("verify", "--head", "ab", code=2).stderr

    with closing(sqlite3.connect("monitor.db")) as db:
        db.execute("UPDATE revisions SET body = 'Погода плохая.' WHERE id = 4")
        db.commit()
    assert "BROKEN at record 4" in run("verify", code=1).stdout


def test_verify_finds_that_the_newest_records_are_gone(run: Run) -> None:
    head = run("verify").stdout.split()[-1]
    with closing(sqlite3.connect("monitor.db")) as db:
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute("DELETE FROM revisions WHERE id = 6")
        db.commit()
    assert "5 records fit" in run("verify").stdout
    assert "NOT FOUND" in run("verify", "--head", head, code=1).stdout


def test_a_person_is_removed_in_every_case_and_script(run: Run, tmp_path: Path) -> None:
    run("backup")
    assert "2 posts would be removed" in run("purge", "--person", "Сергей Иваненко", "--dry-run").stdout
    assert len(_texts(tmp_path / "monitor.db")) == len(POSTS)
    run("purge", "--person", "Сергей Иваненко", "--reference", "2024/17", answer="y\n")
    [copy] = (tmp_path / "backups").iterdir()
    for path in (tmp_path / "monitor.db", copy):
        left = " ".join(_texts(path))
        assert ["Иваненко" in left, "Iwanenko" in left, "Петренко" in left] == [False, False, True]
        assert "Иваненко".encode() not in path.read_bytes()
    told = run("verify").stdout
    assert "2 of them are purged" in told
    assert "reference 2024/17" in told
    run("replay", "posts.jsonl", "--db", "monitor.db")
    assert "Iwanenko" not in " ".join(_texts(tmp_path / "monitor.db"))


def test_a_backup_that_is_not_there_is_said_before_anything_is_asked(run: Run, tmp_path: Path) -> None:
    assert run("restore", "none.db", code=2).output == (
        "none.db: there is no such backup; `monitor backup --list` names those that there are\n"
    )


def test_a_restore_tells_of_purges_that_the_backup_knows_nothing_of(run: Run, tmp_path: Path) -> None:
    run("purge", "--person", "Сергей Иваненко", "--yes")
    run("backup")
    assert "It had" not in run("restore", "--yes").stderr
    (tmp_path / "more.jsonl").write_text(json.dumps({**POSTS[3], "id": 9, "text": "Видели Ивана Сидоренко."}))
    run("replay", "more.jsonl", "--db", "monitor.db")
    run("purge", "--person", "Иван Сидоренко", "--yes")
    assert "It had 1 purge of posts that came after this backup" in run("restore", "--yes").stderr


@pytest.mark.parametrize(
    ("arguments", "code", "left"),
    [
        pytest.param(["--channel", "@Other"], 0, 5, id="a channel"),
        pytest.param(["--before", "2023-06-05"], 0, 3, id="what no rule matched"),
        pytest.param(["--before", "2023-06-05", "--all"], 0, 1, id="everything"),
        pytest.param(["--channel", "nobody"], 2, 6, id="a channel that is not there"),
        pytest.param(["--retention"], 2, 6, id="retention without a setting"),
        pytest.param([], 2, 6, id="nothing said"),
        pytest.param(["--channel", "other", "--before", "2023-06-05"], 2, 6, id="two things said"),
        pytest.param(["--person", "Иван Петренко", "--reference", "Иван Петренко, 3"], 2, 6, id="name in the audit"),
    ],
)
def test_what_else_can_be_removed(arguments: list[str], code: int, left: int, run: Run, tmp_path: Path) -> None:
    run("purge", *arguments, "--yes", code=code)
    assert len(_texts(tmp_path / "monitor.db")) == left


def test_a_packet_can_be_checked_by_somebody_else(run: Run, tmp_path: Path) -> None:
    head = run("verify").stdout.split()[-1]
    packet = tmp_path / run("export", "--evidence", "t.me/desk/1", "--by", "A. Analyst", "--case", "№ 7").stdout.strip()
    assert stat.S_IMODE(packet.stat().st_mode) == 0o600
    with zipfile.ZipFile(io.BytesIO(packet.read_bytes())) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    sums = dict(reversed(line.split("  ")) for line in held.pop("SHA256SUMS").decode().splitlines())
    assert sums == {name: hashlib.sha256(raw).hexdigest() for name, raw in held.items()}
    assert held["revision-1/text.txt"].decode() == POSTS[0]["text"]
    assert json.loads(held["revision-2/original.json"]) == POSTS[5]

    manifest = json.loads(held["manifest.json"])
    assert (manifest["made_by"], manifest["case"], manifest["revisions"]) == ("A. Analyst", "№ 7", 2)
    chain = json.loads(held["chain.json"])
    assert chain["head_of_the_database"] == head
    for record in chain["records"]:
        lines = ["monitor record 1", record["previous_hash"], *record["values"].values()]
        assert hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest() == record["record_hash"]
    assert [record["row"] for record in chain["records"]] == [1, 2, 5, 6]


def test_the_page_of_a_packet_shows_hostile_text_harmlessly(run: Run, tmp_path: Path) -> None:
    packet = tmp_path / run("export", "--evidence", "https://t.me/desk/3").stdout.strip()
    with zipfile.ZipFile(packet) as archive:
        page = archive.read("page.html").decode()
    assert "<script" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ("999", "there is no such alert"),
        ("t.me/desk/999", "this post is not in the database"),
        ("weather", "give the number of an alert"),
    ],
)
def test_what_cannot_be_exported(wanted: str, told: str, run: Run) -> None:
    assert told in run("export", "--evidence", wanted, code=2).stderr


def test_a_purged_post_is_not_exported(run: Run) -> None:
    run("purge", "--channel", "other", "--yes")
    assert run("export", "--evidence", "t.me/other/1", code=2).stderr != ""
