"""A purge of a database and all its backups: what one of them holds, all have to lose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from monitor.store import media, personal
from monitor.store.database import PATIENCE, check_file, connect, connect_reader, told, transaction
from monitor.store.migrations import check_ours
from monitor.store.personal import Choose, Person, Place
from monitor.store.purging import Purge, Request, check_room, purge
from monitor.store.records import StoreError


def find(paths: Iterable[Path], choose: Choose) -> list[Place]:
    """Return the posts that `choose` finds in a database or any of its backups; nothing is written.

    What one of them holds, all have to lose: a post may have been emptied in the database long before its backups, or
    have been edited since.
    """
    places: dict[Place, None] = {}
    for path in paths:
        with _read(path) as db:
            places |= dict.fromkeys(choose(db))
    return list(places)


def doomed_media(database: Path, backups: Iterable[Path] = ()) -> list[bytes]:
    """Return the hashes of the files that a purge of these left without a post; none that the database still has."""
    doomed: dict[bytes, None] = {}
    for path in (database, *backups):
        with _read(path) as db:
            doomed |= dict.fromkeys(media.removals(db))
    with _read(database) as db:
        return media.unused(db, list(doomed))


def media_removed(paths: Iterable[Path], hashes: Sequence[bytes]) -> None:
    """Write down in each of these databases that files of media are gone."""
    for path in paths:
        with told(path), closing(connect(path, PATIENCE).conn) as connection:
            db = Database(connection)
            with transaction(db):
                media.removed(db, hashes)


def count_texts(paths: Iterable[Path], person: Person) -> int:
    """Return how many texts beside posts name a person, in that file of a database and its backups that has most."""
    counts = []
    for path in paths:
        with _read(path) as db:
            counts.append(personal.count(db, person))
    return max(counts)


def not_known_to(database: Path, former: Path) -> int:
    """Return how many purges of the database `former` a restored one knows nothing of; 0 where it cannot be read.

    They took posts that came after the backup, which are read again, and again hold what was to go.
    """
    query = "SELECT at FROM purges WHERE kind <> 'retention'"
    try:
        with _read(former) as earlier, _read(database) as restored:
            known = set(restored.execute(query).fetchall())
            return sum(row not in known for row in earlier.execute(query).fetchall())
    except StoreError:
        return 0


def purge_all(
    database: Path,
    backups: Sequence[Path],
    places: Sequence[Place],
    request: Request,
    now: datetime,
    person: Person | None = None,
) -> list[tuple[Path, Purge]]:
    """Remove posts from the database and from each of its backups; return what each file lost, the database first."""
    for path in (database, *backups):
        check_room(path)
    return [(path, purge(path, places, request, now, person=person)) for path in (database, *backups)]


@contextmanager
def _read(path: Path) -> Iterator[Database]:
    check_file(path)
    with told(path), closing(connect_reader(path).conn) as connection:
        db = Database(connection)
        check_ours(db, path)
        yield db
