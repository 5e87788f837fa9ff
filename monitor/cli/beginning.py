"""The work behind `monitor init`: questions, `.env`, the folder of rules, and what to type next."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import click

from monitor.cli.start import fail
from monitor.config import Settings, fault_of, secret_settings
from monitor.reading.channel_list import parse_names

_TOKEN = re.compile(r"\d{3,20}:[\w-]{20,}", re.ASCII)
_PLAIN = re.compile(r"[\w@:,./+=-]*")
_RULES_HEAD = """\
# yaml-language-server: $schema=rules.schema.json
#
# Rules of your own. They lie over the packs that come with monitor (prisoners, evacuations, named actors, places): a
# rule or entity here with the id of one of theirs replaces it. `monitor rules check` finds every mistake,
# `monitor rules test` runs the tests that stand in each rule, and `monitor rules explain "a text"` says what fires on a
# text and why. Each word is written once, in its dictionary form, and found in all its forms. The README says more:
# “Writing rules”.
#
# An example. Take the `# ` away in front of its lines, or write your own in their place.
#
"""


@dataclass(frozen=True, slots=True)
class Question:
    """One setting that is asked for, and what the person should know; `needed`: an empty answer is none."""

    name: str
    text: str
    needed: bool = False
    default: str = ""


def begin(folder: str, given: Mapping[str, str], *, ask: bool) -> None:
    """Set monitor up in a folder, or exit with 2 and leave it as it was."""
    where = Path(folder).absolute()
    path = where / ".env"
    if path.exists() and not (ask and click.confirm(f"{path} is there already. Put a new one in its place?", err=True)):
        fail(f"{path}: is there already and was left as it is; edit it, or name another folder with --folder")
    answers = _answers({**_secrets_of_the_environment(), **given}, ask=ask)
    answers["RULES"] = str(where / "rules")
    try:
        made = _lay_out_rules(where / "rules")
        kept = _write(path, _env_text(answers))
    except OSError as error:
        fail(f"{where}: cannot be written to ({error.strerror}); name another folder with --folder")
    click.echo(f"{path}: your settings, for your eyes alone")
    if kept is not None:
        click.echo(f"{kept}: the former ones", err=True)
    for one in made:
        click.echo(str(one))
    click.echo(f"Next: {_next(answers, where)}")


def _answers(given: Mapping[str, str], *, ask: bool) -> dict[str, str]:
    """Return the text of each setting; those that are given are not asked for, and a wrong one ends it all."""
    wrong = [fault for name, text in given.items() if (fault := _fault(name, text)) is not None]
    if wrong:
        fail("\n".join(wrong))
    answers: dict[str, str] = {}

    def put(question: Question) -> str:
        text = given.get(question.name)
        if text is None:
            text = _ask(question) if ask else question.default
        if text:
            answers[question.name] = text
        return text

    if put(_SOURCE) != "preview":
        for question in _APPLICATION:
            put(question)
    put(_CHANNELS)
    put(Question("TIMEZONE", "The desk's time zone", default=_machines_zone()))
    if put(_BOT):
        chat = put(_CHAT)
        put(Question("ANALYSTS", _WHO, default=chat if chat.isdecimal() else ""))
    return answers


_SOURCE = Question("SOURCE", "Read with an account (telegram), or the public pages t.me/s (preview)", True, "telegram")
_APPLICATION = (
    Question("TELEGRAM_API_ID", "api_id of your application (https://my.telegram.org, “API development tools”)", True),
    Question("TELEGRAM_API_HASH", "Its api_hash", True),
)
_CHANNELS = Question("CHANNELS", "Channels to read, separated by commas, as in @name", True)
_BOT = Question("TELEGRAM_BOT_TOKEN", "Token of the bot that tells you (@BotFather); empty: alerts are printed")
_CHAT = Question("ALERT_CHAT", "Number of the chat that it writes to: a person's id, or a group's (negative)", True)
_WHO = "Ids of the people whom it answers, separated by commas (@userinfobot tells one's own)"


def _ask(question: Question) -> str:
    """Ask until the answer is one."""
    hidden = question.name.lower() in secret_settings()
    while True:
        text: str = click.prompt(
            question.text, default=question.default, show_default=bool(question.default), hide_input=hidden, err=True
        ).strip()
        fault = _fault(question.name, text) if text else f"{question.name}: is needed" if question.needed else None
        if fault is None:
            return text
        click.echo(fault, err=True)


def _fault(name: str, text: str) -> str | None:
    """Say what is wrong with the text of a setting, None where nothing is."""
    if name == "CHANNELS":
        found = parse_names(text)
        return "\n".join(found.faults) or (None if found.channels else "CHANNELS: no channel is named")
    if name == "TELEGRAM_BOT_TOKEN" and not _TOKEN.fullmatch(text):
        return "TELEGRAM_BOT_TOKEN: is not what @BotFather gives: a number, a colon, and some thirty characters"
    return fault_of(name, text)


def _secrets_of_the_environment() -> dict[str, str]:
    names = (question.name for question in (*_APPLICATION, _BOT))
    return {name: text for name in names if (text := os.environ.get(name, "").strip())}


def _machines_zone() -> str:
    """Return this machine's time zone by name, UTC where it has none."""
    zone = os.environ.get("TZ", "").removeprefix(":")
    if not zone:
        _, _, zone = str(Path("/etc/localtime").resolve()).partition("/zoneinfo/")
    return zone if zone and fault_of("TIMEZONE", zone) is None else "UTC"


def _env_text(answers: Mapping[str, str]) -> str:
    """Write settings as lines of `.env`, each under what it means."""
    lines = ["# Settings of monitor, made by `monitor init`. The README lists all that there are.", ""]
    for name, text in answers.items():
        lines += [f"# {Settings.model_fields[name.lower()].description}", f"{name}={_quoted(text)}", ""]
    return "\n".join(lines)


def _quoted(text: str) -> str:
    if _PLAIN.fullmatch(text):
        return text
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _write(path: Path, text: str) -> Path | None:
    """Write a file that nobody else can read; return where the one that was there went."""
    kept = None
    if path.exists():
        kept = path.with_name(f"{path.name}.before")
        path.replace(kept)
        kept.chmod(0o600)
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    return kept


def _lay_out_rules(folder: Path) -> list[Path]:
    """Make the folder of rules with an example and the schema for editors; what is there stays as it is."""
    import orjson

    from monitor.rules.document import json_schema

    folder.mkdir(parents=True, exist_ok=True)
    example = resources.files("monitor.rules").joinpath("example.yaml").read_text(encoding="utf-8")
    commented = "".join(f"# {line}\n" for line in example.splitlines())
    files = {
        folder / "own.yaml": _RULES_HEAD + commented,
        folder / "rules.schema.json": orjson.dumps(json_schema(), option=orjson.OPT_INDENT_2).decode() + "\n",
    }
    made = []
    for path, text in files.items():
        if not path.exists():
            path.write_text(text, encoding="utf-8")
            made.append(path)
    return made


def _next(answers: Mapping[str, str], where: Path) -> str:
    """Say what to type next."""
    there = "" if where == Path.cwd() else f"cd {where} && "
    source = answers.get("SOURCE", "telegram")
    missing = [name for name in ("TELEGRAM_API_ID", "TELEGRAM_API_HASH") if name not in answers]
    if source == "telegram" and missing:
        return (
            f"write {' and '.join(missing)} into {where / '.env'} (https://my.telegram.org), then {there}monitor login"
        )
    if source == "telegram":
        return f"{there}monitor login"
    return f"{there}monitor check --online"
