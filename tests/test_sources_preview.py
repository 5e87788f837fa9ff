"""The preview source against a real server: every post once, one request a call, and a far side that fails or lies."""

from __future__ import annotations

import asyncio
import gzip
import socket
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.models import Channel, Media, Post
from monitor.sources.live import Action, Address, LiveSource, Look, NotPublic, Page, Standing
from monitor.sources.preview import PreviewSource
from monitor.sources.preview_search import Search
from monitor.sources.source import ChannelGone, SourceError, Unreachable, Unreadable, Wait
from tests.pages_example import CORPS, page, post, text, view
from tests.preview_server.server import SUNDAY, Odd, PreviewChannel, PreviewServer, give, serving
from tests.test_sources_fuzz import CUTS, SOUND, faulty

T = TypeVar("T")
HERE = Address(Channel(CORPS, "russvolcorps", "Русский корпус"))


@pytest.fixture(scope="module")
def running() -> Iterator[PreviewServer]:
    """One server for the tests of this file."""
    with serving() as server:
        yield server


@pytest.fixture
def server(running: PreviewServer) -> PreviewServer:
    """The server with one channel and nothing asked yet."""
    running.channels.clear()
    running.asked.clear()
    running.statuses.clear()
    running.odd.clear()
    running.etags = False
    running.add(PreviewChannel())
    return running


def _with(server: PreviewServer, use: Callable[[PreviewSource], Awaitable[T]], *, patience: float = 5.0) -> T:
    async def run() -> T:
        source = PreviewSource(server.base, patience=patience)
        await source.open()
        try:
            return await use(source)
        finally:
            await source.close()

    return asyncio.run(run())


async def _read_all(source: PreviewSource, address: Address, after: int, *, most: int = 400) -> tuple[list[Page], int]:
    """Read from a cursor until there is no more, as the daemon does; return the pages and the last cursor."""
    pages = []
    for _ in range(most):
        found = await source.history(address, after)
        assert found.up_to >= after
        pages.append(found)
        after = found.up_to
        if not found.more:
            return pages, after
    raise AssertionError(f"no end after {most} pages")


def _posts(pages: list[Page]) -> list[tuple[int, ...]]:
    return [one.ids for found in pages for one in found.posts]


def test_it_is_a_live_source_that_says_what_it_cannot_do() -> None:
    source: LiveSource = PreviewSource()
    assert (source.name, source.account) == ("preview", "preview")
    assert (source.heads_batch, source.revisit_batch, source.join_limit) == (0, 0, 0)
    assert "deleted posts are not noticed" in source.blind_spots[0]


def test_a_name_leads_to_its_channel(server: PreviewServer) -> None:
    server.channels["russvolcorps"].publish(7)
    assert _with(server, lambda source: source.resolve("RussVolCorps")) == HERE
    assert server.asked == ["/s/RussVolCorps"]


@pytest.mark.parametrize(
    "name", ["+abcdef", "joinchat/abc", "ab", "1abcde", "-1001700000001", "имя_канала", "a" * 33, "x/../y"]
)
def test_what_is_no_user_name_is_told_without_a_request(server: PreviewServer, name: str) -> None:
    with pytest.raises(NotPublic, match="is no user name of a public channel"):
        _with(server, lambda source: source.resolve(name))
    assert server.asked == []


@pytest.mark.parametrize(
    "answer",
    [
        give(302, headers={"Location": "https://t.me/nobody"}),
        give(301, headers={"Location": "/nobody"}),
        give(302, headers={"Location": "https://telegram.me/"}),
        give(404),
    ],
)
def test_a_name_without_a_preview_leads_nowhere(server: PreviewServer, answer: Odd) -> None:
    server.odd = [answer]
    with pytest.raises(NotPublic, match="it is no public channel, or one that only an account can read"):
        _with(server, lambda source: source.resolve("nobody"))


def test_a_look_tells_what_the_page_says(server: PreviewServer) -> None:
    server.channels["russvolcorps"].publish(7, 9)
    server.channels["russvolcorps"].title = "РДК, по-новому"
    found = Address(Channel(CORPS, "russvolcorps", "РДК, по-новому"))
    assert _with(server, lambda source: source.look(HERE)) == Look(found, last=9, members=109_000)


