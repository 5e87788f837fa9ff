"""The work behind `monitor search` and `monitor alerts`: looks into the store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import click
import orjson
from rich.console import Console

from monitor.alerts.console import ConsoleNotifier
from monitor.alerts.message import Lines, Rendered, one_line
from monitor.alerts.phrases import local_time
from monitor.alerts.webhook import payload
from monitor.cli import start
from monitor.cli.summary import counted
from monitor.desk.lists import is_of
from monitor.desk.wording import alert_item, found_item
from monitor.language.fold import fold_form
from monitor.language.searching import search_forms
from monitor.models import AnyAlert, Level
from monitor.store import audit, outbox
from monitor.store.reader import Reader
from monitor.store.records import Found

_LOOKED_THROUGH = 20_000


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which alerts are wanted."""

    limit: int
    of: str | None
    level: str | None
    since: datetime | None
    waiting: bool


def search(words: str, limit: int, *, exact: bool, best: bool, form: str, db: str | None) -> int:
    """Print the posts that hold all the words; return the exit code."""
    zone = start.settings().zone
    with start.reader(db) as store:
        found = store.search(fold_form(words), limit=limit, by_rank=best, forms=None if exact else search_forms)
    for one in found:
        if form == "jsonl":
            click.echo(orjson.dumps(_post(one)))
        else:
            click.echo(_text(found_item(one, zone).rendered(None)) + "\n")
    click.echo(_how_many(len(found), "post", limit), err=True)
    return 0 if found else 1


def list_alerts(chosen: Chosen, form: str, db: str | None) -> int:
    """Print the newest alerts that are wanted; return the exit code."""
    zone = start.settings().zone
    with start.reader(db) as store:
        found = list(_wanted(store, chosen))
        states = store.read(outbox.states, [one.id or 0 for one in found])
        verdicts = store.read(audit.verdicts, [one.id or 0 for one in found])
    for one in found:
        state = states.get(one.id or 0, "")
        if form == "jsonl":
            click.echo(orjson.dumps({**payload(one, zone), "state": state}))
        else:
            lines = Lines()
            lines.extend(alert_item(one, verdicts[one.id or 0], zone))
            click.echo(_text(lines.rendered(None)) + f"\n{state}\n")
    click.echo(_how_many(len(found), "alert", chosen.limit), err=True)
    return 0


def one_alert(number: int, db: str | None) -> int:
    """Print one alert whole, its deliveries, and what analysts said of it; return the exit code."""
    zone = start.settings().zone
    with start.reader(db) as store:
        alert = store.alert(number)
        if alert is None:
            start.fail(f"There is no alert {number}; monitor alerts lists them")
        deliveries = store.read(outbox.deliveries, number)
        state = store.read(outbox.states, [number])[number]
        verdict = store.read(audit.verdicts, [number])[number]
    ConsoleNotifier(Console(highlight=False, markup=False, emoji=False), zone).show(alert)
    click.echo(f"State: {state}")
    for one in deliveries:
        message = f" (message {one.message})" if one.message else ""
        click.echo(f"  {one.outcome} by {one.notifier} {local_time(one.at, zone)}{message}")
    for name in verdict.acknowledged:
        click.echo(f"  acknowledged by {one_line(name)}")
    for name in verdict.false_alarm:
        click.echo(f"  called a false alarm by {one_line(name)}")
    return 0


def _how_many(found: int, noun: str, limit: int) -> str:
    return counted(found, noun) + (" or more: -n shows more" if found == limit else "")


def _wanted(store: Reader, chosen: Chosen) -> Iterator[AnyAlert]:
    since = chosen.since.replace(tzinfo=UTC) if chosen.since else None
    filtered = chosen.of is not None or chosen.level is not None or chosen.waiting
    alerts = store.alerts(since=since, limit=_LOOKED_THROUGH if filtered else chosen.limit)
    states = store.read(outbox.states, [one.id or 0 for one in alerts]) if chosen.waiting else {}
    lowest = Level(chosen.level).rank if chosen.level else 0
    left = chosen.limit
    for alert in alerts:
        if alert.level.rank < lowest or (chosen.of is not None and not is_of(alert, chosen.of)):
            continue
        if chosen.waiting and not states[alert.id or 0].startswith("due"):
            continue
        if left == 0:
            return
        left -= 1
        yield alert


def _post(found: Found) -> dict[str, Any]:
    post = found.post
    return {
        "channel": post.channel.name or post.channel.title or post.channel.id,
        "post_id": post.id,
        "date": post.date,
        "url": post.url,
        "language": found.language,
        "text": post.text,
        "revision": found.revision,
        "current": found.current,
    }


def _text(rendered: Rendered) -> str:
    text = rendered.text
    for style in reversed([one for one in rendered.styles if one.kind == "mention"]):
        text = f"{text[: style.start]}⟦{text[style.start : style.end]}⟧{text[style.end :]}"
    return text.replace("\u2068", "").replace("\u2069", "")
