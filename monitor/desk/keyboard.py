"""The buttons of an alert and of a page, with what they carry. Pure."""

from __future__ import annotations

from datetime import datetime

from monitor.alerts.buttons import Action, Button, buttons
from monitor.alerts.message import one_line
from monitor.desk.callbacks import Callback, Press, Sealer, of_mute
from monitor.desk.values import Keys
from monitor.models import AnyAlert, Bundle, Message, Note
from monitor.store.audit import Verdict

_NAMES = 24  # characters of the names on a button


def alert_keys(message: Message, verdict: Verdict, sealer: Sealer, chat: int, now: datetime) -> Keys:
    """Return the buttons of a message; those that were pressed show by whom."""
    alert = asked_about(message)
    if alert is None or alert.id is None:
        return ()
    return [[_key(button, alert.id, verdict, sealer, chat, now) for button in row] for row in buttons(alert)]


def asked_about(message: Message) -> AnyAlert | None:
    """Return the alert that the buttons of a message are about: of a bundle of one its member; None: of a note none."""
    if isinstance(message, Note):
        return None
    return (message.only or message) if isinstance(message, Bundle) else message


def page_keys(question: int, number: int, of: int, sealer: Sealer, chat: int, now: datetime) -> Keys:
    """Return the buttons that turn the pages of an answer; none where there is but one."""
    turns = [("‹ Back", number - 1)] if number > 0 else []
    turns += [("More ›", number + 1)] if number + 1 < of else []
    row = [(label, sealer.seal(Callback(Press.PAGE, question, to), chat, now)) for label, to in turns]
    return [row] if row else ()


def _key(
    button: Button, alert: int, verdict: Verdict, sealer: Sealer, chat: int, now: datetime
) -> tuple[str, str | bytes]:
    label = button.label
    match button.action:
        case Action.OPEN:
            return label, button.url or ""
        case Action.ACKNOWLEDGE:
            callback = Callback(Press.ACKNOWLEDGE, alert)
            label = _pressed(label, verdict.acknowledged)
        case Action.FALSE_ALARM:
            callback = Callback(Press.FALSE_ALARM, alert)
            label = _pressed(label, verdict.false_alarm)
        case Action.MUTE:
            assert button.mute is not None
            callback = Callback(Press.MUTE, alert, of_mute(button.mute))
        case Action.WHY:
            callback = Callback(Press.WHY, alert)
    return label, sealer.seal(callback, chat, now)


def _pressed(label: str, by: tuple[str, ...]) -> str:
    return f"✓ {label}: {one_line(', '.join(by), _NAMES)}" if by else label