def test_a_look_never_fails_for_a_channel_that_is_gone(server: PreviewServer) -> None:
    server.channels["russvolcorps"].publish(7)
    taken = Address(Channel(12, "russvolcorps", "РДК"))
    nameless = Address(Channel(CORPS, None))
    gone = Address(Channel(13, "nobody"))

    async def looks(source: PreviewSource) -> list[Look]:
        return [await source.look(address) for address in (taken, nameless, gone)]

    assert _with(server, looks) == [
        Look(taken, Standing.PRIVATE, reason=f"@russvolcorps now leads to another channel (id {CORPS})"),
        Look(nameless, Standing.PRIVATE, reason="no user name of it is known, and pages are known by name"),
        Look(gone, Standing.PRIVATE, reason="t.me shows no preview of @nobody"),
    ]


def test_posts_come_oldest_first_with_all_that_the_page_has_of_them(server: PreviewServer) -> None:
    channel = server.channels["russvolcorps"]
    channel.publish(5)
    channel.publish(6, 7, album=True)
    channel.publish(8, service=True)
    channel.publish(9)
    found = _with(server, lambda source: source.history(HERE, 5))
    assert [(one.channel, one.ids, one.body, one.media, one.date, one.url) for one in found.posts] == [
        (
            HERE.channel,
            (6, 7),
            "Двое 6",
            (Media("photo"), Media("photo")),
            SUNDAY + timedelta(minutes=6),
            "https://t.me/russvolcorps/6",
        ),
        (HERE.channel, (9,), "Двое 9", (), SUNDAY + timedelta(minutes=9), "https://t.me/russvolcorps/9"),
    ]
    assert [one.reason for one in found.skipped] == ["service message"]
    assert (found.served, found.up_to, found.more, found.rejected) == ((6, 7, 8, 9), 9, False, ())
    assert server.asked == ["/s/russvolcorps"]


def test_nothing_new_is_one_request_and_an_empty_page(server: PreviewServer) -> None:
    server.channels["russvolcorps"].publish(*range(1, 60))
    assert _with(server, lambda source: source.history(HERE, 59)) == Page((), (), (), (), 59, more=False)
    assert _with(server, lambda source: source.history(HERE, 70)) == Page((), (), (), (), 70, more=False)


def test_a_cursor_far_behind_is_caught_up_with_page_by_page(server: PreviewServer) -> None:
    channel = server.channels["russvolcorps"]
    channel.publish(*range(1, 101))
    channel.publish(*range(115, 125), album=True)
    channel.publish(*range(160, 190))
    pages, cursor = _with(server, lambda source: _read_all(source, HERE, 33))
    assert _posts(pages) == [
        *((id_,) for id_ in range(34, 101)),
        tuple(range(115, 125)),
        *((id_,) for id_ in range(160, 190)),
    ]
    assert cursor == 189
    assert len(pages) == len(server.asked) < 15
    assert server.asked[:3] == ["/s/russvolcorps", "/s/russvolcorps?before=54", "/s/russvolcorps?before=74"]


@pytest.mark.parametrize("behind", [19, 20, 21, 22, 39, 40, 41, 42])
def test_a_cursor_at_the_very_edge_of_a_page_misses_nothing(server: PreviewServer, behind: int) -> None:
    server.channels["russvolcorps"].publish(*range(1, 101))
    pages, _ = _with(server, lambda source: _read_all(source, HERE, 100 - behind))
    assert _posts(pages) == [(id_,) for id_ in range(101 - behind, 101)]


@st.composite
def _channels(draw: st.DrawFn) -> tuple[PreviewChannel, int]:
    """A channel with deleted, service and album messages, and a cursor that does not lie within an album."""
    channel = PreviewChannel(page_size=draw(st.integers(12, 25)))
    id_, cursors = 0, [0]
    for _ in range(draw(st.integers(1, 40))):
        kind = draw(st.sampled_from(["post", "post", "post", "album", "service", "deleted", "purge"]))
        length = {"album": draw(st.integers(2, 10)), "purge": 30}.get(kind, 1)
        ids = range(id_ + 1, id_ + 1 + length)
        if kind not in ("deleted", "purge"):
            channel.publish(*ids, album=kind == "album", service=kind == "service")
        id_ += length
        cursors.append(id_)
    return channel, draw(st.sampled_from(cursors))


