"""Compiled lexicons on disk: taken from there when they fit, passed over and written again when they do not."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from monitor.rules import cache
from monitor.rules.compiler import build_lexicon, compile_rules
from tests.matching import entities_in, rules_of

RULES = """
entities:
  prigozhin: {kind: person, gender: m, name: Prigozhin, forms: {ru: Евгений Викторович Пригожин}, surname: alone}
  legion: {kind: organisation, name: Legion, forms: {ru: Легион Свобода России}}
  kursk-oblast: {kind: place, name: Kursk Oblast, forms: {ru: Курская область}}
rules:
  act:
    title: Act
    level: low
    terms: {act: {ru: [эвакуация], nl: ["evacu*"]}}
    when: act or @person
    tests: {hit: [эвакуация], miss: [снег]}
"""
TEXT = "Е. Пригожин и легион «Свобода России» в Курской и Брянской областях"
FOUND = [("prigozhin", "Е. Пригожин"), ("legion", "легион «Свобода России"), ("kursk-oblast", "Курской")]


def test_the_kept_lexicon_is_the_one_that_was_built(tmp_path: Path) -> None:
    lexicon = build_lexicon(rules_of(tmp_path / "rules", RULES))
    cache.save(tmp_path / "cache", "name", lexicon)
    assert cache.load(tmp_path / "cache", "name") == lexicon


def test_cold_and_kept_find_the_same(tmp_path: Path) -> None:
    rules, folder = rules_of(tmp_path / "rules", RULES), tmp_path / "cache"
    assert entities_in(compile_rules(rules, cache=folder), TEXT) == FOUND
    (kept,) = folder.glob("*.json")
    written = kept.stat().st_mtime_ns
    assert entities_in(compile_rules(rules, cache=folder), TEXT) == FOUND
    assert kept.stat().st_mtime_ns == written
    assert (stat.S_IMODE(folder.stat().st_mode), stat.S_IMODE(kept.stat().st_mode)) == (0o700, 0o600)


BROKEN = {
    "empty": b"",
    "cut short": None,
    "no digest": b'{"stems": ""}',
    "other bytes": bytes(range(256)) * 10,
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_passed_over_and_written_again(tmp_path: Path, name: str) -> None:
    rules, folder = rules_of(tmp_path / "rules", RULES), tmp_path / "cache"
    compile_rules(rules, cache=folder)
    (kept,) = folder.glob("*.json")
    sound = kept.read_bytes()
    broken = BROKEN[name]
    kept.write_bytes(sound[: len(sound) // 2] if broken is None else broken)
    assert entities_in(compile_rules(rules, cache=folder), TEXT) == FOUND
    assert kept.read_bytes() == sound


CHANGES = [
    ("an entity's form", "Евгений Викторович Пригожин", "Евгений Пригожин"),
    ("a term", "[эвакуация]", "[эвакуировать]"),
    ("a policy", "surname: alone", "surname: with-name"),
    ("a kind", "kind: organisation", "kind: place"),
]


@pytest.mark.parametrize(("what", "old", "new"), CHANGES, ids=[what for what, _, _ in CHANGES])
def test_changed_rules_have_another_key(tmp_path: Path, what: str, old: str, new: str) -> None:
    before = cache.key(rules_of(tmp_path / "before", RULES))
    after = cache.key(
        rules_of(tmp_path / "after", RULES.replace(old, new).replace("hit: [эвакуация]", "hit: [Пригожин]"))
    )
    assert before != after


def test_a_title_changes_nothing_that_is_kept(tmp_path: Path) -> None:
    before = cache.key(rules_of(tmp_path / "before", RULES))
    assert cache.key(rules_of(tmp_path / "after", RULES.replace("title: Act", "title: Other"))) == before


def test_a_folder_that_cannot_be_written_is_let_be(tmp_path: Path) -> None:
    rules = rules_of(tmp_path / "rules", RULES)
    (tmp_path / "cache").write_text("a file, not a folder")
    assert entities_in(compile_rules(rules, cache=tmp_path / "cache"), TEXT) == FOUND


def test_old_files_go(tmp_path: Path) -> None:
    lexicon = build_lexicon(rules_of(tmp_path / "rules", RULES))
    for number in range(8):
        cache.save(tmp_path / "cache", str(number), lexicon)
    assert len(list((tmp_path / "cache").iterdir())) == 5
