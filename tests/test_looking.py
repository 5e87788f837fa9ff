"""`monitor search`, `alerts` and `digest` on a database that the seeds filled."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from monitor.cli.main import monitor

Run = Callable[..., Result]
SEEDS = Path(__file__).parent.parent / "seeds"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the seeds in it."""
    path = tmp_path_factory.mktemp("looking") / "monitor.db"
    assert CliRunner().invoke(monitor, ["replay", str(SEEDS), "--db", str(path)]).exit_code == 0
    return path


@pytest.fixture
def run(database: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run a command of monitor on that database."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE", str(database))
    monkeypatch.setenv("TIMEZONE", "Europe/Amsterdam")

    def call(*arguments: str, code: int = 0) -> Result:
        result = CliRunner().invoke(monitor, list(arguments))
        assert result.exit_code == code, result.output
        return result

    return call


@pytest.mark.parametrize(
    ("words", "forms"),
    [
        pytest.param(["эвакуация"], {"эвакуация", "Эвакуация", "эвакуацией"}, id="a word in its cases"),
        pytest.param(["Пригожин"], {"Пригожин", "Пригожина", "Prigozhin"}, id="a name in its cases and letters"),
        pytest.param(["Гладков", "встреча"], {"Гладков", "встречу"}, id="several words"),
        pytest.param(["evac*"], {"evacuate", "evacueren"}, id="a beginning"),
    ],
)
def test_search_finds_words_in_any_form(words: list[str], forms: set[str], run: Run) -> None:
    text = run("search", *words, "-n", "200").stdout
    assert [form for form in forms if f"⟦{form}⟧" not in text] == []


def test_exact_search_and_nothing_found(run: Run) -> None:
    assert "⟦пленных⟧" in run("search", "пленный").stdout
    assert run("search", "--exact", "пленный", code=1).stdout == ""
    assert run("search", "криптовалюта", code=1).stderr == "0 posts\n"
    assert run("search", "подушка").stderr == "1 post\n"
    assert "there is no word" in run("search", "!!!", code=2).stderr


def test_search_as_jsonl(run: Run) -> None:
    [line] = [
        json.loads(line) for line in run("search", "Пригожин", "--format", "jsonl", "-n", "1").stdout.splitlines()
    ]
    assert {"channel", "post_id", "date", "url", "language", "text", "revision", "current"} == set(line)
    assert any(name in line["text"] for name in ("Пригожин", "Prigozjin", "Prigozhin"))


def test_alerts_are_listed_and_filtered(run: Run) -> None:
    every = [json.loads(line) for line in run("alerts", "-n", "1000", "--format", "jsonl").stdout.splitlines()]
    assert len(every) > 30
    high = [
        json.loads(line)
        for line in run("alerts", "-n", "1000", "--level", "high", "--format", "jsonl").stdout.splitlines()
    ]
    assert {one["id"] for one in high} == {one["id"] for one in every if one["level"] == "high"}
    of_rule = run("alerts", "--of", "evacuations", "--format", "jsonl", "-n", "1000").stdout.splitlines()
    assert 0 < len(of_rule) < len(every)
    assert all(any(rule["id"] == "evacuations" for rule in json.loads(line)["rules"]) for line in of_rule)
    of_person = run("alerts", "--of", "@yevgeny-prigozhin", "-n", "3").stdout
    assert "Yevgeny Prigozhin" in of_person
    assert run("alerts", "-n", "2").stderr == "2 alerts or more: -n shows more\n"
    assert run("alerts", "--waiting").stdout == ""
    assert run("alerts", "--since", "2030-01-01").stdout == ""


@pytest.mark.parametrize(
    ("command", "given", "said"),
    [
        ("alerts", "4 June", "“4 June” is no date; write one as in 2023-06-04"),
        ("digest", "2023-13-01", "“2023-13-01” is no date; write one as in 2023-06-04 or “2023-06-04 09:30”"),
    ],
)
def test_what_is_no_date_is_answered_with_how_to_write_one(command: str, given: str, said: str, run: Run) -> None:
    assert said in run(command, "--since", given, code=2).stderr


def test_one_alert_is_shown_with_its_deliveries(run: Run) -> None:
    state, delivery = run("alerts", "1").stdout.splitlines()[-2:]
    assert state == "State: delivered"
    assert re.fullmatch(r"  delivered by console \w{3} \d+ \w{3} \d{4} [\d:]{5} CES?T \([\d:]{5} UTC\)", delivery)
    assert "There is no alert 99999" in run("alerts", "99999", code=2).stderr


def test_digest_compares_with_the_week_before(run: Run, tmp_path: Path) -> None:
    text = run("digest", "--since", "2023-06-04", "--until", "2023-06-05").stdout
    assert text.startswith("Digest · Sun 4 Jun 2023 00:00 CEST (22:00 UTC) to Mon 5 Jun 2023 00:00 CEST (22:00 UTC)")
    assert "Head of the chain: " in text
    head = text.split("Head of the chain: ")[1].strip()
    assert "The given head is here" in run("verify", "--head", head).stdout
    picture = tmp_path / "digest.png"
    run("digest", "--since", "2023-06-04", "--until", "2023-06-05", "--picture", str(picture))
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert "--since must be earlier" in run("digest", "--since", "2023-06-05", "--until", "2023-06-04", code=2).stderr
