"""The work behind `monitor export`: one post out of the store into a packet of evidence."""

from __future__ import annotations

import getpass
import os
import re
from contextlib import ExitStack
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import NoReturn

import click

from monitor.cli import start
from monitor.cli.media import media_folder
from monitor.evidence.packet import ChainLine, Dossier, KeptRevision, Making, Medium, files, write_zip
from monitor.media.folder import MediaFolder
from monitor.store import evidence, media, media_chain
from monitor.store.chain import Link
from monitor.store.evidence import ChainRecord, PostPlace
from monitor.store.media import PostMedia
from monitor.store.reader import Reader

_LINK = re.compile(r"(?:https?://)?t\.me/(?:s/)?(?:c/)?(\w+)/(\d+)/?")
_SHOWN = 8


def run(wanted: str, target: str | None, by: str | None, case: str | None, db: str | None) -> None:
    """Write the packet and say where it is."""
    with start.reader(db) as reader:
        folder = media_folder(Path(db) if db else start.settings().database)
        path = write_packet(reader, folder, wanted, Path(target) if target else None, by or getpass.getuser(), case)
    click.echo(path)


def place(reader: Reader, wanted: str) -> PostPlace:
    """Find the post that an alert's number or a link names, or say what is wrong and exit with 2."""
    link = _LINK.fullmatch(wanted.strip())
    if link is not None:
        found = reader.read(evidence.place_of_name, link[1], int(link[2]))
        return found or start.fail(f"{wanted}: this post is not in the database; name one that was read")
    if not wanted.strip().isdecimal():
        start.fail(f"{wanted}: give the number of an alert (monitor alerts lists them) or a link as t.me/name/123")
    return reader.read(evidence.place_of_alert, int(wanted)) or _no_single_post(reader, wanted)


def _no_single_post(reader: Reader, wanted: str) -> NoReturn:
    members = reader.read(evidence.members_of_alert, int(wanted))
    if members:
        named = ", ".join(map(str, members[:_SHOWN])) + (" …" if len(members) > _SHOWN else "")
        start.fail(f"{wanted}: this alert stands for several; name one of them: {named}")
    start.fail(f"{wanted}: there is no such alert; monitor alerts lists them")


def dossier(reader: Reader, at: PostPlace) -> Dossier:
    """Collect all that is kept of a post; one that was purged ends with a sentence and exit code 2."""
    if reader.read(evidence.purged, at):
        start.fail("The contents of this post were purged; nothing is left to hand over.")
    revisions = reader.revisions(at.channel_key, at.post_id)
    newest = revisions[-1].post
    found = reader.read(media.of_post, at.channel_key, at.post_id)
    names = next(
        (
            [name.name for name in one.names if name.name != newest.channel.name]
            for one in reader.channels()
            if one.key == at.channel_key
        ),
        [],
    )
    return Dossier(
        channel=newest.channel,
        names=names,
        post_id=at.post_id,
        url=newest.url,
        revisions=[
            KeptRevision(
                number=one.number,
                post=one.post,
                language=one.language,
                first_seen=one.first_seen,
                findings=one.findings,
                raw_sha256=one.raw_sha256.hex(),
                record_hash=one.record_hash.hex(),
                media=[_medium(medium) for medium in found if medium.revision == one.number],
            )
            for one in revisions
        ],
        deletion_noticed=reader.read(evidence.deletion_noticed, at),
        alerts=[f"{id_} ({kind}, {level}, {when})" for id_, kind, level, when in reader.read(evidence.alerts_of, at)],
        chain=[_line(record) for record in reader.read(evidence.chain_around, [one.row for one in revisions])],
        head=reader.read(evidence.head).hex(),
        media_head=reader.read(media_chain.media_head).hex() if found else None,
    )


def _medium(one: PostMedia) -> Medium:
    return Medium(
        number=one.number,
        kind=one.kind,
        mime=one.mime,
        reason=one.reason,
        sha256=one.sha256.hex() if one.sha256 is not None else None,
        size=one.size,
        fetched_at=one.fetched_at,
        previous_hash=one.previous_hash.hex() if one.previous_hash is not None else None,
        record_hash=one.record_hash.hex() if one.record_hash is not None else None,
    )


def write_packet(
    reader: Reader, folder: MediaFolder, wanted: str, target: Path | None, by: str, case: str | None
) -> Path:
    """Write the packet of a post, readable by its owner alone; never over a file that is there."""
    at = place(reader, wanted)
    made = Making(datetime.now(UTC), by, version("monitor"), case)
    known = dossier(reader, at)
    packet = files(known, made)
    for name, medium in known.media_files.items():
        fault = folder.fault(bytes.fromhex(medium.sha256 or ""), medium.size or 0)
        if fault is not None:
            start.fail(
                f"{name}: {fault} ({medium.sha256} in {folder.path}); put it back, `monitor verify` lists all such"
            )
    path = target or Path(f"evidence-{at.channel_key}-{at.post_id}-{made.at:%Y%m%dT%H%M%SZ}.zip")
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        start.fail(f"{path}: is there already; name another file with --to")
    except OSError as error:
        start.fail(f"{path}: cannot be written ({error.strerror}); name another file with --to")
    try:
        with ExitStack() as opened:
            file = opened.enter_context(os.fdopen(handle, "wb"))
            attached = {
                name: opened.enter_context(folder.place(bytes.fromhex(medium.sha256 or "")).open("rb"))
                for name, medium in known.media_files.items()
            }
            write_zip(file, packet, made.at, attached)
    except BaseException as error:
        path.unlink()  # half a packet is none
        if isinstance(error, OSError):
            start.fail(f"{path}: cannot be written ({error.strerror}); make room, or name another file with --to")
        raise
    return path


def _line(record: ChainRecord) -> ChainLine:
    return ChainLine(record.row, _values(record.link), record.previous.hex(), record.hashed.hex())


def _values(link: Link) -> dict[str, str]:
    """Name the values in the order in which the hash covers them."""
    return {
        "channel": str(link.channel_key),
        "post": str(link.post_id),
        "revision": str(link.revision),
        "published": link.date,
        "edited": link.edited or "",
        "first_seen": link.first_seen,
        "source": link.source.replace("\n", " "),
        "original_sha256": link.raw_sha256.hex(),
        "content_sha256": link.content_sha256.hex(),
    }
