"""The text of a piece of HTML as a reader sees it: line breaks kept, tags gone, link targets left out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.sources.fields import FieldError, clean

_BLOCKS = frozenset({"div", "p", "blockquote", "pre", "ul", "ol", "li"})
_HIDDEN = frozenset({"script", "style", "svg", "video", "audio"})
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)
_MAX_ATTRIBUTES = 500
# A tag as HTML's tokeniser takes it: a `>` within quotes does not end it.
_TAG = re.compile(
    r"<(?P<end>/?)(?P<name>[a-zA-Z][^\s/>]*+)"
    r"(?P<attributes>(?:[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>\"'][^\s>]*+|(?=>)))?+)"
    rf"{{0,{_MAX_ATTRIBUTES}}}+)[\s/]*+(?P<closed>>?)"
)
_LAYOUT = re.compile(r"[ \t]*\n\s*")
_BREAK = re.compile(r" *\n *")
_MAX_DEPTH = 400
_HEAD = 4096
MAX_PAGE = 32_000_000  # bytes; a page of an export holds a thousand posts, and one of t.me some twenty


def parse(raw: bytes) -> LexborHTMLParser:
    """Parse a page, whatever is wrong with it; raises FieldError for one that is big or nested past all sense."""
    if len(raw) > MAX_PAGE:
        raise FieldError(f"the page has more than {MAX_PAGE // 1_000_000} MB")
    page = clean(raw.decode("utf-8-sig", "replace"))
    _check_effort(page)
    return LexborHTMLParser(page)


def _check_effort(page: str) -> None:
    """Refuse a page that would keep the parser busy: its time grows with the square of nesting and of attributes."""
    open_: Counter[str] = Counter()
    depth = 0
    for tag in _TAG.finditer(page):
        name = tag["name"].lower()
        if not tag["closed"] and tag.end() < len(page):
            raise FieldError(f"a tag of the page has more than {_MAX_ATTRIBUTES} attributes")
        if tag["end"]:
            # An end tag without its start ends nothing.
            if open_[name]:
                open_[name] -= 1
                depth -= 1
        elif name not in _VOID:
            open_[name] += 1
            depth += 1
            if depth > _MAX_DEPTH:
                raise FieldError(f"the page is nested more than {_MAX_DEPTH} deep")


def breaks_off(raw: bytes) -> bool:
    """Tell whether a whole page was begun that does not end as one; its last post may be cut short."""
    return b"<html" in raw[:_HEAD].lower() and b"</html>" not in raw[-_HEAD:].lower()


def pieces(raw: bytes, start: re.Pattern[bytes], nodes: Sequence[LexborNode]) -> list[bytes]:
    """Return the bytes of each node's post as published: from its start tag to the next one's.

    Where the page's tags do not pair with `nodes`, it is the markup as it was understood.
    """
    starts = [found.start() for found in start.finditer(raw)]
    if len(starts) != len(nodes):
        return [(node.html or "").encode() for node in nodes]
    return [raw[begin:end].rstrip() for begin, end in pairwise([*starts, len(raw)])]


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
