"""Hostile text in posts, titles and commands: stored as it was, shown harmlessly, and the program goes on."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from telethon.tl import types

from tests.faults.cycle import Cycle
from tests.loopback.scene import Scene, run

# Each holds the word that rings, so that it comes into the chat, too. Telegram's own limit is 4,096 characters, but
# whoever speaks its protocol may send more.
HOSTILE = {
    "NUL": "Рейс NUL: пленных\0двое, \0 трое.",
    "right-to-left override": "Рейс RLO: пленных \u202egnp.exe двое \u2066 трое.",
    "HTML": "Рейс HTML: <b>пленных</b> <script>alert(1)</script> &amp; <a href='javascript:x'>трое</a>.",
    "Markdown": "Рейс MD: **пленных** [двое](https://example.org) `трое` __четверо__ ||пятеро||.",
    "zero-width": "Рейс ZW: плен\u200bных дво\u200dе, тро\ufeffе.",
    "combining marks": "Рейс CM: пленных " + "и" + "\u0301" * 100_000 + " двое.",
    "ANSI": "Рейс ANSI: пленных \x1b[2J\x1b]0;title\x07 двое.",
    "no characters": "Рейс NC: пленных \ufffe\uffff\U0010ffff двое.",
    "long": "Рейс LONG: пленных " + "двое " * 20_000,
}
COMMANDS = (
    "/search " + "и" + "\u0301" * 3_000,
    "/search \0 \" OR 1=1 -- '",
    "/search NEAR(a b) AND NOT *",
    "/last \u202e5",
    "/why 99999999999999999999999",
    "/mute \0",
    "/test <b>пленных</b> \x1b[2J",
    "/add @\u202enews",
    "/unmute -1",
    "/" + "a" * 4_000,
)


def test_hostile_posts_titles_and_commands(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        async with Cycle(scene, tmp_path) as cycle:
            scene.world.rename(scene.news, "<b>News</b>\0\u202e\x1b[2J" + "\u0301" * 500, silently=True)
            for text in HOSTILE.values():
                cycle._post(scene.news, text)
            cycle.marks += [text[: text.index(":") + 1] for text in HOSTILE.values()]
            await cycle.monitor.until(cycle.quiet, 90)
            cycle.check()
            stored = [body for (body,) in cycle.monitor.rows("SELECT CAST(body AS TEXT) FROM revisions ORDER BY id")]
            assert stored == [text.replace("\0", "\ufffd") for text in HOSTILE.values()]
            for message in scene.analyst.box.page(limit=1000):
                if isinstance(message, types.Message) and not message.out:
                    _harmless(message)
            for command in COMMANDS:
                scene.world.send(scene.analyst, scene.bot, command)
            scene.world.send(scene.analyst, scene.bot, "/status")
            await cycle.monitor.until(lambda: any("requests in the last minute" in text for text in cycle.told()), 60)
            for event in ("job_failed", "command_failed", "message_refused"):
                assert cycle.monitor.lines(event) == []
            assert (await cycle.monitor.stop())[0] == 0

    run(story)


def _harmless(message: types.Message) -> None:
    """Within Telegram's limits, nothing that moves other text or acts on a terminal, and links to posts alone."""
    text = message.message
    assert len(text.encode("utf-16-le")) // 2 <= 4096
    assert len(message.entities or ()) <= 100
    assert not any(unicodedata.category(char) == "Cc" and char != "\n" for char in text)
    opened = 0
    for char in text:  # every direction that is begun ends before the line does
        opened += (char in "\u2066\u2067\u2068\u202a\u202b\u202d\u202e") - (char in "\u2069\u202c")
        assert char != "\n" or opened == 0
    assert opened == 0
    assert message.media is None
    raw = text.encode("utf-16-le")
    for one in message.entities or ():
        shown = raw[2 * one.offset : 2 * (one.offset + one.length)].decode("utf-16-le")
        assert isinstance(one, types.MessageEntityBold) or shown.startswith("https://t.me/news_example/")
