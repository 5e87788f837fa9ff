"""A page of t.me/s/<channel>, the public preview of a channel: some twenty posts with text and media kinds. Pure."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.models import Channel, Forward, Media, Post, Rejected, Skipped
from monitor.sources.fields import FieldError, bare_id, body, date, line, whole
from monitor.sources.markup import breaks_off, has_class, parse, pieces, text_of
from monitor.sources.source import Read

MARK = b"tgme_widget_message"
# Order matters: a round video is a video, too.
_KINDS = (
    (".tgme_widget_message_roundvideo_player", "round"),
    (".tgme_widget_message_video_player", "video"),
    (".tgme_widget_message_photo_wrap", "photo"),
    (".tgme_widget_message_voice_player", "voice"),
    (".tgme_widget_message_document_wrap", "document"),
    (".tgme_widget_message_sticker_wrap", "sticker"),
    (".tgme_widget_message_poll", "poll"),
    (".tgme_widget_message_location_wrap", "location"),
    (".tgme_widget_message_contact_wrap", "contact"),
)
_POST_LINK = re.compile(r"(?:https?://)?t\.me/(?:s/)?([A-Za-z]\w{3,31})/(\d{1,18})(?!\d)", re.ASCII)
_STARTS = re.compile(rb'<div\b[^<>]*\bclass="tgme_widget_message[ "]')
_DATA_POST = re.compile(r"(\w+)/(\d{1,18})", re.ASCII)
_SINGLE = re.compile(r"/(\d{1,18})\?single", re.ASCII)
_UNITS = {"K": 1_000, "M": 1_000_000}


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands on a page in one post's place; `ids` are the ids it shows, none where it shows none."""

    ids: tuple[int, ...]
    raw: bytes
    read: Read


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """A page of a channel: its name, title and members as it tells them, what stands on it, oldest first.

    `older` says that the page leads to older posts.
    """

    name: str | None
    title: str | None
    members: int | None
    entries: tuple[Entry, ...]
    older: bool


def parse_page(raw: bytes, source: str) -> PreviewPage | None:
    """Parse a page of t.me/s, None where it is none; raises FieldError where it cannot be parsed.

    `source` names the page in what is read from it.
    """
    page = parse(raw)
    history = page.css_first(".tgme_channel_history") or page.css_first(".tgme_channel_info")
    nodes = page.css(".tgme_widget_message")
    if history is None and not nodes:
        return None
    title = line(text_of(page.css_first(".tgme_channel_info_header_title")))
    cut_off = breaks_off(raw)
    return PreviewPage(
        name=(line(text_of(page.css_first(".tgme_channel_info_header_username"))) or "").removeprefix("@") or None,
        title=title,
        members=_members(page),
        entries=tuple(
            _entry(node, piece, title, source, number, cut_off=cut_off and number == len(nodes))
            for number, (node, piece) in enumerate(zip(nodes, pieces(raw, _STARTS, nodes), strict=True), start=1)
        ),
        older=page.css_first(".js-messages_more[data-before], link[rel=prev]") is not None,
    )


def read_page(raw: bytes, source: str) -> Iterator[Read]:
    """Give the posts of a saved page, oldest first as they stand on it; `source` names the file in what is rejected."""
    try:
        page = parse_page(raw, source)
    except FieldError as error:
        yield Rejected(source, None, str(error))
        return
    if page is None or not page.entries:
        yield Rejected(source, None, "is a page of t.me without posts; save https://t.me/s/NAME itself")
        return
    yield from (entry.read for entry in page.entries)


def _entry(node: LexborNode, raw: bytes, title: str | None, source: str, number: int, *, cut_off: bool) -> Entry:
    id_ = _id(node)
    ids = _album(node, id_) if id_ else ()
    if has_class(node, "service_message"):
        return Entry(ids, raw, Skipped(source, "service message"))
    try:
        if cut_off:
            raise FieldError("the page breaks off in this post; save it again")
        if not id_:
            raise FieldError("the post has no id")
        return Entry(ids, raw, _post(node, raw, id_, title, f"{source}:{number}"))
    except FieldError as error:
        return Entry(ids, raw, Rejected(source, number, str(error)))


def _id(node: LexborNode) -> int | None:
    found = _DATA_POST.fullmatch(node.attributes.get("data-post") or "")
    return int(found[2]) if found else None


def _members(page: LexborHTMLParser) -> int | None:
    for counter in page.css(".tgme_channel_info_counter"):
        if text_of(counter.css_first(".counter_type")).startswith("subscriber"):
            return _count(text_of(counter.css_first(".counter_value")))
    return None


