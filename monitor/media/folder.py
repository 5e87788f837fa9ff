"""The folder of kept media: each file under the SHA-256 of its bytes, so that a copied photo is kept once.

No name comes from Telegram. What is still arriving lies in a folder of its own, and a file gets its name only when all
of it is on the disk, so that what has a name is whole.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

_INCOMING = "incoming"
_NAME = re.compile(r"[0-9a-f]{64}")
_PAGE = 1 << 20  # bytes read at a time


class Incoming:
    """A file that is arriving: it grows piece by piece, and its hash with it."""

    def __init__(self, handle: int, path: Path) -> None:
        self._file: BinaryIO = os.fdopen(handle, "wb", buffering=0)
        self._hash = hashlib.sha256()
        self.path = path
        self.size = 0

    def add(self, piece: bytes) -> None:
        """Write the next bytes; OSError where they cannot be written."""
        view = memoryview(piece)
        while view:
            view = view[self._file.write(view) :]
        self._hash.update(piece)
        self.size += len(piece)

    def seal(self) -> bytes:
        """Bring everything onto the disk and return the SHA-256 of it."""
        os.fsync(self._file.fileno())
        self._file.close()
        return self._hash.digest()

    def discard(self) -> None:
        """Remove it, whether it is whole or not."""
        self._file.close()
        self.path.unlink(missing_ok=True)


class MediaFolder:
    """The folder (0700) and the files in it (0600)."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def prepare(self) -> None:
        """Make the folder where it is not there, and remove what an earlier process left half done."""
        for folder in (self.path, self.path / _INCOMING):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.chmod(0o700)
        for left in (self.path / _INCOMING).iterdir():
            left.unlink()

    def begin(self) -> Incoming:
        """Begin a file that arrives."""
        handle, name = tempfile.mkstemp(dir=self.path / _INCOMING, prefix="part-")
        return Incoming(handle, Path(name))

    def place(self, sha256: bytes) -> Path:
        """Return where the file with this hash is, or would be."""
        name = sha256.hex()
        return self.path / name[:2] / name

    def take_in(self, incoming: Incoming, sha256: bytes) -> None:
        """Give a sealed file its name; where the same bytes are kept already, these stay."""
        place = self.place(sha256)
        place.parent.mkdir(mode=0o700, exist_ok=True)
        incoming.path.replace(place)
        for folder in (place.parent, self.path):
            _sync(folder)

    def fault(self, sha256: bytes, size: int) -> str | None:
        """Say what is wrong with a kept file, reading all of it; None: it is as it was."""
        place = self.place(sha256)
        found = hashlib.sha256()
        try:
            if place.stat().st_size != size:
                return "the file has another size than when it was kept"
            with place.open("rb") as file:
                while piece := file.read(_PAGE):
                    found.update(piece)
        except FileNotFoundError:
            return "the file is not there"
        except OSError as error:
            return f"the file cannot be read ({error.strerror})"
        return None if found.digest() == sha256 else "the file's bytes are not those that were kept"

    def remove(self, sha256: bytes) -> bool:
        """Remove a file; return whether it was there."""
        place = self.place(sha256)
        try:
            place.unlink()
        except FileNotFoundError:
            return False
        _sync(place.parent)
        return True

    def names(self) -> Iterator[bytes]:
        """Give the hashes of all files that have their name."""
        if self.path.is_dir():
            for folder in sorted(self.path.glob("[0-9a-f][0-9a-f]")):
                yield from (bytes.fromhex(one.name) for one in sorted(folder.iterdir()) if _NAME.fullmatch(one.name))

    def free(self) -> int:
        """Return how many bytes are free on its disk."""
        there = next(one for one in (self.path.absolute(), *self.path.absolute().parents) if one.exists())
        return shutil.disk_usage(there).free


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
