"""What is said and pressed in the chat, and what is answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.alerts.message import Rendered

Keys = Sequence[Sequence[tuple[str, str | bytes]]]  # rows of buttons: the label, and a page's address or data


@dataclass(frozen=True, slots=True)
class Person:
    """Who speaks: a numeric id, and the name that the audit is to show."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Said:
    """A message to the bot: in which chat (as ALERT_CHAT numbers it), by whom, its number there and its text."""

    chat: int
    person: Person
    message: int
    text: str


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button that was pressed under the bot's message of this number, with what it carries."""

    chat: int
    person: Person
    message: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """A message of the bot's, with its buttons; `picture` is a PNG that goes with it."""

    rendered: Rendered
    keys: Keys = ()
    picture: bytes | None = None


@dataclass(frozen=True, slots=True)
class Reaction:
    """What a press gives: a short word to whoever pressed, a message, what the pressed message becomes, its buttons."""

    word: str
    answer: Answer | None = None
    instead: Answer | None = None
    keys: Keys | None = None
