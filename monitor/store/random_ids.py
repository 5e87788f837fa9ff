"""The ids under which messages go out: derived, so that the same alert has the same id also after a backup is put back.

Telegram answers a random id that it knows with the message that was sent under it. Where an older backup is restored,
posts that were told after it are read and decided again; since the id follows from the post, its revision and the salt
of the database, which is in the backup, their alerts are the same messages to Telegram and do not come twice. What
stands for several alerts is known by its own number and the time it was opened, so that another one is another message.
Another database has another salt: its alerts are never taken for these.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from itertools import count

from sqlite_utils import Database

from monitor.models import Kind
from monitor.store.rows import stamp


class RandomIds:
    """Gives out ids: 64 bits, signed, never 0, none that an alert of this database has."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._salt: bytes = db.execute("SELECT salt FROM random_id_salt").fetchone()[0]
        self._given: set[int] = set()

    def of_post(self, origin: str, kind: Kind, channel: int, post: int, revision: int, content: bytes) -> int:
        """Return the id of what is told of a post's revision; `content` is that revision's hash.

        The hash is part of it because revisions are numbered as they are read: after a backup was put back the second
        one may be another text, which must be told.
        """
        return self._unused(f"{origin} {kind.value} {channel} {post} {revision} {content.hex()}")

    def of_bundle(self, origin: str, kind: Kind, alert: int, opened: datetime) -> int:
        """Return the id of an alert that stands for others."""
        return self._unused(f"{origin} {kind.value} {alert} {stamp(opened)}")

    def of_notice(self, notice: int, at: str) -> int:
        """Return the id of a notice, the same at every attempt; `at` is its time as it is stored."""
        return next(filter(None, (self._derived(f"notice {notice} {at}", attempt) for attempt in count())))

    def _unused(self, what: str) -> int:
        found = next(one for attempt in count() if self._is_free(one := self._derived(what, attempt)))
        self._given.add(found)
        return found

    def _is_free(self, one: int) -> bool:
        if one == 0 or one in self._given:
            return False
        return self._db.execute("SELECT 1 FROM alerts WHERE random_id = ?", [one]).fetchone() is None

    def _derived(self, what: str, attempt: int) -> int:
        digest = hashlib.sha256(self._salt + f"{what} {attempt}".encode()).digest()
        return int.from_bytes(digest[:8], signed=True)
