"""Which media a run keeps, and its beginning."""

from __future__ import annotations

import structlog

from monitor.cli.media import NO_PREVIEW, media_folder
from monitor.config import Settings
from monitor.reading.downloads import Keeping
from monitor.reading.writer import Writer
from monitor.sources.live import LiveSource
from monitor.store import media
from monitor.telegram.reader import TelegramReader

log = structlog.get_logger()

GB = 10**9
_OFF = "KEEP_MEDIA was off"


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
