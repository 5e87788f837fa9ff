"""The parts of an album as one post."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from monitor.models import Post


def join(parts: Sequence[Post]) -> Post:
    """Return one post of at least one part of an album: its first id, all its ids, texts and media in their order.

    The raw record is that of all parts, one a line. The post counts as edited when its part edited last was.
    """
    first, *others = sorted(parts, key=lambda post: post.id)
    if not others:
        return first
    ordered = (first, *others)
    return replace(
        first,
        body="\n\n".join(part.body for part in ordered if part.body),
        attached=tuple(text for part in ordered for text in part.attached),
        media=tuple(media for part in ordered for media in part.media),
        ids=tuple(sorted({id_ for part in ordered for id_ in part.ids})),
        raw=b"\n".join(part.raw for part in ordered),
        edited=max((part.edited for part in ordered if part.edited), default=None),
        forward=next((part.forward for part in ordered if part.forward), None),
        views=max((part.views for part in ordered if part.views is not None), default=None),
        restricted=next((part.restricted for part in ordered if part.restricted), None),
        noforwards=any(part.noforwards for part in ordered),
    )
