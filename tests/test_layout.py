"""Who may import whom, and that what is documented exists."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from monitor.cli.main import monitor
from monitor.config import Settings

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "monitor"

# A part may import itself, the parts named here, and nothing else of ours.
MAY_IMPORT = {
    "models": set(),
    "config": {"models", "setting_texts", "alerts.quiet_hours", "media.limits"},
    "setting_texts": {"alerts.quiet_hours", "media.limits"},
    "language": {"models"},
    "rules": {"models", "language"},
    "sources": {"models"},
    "store": {"models"},
    "alerts": {"models", "language"},
    "telegram": {
        "models",
        "sources.source",
        "sources.live",
        "sources.fields",
        "sources.telethon_json",
        "sources.albums",
        "alerts.notifier",
        "alerts.message",
        "alerts.pacing",
        "desk.values",
        "alerts.render",
    },
    "ledger": {"models", "alerts", "reading.writer", "store"},
    "evidence": {"models"},
    "media": set(),
    "polling": set(),
    "reading": {"media", "models", "polling", "pipeline", "sources.live", "sources.source", "store"},
    "upkeep": {"models", "alerts.phrases", "reading.writer", "store"},
    "metrics": {"reading", "store", "upkeep.disk"},
    "service": set(),
    "instance": set(),
    "health": {"models", "reading", "store"},
    "daemon": {"reading", "service", "store"},
    "pipeline": {
        "models",
        "language",
        "rules",
        *(
            f"alerts.{module}"
            for module in ("budget", "edits", "footers", "near_copies", "policy", "stories", "tellings")
        ),
        "store",
        "sources.source",
    },
}
# These libraries have one home each.
HOMES: dict[str, str | tuple[str, ...]] = {
    "telethon": "telegram",
    "sqlite_utils": "store",
    "sqlite3": ("store", "telegram"),  # a telethon session is such a file
    "apscheduler": "daemon",
    "dotenv": "config",
    "pymorphy3": "language",
    "langdetect": "language",
    "ahocorasick_rs": "rules",
    "re2": "rules",
    "ruamel": "rules",
    "selectolax": "sources",
    "prometheus_client": "metrics",
    "httpx": ("sources", "alerts"),
    "apprise": "alerts",
}


def _modules() -> list[tuple[str, Path]]:
    return [
        (".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__"), path)
        for path in sorted(PACKAGE.rglob("*.py"))
    ]


def _imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module}
    return found


@pytest.mark.parametrize(("name", "path"), [pytest.param(*module, id=module[0]) for module in _modules()])
def test_imports_keep_to_the_design(name: str, path: Path) -> None:
    part = name.split(".")[0]
    for imported in _imports(path):
        top, _, rest = imported.partition(".")
        if top == "monitor" and part in MAY_IMPORT:
            allowed = MAY_IMPORT[part] | {part}
            assert any(rest == one or rest.startswith(f"{one}.") for one in allowed), f"{name} imports {imported}"
        elif top in HOMES:
            homes = HOMES[top]
            assert part in (homes if isinstance(homes, tuple) else (homes,)), f"{name} imports {imported}"


def test_each_setting_stands_in_the_example() -> None:
    example = (ROOT / "config.example.env").read_text(encoding="utf-8")
    named = {
        line.lstrip("#").partition("=")[0]
        for line in example.splitlines()
        if "=" in line and " " not in line.partition("=")[0]
    }
    assert named == {name.upper() for name in Settings.model_fields}


def _commands(group: click.Group, trail: str) -> list[str]:
    found = []
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        found.append(f"{trail} {name}")
        if isinstance(command, click.Group):
            found += _commands(command, f"{trail} {name}")
    return found


def test_help_says_of_each_command_in_a_whole_sentence_what_it_does() -> None:
    runner = CliRunner()
    for trail in ("monitor", *_commands(monitor, "monitor")):
        words = trail.split()[1:]
        listed = runner.invoke(monitor, [*words, "--help"]).stdout.partition("Commands:\n")[2]
        assert "..." not in listed, trail


def test_each_command_stands_in_the_readme_and_each_setting_too() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    missing = [command for command in _commands(monitor, "monitor") if command not in readme]
    missing += [name.upper() for name in Settings.model_fields if f"`{name.upper()}`" not in readme]
    assert missing == []


def test_each_folder_stands_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    folders = [path.parent.name for path in sorted(PACKAGE.glob("*/__init__.py"))]
    assert [name for name in folders if f"`monitor/{name}/`" not in readme] == []


def test_each_dependency_stands_in_the_readme_and_has_a_tested_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    needed = [re.split(r"[<>=]", one)[0] for one in project["dependencies"]]
    assert [name for name in needed if f"| `{name}` |" not in readme] == []
    pinned = {
        line.partition("==")[0].lower()
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if "==" in line
    }
    extras = [re.split(r"[<>=]", one)[0] for one in project["optional-dependencies"]["dev"]]
    assert [name for name in needed + extras if name.lower() not in pinned] == []
