"""The buttons under an alert, as values: what each says and what it asks for. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from monitor.models import Alert, AnyAlert, FollowUp

_RULE_MUTED = _CHANNEL_MUTED = timedelta(hours=24)


class Action(StrEnum):
    """What a button asks for."""

    OPEN = "open"
    ACKNOWLEDGE = "acknowledge"
    FALSE_ALARM = "false_alarm"
    MUTE = "mute"
    WHY = "why"


@dataclass(frozen=True, slots=True)
class Mute:
    """What a button mutes, from the press on and for how long: the rules of the alert, its channel, or (both) these
    rules in this channel."""

    length: timedelta
    rules: bool
    channel: bool


@dataclass(frozen=True, slots=True)
class Button:
    """A button: its label, what it asks for, the page that it opens, what it mutes."""

    label: str
    action: Action
    url: str | None = None
    mute: Mute | None = None


_MUTES = (
    Button("Mute 1 h", Action.MUTE, mute=Mute(timedelta(hours=1), rules=True, channel=True)),
    Button("Mute 8 h", Action.MUTE, mute=Mute(timedelta(hours=8), rules=True, channel=True)),
    Button("Mute rule 24 h", Action.MUTE, mute=Mute(_RULE_MUTED, rules=True, channel=False)),
    Button("Mute channel 24 h", Action.MUTE, mute=Mute(_CHANNEL_MUTED, rules=False, channel=True)),
)
_ACKNOWLEDGE = Button("Acknowledge", Action.ACKNOWLEDGE)
_FALSE_ALARM = Button("False alarm", Action.FALSE_ALARM)
_WHY = Button("Why", Action.WHY)


def buttons(alert: AnyAlert) -> tuple[tuple[Button, ...], ...]:
    """Return the rows of buttons of an alert: all of them for a post, Open and Why for a reply, none for a bundle."""
    match alert:
        case Alert():
            return (
                (*_open(alert.post.url), _ACKNOWLEDGE, _FALSE_ALARM),
                _MUTES[:2],
                _MUTES[2:],
                (_WHY,),
            )
        case FollowUp():
            return ((*_open(alert.after.url), _WHY),)
        case _:
            return ()


def _open(url: str | None) -> tuple[Button, ...]:
    # Telegram refuses a message whose button leads to anything but a page.
    return (Button("Open", Action.OPEN, url=url),) if url and url.startswith(("https://", "http://")) else ()
