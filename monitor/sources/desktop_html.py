"""Telegram Desktop exports in HTML (messages.html, messages2.html …).

They name neither the channel's id nor its user name. The pages of one folder are one export, read in the order of their
numbers. The channel has the title from the page's head; its name, unless the command line gives it, is a guess from the
folder, since every export calls its pages alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from selectolax.lexbor import LexborNode

from monitor.models import Channel, Forward, Media, Post, Rejected, Skipped
from monitor.sources.fields import FieldError, body, date, line, shown, whole
from monitor.sources.markup import breaks_off, has_class, parse, pieces, text_of
from monitor.sources.source import Read

MARKS = (b"page_body chat_page", b'class="history"')
_DATE = re.compile(r"(\d{2})\.(\d{2})\.(\d{4}) (\d{2}:\d{2}:\d{2})(?: (?:UTC|GMT)?([+-]\d{2}:?\d{2})?)?")
_DURATION = re.compile(r"(?:(\d{1,6}):)?(\d{1,2}):(\d{2})\b")
_REPLY = re.compile(r"message(\d{1,18})\Z")
_STARTS = re.compile(rb'<div\b[^<>]*\bclass="message[ "]')
_KINDS = (
    (".photo_wrap", "photo"),
    (".media_photo", "photo"),
    (".video_file_wrap", "video"),
    (".media_video", "video"),
    (".media_voice_message", "voice"),
    (".media_audio_file", "audio"),
    (".animated_wrap", "animation"),
    (".sticker_wrap", "sticker"),
    (".media_file", "document"),
    (".media_poll", "poll"),
    (".media_location", "location"),
    (".media_live_location", "location"),
    (".media_venue", "location"),
    (".media_contact", "contact"),
    (".media_game", "other"),
    (".media_invoice", "other"),
)
# What the exporter could not show is a block with one of these titles.
_BY_TITLE = {"Video message": "round", "Animation": "animation", "Sticker": "sticker"}
_OWN_SHARE = 0.9  # of the authors' names on a channel's page that are the channel's own


def read_page(raw: bytes, path: Path, channel: str | None) -> Iterator[Read]:
    """Give the posts of one page of an export, oldest first as they stand on it; `path` is where it was read."""
    name = str(path)
    try:
        page = parse(raw)
    except FieldError as error:
        yield Rejected(name, None, str(error))
        return
    title = line(text_of(page.css_first(".page_header .text")))
    given = channel.removeprefix("@") if channel else path.resolve().parent.name
    owner = Channel(None, given, title, guessed=channel is None)
    nodes = page.css(".history .message")
    if title is not None and not _is_a_channel(nodes, title):
        yield Rejected(name, None, "is the export of a chat between people; only public channels are read")
        return
    previous: Forward | None = None
    for number, (node, piece) in enumerate(zip(nodes, pieces(raw, _STARTS, nodes), strict=True), start=1):
        if has_class(node, "service"):
            # The lines that name the day have negative ids.
            if not (node.attributes.get("id") or "").startswith("message-"):
                yield Skipped(name, "service message")
            continue
        try:
            if number == len(nodes) and breaks_off(raw):
                raise FieldError("the page breaks off in this post; export the chat again")
            post = _post(node, piece, owner, previous, f"{name}:{number}")
            previous = post.forward
            yield post
        except FieldError as error:
            yield Rejected(name, number, str(error))
    if not nodes and breaks_off(raw):
        yield Rejected(name, None, "the page breaks off before its first post; export the chat again")


def _is_a_channel(nodes: list[LexborNode], title: str) -> bool:
    """Tell a channel, which writes in its own name, from a chat between people."""
    names = [line(text_of(name)) for node in nodes for name in node.css(".body > .from_name")[:1]]
    own = sum(name == title for name in names)
    return own >= _OWN_SHARE * len(names)


def _post(node: LexborNode, raw: bytes, channel: Channel, previous: Forward | None, source: str) -> Post:
    id_ = whole((node.attributes.get("id") or "").removeprefix("message"))
    if not id_:
        raise FieldError("the post has no id")
    content = node.css_first(".forwarded.body") or node.css_first(".body") or node
    reply = _REPLY.search(_href(node, ".reply_to a"))
    return Post(
        channel=channel,
        id=id_,
        date=_date(node.css_first(".pull_right.date")),
        body=body(text_of(_own(content, "text"))),
        raw=raw,
        attached=tuple(_poll(content)),
        media=tuple(_media(content)),
        forward=_forward(node, previous),
        reply_to=int(reply[1]) if reply else None,
        ids=(id_,),
        source=source,
    )


def _own(node: LexborNode, name: str) -> LexborNode | None:
    return next((child for child in node.iter() if has_class(child, name)), None)


def _href(node: LexborNode, selector: str) -> str:
    link = node.css_first(selector)
    return (link.attributes.get("href") or "") if link else ""


def _date(stamp: LexborNode | None) -> datetime:
    text = (stamp.attributes.get("title") or "") if stamp else ""
    found = _DATE.match(text)
    if found is None:
        raise FieldError("the post has no date" if not text else f"{shown(text)} is no date of an export")
    day, month, year, time, zone = found.groups()
    return date(f"{year}-{month}-{day}T{time}{zone or '+00:00'}")


def _media(content: LexborNode) -> Iterator[Media]:
    for selector, kind in _KINDS:
        for found in content.css(selector):
            title = line(text_of(found.css_first(".title")))
            told = found.css_first(".video_duration") or found.css_first(".status")
            yield Media(
                _BY_TITLE.get(title or "", kind),
                duration=_seconds(text_of(told)),
                file_name=title if kind == "document" and title != "File" else None,
            )


def _seconds(text: str) -> int | None:
    found = _DURATION.match(text)
    return int(found[1] or 0) * 3600 + int(found[2]) * 60 + int(found[3]) if found else None


def _poll(node: LexborNode) -> Iterator[str]:
    poll = node.css_first(".media_poll")
    if poll is None:
        return
    answers = [_without(answer, ".details").removeprefix("- ") for answer in poll.css(".answer")]
    asked = "\n".join(text for text in (text_of(poll.css_first(".question")), *answers) if text)
    if asked:
        yield asked


def _forward(node: LexborNode, previous: Forward | None) -> Forward | None:
    """Where a post was forwarded from; one that is joined to the post before it names no origin, but shares it."""
    forwarded = node.css_first(".forwarded.body")
    if forwarded is None:
        return None
    name = forwarded.css_first(".from_name")
    if name is None:
        return previous if has_class(node, "joined") and previous is not None else Forward()
    try:
        written = _date(name.css_first(".date"))
    except FieldError:
        written = None
    return Forward(line(_without(name, ".details")), date=written)


def _without(node: LexborNode, selector: str) -> str:
    """The text of a node but for the remark at its end."""
    remark = node.css_first(selector)
    return text_of(node).removesuffix(text_of(remark)).strip() if remark else text_of(node)
