"""`monitor init`: what it asks, what it writes, who can read that, and that the program takes it."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from dotenv import dotenv_values

from monitor.cli.main import monitor
from monitor.rules.compiler import compile_rules
from monitor.rules.loader import load

Run = Callable[..., Result]

HASH = "0123456789abcdef0123456789abcdef"
TOKEN = "123456789:AAabcdefghijklmnopqrstuvwxyz-_12345"
APPLICATION = ("TELEGRAM_API_ID", "TELEGRAM_API_HASH", "TELEGRAM_BOT_TOKEN")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `monitor init` in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TZ", "Europe/Amsterdam")
    for name in APPLICATION:
        monkeypatch.delenv(name, raising=False)

    def call(*arguments: str, code: int = 0, answers: str | None = None) -> Result:
        result = CliRunner().invoke(monitor, ["init", *arguments], input=answers)
        assert result.exit_code == code, result.output
        assert "Traceback" not in result.output
        return result

    return call


def test_it_asks_for_what_is_needed_and_shows_no_secret(run: Run, tmp_path: Path) -> None:
    answers = ["", "12345", HASH, "@news_example, t.me/other_example", "", TOKEN, "4711", ""]
    told = run(answers="\n".join(answers) + "\n")
    assert dotenv_values(tmp_path / ".env") == {
        "SOURCE": "telegram",
        "TELEGRAM_API_ID": "12345",
        "TELEGRAM_API_HASH": HASH,
        "CHANNELS": "@news_example, t.me/other_example",
        "TIMEZONE": "Europe/Amsterdam",
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "ALERT_CHAT": "4711",
        "ANALYSTS": "4711",
        "RULES": str(tmp_path / "rules"),
    }
    assert [HASH in told.output, TOKEN in told.output] == [False, False]
    assert told.stdout.splitlines()[-1] == "Next: monitor login"
    assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600


def test_a_wrong_answer_is_asked_for_again(run: Run, tmp_path: Path) -> None:
    answers = ["preview", "+invitation", "@news_example", "Europe/Nowhere", "UTC", "no token", ""]
    told = run(answers="\n".join(answers) + "\n")
    assert dotenv_values(tmp_path / ".env") == {
        "SOURCE": "preview",
        "CHANNELS": "@news_example",
        "TIMEZONE": "UTC",
        "RULES": str(tmp_path / "rules"),
    }
    for sentence in ("is a private invitation", "“Europe/Nowhere” is no time zone", "is not what @BotFather gives"):
        assert sentence in told.stderr
    assert told.stdout.splitlines()[-1] == "Next: monitor check --online"


def test_nothing_is_asked_with_yes_and_secrets_come_from_the_environment(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TELEGRAM_API_HASH", HASH)
    told = run("--yes", "--folder", "desk", "--channels", "news_example", "--api-id", "12345")
    assert dotenv_values(tmp_path / "desk" / ".env") == {
        "SOURCE": "telegram",
        "TELEGRAM_API_ID": "12345",
        "TELEGRAM_API_HASH": HASH,
        "CHANNELS": "news_example",
        "TIMEZONE": "Europe/Amsterdam",
        "RULES": str(tmp_path / "desk" / "rules"),
    }
    assert told.stdout.splitlines()[-1] == f"Next: cd {tmp_path / 'desk'} && monitor login"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        pytest.param(["--channels", "t.me/+abc"], "private invitation", id="no channel"),
        pytest.param(["--timezone", "Mars"], "TIMEZONE: “Mars” is no time zone", id="no time zone"),
        pytest.param(["--api-id", "x"], "TELEGRAM_API_ID: ", id="no number"),
        pytest.param(["--analysts", "1,two"], "ANALYSTS: ", id="no ids"),
    ],
)
def test_wrong_options_write_nothing(arguments: list[str], sentence: str, run: Run, tmp_path: Path) -> None:
    assert sentence in run("--yes", *arguments, code=2).stderr
    assert list(tmp_path.iterdir()) == []


def test_settings_that_are_there_are_kept_unless_one_says_otherwise(run: Run, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("CHANNELS=@mine\n")
    for arguments, answers in ((["--yes"], None), ([], "n\n")):
        assert "was left as it is" in run(*arguments, code=2, answers=answers).stderr
    assert (tmp_path / ".env").read_text() == "CHANNELS=@mine\n"
    assert not (tmp_path / "rules").exists()

    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "own.yaml").write_text("rules: {}\n")
    run("--source", "preview", answers="y\n@other_example\n\n\n")
    before = tmp_path / ".env.before"
    assert (before.read_text(), stat.S_IMODE(before.stat().st_mode)) == ("CHANNELS=@mine\n", 0o600)
    assert dotenv_values(tmp_path / ".env")["CHANNELS"] == "@other_example"
    assert (tmp_path / "rules" / "own.yaml").read_text() == "rules: {}\n"


def test_a_folder_that_cannot_be_made_is_one_sentence(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "cannot be written to" in run("--yes", "--folder", "file/desk", code=2).stderr


def test_the_rules_add_nothing_until_the_example_is_uncommented(run: Run, tmp_path: Path) -> None:
    run("--yes")
    assert load([tmp_path / "rules"]) == load([])
    own = tmp_path / "rules" / "own.yaml"
    head, _, example = own.read_text().partition("\n#\n# entities:")
    assert head.startswith("# yaml-language-server: $schema=rules.schema.json\n")
    lines = f"# entities:{example}".splitlines()
    own.write_text("".join(f"{line.removeprefix('# ')}\n" for line in lines))
    rules = load([own], packs=False)
    matcher = compile_rules(rules)
    [rule] = rules.rules
    fires = [bool(matcher.find(one.text).matches) for one in (*rule.tests.hit, *rule.tests.miss)]
    assert fires == [True] * 4 + [False] * 2
