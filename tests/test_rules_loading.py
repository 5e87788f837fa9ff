"""Rule files with faults: all are found at once, each with its place, and nothing takes long."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from monitor.rules.loader import MOST_SHOWN, RuleErrors, load
from monitor.rules.yaml_tree import MAX_BYTES

SOUND = """
  sound:
    title: Sound
    level: low
    terms: {word: {ru: [пленный]}}
    when: word
    tests: {hit: [пленный], miss: [поезд]}
"""


def faults(folder: Path, *texts: str | bytes) -> list[str]:
    """Load each text as a file of its own and give the faults as `line:column id: sentence`, files by number."""
    for number, text in enumerate(texts):
        path = folder / f"{number}.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(RuleErrors) as refused:
        load([folder], packs=False)
    return [
        f"{Path(one.place.file).stem}:{one.place.line}:{one.place.column} {one.id or '-'}: {one.message}"
        for one in refused.value.errors
    ]


MANY = """rules:
  first:
    title: First
    level: urgent
    colour: red
    terms:
      word: [пленный]
      other: {ru: [мост], xx: [most]}
      short: {ru: ["а", "*да", "/(а/"]}
    when: word and (other or
    tests: {hit: [пленный]}
  second:
    title: Second
    level: low
    terms: {word: {ru: [пленный]}, unused: {ru: [мост]}}
    when: word near/2 wrod or @nobody or has(picture)
    raise: {high: [frist]}
  third:
    title: Third
    level: low
    terms: {word: {ru: [пленный]}}
    when: ""
    tests: {hit: [пленный], miss: [поезд]}
  fourth:
    title: Fourth
    level: low
    terms: {word: {ru: [пленный]}}
    when: not word
    tests: {hit: [поезд], miss: [пленный]}
entities:
  someone:
    kind: person
    name: Someone
    forms: {ru: Пётр Кузнецов}
    surname: sometimes
  nothing:
    kind: place
    name: Nothing
"""


def test_every_fault_is_found_at_once(tmp_path: Path) -> None:
    assert faults(tmp_path, MANY) == [
        "0:4:5 first: level: “urgent” is not one of 'low', 'medium' or 'high'",
        "0:5:5 first: unknown key “colour”",
        "0:7:7 first: the term “word” has no language; write {ru: […]} or {any: […]} (ru, uk, be, en, nl, de, fr, pl)",
        "0:8:27 first: “xx” cannot be a key here; write one of 'ru', 'uk', 'be', 'en', 'nl', 'de', 'fr', 'pl' or 'any'",
        "0:9:20 first: short: “а” is a single letter; it would be found everywhere",
        "0:9:25 first: short: “*да”: a part of a word needs 4 letters at least",
        "0:9:32 first: short: “/(а/”: the bracket ( is not closed; write \\( for the sign itself",
        "0:10:5 first: when: the condition breaks off; a term, an @entity or a bracket is missing (column 19)\n"
        "    word and (other or\n"
        "                      ^",
        "0:12:3 second: needs tests: at least one text under hit and one near-miss under miss",
        "0:12:3 second: raise: high: there is no rule “frist”; did you mean “first”?",
        "0:15:50 second: the term “unused” is not used in when; remove it or use it",
        "0:16:5 second: when: has(picture): no such kind of media; write one of photo, video, round, voice, audio, "
        "animation, sticker, document, poll, location, contact, other (column 36)\n"
        "    word near/2 wrod or @nobody or has(picture)\n"
        "                                       ^",
        "0:16:5 second: when: there is no entity “@nobody” (column 21)\n"
        "    word near/2 wrod or @nobody or has(picture)\n"
        "                        ^",
        "0:16:5 second: when: there is no term “wrod”; did you mean “word”? (column 13)\n"
        "    word near/2 wrod or @nobody or has(picture)\n"
        "                ^",
        "0:22:5 third: when: is empty",
        "0:28:5 fourth: when: fires on posts that have nothing of it; name a term or entity that must be there",
        "0:31:3 someone: a person needs a gender (m or f): it decides the forms of the name",
        "0:35:5 someone: surname: “sometimes” is not one of alone, with-name, near(WORD or @entity)",
        "0:36:3 nothing: has neither forms nor aliases: it can never be found",
    ]


YAML = {
    "an alias": ("rules: &all {}\nentities: *all\n", "1:8 -: uses an anchor (&all); write the value out where it is"),
    "a tag": (
        "rules: !!python/object:os.system {}\n",
        "1:8 -: uses a tag (tag:yaml.org,2002:python/object:os.system);",
    ),
    "the same key twice": ("rules: {}\nrules: {}\n", "2:1 -: “rules” stands twice, here and on line 1; keep one"),
    "two documents": ("rules: {}\n---\nrules: {}\n", "2:1 -: holds a second document (---); a rule file holds one"),
    "no YAML": ("rules: [\n", "2:1 -: is no YAML: "),
    "no mapping": ("- rules\n", "1:1 -: holds no mapping; a rule file has entities: and rules:"),
    "an unknown part": ("rule: {}\n", "1:1 -: unknown key “rule”; did you mean “rules”?"),
    "no text": (b"rules: \xff\n", "1:1 -: is not UTF-8 text (byte 7); save it as UTF-8"),
    "deep": ("rules: " + "[" * 40 + "]" * 40, "1:20 -: is nested more than 12 deep"),
    "tests of nothing": (
        "tests: {prisoner: {hit: [а]}}\n",
        "1:9 prisoner: tests of a rule or entity that does not exist",
    ),
}


@pytest.mark.parametrize("case", YAML)
def test_what_is_no_rule_file(case: str, tmp_path: Path) -> None:
    text, said = YAML[case]
    (found,) = faults(tmp_path, text)
    assert found.startswith(f"0:{said}")


def test_an_id_stands_once_in_a_folder_and_replaces_that_of_an_earlier_one(tmp_path: Path) -> None:
    (said,) = faults(tmp_path, "rules:" + SOUND, "rules:" + SOUND)
    assert said == f"1:2:3 sound: the id stands twice in this folder, here and at {tmp_path}/0.yaml:2:3; rename one"
    (tmp_path / "1.yaml").unlink()
    later = tmp_path / "later"
    later.mkdir()
    (later / "a.yaml").write_text(("rules:" + SOUND).replace("Sound", "Louder"), encoding="utf-8")
    (tmp_path / "0.yaml").rename(tmp_path / "later" / "b.txt")
    first = tmp_path / "first"
    first.mkdir()
    (first / "a.yaml").write_text("rules:" + SOUND, encoding="utf-8")
    assert [rule.title for rule in load([first, later], packs=False).rules] == ["Louder"]


def test_what_leads_to_a_faulty_rule_is_no_fault_of_its_own(tmp_path: Path) -> None:
    text = "rules:" + SOUND + SOUND.replace("sound:", "other:").replace("low", "loud").replace("Sound", "Other")
    raising = text.replace("when: word", "raise: {high: [other]}\n    when: word", 1)
    assert faults(tmp_path, raising) == ["0:12:5 other: level: “loud” is not one of 'low', 'medium' or 'high'"]


def test_no_folder_and_no_rules(tmp_path: Path) -> None:
    with pytest.raises(RuleErrors) as refused:
        load([tmp_path / "none", tmp_path], packs=False)
    assert [one.message for one in refused.value.errors] == [
        "the folder holds no rules (*.yaml)",
        "there is no such folder of rules; check --rules and RULES",
    ]


STOP_WORDS = {
    "word: {ru: [или, на], en: [the]}": ["25 sound: word: “или”", "30 sound: word: “на”", "40 sound: word: “the”"],
    'word: {ru: ["=на"], any: [не]}': ["25 sound: word: “=на”", "39 sound: word: “не”"],
    "word: {ru: [и в], nl: [op de]}": ["25 sound: word: “и в”", "36 sound: word: “op de”"],
    r"word: {any: ['/\w+/']}": ["26 sound: word: “/\\w+/”"],
    "word: {any: ['/[а-яё ]{2}/']}": ["26 sound: word: “/[а-яё ]{2}/”"],
    "word: {ru: [и пленный]}": [],
    r"word: {any: ['/\d+ мм/']}": [],
}


@pytest.mark.parametrize("terms", STOP_WORDS)
def test_terms_that_stand_in_every_post_are_refused_where_they_fire_alone(terms: str, tmp_path: Path) -> None:
    text = "rules:" + SOUND.replace("word: {ru: [пленный]}", terms)
    if not STOP_WORDS[terms]:
        (tmp_path / "0.yaml").write_text(text, encoding="utf-8")
        assert load([tmp_path], packs=False)
        return
    ending = " stands in nearly every post, and the rule fires on it alone"
    assert faults(tmp_path, text) == [f"0:5:{start}{ending}" for start in STOP_WORDS[terms]]


def test_a_name_of_stop_words_is_refused(tmp_path: Path) -> None:
    text = "entities:\n  x: {kind: place, name: X, forms: {ru: Шебекино}, aliases: {nl: [de, de stad, Van]}}\n"
    ending = "stands in nearly every post; it cannot be the name of anything"
    assert faults(tmp_path, text) == [f"0:2:3 x: “Van” {ending}", f"0:2:3 x: “de” {ending}"]


def test_stop_words_beside_others_are_sound(tmp_path: Path) -> None:
    text = SOUND.replace("word: {ru: [пленный]}", "word: {ru: [пленный]}, no: {ru: [не]}")
    (tmp_path / "0.yaml").write_text("rules:" + text.replace("when: word", "when: word and not (no before/0 word)"))
    assert [rule.id for rule in load([tmp_path], packs=False).rules] == ["sound"]


def test_a_pack_of_fifty_megabytes_is_refused_at_once(tmp_path: Path) -> None:
    begin = time.process_time()
    path = tmp_path / "0.yaml"
    with path.open("w", encoding="utf-8") as file:
        file.write("rules:" + SOUND + "#" + "x" * 50_000_000)
    (said,) = faults(tmp_path)
    assert said == "0:1:1 -: the file has 50 MB, more than the 8 MB allowed; split it"
    path.unlink()
    for number in range(7):
        with (tmp_path / f"{number}.yaml").open("w", encoding="utf-8") as file:
            file.write("#" + "x" * (MAX_BYTES - 10))
    (said,) = faults(tmp_path)
    assert said.endswith("1:1 -: the rule files of the folder have 56 MB together, more than the 32 MB allowed")
    assert time.process_time() - begin < 5  # it takes a tenth of a second; reading them would take minutes


def test_of_very_many_faults_the_first_are_shown(tmp_path: Path) -> None:
    words = "\n".join("          - а" for _ in range(3_000))
    (tmp_path / "0.yaml").write_text(
        "rules:" + SOUND.replace("{word: {ru: [пленный]}}", f"\n      word:\n        ru:\n{words}"), encoding="utf-8"
    )
    with pytest.raises(RuleErrors) as refused:
        load([tmp_path], packs=False)
    assert len(refused.value.errors) == 3_000
    lines = str(refused.value).splitlines()
    assert lines[0] == "The rules have 3,000 faults; nothing was run."
    assert lines[-1] == "and 2,500 more"
    assert len(lines) == MOST_SHOWN + 2


@pytest.mark.long
def test_a_hundred_thousand_terms_are_worked_out(tmp_path: Path) -> None:
    from monitor.rules.compiler import compile_rules

    letters = "бвгджзклмнпрст"
    words = [f"{a}о{b}о{c}и{d}ка" for a in letters for b in letters for c in letters for d in letters][: 100_000 // 3]
    lines = "\n".join(f"          - {word}\n          - {word}рь\n          - ={word}ж" for word in words)
    (tmp_path / "0.yaml").write_text(
        "rules:" + SOUND.replace("{word: {ru: [пленный]}}", f"\n      word:\n        ru:\n{lines}"), encoding="utf-8"
    )
    matcher = compile_rules(load([tmp_path], packs=False))
    assert [match.rule for match in matcher.find(f"Видели {words[-1]}рями.").matches] == ["sound"]
    assert not matcher.find("Видели пленных.")
