"""One post as a packet of evidence: the files of it, and the ZIP that holds them. Pure: values in, bytes out.

It follows what the Berkeley Protocol on Digital Open Source Investigations (OHCHR, 2020, ch. VI C-D) asks to be kept of
an item: where it was found and when, by what means, the original in its own form, its metadata and context, hashes, and
every step of its custody. What is not kept is said.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from monitor.evidence.page import page
from monitor.models import Channel, Findings, Post

NO_MEDIA = (
    "Photos, videos and files of the post are not in this packet: monitor keeps no media. Their kind, size and name, "
    "as far as the source tells them, stand in record.json. The page of the post may still show them."
)


@dataclass(frozen=True, slots=True)
class ChainLine:
    """One record of the chain: its row, the values its hash covers in their order, the hash before it, its own."""

    row: int
    values: Mapping[str, str]
    previous_hash: str
    record_hash: str


@dataclass(frozen=True, slots=True)
class KeptRevision:
    """One revision as it is kept: when it was first seen, from which source, its language and what was found in it."""

    number: int
    post: Post
    language: str | None
    first_seen: datetime
    findings: Findings
    raw_sha256: str
    record_hash: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """All that is known of one post: its revisions (oldest first), its deletion, its records among their neighbours."""

    channel: Channel
    names: Sequence[str]
    post_id: int
    url: str | None
    revisions: Sequence[KeptRevision]
    deletion_noticed: datetime | None
    alerts: Sequence[str]
    chain: Sequence[ChainLine]
    head: str


@dataclass(frozen=True, slots=True)
class Making:
    """Who makes the packet, when, with which version of the program, and for which case (the desk's own words)."""

    at: datetime
    by: str
    version: str
    case: str | None = None


def files(dossier: Dossier, making: Making) -> dict[str, bytes]:
    """Return the packet's files by name; the last, SHA256SUMS, has the hash of each of the others."""
    made: dict[str, bytes] = {}
    for revision in dossier.revisions:
        folder = f"revision-{revision.number}"
        raw = revision.post.raw
        made[f"{folder}/original{_ending(raw)}"] = raw
        made[f"{folder}/text.txt"] = revision.post.text.encode()
        made[f"{folder}/record.json"] = _json(_record(revision))
    made["chain.json"] = _json(_chain(dossier))
    made["page.html"] = page(dossier, making, NO_MEDIA).encode()
    made["README.txt"] = _readme(dossier, making).encode()
    made["manifest.json"] = _json(_manifest(dossier, making, made))
    made["SHA256SUMS"] = "".join(f"{_sha256(raw)}  {name}\n" for name, raw in sorted(made.items())).encode()
    return made


def zipped(made: Mapping[str, bytes], at: datetime) -> bytes:
    """Return the files as a ZIP; the same files and time give the same bytes."""
    stamp = at.astimezone(UTC)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in made.items():
            entry = zipfile.ZipInfo(name, (max(1980, stamp.year), *stamp.timetuple()[1:6]))
            entry.external_attr = 0o600 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, raw)
    return target.getvalue()


def _record(revision: KeptRevision) -> dict[str, Any]:
    post = revision.post
    return {
        "channel_id": post.channel.id,
        "post_id": post.id,
        "ids": post.ids,
        "revision": revision.number,
        "published": post.date,
        "edited": post.edited,
        "first_seen_here": revision.first_seen,
        "read_from": post.source,
        "page": post.url,
        "language": revision.language,
        "reply_to": post.reply_to,
        "views_when_read": post.views,
        "forwarded_from": asdict(post.forward) if post.forward else None,
        "media_not_kept": [asdict(media) for media in post.media],
        "matches": [
            {"rule": match.rule, "title": match.title, "level": match.level} for match in revision.findings.matches
        ],
        "mentions": [_mentions(post, entity.name, entity.mentions) for entity in revision.findings.entities],
        "original_sha256": revision.raw_sha256,
        "record_hash": revision.record_hash,
    }


def _mentions(post: Post, name: str, mentions: Sequence[Any]) -> dict[str, Any]:
    text = post.text
    return {"name": name, "as": [{"span": one.span, "text": text[one.start : one.end]} for one in mentions]}


def _chain(dossier: Dossier) -> dict[str, Any]:
    return {
        "how": "record_hash = SHA-256 of “monitor record 1”, previous_hash and the values, one a line, UTF-8, "
        "each line ended by a line feed; a missing value is an empty line",
        "records": [asdict(line) for line in dossier.chain],
        "head_of_the_database": dossier.head,
    }


def _manifest(dossier: Dossier, making: Making, made: Mapping[str, bytes]) -> dict[str, Any]:
    return {
        "what": "one post of a public Telegram channel, as monitor kept it",
        "case": making.case,
        "channel": {"id": dossier.channel.id, "name": dossier.channel.name, "title": dossier.channel.title},
        "names_of_the_channel": dossier.names,
        "post_id": dossier.post_id,
        "page": dossier.url,
        "revisions": len(dossier.revisions),
        "deletion_noticed": dossier.deletion_noticed,
        "alerts": dossier.alerts,
        "made_at": making.at,
        "made_by": making.by,
        "made_with": f"monitor {making.version}",
        "not_included": NO_MEDIA,
        "files": {name: {"bytes": len(raw), "sha256": _sha256(raw)} for name, raw in sorted(made.items())},
    }


def _readme(dossier: Dossier, making: Making) -> str:
    first = dossier.revisions[0]
    name = f"@{dossier.channel.name}" if dossier.channel.name else f"channel {dossier.channel.id}"
    return f"""Post {dossier.post_id} of {name}

Published {first.post.date.isoformat()}, first seen here {first.first_seen.isoformat()}.
{len(dossier.revisions)} revision(s) kept. This packet was made {making.at.isoformat()} by {making.by}
with monitor {making.version}.

page.html       to read: the post, each revision, what was found in it, and all dates
revision-N/     original: the record as the source gave it, byte for byte; text.txt; record.json: dates, findings
chain.json      the records of this post in the chain of all records, with their neighbours
manifest.json   what is here, who made it, when and with what
SHA256SUMS      to check that nothing in this packet was changed: sha256sum -c SHA256SUMS

{NO_MEDIA}

What the packet proves: that these bytes stood in the database when it was made, and, together with a head of the
chain written down earlier (each daily digest names one), that they stood there then. It does not prove that the post
is true, or that Telegram showed the same to everybody.
"""


def _ending(raw: bytes) -> str:
    start = raw.lstrip()[:1]
    return ".json" if start in (b"{", b"[") else ".html" if start == b"<" else ".txt"


def _json(value: object) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2) + b"\n"


def _sha256(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()
