"""The chain of kept media: each file is bound to the revision that carried it and to the file kept before it.

Files come later than the posts that carry them, so they have a chain of their own, hung onto that of the revisions. The
record hash of a kept file is the SHA-256 of these lines, UTF-8, each ended by a line feed:

    monitor media record 1
    the record hash of the media record before it (hex; 64 zeros for the first)
    the record hash of the revision that carried it (hex)
    its place among the media of the revision, from 1
    Telegram's id of the part of the post that carried it
    its kind (photo, video …)
    its size in bytes
    the SHA-256 of its bytes (hex)
    when it was kept (ISO 8601, UTC)
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from monitor.store.chain import FIRST


@dataclass(frozen=True, slots=True)
class MediaLink:
    """The values of one kept file that its record hash covers; `fetched_at` as stored (ISO 8601, UTC)."""

    revision_hash: bytes
    number: int
    message: int
    kind: str
    size: int
    sha256: bytes
    fetched_at: str


@dataclass(frozen=True, slots=True)
class BrokenMedia:
    """The first media record that does not fit: its row, the post, and what is wrong."""

    row: int
    channel_key: int
    post_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that has to be there: its hash and size, and a post that carries it."""

    sha256: bytes
    size: int
    channel_key: int
    post_id: int


@dataclass(frozen=True, slots=True)
class ExaminedMedia:
    """What proving the media records showed; `files` are those that have to be there, each once."""

    records: int
    purged: int
    head: bytes
    broken: BrokenMedia | None
    head_found: bool | None
    files: tuple[KeptFile, ...]


def media_record_hash(previous: bytes, link: MediaLink) -> bytes:
    """Return the hash of a media record that follows the one with the hash `previous`."""
    lines = (
        "monitor media record 1",
        previous.hex(),
        link.revision_hash.hex(),
        str(link.number),
        str(link.message),
        link.kind,
        str(link.size),
        link.sha256.hex(),
        link.fetched_at,
        "",
    )
    return hashlib.sha256("\n".join(lines).encode()).digest()


def media_head(db: Database) -> bytes:
    """Return the hash of the last media record; 32 zero bytes where there is none."""
    last = db.execute("SELECT record_hash FROM media_records ORDER BY id DESC LIMIT 1").fetchone()
    return last[0] if last else FIRST


_RECORDS = (
    "SELECT k.id, p.channel, p.post_id, r.record_hash, m.number, m.message, m.kind, k.size, k.sha256, k.fetched_at,"
    " k.previous_hash, k.record_hash, m.state, m.sha256, EXISTS (SELECT 1 FROM purged x WHERE x.post = p.id)"
    " FROM media_records k LEFT JOIN media m ON m.id = k.media LEFT JOIN revisions r ON r.id = m.revision"
    " LEFT JOIN posts p ON p.id = r.post ORDER BY k.id"
)


def examine_media(db: Database, known_head: bytes | None = None) -> ExaminedMedia:
    """Compute the hashes of all media records anew, up to the first that does not fit; the files are not looked at."""
    last, records, purged = FIRST, 0, 0
    found = None if known_head is None else False
    files: dict[bytes, KeptFile] = {}
    broken: BrokenMedia | None = None
    for row in db.execute(_RECORDS):
        reason = _fault(row, last)
        if reason is not None:
            broken = BrokenMedia(row[0], row[1] or 0, row[2] or 0, reason)
            break
        last = row[11]
        records += 1
        found = found or (last == known_head if known_head is not None else None)
        if row[14]:
            purged += 1
        else:
            files.setdefault(row[8], KeptFile(row[8], row[7], row[1], row[2]))
    return ExaminedMedia(records, purged, last, broken or _unrecorded(db), found, tuple(files.values()))


def _fault(row: tuple[Any, ...], last: bytes) -> str | None:
    _, channel, _, revision_hash, number, message, kind, size, sha256, fetched, previous, hashed, state, said, gone = (
        row
    )
    if channel is None:
        return "its post is gone"
    if state != ("purged" if gone else "kept") or (not gone and said != sha256):
        return "what became of it was changed"
    if previous != last:
        return "a media record before it was changed, removed or inserted"
    link = MediaLink(revision_hash, number, message, kind, size, sha256, fetched)
    return None if media_record_hash(previous, link) == hashed else "its place, kind, size, hash or date were changed"


def _unrecorded(db: Database) -> BrokenMedia | None:
    row = db.execute(
        "SELECT m.id, p.channel, p.post_id FROM media m JOIN revisions r ON r.id = m.revision JOIN posts p"
        " ON p.id = r.post WHERE m.state = 'kept' AND NOT EXISTS (SELECT 1 FROM media_records k WHERE k.media = m.id)"
        " ORDER BY m.id LIMIT 1"
    ).fetchone()
    if row is None:
        return None
    media, channel, post_id = row
    return BrokenMedia(media, channel, post_id, "a medium counts as kept, and its record was removed")
