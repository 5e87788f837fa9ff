"""`monitor replay` from the command line to the output and the database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from monitor.cli.main import monitor

CAPTURED = "Бойцы РДК показали двух пленных в Новой Таволжанке."
QUIET = "Завтра в Белгороде ясно, до 24 градусов."


@pytest.fixture(autouse=True)
def _empty_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
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
