"""`monitor rules test`: the tests inside the rule files, and of a failed one what was expected and what was found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from monitor.cli import start
from monitor.cli.rules.wording import origin, owner, quoted, tree
from monitor.cli.summary import counted
from monitor.language.detect import detect
from monitor.rules.examples import Failure, try_examples
from monitor.rules.explain import decisive
from monitor.rules.faults import nearest
from monitor.rules.matcher import Matcher
from monitor.rules.schema import Entity


def run(folders: Sequence[str], no_packs: bool, only: Sequence[str]) -> int:
    """Run the tests, print those that fail; exit code 0, or 1 where one fails."""
    matcher = start.matcher(folders, no_packs, start.settings().rules, pack_tests=True)
    _check_ids(matcher, only)
    hits, misses, failures = 0, 0, 0
    for tried in try_examples(matcher):
        if only and tried.owner.id not in only:
            continue
        hits += tried.hit
        misses += not tried.hit
        if tried.failure is not None:
            failures += 1
            click.echo("\n".join(_lines(tried.failure)) + "\n")
    tried_ones = f"{counted(hits, 'hit')} and {counted(misses, 'miss', 'misses')} tried"
    click.echo(f"{tried_ones}, {failures or 'none'} failed.", err=True)
    return 1 if failures else 0


def _check_ids(matcher: Matcher, only: Sequence[str]) -> None:
    known = [rule.id for rule in matcher.rules.rules] + [entity.id for entity in matcher.rules.entities]
    for id_ in only:
        if id_ not in known:
            start.fail(f"--only {id_}: there is no such rule or entity{nearest(id_, known)}")


def _lines(failure: Failure) -> Iterator[str]:
    named = isinstance(failure.owner, Entity)
    should = ("must be found" if named else "must fire") if failure.hit else "must not"
    does = "is not found" if named else "does not fire"
    yield f"{failure.example.place}: {failure.owner.id}: {should}, {does if failure.hit else 'but does'}"
    yield f"  {quoted(failure.example.text)}"
    explanation = failure.explanation
    if failure.verdict is not None:
        language = detect(failure.example.text)
        decided = decisive(failure.verdict.verdict)
        yield from tree(decided, failure.verdict.rule, failure.example.text, language, "    ")
    for found in failure.mentions:
        for one in found.mentions:
            yield f"    found: {quoted(failure.example.text[one.start : one.end])} ← {origin(one)}"
    for dropped in explanation.dropped if failure.hit else ():
        mention = dropped.mention
        if failure.verdict is not None or mention.entity == failure.owner.id:
            said = quoted(failure.example.text[mention.start : mention.end])
            yield f"    dropped: {said} as {owner(mention)}: {dropped.reason}"
