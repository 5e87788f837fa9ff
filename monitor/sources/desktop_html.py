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
from monitor.sources.fields import FieldError, body, date, line
from monitor.sources.markup import has_class, parse, text_of
from monitor.sources.source import Read

MARKS = (b"page_body chat_page", b'class="history"')
_ID = re.compile(r"message(-?\d+)\Z")
_DATE = re.compile(r"(\d{2})\.(\d{2})\.(\d{4}) (\d{2}:\d{2}:\d{2})(?: (?:UTC|GMT)?([+-]\d{2}:?\d{2})?)?")
_REPLY = re.compile(r"message(\d+)\Z")
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
    (".media_contact", "contact"),
)


def read_desktop_html(path: Path, channel: str | None) -> Iterator[Read]:
    """Give the posts of one page of an export, oldest first as they stand on it."""
    name = str(path)
    try:
        page = parse(path.read_bytes())
    except FieldError as error:
        yield Rejected(name, None, str(error))
        return
    title = line(text_of(page.css_first(".page_header .text")))
    given = channel.removeprefix("@") if channel else path.resolve().parent.name
    owner = Channel(None, given, title, guessed=channel is None)
    for number, node in enumerate(page.css(".history .message"), start=1):
        if has_class(node, "service"):
            yield Skipped(name, "service message")
            continue
        try:
            yield _post(node, owner, f"{name}:{number}")
        except FieldError as error:
            yield Rejected(name, number, str(error))


def _post(node: LexborNode, channel: Channel, source: str) -> Post:
    found = _ID.match(node.attributes.get("id") or "")
    if found is None or int(found[1]) <= 0:
        raise FieldError("the post has no id")
    content = node.css_first(".forwarded.body") or node.css_first(".body") or node
    reply = _REPLY.search(_href(node, ".reply_to a"))
    return Post(
        channel=channel,
        id=int(found[1]),
        date=_date(node),
        body=body(text_of(_own(content, "text"))),
        raw=(node.html or "").encode(),
        attached=tuple(_poll(content)),
        media=tuple(Media(kind) for selector, kind in _KINDS for _ in content.css(selector)),
        forward=_forward(node),
        reply_to=int(reply[1]) if reply else None,
        ids=(int(found[1]),),
        source=source,
    )


def _own(node: LexborNode, name: str) -> LexborNode | None:
    return next((child for child in node.iter() if has_class(child, name)), None)


def _href(node: LexborNode, selector: str) -> str:
    link = node.css_first(selector)
    return (link.attributes.get("href") or "") if link else ""


def _date(node: LexborNode) -> datetime:
    stamp = node.css_first(".pull_right.date")
    text = (stamp.attributes.get("title") or "") if stamp else ""
    found = _DATE.match(text)
    if found is None:
        raise FieldError("the post has no date" if not text else f"{text[:40]!r} is no date of an export")
    day, month, year, time, zone = found.groups()
    return date(f"{year}-{month}-{day}T{time}{zone or '+00:00'}")


def _poll(node: LexborNode) -> Iterator[str]:
    poll = node.css_first(".media_poll")
    if poll is None:
        return
    answers = [text_of(answer).removeprefix("- ").split("\n")[0] for answer in poll.css(".answer")]
    asked = "\n".join(text for text in (text_of(poll.css_first(".question")), *answers) if text)
    if asked:
        yield asked


def _forward(node: LexborNode) -> Forward | None:
    forwarded = node.css_first(".forwarded.body")
    if forwarded is None:
        return None
    name = forwarded.css_first(".from_name")
    return Forward(line(text_of(name).split("\n")[0]) if name else None)
