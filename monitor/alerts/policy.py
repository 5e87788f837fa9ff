"""Whether, when and how loudly an analyst is told. Pure: the time is handed in.

High alerts ring at once; medium ones come at once, silently; low ones are bundled into one silent message every some
minutes. In quiet hours nothing rings but high alerts, and the bundle of low ones waits until they are over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.alerts.budget import HOUR, Budget
from monitor.alerts.quiet_hours import QuietHours
from monitor.alerts.silences import muted, plain_words
from monitor.models import Due, Findings, Fold, Kind, Level, Match, Silence, highest

GATHER = timedelta(minutes=1)  # in which a summary waits for what else a burst brings
EDIT_PAUSE = timedelta(minutes=1)  # between a copy and the edit of the alert that names it, for several to go together
EDIT_PAUSE_LATER = timedelta(minutes=10)  # once so many copies are named one by one:
_MANY_COPIES = 8


@dataclass(frozen=True, slots=True)
class Case:
    """A post on which rules fired: what was found, its channel (the store's id, and user name), its text, when it was
    published, and whether it was read to fill up the past. `told` is the level at which its story was told already."""

    findings: Findings
    channel: int
    channel_name: str | None
    text: str
    published: datetime
    backfill: bool = False
    copy: bool = False
    told: Level | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """What the desk wants to be told: matches from `lowest` level on.

    `low_every` bundles low alerts (None: each by itself), `per_hour` is the most alerts of one hour that are told one
    by one (0: no limit), `oldest` the age from which on posts are told in one summary (None: any age is news). As it
    is made without more, everything is told by itself, as a replay does.
    `rule_levels` go before the levels of the rules, `channel_levels` (by user name in small letters) before both.
    """

    lowest: Level = Level.LOW
    low_every: timedelta | None = None
    per_hour: int = 0
    oldest: timedelta | None = None
    quiet: QuietHours = field(default_factory=QuietHours)
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    rule_levels: Mapping[str, Level] = field(default_factory=dict)
    channel_levels: Mapping[str, Level] = field(default_factory=dict)

    def level(self, match: Match, channel: str | None) -> Level:
        """Return the level of a match in a channel, by the desk's overrides."""
        in_channel = self.channel_levels.get(channel.lower()) if channel else None
        return in_channel or self.rule_levels.get(match.rule, match.level)

    def decide(self, case: Case, now: datetime, budget: Budget, silences: Sequence[Silence] = ()) -> Due | None:
        """Return the alert that is due for a post, and take it from the budget.

        None: no rule fired, none loudly enough, or the story was told at this level. A post whose matches are all
        muted is kept as silenced, unless it is but a copy.
        """
        if not case.findings.matches:
            return None
        heard = self._heard(case, now, silences)
        level = highest(self.level(match, case.channel_name) for match in heard or case.findings.matches)
        if level.rank < self.lowest.rank or (case.told is not None and level.rank <= case.told.rank):
            return None
        if not heard:
            return None if case.copy else Due(level, False, now, silenced=True)
        if case.backfill or (self.oldest is not None and now - case.published > self.oldest):
            return Due(level, False, now, fold=self._fold(Kind.BACKLOG, now, self.low_every or GATHER))
        if level is Level.LOW and self.low_every is not None:
            at = max(now + self.low_every, self.quiet.ends(now, self.zone) or now)
            return Due(level, False, now, fold=Fold(Kind.BUNDLE, at, until=at, edit=at))
        return self._within_budget(Due(level, level is Level.HIGH, now), now, budget)

    def follow_up(
        self,
        case: Case,
        kind: Kind,
        told: Level,
        now: datetime,
        budget: Budget,
        silences: Sequence[Silence] = (),
    ) -> Due | None:
        """Return the reply that is due to an alert of level `told`, whose post is now as `case` says.

        A raise has the level of what is found now and rings where that is high; edits and deletions never ring.
        None: the matches are muted, or the alert was of an old post and the change is one, too.
        """
        if case.backfill or (case.findings.matches and not self._heard(case, now, silences)):
            return None
        level = told
        if kind is Kind.RAISE:
            level = highest([told, *(self.level(match, case.channel_name) for match in case.findings.matches)])
        ring = kind is Kind.RAISE and level is Level.HIGH
        return self._within_budget(Due(level, ring, now, kind), now, budget)

    def edit_at(self, now: datetime, copies: int = 0) -> datetime:
        """Return when an alert is to be edited that gained a copy (or a bundle a member) now, having `copies`."""
        return now + (EDIT_PAUSE if copies < _MANY_COPIES else EDIT_PAUSE_LATER)

    def _heard(self, case: Case, now: datetime, silences: Sequence[Silence]) -> list[Match]:
        """Return the matches that no silence mutes."""
        if not silences:
            return list(case.findings.matches)
        text = plain_words(case.text) if any(silence.text for silence in silences) else ""
        return [
            match
            for match in case.findings.matches
            if not muted(
                match, entities=case.findings.entities, channel=case.channel, text=text, silences=silences, now=now
            )
        ]

    def _within_budget(self, due: Due, now: datetime, budget: Budget) -> Due:
        if budget.take(due.level, now):
            return due
        return replace(due, ring=False, fold=self._fold(Kind.SUMMARY, now, GATHER, ring=due.ring))

    @staticmethod
    def _fold(kind: Kind, now: datetime, gather: timedelta, *, ring: bool = False) -> Fold:
        return Fold(kind, now + gather, until=now + HOUR, edit=now + EDIT_PAUSE_LATER, ring=ring)
