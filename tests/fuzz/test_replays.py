"""The command line over files with faults: an exit code that was promised, and never a traceback."""

from __future__ import annotations

import re
from contextlib import chdir
from functools import cache
from pathlib import Path
from random import Random

from click.testing import CliRunner, Result

from monitor.cli.main import monitor
from monitor.config import Settings
from tests.fuzz import mutation
from tests.fuzz.running import Parser, quick_and_long
from tests.fuzz.scratch import folder
from tests.fuzz.test_rule_files import PLACES, _file
from tests.fuzz.test_saved_posts import _any_file, _bytes

_STEERS = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f]")
_NO_SETTINGS: dict[str, str | None] = {name.upper(): None for name in Settings.model_fields}


@cache
def _rules() -> Path:
    path = folder("replayed-rules")
    (path / "rules.yaml").write_text(PLACES, encoding="utf-8")
    return path


def _run(*arguments: str) -> Result:
    with chdir(folder("replays")):
        result = CliRunner().invoke(monitor, arguments, env=_NO_SETTINGS)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code in (0, 1, 2), result.exit_code
    assert "Traceback" not in result.output
    assert result.exit_code == 0 or result.stderr.strip() or result.stdout.strip()
    assert not _STEERS.search(result.stderr), ascii(result.stderr)
    return result


def _replay(random: Random) -> tuple[str, bytes, str]:
    name, content = _any_file(random) if random.random() < 0.8 else _bytes(random)
    return name, content, random.choice(("text", "jsonl"))


def replayed(made: tuple[str, bytes, str]) -> None:
    """Replay a file: 0, or 2 where something in it was refused; JSON lines are JSON."""
    name, content, form = made
    path = folder("replays") / name
    path.write_bytes(content)
    result = _run("replay", str(path), "--no-packs", "--rules", str(_rules()), "--format", form)
    assert result.exit_code in (0, 2)
    assert form == "jsonl" or not _STEERS.search(result.stdout), ascii(result.stdout)


def _rule_file(random: Random) -> bytes:
    return _file(random) if random.random() < 0.5 else mutation.text(random, [PLACES]).encode("utf-8", "replace")


def checked(content: bytes) -> None:
    """Check a rule file: 0, or 2 with every fault on a line of its own."""
    path = folder("checked") / "rules.yaml"
    path.write_bytes(content)
    assert _run("rules", "check", "--no-packs", "--rules", str(path.parent)).exit_code in (0, 2)


PARSERS = [
    Parser("monitor replay", _replay, replayed, 1_500, _rules),
    Parser("monitor rules check", _rule_file, checked, 1_500),
]
test_quick, test_long = quick_and_long(PARSERS)
