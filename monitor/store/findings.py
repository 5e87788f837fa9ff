"""What was found in revisions, read back."""

from __future__ import annotations

from collections.abc import Sequence

from sqlite_utils import Database

from monitor.models import EntityMention, Findings, Level, Match, Mention
from monitor.store.rows import json_list


def findings(db: Database, revisions: Sequence[int]) -> dict[int, Findings]:
    """Return what was found in each of these revisions (their rows)."""
    ids = [json_list(revisions)]
    of_match: dict[int, list[Mention]] = {}
    of_entity: dict[int, list[Mention]] = {}
    for match, entity, *values in db.execute(
        "SELECT of_match, of_entity, span_start, span_end, form, lemma, via, entity, rule, term FROM mentions"
        " WHERE revision IN (SELECT value FROM json_each(?)) ORDER BY id",
        ids,
    ).fetchall():
        if match is not None:
            of_match.setdefault(match, []).append(Mention(*values))
        else:
            of_entity.setdefault(entity, []).append(Mention(*values))
    matches: dict[int, list[Match]] = {}
    for id_, revision, rule, title, level in db.execute(
        "SELECT id, revision, rule, title, level FROM matches"
        " WHERE revision IN (SELECT value FROM json_each(?)) ORDER BY id",
        ids,
    ).fetchall():
        found = Match(rule, title, Level(level), tuple(of_match.get(id_, ())))
        matches.setdefault(revision, []).append(found)
    entities: dict[int, list[EntityMention]] = {}
    for id_, revision, entity, kind, name in db.execute(
        "SELECT id, revision, entity, kind, name FROM entities"
        " WHERE revision IN (SELECT value FROM json_each(?)) ORDER BY id",
        ids,
    ).fetchall():
        mentioned = EntityMention(entity, kind, name, tuple(of_entity.get(id_, ())))
        entities.setdefault(revision, []).append(mentioned)
    return {
        revision: Findings(tuple(matches.get(revision, ())), tuple(entities.get(revision, ())))
        for revision in revisions
    }
