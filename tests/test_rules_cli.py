"""`monitor rules …` as an analyst calls it: what it prints, where, and how it exits."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from monitor.cli.main import monitor

RULES = """\
entities:
  shebekino:
    kind: place
    name: Shebekino
    forms: {ru: Шебекино}
    tests: {hit: [В Шебекине тихо], miss: [В Белгороде тихо]}
rules:
  leaving:
    title: Leaving
    level: medium
    terms:
      act: {ru: [эвакуация], nl: [evacuatie]}
      drill: {ru: [учения]}
    when: act near/3 @shebekino and not drill
    tests:
      hit: [Эвакуация в Шебекине, "Evacuatie: Шебекино"]
      miss: [Учения по эвакуации в Шебекине]
"""


@pytest.fixture(autouse=True)
def _apart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder of its own for settings and cache: no .env of the checkout, no RULES of the machine."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("RULES", raising=False)


def folder(path: Path, text: str = RULES, name: str = "mine") -> str:
    (path / name).mkdir(exist_ok=True)
    (path / name / "rules.yaml").write_text(text, encoding="utf-8")
    return name


def run(command: str, *args: str, given: str | None = None) -> Result:
    result = CliRunner().invoke(monitor, ["rules", command, *args], input=given)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


CHOICES = "act and not (drill near/2 @shebekino) or drill or @shebekino"


def mine(path: Path, text: str = RULES) -> list[str]:
    return ["--no-packs", "--rules", folder(path, text)]


def test_check_is_silent_about_sound_rules(tmp_path: Path) -> None:
    result = run("check", *mine(tmp_path))
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "1 rule and 1 entity, all sound.\n"


def test_check_gives_advice_and_exits_with_1_only_if_asked(tmp_path: Path) -> None:
    options = mine(
        tmp_path,
        RULES + "  short:\n    title: S\n    level: low\n    terms: {w: {ru: [бой]}}\n"
        "    when: w\n    tests: {hit: [бой], miss: [мир]}\n",
    )
    result = run("check", *options)
    assert result.exit_code == 0
    assert result.stdout.startswith("mine/rules.yaml:21:22: short: w: “бой” has forms under 4 letters")
    assert run("check", "--strict", *options).exit_code == 1


def test_check_reports_every_fault_and_exits_with_2(tmp_path: Path) -> None:
    result = run("check", *mine(tmp_path, RULES.replace("medium", "loud").replace("not drill", "not dril")))
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.splitlines()[:2] == [
        "The rules have 1 fault; nothing was run.",
        "mine/rules.yaml:10:5: leaving: level: “loud” is not one of 'low', 'medium' or 'high'",
    ]


def test_test_passes(tmp_path: Path) -> None:
    result = run("test", *mine(tmp_path))
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "3 hits and 2 misses tried, none failed.\n"


def test_test_shows_which_term_was_expected(tmp_path: Path) -> None:
    result = run("test", *mine(tmp_path, RULES.replace("Эвакуация в Шебекине", "Вывоз из Шебекина")))
    assert result.exit_code == 1
    assert result.stdout == (
        "mine/rules.yaml:16:13: leaving: must fire, does not fire\n"
        "  “Вывоз из Шебекина”\n"
        "    ✗ act near/3 @shebekino and not drill\n"
        "      ✗ act near/3 @shebekino\n"
        "        ✗ act: none of эвакуация … (2 in all)\n"
        "\n"
    )
    assert result.stderr == "3 hits and 2 misses tried, 1 failed.\n"


def test_test_shows_what_fired(tmp_path: Path) -> None:
    text = RULES.replace("Учения по эвакуации в Шебекине", "Эвакуация Шебекина завершена")
    result = run("test", *mine(tmp_path, text.replace("В Белгороде тихо", "О Шебекине молчат")))
    assert result.exit_code == 1
    assert result.stdout == (
        "mine/rules.yaml:17:14: leaving: must not, but does\n"
        "  “Эвакуация Шебекина завершена”\n"
        "    ✓ act near/3 @shebekino and not drill\n"
        "      ✓ act near/3 @shebekino\n"
        "        ✓ act: “Эвакуация” ← эвакуация (as written or nominative singular)\n"
        "        ✓ @shebekino: “Шебекина” ← Шебекино (genitive)\n"
        "      ✓ not drill\n"
        "        ✗ drill: none of учения\n"
        "\n"
        "mine/rules.yaml:6:44: shebekino: must not, but does\n"
        "  “О Шебекине молчат”\n"
        "    found: “Шебекине” ← Шебекино (prepositional)\n"
        "\n"
    )


def test_test_of_one_rule_alone(tmp_path: Path) -> None:
    assert run("test", "--only", "shebekino", *mine(tmp_path)).stderr == "1 hit and 1 miss tried, none failed.\n"
    result = run("test", "--only", "shebekina", *mine(tmp_path))
    assert (result.exit_code, result.stderr) == (
        2,
        "--only shebekina: there is no such rule or entity; did you mean “shebekino”?\n",
    )


def test_explain(tmp_path: Path) -> None:
    result = run("explain", "Эвакуация жителей начата: пишет @shebekino_news, Шебекино", *mine(tmp_path))
    assert result.exit_code == 0
    assert result.stdout == (
        "No rule fires.\n"
        "Language: ru (a hint for the reader; it decides nothing)\n"
        "\n"
        "Mentions\n"
        "  0–9    “Эвакуация”  leaving/act ← эвакуация (as written or nominative singular)\n"
        "  49–57  “Шебекино”   @shebekino ← Шебекино (nominative, genitive, dative, accusative, "
        "instrumental or prepositional)\n"
        "\n"
        "Dropped\n"
        "  33–42  “shebekino”  @shebekino: part of an address or user name\n"
        "\n"
        "leaving (Leaving): does not fire\n"
        "  ✗ act near/3 @shebekino and not drill\n"
        "    ✗ act near/3 @shebekino: 5 words stand between them\n"
        "      ✓ act: “Эвакуация” ← эвакуация (as written or nominative singular)\n"
        "      ✓ @shebekino: “Шебекино” ← Шебекино (nominative, genitive, dative, accusative, "
        "instrumental or prepositional)\n"
        "    ✓ not drill\n"
        "      ✗ drill: none of учения\n"
    )


def test_explain_counts_the_alternatives_that_a_text_has_nothing_of(tmp_path: Path) -> None:
    options = mine(tmp_path, RULES.replace("act near/3 @shebekino and not drill", CHOICES))
    told = run("explain", "Эвакуация", *options).stdout.split("\n\n")
    assert told[2:] == [
        "leaving (Leaving): fires, medium\n"
        f"  ✓ {CHOICES}\n"
        "    ✓ act and not (drill near/2 @shebekino)\n"
        "      ✓ act: “Эвакуация” ← эвакуация (as written or nominative singular)\n"
        "      ✓ not (drill near/2 @shebekino)\n"
        "    … and 2 more, of which nothing stands in the text\n"
    ]
    assert "✗ drill: none of учения" in run("explain", "Эвакуация", "--all", *options).stdout
    assert run("explain", "Погода", *options).stdout.split("\n\n")[1:] == [
        "Nothing that these ask for stands in the text (--all shows them): leaving\n"
    ]


def test_explain_reads_standard_input_and_gives_json(tmp_path: Path) -> None:
    result = run("explain", "-", "--format", "json", *mine(tmp_path), given="Эвакуация\n")
    assert json.loads(result.stdout) == {
        "text": "Эвакуация",
        "language": "ru",
        "fired": [],
        "mentions": [
            {
                "span": [0, 9],
                "form": "эвакуация",
                "lemma": "эвакуация",
                "via": "as written or nominative singular",
                "rule": "leaving",
                "term": "act",
            }
        ],
        "dropped": [],
        "rules": [
            {
                "id": "leaving",
                "fires": False,
                "level": None,
                "condition": {
                    "text": "act near/3 @shebekino and not drill",
                    "value": False,
                    "spans": [],
                    "parts": [
                        {
                            "text": "act near/3 @shebekino",
                            "value": False,
                            "spans": [],
                            "parts": [
                                {"text": "act", "value": True, "spans": [[0, 9]], "parts": []},
                                {"text": "@shebekino", "value": False, "spans": [], "parts": []},
                            ],
                        },
                        {
                            "text": "not drill",
                            "value": True,
                            "spans": [],
                            "parts": [{"text": "drill", "value": False, "spans": [], "parts": []}],
                        },
                    ],
                },
            }
        ],
    }


def test_explain_takes_channel_and_media(tmp_path: Path) -> None:
    text = RULES.replace("act near/3 @shebekino and not drill", "(act or drill) and from(one) and has(photo)")
    text = text.replace("[Эвакуация в Шебекине, ", "[{text: Эвакуация, channel: one, media: photo}, ").replace(
        '"Evacuatie: Шебекино"', "{text: Учения, channel: One, media: [photo]}"
    )
    options = mine(tmp_path, text)
    assert run("test", *options).exit_code == 0
    first = run("explain", "Эвакуация", "--channel", "@one", "--media", "photo", *options).stdout.splitlines()[0]
    assert first == "Fires: leaving (medium)"
    assert run("explain", "Эвакуация", "--channel", "two", *options).stdout.splitlines()[0] == "No rule fires."
    assert run("explain", "Эвакуация", "--media", "picture", *options).exit_code == 2


POSTS = [
    {"text": "Эвакуация в Шебекине", "lang": "ru", "part": "a", "labels": {"leaving": True, "entities": ["Shebekino"]}},
    {"text": "Вывоз людей из Шебекина", "lang": "ru", "part": "b", "labels": {"leaving": True, "entities": []}},
    {"text": "Evacuatie van Шебекино", "lang": "nl", "part": "b", "labels": {"leaving": False}},
    {"text": "Evacuatie van Шебекино", "part": "b", "labels": {"leaving": False}, "unsure": ["leaving"]},
]


def posts(path: Path, *lines: object) -> str:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines)
    (path / "posts.jsonl").write_text(text, encoding="utf-8")
    return "posts.jsonl"


def test_score(tmp_path: Path) -> None:
    result = run("score", posts(tmp_path, *POSTS), *mine(tmp_path))
    assert result.exit_code == 0
    assert result.stdout == (
        "Rules    precision  95 %            recall  95 %\n"
        "leaving  0.500      0.09–0.91  1/2  0.500   0.09–0.91  1/2\n"
        "  nl     0.000      0.00–0.79  0/1  –                  0/0\n"
        "  ru     1.000      0.21–1.00  1/1  0.500   0.09–0.91  1/2\n"
        "\n"
        "Entities   precision  95 %            recall  95 %\n"
        "Shebekino  0.500      0.09–0.91  1/2  1.000   0.21–1.00  1/1\n"
        "all        0.500      0.09–0.91  1/2  1.000   0.21–1.00  1/1\n"
        "\n"
        "Missed: 1\n"
        "  posts.jsonl:2 · leaving\n"
        "    Вывоз людей из Шебекина\n"
        "\n"
        "False alarms: 2\n"
        "  posts.jsonl:2 · Shebekino\n"
        "    Вывоз людей из ⟦Шебекина⟧\n"
        "  posts.jsonl:3 · leaving\n"
        "    ⟦Evacuatie⟧ van ⟦Шебекино⟧\n"
        "\n"
    )
    assert result.stderr == "4 posts, 1 unsure label left out\n"


def test_score_of_some_posts_and_a_bound(tmp_path: Path) -> None:
    file, options = posts(tmp_path, *POSTS), mine(tmp_path)
    result = run("score", file, "--where", "part=a", "--no-mistakes", "--min-recall", "1", *options)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[1] == "leaving  1.000      0.21–1.00  1/1  1.000   0.21–1.00  1/1"
    result = run("score", file, "--min-recall", "0.9", "--min-precision", "0.4", *options)
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (1, "leaving: recall 0.500 is below 0.9")
    result = run("score", file, "--where", "part=c", *options)
    assert (result.exit_code, result.stderr) == (2, "posts.jsonl: holds no labelled posts with part=c\n")
    assert run("score", file, "--where", "part", *options).exit_code == 2
    assert run("score", "none.jsonl", *options).stderr.startswith("none.jsonl: cannot be read (No such file")


def test_score_as_json(tmp_path: Path) -> None:
    found = json.loads(run("score", posts(tmp_path, *POSTS), "--format", "json", *mine(tmp_path)).stdout)
    assert found["posts"] == 4
    assert found["rules"]["leaving"]["languages"]["nl"] == {
        "right": 0,
        "missed": 0,
        "false": 1,
        "precision": 0.0,
        "precision_interval": pytest.approx([0.0, 0.7935], abs=1e-4),
        "recall": None,
        "recall_interval": [0.0, 1.0],
    }
    assert found["mistakes"][0] == {"kind": "missed", "subject": "leaving", "place": "posts.jsonl:2", "spans": []}


BAD_RECORDS = {
    "{": "the line is no JSON (unexpected end of data",
    "[1]": "the record has no “text”",
    '{"text": "a"}': 'the record has no labels; write "labels": {"prisoners": true, "entities": ["…"]}',
    '{"text": "a", "labels": {"leaving": 1}}': "labels: “leaving” must be true or false",
    '{"text": "a", "labels": {"entities": "Shebekino"}}': "labels: “entities” must be a list of names",
    '{"text": "a", "labels": {}, "unsure": "all"}': "“unsure” must be a list of labels",
    '{"text": "a", "labels": {"leaving": true}, "unsure": ["levaing"]}': "unsure: “levaing” is none of the record's",
}


def test_score_reports_records_that_cannot_be_used_and_counts_the_others(tmp_path: Path) -> None:
    result = run("score", posts(tmp_path, POSTS[0], *BAD_RECORDS, ""), *mine(tmp_path))
    assert result.exit_code == 2
    assert "1/1" in result.stdout
    said = result.stderr.splitlines()
    assert said[0] == "1 post, 0 unsure labels left out"
    for number, (line, start) in enumerate(zip(said[1:], BAD_RECORDS.values(), strict=True), 2):
        assert line.startswith(f"posts.jsonl:{number}: {start}")


def test_score_says_what_is_not_in_force(tmp_path: Path) -> None:
    other = {"text": "Эвакуация", "labels": {"leving": True, "entities": ["Schebekino"]}}
    assert run("score", posts(tmp_path, other), *mine(tmp_path)).stderr.splitlines()[:2] == [
        "The label “leving” is the id of no rule in force; it is left out.",
        "No entity in force has the name “Schebekino”; where it is labelled it counts as missed.",
    ]


SAVED = [
    {"channel": "one", "id": 1, "date": "2023-06-04T09:00:00+00:00", "text": "Эвакуация в Шебекине"},
    {"channel": "two", "id": 7, "date": "2023-06-04T09:05:00+00:00", "text": "Эвакуация в Шебекине"},
    {"channel": "one", "id": 2, "date": "2023-06-04T10:00:00+00:00", "text": "Эвакуация на учениях, Шебекино"},
    {"channel": "one", "id": 3, "date": "2023-06-04T11:00:00+00:00", "text": "Вывоз людей из Шебекина"},
    {"channel": "one", "id": 4, "date": "2023-06-04T12:00:00+00:00", "text": "Эвакуация Шебекина"},
]


def test_diff(tmp_path: Path) -> None:
    folder(tmp_path, RULES, "old")
    new = RULES.replace("[эвакуация]", "[вывоз]").replace("Эвакуация в Шебекине", "Вывоз из Шебекина")
    folder(
        tmp_path,
        new.replace("эвакуации", "вывозу") + "  more:\n    title: More\n    level: high\n"
        "    terms: {w: {ru: [завершить]}}\n    when: w\n    tests: {hit: [завершил], miss: [начал]}\n",
        "new",
    )
    file = posts(tmp_path, *SAVED)
    result = run("diff", "--no-packs", "old", "new", file)
    assert result.exit_code == 0
    assert result.stdout == (
        "+1 −2 alerts\n"
        "\n"
        "− one/1 · 2023-06-04 09:00 UTC\n"
        "    leaving (medium)\n"
        "    ⟦Эвакуация⟧ в ⟦Шебекине⟧\n"
        "\n"
        "+ one/3 · 2023-06-04 11:00 UTC\n"
        "    leaving (medium)\n"
        "    ⟦Вывоз⟧ людей из ⟦Шебекина⟧\n"
        "\n"
        "− one/4 · 2023-06-04 12:00 UTC\n"
        "    leaving (medium)\n"
        "    ⟦Эвакуация⟧ ⟦Шебекина⟧\n"
    )
    assert result.stderr == "5 posts, 2 alerts before, 1 after\n"
    louder = RULES.replace("medium", "high")
    folder(tmp_path, louder, "new")
    assert run("diff", "--no-packs", "old", "new", file).stdout.splitlines()[:4] == [
        "+0 −0 alerts, 2 changed",
        "",
        "~ one/1 · 2023-06-04 09:00 UTC",
        "    leaving (medium) → leaving (high)",
    ]
    assert run("diff", "--no-packs", "old", "old", file).stdout == "+0 −0 alerts\n"


def test_diff_of_a_database_with_and_without_a_folder(tmp_path: Path) -> None:
    folder(tmp_path, RULES)
    replayed = CliRunner().invoke(
        monitor, ["replay", posts(tmp_path, *SAVED), "--db", "kept.db", "--no-packs", "--rules", "mine"]
    )
    assert replayed.exit_code == 0
    base = (
        RULES.replace("leaving", "other")
        .replace("act near/3 @shebekino and not drill", "act and drill")
        .replace("Эвакуация в Шебекине", "Учения и эвакуация")
        .replace('"Evacuatie: Шебекино"', "учения, evacuatie")
        .replace("Учения по эвакуации в Шебекине", "Учения")
    )
    folder(tmp_path, base, "base")
    result = run("diff", "--no-packs", "--rules", "base", "-", "mine", "kept.db", "--format", "json")
    assert result.exit_code == 0
    assert [
        (one["change"], one["channel"], one["post_id"], one["old"], one["new"]) for one in json.loads(result.stdout)
    ] == [
        ("added", "one", 1, None, [{"id": "leaving", "level": "medium"}]),
        ("added", "one", 4, None, [{"id": "leaving", "level": "medium"}]),
    ]


def test_diff_of_bad_input(tmp_path: Path) -> None:
    folder(tmp_path, RULES)
    result = run("diff", "--no-packs", "mine", "mine", posts(tmp_path, *SAVED, "{"))
    assert (result.exit_code, result.stdout) == (2, "+0 −0 alerts\n")
    assert "posts.jsonl:6: " in result.stderr
    assert run("diff", "--no-packs", "mine", "none", "posts.jsonl").exit_code == 2
    assert run("diff", "--no-packs", "mine", "mine", "none.jsonl").exit_code == 2
    assert run("diff", "--no-packs", "mine", "mine", "none.db").exit_code == 2


def test_schema() -> None:
    schema = json.loads(run("schema").stdout)
    assert schema["title"] == "monitor rules"
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert set(schema["properties"]) == {"entities", "rules", "tests"}
    examples = schema["$defs"]["TestsOf"]["properties"]["hit"]["items"]
    assert examples["anyOf"][1] == {"$ref": "#/$defs/ExampleText"}
    languages = schema["$defs"]["RuleText"]["properties"]["terms"]["additionalProperties"]["propertyNames"]["enum"]
    assert languages == ["ru", "uk", "be", "en", "nl", "de", "fr", "pl", "any"]


def test_the_setting_rules_is_taken_where_no_folder_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RULES", folder(tmp_path))
    assert run("test", "--no-packs").stderr == "3 hits and 2 misses tried, none failed.\n"


def test_help_of_each_command() -> None:
    for command in ("check", "test", "explain", "score", "diff", "schema"):
        result = run(command, "--help")
        assert result.exit_code == 0
        assert ("--rules" in result.stdout) is (command != "schema")
