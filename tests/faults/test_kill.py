"""kill -9 at each write, sync, rename and send, and at each request: nothing is lost or twice."""

from __future__ import annotations

import itertools
import os
import signal
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from tests.faults.cycle import Cycle
from tests.faults.figures import note
from tests.faults.tracing import WRITES, killed_at, needs_strace
from tests.loopback.faults import Interrupt
from tests.loopback.scene import Scene, run

# What a cycle writes to, file by file, and the calls; `send` is every packet to Telegram and each waking of the loop.
FILES = {
    "log of the database": ("monitor.db-wal", WRITES),
    "database": ("monitor.db", WRITES),
    "reading session": ("session/reader.session", WRITES),
    "journal of the reading session": ("session/reader.session-journal", WRITES),
    "bot's session": ("session/bot.session", WRITES),
    "journal of the bot's session": ("session/bot.session-journal", WRITES),
    "locks": ("monitor.db.lock", "write,pwrite64,ftruncate"),
    "send": (None, "sendto"),
    "sync": (None, "fdatasync,fsync"),
}
# Fewer kills than these would mean that the sweep misses what it is there for.
FEWEST = {
    "log of the database": 60,
    "database": 5,
    "reading session": 4,
    "journal of the reading session": 8,
    "bot's session": 4,
    "journal of the bot's session": 8,
    "locks": 1,
    "send": 25,
    "sync": 10,
}
QUICK = {"log of the database": (1, 12, 40, 70, 85), "database": (1, 4), "bot's session": (1,), "send": (9, 28, 33)}


async def _sweep(cycle: Cycle, name: str, numbers: Iterable[int], *, copies: bool) -> int:
    """Kill the program before each of these calls and let it recover; return how many kills it took."""
    file, calls = FILES[name]
    files = [] if file is None else [cycle.monitor.folder / file]
    before = cycle.kills
    for number in numbers:
        cycle.publish(copied=copies and number % 3 == 0)
        code = await cycle.run(killed_at(number, calls, files), stop=True)
        if code == 0:  # it made fewer calls than that
            break
        assert code == -signal.SIGKILL, cycle.monitor.text()
        await cycle.recover()
    return cycle.kills - before


async def _end(cycle: Cycle) -> None:
    """Let what was copied be said in the chat, too, and check everything once more."""
    assert await cycle.run() is None
    await cycle.monitor.until(cycle.edited, 100)
    cycle.check()
    assert (await cycle.monitor.stop())[0] == 0
    assert cycle.scene.server.journal.count("contacts.resolveUsername") == 2


@needs_strace
def test_a_kill_at_some_writes_and_sends(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        async with Cycle(scene, tmp_path) as cycle:
            await cycle.monitor.stop(signal.SIGKILL)
            for name, numbers in QUICK.items():
                assert await _sweep(cycle, name, numbers, copies=False) == len(numbers)
            await _end(cycle)

    run(story)


@needs_strace
@pytest.mark.long
@pytest.mark.parametrize("name", FILES)
def test_a_kill_at_each_write_sync_rename_and_send(name: str, tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        async with Cycle(scene, tmp_path) as cycle:
            await cycle.monitor.stop(signal.SIGKILL)
            kills = await _sweep(cycle, name, itertools.count(1), copies=True)
            assert kills >= FEWEST[name]
            await _end(cycle)
            note(f"kills: {name}", kills)

    run(story)


# Requests that each start and each post lead to.
REQUESTS = ("updates.getState", "users.getUsers", "messages.getHistory", "messages.sendMessage")


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_kill_while_a_request_is_answered(when: str, tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        async with Cycle(scene, tmp_path) as cycle:
            await cycle.monitor.stop(signal.SIGKILL)
            for method in REQUESTS:
                cycle.publish()
                scene.server.faults.add(method, _kill(cycle, when))
                assert await cycle.run() == -signal.SIGKILL, f"{method}\n{cycle.monitor.text()}"
                scene.server.faults.clear()
                await cycle.recover()
            await _end(cycle)

    run(story)


def _kill(cycle: Cycle, when: str) -> Interrupt:
    def kill() -> None:
        process = cycle.monitor.process
        if process is not None and process.returncode is None:
            os.kill(process.pid, signal.SIGKILL)

    act: Callable[[], None] = kill
    return Interrupt(before_it=act) if when == "before" else Interrupt(after_it=act)
