"""Uploading and downloading, and media that a client sends (core.telegram.org/api/files)."""

from __future__ import annotations

from typing import Any

from telethon.tl import types
from telethon.tl.functions import messages, upload

from tests.loopback import content
from tests.loopback.errors import RpcError, bad_request
from tests.loopback.methods import lookup
from tests.loopback.methods.table import method
from tests.loopback.peers import Channel, User
from tests.loopback.rpc import Call

_LONGEST_PART = 524_288


@method(upload.SaveFilePartRequest, upload.SaveBigFilePartRequest)
def save_file_part(call: Call) -> Any:
    """Take one part of a file."""
    request = call.request
    if len(request.bytes) > _LONGEST_PART:
        raise bad_request("FILE_PART_TOO_BIG")
    call.server.uploads.setdefault((call.account.id, request.file_id), {})[request.file_part] = request.bytes
    return True


@method(messages.UploadMediaRequest)
def upload_media(call: Call) -> Any:
    """Make media of an uploaded file, without sending it."""
    lookup.peer(call, call.request.peer)
    return receive(call, call.request.media)


def receive(call: Call, given: Any) -> Any:
    """Return the media that a client sends, ready to stand in a message."""
    if isinstance(given, types.InputMediaUploadedPhoto):
        data = _assemble(call, given.file)
        made = content.photo(size=len(data))
        call.world.files[made.photo.id] = data
        return made
    if isinstance(given, types.InputMediaUploadedDocument):
        data = _assemble(call, given.file)
        made = content.document(None, size=len(data), mime=given.mime_type, attributes=given.attributes)
        call.world.files[made.document.id] = data
        return made
    if isinstance(given, (types.InputMediaPhoto, types.InputMediaDocument)):
        return _sent_before(call, given)
    raise bad_request("MEDIA_INVALID")


def _assemble(call: Call, file: Any) -> bytes:
    parts = call.server.uploads.pop((call.account.id, file.id), {})
    for number in range(file.parts):
        if number not in parts:
            raise bad_request(f"FILE_PART_{number}_MISSING")
    if len(parts) != file.parts or not parts:
        raise bad_request("FILE_PARTS_INVALID")
    return b"".join(parts[number] for number in range(file.parts))


def _sent_before(call: Call, given: Any) -> Any:
    photo = isinstance(given, types.InputMediaPhoto)
    data = call.world.files.get(given.id.id)
    if data is None or given.id.access_hash != content.file_access_hash(given.id.id):
        raise bad_request("MEDIA_EMPTY")
    if photo:
        return content.photo(size=len(data), file_id=given.id.id)
    return content.document(size=len(data), file_id=given.id.id)


@method(upload.GetFileRequest)
def get_file(call: Call) -> Any:
    """Return a stretch of a file."""
    place, request = call.request.location, call.request
    if not isinstance(place, (types.InputPhotoFileLocation, types.InputDocumentFileLocation)):
        raise bad_request("LOCATION_INVALID")
    if place.access_hash != content.file_access_hash(place.id):
        raise bad_request("FILE_ID_INVALID")
    if place.file_reference != call.world.references.get(place.id, content.REFERENCE):
        raise bad_request("FILE_REFERENCE_EXPIRED")
    dc = call.world.file_dcs.get(place.id)
    if dc != call.connection.login.dc:
        dc = call.server.dc if dc is None else dc
        raise RpcError(303, f"FILE_MIGRATE_{dc}")
    data = call.world.files.get(place.id)
    if data is None:
        data = content.file_bytes(place.id, _size(call, place))
    part = data[request.offset : request.offset + request.limit]
    return types.upload.File(types.storage.FileUnknown(), 0, part)


def _size(call: Call, place: Any) -> int:
    """Return how long a file is that stands in some message."""
    owners: list[User | Channel] = [*call.world.channels.values(), *call.world.users.values()]
    for owner in owners:
        for message in owner.box.messages.values():
            media = getattr(message, "media", None)
            photo, document = getattr(media, "photo", None), getattr(media, "document", None)
            if photo is not None and photo.id == place.id:
                sizes = {size.type: size.size for size in photo.sizes}
                return int(sizes.get(place.thumb_size, max(sizes.values())))
            if document is not None and document.id == place.id:
                return int(document.size)
    raise bad_request("FILE_ID_INVALID")
