"""One post as a packet of evidence: the files of it, and the ZIP that holds them. Pure: values in, bytes out.

It follows what the Berkeley Protocol on Digital Open Source Investigations (OHCHR, 2020, ch. VI C-D) asks to be kept of
an item: where it was found and when, by what means, the original in its own form, its metadata and context, hashes, and
every step of its custody. What is not kept is said.
"""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, BinaryIO

import orjson

from monitor.evidence.page import page
from monitor.models import Channel, Findings, Media, Post

NO_MEDIA = (
    "Photos, videos and files of the post are not in this packet: none was kept. Their kind, size and name, as far as "
    "the source tells them, and why they were not kept, stand in record.json. The page of the post may still show them."
)
SOME_MEDIA = (
    "Photos, videos and files of the post that were kept are in this packet as Telegram gave them, and nothing shows "
    "them unless it is opened: people in them, prisoners above all, are protected from public curiosity. What was not "
    "kept, and why, stands in record.json."
)
_ENDINGS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/gif": ".gif",
    "video/mp4": ".mp4",
    "video/quicktime": ".mov",
    "video/webm": ".webm",
    "audio/ogg": ".ogg",
    "audio/mpeg": ".mp3",
    "audio/mp4": ".m4a",
    "application/pdf": ".pdf",
    "application/zip": ".zip",
    "text/plain": ".txt",
}
NOT_ASKED = "KEEP_MEDIA did not ask for it"


@dataclass(frozen=True, slots=True)
class ChainLine:
    """One record of the chain: its row, the values its hash covers in their order, the hash before it, its own."""

    row: int
    values: Mapping[str, str]
    previous_hash: str
    record_hash: str


@dataclass(frozen=True, slots=True)
class Medium:
    """One medium of a revision, the `number`-th: the hash, size and record of what was kept, or why it was not."""

    number: int
    kind: str
    mime: str | None
    reason: str | None
    sha256: str | None = None
    size: int | None = None
    fetched_at: datetime | None = None
    previous_hash: str | None = None
    record_hash: str | None = None

    @property
    def name(self) -> str:
        """Its name in the folder of its revision; nothing in it comes from Telegram but what it is."""
        return f"media-{self.number}-{self.kind}{_ENDINGS.get(self.mime or '', '.bin')}"


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
    media: Sequence[Medium] = ()

    @property
    def kept(self) -> list[Medium]:
        """The media whose files are there."""
        return [one for one in self.media if one.sha256 is not None]

    def not_kept(self) -> list[tuple[Media, str]]:
        """Return the media whose files are not there, each with the reason."""
        known = {one.number: one for one in self.media}
        absent = [(number, one) for number, one in enumerate(self.post.media, 1) if number not in known]
        found = [(self.post.media[one.number - 1], one.reason or "not kept yet") for one in self._absent()]
        return found + [(one, NOT_ASKED) for _, one in absent]

    def _absent(self) -> list[Medium]:
        return [one for one in self.media if one.sha256 is None and one.number <= len(self.post.media)]


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
    media_head: str | None = None

    @property
    def media_files(self) -> dict[str, Medium]:
        """The kept media by their names in the packet."""
        return {f"revision-{one.number}/{medium.name}": medium for one in self.revisions for medium in one.kept}

    @property
    def on_media(self) -> str:
        """What is to be said of the media of the post."""
        return SOME_MEDIA if self.media_files else NO_MEDIA


@dataclass(frozen=True, slots=True)
class Making:
    """Who makes the packet, when, with which version of the program, and for which case (the desk's own words)."""

    at: datetime
    by: str
    version: str
    case: str | None = None


def files(dossier: Dossier, making: Making) -> dict[str, bytes]:
    """Return the packet's files by name but the kept media; the last, SHA256SUMS, has the hash of each other one."""
    made: dict[str, bytes] = {}
    for revision in dossier.revisions:
        folder = f"revision-{revision.number}"
        raw = revision.post.raw
        made[f"{folder}/original{_ending(raw)}"] = raw
        made[f"{folder}/text.txt"] = revision.post.text.encode()
        made[f"{folder}/record.json"] = _json(_record(revision))
    made["chain.json"] = _json(_chain(dossier))
    made["page.html"] = page(dossier, making).encode()
    made["README.txt"] = _readme(dossier, making).encode()
    made["manifest.json"] = _json(_manifest(dossier, making, made))
    sums = {name: _sha256(raw) for name, raw in made.items()}
    sums |= {name: str(one.sha256) for name, one in dossier.media_files.items()}
    made["SHA256SUMS"] = "".join(f"{known}  {name}\n" for name, known in sorted(sums.items())).encode()
    return made


def write_zip(
    target: BinaryIO, made: Mapping[str, bytes], at: datetime, media: Mapping[str, BinaryIO] = MappingProxyType({})
) -> None:
    """Write the files, and the media from the open files given, as a ZIP; the same ones and time give the same ZIP."""
    stamp = at.astimezone(UTC)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in made.items():
            archive.writestr(_entry(name, stamp, zipfile.ZIP_DEFLATED), raw)
        for name, source in media.items():
            # Photos and videos are packed already.
            with archive.open(_entry(name, stamp, zipfile.ZIP_STORED), "w", force_zip64=True) as into:
                shutil.copyfileobj(source, into, 1 << 20)


def _entry(name: str, stamp: datetime, method: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, (max(1980, stamp.year), *stamp.timetuple()[1:6]))
    entry.external_attr = 0o600 << 16
    entry.compress_type = method
    return entry


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
        "media_kept": [
            {**asdict(post.media[one.number - 1]), **asdict(one), "file": one.name}
            for one in revision.kept
            if one.number <= len(post.media)
        ],
        "media_not_kept": [{**asdict(media), "why": reason} for media, reason in revision.not_kept()],
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
        "how_of_media": "record_hash of a kept medium = SHA-256 of “monitor media record 1”, its previous_hash, the "
        "record_hash of its revision, its number, the id of the message, its kind, size, sha256 and fetched_at, one a "
        "line, UTF-8, each line ended by a line feed; they stand in record.json",
        "head_of_the_media": dossier.media_head,
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
        "media": dossier.on_media,
        "files": {
            **{name: {"bytes": len(raw), "sha256": _sha256(raw)} for name, raw in sorted(made.items())},
            **{name: {"bytes": one.size, "sha256": one.sha256} for name, one in dossier.media_files.items()},
        },
    }


def _readme(dossier: Dossier, making: Making) -> str:
    first = dossier.revisions[0]
    name = f"@{dossier.channel.name}" if dossier.channel.name else f"channel {dossier.channel.id}"
    kept = dossier.media_files
    files_of_media = "revision-N/media-…  the post's photos, videos and files, as Telegram gave them\n" if kept else ""
    return f"""Post {dossier.post_id} of {name}

Published {first.post.date.isoformat()}, first seen here {first.first_seen.isoformat()}.
{len(dossier.revisions)} revision(s) kept. This packet was made {making.at.isoformat()} by {making.by}
with monitor {making.version}.

page.html       to read: the post, each revision, what was found in it, and all dates
revision-N/     original: the record as the source gave it, byte for byte; text.txt; record.json: dates, findings
chain.json      the records of this post in the chain of all records, with their neighbours
{files_of_media}manifest.json   what is here, who made it, when and with what
SHA256SUMS      to check that nothing in this packet was changed: sha256sum -c SHA256SUMS

{dossier.on_media}

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
