"""The hash chain of the records: each revision is bound to its original bytes and to the record before it.

The record hash of a revision is the SHA-256 of these lines, UTF-8, each ended by a line feed:

    monitor record 1
    the record hash of the revision before it by row number (hex; 64 zeros for the first)
    the channel's id in the store
    the post's id in the channel
    the number of the revision
    the date of the post, of this edit (or an empty line), and the time at which it was first seen here (ISO 8601, UTC)
    the source that gave it, with each line feed in it as a space
    the SHA-256 of the raw bytes (hex)
    the SHA-256 of the content (hex)

Whoever changes, removes or inserts a record breaks every hash from there on; to hide that, all later ones would have to
be computed anew, and the last hash, once written down elsewhere, tells even that.

The content hash is what tells an edit: the SHA-256 of the text that is shown (body and attached texts), a NUL, the
kinds of media in alphabetical order with commas, a NUL, and "forward" where the post is one. Views and the date of the
edit are not in it, nor is the name in the forward, which changes by itself when its author changes it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from monitor.store.records import Broken, Examined, ForeignValue
from monitor.store.rows import json_values, shown_text

FIRST = bytes(32)


@dataclass(frozen=True, slots=True)
class Link:
    """The values of one revision that its record hash covers; dates as stored (ISO 8601, UTC)."""

    channel_key: int
    post_id: int
    revision: int
    date: str
    edited: str | None
    first_seen: str
    source: str
    raw_sha256: bytes
    content_sha256: bytes


def record_hash(previous: bytes, link: Link) -> bytes:
    """Return the hash of a record that follows the one with the hash `previous`."""
    lines = (
        "monitor record 1",
        previous.hex(),
        str(link.channel_key),
        str(link.post_id),
        str(link.revision),
        link.date,
        link.edited or "",
        link.first_seen,
        link.source.replace("\n", " "),
        link.raw_sha256.hex(),
        link.content_sha256.hex(),
        "",
    )
    return hashlib.sha256("\n".join(lines).encode()).digest()


def content_hash(text: str, media: Iterable[str], forwarded: bool) -> bytes:
    """Return the hash by which two readings of a post are the same revision; `media` are the kinds."""
    kinds = ",".join(sorted(media))
    return hashlib.sha256(f"{text}\0{kinds}\0{'forward' if forwarded else ''}".encode()).digest()


_PAGE = 500  # records read at a time, so that no transaction stays open
_RECORDS = (
    "SELECT r.id, p.channel, p.post_id, r.number, p.date, r.edited, r.first_seen, r.source, r.raw_sha256,"
    " r.content_sha256, r.previous_hash, r.record_hash, r.media, r.forward, r.body, r.attached, r.raw,"
    " EXISTS (SELECT 1 FROM purged x WHERE x.post = p.id)"
    " FROM revisions r LEFT JOIN posts p ON p.id = r.post WHERE r.id > ? ORDER BY r.id LIMIT ?"
)


def examine(db: Database, known_head: bytes | None = None) -> Examined:
    """Compute the hashes of all records anew, in order, up to the first that does not fit.

    `known_head` is a head that was written down earlier, elsewhere: the result tells whether a record has that hash. A
    purged record has no contents any more; its place, dates and hashes are proved all the same.
    """
    last_row, last_hash, records, purged = 0, FIRST, 0, 0
    head_found = known_head == FIRST if known_head is not None else None
    while True:
        rows = db.execute(_RECORDS, [last_row, _PAGE]).fetchall()
        for row in rows:
            reason = _fault(row, last_hash)
            if reason is not None:
                broken = Broken(row[0], row[1] or 0, row[2] or 0, row[3], reason)
                return Examined(records, purged, last_hash, broken, head_found)
            last_row, last_hash = row[0], row[11]
            records += 1
            purged += _is_purged(row)
            head_found = head_found or (last_hash == known_head if known_head is not None else None)
        if len(rows) < _PAGE:
            return Examined(records, purged, last_hash, None, head_found)


def verify(db: Database) -> Broken | None:
    """Return the first record that does not fit, None where all do."""
    return examine(db).broken


def _is_purged(row: tuple[Any, ...]) -> bool:
    return bool(row[17]) and row[16] == b""


def _fault(row: tuple[Any, ...], last_hash: bytes) -> str | None:
    _, channel, post_id, number, date, edited, seen, source, raw_hash, content, previous, hashed = row[:12]
    if channel is None:
        return "its post is gone"
    if not _is_purged(row):
        reason = _changed_contents(row, raw_hash, content)
        if reason is not None:
            return reason
    if previous != last_hash:
        return "a record before it was changed, removed or inserted"
    if edited == "":
        return "its date of an edit was changed"  # a post that was not edited has none, which is hashed the same
    link = Link(channel, post_id, number, date, edited, seen, source, raw_hash, content)
    return None if record_hash(previous, link) == hashed else "its place, dates, source or hash were changed"


def _changed_contents(row: tuple[Any, ...], raw_hash: bytes, content: bytes) -> str | None:
    media, forward, body, attached, raw = row[12:17]
    if hashlib.sha256(raw).digest() != raw_hash:
        return "the original bytes are not those that were stored"
    try:
        kinds = [str(item.get("kind")) for item in json_values(media, dict)]
        same = content_hash(shown_text(body, attached), kinds, forward is not None) == content
    except ForeignValue:
        same = False
    return None if same else "the text or the media are not those that were stored"
