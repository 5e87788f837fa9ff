"""`monitor rules score --from-desk`: precision by rule from what analysts said of alerts in the chat."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import click
import orjson

from monitor.alerts.message import one_line
from monitor.alerts.phrases import channel_name, local_time
from monitor.cli import start
from monitor.cli.rules.wording import marked
from monitor.cli.summary import counted
from monitor.models import Alert
from monitor.rules.scoring import wilson
from monitor.store import audit
from monitor.store.alerts import read_alerts
from monitor.store.audit import Verdict

_PASSAGE = 300  # characters of a post that are shown


@dataclass(frozen=True, slots=True)
class Order:
    """What the command line asked for."""

    form: str
    db: str | None
    mistakes: bool
    min_precision: float | None


@dataclass(slots=True)
class Judged:
    """How often a rule's alerts were called right and wrong, and how often analysts disagree."""

    right: int = 0
    wrong: int = 0
    unsure: int = 0

    @property
    def precision(self) -> float | None:
        """Share of the alerts agreed on that are right; None where there are none."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else None

    @property
    def interval(self) -> tuple[float, float]:
        """The share's 95 % interval."""
        return wilson(self.right, self.right + self.wrong)


@dataclass(slots=True)
class Verdicts:
    """Counts by rule id; the alerts that all who judged call false, and those on which they disagree."""

    rules: dict[str, Judged] = field(default_factory=dict)
    false: list[tuple[Alert, Verdict]] = field(default_factory=list)
    disputed: list[tuple[Alert, Verdict]] = field(default_factory=list)
    alerts: int = 0


def run(order: Order) -> int:
    """Print the score; exit code 0, or 1 where a rule's precision is below what was asked for."""
    zone = start.settings().zone
    with start.reader(order.db) as store:
        numbers = store.read(audit.judged)
        found = store.read(read_alerts, numbers)
        said = store.read(audit.verdicts, numbers)
    verdicts = count((one, said[one.id]) for one in found if isinstance(one, Alert) and one.id is not None)
    if order.form == "json":
        click.echo(orjson.dumps(_plain(verdicts, order.mistakes), option=orjson.OPT_INDENT_2).decode())
    else:
        click.echo("\n".join(_lines(verdicts, zone, order.mistakes)))
    click.echo(f"{counted(verdicts.alerts, 'alert')} judged in the analyst chat", err=True)
    return 1 if _is_below(verdicts, order.min_precision) else 0


def count(judged: Iterable[tuple[Alert, Verdict]]) -> Verdicts:
    """Count what analysts said, the last word of each, for every rule that fired on the alert."""
    result = Verdicts()
    for alert, verdict in judged:
        result.alerts += 1
        disputed = bool(verdict.acknowledged and verdict.false_alarm)
        for rule in dict.fromkeys(match.rule for match in alert.findings.matches):
            counts = result.rules.setdefault(rule, Judged())
            counts.unsure += disputed
            counts.right += not disputed and bool(verdict.acknowledged)
            counts.wrong += not disputed and bool(verdict.false_alarm)
        if disputed:
            result.disputed.append((alert, verdict))
        elif verdict.false_alarm:
            result.false.append((alert, verdict))
    return result


def _lines(verdicts: Verdicts, zone: ZoneInfo, mistakes: bool) -> Iterator[str]:
    if not verdicts.rules:
        yield "No alert has been judged yet: the buttons Acknowledge and False alarm under each do that."
        return
    cells = [("Rules", "precision", "95 %", "right", "wrong", "unsure")]
    for rule, counts in sorted(verdicts.rules.items()):
        low, high = counts.interval
        share = ("–", "") if counts.precision is None else (f"{counts.precision:.3f}", f"{low:.2f}–{high:.2f}")
        cells.append((rule, *share, str(counts.right), str(counts.wrong), str(counts.unsure)))
    widths = [max(len(cell[column]) for cell in cells) for column in range(len(cells[0]))]
    for cell in cells:
        yield "  ".join(part.ljust(width) for part, width in zip(cell, widths, strict=True)).rstrip()
    if mistakes:
        yield from _shown("False alarms", verdicts.false, zone)
        yield from _shown("Disagreement, not counted", verdicts.disputed, zone)


def _shown(title: str, alerts: list[tuple[Alert, Verdict]], zone: ZoneInfo) -> Iterator[str]:
    if not alerts:
        return
    yield ""
    yield f"{title}: {len(alerts)}"
    for alert, verdict in alerts:
        rules = ", ".join(dict.fromkeys(match.rule for match in alert.findings.matches))
        yield f"  #{alert.id} · {rules} · {channel_name(alert.post.channel)} · {local_time(alert.at, zone)}"
        yield f"    {'; '.join(_said(verdict))}"
        yield f"    {marked(alert.post.text, alert.findings.spans, _PASSAGE)}"


def _said(verdict: Verdict) -> Iterator[str]:
    for names, word in ((verdict.acknowledged, "right"), (verdict.false_alarm, "false alarm")):
        if names:
            yield f"{word}: {', '.join(map(one_line, names))}"


def _is_below(verdicts: Verdicts, least: float | None) -> bool:
    below = False
    for rule, counts in sorted(verdicts.rules.items()):
        if least is not None and counts.precision is not None and counts.precision < least:
            click.echo(f"{rule}: precision {counts.precision:.3f} is below {least}", err=True)
            below = True
    return below


def _plain(verdicts: Verdicts, mistakes: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "alerts": verdicts.alerts,
        "rules": {
            rule: {
                "right": counts.right,
                "wrong": counts.wrong,
                "unsure": counts.unsure,
                "precision": counts.precision,
                "precision_interval": list(counts.interval),
            }
            for rule, counts in verdicts.rules.items()
        },
    }
    if mistakes:
        shown["false_alarms"] = [_judged(*one) for one in verdicts.false]
        shown["disagreement"] = [_judged(*one) for one in verdicts.disputed]
    return shown


def _judged(alert: Alert, verdict: Verdict) -> dict[str, Any]:
    return {
        "alert": alert.id,
        "rules": [match.rule for match in alert.findings.matches],
        "url": alert.post.url,
        "acknowledged_by": list(verdict.acknowledged),
        "false_alarm_by": list(verdict.false_alarm),
        "spans": [list(span) for span in alert.findings.spans],
        "text": alert.post.text,
    }
