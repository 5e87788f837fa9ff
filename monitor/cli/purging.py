"""The work behind `monitor purge`: which posts, the question, and the removal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from monitor.cli import media, start
from monitor.cli.keeping import backups_folder, told
from monitor.config import Settings
from monitor.instance import InstanceLock
from monitor.language.cyrillic import in_other_cyrillic
from monitor.rules.compiler import compile_rules
from monitor.rules.schema import Entity, RuleSet, Surname, Tests
from monitor.rules.schema import Place as RulePlace
from monitor.store import backup, everywhere, personal, purging
from monitor.store.personal import Choose, Naming, Person
from monitor.store.purging import Request
from monitor.store.reader import Reader

_MADE = "person"  # id of a person whom no rule knows


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line asked to remove."""

    person: str | None
    channel: str | None
    before: datetime | None
    retention: bool
    everything: bool
    gender: str
    reference: str | None
    unknown_media: bool = False


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is to go: how the posts are found in a database, the request for the audit, and the person, if it is one."""

    posts: Choose
    request: Request
    person: Person | None = None


def run(wanted: Wanted, db: str | None, *, dry_run: bool, yes: bool) -> None:
    """Find the posts, ask, and remove them from the database and its backups."""
    settings = start.settings()
    _check(wanted, settings)
    database = Path(db) if db else settings.database
    with told(), InstanceLock(database):
        if wanted.unknown_media:
            _remove_strays(database, dry_run=dry_run, yes=yes)
            return
        with Reader.open(database) as reader:
            chosen = _chosen(reader, wanted, settings)
        copies = [one.path for one in backup.backups_in(backups_folder(settings, database, None))]
        places = everywhere.find((database, *copies), chosen.posts)
        texts = everywhere.count_texts((database, *copies), chosen.person) if chosen.person is not None else 0
        _warn_of_names(database, chosen.person)
        if not places and not texts:
            click.echo("No post is concerned; nothing was removed.", err=True)
            if not dry_run:
                _finish((database, *copies))
                media.remove_doomed(database, ())
            return
        what = f"{len(places):,} posts" + (f" and {texts:,} other texts" if texts else "")
        if dry_run:
            click.echo(f"{what} would be removed.")
            return
        if not yes:
            click.confirm(f"Remove {what} for good from {database} and {len(copies)} backups?", abort=True, err=True)
        now = datetime.now(UTC)
        done = everywhere.purge_all(database, copies, places, chosen.request, now, chosen.person)
        files = media.remove_doomed(database, copies)
    for path, removed in done:
        more = f" and {removed.texts:,} other texts" if removed.texts else ""
        click.echo(f"{path}: {removed.posts:,} posts{more} removed")
    if files:
        click.echo(f"{media.media_folder(database).path}: {files:,} files of media removed")
    _warn_of_strays(database)
    _warn_of_others(database)


def _finish(paths: Sequence[Path]) -> None:
    """End what an earlier purge may have had no room for."""
    for path in paths:
        if purging.finish(path):
            click.echo(f"{path}: written anew without its free pages")


def _check(wanted: Wanted, settings: Settings) -> None:
    ways = [wanted.person, wanted.channel, wanted.before, wanted.retention or None, wanted.unknown_media or None]
    if sum(way is not None for way in ways) != 1:
        start.fail(
            "Say which posts, in one way: --person NAME, --channel NAME, --before DATE or --retention; of files that"
            " no post has: --unknown-media"
        )
    if wanted.retention and settings.retention_days is None:
        start.fail("--retention needs the setting RETENTION_DAYS: after how many days posts are removed")


def _remove_strays(database: Path, *, dry_run: bool, yes: bool) -> None:
    folder = media.media_folder(database)
    with Reader.open(database) as reader:
        found = media.strays(reader, folder)
    if not found or dry_run:
        click.echo(f"{len(found):,} files of media that no post has" + (" would be removed." if found else "."))
        return
    if not yes:
        click.confirm(f"Remove {len(found):,} files from {folder.path} that no post has?", abort=True, err=True)
    for sha256 in found:
        folder.remove(sha256)
    click.echo(f"{folder.path}: {len(found):,} files removed that no post had")


def _warn_of_strays(database: Path) -> None:
    with Reader.open(database) as reader:
        found = media.strays(reader, media.media_folder(database))
    if found:
        click.echo(
            f"{media.media_folder(database).path}: {len(found):,} files that no post of this database has may show the"
            " same; `monitor purge --unknown-media` removes them",
            err=True,
        )


def _chosen(reader: Reader, wanted: Wanted, settings: Settings) -> Chosen:
    if wanted.person is not None:
        person = person_of(wanted)
        return Chosen(Naming(person), Request("person", reference=wanted.reference), person)
    if wanted.channel is not None:
        key = _channel_key(reader, wanted.channel)
        request = Request("channel", str(key), wanted.reference)
        return Chosen(partial(purging.posts_of_channel, channel_key=key), request)
    if wanted.before is not None:
        day = wanted.before.replace(tzinfo=UTC)
        posts = partial(purging.posts_before, moment=day, with_matches=wanted.everything)
        return Chosen(posts, Request("before", f"{day:%Y-%m-%d}", wanted.reference))
    days = settings.retention_days
    assert days is not None
    posts = partial(purging.posts_past_retention, now=datetime.now(UTC), days=days)
    return Chosen(posts, Request("retention", f"{days} days", wanted.reference))


def person_of(wanted: Wanted) -> Person:
    """Return who is to be found; a reference that names that person is refused, since it stays in the audit."""
    rules = _rule_for(wanted)
    matcher = compile_rules(rules)
    known_as = frozenset(word for entity in rules.entities for word in (entity.id, entity.name) if word != _MADE)
    person = Person(lambda text: bool(matcher.find(text).entities), known_as)
    if wanted.reference is not None and person.is_in(wanted.reference):
        start.fail("--reference must not hold the name: it stays in the audit; give a file number")
    return person


def _warn_of_names(database: Path, person: Person | None) -> None:
    if person is None:
        return
    with Reader.open(database) as reader:
        for name in reader.read(personal.remaining, person):
            click.echo(
                f"{name}: holds the name and stays: a channel is read by its name, and a file's name is part of the"
                " record that is proved; `monitor purge --channel` removes a channel with its names",
                err=True,
            )


def _rule_for(wanted: Wanted) -> RuleSet:
    """Take the person of the rules who is called so, else make one of the name as it is written."""
    assert wanted.person is not None
    name = " ".join(wanted.person.split())
    known = start.rule_set((), False, start.settings().rules)
    for entity in known.entities:
        if name.lower() in (entity.id, entity.name.lower()):
            return RuleSet((), (entity,))
    person = Entity(
        id=_MADE,
        kind="person",
        gender="f" if wanted.gender == "f" else "m",
        name=name,
        forms=_forms(name),
        aliases={},
        surname=Surname("with-name"),
        never=(),
        unless={},
        tests=Tests(),
        place=RulePlace("--person", 1, 1),
    )
    return RuleSet((), (person,))


def _forms(name: str) -> Mapping[str, tuple[str, ...]]:
    """Return a name as each Cyrillic language writes it, so that the Latin spellings of all of them are found."""
    source = _language(name)
    forms: dict[str, tuple[str, ...]] = {source: (name,)}
    *given, surname = name.split()
    for target in {"ru", "uk", "be"} - {source} if source != "en" else ():
        parts = [in_other_cyrillic(word, source, target, "given")[:1] or (word,) for word in given]
        parts.append(in_other_cyrillic(surname, source, target, "surname")[:1] or (surname,))
        forms[target] = (" ".join(part[0] for part in parts),)
    return forms


def _language(name: str) -> str:
    """Tell by the letters in which language a name is written."""
    letters = set(name.lower())
    if letters & set("іїєґ") and "ў" not in letters:
        return "uk"
    if letters & set("ўі"):
        return "be"
    return "ru" if any("а" <= letter <= "я" for letter in letters) else "en"


def _channel_key(reader: Reader, name: str) -> int:
    bare = name.strip().removeprefix("@").lower()
    for one in reader.channels():
        if str(one.key) == bare or any(known.name.lower() == bare for known in one.names):
            return one.key
    return start.fail(f"{name}: there is no such channel in the database; monitor channels lists them")


def _warn_of_others(database: Path) -> None:
    for aside in sorted(database.parent.glob(f"{database.name}.before-restore-*")):
        click.echo(f"{aside}: was moved aside by a restore and may hold these posts too; remove it", err=True)
