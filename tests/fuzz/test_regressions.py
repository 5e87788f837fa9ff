"""Inputs that parsers once failed on, found by fuzzing: what each of them means now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from monitor.alerts import webhook
from monitor.desk.arguments import WrongForm, mute_wish
from monitor.models import Media, Post, Rejected
from monitor.rules.grammar import ConditionError, parse
from monitor.rules.regexes import RegexError, compile_regex
from monitor.sources import preview_client
from monitor.sources.files import read_file
from tests.pages_example import export_page, export_post, page, post

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


def test_a_distance_of_any_length_is_refused_at_its_place() -> None:
    with pytest.raises(ConditionError, match="near/999999999: at most 1000 words may stand between") as refused:
        parse(f"a near/{_HUGE} b")
    assert refused.value.column == 3


def test_half_a_character_in_an_expression_is_refused() -> None:
    with pytest.raises(RegexError, match="half a character"):
        compile_regex("плен\ud800")


@pytest.mark.parametrize("what", ["channel @", "rule @", "entity @", "text @"])
def test_nothing_cannot_be_muted(what: str) -> None:
    with pytest.raises(WrongForm, match="/mute LENGTH"):
        mute_wish(f"8h {what}")