def _post(node: LexborNode, raw: bytes, id_: int, title: str | None, source: str) -> Post:
    name = (node.attributes.get("data-post") or "").partition("/")[0]
    if not title:
        title = line(text_of(node.css_first(".tgme_widget_message_owner_name")))
    media = tuple(_media(node))
    return Post(
        channel=Channel(_channel_id(node), name, title),
        id=id_,
        date=date(_datetime(node)),
        body=body(_text(node)),
        raw=raw,
        attached=tuple(_attached(node)),
        media=media,
        forward=_forward(node),
        reply_to=_reply(node),
        views=_count(text_of(node.css_first(".tgme_widget_message_views"))),
        ids=_album(node, id_),
        url=f"https://t.me/{name}/{id_}",
        source=source,
    )


def _channel_id(node: LexborNode) -> int | None:
    view = node.attributes.get("data-view") or ""
    try:
        content: Any = json.loads(base64.urlsafe_b64decode(view + "=" * (-len(view) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        return None
    return bare_id(content.get("c")) if isinstance(content, dict) else None


def _datetime(node: LexborNode) -> str | None:
    time = node.css_first(".tgme_widget_message_date time")
    return time.attributes.get("datetime") if time else None


def _text(node: LexborNode) -> str:
    """The post's own text: not that of the post it replies to, which bears the same class."""
    for text in node.css(".tgme_widget_message_text"):
        if not has_class(text, "js-message_reply_text") and not _inside(text, "tgme_widget_message_reply", node):
            return text_of(text)
    return ""


def _inside(node: LexborNode, name: str, outermost: LexborNode) -> bool:
    parent = node.parent
    while parent is not None and parent.mem_id != outermost.mem_id:
        if has_class(parent, name):
            return True
        parent = parent.parent
    return False


def _attached(node: LexborNode) -> Iterator[str]:
    poll = node.css_first(".tgme_widget_message_poll")
    if poll is not None:
        question = text_of(poll.css_first(".tgme_widget_message_poll_question"))
        answers = [text_of(answer) for answer in poll.css(".tgme_widget_message_poll_option_text")]
        asked = "\n".join(text for text in (question, *answers) if text)
        if asked:
            yield asked
    if title := text_of(node.css_first(".link_preview_title")):
        yield title


def _media(node: LexborNode) -> Iterator[Media]:
    for selector, kind in _KINDS:
        for found in node.css(selector):
            duration = found.css_first("time")
            yield Media(
                _kind(found, kind),
                duration=_seconds(text_of(duration)) if duration else None,
                file_name=line(text_of(found.css_first(".tgme_widget_message_document_title"))),
            )


def _kind(node: LexborNode, kind: str) -> str:
    if kind == "document" and node.css_first(".tgme_widget_message_document_icon.audio"):
        return "audio"
    # The page shows an animation as a video that plays by itself, over and over.
    return "animation" if kind == "video" and node.css_first("video[autoplay][loop]") else kind


def _seconds(clock: str) -> int | None:
    parts = clock.split(":")
    if len(parts) > 3 or not all(part.isascii() and part.isdigit() and len(part) < 7 for part in parts):
        return None
    seconds = 0
    for part in parts:
        seconds = seconds * 60 + int(part)
    return seconds


def _album(node: LexborNode, id_: int) -> tuple[int, ...]:
    links = (link.attributes.get("href") or "" for link in node.css(".tgme_widget_message_grouped_wrap a"))
    ids = {int(found[1]) for href in links if (found := _SINGLE.search(href))}
    return tuple(sorted({id_, *ids}))


def _forward(node: LexborNode) -> Forward | None:
    name = node.css_first(".tgme_widget_message_forwarded_from_name")
    if name is None:
        return None
    found = _POST_LINK.match(name.attributes.get("href") or "")
    return Forward(line(text_of(name)), post_id=int(found[2]) if found else None)


def _reply(node: LexborNode) -> int | None:
    reply = node.css_first("a.tgme_widget_message_reply")
    found = _POST_LINK.match(reply.attributes.get("href") or "") if reply else None
    return int(found[2]) if found else None


def _count(text: str) -> int | None:
    """Return a number that may be shortened: 746, 37.2K, 1.05M."""
    factor = _UNITS.get(text[-1:].upper(), 1)
    try:
        return whole(round(float(text.rstrip("KMkm")) * factor))
    except (ValueError, OverflowError):
        return None