@settings(derandomize=True, deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=_channels())
def test_every_post_above_the_cursor_comes_once_and_no_album_is_cut(
    server: PreviewServer, drawn: tuple[PreviewChannel, int]
) -> None:
    channel, cursor = drawn
    server.add(channel)
    server.asked.clear()
    pages, end = _with(server, lambda source: _read_all(source, HERE, cursor))
    whole: dict[int, list[int]] = {}
    for shown in channel.messages.values():
        if shown.id > cursor and shown.kind != "service_message":
            whole.setdefault(shown.album or shown.id, []).append(shown.id)
    assert _posts(pages) == [tuple(ids) for _, ids in sorted(whole.items())]
    assert sorted({id_ for found in pages for id_ in found.served}) == sorted(
        id_ for id_ in channel.messages if id_ > cursor
    )
    assert end == max([cursor, *channel.messages])
    assert len(server.asked) == len(pages)


def test_pages_that_the_far_side_knows_again_are_not_sent_again(server: PreviewServer) -> None:
    server.etags = True
    server.channels["russvolcorps"].publish(7, 8)

    async def thrice(source: PreviewSource) -> list[Page]:
        first = await source.history(HERE, 7)
        second = await source.history(HERE, 7)
        server.channels["russvolcorps"].publish(9)
        return [first, second, await source.history(HERE, 7)]

    first, second, third = _with(server, thrice)
    assert first == second
    assert [one.id for one in third.posts] == [8, 9]
    assert server.statuses == [200, 304, 200]


def test_a_mark_that_a_page_was_known_by_is_not_sent_for_another_page(server: PreviewServer) -> None:
    server.channels["russvolcorps"].publish(*range(1, 100))

    def marked(handler: BaseHTTPRequestHandler) -> None:
        known = handler.headers.get("If-None-Match") is not None
        before = 28 if "before" in handler.path else None
        content = b"" if known else server.channels["russvolcorps"].page(before)
        give(304 if known else 200, content, {"ETag": '"the same for all"'})(handler)

    async def twice(source: PreviewSource) -> list[Page]:
        return [await source.history(HERE, 7), await source.history(HERE, 7)]

    server.odd = [marked, marked]
    first, second = _with(server, twice)
    assert (first.posts, [one.id for one in second.posts]) == ((), list(range(8, 28)))


@pytest.mark.parametrize("answer", [give(304), give(304, headers={"ETag": '"x"'})])
def test_a_page_that_was_never_sent_cannot_be_unchanged(server: PreviewServer, answer: Odd) -> None:
    server.odd = [answer]
    with pytest.raises(Unreadable, match="304"):
        _with(server, lambda source: source.history(HERE, 7))


def _at(server: PreviewServer, moment: datetime) -> tuple[int, int]:
    """Ask for the newest id from before a moment until it is found; return it and how often it was asked for."""
    waits: set[tuple[float, str | None]] = set()

    async def ask(source: PreviewSource) -> tuple[int, int]:
        for number in range(1, 100):
            try:
                return await source.at(HERE, moment), number
            except Wait as wait:
                waits.add((wait.seconds, wait.action))
        raise AssertionError("never found")

    answer = _with(server, ask)
    assert waits <= {(1.0, Action.AT)}
    return answer


@pytest.mark.parametrize(
    ("minute", "found"),
    [
        (0, 0),
        (1, 0),
        (2, 1),
        (400, 399),
        (2500, 1999),
        (2999, 1999),
        (3000, 1999),
        (3001, 3000),
        (9000, 8999),
        (99999, 9000),
    ],
)
def test_the_newest_post_from_before_a_moment_is_found_in_few_requests(
    server: PreviewServer, minute: int, found: int
) -> None:
    server.channels["russvolcorps"].publish(*range(1, 2000), *range(3000, 9001))
    answer, asked = _at(server, SUNDAY + timedelta(minutes=minute))
    assert answer == found
    assert asked == len(server.asked) <= 11


