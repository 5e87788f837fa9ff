"""`monitor replay` from the command line to the output and the database."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from monitor.cli.main import monitor
from monitor.store.store import Store

CAPTURED = "Бойцы РДК показали двух пленных в Новой Таволжанке."
QUIET = "Завтра в Белгороде ясно, до 24 градусов."


@pytest.fixture(autouse=True)
def _empty_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("RULES", "TIMEZONE", "ALERT_LEVEL"):
        monkeypatch.delenv(name, raising=False)


def _write(path: Path, *posts: dict[str, Any]) -> str:
    path.write_text("".join(json.dumps(post, ensure_ascii=False) + "\n" for post in posts), encoding="utf-8")
    return str(path)


def _post(number: int, text: str, *, channel: str = "russvolcorps", minute: int = 0, **more: object) -> dict[str, Any]:
    return {"channel": channel, "id": number, "date": f"2023-06-04T09:{minute:02d}:00+00:00", "text": text, **more}


def _replay(*args: str) -> Result:
    return CliRunner().invoke(monitor, ["replay", *args])


def _lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_line_of_jsonl_is_the_contract(tmp_path: Path) -> None:
    result = _replay(
        "--format", "jsonl", _write(tmp_path / "posts.jsonl", _post(7, CAPTURED), _post(8, "Доброе утро!"))
    )
    assert result.exit_code == 0
    assert _lines(result) == [
        {
            "channel": "russvolcorps",
            "post_id": 7,
            "date": "2023-06-04T09:00:00+00:00",
            "url": "https://t.me/russvolcorps/7",
            "language": "ru",
            "text": CAPTURED,
            "rules": [
                {"id": "named-actors", "level": "high", "spans": [[6, 9]]},
                {"id": "prisoners", "level": "high", "spans": [[24, 31]]},
            ],
            "entities": [
                {
                    "id": "russian-volunteer-corps",
                    "kind": "organisation",
                    "name": "Russian Volunteer Corps",
                    "spans": [[6, 9]],
                },
                {"id": "novaya-tavolzhanka", "kind": "place", "name": "Novaya Tavolzhanka", "spans": [[34, 50]]},
            ],
        }
    ]


def test_a_place_alone_is_a_line_and_no_alert(tmp_path: Path) -> None:
    path = _write(tmp_path / "posts.jsonl", _post(7, QUIET))
    assert [(line["rules"], line["entities"][0]["name"]) for line in _lines(_replay("--format", "jsonl", path))] == [
        ([], "Belgorod")
    ]
    told = _replay(path)
    assert told.stdout == ""
    assert "alerts: 0" in told.stderr


def test_a_second_replay_adds_nothing_and_alerts_nothing(tmp_path: Path) -> None:
    path, db = _write(tmp_path / "posts.jsonl", _post(7, CAPTURED)), str(tmp_path / "kept.db")
    first = _replay("--db", db, path)
    assert (first.exit_code, first.stdout.count("🔴 HIGH")) == (0, 1)
    for form in ("text", "jsonl"):
        again = _replay("--db", db, "--format", form, path)
        assert (again.exit_code, again.stdout) == (0, "")
        assert "1 known before" in again.stderr


def test_copies_are_one_alert_and_forwards_are_named(tmp_path: Path) -> None:
    path = _write(
        tmp_path / "posts.jsonl",
        _post(7, CAPTURED),
        _post(1, CAPTURED.upper() + " ‼️", channel="copycat", minute=3),
        _post(2, CAPTURED, channel="forwarder", minute=7, forward="РДК"),
    )
    result = _replay(path)
    assert result.stdout.count("🔴 HIGH") == 1
    assert "Also in @copycat +3 min, @forwarder +7 min (forward)" in result.stdout
    assert len(_lines(_replay("--format", "jsonl", path))) == 3


def test_posts_of_several_files_are_told_in_the_order_of_their_dates(tmp_path: Path) -> None:
    _write(
        tmp_path / "b.jsonl",
        _post(1, "Пленных двое.", channel="bbbbb"),
        _post(2, "Пленных трое.", channel="bbbbb", minute=20),
    )
    _write(tmp_path / "a.jsonl", _post(1, "Пленных четверо.", channel="aaaaa", minute=10))
    lines = _lines(_replay("--format", "jsonl", str(tmp_path)))
    assert [line["text"] for line in lines] == ["Пленных двое.", "Пленных четверо.", "Пленных трое."]


def test_an_edit_is_a_revision_and_told_as_one(tmp_path: Path) -> None:
    db = str(tmp_path / "kept.db")
    _replay("--db", db, _write(tmp_path / "one.jsonl", _post(7, CAPTURED)))
    edited = _post(7, CAPTURED.replace("двух", "трёх"), edited="2023-06-04T10:30:00+00:00")
    path = _write(tmp_path / "two.jsonl", edited)
    result = _replay("--db", db, path)
    assert "edited (revision 2)" in result.stdout
    older = _replay("--db", db, "--format", "jsonl", str(tmp_path / "one.jsonl"))
    assert older.stdout == ""


def test_bad_lines_are_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    good = json.dumps(_post(7, CAPTURED), ensure_ascii=False)
    path.write_text(
        f'{{"channel": "x"\n{good}\n{{"channel": "abcde", "date": "2023-06-04", "text": "?"}}\n', encoding="utf-8"
    )
    result = _replay("--format", "jsonl", str(path))
    assert result.exit_code == 2
    assert [line["post_id"] for line in _lines(result)] == [7]
    assert "rejected: 2" in result.stderr
    assert f"{path}:1: " in result.stderr
    assert f"{path}:3: " in result.stderr


@pytest.mark.parametrize("name", ["nowhere", "nowhere.jsonl"])
def test_a_path_that_is_not_there_is_one_sentence(name: str) -> None:
    result = _replay(name)
    assert result.exit_code == 2
    assert name in result.stderr
    assert len(result.stderr.splitlines()) <= 2
    assert "Traceback" not in result.stderr


def test_expect_compares_the_output(tmp_path: Path) -> None:
    path = _write(tmp_path / "posts.jsonl", _post(7, CAPTURED))
    expected = tmp_path / "expected.jsonl"
    expected.write_text(_replay("--format", "jsonl", path).stdout, encoding="utf-8")
    assert _replay("--format", "jsonl", "--expect", str(expected), path).exit_code == 0
    expected.write_text(expected.read_text(encoding="utf-8").replace("high", "low"), encoding="utf-8")
    differs = _replay("--format", "jsonl", "--expect", str(expected), path)
    assert differs.exit_code == 1
    assert differs.stdout.startswith("--- ")


def test_own_rules_are_laid_over_the_packs(tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "own.yaml").write_text(
        "rules:\n"
        "  prisoners:\n"
        "    title: Our prisoners\n"
        "    level: low\n"
        "    terms: {weather: {ru: [ясно]}}\n"
        "    when: weather\n"
        "    tests: {hit: [Завтра ясно], miss: [Завтра дождь]}\n",
        encoding="utf-8",
    )
    path = _write(tmp_path / "posts.jsonl", _post(7, CAPTURED), _post(8, QUIET))
    over = [
        [rule["id"] for rule in line["rules"]]
        for line in _lines(_replay("--rules", str(rules), "--format", "jsonl", path))
    ]
    alone = _lines(_replay("--rules", str(rules), "--no-packs", "--format", "jsonl", path))
    assert over == [["named-actors"], ["prisoners"]]
    assert [(line["post_id"], line["entities"]) for line in alone] == [(8, [])]


def test_faulty_rules_stop_everything_with_every_fault_named(tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "own.yaml").write_text("rules:\n  one: {title: One}\n  two: {level: loud}\n", encoding="utf-8")
    result = _replay("--rules", str(rules), _write(tmp_path / "posts.jsonl", _post(7, CAPTURED)))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "own.yaml:2" in result.stderr
    assert "own.yaml:3" in result.stderr


def test_rejected_input_does_not_hide_the_comparison(tmp_path: Path) -> None:
    path = _write(tmp_path / "posts.jsonl", _post(7, CAPTURED))
    expected = tmp_path / "expected.jsonl"
    expected.write_text(_replay("--format", "jsonl", path).stdout, encoding="utf-8")
    with Path(path).open("a", encoding="utf-8") as file:
        file.write("no JSON\n")
    same = _replay("--format", "jsonl", "--expect", str(expected), path)
    assert (same.exit_code, same.stdout) == (2, "")
    assert f"The output is as in {expected}." in same.stderr
    expected.write_text("", encoding="utf-8")
    differs = _replay("--format", "jsonl", "--expect", str(expected), path)
    assert differs.exit_code == 2
    assert "1 line changed" in differs.stderr


def test_the_desks_lowest_level_is_for_alerts_and_not_for_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALERT_LEVEL", "high")
    path = _write(tmp_path / "posts.jsonl", _post(7, CAPTURED), _post(8, "Пригожин записал аудио."))
    told = _replay(path)
    assert (told.stdout.count("🔴 HIGH"), told.stdout.count("⚪ LOW")) == (1, 0)
    assert "alerts: 1 (1 high)" in told.stderr
    assert len(_lines(_replay("--format", "jsonl", path))) == 2


def test_the_channel_that_a_file_does_not_name_is_given_on_the_command_line(tmp_path: Path) -> None:
    path = _write(tmp_path / "posts.jsonl", {"id": 7, "date": "2023-06-04T09:00:00+00:00", "text": CAPTURED})
    assert _replay(path).exit_code == 2
    (line,) = _lines(_replay("--format", "jsonl", "--channel", "@russvolcorps", path))
    assert (line["channel"], line["url"]) == ("russvolcorps", "https://t.me/russvolcorps/7")


def test_one_name_is_not_given_to_several_channels(tmp_path: Path) -> None:
    for id_ in (1980040601, 1980040602):
        message = {"id": 7, "type": "message", "date_unixtime": "1685869200", "text": CAPTURED}
        export = {"name": "X", "type": "public_channel", "id": id_, "messages": [message]}
        (tmp_path / f"{id_}.json").write_text(json.dumps(export, indent=1), encoding="utf-8")
    both = _replay("--channel", "russvolcorps", str(tmp_path))
    assert (both.exit_code, both.stdout) == (2, "")
    assert both.stderr == "--channel russvolcorps: the files are of 2 channels; replay each by itself\n"
    one = _replay("--format", "jsonl", "--channel", "russvolcorps", str(tmp_path / "1980040602.json"))
    assert _lines(one)[0]["url"] == "https://t.me/russvolcorps/7"


def test_a_text_is_a_document_of_its_own_without_a_link(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text("date 2023-06\nTwo prisoners of war were shown.\n", encoding="utf-8")
    (line,) = _lines(_replay("--format", "jsonl", str(path)))
    assert [line[key] for key in ("channel", "post_id", "date", "url", "text")] == [
        "report",
        1,
        "2023-06-01T00:00:00+00:00",
        None,
        "Two prisoners of war were shown.",
    ]


def test_what_was_read_is_stored_and_searchable(tmp_path: Path) -> None:
    db = tmp_path / "kept.db"
    _replay("--db", str(db), _write(tmp_path / "posts.jsonl", _post(7, CAPTURED), _post(8, "Доброе утро!")))
    with Store.open(db) as store, store.reader() as reader:
        assert [(found.post.channel.name, found.post.id) for found in reader.search("утро")] == [("russvolcorps", 8)]


BAD_FILES = {
    "broken.json": (b'{"name": "x", "type": "public_channel", "id": 1, "messages": [{"id": 1,', "breaks off"),
    "binary.json": (b"\x89PNG\r\n\x1a\n\0\0", "is no JSON"),
    "page.html": (b"<html><body>Weather</body></html>", "is neither a page of t.me/s nor of"),
    "deep.jsonl": (b"[" * 100_000 + b"]" * 100_000 + b"\n", "nested too deeply"),
    "empty.jsonl": (b"", "is empty"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_bad_files_are_one_explained_rejection_and_the_rest_goes_on(tmp_path: Path, name: str) -> None:
    content, reason = BAD_FILES[name]
    bad = tmp_path / name
    bad.write_bytes(content)
    good = _write(tmp_path / "good.jsonl", _post(7, CAPTURED))
    result = _replay("--format", "jsonl", str(bad), good)
    assert result.exit_code == 2
    assert [line["post_id"] for line in _lines(result)] == [7]
    (said,) = [line for line in result.stderr.splitlines() if str(bad) in line]
    assert reason in said
    assert "  rejected: 1" in result.stderr.splitlines()


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--db", "nowhere/kept.db"), "nowhere/kept.db: cannot be created"),
        (("--db", "posts.jsonl"), "posts.jsonl: this is no SQLite database"),
        (("--expect", "nowhere.txt"), "nowhere.txt: cannot be read as text (No such file or directory)"),
        (("--rules", "nowhere"), "there is no such folder of rules"),
    ],
)
def test_a_wrong_option_is_one_sentence(tmp_path: Path, args: tuple[str, ...], said: str) -> None:
    result = _replay(*args, _write(tmp_path / "posts.jsonl", _post(7, CAPTURED)))
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert len(result.stderr.splitlines()) <= 2


def test_hostile_names_do_not_steer_the_terminal(tmp_path: Path) -> None:
    path = _write(tmp_path / "posts.jsonl", _post(7, CAPTURED, channel="\x1b[2Jx\x9b2J"), _post(1, "", channel=""))
    result = _replay(path)
    assert result.exit_code == 2
    assert "\x1b" not in result.output
    assert "\x9b" not in result.output


# From here on the command runs as a process of its own.


def _start(*args: str, stderr: int = subprocess.PIPE, **more: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "monitor", "replay", *args],
        bufsize=0,
        stdout=subprocess.PIPE,
        stderr=stderr,
        env=os.environ | {"COLUMNS": "100"} | more,
        # Whoever runs the tests in the background has Ctrl-C ignored, and so would the process.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def _many(path: Path, count: int) -> str:
    return _write(path, *(_post(number, f"Пленных {number}.") for number in range(1, count + 1)))


def test_a_pipe_gets_utf8_whatever_the_locale_is(tmp_path: Path) -> None:
    path = _write(tmp_path / "posts.jsonl", _post(7, CAPTURED))
    for args in (("--format", "jsonl"), ()):
        out, _ = _start(*args, path, PYTHONIOENCODING="latin-1").communicate()
        assert "пленных" in out.decode()


def test_a_reader_that_goes_away_is_no_fault(tmp_path: Path) -> None:
    process = _start("--format", "jsonl", _many(tmp_path / "posts.jsonl", 2000))
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.wait(60) == 0
    assert process.stderr.read() == b""
    process.stderr.close()


def test_ctrl_c_ends_between_two_batches_and_the_next_run_goes_on(tmp_path: Path) -> None:
    db = tmp_path / "kept.db"
    path = _many(tmp_path / "posts.jsonl", 5000)
    process = _start("--format", "jsonl", "--db", str(db), path)
    assert process.stdout is not None
    first = process.stdout.readline()
    process.send_signal(signal.SIGINT)
    rest, said = process.communicate(timeout=60)
    before = [json.loads(line)["post_id"] for line in (first + rest).splitlines()]
    assert process.returncode == 130
    assert said.decode().strip() == (
        f"Stopped by Ctrl-C after {len(before):,} posts; what was read is kept in {db}, "
        "and the same command goes on from there."
    )
    assert len(before) % 100 == 0
    assert len(before) < 5000
    went_on = _replay("--format", "jsonl", "--db", str(db), path)
    assert went_on.exit_code == 0, went_on.stderr or went_on.exception
    assert before + [line["post_id"] for line in _lines(went_on)] == list(range(1, 5001))


def test_a_bar_on_a_terminal_and_none_in_a_pipe(tmp_path: Path) -> None:
    path = _many(tmp_path / "posts.jsonl", 300)
    ours, theirs = pty.openpty()
    process = _start(path, stderr=theirs, TERM="xterm")
    os.close(theirs)
    process.communicate()
    on_terminal = b""
    try:
        while chunk := os.read(ours, 65536):
            on_terminal += chunk
    except OSError:  # how Linux says that nobody has the other end any more
        pass
    os.close(ours)
    assert b"300 posts \x1b" in on_terminal
    _, in_pipe = _start(path, FORCE_COLOR="1").communicate()
    assert b"\x1b" not in in_pipe
    assert in_pipe.startswith(b"300 posts read in ")


@pytest.mark.parametrize(
    ("command", "needless"),
    [
        pytest.param(
            ["--help"],
            "rich pydantic telethon sqlite_utils pymorphy3 asyncio monitor.models monitor.cli.start",
            id="help",
        ),
        pytest.param(["login", "--revoke"], "monitor.rules monitor.store pymorphy3 sqlite_utils", id="login"),
        pytest.param(["verify"], "monitor.rules telethon pymorphy3", id="verify"),
    ],
)
def test_a_command_imports_only_what_it_needs(command: list[str], needless: str, tmp_path: Path) -> None:
    code = """
import sys
from monitor.cli.main import main
try:
    main()
finally:
    print(sorted(sys.modules), file=sys.stderr)
"""
    done = subprocess.run(
        [sys.executable, "-c", code, *command],
        capture_output=True,
        text=True,
        env=os.environ | {"STATE_DIRECTORY": str(tmp_path)},
    )
    assert "'monitor.cli.main'" in done.stderr
    assert [module for module in needless.split() if f"'{module}'" in done.stderr] == []
