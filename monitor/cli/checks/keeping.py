"""Room on the disk, and the backups."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta

from monitor.cli.checks.findings import Findings
from monitor.cli.keeping import backups_folder
from monitor.cli.media import NO_PREVIEW, media_folder, strays
from monitor.config import Settings
from monitor.media.folder import MediaFolder
from monitor.store.backup import backups_in
from monitor.store.reader import Reader
from monitor.store.records import StoreError
from monitor.upkeep.disk import GB, Bounds, Room, file_bytes, free_bytes, room

_OLD = timedelta(hours=26)  # a day and a little, for those who back up once a day
_FEW = 6  # backups that the room for them should hold


def disk(settings: Settings, found: Findings) -> None:
    """Say how much room is left where the database is."""
    bounds = Bounds.of_gb(settings.disk_warn_gb, settings.disk_stop_gb)
    folder = settings.database.absolute().parent
    free = free_bytes(folder)
    left = f"{free / GB:.1f} GB are free for {folder}"
    match room(free, bounds):
        case Room.NONE:
            found.faults.append(
                f"disk: only {left}, and below DISK_STOP_GB={bounds.stop / GB:g} nothing is read; make room"
            )
        case Room.LITTLE:
            found.advice.append(f"disk: only {left}, less than DISK_WARN_GB={bounds.warn / GB:g}; make room")
        case Room.ENOUGH:
            found.good.append(f"disk: {left}")


def media(settings: Settings, found: Findings) -> None:
    """Say which media are kept, whether there is room for them, and what is wrong with their folder."""
    folder = media_folder(settings.database)
    if folder.path.exists() and (not folder.path.is_dir() or stat.S_IMODE(folder.path.stat().st_mode) & 0o077):
        found.faults.append(f"media: {folder.path} is open to others, or no folder; run: chmod 700 {folder.path}")
    if settings.database.is_file() and folder.path.is_dir():
        _strays(settings, folder, found)
    if not settings.keep_media:
        return
    if settings.source == "preview":
        found.advice.append(NO_PREVIEW)
        return
    found.good.append(
        f"KEEP_MEDIA: of posts that a rule matched are kept {settings.keep_media}; {settings.keep_media_max_gb:g} GB at"
        " most, for evidence alone, and in no backup"
    )
    if folder.free() < settings.keep_media_max_gb * GB:
        found.advice.append(
            f"KEEP_MEDIA_MAX_GB: {settings.keep_media_max_gb:g} GB are allowed, and {folder.free() / GB:.1f} are free"
            f" for {folder.path}; allow less or make room"
        )


def _strays(settings: Settings, folder: MediaFolder, found: Findings) -> None:
    try:
        with Reader.open(settings.database) as reader:
            number = len(strays(reader, folder))
    except StoreError:
        return  # the check of the database says why
    if number:
        found.advice.append(
            f"media: {number:,} files in {folder.path} belong to no post, as after a restored backup; when all posts"
            " are read again, `monitor purge --unknown-media` removes what is left of them"
        )


def backups(settings: Settings, found: Findings) -> None:
    """Say whether backups can be made and how old the newest is."""
    folder = backups_folder(settings, settings.database, None)
    if folder.exists() and not folder.is_dir():
        found.faults.append(f"BACKUPS: {folder} is no folder; name another")
        return
    if folder.is_dir() and stat.S_IMODE(folder.stat().st_mode) & 0o077:
        found.faults.append(f"BACKUPS: other users can read the backups in {folder}; run: chmod 700 {folder}")
    if not folder.is_dir() and not folder.parent.is_dir() and folder.parent != settings.database.parent:
        found.faults.append(f"BACKUPS: {folder.parent} is not there; make it, or name another folder")
    made = backups_in(folder)
    _age(settings, made[0].at if made else None, found)
    size = file_bytes(settings.database)
    if size * _FEW > settings.backup_max_gb * GB:
        found.advice.append(
            f"BACKUP_MAX_GB: the database has {size / GB:.1f} GB, so that {settings.backup_max_gb:g} GB hold"
            f" {max(1, int(settings.backup_max_gb * GB // size))} backups; {2 * _FEW * size / GB:.0f} would hold 12"
        )


def _age(settings: Settings, newest: datetime | None, found: Findings) -> None:
    if newest is None:
        if settings.backup_every is None:
            found.advice.append(
                "BACKUP_EVERY: is off and there is no backup yet; see that something calls `monitor backup`, as"
                " systemd/monitor-backup.timer does"
            )
        return
    age = datetime.now(UTC) - newest
    said = f"the newest backup is {age / timedelta(hours=1):,.0f} hours old"
    if age > _OLD:
        found.advice.append(f"backups: {said}; make one with `monitor backup`, and see why none was made since")
    else:
        found.good.append(f"backups: {said}")
