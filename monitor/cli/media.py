"""The media that are kept: where, what of it a run asks for, and what is wrong with the folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import structlog

from monitor.config import Settings
from monitor.media.folder import MediaFolder
from monitor.reading.downloads import Keeping
from monitor.reading.writer import Writer
from monitor.sources.live import LiveSource
from monitor.store import media, purging
from monitor.store.reader import Reader
from monitor.telegram.reader import TelegramReader

log = structlog.get_logger()

GB = 10**9
NO_PREVIEW = "KEEP_MEDIA: SOURCE=preview keeps no media, since the pages of t.me show them in reduced copies only"
_OFF = "KEEP_MEDIA was off"


def media_folder(database: Path) -> MediaFolder:
    """Return the folder of the media of a database: the one beside it."""
    return MediaFolder(database.with_name("media"))


def keeping(settings: Settings, source: LiveSource) -> Keeping | None:
    """Return what a run keeps; None: nothing."""
    if not settings.keep_media or not isinstance(source, TelegramReader):
        return None
    return Keeping(
        source,
        media_folder(settings.database),
        settings.keep_media,
        round(settings.keep_media_max_gb * GB),
        round(settings.disk_warn_gb * GB),
    )


async def begin(settings: Settings, writer: Writer, kept: Keeping | None) -> None:
    """Begin a run: from now on posts are looked at for media, or (None) nothing is kept any more."""
    if settings.keep_media and kept is None:
        log.warning("media_not_kept", reason=NO_PREVIEW)
    await writer.write(media.begin, None if kept is not None else _OFF)
    doomed = await writer.read(media.removals)  # a purge was ended before it removed them
    for sha256 in doomed:
        media_folder(settings.database).remove(sha256)
    if doomed:
        await writer.write(media.removed, doomed)
    if kept is not None:
        kept.folder.prepare()
        log.info("media_kept_from_now_on", kinds=str(kept.limits))


def remove_doomed(database: Path, backups: Sequence[Path]) -> int:
    """Remove the files that a purge of a database and its backups left without a post; return how many there were."""
    doomed = purging.doomed_media(database, backups)
    folder = media_folder(database)
    count = sum(folder.remove(sha256) for sha256 in doomed)
    purging.media_removed((database, *backups), doomed)
    return count


def strays(reader: Reader, folder: MediaFolder) -> list[bytes]:
    """Return the files in the folder that no post of the database has: of a post that came after a restored backup."""
    return reader.read(media.unknown, list(folder.names()))
