"""Alerts on the screen."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from rich.console import Console
from rich.text import Text

from monitor.alerts.render import render
from monitor.models import Alert, Level

_LEVELS = {Level.HIGH: "bold white on red", Level.MEDIUM: "bold black on yellow", Level.LOW: "bold"}
_STYLES = {"mention": "bold yellow", "dim": "dim", "link": "cyan"}
_MARK_OPEN, _MARK_CLOSE = "⟦", "⟧"


class ConsoleNotifier:
    """Prints alerts: in colour on a terminal; elsewhere as plain text with the mentions between ⟦ and ⟧."""

    name = "console"

    def __init__(self, console: Console, zone: ZoneInfo) -> None:
        self._console = console
        self._zone = zone

    async def send(self, alert: Alert) -> str | None:
        """Print `alert` and an empty line."""
        if self._console.is_terminal:
            self._console.print(self._coloured(alert), soft_wrap=False)
            self._console.print()
        else:
            self._console.file.write(plain(alert, self._zone) + "\n\n")
        return None

    def _coloured(self, alert: Alert) -> Text:
        rendered = render(alert, zone=self._zone)
        text = Text(rendered.text)
        for style in rendered.styles:
            text.stylize(_LEVELS[alert.level] if style.kind == "level" else _STYLES[style.kind], style.start, style.end)
        return text


def plain(alert: Alert, zone: ZoneInfo) -> str:
    """Write an alert as plain text with its mentions between ⟦ and ⟧."""
    rendered = render(alert, zone=zone)
    text = rendered.text
    for style in sorted(rendered.styles, key=lambda style: style.start, reverse=True):
        if style.kind == "mention":
            inside = text[style.start : style.end]
            text = text[: style.start] + _MARK_OPEN + inside + _MARK_CLOSE + text[style.end :]
    return text
