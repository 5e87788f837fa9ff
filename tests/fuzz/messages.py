"""Media that messages of Telegram's carry, one of each kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from telethon.tl import types

from tests.loopback import content
from tests.test_telegram_posts import TO_DO_LIST

MEDIA: list[Callable[[], Any]] = [
    content.photo,
    content.document,
    content.video,
    content.round_video,
    content.voice,
    lambda: content.audio("Гимн", "Хор"),
    content.sticker,
    lambda: content.poll("Обмен?", ["Да", "Нет"], [3, 1]),
    lambda: content.web_page("https://example.org", "Обмен пленными", "Двое"),
    lambda: content.place(50.4, 36.9),
    lambda: content.contact("А", "+31612345678"),
    lambda: TO_DO_LIST,
    types.MessageMediaEmpty,
    types.MessageMediaUnsupported,
]
