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

The content hash is what tells an edit: the SHA-256 of the text that is shown (body and attached texts), a NUL, the kinds
of media in alphabetical order with commas, a NUL, and "forward" where the post is one. Views and the date of the edit are
not in it, nor is the name in the forward, which changes by itself when its author changes it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

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
