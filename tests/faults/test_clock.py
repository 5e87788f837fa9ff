"""The wall's clock is set back or forward, or comes to the end of summer time, while the program runs.

libfaketime (Debian: `apt install libfaketime`) shows the program, and nothing else, a clock that the test sets; what
measures lengths of time goes on as it is, as when an administrator or a time server sets a machine's clock.
"""

from __future__ import annotations

import asyncio
import socket
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.faults.cycle import Cycle
from tests.faults.figures import note
from tests.loopback.scene import Scene, run

LIBRARY = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
pytestmark = pytest.mark.skipif(LIBRARY is None, reason="libfaketime is not installed here")

HOUR = 3600
DAY = 24 * HOUR
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
STALL = 25.0  # seconds after a step by which a post must have been told; on an idle machine it takes about two
DIGEST = 40.0  # seconds by which a digest is made that is due: it is looked for every 30, anew after a step
FED = 2.0  # seconds between two feeds of the watchdog


class Clock:
    """What the program takes for the time: seconds before (-) or after the real one, kept in a file that it reads."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "clock"
        self.environment = {
            "LD_PRELOAD": str(LIBRARY),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_CACHE_DURATION": "1",
            "DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_FORCE_MONOTONIC_FIX": "0",  # else Python's threads spin while they wait for each other
            "NO_FAKE_STAT": "1",
        }
        self.offset = 0
        self.set(0)

    def set(self, offset: int) -> int:
        """Set it; return by how many seconds it steps."""
        new = self._file.with_suffix(".new")
        new.write_text(f"{offset:+d}\n")
        new.replace(self._file)
        step, self.offset = offset - self.offset, offset
        return step


class Clocked(Cycle):
    """A cycle whose program is shown a clock, and is watched as systemd would."""

    def __init__(self, scene: Scene, folder: Path, offset: int = 0, **settings: str) -> None:
        self.clock = Clock(folder)
        self.clock.set(offset)
        self._manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        self._manager.bind(str(folder / "notify"))
        watched = {"NOTIFY_SOCKET": str(folder / "notify"), "WATCHDOG_USEC": str(int(FED * 3e6))}
        zone = {"TIMEZONE": AMSTERDAM.key, "TZ": AMSTERDAM.key}
        super().__init__(scene, folder, **{**self.clock.environment, **watched, **zone, **settings})

    async def __aexit__(self, *error: object) -> None:
        await super().__aexit__(*error)
        self._manager.close()

    def told(self) -> list[str]:
        """Return the alerts in the chat, oldest first: the bot's messages but for notices and a digest's picture."""
        return [text for text in super().told() if text and " · monitor · " not in text]

    def notices(self, kind: str) -> int:
        """Return how many notices of a kind stand in the chat."""
        return sum(text.partition("\n")[0].endswith(f" · monitor · {kind}") for text in super().told())

    async def fed(self) -> None:
        """Wait until the watchdog is fed from now on."""
        self._feeds()
        await self.monitor.until(self._feeds, 10 * FED)

    def _feeds(self) -> int:
        """Return how often the watchdog was fed since the last call."""
        feeds = 0
        while True:
            try:
                feeds += self._manager.recv(4096) == b"WATCHDOG=1"
            except BlockingIOError:
                return feeds

    async def goes_on(self, seconds: float = STALL) -> None:
        """What is published now is read and told, and the watchdog is fed."""
        self.publish()
        await self.monitor.until(self.quiet, seconds)
        await self.fed()
        self.check()

    async def steps(self, offset: int) -> None:
        """Set the clock while it runs; it must go on."""
        step = self.clock.set(offset)
        began = time.monotonic()
        seen = len(self.monitor.lines("clock_stepped"))
        await self.goes_on()
        note("clock", f"a step of {step} s; a post told and the watchdog fed within {time.monotonic() - began:.1f} s")
        await self.monitor.until(lambda: len(self.monitor.lines("clock_stepped")) > seen)
        assert self.monitor.lines("clock_stepped")[-1]["seconds"] == pytest.approx(step, abs=2)


def test_set_back_by_an_hour_and_right_again(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        async with Clocked(scene, tmp_path) as cycle:
            await cycle.goes_on()
            await cycle.steps(-HOUR)
            await cycle.steps(0)
            assert (await cycle.monitor.stop())[0] == 0
            assert len(cycle.monitor.lines("clock_stepped")) == 2
            assert cycle.monitor.lines("job_failed") == []

    run(story)


@pytest.mark.long
@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(-DAY, 0, id="a day forward, and right then"),
        pytest.param(-HOUR, 0, id="an hour forward, and right then"),
        pytest.param(HOUR, 0, id="an hour back, and right then"),
        pytest.param(DAY, 0, id="a day back, and right then"),
    ],
)
def test_a_clock_that_was_wrong_at_the_start(before: int, after: int, tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        # What a clock that is a day fast takes for old is told as well, but not at once, unless it may be as old.
        async with Clocked(scene, tmp_path, before, ALERT_MAX_AGE="7d") as cycle:
            await cycle.goes_on()
            await cycle.monitor.until(lambda: cycle.notices("clock wrong") == 1)
            await cycle.steps(after)
            await cycle.monitor.until(lambda: cycle.notices("clock wrong over") == 1)
            await cycle.steps(before)
            await cycle.monitor.until(lambda: cycle.notices("clock wrong") == 2)
            await cycle.steps(after)

    run(story)


@pytest.mark.long
def test_one_digest_a_day_when_the_clock_goes_forward_by_a_day_and_back(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        hour = (datetime.now(AMSTERDAM) - timedelta(hours=1)).strftime("%H:%M")
        async with Clocked(scene, tmp_path, -DAY, DIGEST_AT=hour) as cycle:
            await cycle.goes_on()
            await cycle.monitor.until(lambda: cycle.monitor.rows("SELECT * FROM digests"), DIGEST)
            assert cycle.notices("digest") == 0  # the first start of all: they begin with the next
            await cycle.steps(0)
            await cycle.monitor.until(lambda: cycle.notices("digest"), DIGEST)
            for offset in (-DAY, 0, -HOUR, 0):
                await cycle.steps(offset)
                await asyncio.sleep(DIGEST)
            assert cycle.notices("digest") == 1

    run(story)


@pytest.mark.long
def test_the_end_of_summer_time(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        ends = _end_of_summer_time()
        async with Clocked(scene, tmp_path, _until(ends - timedelta(minutes=40)), DIGEST_AT="02:30") as cycle:
            await cycle.goes_on()
            await cycle.monitor.until(lambda: cycle.monitor.rows("SELECT * FROM digests"), DIGEST)  # begun, none made
            await cycle.steps(_until(ends - timedelta(minutes=29, seconds=50)))  # 2:30:10, for the first time
            await cycle.monitor.until(lambda: cycle.notices("digest"), DIGEST)
            await cycle.steps(_until(ends - timedelta(seconds=15)))  # 2:59:45
            seen = len(cycle.monitor.lines("clock_stepped"))
            await asyncio.sleep(15)
            await cycle.goes_on()
            await asyncio.sleep(2)
            assert len(cycle.monitor.lines("clock_stepped")) == seen  # an hour comes twice, but no clock has stepped
            await cycle.steps(_until(ends + timedelta(minutes=29, seconds=50)))  # 2:29:50, for the second time
            await asyncio.sleep(DIGEST)
            assert (await cycle.monitor.stop())[0] == 0
            await cycle.monitor.start()
            await cycle.goes_on(30)
            await asyncio.sleep(DIGEST)
            assert cycle.notices("digest") == 1
            await cycle.steps(_until(ends + timedelta(days=1, minutes=90, seconds=10)))  # 2:30:10 of the next day
            await cycle.monitor.until(lambda: cycle.notices("digest") == 2, DIGEST)

    run(story)


def _until(moment: datetime) -> int:
    """Return by how many seconds a clock that shows this moment is ahead of the real one."""
    return round((moment - datetime.now(UTC)).total_seconds())


def _end_of_summer_time() -> datetime:
    """Return the newest moment at which the clocks in Amsterdam went back by an hour."""
    moment = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    while moment.astimezone(AMSTERDAM).utcoffset() >= (moment - timedelta(hours=1)).astimezone(AMSTERDAM).utcoffset():
        moment -= timedelta(hours=1)
    return moment
