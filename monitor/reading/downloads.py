"""Fetching the media that are kept: after their posts are stored, piece by piece, within the budget's share for it.

A wish is a row of the store, so that it outlives the process; what had arrived in part is fetched anew then. Nothing
here holds up reading or alerts: each piece is one request, and comes when it is its turn.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import structlog

from monitor.media.folder import Incoming, MediaFolder
from monitor.media.limits import Limits, shown
from monitor.models import Level
from monitor.reading.budget import back_off
from monitor.reading.desk import Desk, Job
from monitor.sources.live import Action, MediaSource, Remote, Stale
from monitor.sources.source import ChannelGone, Unreachable, Unreadable
from monitor.store import media as rows
from monitor.store import notices
from monitor.store.media import Candidate, Found, State, WantedMedia
from monitor.store.notices import Notice

log = structlog.get_logger()

ATTEMPTS = 12  # after which a medium is given up: within a day and a half, about
_FIRST, _LONGEST = 60.0, 6 * 3600.0  # seconds between two attempts
_TROUBLES = 5  # failures of the network in one attempt
_CANDIDATES = 500  # revisions looked through at a time
_QUEUE = 20
_NO_ROOM = timedelta(minutes=10)
_NOTICE = "media not kept"


@dataclass(frozen=True, slots=True)
class Keeping:
    """What is kept and where: kinds and sizes, `total` bytes at most, and `spare` bytes that stay free on the disk."""

    source: MediaSource
    folder: MediaFolder
    limits: Limits
    total: int
    spare: int


@dataclass(slots=True)
class _Download:
    wish: WantedMedia
    remote: Remote
    incoming: Incoming | None = None
    stale: bool = False
    looked_up: bool = False
    troubles: int = 0

    @property
    def size(self) -> int:
        return self.incoming.size if self.incoming is not None else 0


class Downloads:
    """Fetches one file after another; `look` finds what there is to do, `job` is the next request of it."""

    def __init__(self, desk: Desk, keeping: Keeping) -> None:
        self._desk = desk
        self._keeping = keeping
        self._queue: deque[WantedMedia] = deque()
        self._current: _Download | None = None
        self._files = asyncio.Lock()  # no file is removed while one gets its name
        self._closed = False
        self._full: bool | None = None

    async def look(self) -> None:
        """Take up the media of new posts, remove the files that have to go, and find what is to be fetched next."""
        if self._closed:
            return
        await self._take_up()
        await self._remove()
        if not self._queue and self._current is None:
            await self._fill()

    def job(self) -> Job | None:
        """Return the next request, None where nothing is to be fetched or there is no room for it."""
        while self._current is None and self._queue:
            wish = self._queue.popleft()
            remote = self._remote(wish)
            self._current = _Download(wish, remote) if remote is not None else None
        one = self._current
        if one is None:
            return None
        if one.stale:
            return Job(Action.REVISIT, partial(self._look_up, one))
        return Job(Action.FILE, partial(self._piece, one))

    async def close(self) -> None:
        """Let go of what is half fetched; its wish stays."""
        self._closed = True
        await self._drop()

    async def _take_up(self) -> None:
        writer, now = self._desk.writer, self._desk.clock.now()
        upto, found = await writer.read(rows.candidates, _CANDIDATES)
        if upto:
            media = [one for candidate in found for one in self._found(candidate)]
            await writer.write(rows.take_up, media, upto, now)

    def _found(self, candidate: Candidate) -> list[Found]:
        refusal = self._keeping.limits.refusal
        return [
            Found(
                revision=candidate.revision,
                number=number,
                message=remote.message,
                file=remote.file,
                kind=remote.kind,
                mime=remote.mime,
                size=remote.size,
                refusal=refusal(remote.kind, remote.size),
            )
            for number, remote in enumerate(self._keeping.source.remotes(candidate.raw), 1)
            if remote is not None
        ]

    async def _remove(self) -> None:
        async with self._files:
            doomed = await self._desk.writer.read(rows.removals)
            if doomed:
                await asyncio.to_thread(_remove_all, self._keeping.folder, doomed)
                await self._desk.writer.write(rows.removed, doomed)

    async def _fill(self) -> None:
        """Find the next media; those that another post or an earlier process brought already need no request."""
        desk = self._desk
        wanted = await desk.writer.read(rows.wanted, desk.clock.now(), _QUEUE)
        taken = (await desk.writer.read(rows.count)).bytes if wanted else 0
        room = min(self._keeping.total - taken, self._keeping.folder.free() - self._keeping.spare)
        fits = True
        for wish in wanted:
            if wish.file in {one.file for one in self._queue} or await self._is_settled(wish):
                continue  # a copy of what is to be fetched is kept with it
            size = wish.size or self._keeping.limits.most(wish.kind) or 0
            if size <= room:
                room -= size
                self._queue.append(wish)
            else:
                fits = False
                until = desk.clock.now() + _NO_ROOM
                await desk.writer.write(rows.put_off, wish.id, "there is no room for it", until, counts=False)
        if wanted:
            await self._tell_of_room(fits)

    async def _is_settled(self, wish: WantedMedia) -> bool:
        """Settle what needs no request: a medium that is not asked for any more, or whose bytes are here."""
        refusal = self._keeping.limits.refusal(wish.kind, wish.size)
        if refusal is not None:
            await self._settle(wish, "left", refusal)
            return True
        if self._remote(wish) is None:
            await self._settle(wish, "failed", "the record of the post does not say where the file is")
            return True
        return await self._is_here(wish)

    async def _is_here(self, wish: WantedMedia) -> bool:
        """Keep a medium whose bytes a copy or an earlier process brought."""
        here = (wish.sha256, wish.size) if wish.sha256 is not None else None
        if here is None and wish.file is not None:
            here = await self._desk.writer.read(rows.kept_alike, wish.file)
        if here is None or here[0] is None or here[1] is None:
            return False
        async with self._files:
            if await asyncio.to_thread(self._keeping.folder.fault, here[0], here[1]) is not None:
                return False
            await self._keep(wish, here[0], here[1])
        return True

    def _remote(self, wish: WantedMedia) -> Remote | None:
        remotes = self._keeping.source.remotes(wish.raw)
        return remotes[wish.number - 1] if wish.number <= len(remotes) else None

    async def _piece(self, one: _Download) -> None:
        source = self._keeping.source
        try:
            errands = source.errands(one.remote)
            data = await self._desk.account.ask(
                Action.FILE, lambda: source.piece(one.remote, one.size), errands=errands
            )
        except Stale as error:
            await self._doubt(one, str(error))
        except Unreadable as error:
            await self._doubt(one, str(error))
        except ChannelGone as error:
            await self._put_off(one, str(error))
        except Unreachable as error:
            one.troubles += 1
            if one.troubles > _TROUBLES:
                await self._put_off(one, str(error))
            raise
        else:
            await self._take(one, data)

    async def _take(self, one: _Download, data: bytes) -> None:
        """Write a piece down; the last one makes the file a kept one."""
        most = self._keeping.limits.most(one.wish.kind) or 0
        if one.size + len(data) > most:
            await self._drop()
            await self._settle(one.wish, "left", f"larger than KEEP_MEDIA allows ({shown(most)})")
            return
        announced = one.remote.size or 0
        ended = len(data) < self._keeping.source.piece_size
        try:
            if one.incoming is None:
                one.incoming = await asyncio.to_thread(self._keeping.folder.begin)
            await asyncio.to_thread(one.incoming.add, data)
            if ended and one.size < max(1, announced):
                await self._put_off(one, f"Telegram gave only {one.size:,} of {announced:,} bytes")
            elif ended or one.size == announced:
                await self._finish(one, one.incoming)
        except OSError as error:
            await self._cannot_write(one, error)

    async def _finish(self, one: _Download, incoming: Incoming) -> None:
        writer, folder = self._desk.writer, self._keeping.folder
        sha256 = await asyncio.to_thread(incoming.seal)
        async with self._files:
            await writer.write(rows.arriving, one.wish.id, sha256, incoming.size)
            await asyncio.to_thread(folder.take_in, incoming, sha256)
            await self._keep(one.wish, sha256, incoming.size)
        self._current = None

    async def _keep(self, wish: WantedMedia, sha256: bytes, size: int) -> None:
        kept = await self._desk.writer.write(rows.keep, wish.id, sha256, size, self._desk.clock.now())
        log.info("media_kept" if kept else "media_purged_meanwhile", kind=wish.kind, bytes=size)

    async def _doubt(self, one: _Download, reason: str) -> None:
        """Look a file up again, once; refused after that, it is left for later."""
        if one.looked_up:
            await self._put_off(one, reason)
        else:
            one.stale = True

    async def _look_up(self, one: _Download) -> None:
        target = self._desk.targets.get(one.wish.channel_key)
        if target is None:
            await self._drop()
            await self._settle(one.wish, "failed", "its channel is read no more")
            return
        try:
            now = await self._desk.account.ask(
                Action.REVISIT, lambda: self._keeping.source.look_up(target.address, one.wish.message)
            )
        except (ChannelGone, Unreadable) as error:
            await self._put_off(one, str(error))
            return
        if now is None or now.file != one.remote.file:
            await self._drop()
            said = "the post was deleted" if now is None else "the post was given another file"
            await self._settle(one.wish, "gone", f"{said} before this one was fetched")
            return
        one.remote, one.stale, one.looked_up = now, False, True

    async def _put_off(self, one: _Download, reason: str) -> None:
        """Try a medium again later, each time later; the last attempt ends it."""
        await self._drop()
        attempts = one.wish.attempts + 1
        if attempts >= ATTEMPTS:
            await self._settle(one.wish, "failed", f"given up after {attempts} attempts: {reason}")
            return
        seconds = back_off(attempts, self._desk.draw.random(), first=_FIRST, most=_LONGEST)
        until = self._desk.clock.now() + timedelta(seconds=seconds)
        await self._desk.writer.write(rows.put_off, one.wish.id, reason, until)
        log.info("media_put_off", kind=one.wish.kind, attempts=attempts, reason=reason)

    async def _cannot_write(self, one: _Download, error: OSError) -> None:
        """The folder takes nothing: no fault of the medium, which is tried again however long that lasts."""
        await self._drop()
        self._queue.clear()
        until = self._desk.clock.now() + _NO_ROOM
        reason = f"the folder of media cannot be written to ({error.strerror})"
        await self._desk.writer.write(rows.put_off, one.wish.id, reason, until, counts=False)
        log.warning("media_folder", error=str(error))

    async def _settle(self, wish: WantedMedia, state: State, reason: str) -> None:
        await self._desk.writer.write(rows.settle, wish.id, state, reason)
        log.info("media_not_kept", kind=wish.kind, state=state, reason=reason)

    async def _drop(self) -> None:
        one, self._current = self._current, None
        if one is not None and one.incoming is not None:
            await asyncio.to_thread(one.incoming.discard)

    async def _tell_of_room(self, fits: bool) -> None:
        """Say once when there is no room for media any more, and once when there is again."""
        if self._full == (not fits):
            return
        self._full = not fits
        text = (
            f"Media are not kept for the moment: KEEP_MEDIA_MAX_GB ({shown(self._keeping.total)}) is used up, or less"
            f" than DISK_WARN_GB is free on the disk of {self._keeping.folder.path}. Those that are wanted wait; posts"
            " and alerts go on. Raise the setting, make room, or purge what is no longer needed."
        )
        begins = Notice(_NOTICE, text, Level.MEDIUM) if self._full else None
        now = self._desk.clock.now()
        told = await self._desk.writer.write(notices.turn, _NOTICE, begins, "Media are kept again.", now)
        if told:
            log.warning("media_room", full=self._full)


def _remove_all(folder: MediaFolder, doomed: Sequence[bytes]) -> None:
    for sha256 in doomed:
        folder.remove(sha256)
