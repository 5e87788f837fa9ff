"""Alerts on the screen."""

from __future__ import annotations

import unicodedata
from datetime import date
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.text import Text

from monitor.alerts.notifier import Dispatch, Limit
from monitor.alerts.render import Rendered, Style, merged, render
from monitor.models import Level, Message

_LEVELS = {Level.HIGH: "bold white on red", Level.MEDIUM: "bold black on yellow", Level.LOW: "bold"}
_STYLES = {"mention": "bold yellow", "dim": "dim", "link": "cyan", "gone": "red strike", "new": "bold green"}
_MARKED = ("mention", "gone", "new")
_ISOLATES = "\u2068\u2069"
_RIGHT_TO_LEFT = ("R", "AL")


class ConsoleNotifier:
    """Prints alerts under a heading for each day: in colour on a terminal; elsewhere as plain text with the mentions
    between ⟦ and ⟧."""

    name = "console"
    limits: tuple[Limit, ...] = ()
    edits = False

    def __init__(self, console: Console, zone: ZoneInfo) -> None:
        self._console = console
        self._zone = zone
        self._day: date | None = None

    async def send(self, message: Message, how: Dispatch | None = None) -> str | None:
        """Print a message and an empty line; what is printed has left this process."""
        day = message.at.astimezone(self._zone).date()
        if day != self._day:
            self._head(day)
            self._day = day
        self.show(message)
        self._console.file.flush()
        return None

    def show(self, message: Message) -> None:
        """Print a message and an empty line."""
        if self._console.is_terminal:
            self._console.print(_coloured(message, self._zone), soft_wrap=False)
            self._console.print()
        else:
            self._console.file.write(plain(message, self._zone) + "\n\n")

    async def edit(self, message: Message, how: Dispatch, sent: str) -> None:
        """Do nothing: what is printed stays."""

    async def close(self) -> None:
        """Do nothing: the screen stays open."""

    def _head(self, day: date) -> None:
        name = f"{day:%A} {day.day} {day:%B} {day.year}"
        if self._console.is_terminal:
            self._console.rule(Text(name, style="bold"))
            self._console.print()
        else:
            self._console.file.write(f"── {name} ──\n\n")


def plain(alert: Message, zone: ZoneInfo) -> str:
    """Write an alert as plain text with its mentions, and what an edit took away and brought, between ⟦ and ⟧."""
    rendered = _for_screen(alert, zone)
    text = rendered.text
    for start, end in reversed(merged((s.start, s.end) for s in rendered.styles if s.kind in _MARKED)):
        text = f"{text[:start]}⟦{text[start:end]}⟧{text[end:]}"
    return text


def _coloured(alert: Message, zone: ZoneInfo) -> Text:
    rendered = _for_screen(alert, zone)
    text = Text(rendered.text)
    for style in rendered.styles:
        text.stylize(_LEVELS[alert.level] if style.kind == "level" else _STYLES[style.kind], style.start, style.end)
    return text


def _for_screen(alert: Message, zone: ZoneInfo) -> Rendered:
    return _bare(render(alert, zone=zone))


def _bare(rendered: Rendered) -> Rendered:
    """Take the isolates out, which pagers show as codes; a text that runs from right to left keeps them."""
    text = rendered.text
    if any(unicodedata.bidirectional(char) in _RIGHT_TO_LEFT for char in text):
        return rendered
    kept = [0]  # how many characters are left of each prefix of the text
    for char in text:
        kept.append(kept[-1] + (char not in _ISOLATES))
    styles = tuple(Style(kept[style.start], kept[style.end], style.kind) for style in rendered.styles)
    return Rendered("".join(char for char in text if char not in _ISOLATES), styles, rendered.url)
