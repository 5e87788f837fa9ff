"""The text of a piece of HTML as a reader sees it: line breaks kept, tags gone, link targets left out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.sources.fields import FieldError, clean

_BLOCKS = frozenset({"div", "p", "blockquote", "pre", "ul", "ol", "li"})
_HIDDEN = frozenset({"script", "style", "svg", "video", "audio"})
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr", "path")
)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)([^>]*)>?")
_LAYOUT = re.compile(r"[ \t]*\n\s*")
_BREAK = re.compile(r" *\n *")
_MAX_DEPTH = 400
_MAX_PAGE = 50_000_000


def parse(raw: bytes) -> LexborHTMLParser:
    """Parse a page, whatever is wrong with it; raises FieldError for one that is nested past all sense.

    The parser's time grows with the square of the nesting, so the nesting is looked at first.
    """
    if len(raw) > _MAX_PAGE:
        raise FieldError(f"the page has more than {_MAX_PAGE // 1_000_000} MB")
    page = clean(raw.decode("utf-8-sig", "replace"))
    depth = 0
    for found in _TAG.finditer(page):
        if found[2].lower() not in _VOID and not found[3].endswith("/"):
            depth = max(0, depth - 1) if found[1] else depth + 1
            if depth > _MAX_DEPTH:
                raise FieldError(f"the page is nested more than {_MAX_DEPTH} deep")
    return LexborHTMLParser(page)


def text_of(node: LexborNode | None) -> str:
    """Return the visible text of a node; None gives an empty one."""
    if node is None:
        return ""
    return _BREAK.sub("\n", "".join(_pieces(node))).strip()


def _pieces(root: LexborNode) -> Iterator[str]:
    waiting: list[LexborNode | str] = [*reversed(_children(root))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            yield node
        elif node.tag == "-text":
            # Line feeds of the page's layout are blanks; those of the post are <br>.
            yield _LAYOUT.sub(" ", node.text_content or "")
        elif node.tag == "br":
            yield "\n"
        elif node.tag not in _HIDDEN:
            if node.tag in _BLOCKS:
                waiting.append("\n")
            waiting.extend(reversed(_children(node)))


def _children(node: LexborNode) -> list[LexborNode]:
    return list(node.iter(include_text=True))


def has_class(node: LexborNode, name: str) -> bool:
    """Tell whether a node bears a class."""
    return name in (node.attributes.get("class") or "").split()
