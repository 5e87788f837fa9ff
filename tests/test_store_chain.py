"""The chain of records: what it covers, and that a change shows."""

from __future__ import annotations

import sqlite3
from hashlib import sha256
from pathlib import Path

import pytest

from monitor.models import Forward, Media
from monitor.store.chain import FIRST, Link, content_hash, record_hash
from monitor.store.records import Broken
from monitor.store.store import Store
from tests.store_example import keep, post


def test_the_record_hash_is_that_of_the_documented_lines() -> None:
    link = Link(
        5, 7, 2, "2023-06-04T09:00:00+00:00", None, "2024-01-01T12:00:00+00:00", "a\nb", b"\x01" * 32, b"\x02" * 32
    )
    lines = [
        "monitor record 1",
        "0" * 64,
        "5",
        "7",
        "2",
        "2023-06-04T09:00:00+00:00",
        "",
        "2024-01-01T12:00:00+00:00",
        "a b",
        "01" * 32,
        "02" * 32,
    ]
    assert record_hash(FIRST, link) == sha256("".join(f"{line}\n" for line in lines).encode()).digest()


def test_the_content_hash_is_that_of_text_kinds_and_forward() -> None:
    assert (
        content_hash("Пленные", ["video", "photo"], True) == sha256("Пленные\0photo,video\0forward".encode()).digest()
    )


def _filled(path: Path) -> None:
    with Store.open(path) as store:
        keep(store, *(post(number, f"Пост {number}", media=(Media("photo"),)) for number in range(1, 4)))
        keep(store, post(2, "Пост 2, правка", forward=Forward("Wagner"), attached=("Опрос",)))
        assert store.verify_chain() is None


TEXT = "the text or the media are not those that were stored"
PLACE = "its place, dates, source or hash were changed"
BEFORE = "a record before it was changed, removed or inserted"
CHANGES: dict[str, tuple[str, tuple[int, int, int, str]]] = {
    "a byte of the original": (
        "UPDATE revisions SET raw = CAST(replace(raw, '2', '3') AS BLOB) WHERE id = 2",
        (2, 2, 1, "the original bytes are not those that were stored"),
    ),
    "the text": ("UPDATE revisions SET body = 'Пост 1.' WHERE id = 1", (1, 1, 1, TEXT)),
    "an attached text": ("UPDATE revisions SET attached = '[\"Опрос?\"]' WHERE id = 4", (4, 2, 2, TEXT)),
    "the media": ("UPDATE revisions SET media = NULL WHERE id = 3", (3, 3, 1, TEXT)),
    "the forward": ("UPDATE revisions SET forward = NULL WHERE id = 4", (4, 2, 2, TEXT)),
    "the source": ("UPDATE revisions SET source = 'elsewhere' WHERE id = 3", (3, 3, 1, PLACE)),
    "when it was first seen": (
        "UPDATE revisions SET first_seen = '2023-06-04T09:00:00+00:00' WHERE id = 1",
        (1, 1, 1, PLACE),
    ),
    "the date of the post": ("UPDATE posts SET date = '2023-06-03T09:00:00+00:00' WHERE id = 3", (3, 3, 1, PLACE)),
    "the hash and nothing else": ("UPDATE revisions SET record_hash = zeroblob(32) WHERE id = 1", (1, 1, 1, PLACE)),
    "a record that is gone": ("DELETE FROM revisions WHERE id = 2", (3, 3, 1, BEFORE)),
    "the first record gone": ("DELETE FROM revisions WHERE id = 1", (2, 2, 1, BEFORE)),
    "two records that changed places": (
        "UPDATE revisions SET id = CASE id WHEN 2 THEN 13 ELSE 12 END WHERE id IN (2, 3)",
        (4, 2, 2, BEFORE),
    ),
    "a post that is gone": ("DELETE FROM posts WHERE id = 1", (1, 0, 1, "its post is gone")),
}


@pytest.mark.parametrize(("change", "broken"), CHANGES.values(), ids=CHANGES)
def test_a_change_shows_at_the_record_where_it_was_made(
    tmp_path: Path, change: str, broken: tuple[int, int, int, str]
) -> None:
    path = tmp_path / "kept.db"
    _filled(path)
    with sqlite3.connect(path) as connection:
        connection.execute(change)
    connection.close()
    row, post_id, revision, reason = broken
    with Store.open(path) as store:
        found = store.verify_chain()
    assert found == Broken(row, 1700000001 if post_id else 0, post_id, revision, reason)


def test_a_flipped_byte_of_the_file_shows(tmp_path: Path) -> None:
    path = tmp_path / "kept.db"
    with Store.open(path) as store:
        keep(store, post(1, raw=b"these bytes are the original"))
    data = bytearray(path.read_bytes())
    data[data.index(b"these bytes")] ^= 1
    path.write_bytes(data)
    with Store.open(path) as store:
        assert store.verify_chain() == Broken(1, 1700000001, 1, 1, "the original bytes are not those that were stored")


def test_the_chain_goes_on_when_the_file_is_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "kept.db"
    for number in range(1, 4):
        with Store.open(path) as store:
            keep(store, post(number))
    with Store.open(path) as store:
        assert store.verify_chain() is None


def test_long_chains_are_read_in_pieces() -> None:
    with Store.open(None) as store:
        keep(store, *(post(number, f"Пост {number}") for number in range(1, 1202)))
        assert store.verify_chain() is None
