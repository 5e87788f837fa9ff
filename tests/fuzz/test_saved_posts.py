"""Saved posts of every format: read or refused, and what is read can be stored, matched and told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from monitor.alerts.policy import Policy
from monitor.alerts.render import render
from monitor.alerts.stories import StoryIndex
from monitor.models import Post
from monitor.pipeline import Pipeline
from monitor.sources.files import SUFFIXES
from monitor.store.store import Store
from tests.fuzz import mutation
from tests.fuzz.messages import MEDIA
from tests.fuzz.running import Parser, quick_and_long
from tests.fuzz.scratch import folder, packs
from tests.pages_example import export_page, export_post, export_service, export_text, page, post
from tests.test_sources_desktop_html import FORWARDED, POLL
from tests.test_sources_desktop_json import CASES, MESSAGE
from tests.test_sources_fuzz import SOUND, checked_reads
from tests.test_sources_jsonl import OWN, RECORD, TELETHON, telethon_record
from tests.test_sources_preview_page import CASES as PREVIEWS
from tests.test_telegram_posts import RICH

SIXTY_FOUR_BITS = range(-(2**63), 2**63)

EXPORTED = [{**MESSAGE, **fields} for fields, _ in CASES.values()]
LINES = [{**RECORD, **fields} for fields, _ in OWN.values()]
MESSAGES = [
    *(telethon_record(**fields) for fields, _ in TELETHON.values()),
    telethon_record(rich_message=orjson.loads(RICH.to_json())),
    *(telethon_record(media=orjson.loads(media().to_json())) for media in MEDIA),
]
PAGES = [page(post(7, content), post(8, content, edited=True)) for content, _ in PREVIEWS.values()]
EXPORT_PAGES = [
    export_page(export_service(-1, "4 June 2023"), export_post(7, FORWARDED.format(export_text("Двое")))),
    export_page(export_post(8, POLL), export_post(9, export_text("Трое"), author=None)),
]
TEXTS = [
    "date 2023-06-04\nДвое пленных",
    "date 2023-06 09:30\nВ Шебекине началась эвакуация.",
    "Обмен пленными\n\nТрое.",
]


def _bytes(random: Random) -> tuple[str, bytes]:
    """Bytes under any name that saved posts may have."""
    seeds = [*SOUND.values(), b"", b"[", b"{}", b"\xff\xfe\x00", b'{"messages": [', b"<html>"]
    return f"file{random.choice(sorted(SUFFIXES))}", mutation.content(random, seeds)


def _of(name: str, make: Callable[[Random], bytes]) -> Callable[[Random], tuple[str, bytes]]:
    return lambda random: (name, make(random))


def _records(random: Random, seeds: list[dict[str, Any]]) -> list[Any]:
    return mutation.value(random, [random.choice(seeds) for _ in range(random.choice((1, 1, 2, 4)))])  # type: ignore[no-any-return]


def _export(random: Random) -> bytes:
    """An export of one chat or of an account, with faults in its tree, in its bytes, or in both."""
    chat = {"name": "РДК", "type": "public_channel", "id": 1700000001, "messages": _records(random, EXPORTED)}
    tree = chat if random.random() < 0.7 else {"about": "", "chats": {"about": "", "list": [chat, chat]}}
    return _faulty_bytes(random, mutation.dumped(mutation.value(random, tree) if random.random() < 0.3 else tree))


def _lines(seeds: list[dict[str, Any]]) -> Callable[[Random], bytes]:
    return lambda random: _faulty_bytes(random, b"\n".join(map(mutation.dumped, _records(random, seeds))))


def _array(random: Random) -> bytes:
    return _faulty_bytes(random, mutation.dumped(_records(random, LINES + MESSAGES)))


def _faulty_bytes(random: Random, content: bytes) -> bytes:
    return mutation.content(random, [content]) if random.random() < 0.4 else content


def _page(seeds: list[bytes]) -> Callable[[Random], bytes]:
    """A page with faults in its markup, or with other numbers in it."""
    return lambda random: mutation.content(random, seeds)


def _text(random: Random) -> bytes:
    return mutation.text(random, TEXTS).encode(random.choice(("utf-8", "utf-16", "cp1251")), "ignore")


def read(made: tuple[str, bytes]) -> list[Post]:
    """Read a file; every value of its posts is one that can be stored."""
    name, content = made
    posts = [one for one in checked_reads(folder("saved") / name, content) if isinstance(one, Post)]
    for one in posts:
        numbers = [one.id, *one.ids, one.reply_to, one.views, one.album, one.channel.id]
        numbers += [number for media in one.media for number in (media.size, media.duration)]
        numbers += [one.forward.channel_id, one.forward.post_id] if one.forward else []
        assert all(number is None or number in SIXTY_FOUR_BITS for number in numbers), numbers
    return posts


@cache
def _pipeline() -> tuple[Store, Pipeline]:
    store = Store.open(None)
    return store, Pipeline(packs(), store, StoryIndex(), Policy(), origin="replay")


def told(made: tuple[str, bytes]) -> None:
    """Read, store and match posts as a replay does, and show the alerts in a zone that is behind, and one ahead."""
    store, pipeline = _pipeline()
    pipeline.ingest(read(made), datetime.now(UTC))
    due = store.due(origin="replay")
    for alert in due:
        for zone in ("America/Los_Angeles", "Pacific/Kiritimati"):
            render(alert, zone=ZoneInfo(zone))
    store.mark_delivered([alert.id for alert in due if alert.id is not None], "fuzz", datetime.now(UTC))


def _any_file(random: Random) -> tuple[str, bytes]:
    return random.choice(_FILES)(random)


_EXPORT, _LINE, _TELETHON = (
    _of("result.json", _export),
    _of("own.jsonl", _lines(LINES)),
    _of("t.jsonl", _lines(MESSAGES)),
)
_FILES = [_EXPORT, _LINE, _TELETHON, _of("t.me.html", _page(PAGES)), _of("messages.html", _page(EXPORT_PAGES))]

PARSERS = [
    Parser("any file", _bytes, read, 19_000),
    Parser("Desktop exports (JSON)", _EXPORT, read, 30_000),
    Parser("Desktop exports (HTML)", _of("messages.html", _page(EXPORT_PAGES)), read, 20_000),
    Parser("pages of t.me", _of("t.me.html", _page(PAGES)), read, 20_000),
    Parser("JSON lines", _LINE, read, 40_000),
    Parser("JSON arrays", _of("array.json", _array), read, 20_000),
    Parser("Telethon's JSON", _TELETHON, read, 30_000),
    Parser("plain texts", _of("a.txt", _text), read, 20_000),
    Parser("saved posts, stored and told", _any_file, told, 2_000, _pipeline),
]
test_quick, test_long = quick_and_long(PARSERS)


REGRESSIONS: dict[str, tuple[str, bytes]] = {}