@settings(derandomize=True, deadline=None, max_examples=200)
@given(
    steps=st.lists(st.tuples(st.integers(1, 400), st.integers(0, 5000)), min_size=1, max_size=300),
    at=st.integers(0, 300),
    size=st.integers(1, 25),
)
def test_a_search_ends_at_the_right_post_whatever_the_pace_of_a_channel(
    steps: list[tuple[int, int]], at: int, size: int
) -> None:
    posts, id_, date = [], 0, SUNDAY
    for further, seconds in steps:
        id_, date = id_ + further, date + timedelta(seconds=seconds)
        posts.append((id_, date))
    moment = posts[min(at, len(posts) - 1)][1]
    search, asked = Search(moment), 0
    while search.answer is None:
        below = [one for one in posts if search.before is None or one[0] < search.before]
        search, asked = search.after_page(below[-size:], older=len(below) > size), asked + 1
        assert asked <= 16
    reached = max((one[0] for one in posts if one[1] < moment), default=0)
    assert reached <= search.answer < min(one[0] for one in posts if one[1] >= moment)


def test_a_moment_before_all_posts_of_one_page_needs_one_request(server: PreviewServer) -> None:
    server.channels["russvolcorps"].publish(*range(3, 9))
    assert _at(server, SUNDAY) == (0, 1)


def test_a_channel_without_posts_begins_at_nothing(server: PreviewServer) -> None:
    assert _at(server, SUNDAY) == (0, 1)
    assert _with(server, lambda source: source.history(HERE, 0)) == Page((), (), (), (), 0, more=False)


def _cut_short(handler: BaseHTTPRequestHandler) -> None:
    give(200, b"<html>", {"Content-Length": "100000"})(handler)
    handler.close_connection = True


def _hang_up(handler: BaseHTTPRequestHandler) -> None:
    handler.connection.shutdown(socket.SHUT_RDWR)
    handler.close_connection = True


def _never_ending(handler: BaseHTTPRequestHandler) -> None:
    give(200, b"", {"Content-Length": str(10**12)})(handler)
    try:
        while True:
            handler.wfile.write(b"<p>endless</p>" * 10_000)
    except OSError:
        handler.close_connection = True


def _slow(handler: BaseHTTPRequestHandler) -> None:
    give(200, b"<html>", {"Content-Length": "1000"})(handler)
    try:
        for _ in range(20):
            time.sleep(0.1)
            handler.wfile.write(b" ")
    except OSError:
        pass
    handler.close_connection = True


