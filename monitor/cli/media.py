"""The folder of kept media: where it is, and which of its files belong to no post."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from monitor.media.folder import MediaFolder
from monitor.store import everywhere, media
from monitor.store.reader import Reader

NO_PREVIEW = "KEEP_MEDIA: SOURCE=preview keeps no media, since the pages of t.me show them in reduced copies only"


def media_folder(database: Path) -> MediaFolder:
    """Return the folder of the media of a database: the one beside it."""
    return MediaFolder(database.with_name("media"))


def remove_doomed(database: Path, backups: Sequence[Path]) -> int:
    """Remove the files that a purge of a database and its backups left without a post; return how many there were."""
    doomed = everywhere.doomed_media(database, backups)
    folder = media_folder(database)
    count = sum(folder.remove(sha256) for sha256 in doomed)
    everywhere.media_removed((database, *backups), doomed)
    return count


def strays(reader: Reader, folder: MediaFolder) -> list[bytes]:
    """Return the files in the folder that no post of the database has: of a post that came after a restored backup."""
    return reader.read(media.unknown, list(folder.names()))
