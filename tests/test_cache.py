"""Lexicons and parsed rule files on disk: taken from there when they fit, else passed over and written again."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from monitor.rules import cache, kept
from monitor.rules.compiler import build_lexicon, compile_rules
from monitor.rules.loader import RuleErrors, load
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
    (file,) = folder.glob("*.json")
    written = file.stat().st_mtime_ns
    assert entities_in(compile_rules(rules, cache=folder), TEXT) == FOUND
    assert file.stat().st_mtime_ns == written
    assert (stat.S_IMODE(folder.stat().st_mode), stat.S_IMODE(file.stat().st_mode)) == (0o700, 0o600)


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
    (file,) = folder.glob("*.json")
    sound = file.read_bytes()
    broken = BROKEN[name]
    file.write_bytes(sound[: len(sound) // 2] if broken is None else broken)
    assert entities_in(compile_rules(rules, cache=folder), TEXT) == FOUND
    assert file.read_bytes() == sound


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


def _folder(path: Path, **files: str) -> Path:
    path.mkdir()
    for name, text in files.items():
        (path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return path


TWO = {"rules": RULES, "tests": "tests:\n  act: {hit: [evacueren], miss: [снег идёт]}\n"}


def test_kept_files_give_the_same_rules_with_the_places_of_the_folder_that_is_read(tmp_path: Path) -> None:
    cache_folder = tmp_path / "cache"
    one, other = _folder(tmp_path / "one", **TWO), _folder(tmp_path / "other", **TWO)
    plain = [load([folder], packs=False) for folder in (one, other)]
    assert load([one], packs=False, cache=cache_folder) == plain[0]
    (file,) = cache_folder.iterdir()
    assert (stat.S_IMODE(cache_folder.stat().st_mode), stat.S_IMODE(file.stat().st_mode)) == (0o700, 0o600)
    written = file.stat().st_mtime_ns
    assert [load([folder], packs=False, cache=cache_folder) for folder in (one, other)] == plain
    assert ([*cache_folder.iterdir()], file.stat().st_mtime_ns) == ([file], written)


def test_what_is_kept_is_what_is_used(tmp_path: Path) -> None:
    """Else the tests here would pass with nothing taken from the cache."""
    folder, cache_folder = _folder(tmp_path / "rules", **TWO), tmp_path / "cache"
    load([folder], packs=False, cache=cache_folder)
    (file,) = cache_folder.iterdir()
    body = kept.read(file)
    assert body is not None
    kept.write(file, body.replace(b'"Act"', b'"Kept"'), "rules-*.json", 8)
    assert [rule.title for rule in load([folder], packs=False, cache=cache_folder).rules] == ["Kept"]


@pytest.mark.parametrize("name", [*BROKEN, "of another shape"])
def test_a_broken_file_of_parsed_rules_is_passed_over_and_written_again(tmp_path: Path, name: str) -> None:
    folder, cache_folder = _folder(tmp_path / "rules", **TWO), tmp_path / "cache"
    rules = load([folder], packs=False, cache=cache_folder)
    (file,) = cache_folder.iterdir()
    sound = file.read_bytes()
    if name == "of another shape":
        kept.write(file, b'[["x", [[1]]]]', "rules-*.json", 8)
    else:
        broken = BROKEN[name]
        file.write_bytes(sound[: len(sound) // 2] if broken is None else broken)
    assert load([folder], packs=False, cache=cache_folder) == rules
    assert file.read_bytes() == sound


def test_a_changed_file_is_read_anew_and_a_faulty_one_each_time(tmp_path: Path) -> None:
    folder, cache_folder = _folder(tmp_path / "rules", **TWO), tmp_path / "cache"
    load([folder], packs=False, cache=cache_folder)
    (folder / "rules.yaml").write_text(RULES.replace("title: Act", "title: Other"), encoding="utf-8")
    assert [rule.title for rule in load([folder], packs=False, cache=cache_folder).rules] == ["Other"]
    (folder / "rules.yaml").write_text(RULES.replace("level: low", "level: *low"), encoding="utf-8")
    for _ in range(2):
        with pytest.raises(RuleErrors, match="uses an alias"):
            load([folder], packs=False, cache=cache_folder)
    assert len([*cache_folder.iterdir()]) == 2


def test_half_a_character_is_not_kept_and_told_all_the_same(tmp_path: Path) -> None:
    half = RULES.replace("title: Act", 'title: "Act \\uD800"')
    folder, cache_folder = _folder(tmp_path / "rules", rules=half), tmp_path / "cache"
    with pytest.raises(RuleErrors, match="half a character"):
        load([folder], packs=False, cache=cache_folder)
    assert not cache_folder.exists()
