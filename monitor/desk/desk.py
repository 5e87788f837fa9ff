"""The desk: who may speak, which command is meant, and what is answered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from monitor.alerts.message import Lines, Rendered, clip, one_line
from monitor.desk import changes, lists, wording
from monitor.desk.arguments import Command, WrongForm, command
from monitor.desk.callbacks import Callback, Press, to_mute
from monitor.desk.keyboard import alert_keys, page_keys
from monitor.desk.pages import Listing, page
from monitor.desk.ports import Ports
from monitor.desk.values import Answer, Person, Pressed, Reaction, Said
from monitor.models import Alert, FollowUp
from monitor.store import audit

log = structlog.get_logger()

_WORD_UNITS = 190  # Telegram shows 200 characters where a button was pressed

Tell = Callable[[Ports, str], Awaitable[Listing]]
Change = Callable[[Ports, Person, str], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Entry:
    """A command of the menu: its name, what it does in a few words, and how; it either tells or changes something."""

    name: str
    does: str
    tell: Tell | None = None
    change: Change | None = None


MENU = (
    Entry("status", "how the reading goes, what holds it", lists.status),
    Entry("last", "[number] [rule, @entity or channel]: the newest alerts", lists.last),
    Entry("search", "words: posts that hold them, in any form", lists.search),
    Entry("why", "number: why an alert rang", lists.why),
    Entry("channels", "how far each channel is read", lists.channels),
    Entry("add", "@channel: have it read", change=changes.add),
    Entry("remove", "@channel: have it read no more", change=changes.remove),
    Entry("rules", "the rules in force", lists.rules),
    Entry("mute", "length, rule, entity, channel or text: silence it for a time", change=changes.mute),
    Entry("silences", "what is muted until when", lists.silent),
    Entry("unmute", "number: end a silence", change=changes.unmute),
    Entry("digest", "the day so far"),
    Entry("test", "text: what the rules find in it", lists.test),
    Entry("help", "this list"),
)
_BY_NAME = {entry.name: entry for entry in MENU}


class Desk:
    """Answers the analysts, in the analyst chat and in private; nobody else hears anything."""

    def __init__(self, ports: Ports, chat: int, analysts: tuple[int, ...], bot_name: str | None = None) -> None:
        self._ports = ports
        self._chat = chat
        self._analysts = frozenset(analysts)
        self.bot_name = bot_name

    async def said(self, said: Said) -> list[Answer]:
        """Answer a message; nothing to who may not ask, and to what is no command."""
        asked = command(said.text)
        if asked is None or not self._is_for_us(asked):
            return []
        if not self._may(said.chat, said.person):
            log.warning("stranger", what="command", person=said.person.id, chat=said.chat)
            return []
        known = asked.name if asked.name in _BY_NAME else "unknown"
        log.info("asked", command=known, person=said.person.id)
        try:
            return [await self._answer(said, asked)]
        except WrongForm as wrong:
            return [Answer(_plain(str(wrong)))]

    async def pressed(self, pressed: Pressed) -> Reaction | None:
        """React to a button; None to who may not press, and to what we did not make."""
        if not self._may(pressed.chat, pressed.person):
            log.warning("stranger", what="button", person=pressed.person.id, chat=pressed.chat)
            return None
        callback = self._ports.sealer.open(pressed.data, pressed.chat, self._ports.now())
        if callback == "expired":
            return Reaction("This button is too old; /last shows the alerts with fresh numbers.")
        if not isinstance(callback, Callback):
            log.warning("forged_button", person=pressed.person.id, chat=pressed.chat)
            return None
        try:
            if callback.press is Press.PAGE:
                return await self._turn(pressed, callback)
            return await self._on_alert(pressed, callback)
        except WrongForm as wrong:
            return Reaction(clip(str(wrong), _WORD_UNITS))

    def _may(self, chat: int, person: Person) -> bool:
        return person.id in self._analysts and chat in (self._chat, person.id)

    def _is_for_us(self, asked: Command) -> bool:
        return asked.bot is None or self.bot_name is None or asked.bot.lower() == self.bot_name.lower()

    async def _answer(self, said: Said, asked: Command) -> Answer:
        if asked.name in ("help", "start"):
            return Answer(_help())
        entry = _BY_NAME.get(asked.name)
        if entry is None:
            raise WrongForm(f"There is no command /{one_line(asked.name, 40)}; /help lists them.")
        if asked.name == "digest":
            return await self._ports.digest(self._ports.now())
        if entry.change is not None:
            return Answer(_plain(await entry.change(self._ports, said.person, asked.rest)))
        assert entry.tell is not None
        listing = await entry.tell(self._ports, asked.rest)
        first = page(listing, 0)
        if first.of == 1:
            return Answer(first.rendered)
        question = await self._ports.store.write(audit.ask, said.text, self._ports.now())
        return self._page(listing, question, 0, said.chat)

    async def _turn(self, pressed: Pressed, callback: Callback) -> Reaction:
        text = await self._ports.store.call(lambda store: store.read(audit.question, callback.subject))
        asked = command(text) if text is not None else None
        entry = _BY_NAME.get(asked.name) if asked is not None else None
        if asked is None or entry is None or entry.tell is None:
            return Reaction("This answer is too old; ask again.")
        listing = await entry.tell(self._ports, asked.rest)
        return Reaction("", instead=self._page(listing, callback.subject, callback.parameter, pressed.chat))

    def _page(self, listing: Listing, question: int, number: int, chat: int) -> Answer:
        shown = page(listing, number)
        keys = page_keys(question, shown.number, shown.of, self._ports.sealer, chat, self._ports.now())
        return Answer(shown.rendered, keys)

    async def _on_alert(self, pressed: Pressed, callback: Callback) -> Reaction:
        alert = await self._ports.store.call(lambda store: store.alert(callback.subject))
        if not isinstance(alert, Alert | FollowUp):
            return Reaction("This alert is not there any more.")
        match callback.press:
            case Press.WHY:
                lines = wording.why_lines(alert, lists.explained(self._ports, alert))
                return Reaction("", Answer(lines.rendered(None)))
            case Press.MUTE if isinstance(alert, Alert):
                return Reaction(
                    await changes.mute_alert(self._ports, pressed.person, alert, to_mute(callback.parameter))
                )
            case Press.ACKNOWLEDGE | Press.FALSE_ALARM:
                return await self._judged(pressed, alert, callback.press)
        return Reaction("This button asks for nothing here.")

    async def _judged(self, pressed: Pressed, alert: Alert | FollowUp, press: Press) -> Reaction:
        action = audit.ACKNOWLEDGE if press is Press.ACKNOWLEDGE else audit.FALSE_ALARM
        new = await changes.judge(self._ports, pressed.person, alert.id or 0, action)
        verdicts = await self._ports.store.call(lambda store: store.read(audit.verdicts, [alert.id or 0]))
        keys = alert_keys(alert, verdicts[alert.id or 0], self._ports.sealer, pressed.chat, self._ports.now())
        word = (
            "Acknowledged." if press is Press.ACKNOWLEDGE else "Noted as a false alarm; it counts for the rules' score."
        )
        return Reaction(word if new else "You said so already.", keys=keys)


def _help() -> Rendered:
    lines = Lines()
    for entry in MENU:
        lines.add(f"/{entry.name}", "level")
        lines.line(f" {entry.does}")
    return lines.rendered(None)


def _plain(text: str) -> Rendered:
    lines = Lines()
    lines.line(clip(text, lines.room - 2))
    return lines.rendered(None)
