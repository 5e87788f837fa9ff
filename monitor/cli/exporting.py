"""The work behind `monitor export`: one post out of the store into a packet of evidence."""

from __future__ import annotations

import getpass
import os
import re
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import NoReturn

import click

from monitor.cli import start
from monitor.evidence.packet import ChainLine, Dossier, KeptRevision, Making, files, zipped
from monitor.store import evidence
from monitor.store.chain import Link
from monitor.store.evidence import ChainRecord, PostPlace
from monitor.store.reader import Reader

_LINK = re.compile(r"(?:https?://)?t\.me/(?:s/)?(?:c/)?(\w+)/(\d+)/?")
_SHOWN = 8


def run(wanted: str, target: str | None, by: str | None, case: str | None, db: str | None) -> None:
    """Write the packet and say where it is."""
    with start.reader(db) as reader:
        path = write_packet(reader, wanted, Path(target) if target else None, by or getpass.getuser(), case)
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
            )
            for one in revisions
        ],
        deletion_noticed=reader.read(evidence.deletion_noticed, at),
        alerts=[f"{id_} ({kind}, {level}, {when})" for id_, kind, level, when in reader.read(evidence.alerts_of, at)],
        chain=[_line(record) for record in reader.read(evidence.chain_around, [one.row for one in revisions])],
        head=reader.read(evidence.head).hex(),
    )


def write_packet(reader: Reader, wanted: str, target: Path | None, by: str, case: str | None) -> Path:
    """Write the packet of a post, readable by its owner alone; never over a file that is there."""
    at = place(reader, wanted)
    made = Making(datetime.now(UTC), by, version("monitor"), case)
    packet = files(dossier(reader, at), made)
    path = target or Path(f"evidence-{at.channel_key}-{at.post_id}-{made.at:%Y%m%dT%H%M%SZ}.zip")
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        start.fail(f"{path}: is there already; name another file with --to")
    except OSError as error:
        start.fail(f"{path}: cannot be written ({error.strerror}); name another file with --to")
    with os.fdopen(handle, "wb") as file:
        file.write(zipped(packet, made.at))
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
