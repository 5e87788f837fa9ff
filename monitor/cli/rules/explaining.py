"""`monitor rules explain`: why a text matches or not."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import Any

import click
import orjson

from monitor.cli import start
from monitor.cli.rules.wording import origin, owner, quoted, tree
from monitor.language.detect import detect
from monitor.models import Mention
from monitor.rules.checking import MEDIA
from monitor.rules.condition import Verdict
from monitor.rules.explain import Explanation, RuleVerdict, stands

_MOST = 1_000_000  # characters that are read from standard input


def run(
    folders: Sequence[str],
    no_packs: bool,
    text: str,
    channel: str | None,
    media: Sequence[str],
    everything: bool,
    form: str,
) -> int:
    """Print the explanation of a text."""
    if unknown := [kind for kind in media if kind not in MEDIA]:
        start.fail(f"--media {unknown[0]}: no such kind of media; write one of {', '.join(MEDIA)}")
    text = _standard_input() if text == "-" else text
    matcher = start.matcher(folders, no_packs, start.settings().rules)
    explanation = matcher.explain(text, channel=channel.removeprefix("@") if channel else None, media=media)
    language = detect(text)
    if form == "json":
        click.echo(orjson.dumps(_plain(explanation, language), option=orjson.OPT_INDENT_2).decode())
    else:
        click.echo("\n".join(lines(explanation, language, everything)))
    return 0


def _standard_input() -> str:
    text = sys.stdin.buffer.read(4 * _MOST + 1).decode("utf-8", "replace")
    if len(text) > _MOST:
        start.fail(f"standard input: the text has more than {_MOST:,} characters; explain takes one post")
    return text.removesuffix("\n")


def lines(explanation: Explanation, language: str | None, everything: bool) -> Iterator[str]:
    """Write an explanation line by line; with `everything` also rules and alternatives that the text has nothing of."""
    fired = ", ".join(f"{one.rule.id} ({one.level})" for one in explanation.fired)
    yield f"Fires: {fired}" if fired else "No rule fires."
    yield f"Language: {language or 'unknown'} (a hint for the reader; it decides nothing)"
    yield from _table("Mentions", [(one, f"{owner(one)} ← {origin(one)}") for one in explanation.mentions], explanation)
    dropped = [(one.mention, f"{owner(one.mention)}: {one.reason}") for one in explanation.dropped]
    yield from _table("Dropped", dropped, explanation)
    shown = [one for one in explanation.rules if everything or one.verdict.value or stands(one.verdict)]
    for rule in shown:
        yield ""
        state = f"fires, {rule.level}" if rule.verdict.value else "does not fire"
        yield f"{rule.rule.id} ({rule.rule.title}): {state}"
        yield from tree(rule.verdict, rule.rule, explanation.text, language, "  ", everything=everything)
    rest = [one.rule.id for one in explanation.rules if one not in shown]
    if rest:
        yield ""
        yield f"Nothing that these ask for stands in the text (--all shows them): {', '.join(rest)}"


def _table(title: str, rows: Sequence[tuple[Mention, str]], explanation: Explanation) -> Iterator[str]:
    if not rows:
        return
    cells = [(f"{one.start}–{one.end}", quoted(explanation.text[one.start : one.end]), said) for one, said in rows]
    widths = [max(len(cell[column]) for cell in cells) for column in (0, 1)]
    yield ""
    yield title
    for place, text, said in cells:
        yield f"  {place:<{widths[0]}}  {text:<{widths[1]}}  {said}"


def _plain(explanation: Explanation, language: str | None) -> dict[str, Any]:
    return {
        "text": explanation.text,
        "language": language,
        "fired": [{"id": one.rule.id, "level": one.level} for one in explanation.fired],
        "mentions": [_mention(one) for one in explanation.mentions],
        "dropped": [{**_mention(one.mention), "reason": one.reason} for one in explanation.dropped],
        "rules": [_rule(one) for one in explanation.rules],
    }


def _mention(mention: Mention) -> dict[str, Any]:
    named = {"entity": mention.entity, "rule": mention.rule, "term": mention.term}
    return {
        "span": list(mention.span),
        "form": mention.form,
        "lemma": mention.lemma,
        "via": mention.via,
        **{key: value for key, value in named.items() if value is not None},
    }


def _rule(one: RuleVerdict) -> dict[str, Any]:
    return {"id": one.rule.id, "fires": one.verdict.value, "level": one.level, "condition": _condition(one.verdict)}


def _condition(verdict: Verdict) -> dict[str, Any]:
    return {
        "text": str(verdict.node),
        "value": verdict.value,
        "spans": [list(hit.mention.span) for hit in verdict.hits],
        "parts": [_condition(part) for part in verdict.parts],
    }
