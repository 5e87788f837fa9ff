"""The work behind `monitor backup`, `restore` and `verify`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from monitor.cli import media, start
from monitor.config import Settings
from monitor.instance import InstanceLock, InstanceRunning
from monitor.media.folder import MediaFolder
from monitor.store import backup as files
from monitor.store import chain, everywhere, media_chain, purging
from monitor.store.backup import Backup
from monitor.store.media_chain import ExaminedMedia
from monitor.store.records import StoreError

_GB = 10**9


def back_up(db: str | None, folder: str | None) -> None:
    """Make a backup and thin out the others; say on stdout where it is."""
    settings = start.settings()
    database = Path(db) if db else settings.database
    with told():
        target = backups_folder(settings, database, folder)
        now = datetime.now(UTC)
        made, proof = files.back_up(database, target, now)
        gone = files.thin_out(target, round(settings.backup_max_gb * _GB), now)
    click.echo(made.path, color=True)  # as it is, whatever stands in it
    click.echo(
        f"{_size(made)}, {proof.rows['posts']:,} posts in {proof.rows['channels']:,} channels, proved;"
        f" head of the chain {proof.head}" + (f"; {len(gone)} older removed" if gone else ""),
        err=True,
    )


def list_backups(db: str | None, folder: str | None) -> None:
    """List the backups, newest first."""
    settings = start.settings()
    target = backups_folder(settings, Path(db) if db else settings.database, folder)
    found = files.backups_in(target)
    if not found:
        click.echo(f"{target}: no backups here; monitor backup makes one", err=True)
    for one in found:
        when = f"{one.at.astimezone(settings.zone):%Y-%m-%d %H:%M %Z}"
        click.echo(f"{one.path}  {when}  {_size(one)}", color=True)


def restore(file: str | None, db: str | None, yes: bool) -> None:
    """Put a backup in the place of the database."""
    settings = start.settings()
    database = Path(db) if db else settings.database
    with told(), InstanceLock(database):
        chosen = Path(file) if file else _newest_sound(backups_folder(settings, database, None))
        if not chosen.is_file():
            raise StoreError(f"{chosen}: there is no such backup; `monitor backup --list` names those that there are")
        if not yes:
            click.confirm(f"Put {chosen} in the place of {database}?", abort=True, err=True)
        aside = files.restore(chosen, database, datetime.now(UTC))
    click.echo(database)
    if aside is not None:
        click.echo(f"The former database is {aside}; remove it when you need it no more.", err=True)
        if number := everywhere.not_known_to(database, aside):
            purges = f"{number} purge{'s' if number > 1 else ''}"
            click.echo(
                f"It had {purges} of posts that came after this backup and are read again: give those `monitor purge`"
                " commands again when they are.",
                err=True,
            )
    click.echo("Next: monitor verify, then start the daemon; it reads again what came after the backup.", err=True)


def verify(db: str | None, head: str | None, *, files: bool = True) -> int:
    """Prove the chains and the files of media (`files`); return 0 where everything fits, else 1."""
    known = _head(head)
    with start.reader(db) as reader:
        result = reader.read(chain.examine, known)
        kept = reader.read(media_chain.examine_media, known)
        strays = media.strays(reader, _media_of(db))
        audit = reader.read(purging.audit)
    click.echo(f"{result.records:,} records fit; head of the chain {result.head.hex()}")
    if audit:
        click.echo(f"{result.purged:,} of them are purged; the audit of purges has:")
    for entry in audit:
        click.echo(f"  {entry}")
    if result.broken is not None:
        broken = result.broken
        click.echo(
            f"BROKEN at record {broken.row} (channel {broken.channel_key}, post {broken.post_id}, revision"
            f" {broken.revision}): {broken.reason}"
        )
        return 1
    if not _media_fit(kept, _media_of(db) if files else None):
        return 1
    if strays:
        click.echo(
            f"{len(strays):,} files of media belong to no post: of posts that came after a restored backup, it may be"
        )
    if result.head_found is False and kept.head_found is False:
        click.echo("NOT FOUND: no record has the given head; records were removed, or this is another database")
        return 1
    if result.head_found or kept.head_found:
        click.echo("The given head is here: all that was stored when it was written down is here unchanged.")
    return 0


def _media_of(db: str | None) -> MediaFolder:
    return media.media_folder(Path(db) if db else start.settings().database)


def _media_fit(kept: ExaminedMedia, folder: MediaFolder | None) -> bool:
    """Say how the media stand; without a folder their files are not read."""
    if kept.broken is not None:
        broken = kept.broken
        where = f"(channel {broken.channel_key}, post {broken.post_id})"
        click.echo(f"BROKEN at media record {broken.row} {where}: {broken.reason}")
        return False
    faults = [(one, folder.fault(one.sha256, one.size)) for one in kept.files] if folder is not None else []
    for one, fault in faults:
        if fault is not None:
            where = f"{one.sha256.hex()} (channel {one.channel_key}, post {one.post_id})"
            click.echo(f"BROKEN medium {where}: {fault}")
    if kept.records:
        purged = f", {kept.purged:,} of them purged" if kept.purged else ""
        read = f"{len(kept.files):,} files of media " + ("were not read" if folder is None else "looked at")
        click.echo(f"{kept.records:,} media records fit{purged}; {read}; head of the media chain {kept.head.hex()}")
    return all(fault is None for _, fault in faults)


def backups_folder(settings: Settings, database: Path, given: str | None) -> Path:
    """Return the folder of a database's backups: the one given, else that of BACKUPS, else the one beside it."""
    return Path(given) if given else settings.backups or database.with_name("backups")


@contextmanager
def told() -> Iterator[None]:
    """Say what the store complains of and exit with 2."""
    try:
        yield
    except (StoreError, InstanceRunning) as error:
        start.fail(str(error))


def _newest_sound(folder: Path) -> Path:
    for one in files.backups_in(folder):
        try:
            files.prove(one.path)
        except StoreError as error:
            click.echo(f"Passed over: {error}", err=True)
        else:
            return one.path
    return start.fail(f"{folder}: there is no sound backup here; name one: monitor restore FILE")


def _head(text: str | None) -> bytes | None:
    if text is None:
        return None
    try:
        head = bytes.fromhex(text.strip())
    except ValueError:
        head = b""
    if len(head) != len(chain.FIRST):
        start.fail(f"--head {text}: is no head of a chain; it has {2 * len(chain.FIRST)} digits and letters a to f")
    return head


def _size(backup: Backup) -> str:
    return f"{backup.size / 10**6:,.1f} MB"
