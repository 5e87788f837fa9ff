"""What comes from the far side: messages that Telegram could send, and how long somebody asks us to wait."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import orjson
from telethon.tl import TLObject, TLRequest, types

from monitor.alerts import webhook
from monitor.models import Channel
from monitor.sources import preview_client
from monitor.sources.telethon_json import content as saved_post
from monitor.telegram.files import remotes, request
from monitor.telegram.pages import above, page_of
from monitor.telegram.posts import SOURCE, Peers, convert
from tests.fuzz import mutation
from tests.fuzz.messages import MEDIA
from tests.fuzz.running import Parser, quick_and_long
from tests.fuzz.test_saved_posts import _TELETHON, SIXTY_FOUR_BITS
from tests.loopback import content
from tests.test_telegram_posts import RICH

NOW = datetime(2023, 6, 4, 9, 30, tzinfo=UTC)
NEWS = Channel(1700000001, "news_example", "News")
_PEER = types.PeerChannel(1700000001)
_CHANNEL = types.Channel(1700000001, "News", types.ChatPhotoEmpty(), NOW, username="news_example", access_hash=1)
_PEERS = Peers.of([_CHANNEL])
_MEDIA = [*MEDIA, lambda: None]
_FIELDS: list[dict[str, Any]] = [
    {},
    {"edit_date": NOW + timedelta(hours=1)},
    {"grouped_id": 12345},
    {"fwd_from": types.MessageFwdHeader(NOW, from_id=types.PeerChannel(77), channel_post=17)},
    {"fwd_from": content.hidden_forward("Некто")},
    {"reply_to": types.MessageReplyHeader(reply_to_msg_id=3)},
    {"restriction_reason": content.restriction()},
    {"noforwards": True, "edit_hide": True, "views": 5, "forwards": 1},
    {"rich_message": RICH},
    {"entities": [types.MessageEntityBold(0, 3), types.MessageEntityTextUrl(0, 3, "https://example.org")]},
]


def _message(random: Random, number: int) -> Any:
    if random.random() < 0.1:
        return types.MessageService(number, _PEER, NOW, types.MessageActionPinMessage())
    fields = {key: value for one in random.sample(_FIELDS, random.choice((0, 1, 2))) for key, value in one.items()}
    text = (
        mutation.text(random, ["Трое пленных", "", "В Шебекине началась эвакуация."])
        .encode("utf-8", "replace")
        .decode()
    )
    return types.Message(number, _PEER, NOW, text, media=random.choice(_MEDIA)(), post=True, **fields)


def _messages(random: Random) -> list[Any]:
    """Messages as they come over the wire, with other values in some of their fields."""
    found = []
    for number in range(1, random.choice((2, 2, 3, 6))):
        message = _message(random, number)
        for _ in range(random.choice((0, 1, 2, 4))):
            _disturb(random, message)
        found.append(message)
    return found


def _disturb(random: Random, message: TLObject) -> None:
    """Put another value of its kind into one field."""
    holder, name = random.choice(list(_fields(message)))
    old = getattr(holder, name)
    if isinstance(old, bool):
        new: Any = not old
    elif isinstance(old, int):
        new = random.choice((0, 1, -1, 2**31 - 1, -(2**31), random.randrange(2**31)))
    elif isinstance(old, str):
        new = mutation.noise(random, 30).encode("utf-8", "replace").decode()
    elif isinstance(old, datetime):
        new = datetime.fromtimestamp(random.choice((0, 1, 2**31 - 1, random.randrange(2**31))), UTC)
    elif isinstance(old, list):
        new = random.choice((old[1:], old + old, [*reversed(old)], []))
    else:
        return
    setattr(holder, name, new)


def _fields(message: TLObject) -> Iterator[tuple[TLObject, str]]:
    waiting = [message]
    while waiting:
        one = waiting.pop()
        for name, value in vars(one).items():
            yield one, name
            waiting += [part for part in (value if isinstance(value, list) else [value]) if isinstance(part, TLObject)]


def converted(messages: Any) -> None:
    """Make posts of messages: none is lost, what is kept raw reads the same again, and all can be stored."""
    made = convert(messages, NEWS, _PEERS)
    assert sum(len(one.ids) for one in made.posts) + len(made.skipped) + len(made.rejected) == len(messages)
    for one in made.posts:
        numbers = [one.id, *one.ids, one.reply_to, one.views, one.album]
        assert all(number is None or number in SIXTY_FOUR_BITS for number in numbers), numbers
        if len(one.ids) == 1:
            again = saved_post(orjson.loads(one.raw), one.raw, one.channel, SOURCE)
            assert (again.body, again.attached, again.media, again.date) == (
                one.body,
                one.attached,
                one.media,
                one.date,
            )
        one.text.encode()
    kept = above(messages, 0)
    page = page_of(kept, 0, NEWS, _PEERS, full=True)
    assert page.up_to in (0, *(message.id for message in kept))


def located(content: bytes) -> None:
    """Find the files of a post by its record: none, or where its bytes are; what is asked for them can be sent."""
    for remote in remotes(content):
        if remote is not None and remote.message in SIXTY_FOUR_BITS:
            assert isinstance(request(remote, 0), TLRequest)


_WAITS = [
    "60",
    "Wed, 21 Oct 2026 07:28:00 GMT",
    "Sun, 04 Jun 2023 09:31:00 +0300",
    "0",
    " 120 ",
    "Mon, 1 Jan 1 00:00:00 -0000",
]


def _wait(random: Random) -> str:
    return mutation.text(random, _WAITS)


def waited(header: str) -> None:
    """Read a Retry-After, as a webhook's receiver or t.me may send it: a wait within bounds."""
    assert 0 <= webhook._seconds(header, NOW.timestamp()) <= 3600
    assert 1 <= preview_client._wait(header, NOW) <= 86400


PARSERS = [
    Parser("Telegram's messages", _messages, converted, 20_000),
    Parser("files of posts", lambda random: _TELETHON(random)[1], located, 10_000),
    Parser("Retry-After", _wait, waited, 30_000),
]
test_quick, test_long = quick_and_long(PARSERS)
