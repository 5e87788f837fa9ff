"""Files in the user's cache folder: each under the digest of all that it follows from, for its owner alone.

A file that is broken or cut short is passed over and written again. Files are written beside their place and renamed,
so that a reader never sees half of one. What they hold is plain JSON, so that reading one can run no code.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

import xxhash

_DIGEST = 16  # bytes before the body


def read(file: Path) -> bytes | None:
    """Return what was kept in a file; None where there is nothing, or nothing sound."""
    try:
        raw = file.read_bytes()
    except OSError:
        return None
    body = raw[_DIGEST:]
    return body if xxhash.xxh3_128_digest(body) == raw[:_DIGEST] else None


def write(file: Path, body: bytes, others: str, most: int) -> None:
    """Keep a body in a file; a folder that cannot be written to is let be.

    Of the `others` in the folder (a pattern of names) only the `most` newest stay.
    """
    folder = file.parent
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=folder, prefix=".part-")
        try:
            with os.fdopen(handle, "wb") as part:
                part.write(xxhash.xxh3_128_digest(body) + body)
            Path(temporary).replace(file)
        except OSError:
            Path(temporary).unlink(missing_ok=True)
            raise
        former = [path for path in folder.glob(others) if path != file]
        for path in sorted(former, key=lambda path: path.stat().st_mtime, reverse=True)[most:]:
            path.unlink(missing_ok=True)
