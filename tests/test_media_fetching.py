"""Media that are fetched by the running program from a server on loopback, and kept in the folder."""

from __future__ import annotations

import asyncio
import hashlib
import signal
import stat
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from telethon.tl import types

from tests.faults.tracing import killed_at, needs_strace
from tests.loopback import content
from tests.loopback.faults import Drop, Fail, Fault, Interrupt, SlowAnswer, Truncated, flood_wait
from tests.loopback.scene import Scene, run
from tests.running import Monitor

PIECE = 512 * 1024
Story = Callable[[Scene, Monitor], Awaitable[None]]


def _play(folder: Path, story: Story, **settings: str) -> None:
    async def play(scene: Scene) -> None:
        async with Monitor(scene, folder, **{"KEEP_MEDIA": "photo,voice:1MB,video", **settings}) as monitor:
            await monitor.start()
            await monitor.until(lambda: monitor.rows("SELECT * FROM cursors"))
            await story(scene, monitor)

    run(play)


def _bytes(media: Any, size: int) -> bytes:
    file = getattr(media, "photo", None) or media.document
    return content.file_bytes(file.id, size)


def _files(monitor: Monitor) -> dict[str, bytes]:
    folder = monitor.folder / "media"
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def _kept(*contents: bytes) -> dict[str, bytes]:
    hashes = {hashlib.sha256(one).hexdigest(): one for one in contents}
    return {f"{name[:2]}/{name}": one for name, one in hashes.items()}


def _states(monitor: Monitor) -> list[tuple[Any, ...]]:
    return monitor.rows("SELECT kind, state FROM media ORDER BY id")


async def _settled(monitor: Monitor, number: int) -> None:
    await monitor.until(lambda: len(_states(monitor)) == number and "wanted" not in dict.fromkeys(
        state for _, state in _states(monitor)), 30)  # fmt: skip


def test_media_of_posts_that_a_rule_matched_are_kept_whole(tmp_path: Path) -> None:
    async def story(scene: Scene, monitor: Monitor) -> None:
        photo, video = content.photo(size=70_000), content.video(size=3 * PIECE + 5)
        even = content.video(size=2 * PIECE)
        scene.world.post(scene.news, "Погода.", media=content.photo())  # no rule matches
        scene.world.post(scene.news, "Двое пленных.", media=photo)
        scene.world.post(scene.news, "Видео с пленными.", media=video)
        scene.world.post(scene.news, "Ещё пленные.", media=even)
        scene.world.post(scene.news, "Копия: двое пленных.", media=photo)
        scene.world.post(scene.news, "Пленные, документ.", media=content.document("../../пленный.pdf"))
        scene.world.post(scene.news, "Пленные, голос.", media=content.voice(size=1_000_001))
        scene.world.post(scene.news, "Пленные, опрос.", media=content.poll("Сколько?", ["1", "2"]))
        await _settled(monitor, 6)
        assert sorted(_states(monitor)) == [
            ("document", "left"), ("photo", "kept"), ("photo", "kept"), ("video", "kept"), ("video", "kept"),
            ("voice", "left"),
        ]  # fmt: skip
        whole = [_bytes(photo, 70_000), _bytes(video, 3 * PIECE + 5), _bytes(even, 2 * PIECE)]
        assert _files(monitor) == _kept(*whole)
        modes = {stat.S_IMODE(one.stat().st_mode) for one in (tmp_path / "media").rglob("*")}
        assert modes == {0o700, 0o600}
        # A piece a request, none for the copy: 1 for the photo, 4 and 2 for the videos.
        assert scene.server.journal.count("upload.getFile") == 7
        code, out, _ = await monitor.call("verify")
        assert (code, "4 media records fit; 3 files of media looked at" in out) == (0, True), out

    _play(tmp_path, story)


def test_a_file_that_is_larger_than_it_says_ends_at_the_limit(tmp_path: Path) -> None:
    async def story(scene: Scene, monitor: Monitor) -> None:
        photo = content.photo(size=1000)
        scene.world.files[photo.photo.id] = bytes(5_000_000)
        scene.world.post(scene.news, "Пленные.", media=photo)
        await _settled(monitor, 1)
        assert monitor.rows("SELECT state, reason FROM media") == [("left", "larger than KEEP_MEDIA allows (1.1 MB)")]
        assert scene.server.journal.count("upload.getFile") == 3
        assert _files(monitor) == {}

    _play(tmp_path, story, KEEP_MEDIA="photo:1.1MB")


