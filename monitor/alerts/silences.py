"""Which matches of a post a silence mutes. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from monitor.language.fold import fold_form
from monitor.language.words import words
from monitor.models import EntityMention, Match, Silence


def plain_words(text: str) -> str:
    """Return the folded words of a text with one space between and around them: what a silence's text is sought in."""
    folded = fold_form(text)
    return f" {' '.join(folded[start:end] for start, end in words(folded))} "


def muted(
    match: Match,
    *,
    entities: Sequence[EntityMention],
    channel: int,
    text: str,
    silences: Iterable[Silence],
    now: datetime,
) -> bool:
    """Tell whether one of the silences mutes a match now, in a post of `channel` (the store's id) with these entities.

    `text` is the post's, as `plain_words` gives it. All conditions of a silence must hold.
    """
    named = {one.id for one in entities}
    return any(
        one.made <= now < one.until
        and (one.rule is None or one.rule == match.rule)
        and (one.entity is None or one.entity in named)
        and (one.channel is None or one.channel == channel)
        and (one.text is None or f" {one.text} " in text)
        for one in silences
    )
