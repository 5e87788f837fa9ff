"""Which job goes next: what is urgent or asked for, each kind's part of the budget, and polling with the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from monitor.reading.desk import Job

Offer = Callable[[], Job | None]

# Parts of the budget that each of these gets while there is something for it to do; the rest is polling.
SHARES = {"resolve": 0.25, "begin": 0.25, "recheck": 0.15, "gaps": 0.05, "look": 0.05, "backfill": 0.2, "media": 0.15}
_URGENT_IN_A_ROW = 9  # after which something else gets a turn


class Choice:
    """Chooses among the jobs on offer, and counts what each kind has had of the budget."""

    def __init__(
        self,
        may_send: Callable[[Job], bool],
        *,
        urgent: Sequence[Offer],
        asked: Sequence[Offer],
        shared: Mapping[str, Offer],
        polling: Offer,
    ) -> None:
        """`may_send` says whether the far side takes a job now; `shared` has an offer for each of SHARES; of the other
        offers, the first that has a job goes before the next."""
        self._may_send = may_send
        self._urgent = urgent
        self._asked = asked
        self._shared = shared
        self._polling = polling
        self._credit = dict.fromkeys(SHARES, 0.0)
        self._in_a_row = 0

    def job(self) -> Job | None:
        """Return what is due most of what may be sent; None: nothing is."""
        urgent = self._first(self._urgent)
        if urgent is not None and self._in_a_row < _URGENT_IN_A_ROW:
            return urgent
        asked = self._first(self._asked)
        if asked is not None:
            return asked
        for name in sorted(SHARES, key=lambda name: -self._credit[name]):
            if self._credit[name] >= 1:
                job = self._sendable(self._shared[name])
                if job is not None:
                    return replace(job, share=name)
        # Hints of busy channels do not keep the others from being polled; where there is no need, the rest have time.
        return self._sendable(self._polling) or urgent or self._first(self._shared[name] for name in SHARES)

    def count(self, job: Job) -> None:
        """Count a job that is sent now."""
        for name, share in SHARES.items():
            self._credit[name] = min(self._credit[name] + share, 2.0) - (name == job.share)
        self._in_a_row = self._in_a_row + 1 if job.urgent else 0

    def _first(self, offers: Iterable[Offer]) -> Job | None:
        return next((job for offer in offers if (job := self._sendable(offer)) is not None), None)

    def _sendable(self, offer: Offer) -> Job | None:
        job = offer()
        return job if job is not None and self._may_send(job) else None
