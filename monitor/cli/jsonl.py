"""The JSONL lines of `replay`: the contract that other programs read."""

from __future__ import annotations

from datetime import UTC
from typing import Any

import orjson

from monitor.models import Mention, Post
from monitor.pipeline import Outcome


def line(outcome: Outcome) -> bytes:
    """Write one post (revision) with what was found in it as a line of JSON, without the line's end."""
    post = outcome.post
    record: dict[str, Any] = {
        "channel": channel_label(post),
        "post_id": post.id,
        "date": post.date.astimezone(UTC).isoformat(timespec="seconds"),
        "url": post.url,
        "language": outcome.language,
        "text": post.text,
        "rules": [
            {"id": match.rule, "level": match.level.value, "spans": _spans(match.mentions)}
            for match in outcome.findings.matches
        ],
        "entities": [
            {"id": entity.id, "kind": entity.kind, "name": entity.name, "spans": _spans(entity.mentions)}
            for entity in outcome.findings.entities
        ],
    }
    return orjson.dumps(record)


def channel_label(post: Post) -> str:
    """Name a post's channel: its user name, else its title, else its id."""
    channel = post.channel
    return channel.name or channel.title or str(channel.id)


def _spans(mentions: tuple[Mention, ...]) -> list[list[int]]:
    return [list(span) for span in sorted({mention.span for mention in mentions})]
