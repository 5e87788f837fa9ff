"""Inputs that parsers once failed on, found by fuzzing: what each of them means now."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from time import process_time
from typing import Any

import pytest

from monitor.alerts import webhook
from monitor.cli.rules.labelled import fits
from monitor.config import ConfigError, load_settings
from monitor.desk.arguments import WrongForm, mute_wish
from monitor.language.common_ru import word_forms
from monitor.language.fold import fold_form
from monitor.language.forms import Form
from monitor.language.inflect import phrase_forms
from monitor.language.names import phrase_slots
from monitor.language.searching import search_forms
from monitor.models import Media, Post, Rejected
from monitor.rules.grammar import ConditionError, parse
from monitor.rules.loader import RuleErrors, load
from monitor.rules.regexes import RegexError, compile_regex
from monitor.sources import preview_client
from monitor.sources.files import read_file
from monitor.store import chain
from monitor.store.reader import Reader
from monitor.store.records import Broken, StoreError
from monitor.store.store import Store
from monitor.telegram.files import remotes
from tests.fuzz.running import PATIENCE
from tests.pages_example import export_page, export_post, page, post
from tests.store_example import keep
from tests.store_example import post as stored_post
from tests.test_rules_loading import SOUND

NOW = datetime(2023, 6, 4, tzinfo=UTC)
_NESTED = '{"_": "PageBlockList", "items": [' * 450 + "1" + "]}" * 450
_MESSAGE = '{"_": "Message", "id": 7, "date": "2023-06-04T09:30:00+00:00", "message": "", %s}'
_EXPORT = '{"name": "A", "type": "public_channel", "id": 1, "messages": [{"type": "message", "id": %s, "date": "%s"}]}'
_ALBUM = '<div class="tgme_widget_message_grouped_wrap"><a href="https://t.me/news_example/%s?single"></a></div>'
_REPLY = '<a class="tgme_widget_message_reply" href="https://t.me/news_example/%s"></a>'
_VOICE = '<a class="tgme_widget_message_voice_player"><time>%s:27</time></a>'
_EXPORT_VOICE = '<div class="media_voice_message"><div class="status details">%s:00:07</div></div>'
_HUGE = "9" * 5000


def _read(folder: Path, name: str, content: str | bytes) -> Post | str:
    """The one post of a file, or why it was refused."""
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    [one] = read_file(folder / name)
    assert isinstance(one, Post | Rejected)
    return one if isinstance(one, Post) else one.reason


REFUSED = {
    "an article nested past all sense": (
        "a.jsonl",
        _MESSAGE % f'"rich_message": {{"blocks": [{_NESTED}]}}',
        "the record is nested too deeply to be a post",
    ),
    "an id nested past all sense": (
        "a.json",
        _EXPORT % (f"\n{_NESTED}", "2023-06-04T09:30:00"),
        "the record is nested too deeply to be a post",
    ),
    "a date of nothing but odd characters": (
        "a.json",
        _EXPORT % ("7", "\U000e0041" * 40),
        "'" + "\\U000e0041" * 7 + "\\U000e00…" + " is no date; write it as 2023-06-04T09:30:00+00:00",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str, tmp_path: Path) -> None:
    name, content, reason = REFUSED[case]
    assert _read(tmp_path, name, content) == reason


READ: dict[str, tuple[str, str | bytes, Callable[[Post], Any], Any]] = {
    "an attribute whose kind is an object": (
        "a.jsonl",
        _MESSAGE % '"media": {"_": "MessageMediaDocument", "document": {"attributes": [{"_": {}}]}}',
        lambda one: one.media,
        (Media("document"),),
    ),
    "an album with an id that no post has": ("a.html", page(post(7, _ALBUM % 2**63)), lambda one: one.ids, (7,)),
    "an album with an id that no computer has": ("a.html", page(post(7, _ALBUM % _HUGE)), lambda one: one.ids, (7,)),
    "a reply to a post that cannot be": ("a.html", page(post(7, _REPLY % _HUGE)), lambda one: one.reply_to, None),
    "a voice that never ends": ("a.html", page(post(7, _VOICE % _HUGE)), lambda one: one.media, (Media("voice"),)),
    "a voice that never ends, exported": (
        "a.html",
        export_page(export_post(7, _EXPORT_VOICE % _HUGE)),
        lambda one: one.media,
        (Media("voice"),),
    ),
}


@pytest.mark.parametrize("case", READ)
def test_read_without_what_cannot_be(case: str, tmp_path: Path) -> None:
    name, content, part, expected = READ[case]
    read = _read(tmp_path, name, content)
    assert isinstance(read, Post)
    assert part(read) == expected


@pytest.mark.parametrize("header", [f"Sun, 04 Jun 2023 09:{2**62}:00 +0300", f"Sun, 04 Jun {_HUGE[:30]} 09:31:00 GMT"])
def test_a_date_to_wait_for_that_no_calendar_has_is_a_minute(header: str) -> None:
    assert webhook._seconds(header, NOW.timestamp()) == preview_client._wait(header, NOW) == 60


def test_seconds_to_wait_may_stand_among_blanks_of_any_kind() -> None:
    assert webhook._seconds("7\x1d", NOW.timestamp()) == 7.0


def test_a_distance_of_any_length_is_refused_at_its_place() -> None:
    with pytest.raises(ConditionError, match="near/999999999: at most 1000 words may stand between") as refused:
        parse(f"a near/{_HUGE} b")
    assert refused.value.column == 3


def test_a_word_with_a_letter_that_unicode_does_not_name_is_found_as_written() -> None:
    word = "пленный\U00017dc1"
    assert word_forms(word)[0].text == word


def test_a_repetition_that_takes_as_little_as_it_can_has_its_numbers_in_order_too() -> None:
    with pytest.raises(RegexError, match="the smaller number comes first"):
        compile_regex(r"c\d{91708,3}?")


def test_a_name_of_many_words_is_declined_in_its_first_and_its_forms_are_few() -> None:
    slots = phrase_slots(["evanot", *["not"] * 14, "n"], "uk", "place")
    assert sum(map(len, slots.values())) < 100


def test_half_a_character_in_an_expression_is_refused() -> None:
    with pytest.raises(RegexError, match="half a character"):
        compile_regex("плен\ud800")


def test_half_a_character_in_a_rule_is_refused_at_its_place(tmp_path: Path) -> None:
    [term] = [place for place in _rule_faults(tmp_path, 'terms: {word: {ru: ["плен\\ud800"]}}') if "half" in place]
    assert term == "5:25 sound: 0: holds half a character (a lone surrogate); write the whole one"


def test_an_adjective_cut_short_in_a_phrase_stays_as_it_is() -> None:
    assert phrase_forms("Св пленуУЗ", "ru") == (Form("Св пленуУЗ", "as written"),)


def _rule_faults(folder: Path, terms: str) -> list[str]:
    text = "rules:" + SOUND.replace("terms: {word: {ru: [пленный]}}", terms)
    (folder / "rules.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(RuleErrors) as refused:
        load([folder], packs=False)
    return [f"{one.place.line}:{one.place.column} {one.id}: {one.message}" for one in refused.value.errors]


SWALLOWED = {
    "by an open quotation mark": (
        "TIMEZONE='Europe/Kyiv\nTELEGRAM_API_HASH={secret}\nCHANNELS='\n",
        "TIMEZONE: has more than one line; close its quotation mark, or take the line break out",
    ),
    "for want of a line break": (
        "RECHECK_HOURS=48\x1aTELEGRAM_API_HASH={secret}\n",
        "RECHECK_HOURS: TELEGRAM_API_HASH stands in the same line; give each setting a line of its own",
    ),
}


@pytest.mark.parametrize("case", SWALLOWED)
def test_a_secret_that_another_setting_swallows_is_not_shown(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    written, said = SWALLOWED[case]
    Path(".env").write_text(written.format(secret="0123456789abcdef0123456789abcdef"), encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        load_settings()
    assert str(refused.value) == said


@pytest.mark.parametrize("word", ["Prigozzzzzzzzzzhin", "Pririririririririririgozhin"])
def test_a_long_word_of_latin_letters_is_looked_for_as_it_stands(word: str) -> None:
    began = process_time()
    assert fold_form(word) in search_forms(word)
    assert process_time() - began < PATIENCE


def test_a_field_nested_past_all_sense_is_none_that_is_asked_for() -> None:
    record: dict[str, Any] = {"part": "b", "deep": []}
    for _ in range(300):
        record["deep"] = [record["deep"]]
    assert [fits(record, [(field, "b")]) for field in ("part", "deep")] == [True, False]


@pytest.mark.parametrize("what", ["channel @", "rule @", "entity @", "text @"])
def test_nothing_cannot_be_muted(what: str) -> None:
    with pytest.raises(WrongForm, match="/mute LENGTH"):
        mute_wish(f"8h {what}")


LOCATED = {
    "sizes of a photo that are no objects": (
        _MESSAGE % '"media": {"_": "MessageMediaPhoto", "photo": {"sizes": ["x"]}}',
        (None,),
    ),
    "an article nested past all sense": (_MESSAGE % f'"rich_message": {{"blocks": [{_NESTED}]}}', ()),
}


@pytest.mark.parametrize("case", LOCATED)
def test_a_record_without_a_place_of_its_file_has_none_to_fetch(case: str) -> None:
    record, found = LOCATED[case]
    assert remotes(record.encode()) == found


_DAMAGED = "a record holds a value that monitor does not write, so the database was changed or is damaged"
CHANGED = {
    "texts that are no list": ("attached", "x", "the text or the media are not those that were stored"),
    "media that are no objects": ("media", '["photo"]', "the text or the media are not those that were stored"),
    "a date of an edit that was none": ("edited", "", "its date of an edit was changed"),
}


@pytest.mark.parametrize("case", CHANGED)
def test_a_value_that_is_none_of_ours_is_named_by_verify_and_refused_elsewhere(case: str, tmp_path: Path) -> None:
    column, value, reason = CHANGED[case]
    path = _database(tmp_path, f"UPDATE revisions SET {column} = ?", value)
    with Reader.open(path) as reader:
        assert reader.read(chain.examine).broken == Broken(1, 1700000001, 1, 1, reason)
        with pytest.raises(StoreError, match=_DAMAGED):
            list(reader.posts())


def test_bytes_that_are_no_text_are_told_without_the_text(tmp_path: Path) -> None:
    path = _database(tmp_path, "UPDATE revisions SET body = CAST(? AS TEXT)", "Пленных".encode() + b"\xd0")
    with Reader.open(path) as reader, pytest.raises(StoreError, match=_DAMAGED) as refused:
        reader.read(chain.examine)
    assert "Пленных" not in str(refused.value)


def _database(folder: Path, change: str, value: str | bytes) -> Path:
    path = folder / "monitor.db"
    with closing(Store.open(path)) as store:
        keep(store, stored_post(1))
    with closing(sqlite3.connect(path)) as db:
        db.execute(change, [value])
        db.commit()
    return path
