"""Full-text search over the folded texts of all revisions, also of those that an edit took away.

The index holds words; scripts that are written without spaces (Chinese, Japanese, Thai …) are searched by substring.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlite_utils import Database

from monitor.models import Span
from monitor.store.records import Found, StoreError
from monitor.store.rows import POST_COLUMNS, POST_TABLES, POST_WIDTH, json_list, post, sound

_PARTS = re.compile(r'"([^"]*)"|([^\s"]+)')
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]"
)
# Marks around a found word in the index's answer; no published text holds them, being no characters.
_OPEN, _CLOSE = "\ufdd0", "\ufdd1"


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for: an expression of FTS5 (empty for none), and strings that must stand in the text."""

    expression: str
    strings: tuple[str, ...]


Forms = Callable[[str], Iterable[str]]  # all forms of a word, folded


def query(words: str, forms: Forms | None = None) -> Query:
    """Read a search: all words must be there, `"…"` is a phrase, `…*` a beginning; nothing in it is FTS5's own syntax.

    With `forms` each word that is neither stands for all its forms. StoreError: there is no word in it.
    """
    terms, strings = [], []
    for phrase, word in _PARTS.findall(sound(words)):
        text = (phrase or word).strip("*")
        if not any(map(str.isalnum, text)):
            continue
        if _UNSPACED.search(text):
            strings.append(text)
        else:
            whole = word and not word.endswith("*") and forms is not None
            terms.append(_any_of(text, forms(text)) if whole and forms else f'"{text}"' + "*" * word.endswith("*"))
    if not terms and not strings:
        raise StoreError(f"{words!r}: there is no word to search for; give one or more words")
    return Query(" AND ".join(terms), tuple(strings))


def _any_of(word: str, forms: Iterable[str]) -> str:
    every = dict.fromkeys([word, *(form.replace('"', " ") for form in forms)])
    return "(" + " OR ".join(f'"{form}"' for form in every if any(map(str.isalnum, form))) + ")"


def search(db: Database, words: str, limit: int, by_rank: bool, forms: Forms | None = None) -> list[Found]:
    """Return what `Reader.search` promises."""
    wanted = query(words, forms)
    conditions = ["instr(r.folded, ?) > 0"] * len(wanted.strings)
    values: list[str | int] = list(wanted.strings)
    if wanted.expression:
        conditions.append("r.id IN (SELECT rowid FROM words WHERE words MATCH ?)")
        values.append(wanted.expression)
    rows = db.execute(
        "SELECT max(r.number), r.id, r.post FROM revisions r JOIN posts p ON p.id = r.post"
        f" WHERE {' AND '.join(conditions)} GROUP BY r.post ORDER BY p.date DESC, p.id DESC"
        + ("" if by_rank else " LIMIT ?"),
        values if by_rank else [*values, limit],
    ).fetchall()
    revisions = [row[1] for row in rows]
    if by_rank and wanted.expression:
        revisions = _ranked(db, wanted.expression, revisions)
    return _found(db, wanted, revisions[:limit])


def _ranked(db: Database, expression: str, revisions: list[int]) -> list[int]:
    ranked = db.execute("SELECT rowid FROM words WHERE words MATCH ? ORDER BY rank", [expression]).fetchall()
    kept = set(revisions)
    return [row[0] for row in ranked if row[0] in kept]


def _found(db: Database, wanted: Query, revisions: list[int]) -> list[Found]:
    marked: dict[int, str] = {}
    if wanted.expression:
        marked = dict(
            db.execute(
                "SELECT rowid, highlight(words, 0, ?, ?) FROM words WHERE words MATCH ?"
                " AND rowid IN (SELECT value FROM json_each(?))",
                [_OPEN, _CLOSE, wanted.expression, json_list(revisions)],
            ).fetchall()
        )
    rows = {
        row[POST_WIDTH]: row
        for row in db.execute(
            f"SELECT {POST_COLUMNS}, r.id, r.number, r.number = p.latest, r.language, r.folded FROM {POST_TABLES}"
            " WHERE r.id IN (SELECT value FROM json_each(?))",
            [json_list(revisions)],
        ).fetchall()
    }
    found = []
    for revision in revisions:
        _, number, current, language, folded = rows[revision][POST_WIDTH:]
        spans = _marked_spans(marked.get(revision, ""))
        spans += [match.span() for text in wanted.strings for match in re.finditer(re.escape(text), folded)]
        found.append(Found(post(rows[revision][:POST_WIDTH]), number, bool(current), language, tuple(sorted(spans))))
    return found


def _marked_spans(marked: str) -> list[Span]:
    """Return the places of the marked words in the text without the marks."""
    spans, length = [], 0
    for index, part in enumerate(re.split(f"[{_OPEN}{_CLOSE}]", marked)):
        if index % 2:
            spans.append((length, length + len(part)))
        length += len(part)
    return spans
