"""`monitor rules score --from-desk`: what analysts said of alerts, counted by rule."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from monitor.alerts.policy import Policy
from monitor.alerts.stories import StoryIndex
from monitor.cli.main import monitor
from monitor.models import Channel, Post
from monitor.pipeline import Pipeline
from monitor.rules.scoring import wilson
from monitor.store import audit
from monitor.store.audit import ACKNOWLEDGE, FALSE_ALARM, Entry
from monitor.store.store import Store
from tests.matching import matcher_of
from tests.test_outbox import RULES

NOON = datetime(2026, 3, 28, 12, tzinfo=UTC)
TEXTS = ("Двое пленных в Курске.", "Пленных везут, эвакуация села.", "Эвакуация в Туле.", "Пленные в Орле.", "Пленные!")
ANNA, BORIS = (1, "Anna"), (2, "Boris \u202egnp.exe")
SAID = [
    (1, ANNA, ACKNOWLEDGE),
    (1, BORIS, ACKNOWLEDGE),
    (2, ANNA, ACKNOWLEDGE),
    (2, ANNA, FALSE_ALARM),  # her last word
    (3, ANNA, ACKNOWLEDGE),
    (4, ANNA, ACKNOWLEDGE),
    (4, BORIS, FALSE_ALARM),
]


@pytest.fixture
def db(tmp_path: Path) -> str:
    path = tmp_path / "monitor.db"
    with Store.open(path) as store:
        pipeline = Pipeline(matcher_of(tmp_path / "rules", RULES), store, StoryIndex(), Policy(), origin="run")
        channel = Channel(1_000_001, "news_example")
        for number, text in enumerate(TEXTS, start=1):
            pipeline.ingest([Post(channel, number, NOON, text, text.encode())], NOON)
        for alert, (person, name), action in SAID:
            store.write(audit.note, Entry(NOON + timedelta(minutes=alert), person, name, action, "", alert))
    return str(path)


def _score(*arguments: str) -> Result:
    return CliRunner().invoke(monitor, ["rules", "score", *arguments])


def test_precision_by_rule_and_the_mistakes(db: str) -> None:
    result = _score("--from-desk", "--db", db)
    assert (result.exit_code, result.stderr) == (0, "4 alerts judged in the analyst chat\n")
    assert result.stdout == (
        "Rules        precision  95 %       right  wrong  unsure\n"
        "evacuations  0.500      0.09–0.91  1      1      0\n"
        "prisoners    0.500      0.09–0.91  1      1      1\n"
        "\n"
        "False alarms: 1\n"
        "  #2 · prisoners, evacuations · @news_example · Sat 28 Mar 2026 12:00 UTC\n"
        "    false alarm: Anna\n"
        "    ⟦Пленных⟧ везут, ⟦эвакуация⟧ села.\n"
        "\n"
        "Disagreement, not counted: 1\n"
        "  #4 · prisoners · @news_example · Sat 28 Mar 2026 12:00 UTC\n"
        "    right: Anna; false alarm: Boris \u2060gnp.exe\n"
        "    ⟦Пленные⟧ в Орле.\n"
    )


def test_as_json(db: str) -> None:
    found = json.loads(_score("--from-desk", "--db", db, "--format", "json").stdout)
    assert found["rules"]["prisoners"] == {
        "right": 1, "wrong": 1, "unsure": 1, "precision": 0.5, "precision_interval": list(wilson(1, 2)),
    }  # fmt: skip
    assert [(one["alert"], one["false_alarm_by"]) for one in found["false_alarms"]] == [(2, ["Anna"])]
    assert [one["alert"] for one in found["disagreement"]] == [4]


def test_a_bound(db: str) -> None:
    result = _score("--from-desk", "--db", db, "--min-precision", "0.6", "--no-mistakes")
    assert (result.exit_code, "False alarms" in result.stdout) == (1, False)
    assert "prisoners: precision 0.500 is below 0.6" in result.stderr


def test_nothing_judged_yet(tmp_path: Path) -> None:
    Store.open(tmp_path / "new.db").close()
    result = _score("--from-desk", "--db", str(tmp_path / "new.db"))
    assert (result.exit_code, result.stdout.partition(":")[0]) == (0, "No alert has been judged yet")


@pytest.mark.parametrize(
    "arguments",
    [[], ["posts.jsonl", "--from-desk"], ["--from-desk", "--min-recall", "1"], ["posts.jsonl", "--db", "monitor.db"]],
    ids=" ".join,
)
def test_what_does_not_go_together(arguments: list[str]) -> None:
    result = _score(*arguments)
    assert (result.exit_code, "--from-desk" in result.stderr) == (2, True)
