"""The seeds: what a reader finds in them, what the program must find, and its whole output."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from monitor.cli.main import monitor

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"
EXPECTED = ROOT / "tests" / "expected"

# By hand: the rules that each post should fire (P prisoners, E evacuations; N, named actors, follows from the entities)
# and the entities that it names. A post that is not here should give nothing. `x2` is the second revision.
GLADKOV, KAPUSTIN, PRIGOZHIN, ZELENSKY = (
    "vyacheslav-gladkov",
    "denis-kapustin",
    "yevgeny-prigozhin",
    "volodymyr-zelensky",
)
CORPS, LEGION, WAGNER = "russian-volunteer-corps", "freedom-of-russia-legion", "wagner-group"
CITY, OBLAST, SHEBEKINO = "belgorod", "belgorod-oblast", "shebekino"
KYIV, KHARKIV_OBLAST = "kyiv", "kharkiv-oblast"
TAVOLZHANKA, VOLOKONOVKA = "novaya-tavolzhanka", "volokonovka"
ACTORS = {GLADKOV, KAPUSTIN, PRIGOZHIN, ZELENSKY, CORPS, LEGION, WAGNER}
FIRST_VIDEO = ("P", {GLADKOV, KAPUSTIN, TAVOLZHANKA})
STATEMENT = ("P", {CORPS, LEGION, GLADKOV, TAVOLZHANKA})
READ_BY_HAND: dict[str, tuple[str, set[str]]] = {
    "vvgladkov/90002": ("E", {SHEBEKINO}),
    "vvgladkov/90004": ("E", {TAVOLZHANKA}),
    "vvgladkov/90005": ("E", set()),
    "vvgladkov/90006": ("E", set()),
    "vvgladkov/90007": ("E", set()),
    "vvgladkov/90010": ("", {SHEBEKINO}),
    "vvgladkov/90011": ("", {VOLOKONOVKA}),
    "vvgladkov/90012": ("", {SHEBEKINO}),
    "vvgladkov/90013": ("E", set()),
    "vvgladkov/90015": ("P", set()),
    "vvgladkov/90017": ("", {CITY}),
    "vvgladkov/90018": ("E", set()),
    "vvgladkov/90020": ("", {CITY}),
    "vvgladkov/90021": ("E", set()),
    "russvolcorps/90001": ("", {CORPS, OBLAST}),
    "russvolcorps/90004": ("", {CORPS, OBLAST}),
    "russvolcorps/90005": FIRST_VIDEO,
    "russvolcorps/90006": STATEMENT,
    "russvolcorps/90006x2": STATEMENT,
    "russvolcorps/90007": ("", {GLADKOV}),
    "russvolcorps/90010": ("", {TAVOLZHANKA}),
    "russvolcorps/90011": ("P", {KAPUSTIN, GLADKOV}),
    "legionoffreedom/90001": ("", {LEGION, OBLAST}),
    "legionoffreedom/90004": ("", {CORPS, OBLAST}),
    "legionoffreedom/90005": STATEMENT,
    "legionoffreedom/90006": FIRST_VIDEO,
    "legionoffreedom/90007": ("", {KYIV}),
    "legionoffreedom/90010": ("P", {GLADKOV}),
    "concordgroup_official/90003": ("", {WAGNER}),
    "concordgroup_official/90004": ("P", {PRIGOZHIN, ZELENSKY}),
    "shebekino_ryadom/90002": ("E", {SHEBEKINO}),
    "shebekino_ryadom/90003": ("E", {TAVOLZHANKA}),
    "shebekino_ryadom/90006": ("E", set()),
    "shebekino_ryadom/90013": ("", {SHEBEKINO}),
    "shebekino_ryadom/90014": ("", {VOLOKONOVKA}),
    "shebekino_ryadom/90018": FIRST_VIDEO,
    "shebekino_ryadom/90019": ("P", {GLADKOV, TAVOLZHANKA}),
    "shebekino_ryadom/90022": ("P", set()),
    "shebekino_ryadom/90026": ("", {TAVOLZHANKA}),
    "shebekino_ryadom/90027": ("", {GLADKOV, CORPS, SHEBEKINO}),
    "shebekino_ryadom/90028": ("", {PRIGOZHIN, ZELENSKY}),
    "kordon_kharkiv/90001": ("", {KHARKIV_OBLAST}),
    "kordon_kharkiv/90002": ("E", {OBLAST, GLADKOV, SHEBEKINO}),
    "kordon_kharkiv/90003": ("", {OBLAST, CORPS, LEGION}),
    "kordon_kharkiv/90008": ("", {SHEBEKINO, VOLOKONOVKA}),
    "kordon_kharkiv/90009": ("E", {SHEBEKINO}),
    "kordon_kharkiv/90010": ("P", {CORPS, KAPUSTIN}),
    "kordon_kharkiv/90011": ("P", {KAPUSTIN, GLADKOV, TAVOLZHANKA}),
    "kordon_kharkiv/90012": ("", {GLADKOV}),
    "kordon_kharkiv/90013": ("", {OBLAST, KYIV}),
    "kordon_kharkiv/90015": ("P", {CORPS, KAPUSTIN, GLADKOV}),
    "kordon_kharkiv/90016": ("", {PRIGOZHIN, ZELENSKY}),
    "kordon_kharkiv/90018": ("", {KHARKIV_OBLAST}),
    "border_translated/90002": ("E", {GLADKOV, SHEBEKINO}),
    "border_translated/90003": ("", {CORPS, LEGION, OBLAST}),
    "border_translated/90005": ("", {SHEBEKINO, GLADKOV, VOLOKONOVKA}),
    "border_translated/90008": ("E", set()),
    "border_translated/90009": ("P", {CORPS, KAPUSTIN}),
    "border_translated/90010": ("P", {GLADKOV, TAVOLZHANKA}),
    "border_translated/90011": ("P", {GLADKOV}),
    "border_translated/90014": ("P", {KAPUSTIN}),
    "border_translated/90015": ("P", {PRIGOZHIN, WAGNER, ZELENSKY}),
    "grensvertaling/90001": ("E", {GLADKOV, SHEBEKINO}),
    "grensvertaling/90002": ("", {CORPS, LEGION, OBLAST}),
    "grensvertaling/90004": ("", {SHEBEKINO, VOLOKONOVKA}),
    "grensvertaling/90005": ("E", set()),
    "grensvertaling/90006": ("P", {KAPUSTIN, GLADKOV, TAVOLZHANKA}),
    "grensvertaling/90008": ("P", {GLADKOV}),
    "grensvertaling/90010": ("P", {KAPUSTIN, GLADKOV}),
    "grensvertaling/90011": ("", {PRIGOZHIN, WAGNER, ZELENSKY}),
    "krantenbericht/1": (
        "EP",
        {
            *(OBLAST, GLADKOV, KAPUSTIN, CORPS, TAVOLZHANKA, PRIGOZHIN),
            *(WAGNER, ZELENSKY, LEGION, SHEBEKINO, VOLOKONOVKA, KYIV),
        },
    ),
}


@pytest.fixture(scope="module")
def _desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A place without anybody's settings."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("desk"))
        for name in ("RULES", "TIMEZONE", "ALERT_LEVEL"):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture(scope="module")
def found(_desk: None) -> list[dict[str, Any]]:
    """The lines of `monitor replay --format jsonl seeds`."""
    return [json.loads(line) for line in _replay("--format", "jsonl").stdout.splitlines()]


def _replay(*args: str) -> Result:
    return CliRunner().invoke(monitor, ["replay", *args, str(SEEDS)])


def _read(lines: list[dict[str, Any]]) -> dict[str, tuple[str, set[str]]]:
    """Write what was found in the way of the table above."""
    read: dict[str, tuple[str, set[str]]] = {}
    for line in lines:
        rules = {rule["id"] for rule in line["rules"]} - {"named-actors"}
        post = f"{line['channel']}/{line['post_id']}"
        read[post if post not in read else f"{post}x2"] = (
            "".join(sorted(rule[0].upper() for rule in rules)),
            {entity["id"] for entity in line["entities"]},
        )
    return read


def test_the_rules_find_what_a_reader_finds(found: list[dict[str, Any]]) -> None:
    read = _read(found)
    wrong = {
        post: f"found {read.get(post)}, should be {READ_BY_HAND.get(post)}"
        for post in sorted(read.keys() | READ_BY_HAND)
        if read.get(post) != READ_BY_HAND.get(post)
    }
    assert wrong == {}


def test_an_actor_makes_a_match_and_rings_only_with_prisoners_or_an_evacuation(found: list[dict[str, Any]]) -> None:
    levels = [next((rule["level"] for rule in line["rules"] if rule["id"] == "named-actors"), None) for line in found]
    should = [
        None if not ACTORS & entities else "high" if rules else "low" for rules, entities in _read(found).values()
    ]
    assert levels == should


@pytest.mark.parametrize(("name", "args"), [("seeds.txt", ()), ("seeds.jsonl", ("--format", "jsonl"))])
@pytest.mark.usefixtures("_desk")
def test_the_whole_output_is_as_expected(name: str, args: tuple[str, ...]) -> None:
    result = _replay(*args, "--expect", str(EXPECTED / name))
    assert (result.exit_code, result.stdout) == (0, "")


@pytest.mark.usefixtures("_desk")
def test_the_summary_counts_every_post_once() -> None:
    lines = _replay().stderr.splitlines()
    assert lines[0].endswith(": 127 new, 1 edited, 7 known before")
    assert lines[1] == "  dates: Sat 3 Jun 2023 04:55 UTC to Mon 5 Jun 2023 00:00 UTC"
    assert "  passed over: service message 2" in lines


def test_the_readme_shows_a_line_as_it_is() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = json.loads(readme.partition("```json\n")[2].partition("```")[0])
    lines = (EXPECTED / "seeds.jsonl").read_text(encoding="utf-8").splitlines()
    assert shown in [json.loads(line) for line in lines]


def _messages() -> Iterator[tuple[Path, dict[str, Any]]]:
    for path in sorted(SEEDS.rglob("*.json")):
        for message in json.loads(path.read_text(encoding="utf-8"))["messages"]:
            yield path, message


def test_the_exports_are_as_telegram_desktop_writes_them() -> None:
    """The text is told twice and must be the same; the local time is that of the time in seconds, two hours ahead."""
    for path, message in _messages():
        text = message["text"]
        parts = [text] if isinstance(text, str) else [part if isinstance(part, str) else part["text"] for part in text]
        assert "".join(parts) == "".join(part["text"] for part in message["text_entities"]), (path.name, message["id"])
        there = datetime.fromisoformat(message["date"] + "+02:00")
        assert there.timestamp() == int(message["date_unixtime"]), (path.name, message["id"])


def test_the_seeds_show_what_formats_can_hold() -> None:
    messages = [message for _, message in _messages()]
    assert {"service", "message"} == {message["type"] for message in messages}
    for key in ("forwarded_from", "reply_to_message_id", "poll", "photo", "edited_unixtime", "reactions"):
        assert any(key in message for message in messages), key
    kinds = {message.get("media_type") for message in messages}
    assert {"video_file", "voice_message", "audio_file", "sticker"} <= kinds
    assert any(isinstance(message["text"], list) for message in messages)


def test_a_third_of_the_posts_and_more_make_no_alert(found: list[dict[str, Any]]) -> None:
    silent = 127 - len({(line["channel"], line["post_id"]) for line in found if line["rules"]})
    assert silent / 127 > 1 / 3
