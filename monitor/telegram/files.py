"""The files of posts at Telegram: where their bytes are, by the record of the post, and how a piece is asked for."""

from __future__ import annotations

import base64
import binascii
from typing import Any

import orjson
from telethon import errors
from telethon.tl import TLObject, TLRequest, functions, types

from monitor.models import Channel
from monitor.sources.fields import FieldError, whole
from monitor.sources.live import Remote
from monitor.sources.telethon_json import content
from monitor.telegram.posts import SOURCE, as_json

PIECE = 512 * 1024  # bytes in one request: what telethon asks for at most
_STALE = (
    errors.FileReferenceExpiredError,
    errors.FileReferenceInvalidError,
    errors.FileReferenceEmptyError,
    errors.FilerefUpgradeNeededError,
)
_FILE_REFERENCE = "FILE_REFERENCE_"  # of a photo or document in a list, with its number: telethon has no class for it


def remotes(raw: bytes) -> tuple[Remote | None, ...]:
    """Return the files of a post by its raw record (a message a line), in the order of its media."""
    found: list[Remote | None] = []
    for line in raw.split(b"\n"):
        try:
            record = orjson.loads(line)
            media = content(record, line, Channel(None, None), SOURCE).media
        except (orjson.JSONDecodeError, FieldError, KeyError, TypeError, AttributeError, RecursionError):
            continue  # no message of Telegram's: it carries nothing that could be fetched
        found += [_remote(record, one.kind, one.mime) for one in media]
    return tuple(found)


def remote_of(message: TLObject) -> Remote | None:
    """Return the file of a message as it is now."""
    return next(iter(remotes(as_json(message))), None)


def request(remote: Remote, offset: int) -> TLRequest:
    """Return the request for a piece; Telegram is not told that we could follow it to servers that are not its own."""
    kind = types.InputPhotoFileLocation if remote.kind == "photo" else types.InputDocumentFileLocation
    location = kind(remote.file, remote.access, remote.reference, remote.part)
    return functions.upload.GetFileRequest(location, offset, PIECE)


def is_stale(cause: BaseException | None) -> bool:
    """Tell whether an error says that the reference to a file does not hold any more."""
    if isinstance(cause, _STALE):
        return True
    return isinstance(cause, errors.RPCError) and str(cause.message).startswith(_FILE_REFERENCE)


def _remote(record: dict[str, Any], kind: str, mime: str | None) -> Remote | None:
    try:
        media = record["media"]
        file, part, size = media.get("photo") or media.get("document"), "", None
        if not isinstance(file, dict):
            return None
        if kind == "photo":
            size, part = max(map(_photo_size, file.get("sizes") or []), default=(0, ""))
            if not part:
                return None
        else:
            size = whole(file.get("size"))
        return Remote(
            message=int(record["id"]),
            kind=kind,
            mime="image/jpeg" if kind == "photo" else mime,
            size=size,
            file=int(file["id"]),
            access=int(file["access_hash"]),
            reference=base64.b64decode(file["file_reference"]),
            dc=int(file["dc_id"]),
            part=part,
        )
    except (KeyError, TypeError, AttributeError, ValueError, binascii.Error):
        return None  # a saved record can hold anything


def _photo_size(size: dict[str, Any]) -> tuple[int, str]:
    """Return the bytes and the letter of one size of a photo; one that is only a sketch of it has none."""
    if size.get("_") == "PhotoSizeProgressive":
        return max(filter(None, map(whole, size.get("sizes") or [])), default=0), str(size.get("type") or "")
    if size.get("_") == "PhotoSize":
        return whole(size.get("size")) or 0, str(size.get("type") or "")
    return 0, ""