def test_a_file_that_ends_early_is_never_taken_for_whole(tmp_path: Path) -> None:
    async def story(scene: Scene, monitor: Monitor) -> None:
        video = content.video(size=2 * PIECE)
        scene.world.files[video.document.id] = bytes(PIECE + 7)
        scene.world.post(scene.news, "Пленные.", media=video)
        await monitor.until(lambda: monitor.lines("media_put_off"))
        assert monitor.rows("SELECT state, attempts, reason FROM media") == [
            ("wanted", 1, "Telegram gave only 524,295 of 1,048,576 bytes")
        ]
        assert _files(monitor) == {}

    _play(tmp_path, story)


def test_without_room_nothing_more_is_kept_and_reading_goes_on(tmp_path: Path) -> None:
    async def story(scene: Scene, monitor: Monitor) -> None:
        scene.world.post(scene.news, "Пленные.", media=content.photo(size=5000))
        later = scene.world.post(scene.news, "Погода.")
        await monitor.until(lambda: monitor.lines("media_room") and later.id in monitor.stored())
        assert monitor.rows("SELECT state, attempts, reason FROM media") == [("wanted", 0, "there is no room for it")]
        assert monitor.rows("SELECT kind FROM notices") == [("media not kept",)]
        assert scene.server.journal.count("upload.getFile") == 0
        code, out, _ = await monitor.call("status")
        assert (code, "Media: 1 waiting; 0 bytes kept." in out, "KEEP_MEDIA_MAX_GB" in out) == (1, True, True)

    _play(tmp_path, story, KEEP_MEDIA_MAX_GB="0.000001")


def test_an_album_is_kept_part_by_part(tmp_path: Path) -> None:
    async def story(scene: Scene, monitor: Monitor) -> None:
        parts = [content.photo(size=1000 + number) for number in range(3)]
        scene.world.album(scene.news, parts, "Пленные")
        await _settled(monitor, 3)
        assert _files(monitor) == _kept(*(_bytes(part, 1000 + number) for number, part in enumerate(parts)))
        assert monitor.rows("SELECT number, message FROM media ORDER BY number") == [
            (number, message.id) for number, message in enumerate(reversed(scene.news.box.page()), 1)
        ]

    _play(tmp_path, story)


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(Drop(), id="connection-lost"),
        pytest.param(Truncated(), id="answer-cut"),
        pytest.param(SlowAnswer(2.0), id="slow"),
        pytest.param(flood_wait(2), id="flood-wait"),
        pytest.param(Fail(500, "INTERNAL"), id="error-of-the-server"),
    ],
)
def test_a_file_goes_on_after_what_may_happen_to_a_piece(fault: Fault, tmp_path: Path) -> None:
    async def story(scene: Scene, monitor: Monitor) -> None:
        video = content.video(size=3 * PIECE)
        scene.server.faults.add("upload.getFile", fault, skip=1)
        scene.world.post(scene.news, "Пленные.", media=video)
        later = scene.world.post(scene.news, "Погода.")
        await monitor.until(lambda: later.id in monitor.stored())
        await _settled(monitor, 1)
        assert _files(monitor) == _kept(_bytes(video, 3 * PIECE))
        assert scene.server.journal.count("upload.getFile") <= 4

    _play(tmp_path, story)


def test_an_expired_reference_is_renewed_with_the_post(tmp_path: Path) -> None:
    async def story(scene: Scene, monitor: Monitor) -> None:
        video = content.video(size=2 * PIECE)
        post = scene.world.post(scene.news, "Пленные.", media=video)
        renew = Interrupt(after_it=lambda: scene.world.expire_reference(scene.news, post.id))
        scene.server.faults.add("upload.getFile", renew)
        await _settled(monitor, 1)
        assert _files(monitor) == _kept(_bytes(video, 2 * PIECE))

    _play(tmp_path, story)


def test_a_file_that_is_gone_before_it_was_fetched_is_said_to_be(tmp_path: Path) -> None:
    async def story(scene: Scene, monitor: Monitor) -> None:
        def vanish() -> None:
            scene.world.expire_reference(scene.news, post.id)
            scene.world.delete(scene.news, post.id)

        scene.server.faults.add("upload.getFile", Interrupt(before_it=vanish))
        post = scene.world.post(scene.news, "Пленные.", media=content.photo())
        await _settled(monitor, 1)
        assert monitor.rows("SELECT state, reason FROM media") == [
            ("gone", "the post was deleted before this one was fetched")
        ]
        assert _files(monitor) == {}

    _play(tmp_path, story)


