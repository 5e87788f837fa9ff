"""`monitor channels`: the list as it stands, and changes to it that outlive a change of the list."""

from __future__ import annotations

import getpass
import time
from datetime import UTC, datetime

import click

from monitor.alerts.passage import harmless
from monitor.cli import start
from monitor.cli.listing import listed
from monitor.cli.table import fitted
from monitor.config import ConfigError, Settings
from monitor.health import report
from monitor.instance import InstanceLock
from monitor.reading.channel_list import Wanted, parse_name
from monitor.reading.roster import effective
from monitor.store import wishes
from monitor.store.store import Store, StoreError

_COLUMNS = ("channel", "id", "title", "state", "weight", "level", "lang", "listed")
_LESS = ("lang", "weight", "level", "title", "listed", "id")  # what a narrow terminal goes without
_PATIENCE = 20.0  # seconds in which a running monitor answers
_IDS = {"ignore_unknown_options": True}  # an id, as bots see it, begins with a minus: -1001234567890


@click.group(invoke_without_command=True)
@click.pass_context
def channels(context: click.Context) -> None:
    """List the channels that are read; add, remove, join and leave some.

    What is added and removed here is kept in the database, and goes before CHANNELS and CHANNELS_FILE.
    """
    if context.invoked_subcommand is None:
        _list()


@channels.command(context_settings=_IDS)
@click.argument("names", nargs=-1, required=True, metavar="NAME…")
def add(names: tuple[str, ...]) -> None:
    """Read these channels, too."""
    settings = start.settings()
    wanted = [_parsed(name) for name in names]
    with _store(settings) as store:
        there = {one.key for one in _effective(settings, store)}
        for one in wanted:
            if one.key in there:
                click.echo(f"{one.given} is read already.")
                continue
            store.write(wishes.watch, one.key, one.given, True, _now(), _who())
            click.echo(f"{one.given} {_will_be_read(settings)}; `monitor status` says what came of it.")


@channels.command(context_settings=_IDS)
@click.argument("names", nargs=-1, required=True, metavar="NAME…")
def remove(names: tuple[str, ...]) -> None:
    """Read these channels no more; what is stored of them stays."""
    settings = start.settings()
    wanted = [_parsed(name) for name in names]
    with _store(settings) as store:
        there = {one.key for one in _effective(settings, store)}
        for one in wanted:
            if one.key not in there:
                start.fail(f"{one.given} is not on the list; `monitor channels` shows what is.")
            store.write(wishes.watch, one.key, one.given, False, _now(), _who())
            click.echo(f"{one.given} is not read any more, {_from_when(settings)}; what is stored of it stays.")


@channels.command(context_settings=_IDS)
@click.argument("name")
def join(name: str) -> None:
    """Join a channel with the reading account.

    Telegram then pushes its posts. Channels are read without joining, too, only a little later. An account can be in
    about 500.
    """
    _membership(name, joined=True)


@channels.command(context_settings=_IDS)
@click.argument("name")
def leave(name: str) -> None:
    """Leave a channel; it is read on."""
    _membership(name, joined=False)


def _membership(name: str, *, joined: bool) -> None:
    settings = start.settings()
    one = _parsed(name)
    if settings.source != "telegram":
        start.fail("Only an account can join channels; set SOURCE=telegram and sign in with `monitor login`.")
    with _store(settings) as store:
        if one.key not in {wanted.key for wanted in _effective(settings, store)}:
            start.fail(f"{one.given} is not on the list; `monitor channels add {one.given}` first.")
        store.write(wishes.join, one.key, one.given, joined, _now(), _who())
        if InstanceLock(settings.database).holder() is None:
            click.echo(f"Noted; `monitor run` {'joins' if joined else 'leaves'} {one.given} when it runs.")
            return
        answer = _answer(store, one.key)
    if answer is None:
        click.echo("Noted; the monitor does it as soon as Telegram lets it. `monitor channels` shows when it is done.")
    else:
        click.echo(f"{one.given}: {answer}")


def _answer(store: Store, key: str) -> str | None:
    """Wait a little for the running monitor to carry a wish out."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        answer = next((one.answer for one in store.read(wishes.wishes) if one.name_key == key and one.done_at), None)
        if answer is not None:
            return answer
        time.sleep(0.1)
    return None


def _list() -> None:
    settings = start.settings()
    with _store(settings) as store:
        wanted = _effective(settings, store)
        asked = {one.name_key: one for one in store.read(wishes.wishes)}
        found = report(store, settings.source, wanted, _now(), process=None, longest=settings.poll_max_interval)
    rows = []
    for one, coverage in zip(wanted, found.coverage, strict=True):
        channel = coverage.channel
        row = (
            harmless(coverage.label),
            "" if channel is None or channel.id is None else str(channel.id),
            harmless(channel.title or "") if channel is not None else "",
            coverage.standing + (", joined" if coverage.joined else ""),
            f"{one.weight:g}",
            one.level.value if one.level is not None else "",
            one.language or "",
            f"by {asked[one.key].made_by}" if one.place == "added by command" else one.place,
        )
        rows.append(row)
    console = start.console()
    console.print(fitted(console, _COLUMNS, rows, _LESS))
    removed = [wish.given for wish in asked.values() if wish.watched is False]
    if removed:
        click.echo(f"Taken off the list by command: {', '.join(map(harmless, removed))}")
    for coverage in found.coverage:
        if coverage.answer:
            click.echo(harmless(coverage.answer))


def _effective(settings: Settings, store: Store) -> list[Wanted]:
    try:
        return effective(listed(settings).channels, store.read(wishes.wishes))
    except ConfigError as error:
        start.fail(str(error))


def _parsed(name: str) -> Wanted:
    wanted = parse_name(name)
    if isinstance(wanted, str):
        start.fail(wanted)
    return wanted


def _store(settings: Settings) -> Store:
    try:
        settings.database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Store.open(settings.database)
    except (StoreError, OSError) as error:
        start.fail(str(error))


def _from_when(settings: Settings) -> str:
    return "from now on" if InstanceLock(settings.database).holder() is not None else "when `monitor run` runs"


def _will_be_read(settings: Settings) -> str:
    if InstanceLock(settings.database).holder() is not None:
        return "will be read once Telegram finds it" if settings.source == "telegram" else "is looked for on t.me"
    return "will be looked up when `monitor run` runs"


def _now() -> datetime:
    return datetime.now(UTC)


def _who() -> str:
    return f"{getpass.getuser()} (command line)"
