"""What takes a message to the analyst: the console, a chat, a webhook; and what can stand in the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from monitor.models import Message


class NotifierError(Exception):
    """A message could not be handed over; the text is one sentence that says what, where and what to do.

    `retry_after` (seconds) is the wait that the far side asks for. `passing` says that it may mend itself: a network, a
    server's own trouble. `refused` says that only this one message is not taken, and others may be. With none of these
    a person must act, and it is tried again at growing intervals.
    """

    def __init__(
        self, message: str, retry_after: float | None = None, *, passing: bool = False, refused: bool = False
    ) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.passing = passing
        self.refused = refused

    @property
    def needs_person(self) -> bool:
        """Whether waiting alone does not help, and all messages are held."""
        return self.retry_after is None and not self.passing and not self.refused


@dataclass(frozen=True, slots=True)
class Dispatch:
    """How a message goes out: the same `random_id` (64 bits, signed) at every attempt, whether it may ring, and to
    which earlier message (the notifier's own id) it is a reply."""

    random_id: int
    ring: bool
    reply_to: str | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many messages in so many seconds."""

    messages: int
    seconds: float


class Notifier(Protocol):
    """Hands one message over at a time. Whoever calls keeps to `limits`."""

    name: str
    limits: tuple[Limit, ...]
    edits: bool  # whether it can change what it sent

    async def send(self, message: Message, how: Dispatch) -> str | None:
        """Send a message; return its own id of it, by which it is edited and replied to. NotifierError: not sent."""
        ...

    async def edit(self, message: Message, how: Dispatch, sent: str) -> None:
        """Bring the message `sent` up to date; to do so twice changes nothing. NotifierError: not done."""
        ...

    async def close(self) -> None:
        """Close what is open; never raises."""
        ...
