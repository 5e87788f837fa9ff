"""Kept media as evidence: proved, handed over, and gone when they are purged."""

from __future__ import annotations

import hashlib
import io
import json
import resource
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from monitor.cli.main import monitor
from monitor.media.folder import MediaFolder
from monitor.models import Channel, Media
from monitor.store import media, purging
from monitor.store.purging import Request
from monitor.store.reader import Reader
from monitor.store.store import Store
from tests.store_example import CORPS, NOW, post, tell

Run = Callable[..., Result]
PHOTO, SHARED = b"\xff\xd8 photo of the first post", b"\xff\xd8 photo of both posts"
OTHER = Channel(1700000002, "other", "Other")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MediaFolder:
    """Two posts of two channels: one has a photo of its own and a shared one, and a video that was too large."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE", str(tmp_path / "monitor.db"))
    kept = MediaFolder(tmp_path / "media")
    kept.prepare()
    with Store.open(tmp_path / "monitor.db") as store:
        store.write(media.begin, None)
        carried = (Media("photo", 27), Media("photo", 23), Media("video", 10**9, file_name="../../etc/<b>.mp4"))
        tell(store, post(1, media=carried, source="telegram"))
        tell(store, post(2, "Пленные.", OTHER, media=carried[1:2], source="telegram"))
        upto, candidates = store.read(media.candidates, 100)
        assert [one.revision for one in candidates] == [1, 2]
        too_large = "larger than KEEP_MEDIA allows (50 MB)"
        wanted = [
            media.Found(1, 1, 1, 71, "photo", "image/jpeg", 27, None),
            media.Found(1, 2, 1, 72, "photo", "image/jpeg", 23, None),
            media.Found(1, 3, 1, 73, "video", "video/mp4", 10**9, too_large),
            media.Found(2, 1, 2, 72, "photo", "../evil", 23, None),
        ]
        store.write(media.take_up, wanted, upto, NOW)
        for wish, content in zip(store.read(media.wanted, NOW, 9), (PHOTO, SHARED, SHARED), strict=True):
            _take_in(kept, content)
            assert store.write(media.keep, wish.id, hashlib.sha256(content).digest(), len(content), NOW)
    return kept


def _take_in(kept: MediaFolder, content: bytes) -> Path:
    incoming = kept.begin()
    incoming.add(content)
    sha256 = incoming.seal()
    kept.take_in(incoming, sha256)
    return kept.place(sha256)


def _place(kept: MediaFolder, content: bytes) -> Path:
    return kept.place(hashlib.sha256(content).digest())


def _run(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(monitor, list(arguments))
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result.output


def _execute(sql: str) -> None:
    with closing(sqlite3.connect("monitor.db")) as db:
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute(sql)
        db.commit()


def test_a_clock_that_is_set_back_holds_up_no_file_that_is_wanted(tmp_path: Path) -> None:
    with Store.open(tmp_path / "monitor.db") as store:
        store.write(media.begin, None)
        tell(store, post(1, media=(Media("photo", 27),), source="telegram"))
        store.write(media.take_up, [media.Found(1, 1, 1, 71, "photo", "image/jpeg", 27, None)], 1, NOW)
        found = {hours: len(store.read(media.wanted, NOW - timedelta(hours=hours), 9)) for hours in (0, 6, 24)}
    assert found == {0: 1, 6: 0, 24: 1}


def test_a_packet_that_cannot_be_written_leaves_nothing(folder: MediaFolder) -> None:
    bounds = resource.getrlimit(resource.RLIMIT_FSIZE)
    with Reader.open(Path("monitor.db")):  # whose files beside the database need not grow any more
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, bounds[1]))
        try:
            said = _run("export", "--evidence", "t.me/russvolcorps/1", "--to", "packet.zip", code=2)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, bounds)
    assert said == "packet.zip: cannot be written (File too large); make room, or name another file with --to\n"
    assert not Path("packet.zip").exists()


def test_what_is_kept_is_proved_also_against_a_head_from_the_chat(folder: MediaFolder) -> None:
    told = _run("verify")
    assert "3 media records fit; 2 files of media looked at; head of the media chain " in told
    head = told.partition("head of the media chain ")[2].split()[0]
    assert "unchanged" in _run("verify", "--head", head)
    assert head in _run("digest", "--since", "2023-06-04")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            "UPDATE media SET kind = 'video' WHERE id = 1",
            "BROKEN at media record 1 (channel 1700000001, post 1): its p",
        ),
        ("UPDATE media SET sha256 = x'00' WHERE id = 1", "what became of it was changed"),
        ("UPDATE media SET state = 'left' WHERE id = 2", "BROKEN at media record 2 (channel 1700000001, post 1): what"),
        (
            "UPDATE media_records SET fetched_at = '2020' WHERE id = 1",
            "its place, kind, size, hash or date were changed",
        ),
        ("DELETE FROM media_records WHERE id = 2", "a media record before it was changed, removed or inserted"),
        ("DELETE FROM media_records WHERE id = 3", "a medium counts as kept, and its record was removed"),
        ("DELETE FROM media WHERE id = 4", "its post is gone"),
    ],
)
def test_a_changed_record_is_noticed(change: str, said: str, folder: MediaFolder) -> None:
    _execute(change)
    assert said in _run("verify", code=1)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda place: place.unlink(), "the file is not there"),
        (lambda place: place.write_bytes(SHARED), "the file has another size than when it was kept"),
        (lambda place: place.write_bytes(PHOTO[::-1]), "the file's bytes are not those that were kept"),
    ],
    ids=["missing", "another", "altered"],
)
def test_a_changed_file_is_noticed_and_not_handed_over(
    change: Callable[[Path], object], said: str, folder: MediaFolder
) -> None:
    change(_place(folder, PHOTO))
    assert f"{hashlib.sha256(PHOTO).hexdigest()} (channel 1700000001, post 1): {said}" in _run("verify", code=1)
    assert "files of media were not read" in _run("verify", "--no-files")
    assert said in _run("export", "--evidence", "t.me/russvolcorps/1", code=2)
    assert list(Path().glob("*.zip")) == []


def test_a_packet_holds_what_was_kept_and_says_why_the_rest_was_not(folder: MediaFolder) -> None:
    path = Path(_run("export", "--evidence", "t.me/russvolcorps/1").strip())
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        made = {name: archive.read(name) for name in archive.namelist()}
    carried = {name: raw for name, raw in made.items() if "media-" in name}
    assert carried == {"revision-1/media-1-photo.jpg": PHOTO, "revision-1/media-2-photo.jpg": SHARED}
    record = json.loads(made["revision-1/record.json"])
    assert [one["file"] for one in record["media_kept"]] == ["media-1-photo.jpg", "media-2-photo.jpg"]
    assert [one["why"] for one in record["media_not_kept"]] == ["larger than KEEP_MEDIA allows (50 MB)"]
    sums = dict(reversed(line.split("  ")) for line in made["SHA256SUMS"].decode().splitlines())
    assert sums == {name: hashlib.sha256(raw).hexdigest() for name, raw in made.items() if name != "SHA256SUMS"}
    listed = json.loads(made["manifest.json"])["files"]
    assert listed["revision-1/media-1-photo.jpg"] == {
        "bytes": len(PHOTO),
        "sha256": sums["revision-1/media-1-photo.jpg"],
    }
    page = made["page.html"].decode()
    assert '<a href="revision-1/media-1-photo.jpg">' in page
    assert "video: not kept (larger than KEEP_MEDIA allows (50 MB))" in page
    assert [part for part in ("<img", "<video", "<audio", "<b>") if part in page] == []


def test_a_kind_that_telegram_invented_gives_no_name(folder: MediaFolder) -> None:
    path = Path(_run("export", "--evidence", "t.me/other/2").strip())
    with zipfile.ZipFile(path) as archive:
        assert [name for name in archive.namelist() if "media-" in name] == ["revision-1/media-1-photo.bin"]


def test_a_purge_takes_the_files_that_no_other_post_has(folder: MediaFolder) -> None:
    told = _run("purge", "--channel", "russvolcorps", "--yes")
    assert f"{folder.path}: 1 files of media removed" in told
    assert (_place(folder, PHOTO).exists(), _place(folder, SHARED).exists()) == (False, True)
    assert "3 media records fit, 2 of them purged; 1 files of media looked at" in _run("verify")
    with closing(sqlite3.connect("monitor.db")) as db:
        rows = db.execute("SELECT state, reason, file, mime FROM media WHERE revision = 1").fetchall()
    assert rows == [("purged", None, None, None)] * 3

    assert "1 files of media removed" in _run("purge", "--before", "2030-01-01", "--all", "--yes")
    assert list(folder.names()) == []
    assert "3 media records fit, 3 of them purged" in _run("verify")


def test_a_purge_that_was_ended_before_its_files_went_is_ended_by_the_next(folder: MediaFolder) -> None:
    purging.purge(Path("monitor.db"), [(CORPS.id or 0, 1)], Request("before", "2030-01-01"), NOW)  # and killed here
    assert _place(folder, PHOTO).exists()
    _run("purge", "--before", "2001-01-01", "--yes")
    assert (_place(folder, PHOTO).exists(), _place(folder, SHARED).exists()) == (False, True)


def test_files_that_no_post_has_stay_until_somebody_says_so(folder: MediaFolder) -> None:
    """As after a restored backup: they are evidence of posts that are to be read again."""
    stray = _take_in(folder, b"of a later post")
    assert "1 files of media belong to no post" in _run("verify")
    assert "1 files that no post of this database has" in _run("purge", "--channel", "other", "--yes")
    assert "1 files of media that no post has would be removed" in _run("purge", "--unknown-media", "--dry-run")
    assert stray.exists()
    assert "1 files removed that no post had" in _run("purge", "--unknown-media", "--yes")
    assert (stray.exists(), _place(folder, PHOTO).exists()) == (False, True)


def test_what_an_earlier_process_left_half_done_goes(folder: MediaFolder) -> None:
    (folder.path / "incoming" / "part-of-a-photo").write_bytes(b"half")
    folder.prepare()
    assert list((folder.path / "incoming").iterdir()) == []
