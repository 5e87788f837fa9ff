"""What the tests of the engine share: rules from YAML text, and findings as plain tables."""

from __future__ import annotations

from pathlib import Path

from monitor.rules.compiler import compile_rules
from monitor.rules.loader import load
from monitor.rules.matcher import Matcher
from monitor.rules.schema import RuleSet


def rules_of(folder: Path, text: str) -> RuleSet:
    """Load one YAML text as the only rules there are."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "rules.yaml").write_text(text, encoding="utf-8")
    return load([folder], packs=False)


def matcher_of(folder: Path, text: str) -> Matcher:
    """Compile one YAML text."""
    return compile_rules(rules_of(folder, text))


def entities_in(matcher: Matcher, text: str) -> list[tuple[str, str]]:
    """Give every mention of an entity as (id, published text), in the order of the text."""
    found = [
        (mention.start, mention.end, entity.id) for entity in matcher.find(text).entities for mention in entity.mentions
    ]
    return [(id_, text[start:end]) for start, end, id_ in sorted(found)]


def matches_in(matcher: Matcher, text: str, **post: object) -> dict[str, list[str]]:
    """Give every rule that fired with the published text of its mentions."""
    found = matcher.find(text, **post)  # type: ignore[arg-type]  # channel and media, as in the caller's table
    return {match.rule: [text[one.start : one.end] for one in match.mentions] for match in found.matches}


def reasons_in(matcher: Matcher, text: str) -> list[tuple[str, str]]:
    """Give what was dropped as (published text, reason)."""
    return [(text[one.mention.start : one.mention.end], one.reason) for one in matcher.explain(text).dropped]
