"""Much at once: posts that waited, and posts of any size, within bounded memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from monitor.models import Level
from monitor.store.reader import Reader
from tests.faults.cycle import Cycle
from tests.faults.figures import note
from tests.loopback.scene import Scene, run
from tests.running import RULES

# Runs a command and prints its highest memory. A process of its own, since a child's is never less than that of the
# process that begot it, and the tests' own is large.
_HIGHEST = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


@pytest.mark.parametrize("megabytes", [20, pytest.param(1000, marks=pytest.mark.long)])
def test_an_export_of_any_size(megabytes: int, tmp_path: Path) -> None:
    """An account's export is read, matched and stored as a stream: memory does not follow its size."""
    export, posts = tmp_path / "result.json", 0
    with export.open("w", encoding="utf-8") as file:
        file.write('{"name": "News", "type": "public_channel", "id": 1700000001, "messages": [')
        while file.tell() < megabytes * 10**6:
            posts += 1
            text = f"{'Двое пленных. ' if posts % 1000 == 0 else ''}Сводка {posts}: " + "погода без перемен " * 30
            message = {"id": posts, "type": "message", "date_unixtime": str(1685577600 + posts), "text": text}
            # As Telegram Desktop writes it: the text once more, in parts.
            message["text_entities"] = [{"type": "plain", "text": text}]  # type: ignore[assignment]
            file.write(("," if posts > 1 else "") + json.dumps(message, ensure_ascii=False))
        file.write("]}")
    place = Place(tmp_path, RULES)
    highest = place.replay(export)
    export.unlink()
    with Reader.open(place.database) as store:
        found = store.summary()
        assert store.verify_chain() is None
    assert (found.posts, found.alerts[Level.HIGH]) == (posts, posts // 1000)
    assert highest < 250_000
    note(f"an export of {megabytes} MB", f"{posts:,} posts, highest memory {highest // 1024} MB")


class Place:
    """A folder for a replay in a process of its own."""

    def __init__(self, folder: Path, rules: str) -> None:
        self.database = folder / "monitor.db"
        self._rules = folder / "rules"
        self._rules.mkdir()
        (self._rules / "rules.yaml").write_text(rules, encoding="utf-8")

    def replay(self, export: Path) -> int:
        """Replay into the database; return the most memory that the process has had, in kilobytes."""
        rules = ("--no-packs", "--rules", str(self._rules), "--channel", "news_example")
        command = (sys.executable, "-m", "monitor", "replay", "--format", "jsonl", "--db", str(self.database), *rules)
        done = subprocess.run(
            [sys.executable, "-c", _HIGHEST, *command, str(export)], stdout=subprocess.PIPE, check=True, text=True
        )
        return int(done.stdout)


@pytest.mark.parametrize("waiting", [500, pytest.param(10_000, marks=pytest.mark.long)])
def test_posts_that_waited(waiting: int, tmp_path: Path) -> None:
    """The program comes back after a stop, to posts that all ring: one summary beyond the cap, and flat memory."""

    async def story(scene: Scene) -> None:
        async with Cycle(scene, tmp_path, ALERTS_PER_HOUR="5") as cycle:
            assert (await cycle.monitor.stop())[0] == 0
            for number in range(waiting):
                cycle._post(scene.news, f"Рейс {number}: пленных {number + 2}.")
            await cycle.monitor.start()
            await cycle.monitor.until(lambda: len(cycle.monitor.stored()) == waiting, 60 + waiting / 20)
            highest = _highest_memory(cycle)
            await cycle.monitor.until(lambda: len(cycle.told()) >= 6, 90)
            rows = cycle.monitor.rows
            assert rows("SELECT count(*) FROM alerts WHERE kind = 'post' AND state = 'delivered'") == [(5,)]
            assert rows("SELECT count(*) FROM alerts WHERE state = 'folded'") == [(waiting - 5,)]
            assert rows("SELECT last FROM cursors ORDER BY last DESC LIMIT 1") == [(waiting,)]
            assert len(cycle.told()) == 6
            assert highest < 400_000
            note(f"{waiting} posts waiting", f"highest memory {highest // 1024} MB, 5 alerts and 1 summary")

    run(story)


def test_a_post_of_five_megabytes(tmp_path: Path) -> None:
    """No post is that long: it is kept as it came, told, and the channel goes on."""

    async def story(scene: Scene) -> None:
        async with Cycle(scene, tmp_path) as cycle:
            scene.world.post(scene.news, "Пленных двое. " + "Слово за словом. " * (5 * 2**20 // 30))
            await cycle.monitor.until(lambda: cycle.monitor.rows("SELECT 1 FROM unparsed"), 60)
            cycle.publish()
            await cycle.monitor.until(cycle.quiet, 60)
            [[kept]] = cycle.monitor.rows("SELECT length(raw) FROM unparsed")
            assert kept > 2 * 2**20
            highest = _highest_memory(cycle)
            assert highest < 600_000
            note("a post of 5 MB", f"highest memory {highest // 1024} MB")
            assert (await cycle.monitor.stop())[0] == 0

    run(story)


def _highest_memory(cycle: Cycle) -> int:
    """Return the most memory that the program has had, in kilobytes."""
    assert cycle.monitor.process is not None
    status = Path(f"/proc/{cycle.monitor.process.pid}/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0])
