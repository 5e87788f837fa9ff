"""`monitor rules score`: precision and recall on labelled posts, and the mistakes themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
import orjson

from monitor.cli import start
from monitor.cli.rules.labelled import fits, read_labelled
from monitor.cli.rules.wording import marked
from monitor.cli.summary import counted
from monitor.language.detect import detect
from monitor.models import Rejected
from monitor.rules.matcher import Matcher
from monitor.rules.scoring import ENTITIES, Counts, Labelled, Score, score, total, wilson

_PASSAGE = 300  # characters of a post that are shown
_ALL = "all"


@dataclass(frozen=True, slots=True)
class Order:
    """What the command line asked for."""

    rules: tuple[str, ...]
    no_packs: bool
    form: str
    file: str
    where: tuple[str, ...]
    mistakes: bool
    min_precision: float | None
    min_recall: float | None


def run(order: Order) -> int:
    """Print the score; exit code 0, 1 where it is below what was asked for, 2 where a record cannot be used."""
    posts, vocabulary, rejected = _read(order)
    matcher = start.matcher(order.rules, order.no_packs, start.settings().rules)
    _say_what_is_not_in_force(matcher, posts, vocabulary)
    result = score(matcher, posts, vocabulary)
    if order.form == "json":
        click.echo(orjson.dumps(_plain(result, order.mistakes), option=orjson.OPT_INDENT_2).decode())
    else:
        click.echo("\n".join(_lines(result, order.mistakes)))
    click.echo(f"{counted(result.posts, 'post')}, {counted(result.unsure, 'unsure label')} left out", err=True)
    for one in rejected:
        click.echo(f"{one.file}:{one.line}: {one.reason}", err=True)
    if rejected:
        return 2
    return 1 if _is_below(result, order) else 0


def _read(order: Order) -> tuple[list[Labelled], frozenset[str], list[Rejected]]:
    """Read the posts that were asked for, all names that any post of the file lists, and what cannot be used."""
    where = [_condition(one) for one in order.where]
    posts: list[Labelled] = []
    names: set[str] = set()
    rejected: list[Rejected] = []
    read = 0
    try:
        for one in read_labelled(Path(order.file)):
            if isinstance(one, Rejected):
                rejected.append(one)
                continue
            record, post = one
            read += 1
            names |= post.entities or frozenset()
            if fits(record, where):
                posts.append(post if post.language else replace(post, language=detect(post.text)))
    except OSError as error:
        start.fail(f"{order.file}: cannot be read ({error.strerror}); score takes a JSONL file of labelled posts")
    if not posts:
        asked = f" with {' and '.join(order.where)}" if read and where else ""
        reasons = [f"{one.file}:{one.line}: {one.reason}" for one in rejected[:5]]
        start.fail("\n".join([f"{order.file}: holds no labelled posts{asked}", *reasons]))
    return posts, frozenset(names), rejected


def _condition(text: str) -> tuple[str, str]:
    field, equals, value = text.partition("=")
    if not field or not equals:
        start.fail(f"--where {text}: write FIELD=VALUE, as in part=b")
    return field, value


def _say_what_is_not_in_force(matcher: Matcher, posts: Sequence[Labelled], vocabulary: frozenset[str]) -> None:
    rules = {rule.id for rule in matcher.rules.rules}
    names = {entity.name for entity in matcher.rules.entities}
    for label in sorted({label for post in posts for label in post.rules} - rules):
        click.echo(f"The label “{label}” is the id of no rule in force; it is left out.", err=True)
    for name in sorted(vocabulary - names):
        click.echo(f"No entity in force has the name “{name}”; where it is labelled it counts as missed.", err=True)


def _lines(result: Score, mistakes: bool) -> Iterator[str]:
    yield from _table("Rules", result.rules, whole=False)
    yield from _table("Entities", result.entities, whole=True)
    if not mistakes:
        return
    for kind, title in (("missed", "Missed"), ("false", "False alarms")):
        found = [one for one in result.mistakes if one.kind == kind]
        if found:
            yield f"{title}: {len(found)}"
            for one in found:
                yield f"  {one.post.place} · {one.subject}"
                yield f"    {marked(one.post.text, one.spans, _PASSAGE)}"
            yield ""


def _table(title: str, rows: dict[str, dict[str, Counts]], *, whole: bool) -> Iterator[str]:
    """Give one line a subject, and below it one a language where there are several."""
    if not rows:
        return
    cells: list[tuple[str, ...]] = [(title, "precision", "95 %", "", "recall", "95 %", "")]
    for subject in sorted(rows):
        cells += _cells(subject, rows[subject])
    if whole:
        cells += _cells(_ALL, _together(rows))
    widths = [max(len(cell[column]) for cell in cells) for column in range(len(cells[0]))]
    for cell in cells:
        yield "  ".join(part.ljust(width) for part, width in zip(cell, widths, strict=True)).rstrip()
    yield ""


def _together(rows: dict[str, dict[str, Counts]]) -> dict[str, Counts]:
    languages = {language for counts in rows.values() for language in counts}
    return {
        language: total(counts[language] for counts in rows.values() if language in counts) for language in languages
    }


def _cells(subject: str, by_language: dict[str, Counts]) -> list[tuple[str, ...]]:
    cells = [(subject, *_shares(total(by_language.values())))]
    if len(by_language) > 1:
        cells += [(f"  {language}", *_shares(counts)) for language, counts in sorted(by_language.items())]
    return cells


def _shares(counts: Counts) -> tuple[str, ...]:
    return (
        *_share(counts.precision, counts.right, counts.found),
        *_share(counts.recall, counts.right, counts.labelled),
    )


def _share(value: float | None, right: int, of: int) -> tuple[str, str, str]:
    if value is None:
        return "–", "", f"{right}/{of}"
    low, high = wilson(right, of)
    return f"{value:.3f}", f"{low:.2f}–{high:.2f}", f"{right}/{of}"


def _is_below(result: Score, order: Order) -> bool:
    """Whether a rule, or the entities taken together, stay below the precision or recall that was asked for."""
    measured = {rule: total(counts.values()) for rule, counts in result.rules.items()}
    if result.entities:
        measured[ENTITIES] = total(_together(result.entities).values())
    below = False
    for subject, counts in measured.items():
        for name, value, least in (
            ("precision", counts.precision, order.min_precision),
            ("recall", counts.recall, order.min_recall),
        ):
            if least is not None and value is not None and value < least:
                click.echo(f"{subject}: {name} {value:.3f} is below {least}", err=True)
                below = True
    return below


def _plain(result: Score, mistakes: bool) -> dict[str, Any]:
    def measured(rows: dict[str, dict[str, Counts]]) -> dict[str, Any]:
        return {
            subject: {**_measures(total(counts.values())), "languages": {key: _measures(counts[key]) for key in counts}}
            for subject, counts in rows.items()
        }

    shown: dict[str, Any] = {
        "posts": result.posts,
        "rules": measured(result.rules),
        ENTITIES: measured(result.entities),
    }
    if result.entities:
        shown["all_entities"] = measured({_ALL: _together(result.entities)})[_ALL]
    if mistakes:
        shown["mistakes"] = [
            {"kind": one.kind, "subject": one.subject, "place": one.post.place, "spans": [list(s) for s in one.spans]}
            for one in result.mistakes
        ]
    return shown


def _measures(counts: Counts) -> dict[str, Any]:
    return {
        "right": counts.right,
        "missed": counts.missed,
        "false": counts.false,
        "precision": counts.precision,
        "precision_interval": list(wilson(counts.right, counts.found)),
        "recall": counts.recall,
        "recall_interval": list(wilson(counts.right, counts.labelled)),
    }