OTHER = page(post(8, text("Чужое"), name="legion", channel=12), name="legion")
LYING_IDS = page(*(post(id_, text("x")) for id_ in (8, 12, 10)))
HIGH = page(post(2**31, text("x")))
FAILURES: dict[str, tuple[Odd, type[SourceError], str]] = {
    "a preview that was switched off": (
        give(302, headers={"Location": "https://t.me/russvolcorps"}),
        ChannelGone,
        "shows no preview of @russvolcorps any more",
    ),
    "a channel that t.me does not know": (give(404), ChannelGone, "t.me knows no page of @russvolcorps any more"),
    "a channel that became another one": (
        give(200, page(post(8, text("x"), channel=12))),
        ChannelGone,
        "@russvolcorps now leads to another channel (id 12), which is not read",
    ),
    "another channel's page": (give(200, OTHER), ChannelGone, "leads to another channel"),
    "a fault of the far side": (give(500), Unreachable, "the far side failed (500)"),
    "a fault of a gateway": (give(502, b"<html>bad gateway</html>"), Unreachable, "the far side failed (502)"),
    "a page that is cut short": (_cut_short, Unreachable, ""),
    "a connection that is closed at once": (_hang_up, Unreachable, ""),
    "a page that comes too slowly": (_slow, Unreachable, "did not come within 0.5 seconds"),
    "a page without end": (_never_ending, Unreadable, "the page has more than 4 MB"),
    "a page that unpacks to more than fits": (
        give(200, gzip.compress(b" " * 10_000_000), {"Content-Encoding": "gzip"}),
        Unreadable,
        "the page has more than 4 MB",
    ),
    "a page that cannot be unpacked": (
        give(200, b"no gzip", {"Content-Encoding": "gzip"}),
        Unreadable,
        "cannot be unpacked",
    ),
    "a picture": (give(200, b"\x89PNG", kind="image/png"), Unreadable, "the answer is no page but image/png"),
    "a page of another kind": (
        give(200, b"<html><body>Sign in to this network</body></html>"),
        Unreadable,
        "is no page of t.me; something else answers in its place",
    ),
    "a page that is nested without end": (
        give(200, page("<b>" * 10_000)),
        Unreadable,
        "the page is nested more than 400 deep",
    ),
    "a redirect to another place": (
        give(302, headers={"Location": "https://example.org/russvolcorps"}),
        Unreadable,
        "leads to another place (https://example.org/russvolcorps), which is not followed",
    ),
    "a redirect to another page": (give(307, headers={"Location": "/s/legion"}), Unreadable, "which is not followed"),
    "a redirect to what is no address": (
        give(302, headers={"Location": "http://["}),
        Unreadable,
        "leads to what is no address",
    ),
    "a refusal": (give(403), Unreadable, "refuses the page (403)"),
    "ids that jump backwards": (give(200, LYING_IDS), Unreadable, "the posts' ids are out of order"),
    "an id that is none of Telegram's": (give(200, HIGH), Unreadable, "the posts' ids are out of order"),
}


@pytest.mark.parametrize(("answer", "error", "said"), [pytest.param(*case, id=name) for name, case in FAILURES.items()])
def test_a_far_side_that_fails_or_lies_is_told_in_a_sentence(
    server: PreviewServer, answer: Odd, error: type[SourceError], said: str
) -> None:
    server.channels["russvolcorps"].publish(7, 8)
    server.odd = [answer]

    async def twice(source: PreviewSource) -> Page:
        with pytest.raises(error) as caught:
            await source.history(HERE, 7)
        assert type(caught.value) is error
        assert said in str(caught.value)
        assert len(server.asked) == 1
        return await source.history(HERE, 7)

    assert [one.id for one in _with(server, twice, patience=0.5 if answer is _slow else 10.0).posts] == [8]


def test_nobody_at_the_address_is_told_in_a_sentence(server: PreviewServer) -> None:
    nobody = PreviewServer()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody.base = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(Unreachable, match="/s/russvolcorps: "):
        _with(nobody, lambda source: source.history(HERE, 7))


@pytest.mark.parametrize(
    "base", ["", "t.me", "ftp://t.me", "https://", "https://t.me/?x=1", "http://x:99999", "http://["]
)
def test_a_base_address_that_is_none_is_refused(base: str) -> None:
    with pytest.raises(ValueError, match="is no address of preview pages"):
        PreviewSource(base)


def _in(seconds: float) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize(
    ("status", "header", "least", "most"),
    [
        (429, "37", 37, 37),
        (429, "", 60, 60),
        (429, "soon", 60, 60),
        (429, "0", 1, 1),
        (429, "9" * 30, 86400, 86400),
        pytest.param(429, "a date ten minutes from now", 500, 600, id="429-date"),
        (503, "12", 12, 12),
    ],
)
def test_a_far_side_that_wants_to_be_left_alone_is_obeyed(
    server: PreviewServer, status: int, header: str, least: float, most: float
) -> None:
    header = _in(600) if header == "a date ten minutes from now" else header
    server.odd = [give(status, headers={"Retry-After": header} if header else {})]
    with pytest.raises(Wait) as caught:
        _with(server, lambda source: source.history(HERE, 7))
    assert least <= caught.value.seconds <= most
    assert caught.value.action is None


