"""Files that the program keeps for itself, labelled posts, and requests to its page: spoilt ones are passed over."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import cache
from pathlib import Path
from random import Random

from structlog.testing import capture_logs

from monitor.cli.rules.labelled import fits, read_labelled
from monitor.metrics.server import HOST, MetricsServer
from monitor.models import Rejected
from monitor.rules import cache as lexicons
from monitor.rules.compiler import compile_rules
from monitor.rules.loader import load
from monitor.rules.tree_cache import read_trees
from monitor.rules.yaml_tree import read_tree
from monitor.sources.source import AccessLost
from monitor.telegram.session import existing_session, new_session
from tests.fuzz import mutation
from tests.fuzz.running import Parser, outcome, quick_and_long
from tests.fuzz.scratch import folder
from tests.fuzz.test_rule_files import PLACES
from tests.test_metrics import free_port

_PAGE = b"monitor_posts_total 7.0\n"
_REQUESTS = [
    b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"HEAD /metrics?x=1 HTTP/1.0\r\n\r\n",
    b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc",
]
_LABELLED = [
    {"text": "Пленных двое", "labels": {"prisoners": True, "entities": ["РДК"]}, "unsure": ["entities"], "part": "b"},
    {"text": "Погода", "labels": {"evacuations": False}, "lang": "ru", "channel": "news", "media": ["photo"]},
]


@cache
def _rules() -> Path:
    path = folder("own") / "rules.yaml"
    path.write_text(PLACES, encoding="utf-8")
    return path


@cache
def _kept() -> tuple[tuple[Path, bytes], tuple[Path, bytes]]:
    """The kept tree and the kept lexicon of a rule file: where they lie, and what stands in them."""
    place = folder("kept")
    read_trees([_rules()], place)
    compile_rules(load([_rules()], packs=False), cache=place)
    [tree], [lexicon] = place.glob("rules-*.json"), place.glob("lexicon-*.json")
    return (tree, tree.read_bytes()), (lexicon, lexicon.read_bytes())


def _spoilt(which: int) -> Callable[[Random], bytes]:
    return lambda random: mutation.content(random, [_kept()[which][1]])


def tree_kept(content: bytes) -> None:
    """Read rules whose kept tree is spoilt: they are as the file has them, and are kept again."""
    path = _kept()[0][0]
    path.write_bytes(content)
    assert read_trees([_rules()], path.parent) == [read_tree(_rules())]
    assert path.read_bytes() == _kept()[0][1]


def lexicon_kept(content: bytes) -> None:
    """Load a kept lexicon that is spoilt: there is none, or the same as before."""
    path, sound = _kept()[1]
    path.write_bytes(content)
    found = lexicons.load(path.parent, path.stem.removeprefix("lexicon-"))
    assert (found is not None) == (content == sound)


@cache
def _session() -> bytes:
    place = folder("sessions")
    place.chmod(0o700)
    with closing(new_session(place)) as held:
        held.open().close()
    path = place / "reader.session"
    with closing(sqlite3.connect(path)) as db:
        db.execute("DELETE FROM sessions")
        db.execute(
            "INSERT INTO sessions (dc_id, server_address, port, auth_key) VALUES (2, '127.0.0.1', 443, ?)",
            [bytes(range(256))],
        )
        db.commit()
    return path.read_bytes()


def _spoilt_session(random: Random) -> bytes:
    whole = bytearray(_session())
    for _ in range(random.choice((1, 3, 30))):
        at = random.randrange(len(whole)) if random.random() < 0.6 else random.randrange(120)
        whole[at] = random.choice((whole[at] ^ 1 << random.randrange(8), 0, 255))
    return bytes(whole[: random.randrange(len(whole))]) if random.random() < 0.2 else bytes(whole)


def session_taken(content: bytes) -> None:
    """Take a spoilt session: it is one with a key, or a sentence says what to do; the key stands in none."""
    path = folder("sessions") / "reader.session"
    path.write_bytes(content)
    path.chmod(0o600)
    held = outcome(lambda: existing_session(path.parent), AccessLost)
    if isinstance(held, AccessLost):
        assert str(path.parent) in str(held)
        assert bytes(range(32, 64)).decode() not in str(held)
    else:
        held.close()


def _labelled(random: Random) -> bytes:
    records = mutation.value(random, [random.choice(_LABELLED) for _ in range(random.choice((1, 2, 4)))])
    lines = b"\n".join(map(mutation.dumped, records))
    return mutation.content(random, [lines]) if random.random() < 0.4 else lines


def judged(content: bytes) -> None:
    """Read labelled posts: each line is one, or says with its place why it is none."""
    path = folder("own") / "labelled.jsonl"
    path.write_bytes(content)
    for number, found in enumerate(read_labelled(path)):
        if isinstance(found, Rejected):
            assert found.reason
        else:
            record, post = found
            assert isinstance(fits(record, [("part", "b"), ("labels", "x")]), bool)
            assert all(isinstance(value, bool) for value in post.rules.values()), number


@cache
def _asking() -> tuple[asyncio.AbstractEventLoop, int]:
    """A loop in which the page is served, and its port."""

    async def page() -> bytes:
        return _PAGE

    loop, port = asyncio.new_event_loop(), free_port()
    loop.run_until_complete(MetricsServer(port, page).open())
    return loop, port


def _request(random: Random) -> bytes:
    return mutation.content(random, _REQUESTS)


def asked(request: bytes) -> None:
    """Ask for the page in any way: one answer of HTTP or none, and the server's own faults are none."""
    loop, port = _asking()
    with capture_logs() as logs:
        answer = loop.run_until_complete(_answer(port, request))
    assert logs == []
    if answer:
        status, _, rest = answer.partition(b"\r\n")
        assert status.split(b" ")[:2] in ([b"HTTP/1.1", code] for code in (b"200", b"404", b"405"))
        assert rest.count(_PAGE) == (b" 200 " in status and request.startswith(b"GET "))


async def _answer(port: int, request: bytes) -> bytes:
    reader, writer = await asyncio.open_connection(HOST, port)
    try:
        writer.write(request)
        writer.write_eof()
        return await reader.read()
    except ConnectionError:
        return b""  # it did not read what is too long to the end
    finally:
        writer.close()


PARSERS = [
    Parser("kept trees, spoilt", _spoilt(0), tree_kept, 1_000, _kept),
    Parser("kept lexicons, spoilt", _spoilt(1), lexicon_kept, 4_000, _kept),
    Parser("sessions, spoilt", _spoilt_session, session_taken, 4_000, _session),
    Parser("labelled posts", _labelled, judged, 20_000),
    Parser("requests for figures", _request, asked, 4_000, _asking),
]
test_quick, test_long = quick_and_long(PARSERS)