def test_a_file_of_another_data_centre_is_fetched_there(tmp_path: Path) -> None:
    async def story(scene: Scene, monitor: Monitor) -> None:
        known, moved = content.photo(size=3000, dc=4), content.photo(size=4000)
        scene.world.file_dcs |= {known.photo.id: 4, moved.photo.id: 4}
        scene.world.post(scene.news, "Пленные.", media=known)
        scene.world.post(scene.news, "Ещё пленные.", media=moved)
        await _settled(monitor, 2)
        assert _files(monitor) == _kept(_bytes(known, 3000), _bytes(moved, 4000))
        assert scene.server.journal.count("auth.exportAuthorization") == 1
        assert monitor.lines("access_lost") == []

    _play(tmp_path, story)


@needs_strace
def test_a_kill_between_file_and_row_loses_nothing(tmp_path: Path) -> None:
    """Killed in the middle of a file, it is fetched anew; with the file there and no row, that is found again."""

    async def story(scene: Scene, monitor: Monitor) -> None:
        video = content.video(size=3 * PIECE)
        assert monitor.process is not None
        kill = Interrupt(after_it=monitor.process.kill)
        scene.server.faults.add("upload.getFile", kill, skip=1)
        scene.world.post(scene.news, "Пленные.", media=video)
        await asyncio.wait_for(monitor.process.wait(), 60)
        assert [name for name in _files(monitor) if not name.startswith("incoming/")] == []
        assert len(_files(monitor)) == 1
        assert _states(monitor) == [("video", "wanted")]

        # Its folder is synced after the file got its name, and before the row says that it is kept.
        folder = (tmp_path / "media" / _name(video, 3 * PIECE)).parent
        folder.mkdir(mode=0o700)
        await monitor.start_unready(under=killed_at(1, "fsync", [folder]))
        await asyncio.wait_for(monitor.process.wait(), 60)
        asked = scene.server.journal.count("upload.getFile")
        assert _states(monitor) == [("video", "wanted")]
        assert list(_files(monitor)) == list(_kept(_bytes(video, 3 * PIECE)))

        await monitor.start()
        await _settled(monitor, 1)
        assert _files(monitor) == _kept(_bytes(video, 3 * PIECE))
        assert scene.server.journal.count("upload.getFile") == asked
        assert (await monitor.call("verify"))[0] == 0

    _play(tmp_path, story)


def _name(media: Any, size: int) -> str:
    name = hashlib.sha256(_bytes(media, size)).hexdigest()
    return f"{name[:2]}/{name}"


def test_nothing_is_kept_unless_asked_for_and_wishes_end_when_it_is_no_more(tmp_path: Path) -> None:
    async def story(scene: Scene, monitor: Monitor) -> None:
        post = scene.world.post(scene.news, "Пленные.", media=content.photo())
        await monitor.until(lambda: post.id in monitor.stored())
        await monitor.stop()
        monitor.settings["KEEP_MEDIA"] = "photo"
        await monitor.start()
        scene.server.faults.add("upload.getFile", flood_wait(3600))
        later = scene.world.post(scene.news, "Ещё пленные.", media=content.photo())
        await monitor.until(lambda: monitor.lines("flood_wait"))
        assert monitor.rows("SELECT message, state FROM media") == [(later.id, "wanted")]
        await monitor.stop(signal.SIGKILL)
        monitor.settings["KEEP_MEDIA"] = "off"
        await monitor.start()
        assert monitor.rows("SELECT state, reason FROM media") == [("left", "KEEP_MEDIA was off")]
        assert scene.server.journal.count("upload.getFile") == 1

    _play(tmp_path, story, KEEP_MEDIA="")


def test_no_medium_is_passed_on(tmp_path: Path) -> None:
    """The chat gets text alone, whatever is kept."""

    async def story(scene: Scene, monitor: Monitor) -> None:
        scene.world.post(scene.news, "Двое пленных.", media=content.photo(size=5000))
        await _settled(monitor, 1)
        await monitor.until(lambda: monitor.rows("SELECT 1 FROM alerts WHERE state = 'delivered'"))
        told = [one for one in scene.analyst.box.page() if isinstance(one, types.Message) and not one.out]
        assert [(one.media, "Двое пленных." in one.message) for one in told] == [(None, True)]
        calls = {request.method for request in scene.server.journal.requests}
        assert not {"upload.saveFilePart", "messages.sendMedia", "messages.uploadMedia"} & calls

    async def play(scene: Scene) -> None:
        scene.world.send(scene.analyst, scene.bot, "/start")
        chat = {"TELEGRAM_BOT_TOKEN": scene.bot.token or "", "ALERT_CHAT": str(scene.analyst.id), "DIGEST_AT": "off"}
        async with Monitor(scene, tmp_path, KEEP_MEDIA="photo", **chat) as monitor:
            await monitor.start()
            await monitor.until(lambda: monitor.rows("SELECT * FROM cursors"))
            await story(scene, monitor)

    run(play)