def test_a_post_that_lies_about_its_channel_costs_itself_alone(server: PreviewServer) -> None:
    lying = post(9, text("Чужое")).replace(view(CORPS, 9), view(12, 9))
    undated = post(10, text("Без даты"), date="вчера")
    borrowed = post(11, text("Чужое"), name="legion")
    silent = post(12, text("Своё"), channel=None)
    nameless = post(13, text("x")).replace('data-post="russvolcorps/13"', "")
    server.odd = [give(200, page(post(8, text("Своё")), lying, undated, borrowed, silent, nameless))]
    found = _with(server, lambda source: source.history(HERE, 7))
    assert [(one.id, one.channel.id) for one in found.posts] == [(8, CORPS), (12, CORPS)]
    assert [(one.id, one.rejected.reason) for one in found.rejected] == [
        (9, "the post says that it is another channel's"),
        (10, "'вчера' is no date; write it as 2023-06-04T09:30:00+00:00"),
        (11, "the post says that it is another channel's"),
    ]
    assert "Без даты".encode() in found.rejected[1].raw
    assert [one.reason for one in found.skipped] == ["post without an id"]
    assert (found.served, found.up_to) == ((8, 9, 10, 11, 12), 12)


def test_a_page_that_shows_what_was_not_asked_for_moves_no_cursor(server: PreviewServer) -> None:
    server.channels["russvolcorps"].publish(*range(1, 100))
    newest = server.channels["russvolcorps"].page(None)
    server.odd = [give(200, newest), give(200, newest)]

    async def read(source: PreviewSource) -> Page:
        assert await source.history(HERE, 7) == Page((), (), (), (), 7, more=True)
        with pytest.raises(Unreadable, match="shows other posts than those that were asked for"):
            await source.history(HERE, 7)
        return await source.history(HERE, 7)

    assert [one.id for one in _with(server, read).posts] == list(range(8, 28))


def test_a_service_message_at_the_head_of_a_page_does_not_say_how_far_that_reaches(server: PreviewServer) -> None:
    created = post(1, text("Channel created"), kind="service_message")
    server.odd = [give(200, page(created, *(post(id_, text("x")) for id_ in range(81, 101)), before=81))]
    assert _with(server, lambda source: source.history(HERE, 7)) == Page((), (), (), (), 7, more=True)


def test_an_edited_post_is_read_as_it_is_now(server: PreviewServer) -> None:
    channel = server.channels["russvolcorps"]
    channel.publish(7, 8)

    async def read(source: PreviewSource) -> list[Post]:
        first = await source.history(HERE, 7)
        channel.messages[8].content = "Трое"
        return [*first.posts, *(await source.history(HERE, 7)).posts]

    assert [one.body for one in _with(server, read)] == ["Двое 8", "Трое"]


@settings(
    derandomize=True, deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(cuts=CUTS(), after=st.integers(0, 20))
def test_a_page_with_faults_gives_sound_posts_or_a_sentence(
    server: PreviewServer, cuts: list[tuple[float, int, bytes]], after: int
) -> None:
    server.odd = [give(200, faulty(SOUND["t.me.html"], cuts))]
    try:
        found = _with(server, lambda source: source.history(HERE, after))
    except SourceError:
        return
    ids = [one.id for one in found.posts]
    assert ids == sorted(set(ids))
    assert all(one.channel.id == CORPS and one.ids[-1] > after for one in found.posts)
    assert found.served == tuple(sorted(set(found.served)))
    assert found.up_to >= max([after, *found.served])


def test_what_only_an_account_can_do_is_refused(server: PreviewServer) -> None:
    calls: list[Callable[[PreviewSource], Awaitable[Any]]] = [
        lambda source: source.heads([HERE]),
        lambda source: source.revisit(HERE, [7]),
        lambda source: source.join(HERE),
        lambda source: source.leave(HERE),
    ]
    for call in calls:
        with pytest.raises(Unreadable):
            _with(server, call)
    assert server.asked == []


def test_nothing_is_pushed_and_listening_can_be_ended(server: PreviewServer) -> None:
    async def listen(source: PreviewSource) -> bool:
        waiting = asyncio.ensure_future(anext(source.hints()))
        done, _ = await asyncio.wait([waiting], timeout=0.05)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        return bool(done)

    assert not _with(server, listen)
