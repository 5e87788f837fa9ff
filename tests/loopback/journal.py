"""What clients have asked the server, for tests of budgets and of what is not asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.loopback.peers import User


@dataclass(frozen=True, slots=True)
class Request:
    """One call: when it came in, by whom, which method, on which connection.

    `time` is time.monotonic's, `clock` time.time's.
    """

    time: float
    clock: float
    method: str
    account: User | None
    call: Any
    connection: int


class Journal:
    """All calls since the server was made, or since `clear`."""

    def __init__(self) -> None:
        self.requests: list[Request] = []

    def clear(self) -> None:
        """Begin anew."""
        self.requests.clear()

    def of(self, method: str | None = None, account: User | None = None) -> list[Request]:
        """Return the calls of a method and an account, None meaning all."""
        return [
            request
            for request in self.requests
            if method in {None, request.method} and account in {None, request.account}
        ]

    def count(self, method: str | None = None, account: User | None = None) -> int:
        """Return how many calls of a method and an account there were."""
        return len(self.of(method, account))

    def most_in(self, seconds: float, method: str | None = None, account: User | None = None) -> int:
        """Return the highest number of calls in any stretch of that many seconds: to hold against a budget."""
        times = [request.time for request in self.of(method, account)]
        most = start = 0
        for end, moment in enumerate(times):
            while times[start] <= moment - seconds:
                start += 1
            most = max(most, end - start + 1)
        return most
