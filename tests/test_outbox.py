"""The outbox over a real store: everything once, in order, within limits; what cannot be sent waits and is told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.alerts.notifier import Dispatch, Limit, NotifierError
from monitor.alerts.outbox import Outbox
from monitor.alerts.pacing import Pace
from monitor.alerts.policy import Policy
from monitor.alerts.stories import StoryIndex
from monitor.ledger import StoreLedger
from monitor.models import Alert, Channel, Level, Message, Note, Post
from monitor.pipeline import Pipeline
from monitor.reading.writer import Writer
from monitor.rules.matcher import Matcher
from monitor.store import counts, notices, outbox
from monitor.store.notices import Notice
from monitor.store.store import Store
from tests.live_world import BEGIN, VirtualClock
from tests.matching import matcher_of

RULES = """
rules:
  prisoners:
    title: Prisoners
    level: high
    terms: {captive: {ru: [пленный]}}
    when: captive
    tests: {hit: [Пленные], miss: [Погода]}
  evacuations:
    title: Evacuations
    level: medium
    terms: {act: {ru: [эвакуация]}}
    when: act
    tests: {hit: [Эвакуация], miss: [Погода]}
"""


class Told:
    """A notifier of the test: keeps what it is given by random id, as Telegram does, and fails as it is told to."""

    edits = True

    def __init__(self, clock: VirtualClock, name: str = "chat", limits: tuple[Limit, ...] = ()) -> None:
        self.name = name
        self.limits = limits
        self.clock = clock
        self.messages: dict[int, str] = {}
        self.times: list[float] = []
        self.faults: list[Exception | None] = []
        self.replies: dict[str, str | None] = {}
        self.rang: list[str] = []
        self.edited: list[str] = []

    async def send(self, message: Message, how: Dispatch) -> str | None:
        self._fail()
        text = (
            message.text
            if isinstance(message, Note)
            else message.post.body
            if isinstance(message, Alert)
            else message.kind
        )
        self.times.append(self.clock.monotonic())
        self.messages.setdefault(how.random_id, text)
        number = str(list(self.messages).index(how.random_id) + 1)
        self.replies[text] = how.reply_to
        if how.ring:
            self.rang.append(text)
        return number

    async def edit(self, message: Message, how: Dispatch, sent: str) -> None:
        self._fail()
        self.edited.append(sent)

    async def close(self) -> None:
        pass

    def _fail(self) -> None:
        fault = self.faults.pop(0) if self.faults else None
        if fault is not None:
            raise fault

    @property
    def texts(self) -> list[str]:
        return list(self.messages.values())


class Desk:
    """A store with what it takes to tell; posts are of one channel, a minute apart."""

    def __init__(self, path: Path, matcher: Matcher, policy: Policy) -> None:
        self.clock = VirtualClock()
        self.store = Store.open(path)
        self.writer = Writer(self.store, Pipeline(matcher, self.store, StoryIndex(), policy, origin="run"))
        self.number = 0

    def outbox(self, told: Told, chief: str = "chat") -> Outbox:
        return Outbox(told, StoreLedger(self.writer, chief), self.clock.now, self.clock.monotonic)

    async def post(self, *texts: str, channel: str = "news_example") -> None:
        for text in texts:
            self.number += 1
            post = Post(Channel(len(channel), channel), self.number, self.clock.now(), text, text.encode())
            await self.writer.ingest([post], self.clock.now())

    async def deliver(self, box: Outbox, seconds: float = 0.0) -> None:
        """Take turns until nothing is due within so many seconds of virtual time."""
        end = self.clock.monotonic() + seconds
        for _ in range(10_000):
            rest = await box.turn()
            if self.clock.monotonic() + rest > end:
                self.clock.pass_by(max(0.0, end - self.clock.monotonic()))
                return
            self.clock.pass_by(rest)
        raise AssertionError("it never rests")

    async def close(self) -> None:
        await self.writer.close()
        self.store.close()


@pytest.fixture(scope="module")
def matcher(tmp_path_factory: pytest.TempPathFactory) -> Matcher:
    return matcher_of(tmp_path_factory.mktemp("rules"), RULES)


Play = Callable[[Callable[[Desk], Awaitable[None]]], None]


@pytest.fixture
def play(tmp_path: Path, matcher: Matcher) -> Play:
    async def run(story: Callable[[Desk], Awaitable[None]], policy: Policy) -> None:
        desk = Desk(tmp_path / "monitor.db", matcher, policy)
        try:
            await story(desk)
        finally:
            await desk.close()

    return lambda story, policy=Policy(): asyncio.run(run(story, policy))  # noqa: B008  Policy is frozen


def test_the_loudest_goes_first_and_each_goes_once(play: Play) -> None:
    async def story(desk: Desk) -> None:
        told = Told(desk.clock)
        box = desk.outbox(told)
        await desk.post("Эвакуация в селе.", "Погода.", "Двое пленных.", "Эвакуация города.")
        await desk.deliver(box)
        assert told.texts == ["Двое пленных.", "Эвакуация в селе.", "Эвакуация города."]
        assert told.rang == ["Двое пленных."]
        await desk.deliver(desk.outbox(told), 3600)
        assert len(told.times) == 3

    play(story)


def test_what_was_sent_and_not_marked_is_sent_again_under_the_same_id(play: Play) -> None:
    class DiedError(Exception):
        """The process ends after the far side has taken the message."""

    async def story(desk: Desk) -> None:
        told = Told(desk.clock)
        box = desk.outbox(told)
        await desk.post("Двое пленных.")
        send = told.send

        async def send_and_die(message: Message, how: Dispatch) -> str | None:
            await send(message, how)
            raise DiedError

        told.send = send_and_die  # type: ignore[method-assign]
        with pytest.raises(DiedError):
            await box.turn()
        told.send = send  # type: ignore[method-assign]
        await desk.deliver(desk.outbox(told))
        assert (len(told.times), told.texts) == (2, ["Двое пленных."])

    play(story)


def test_a_copy_that_came_between_a_lost_answer_and_the_next_attempt_is_shown(play: Play) -> None:
    async def story(desk: Desk) -> None:
        for died in (True, False):
            told = Told(desk.clock)
            box = desk.outbox(told)
            await desk.deliver(box)
            mark = f"Двое пленных вернулись, рейс {int(died)}."
            await desk.post(mark)
            send = told.send

            async def lose_the_answer(message: Message, how: Dispatch) -> str | None:
                await send(message, how)  # noqa: B023
                told.send = send  # type: ignore[method-assign]  # noqa: B023
                raise NotifierError("the answer was lost", passing=True)

            told.send = lose_the_answer  # type: ignore[method-assign]
            await box.turn()
            await desk.post(mark, channel="copies_example")
            await desk.deliver(desk.outbox(told) if died else box, 120)
            assert told.edited == ["1"]

    play(story)


def test_limits_are_kept_also_over_a_restart(play: Play) -> None:
    limits = (Limit(1, 1.0), Limit(20, 60.0))

    async def story(desk: Desk) -> None:
        told = Told(desk.clock, limits=limits)
        await desk.post(*(f"Пленный номер {number} из села {number}." for number in range(50)))
        box = desk.outbox(told)
        await desk.deliver(box, 30)
        assert len(told.times) == 20
        await desk.deliver(desk.outbox(told), 200)
        assert len(told.times) == 50
        for limit in limits:
            for first, beyond in zip(told.times, told.times[limit.messages :], strict=False):
                assert beyond - first >= limit.seconds - 1e-6

    play(story)


def test_limits_count_from_the_answer_since_the_far_side_counts_before_it(play: Play) -> None:
    limits = (Limit(1, 1.0), Limit(5, 20.0))

    async def story(desk: Desk) -> None:
        spans: list[tuple[float, float]] = []

        class Slow(Told):
            """Its first message takes long on the way, the others none."""

            async def send(self, message: Message, how: Dispatch) -> str | None:
                began = self.clock.monotonic()
                self.clock.pass_by(0.0 if spans else 0.7)
                spans.append((began, self.clock.monotonic()))
                return await super().send(message, how)

        await desk.post(*(f"Пленный номер {number} из села {number}." for number in range(12)))
        await desk.deliver(desk.outbox(Slow(desk.clock, limits=limits)), 100)
        assert len(spans) == 12
        for limit in limits:
            for (_, arrived), (began, _) in zip(spans, spans[limit.messages :], strict=False):
                assert began - arrived >= limit.seconds - 1e-6

    play(story)


def test_a_picture_counts_as_a_message_of_its_own(play: Play) -> None:
    async def story(desk: Desk) -> None:
        told = Told(desk.clock, limits=(Limit(2, 60.0),))
        await desk.writer.write(counts.note_digest, "2026-03-28", desk.clock.now(), "Digest", b"png")
        await desk.post("Двое пленных.")
        await desk.deliver(desk.outbox(told), 59)
        assert told.texts == ["Digest"]
        await desk.deliver(desk.outbox(told), 61)
        assert told.texts == ["Digest", "Двое пленных."]

    play(story)


FAULTS: dict[str, tuple[list[Exception | None], list[float]]] = {
    "a wait that is asked for": ([NotifierError("wait", 17.0)], [17.0]),
    "trouble that passes": ([NotifierError("net", passing=True)] * 4, [1.0, 3.0, 7.0, 15.0]),
    "a person must act": ([NotifierError("gone")] * 3, [60.0, 180.0, 420.0]),
}


@pytest.mark.parametrize("case", FAULTS)
def test_what_stands_in_the_way_holds_and_nothing_is_lost(case: str, play: Play) -> None:
    faults, until = FAULTS[case]

    async def story(desk: Desk) -> None:
        told = Told(desk.clock)
        told.faults = list(faults)
        began = desk.clock.monotonic()
        await desk.post("Двое пленных.", "Эвакуация в селе.")
        await desk.deliver(desk.outbox(told))
        [held] = desk.store.read(outbox.outboxes, desk.clock.now())
        assert (held.failures, held.fault, held.waiting) == (1, str(faults[0]), 2)
        await desk.deliver(desk.outbox(told), 3600)  # a restart remembers how long to wait
        assert told.times[0] - began == pytest.approx(until[-1], abs=0.1)
        assert told.texts == ["Двое пленных.", "Эвакуация в селе."]
        [held] = desk.store.read(outbox.outboxes, desk.clock.now())
        assert (held.failures, held.fault, held.waiting) == (0, None, 0)

    play(story)


def test_one_message_that_is_refused_holds_no_other(play: Play) -> None:
    async def story(desk: Desk) -> None:
        told = Told(desk.clock)
        told.faults = [NotifierError("too long", refused=True)]
        await desk.post("Двое пленных.", "Эвакуация в селе.")
        box = desk.outbox(told)
        await desk.deliver(box)
        assert told.texts == ["Эвакуация в селе."]
        [held] = desk.store.read(outbox.outboxes, desk.clock.now())
        assert (held.refused, held.waiting) == (1, 1)
        await desk.deliver(box, 61)
        assert told.texts == ["Эвакуация в селе.", "Двое пленных."]
        [held] = desk.store.read(outbox.outboxes, desk.clock.now())
        assert (held.refused, held.waiting) == (0, 0)

    play(story)


def test_copies_edit_the_message_several_at_a_time(play: Play) -> None:
    async def story(desk: Desk) -> None:
        told = Told(desk.clock)
        box = desk.outbox(told)
        await desk.post("Двое пленных обменяны сегодня утром под Белгородом.")
        await desk.deliver(box)
        for copy in ("copy_a", "copy_bb", "copy_ccc"):
            await desk.post("Двое пленных обменяны сегодня утром под Белгородом.", channel=copy)
        await desk.deliver(box, 600)
        assert (len(told.texts), told.edited) == (1, ["1"])
        await desk.deliver(desk.outbox(told), 3600)
        assert told.edited == ["1"]

    play(story)


def test_a_reply_comes_after_what_it_answers_and_names_it(play: Play) -> None:
    async def story(desk: Desk) -> None:
        told = Told(desk.clock)
        box = desk.outbox(told)
        first = Post(Channel(1, "news_example"), 1, desk.clock.now(), "Эвакуация в селе.", b"1")
        await desk.writer.ingest([first], desk.clock.now())
        edited = Post(
            Channel(1, "news_example"), 1, first.date, "Эвакуация в селе, двое пленных.", b"2",
            edited=first.date + timedelta(minutes=1),
        )  # fmt: skip
        await desk.writer.ingest([edited], desk.clock.now())
        await desk.deliver(box)
        assert list(told.replies.values()) == [None, "1"]

    play(story)


def test_notices_are_told_first_and_once_by_each(play: Play) -> None:
    async def story(desk: Desk) -> None:
        chat, hook = Told(desk.clock), Told(desk.clock, "webhook")
        boxes = [desk.outbox(chat), desk.outbox(hook)]
        for box in boxes:
            await desk.deliver(box)
        await desk.post("Двое пленных.")
        await desk.writer.write(notices.note, Notice("gone", "A channel is gone.", Level.HIGH), desk.clock.now())
        for _ in range(2):
            for box in boxes:
                await desk.deliver(box)
        assert chat.texts == hook.texts == ["A channel is gone.", "Двое пленных."]
        assert [len(told.times) for told in (chat, hook)] == [2, 2]
        (gone,) = desk.store.read(notices.latest, BEGIN)
        assert gone.told_at is not None

    play(story)


def test_a_notifier_that_comes_later_is_not_told_the_past(play: Play) -> None:
    async def story(desk: Desk) -> None:
        chat, hook = Told(desk.clock), Told(desk.clock, "webhook")
        await desk.post("Двое пленных.")
        await desk.deliver(desk.outbox(chat))
        box = desk.outbox(hook)
        await desk.deliver(box)
        await desk.post("Эвакуация в селе.")
        await desk.deliver(box)
        assert hook.texts == ["Эвакуация в селе."]

    play(story)


def test_a_first_notifier_tells_what_is_still_due(play: Play) -> None:
    async def story(desk: Desk) -> None:
        told = Told(desk.clock)
        await desk.post("Двое пленных.")
        await desk.deliver(desk.outbox(told))
        assert told.texts == ["Двое пленных."]

    play(story)


@pytest.mark.parametrize("back", [3600.0, 86400.0])
def test_what_was_dated_before_the_clock_was_set_back_does_not_wait_until_it_is_there_again(
    back: float, play: Play
) -> None:
    async def story(desk: Desk) -> None:
        told = Told(desk.clock)
        box = desk.outbox(told)
        await desk.post("Двое пленных.", "Погода.")
        desk.clock.step(-back)
        await desk.deliver(box)
        assert told.texts == ["Двое пленных."]

        told.faults = [NotifierError("too long", refused=True)]
        await desk.post("Трое пленных.")
        await desk.deliver(box)
        await desk.post("Двое пленных.", channel="copy_a")
        desk.clock.step(-back)
        await desk.deliver(box, 3700)
        assert (told.texts, told.edited) == (["Двое пленных.", "Трое пленных."], ["1"])

    play(story)


def test_it_rests_until_the_next_is_due(play: Play) -> None:
    async def story(desk: Desk) -> None:
        told = Told(desk.clock)
        box = desk.outbox(told)
        assert await box.turn() == 30.0
        await desk.post("Эвакуация в селе.")
        assert await box.turn() == 0.0
        assert told.texts == ["Эвакуация в селе."]

    play(story)


@pytest.mark.parametrize(
    ("taken", "now", "wait"),
    [
        pytest.param([], 5.0, 0.0, id="nothing was sent"),
        pytest.param([4.5], 5.0, 0.5, id="a second between two"),
        pytest.param([4.0], 5.0, 0.0, id="a second later"),
        pytest.param([float(second) for second in range(20)], 25.0, 35.0, id="twenty in a minute"),
        pytest.param([float(second) for second in range(20)], 61.5, 0.0, id="the first is a minute old"),
    ],
)
def test_pace(taken: list[float], now: float, wait: float) -> None:
    assert Pace((Limit(1, 1.0), Limit(20, 60.0)), taken).wait(now) == pytest.approx(wait)


def test_a_notifier_that_is_no_longer_told_leaves_nothing_waiting(play: Play) -> None:
    async def story(desk: Desk) -> None:
        hook = Told(desk.clock, "webhook")
        hook.faults = [NotifierError("no such address")]
        await desk.post("Двое пленных.")
        for told in (Told(desk.clock), hook):
            await desk.deliver(desk.outbox(told))
        assert [one.notifier for one in desk.store.read(outbox.outboxes, desk.clock.now())] == ["chat", "webhook"]
        assert desk.store.write(outbox.close_others, ["chat"]) == ["webhook"]
        assert desk.store.write(outbox.close_others, ["chat"]) == []
        assert [one.notifier for one in desk.store.read(outbox.outboxes, desk.clock.now())] == ["chat"]
        await desk.deliver(desk.outbox(hook), 7200)
        assert hook.texts == []

    play(story)
