"""Bad input through `monitor replay`: each fault is one counted rejection, the rest is stored, and the exit is 2."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner

from monitor.cli.main import monitor
from tests.pages_example import export_page, export_post, export_text, page, post, text

GOOD = {"channel": "russvolcorps", "id": 7, "date": 1685871000, "text": "Бойцы РДК показали двух пленных."}
MESSAGE = {"id": 70, "type": "message", "date_unixtime": "1685871000", "text": "Жителей Шебекина эвакуируют."}
EXPORT = json.dumps(
    {"name": "Ш", "type": "public_channel", "id": 12, "messages": [MESSAGE]}, ensure_ascii=False, indent=1
)
# A file, and the rejections that it gives: where, and how the reason begins.
BAD: dict[str, tuple[bytes, list[tuple[str, str]]]] = {
    "no_json.jsonl": (b"{'id': 7}\n", [(":1", "the record is no JSON")]),
    "no_id.jsonl": (json.dumps({**GOOD, "id": None}).encode(), [(":1", "the post has no id")]),
    "no_date.jsonl": (json.dumps({**GOOD, "date": "soon"}).encode(), [(":1", "'soon' is no date")]),
    "big.jsonl": (json.dumps({**GOOD, "text": "x" * 1_000_001}).encode(), [(":1", "the text has more than 1 MB")]),
    "deep.jsonl": (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, [(":1", "the record is nested too deeply")]),
    "deep.json": (b"[" * 100_000 + b"]" * 100_000, [(":1", "the record is nested too deeply")]),
    "cut_off.json": (EXPORT[:-20].encode(), [(":1", "the file breaks off before its first message")]),
    "binary.json": (
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9,
        [("", "is no file of saved posts, but holds binary")],
    ),
    "cut_off.html": (
        page(post(7, text("Раз")), name="odinodin").partition("Раз".encode())[0],
        [(":1", "the page breaks off in this post")],
    ),
    "no_date.html": (export_page(export_post(7, export_text("x"), date="soon")), [(":1", "'soon' is no date")]),
    "cp1251.txt": ("Жителей эвакуируют".encode("cp1251"), [(":1", "the text is no UTF-8")]),
    "mixed.jsonl": (
        f"{json.dumps(GOOD, ensure_ascii=False)}\nnot a line\n{json.dumps({**GOOD, 'id': 8, 'text': 'Двое'})}".encode(),
        [(":2", "the record is no JSON")],
    ),
    "good.json": (EXPORT.encode(), []),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with all of these files, and a picture, which is passed over."""
    monkeypatch.chdir(tmp_path)
    for name in ("RULES", "TIMEZONE", "ALERT_LEVEL", "DATABASE"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "saved").mkdir()
    for name, (content, _) in BAD.items():
        (tmp_path / "saved" / name).write_bytes(content)
    (tmp_path / "saved" / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    return tmp_path / "saved"


def test_each_fault_is_told_once_and_the_rest_is_stored_whole(folder: Path, tmp_path: Path) -> None:
    db = tmp_path / "kept.db"
    result = CliRunner().invoke(monitor, ["replay", "--db", str(db), str(folder)])
    assert result.exit_code == 2
    assert "Traceback" not in result.stderr
    told = sorted(line.strip() for line in result.stderr.splitlines() if line.strip().startswith(str(folder)))
    expected = sorted(
        f"{folder / name}{place}: {reason}" for name, (_, faults) in BAD.items() for place, reason in faults
    )
    assert [line.startswith(start) for line, start in zip(told, expected, strict=True)] == [True] * len(expected), told
    assert f"rejected: {len(expected)}" in result.stderr
    with sqlite3.connect(db) as base:
        stored = base.execute("SELECT post_id FROM posts ORDER BY post_id").fetchall()
    assert stored == [(7,), (8,), (70,)]


def test_a_named_file_of_another_kind_is_refused_though_a_folder_passes_it_over(folder: Path) -> None:
    result = CliRunner().invoke(monitor, ["replay", str(folder / "photo.jpg")])
    assert result.exit_code == 2
    assert f"{folder / 'photo.jpg'}: is no file of saved posts" in result.stderr
