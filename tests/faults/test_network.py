"""The network is cut, reset, slow or half-open: back-off, then everything is read and told once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.faults.cycle import Cycle
from tests.faults.proxy import Proxy
from tests.loopback.scene import Scene, run


async def _cut(cycle: Cycle, proxy: Proxy) -> None:
    proxy.cut()


async def _reset(cycle: Cycle, proxy: Proxy) -> None:
    proxy.cut(reset=True)


async def _slow(cycle: Cycle, proxy: Proxy) -> None:
    proxy.delay = 0.3


async def _away(cycle: Cycle, proxy: Proxy) -> None:
    """The far side is away for a while, and whoever calls meanwhile is cut off at once."""
    proxy.refuse = True
    proxy.cut()
    before = proxy.connections
    await asyncio.sleep(6.0)
    assert proxy.connections - before < 40, "no tight loop"
    proxy.refuse = False


FAULTS: dict[str, Callable[[Cycle, Proxy], Awaitable[None]]] = {
    "cut": _cut,
    "reset": _reset,
    "slow": _slow,
    "away": _away,
}


def _through(proxy: Proxy, scene: Scene) -> dict[str, str]:
    return {"TELEGRAM_SERVER": f"{scene.server.dc}@127.0.0.1:{proxy.port}"}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_network_that_fails(fault: str, tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        async with Proxy(scene.server.port) as proxy, Cycle(scene, tmp_path, **_through(proxy, scene)) as cycle:
            for _ in range(3):
                cycle.publish()
                await FAULTS[fault](cycle, proxy)
                cycle.publish()
                await cycle.monitor.until(cycle.quiet, 90)
            cycle.check()
            proxy.delay = 0.0
            assert cycle.monitor.lines("job_failed") == []
            assert (await cycle.monitor.stop())[0] == 0

    run(story)


@pytest.mark.long
def test_a_network_that_is_half_open(tmp_path: Path) -> None:
    """Nothing comes back and nothing is closed: only waiting a minute in vain tells it."""

    async def story(scene: Scene) -> None:
        async with Proxy(scene.server.port) as proxy, Cycle(scene, tmp_path, **_through(proxy, scene)) as cycle:
            cycle.publish()
            await cycle.monitor.until(cycle.quiet, 30)
            proxy.silent = True
            cycle.publish()
            await cycle.monitor.until(lambda: cycle.monitor.lines("unreachable"), 150)
            proxy.silent = False
            proxy.cut()
            await cycle.monitor.until(cycle.quiet, 200)
            cycle.check()

    run(story)


@pytest.mark.long
def test_memory_does_not_grow_with_broken_connections(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        async with Proxy(scene.server.port) as proxy, Cycle(scene, tmp_path, **_through(proxy, scene)) as cycle:
            sizes = []
            for _ in range(30):
                proxy.cut(reset=True)
                cycle.publish()
                await cycle.monitor.until(cycle.quiet, 90)
                sizes.append((_memory(cycle), _handles(cycle)))
            assert sizes[-1][0] < sizes[9][0] * 1.2
            assert sizes[-1][1] <= sizes[9][1] + 2
            cycle.check()

    run(story)


def _memory(cycle: Cycle) -> int:
    """Return the memory of the program in kilobytes."""
    assert cycle.monitor.process is not None
    status = Path(f"/proc/{cycle.monitor.process.pid}/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0])


def _handles(cycle: Cycle) -> int:
    assert cycle.monitor.process is not None
    return len(list(Path(f"/proc/{cycle.monitor.process.pid}/fd").iterdir()))
