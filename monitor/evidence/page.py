"""The packet's readable page: one file of HTML without scripts, pictures or anything from elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

if TYPE_CHECKING:
    from monitor.evidence.packet import Dossier, KeptRevision, Making


def page(dossier: Dossier, making: Making) -> str:
    """Write the page; everything of the post is escaped, so that nothing in it can act."""
    # Made here and not once for all: packets are rare, and the command line starts faster without.
    environment = Environment(
        loader=PackageLoader("monitor.evidence", "."), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters["marked"] = marked
    template = environment.get_template("page.html.jinja")
    return template.render(dossier=dossier, making=making)


def marked(revision: KeptRevision) -> Markup:
    """Return the text of a revision with its mentions between <mark> tags."""
    text = revision.post.text
    parts: list[Any] = []
    at = 0
    for start, end in _joined(revision):
        parts += [escape(text[at:start]), Markup("<mark>"), escape(text[start:end]), Markup("</mark>")]
        at = end
    parts.append(escape(text[at:]))
    return Markup("").join(parts)


def _joined(revision: KeptRevision) -> list[tuple[int, int]]:
    found = revision.findings
    spans = {one.span for match in found.matches for one in match.mentions}
    spans |= {one.span for entity in found.entities for one in entity.mentions}
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
