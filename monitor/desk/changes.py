"""The commands and presses that change something: each change is a line of the audit."""

from __future__ import annotations

from datetime import timedelta

from monitor.alerts.buttons import Mute
from monitor.alerts.message import one_line
from monitor.alerts.phrases import local_time
from monitor.alerts.silences import plain_words
from monitor.desk.arguments import WrongForm, mute_wish, number
from monitor.desk.ports import Ports
from monitor.desk.values import Person
from monitor.models import Alert, Silence
from monitor.reading.channel_list import parse_names
from monitor.store import audit, wishes
from monitor.store.audit import ACKNOWLEDGE, FALSE_ALARM, Entry
from monitor.store.silences import add_silence, end_silence
from monitor.store.store import Store


async def mute(ports: Ports, person: Person, rest: str) -> str:
    """Mute a rule, an entity, a channel or words for a time."""
    wish = mute_wish(rest)
    now = ports.now()
    known = ports.rules()
    if wish.rule is not None and wish.rule not in {rule.id for rule in known.rules}:
        raise WrongForm(f"There is no rule {one_line(wish.rule)}; /rules lists them.")
    if wish.entity is not None and wish.entity not in {one.id for one in known.entities}:
        raise WrongForm(f"There is no entity {one_line(wish.entity)}; write its id, as in yevgeny-prigozhin.")
    channel = await _channel_key(ports, wish.channel) if wish.channel is not None else None
    text = plain_words(wish.text).strip() if wish.text is not None else None
    if wish.text is not None and not text:
        raise WrongForm("There is no word in that text.")
    silence = Silence(now, now + wish.length, wish.rule, wish.entity, channel, text, by=person.name)
    made = await _silence(ports, person, silence, None, rest)
    return f"Muted until {local_time(silence.until, ports.zone)}. Silence {made}: /unmute {made} ends it."


async def unmute(ports: Ports, person: Person, rest: str) -> str:
    """End a silence."""
    which = number(rest, "/unmute NUMBER — as /silences shows it")
    now = ports.now()

    def work(store: Store) -> bool:
        ended = store.write(end_silence, which, now, person.name)
        if ended:
            store.write(audit.note, Entry(now, person.id, person.name, "unmute", f"silence {which}"))
        return ended

    if not await ports.store.call(work):
        raise WrongForm(f"There is no silence {which}, or it is over; /silences lists them.")
    return f"Silence {which} is over."


async def add(ports: Ports, person: Person, rest: str) -> str:
    """Have a channel read."""
    return await _watch(ports, person, rest, watched=True)


async def remove(ports: Ports, person: Person, rest: str) -> str:
    """Have a channel read no more."""
    return await _watch(ports, person, rest, watched=False)


async def judge(ports: Ports, person: Person, alert: int, action: str) -> bool:
    """Note an analyst's word on an alert; False: it was said already."""
    now = ports.now()

    def work(store: Store) -> bool:
        if store.read(audit.last_word, alert, person.id) == action:
            return False
        store.write(audit.note, Entry(now, person.id, person.name, action, "", alert))
        return True

    assert action in (ACKNOWLEDGE, FALSE_ALARM)
    return await ports.store.call(work)


async def mute_alert(ports: Ports, person: Person, alert: Alert, what: Mute) -> str:
    """Mute the rules of an alert, its channel, or these rules in this channel."""
    now = ports.now()
    channel = await _channel_key(ports, str(alert.post.channel.id or alert.post.channel.name)) if what.channel else None
    rules = [match.rule for match in alert.findings.matches] if what.rules else [None]
    for rule in rules:
        silence = Silence(now, now + what.length, rule, channel=channel, by=person.name)
        await _silence(ports, person, silence, alert.id, f"by a button: {rule or 'everything'}")
    return f"Muted for {_hours(what.length)}: /silences"


async def _silence(ports: Ports, person: Person, silence: Silence, alert: int | None, detail: str) -> int:
    def work(store: Store) -> int:
        made = store.write(add_silence, silence)
        store.write(audit.note, Entry(silence.made, person.id, person.name, "mute", detail, alert))
        return made

    return await ports.store.call(work)


async def _watch(ports: Ports, person: Person, rest: str, *, watched: bool) -> str:
    verb = "add" if watched else "remove"
    found = parse_names(rest)
    if len(found.channels) != 1 or found.faults:
        raise WrongForm(f"/{verb} @CHANNEL — one public channel: @name, t.me/name or its id")
    [channel] = found.channels
    now = ports.now()

    def work(store: Store) -> None:
        store.write(wishes.watch, channel.key, channel.given, watched, now, person.name)
        store.write(audit.note, Entry(now, person.id, person.name, verb, channel.given))

    await ports.store.call(work)
    ports.read_channels()
    given = one_line(channel.given)
    if watched:
        return f"{given} will be looked up and read from now on; /channels tells what came of it."
    return f"{given} is not read any more; what is stored of it stays."


async def _channel_key(ports: Ports, name: str) -> int:
    bare = name.removeprefix("@").lower()

    def find(store: Store) -> int | None:
        for one in store.channels():
            if bare in (str(one.key), (one.channel.name or "").lower()):
                return one.key
        return None

    key = await ports.store.call(find)
    if key is None:
        raise WrongForm(f"No channel {one_line(name)} is read; /channels lists them.")
    return key


def _hours(length: timedelta) -> str:
    return f"{round(length / timedelta(hours=1))} h"
