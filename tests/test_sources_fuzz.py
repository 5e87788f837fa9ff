"""Files of any content, and sound files with faults put into them, through every reader: nothing raises."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.models import Post, Rejected, Skipped
from monitor.sources.files import SUFFIXES, read_file
from tests.pages_example import export_page, export_post, export_service, export_text, page, post
from tests.test_sources_desktop_html import FORWARDED, POLL
from tests.test_sources_desktop_json import CASES, MESSAGE
from tests.test_sources_jsonl import OWN, RECORD, TELETHON, telethon_record
from tests.test_sources_preview_page import CASES as PAGES

QUICK = settings(
    derandomize=True, deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
CHAT = {
    "name": "РДК",
    "type": "public_channel",
    "id": 1,
    "messages": [{**MESSAGE, **fields} for fields, _ in CASES.values()],
}
SOUND: dict[str, bytes] = {
    "result.json": json.dumps(CHAT, ensure_ascii=False, indent=1).encode(),
    "account.json": json.dumps({"about": "", "chats": {"about": "", "list": [CHAT, CHAT]}}).encode(),
    "own.jsonl": "\n".join(json.dumps({**RECORD, **fields}) for fields, _ in OWN.values()).encode(),
    "telethon.jsonl": "\n".join(json.dumps(telethon_record(**fields)) for fields, _ in TELETHON.values()).encode(),
    "array.json": json.dumps([{**RECORD, **fields} for fields, _ in OWN.values()]).encode(),
    "t.me.html": page(*(post(number, content) for number, (content, _) in enumerate(PAGES.values(), start=1))),
    "messages.html": export_page(
        export_service(-1, "4 June 2023"),
        export_post(7, FORWARDED.format(export_text("Двое"))),
        export_post(8, POLL, author=None),
    ),
    "a.txt": "date 2023-06-04\nДвое пленных".encode(),
}
# What breaks parsers: half a character, a quote, brackets, escapes, numbers and names out of place.
SHARDS = [
    b"", b"\0", b"\xff", b'"', b"\\", b"{", b"}", b"[", b"]", b",", b":", b"<", b">", b"</div>", b"<div>", b"<!--",
    b"null", b"-1", b"1e999", b"\\ud800", b"\\x0", b"&#0;", b"\n", b"9" * 400, b'"text": ', b'class="', b'id="message',
]  # fmt: skip


def checked_reads(path: Path, content: bytes) -> list[Post | Rejected | Skipped]:
    path.write_bytes(content)
    reads = list(read_file(path))
    for read in reads:
        if isinstance(read, Post):
            assert read.id > 0
            assert read.date.utcoffset() is not None
            assert read.raw
            for shown in (read.body, *read.attached, read.channel.name or "", read.channel.title or ""):
                shown.encode()
                assert "\0" not in shown
        elif isinstance(read, Rejected):
            assert read.file == str(path)
            assert read.reason
            assert len(read.reason) < 200
    return reads


@QUICK
@given(content=st.binary(max_size=200), suffix=st.sampled_from(sorted(SUFFIXES)))
def test_any_bytes_are_read_or_refused(tmp_path: Path, content: bytes, suffix: str) -> None:
    checked_reads(tmp_path / f"file{suffix}", content)


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_file_is_read_without_a_rejection(tmp_path: Path, name: str) -> None:
    reads = checked_reads(tmp_path / name, SOUND[name])
    assert not [read for read in reads if isinstance(read, Rejected)]
    assert [read for read in reads if isinstance(read, Post)]


def faulty(content: bytes, cuts: list[tuple[float, int, bytes]]) -> bytes:
    """Put shards in place of pieces: where (0 to 1), how many bytes go, what comes instead."""
    for where, length, shard in cuts:
        at = int(where * len(content))
        content = content[:at] + shard + content[at + length :]
    return content


CUTS: Callable[[], st.SearchStrategy[list[tuple[float, int, bytes]]]] = lambda: st.lists(  # noqa: E731
    st.tuples(st.floats(0, 1), st.integers(0, 30), st.sampled_from(SHARDS)), min_size=1, max_size=4
)


@QUICK
@given(name=st.sampled_from(sorted(SOUND)), cuts=CUTS())
def test_a_file_with_faults_is_read_or_refused(tmp_path: Path, name: str, cuts: list[tuple[float, int, bytes]]) -> None:
    checked_reads(tmp_path / name, faulty(SOUND[name], cuts))


@QUICK
@given(
    name=st.sampled_from(["result.json", "own.jsonl", "t.me.html", "messages.html", "array.json"]), cut=st.floats(0, 1)
)
def test_a_file_that_is_cut_off_gives_only_posts_that_the_whole_one_has(tmp_path: Path, name: str, cut: float) -> None:
    whole = {
        (read.id, read.text, read.media)
        for read in checked_reads(tmp_path / name, SOUND[name])
        if isinstance(read, Post)
    }
    reads = checked_reads(tmp_path / name, SOUND[name][: int(cut * len(SOUND[name]))])
    assert {(read.id, read.text, read.media) for read in reads if isinstance(read, Post)} <= whole


@pytest.mark.long
@settings(QUICK, max_examples=20_000)
@given(name=st.sampled_from(sorted(SOUND)), cuts=CUTS())
def test_a_file_with_faults_is_read_or_refused_many_times(
    tmp_path: Path, name: str, cuts: list[tuple[float, int, bytes]]
) -> None:
    checked_reads(tmp_path / name, faulty(SOUND[name], cuts))
