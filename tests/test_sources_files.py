"""Files and folders of saved posts: which format a file has, in which order its posts come, plain texts."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from monitor.models import Channel, Post, Rejected
from monitor.sources.files import FileSource, read_file
from monitor.sources.source import Read, Unreadable
from tests.pages_example import export_page, export_post, export_text, page, post, text

RECORD = {"channel": "russvolcorps", "id": 7, "date": 1685871000, "text": "Двое"}
TELETHON = {"_": "Message", "id": 7, "date": "2023-06-04T09:30:00+00:00", "message": "Двое"}
EXPORT = {"name": "РДК", "type": "public_channel", "id": 1700000001, "messages": [{**RECORD, "type": "message"}]}
HTML = export_page(export_post(7, export_text("Двое")))
TME = page(post(7, text("Двое")))


def _line(record: object) -> bytes:
    return json.dumps(record, ensure_ascii=False).encode() + b"\n"


def _indented(record: object) -> bytes:
    return json.dumps(record, ensure_ascii=False, indent=1).encode()


FORMATS: dict[str, tuple[str, bytes]] = {
    "an export": ("result.json", _indented(EXPORT)),
    "an export on one line": ("result.json", _line(EXPORT)),
    "an export of an account": ("result.json", _indented({"about": "x" * 70_000, "chats": {"list": [EXPORT]}})),
    "an export with a mark before it": ("result.json", b"\xef\xbb\xbf" + _indented(EXPORT)),
    "an export of another name": ("saved", _indented(EXPORT)),
    "lines": ("posts.jsonl", _line(RECORD)),
    "lines called .json": ("posts.json", _line(RECORD) + _line({**RECORD, "id": 7})),
    "lines called .json whose first is broken": ("posts.json", b'{"channel": \n' + _line(RECORD)),
    "lines of telethon": ("posts.ndjson", _line(TELETHON)),
    "an array": ("posts.json", _indented([RECORD])),
    "an array of telethon": ("posts.json", _indented([TELETHON])),
    "an export's page": ("messages.html", HTML),
    "an export's page in capitals": ("MESSAGES.HTM", HTML),
    "a page of t.me": ("russvolcorps.html", TME),
    "a page of t.me without a suffix": ("russvolcorps", TME),
    "a page of t.me with much before its posts": (
        "saved.html",
        TME.replace(b"<body", b"<style>" + b" " * 99_999 + b"</style><body"),
    ),
    "a text": ("russvolcorps.txt", "date 2023-06-04\nДвое".encode()),
    "a text with an odd character": ("russvolcorps.txt", "Дв\0ое\x01".encode()),
    "a text of Windows": ("russvolcorps.txt", "date 2023-06-04\nДвое".encode("utf-16")),
}


@pytest.mark.parametrize(
    ("name", "content"), [pytest.param(*case, id=case_name) for case_name, case in FORMATS.items()]
)
def test_the_format_is_told_by_name_and_content(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    bodies = [read.body for read in read_file(tmp_path / name) if isinstance(read, Post)]
    assert set(bodies) == {"Дв\ufffdое\x01" if b"\0" in content and b"\x01" in content else "Двое"}


NO_POSTS: dict[str, tuple[str, bytes, str]] = {
    "an empty file": ("result.json", b"", "is empty"),
    "a picture called .json": (
        "result.json",
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9,
        "is no file of saved posts, but holds binary data",
    ),
    "an archive called .jsonl": (
        "posts.jsonl",
        b"\x1f\x8b\x08\0\0\0" + bytes(range(32)) * 9,
        "is no file of saved posts, but holds binary data",
    ),
    "a picture called .txt": (
        "a.txt",
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9,
        "is no text, but holds binary data",
    ),
    "words called .json": ("result.json", b"no JSON", "is no JSON"),
    "another page": (
        "a.html",
        b"<html><body>News</body></html>",
        "is neither a page of t.me/s nor of a Telegram Desktop export",
    ),
    "a kind that holds no posts": (
        "notes.md",
        b"# Notes",
        "is no file of saved posts (Telegram Desktop export, JSONL, t.me/s page, text)",
    ),
    "a text in an old encoding": (
        "a.txt",
        "Двое пленных".encode("cp1251"),
        "the text is no UTF-8; save it anew in that encoding",
    ),
    "a text of more than 1 MB": ("a.txt", "я".encode() * 500_001, "the text has more than 1 MB; no post is that long"),
    "a text of a month that is none": (
        "a.txt",
        b"date 2023-13\nx",
        "'2023-13-01' is no date; write it as 2023-06-04T09:30:00+00:00",
    ),
    "settings called .json": ("package.json", b'{"name": "x"}', "the post has no id"),
}


@pytest.mark.parametrize(
    ("name", "content", "reason"), [pytest.param(*case, id=case_name) for case_name, case in NO_POSTS.items()]
)
def test_a_named_file_that_holds_no_posts_is_refused(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    (tmp_path / name).write_bytes(content)
    (read,) = read_file(tmp_path / name)
    assert isinstance(read, Rejected)
    assert (read.file, read.reason) == (str(tmp_path / name), reason)


def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "loop.json").symlink_to(tmp_path / "loop.json")
    (read,) = read_file(tmp_path / "loop.json")
    assert read == Rejected(str(tmp_path / "loop.json"), None, "cannot be read: Too many levels of symbolic links")


TEXTS: dict[str, tuple[bytes, datetime | None, str]] = {
    "a day": (b"date 2023-06-04\n\nTwo\n", datetime(2023, 6, 4, tzinfo=UTC), "Two"),
    "a month": (b"date 2023-06\nTwo", datetime(2023, 6, 1, tzinfo=UTC), "Two"),
    "a time": (b"date 2023-06-04 09:30\r\nTwo\r\nThree", datetime(2023, 6, 4, 9, 30, tzinfo=UTC), "Two\nThree"),
    "a time in a zone": (b"date 2023-06-04T12:30+03:00\nTwo", datetime(2023, 6, 4, 9, 30, tzinfo=UTC), "Two"),
    "nothing but a date": (b"date 2023-06-04", datetime(2023, 6, 4, tzinfo=UTC), ""),
    "no date": (b"\xef\xbb\xbfdate of birth\nTwo\n", None, "date of birth\nTwo"),
    "a date in its midst": (b"Two\ndate 2023-06-04", None, "Two\ndate 2023-06-04"),
}


@pytest.mark.parametrize(("content", "moment", "body"), [pytest.param(*case, id=name) for name, case in TEXTS.items()])
def test_a_text_is_one_post_dated_by_its_first_line(
    tmp_path: Path, content: bytes, moment: datetime | None, body: str
) -> None:
    path = tmp_path / "krantenbericht.txt"
    path.write_bytes(content)
    os.utime(path, (1685871000, 1685871000))
    assert list(read_file(path)) == [
        Post(
            Channel(None, "krantenbericht", guessed=True),
            1,
            moment or datetime(2023, 6, 4, 9, 30, tzinfo=UTC),
            body,
            content,
            ids=(1,),
            source=f"{path}:1",
        )
    ]
    (named,) = read_file(path, channel="@krant")
    assert isinstance(named, Post)
    assert named.channel == Channel(None, "krant")


def _posts(paths: Sequence[Path]) -> list[Read]:
    async def gather() -> list[Read]:
        return [read async for read in FileSource(paths).posts()]

    return asyncio.run(gather())


def _write(path: Path, *posts: dict[str, Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(_line({**RECORD, **post}) for post in posts))
    return path


def test_what_cannot_be_looked_at_is_rejected_and_the_rest_goes_on(tmp_path: Path) -> None:
    kept = _write(tmp_path / "kept.jsonl", {"id": 1})
    broken = tmp_path / "page.html"
    broken.symlink_to("/proc/self/mem")  # a file as any other, but for that its first byte cannot be read
    [rejected, post] = _posts([tmp_path])
    assert rejected == Rejected(str(broken), None, "cannot be read: Input/output error")
    assert isinstance(post, Post)
    assert post.source == f"{kept}:1"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may look into any folder")
def test_a_folder_that_nobody_may_look_into_is_rejected(tmp_path: Path) -> None:
    _write(tmp_path / "kept.jsonl", {"id": 1})
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o000)
    expected = Rejected(str(closed), None, "cannot be read: Permission denied")
    assert [read for read in _posts([tmp_path]) if not isinstance(read, Post)] == [expected]
    assert _posts([closed]) == [expected]


def test_a_folder_gives_its_posts_by_date_and_passes_over_what_is_none(tmp_path: Path) -> None:
    _write(tmp_path / "b.jsonl", {"id": 1, "date": 100_000_000}, {"id": 4, "date": 100_000_030})
    _write(tmp_path / "deep" / "er" / "a.jsonl", {"id": 2, "date": 100_000_010}, {"id": 3, "date": 100_000_020})
    _write(tmp_path / ".hidden" / "x.jsonl", {"id": 9})
    (tmp_path / "1².jpg").write_bytes(b"\xff\xd8")
    (tmp_path / "1².html").write_bytes(page(post(5, text("x"), date="1973-03-03T09:47:20Z")))
    (tmp_path / "style.html").write_bytes(b"<html></html>")
    (tmp_path / "broken.json").write_bytes(b"no JSON")
    reads = _posts([tmp_path])
    assert [read.id if isinstance(read, Post) else read for read in reads] == [
        Rejected(str(tmp_path / "broken.json"), None, "is no JSON"), 1, 2, 3, 4, 5,
    ]  # fmt: skip


def test_the_earlier_of_two_exports_comes_first_whatever_they_are_called(tmp_path: Path) -> None:
    later = _write(tmp_path / "a.jsonl", {"text": "Трое", "edited": 1685872800})
    first = _write(tmp_path / "z.jsonl", {"text": "Двое"})
    assert [read.body for read in _posts([later, first]) if isinstance(read, Post)] == ["Двое", "Трое"]


def test_a_path_that_leads_nowhere_is_one_sentence(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jsonl")
    (tmp_path / "empty").mkdir()
    for name, sentence in {
        "nowhere.jsonl": "there is no such file or folder; check the path",
        "empty": "the folder holds no saved posts (*.json, *.jsonl, *.html, *.txt)",
        "pipe.jsonl": "is neither a file nor a folder; save the posts into a file first",
    }.items():
        with pytest.raises(Unreadable) as caught:
            FileSource([tmp_path / name])
        assert str(caught.value).endswith(f"{name}: {sentence}")
