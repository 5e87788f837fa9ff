"""The desk: what is said to the bot and pressed under its messages, by people and by whoever forges."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from structlog.testing import capture_logs

from monitor.alerts.message import Lines, Rendered, units
from monitor.desk.arguments import LONGEST_MUTE, Command, MuteWish, WrongForm, command, last_wish, mute_wish, number
from monitor.desk.callbacks import LIFETIME, Callback, Press, Sealer, of_mute, to_mute
from monitor.desk.desk import Desk
from monitor.desk.pages import Listing, page
from monitor.desk.ports import Ports
from monitor.desk.values import Answer, Person, Pressed, Said
from monitor.health import report
from monitor.language.searching import search_forms
from monitor.store.store import Store
from tests.fuzz import mutation
from tests.fuzz.running import Parser, outcome, quick_and_long
from tests.fuzz.scratch import packs
from tests.store_example import post, tell

T = TypeVar("T")
NOW = datetime(2024, 1, 1, 12, tzinfo=UTC)
CHAT = -1001700000009
ANALYST, STRANGER = Person(12, "Ann"), Person(13, "Eve")
SEALER = Sealer("12345:token")
LONGEST_MESSAGE = 4096  # UTF-16 units
_SAID = """
/status
/last 20 prisoners
/last @russvolcorps
/search "взяли в плен" эвакуация
/why #1
/channels
/add @news_example
/remove t.me/news_example
/rules
/silences
/mute 8h rule prisoners
/mute 90d text обмен пленными
/mute 5m channel @russvolcorps
/mute 1h entity yevgeny-prigozhin
/unmute 1
/test Пленных двое
/start@monitor_bot
/help@other_bot x
hello
""".strip().splitlines()
_RESTS = [said.partition(" ")[2] for said in _SAID]


@dataclass(frozen=True, slots=True)
class _Thread:
    """The store's thread, here the test's own."""

    store: Store

    async def call(self, work: Callable[[Store], T]) -> T:
        return work(self.store)

    async def look(self, work: Callable[[Store], T]) -> T:
        return work(self.store)

    async def write(self, work: Callable[..., T], *values: Any, **named: Any) -> T:
        return self.store.write(work, *values, **named)


async def _digest(now: datetime) -> Answer:
    return Answer(Rendered("Digest", (), None))


@cache
def _desk() -> Desk:
    store = Store.open(None)
    for at in range(40):
        tell(store, post(at + 1, f"Пленных двое, {at}."))
    rules = packs().rules
    ports = Ports(
        store=_Thread(store),
        now=lambda: NOW,
        sealer=SEALER,
        zone=ZoneInfo("Europe/Kyiv"),
        report=lambda reader: report(reader, "telegram", (), NOW, process=1, longest=timedelta(minutes=30)),
        explain=lambda text, channel: text,
        forms=search_forms,
        rules=lambda: rules,
        digest=_digest,
        read_channels=lambda: None,
    )
    return Desk(ports, CHAT, (ANALYST.id,), "monitor_bot")


def _text(seeds: list[str]) -> Callable[[Random], str]:
    return lambda random: mutation.text(random, seeds)


def read(text: str) -> None:
    """Read a command and what stands behind it: values within their bounds, or the right form."""
    found = command(text)
    assert found is None or (isinstance(found, Command) and found.name == found.name.lower())
    rest = found.rest if found is not None else text
    asked = outcome(lambda: number(rest, "/why NUMBER"), WrongForm)
    assert isinstance(asked, WrongForm) or 0 <= asked < 10**18
    newest = outcome(lambda: last_wish(rest), WrongForm)
    assert isinstance(newest, WrongForm) or 1 <= newest[0] <= 200
    mute = outcome(lambda: mute_wish(rest), WrongForm)
    if isinstance(mute, MuteWish):
        assert timedelta(0) < mute.length <= LONGEST_MUTE
        assert [bool(one) for one in (mute.rule, mute.entity, mute.channel, mute.text)].count(True) == 1


def answered(text: str) -> None:
    """Answer a message: at most one answer, which fits into one message; a stranger gets none."""
    with capture_logs():
        answers = asyncio.run(_desk().said(Said(CHAT, ANALYST, 5, text)))
        unheard = asyncio.run(_desk().said(Said(CHAT, STRANGER, 5, text)))
    assert len(answers) <= 1
    assert all(0 < units(one.rendered.text) <= LONGEST_MESSAGE for one in answers)
    assert unheard == []


def _forged(random: Random) -> tuple[bytes, int]:
    press = random.choice(list(Press))
    sealed = SEALER.seal(Callback(press, random.randrange(50), random.randrange(8)), CHAT, NOW)
    other = SEALER.seal(Callback(press, random.randrange(50)), CHAT + 1, NOW)
    if random.random() < 0.1:
        return sealed, random.choice((CHAT + 1, -CHAT, 12, 0))
    made = random.randbytes(28) if random.random() < 0.2 else mutation.content(random, [sealed, other])
    return (made if made not in (sealed,) else sealed[:-1] + bytes([sealed[-1] ^ 1])), CHAT


def not_taken(made: tuple[bytes, int]) -> None:
    """Press a button that we did not make for this chat: it is not taken."""
    data, chat = made
    assert SEALER.open(data, chat, NOW) == "forged"


def _sealed(random: Random) -> tuple[Callback, int, int]:
    subject = random.choice((0, 1, -1, 2**63 - 1, -(2**63), random.randrange(10**9)))
    callback = Callback(random.choice(list(Press)), subject, random.randrange(2**16))
    return callback, random.choice((CHAT, 12, 2**63 - 1, -(2**63))), random.randrange(-60, 60)


def sealed(made: tuple[Callback, int, int]) -> None:
    """Seal and open: the same comes back in this chat, in time."""
    callback, chat, seconds = made
    data = SEALER.seal(callback, chat, NOW)
    assert len(data) <= 64
    late = seconds > 0
    assert SEALER.open(data, chat, NOW + LIFETIME + timedelta(seconds=seconds)) == ("expired" if late else callback)
    assert of_mute(to_mute(callback.parameter)) == callback.parameter


def _press(random: Random) -> bytes:
    press, subject = random.choice(list(Press)), random.choice((0, 1, 7, 40, 41, -1, 2**63 - 1, -(2**63)))
    # A button that mutes neither rules nor a channel is none of ours.
    parameter = random.randrange(2**16) | (press is Press.MUTE)
    return SEALER.seal(Callback(press, subject, parameter), CHAT, NOW)


def pressed(data: bytes) -> None:
    """Press a sealed button on any subject: there is a reaction, and a stranger gets none."""
    with capture_logs():
        reaction = asyncio.run(_desk().pressed(Pressed(CHAT, ANALYST, 5, data)))
        ignored = asyncio.run(_desk().pressed(Pressed(CHAT, STRANGER, 5, data)))
    assert reaction is not None
    for one in (reaction.answer, reaction.instead):
        assert one is None or 0 < units(one.rendered.text) <= LONGEST_MESSAGE
    assert ignored is None


def _listing(random: Random) -> tuple[list[str], int]:
    return [mutation.noise(random, 200) for _ in range(random.randrange(40))], random.randrange(-3, 60)


def turned(made: tuple[list[str], int]) -> None:
    """Cut an answer into pages: each item stands on one of them, in order."""
    texts, wanted = made
    items = []
    for text in texts:
        items.append(Lines())
        items[-1].line(text)
    listing = Listing("Head", items)
    asked = page(listing, wanted)
    assert 0 <= asked.number < asked.of
    pages = [page(listing, at) for at in range(asked.of)]
    assert [one.number for one in pages] == list(range(asked.of))
    assert all(units(one.rendered.text) <= LONGEST_MESSAGE for one in pages)


PARSERS = [
    Parser("commands", _text(_SAID + _RESTS), read, 60_000),
    Parser("commands, answered", _text(_SAID), answered, 4_000, _desk),
    Parser("forged buttons", _forged, not_taken, 70_000),
    Parser("sealed buttons", _sealed, sealed, 40_000),
    Parser("buttons, pressed", _press, pressed, 5_000, _desk),
    Parser("pages of an answer", _listing, turned, 3_000),
]
test_quick, test_long = quick_and_long(PARSERS)
