"""The store as the outboxes see it: what is due, what went out, what stands in the way."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from monitor.alerts.notifier import Dispatch
from monitor.alerts.outbox import Item, Standing, Work
from monitor.reading.writer import Writer
from monitor.store import outbox
from monitor.store.alerts import read_alerts
from monitor.store.outbox import DueAlert, DueNote
from monitor.store.store import Store


class StoreLedger:
    """What the outbox of any notifier needs of the store: the alerts of one origin. The word of `chief` makes an alert
    told."""

    def __init__(self, writer: Writer, chief: str, origin: str = outbox.RUN) -> None:
        self._writer = writer
        self._chief = chief
        self._origin = origin

    async def standing(self, notifier: str, since: datetime) -> Standing:
        """Open the outbox of a notifier; return what it remembers, with the times of messages from `since` on."""
        held = await self._writer.write(outbox.open_outbox, notifier, since, self._origin)
        recent = await self._writer.read(outbox.sent_since, notifier, since)
        return Standing(held.failures, held.retry_at, tuple(recent))

    async def next(self, notifier: str, now: datetime, *, edits: bool) -> Item | None:
        """Return what is to go out first: notices, alerts, then what is to be brought up to date."""
        return await self._writer.call(partial(_next, notifier=notifier, now=now, edits=edits))

    async def next_at(self, notifier: str, now: datetime, *, edits: bool) -> datetime | None:
        """Return when something will be due that is not yet; None: nothing is in sight."""
        return await self._writer.read(outbox.next_at, notifier, now, edits=edits)

    async def done(self, notifier: str, item: Item, now: datetime, message: str | None) -> None:
        """Note that a message went out or was edited."""
        chief = notifier == self._chief
        if item.work is Work.NOTICE:
            await self._writer.write(outbox.note_notice_sent, notifier, item.id, now, message, chief=chief)
            return
        due = DueAlert(item.id, item.how.random_id, item.how.ring, item.version, item.how.reply_to, item.sent)
        await self._writer.write(outbox.note_sent, notifier, due, now, message, chief=chief)

    async def refused(self, notifier: str, item: Item, now: datetime, reason: str) -> None:
        """Note that the notifier does not take this message."""
        await self._writer.write(outbox.note_refused, notifier, item.work.value, item.id, now, reason)

    async def held(self, notifier: str, failures: int, until: datetime | None, fault: str | None) -> None:
        """Note what stands in the notifier's way and until when."""
        await self._writer.write(outbox.note_held, notifier, failures, until, fault)


def _next(store: Store, notifier: str, now: datetime, edits: bool) -> Item | None:
    note = store.read(outbox.next_note, notifier, now)
    if note is not None:
        return _of_note(note)
    due = store.read(outbox.next_alert, notifier, now)
    if due is None and edits:
        due = store.read(outbox.next_edit, notifier, now)
    if due is None:
        return None
    [alert] = store.read(read_alerts, [due.alert])
    how = Dispatch(due.random_id, due.ring, due.reply_to)
    return Item(Work.ALERT if due.sent is None else Work.EDIT, due.alert, alert, how, due.version, due.sent)


def _of_note(due: DueNote) -> Item:
    ring = due.note.level.rank > 1
    return Item(Work.NOTICE, due.note.id, due.note, Dispatch(due.random_id, ring))
