"""The work behind `monitor purge`: which posts, the question, and the removal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click

from monitor.cli import start
from monitor.cli.keeping import backups_folder, told
from monitor.config import Settings
from monitor.instance import InstanceLock
from monitor.language.cyrillic import in_other_cyrillic
from monitor.rules.compiler import compile_rules
from monitor.rules.schema import Entity, RuleSet, Surname, Tests
from monitor.rules.schema import Place as RulePlace
from monitor.store import backup, purging
from monitor.store.purging import Place, Request
from monitor.store.reader import Reader


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


def run(wanted: Wanted, db: str | None, *, dry_run: bool, yes: bool) -> None:
    """Find the posts, ask, and remove them from the database and its backups."""
    settings = start.settings()
    _check(wanted, settings)
    database = Path(db) if db else settings.database
    with told(), InstanceLock(database):
        with Reader.open(database) as reader:
            places, request = _chosen(reader, wanted, settings)
        if not places:
            click.echo("No post is concerned; nothing was removed.", err=True)
            return
        if dry_run:
            click.echo(f"{len(places):,} posts would be removed.")
            return
        copies = [one.path for one in backup.backups_in(backups_folder(settings, database, None))]
        if not yes:
            click.confirm(
                f"Remove {len(places):,} posts for good from {database} and {len(copies)} backups?",
                abort=True,
                err=True,
            )
        done = purging.purge_all(database, copies, places, request, datetime.now(UTC))
    for path, removed in done:
        click.echo(f"{path}: {removed.posts:,} posts removed")
    _warn_of_others(database)


def _check(wanted: Wanted, settings: Settings) -> None:
    ways = [wanted.person, wanted.channel, wanted.before, wanted.retention or None]
    if sum(way is not None for way in ways) != 1:
        start.fail("Say which posts, in one way: --person NAME, --channel NAME, --before DATE or --retention")
    if wanted.retention and settings.retention_days is None:
        start.fail("--retention needs the setting RETENTION_DAYS: after how many days posts are removed")
    if wanted.person is not None and wanted.reference is not None and wanted.person.lower() in wanted.reference.lower():
        start.fail("--reference must not hold the name: it stays in the audit; give a file number")


def _chosen(reader: Reader, wanted: Wanted, settings: Settings) -> tuple[list[Place], Request]:
    if wanted.person is not None:
        return _naming(reader, wanted), Request("person", reference=wanted.reference)
    if wanted.channel is not None:
        key = _channel_key(reader, wanted.channel)
        return reader.read(purging.posts_of_channel, key), Request("channel", str(key), wanted.reference)
    if wanted.before is not None:
        day = wanted.before.replace(tzinfo=UTC)
        places = reader.read(purging.posts_before, day, with_matches=wanted.everything)
        return places, Request("before", f"{day:%Y-%m-%d}", wanted.reference)
    assert settings.retention_days is not None
    places = reader.read(purging.posts_past_retention, datetime.now(UTC), settings.retention_days)
    return places, Request("retention", f"{settings.retention_days} days", wanted.reference)


def _naming(reader: Reader, wanted: Wanted) -> list[Place]:
    """Read every stored text once with a rule for this one person."""
    assert wanted.person is not None
    matcher = compile_rules(_rule_for(wanted))
    places: dict[Place, None] = {}
    for key, post_id, text in reader.read(purging.texts):
        if matcher.find(text).entities:
            places[key, post_id] = None
    return list(places)


def _rule_for(wanted: Wanted) -> RuleSet:
    """Take the person of the rules who is called so, else make one of the name as it is written."""
    assert wanted.person is not None
    name = " ".join(wanted.person.split())
    known = start.rule_set((), False, start.settings().rules)
    for entity in known.entities:
        if name.lower() in (entity.id, entity.name.lower()):
            return RuleSet((), (entity,))
    person = Entity(
        id="person",
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
