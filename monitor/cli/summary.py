"""The closing summary of a replay: what was read, found and refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from monitor.alerts.message import one_line
from monitor.alerts.render import local_time
from monitor.cli.jsonl import channel_label
from monitor.models import Level, Post, Rejected
from monitor.pipeline import Outcome

_NAMED = 12  # channels, languages … that are named one by one
_SHOWN_REJECTIONS = 20
_LINE = 600  # characters of a rejection: the name of a file alone may have 255


@dataclass(slots=True)
class Tally:
    """What went through a replay; channels, languages and rules are of the posts that were not known before."""

    read: int = 0
    new: int = 0
    edited: int = 0
    copies: int = 0
    first: datetime | None = None
    last: datetime | None = None
    alerts: Counter[Level] = field(default_factory=Counter)
    channels: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    rejected: list[Rejected] = field(default_factory=list)

    def add(self, posts: Sequence[Post], outcomes: Sequence[Outcome]) -> None:
        """Count one batch: the posts that were read, and what became of those that were not known before."""
        self.read += len(posts)
        for post in posts:
            self.first = min(self.first or post.date, post.date)
            self.last = max(self.last or post.date, post.date)
        for outcome in outcomes:
            self.edited += outcome.revision > 1
            self.new += outcome.revision == 1
            self.channels[channel_label(outcome.post)] += 1
            self.languages[outcome.language or "unknown"] += 1
            self.rules.update(match.rule for match in outcome.findings.matches)
            self.copies += outcome.copy


def summary(tally: Tally, seconds: float, zone: ZoneInfo) -> str:
    """Write the summary of a replay that took `seconds`, dates in `zone`."""
    lines = [_read(tally, seconds)]
    if tally.first is not None and tally.last is not None:
        ends = dict.fromkeys(local_time(end, zone) for end in (tally.first, tally.last))
        lines.append(f"  dates: {' to '.join(ends)}")
    lines += [
        f"  {label}: {_counts(counter)}"
        for label, counter in (
            ("channels", tally.channels),
            ("languages", tally.languages),
            ("rules", tally.rules),
        )
        if counter
    ]
    lines.append(_alerts(tally))
    if tally.skipped:
        lines.append(f"  passed over: {_counts(tally.skipped)}")
    return "\n".join([*lines, *_rejections(tally.rejected)])


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """Write a number with its noun: `1 post`, `2,000 posts`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def _read(tally: Tally, seconds: float) -> str:
    known = tally.read - tally.new - tally.edited
    kinds = [
        f"{number:,} {kind}"
        for number, kind in ((tally.new, "new"), (tally.edited, "edited"), (known, "known before"))
        if number
    ]
    rate = tally.read / seconds if seconds else 0.0
    told = f": {', '.join(kinds)}" if kinds else ""
    return f"{counted(tally.read, 'post')} read in {seconds:.1f} s ({rate:,.0f} posts/s){told}"


def _alerts(tally: Tally) -> str:
    levels = [f"{tally.alerts[level]:,} {level.value}" for level in reversed(Level) if tally.alerts[level]]
    copies = counted(tally.copies, "copy", "copies") + " of what was told already" if tally.copies else ""
    told = f"{tally.alerts.total():,}" + (f" ({', '.join(levels)})" if levels else "")
    return "  alerts: " + ", and ".join(part for part in (told, copies) if part)


def _rejections(rejected: Sequence[Rejected]) -> list[str]:
    if not rejected:
        return []
    lines = [f"  rejected: {len(rejected):,}"]
    lines += [f"    {one_line(f'{_place(item)}: {item.reason}', _LINE)}" for item in rejected[:_SHOWN_REJECTIONS]]
    if len(rejected) > _SHOWN_REJECTIONS:
        rest = Counter(item.reason for item in rejected[_SHOWN_REJECTIONS:])
        lines.append(f"    and {rest.total():,} more: {_counts(rest)}")
    return lines


def _counts(counter: Counter[str]) -> str:
    named = [f"{one_line(name, _LINE)} {number:,}" for name, number in counter.most_common(_NAMED)]
    return ", ".join(named) + (f", and {len(counter) - _NAMED:,} more" if len(counter) > _NAMED else "")


def _place(item: Rejected) -> str:
    return item.file if item.line is None else f"{item.file}:{item.line}"
