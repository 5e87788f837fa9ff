"""What Prometheus finds: figures of a running program against what it did, and a page on loopback alone."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sqlite3
from pathlib import Path

import httpx
from prometheus_client.parser import text_string_to_metric_families

from tests.loopback.faults import Fail
from tests.loopback.scene import Scene, run
from tests.running import Monitor

Figures = dict[tuple[str, str], float]


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


async def scrape(port: int) -> Figures:
    """Return each figure by its name and the values of its labels."""
    async with httpx.AsyncClient(timeout=30.0) as client:
        page = await client.get(f"http://127.0.0.1:{port}/metrics")
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/plain; version=")
    families = list(text_string_to_metric_families(page.text))
    assert {family.type for family in families if family.name == "monitor_posts"} == {"counter"}
    return {(sample.name, ",".join(sample.labels.values())): sample.value for one in families for sample in one.samples}


def test_figures_are_what_the_program_did(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        port = free_port()
        scene.world.join(scene.news, scene.reader)  # so that the edit is pushed
        scene.world.post(scene.news, "Старый пост.")
        async with Monitor(
            scene, tmp_path, METRICS_PORT=str(port), CHANNELS="@news_example,@nobody_example"
        ) as monitor:
            await monitor.start()
            await monitor.until(lambda: monitor.rows("SELECT * FROM cursors"))
            began = await scrape(port)
            assert ("monitor_posts_total", "@news_example") not in began
            posts = [scene.world.post(scene.news, text) for text in ("Двое пленных.", "Погода.", "Трое пленных дома.")]
            await monitor.until(lambda: len(monitor.rows("SELECT * FROM alerts WHERE state = 'delivered'")) == 2)
            scene.world.edit(scene.news, posts[1].id, "Погода хорошая.")
            await monitor.until(lambda: len(monitor.rows("SELECT * FROM revisions")) == 4)
            found = await scrape(port)
            again = await scrape(port)
            expected = {
                ("monitor_posts_total", "@news_example"): 3.0,
                ("monitor_edits_total", "@news_example"): 1.0,
                ("monitor_matches_total", "prisoners"): 2.0,
                ("monitor_alerts_total", "post,high"): 2.0,
                ("monitor_deliveries_total", "console,delivered"): 2.0,
                ("monitor_post_delay_seconds_count", ""): 3.0,
                ("monitor_channels", "open"): 1.0,
                ("monitor_channel_failures", "@news_example"): 0.0,
                ("monitor_outbox_waiting", "console"): 0.0,
                ("monitor_reading_stopped", "access"): 0.0,
                ("monitor_reading_stopped", "disk"): 0.0,
                ("monitor_last_backup_timestamp_seconds", ""): 0.0,
                ("monitor_build_info", "0.1.0"): 1.0,
            }
            assert {key: found.get(key) for key in expected} == expected
            assert {key: again.get(key) for key in expected} == expected
            assert 0 <= found["monitor_channel_lag_seconds", "@news_example"] < 30
            assert found["monitor_database_bytes", ""] == monitor.database.stat().st_size
            for name in ("wal_bytes", "disk_free_bytes"):
                assert found[f"monitor_{name}", ""] > 0
            for name in ("resident_memory_bytes", "open_fds"):
                assert found[f"process_{name}", ""] > 1
            # Each is written down before it is sent.
            asked = scene.server.journal.count("messages.getHistory")
            assert 0 < found["monitor_requests_total", "history"] <= asked + 1

            scene.server.faults.add("messages.getHistory", Fail(420, "FLOOD_WAIT_300"))
            await monitor.until(lambda: monitor.lines("flood_wait"))
            assert 290 < (await scrape(port))["monitor_flood_wait_seconds", "history"] <= 300
            assert (await monitor.stop())[0] == 0

    run(story)


def test_a_state_that_no_medium_is_in_any_more_is_not_counted_on(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        port = free_port()
        async with Monitor(scene, tmp_path, METRICS_PORT=str(port)) as monitor:
            await monitor.start()
            await monitor.until(lambda: monitor.rows("SELECT * FROM cursors"))
            scene.world.post(scene.news, "Двое пленных.")
            await monitor.until(lambda: monitor.rows("SELECT * FROM revisions"))
            medium = "INSERT INTO media (revision, number, message, kind, state, next_at)"
            seen = []
            with contextlib.closing(sqlite3.connect(monitor.database, isolation_level=None)) as db:
                for change in (f"{medium} VALUES (1, 1, 1, 'photo', 'wanted', '')", "UPDATE media SET state = 'left'"):
                    db.execute(change)
                    found = await scrape(port)
                    seen.append({state: number for (name, state), number in found.items() if name == "monitor_media"})
            assert seen == [{"wanted": 1.0}, {"left": 1.0}]
            assert (await monitor.stop())[0] == 0

    run(story)


def test_the_watchdog_and_failures_of_jobs(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        port = free_port()
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.bind(str(tmp_path / "notify"))
            settings = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "900000", "METRICS_PORT": str(port)}
            async with Monitor(scene, tmp_path, **settings) as monitor:
                await monitor.start()
                first = None
                while not first:
                    first = (await scrape(port))["monitor_watchdog_feed_timestamp_seconds", ""]
                    await asyncio.sleep(0.1)
                while (await scrape(port))["monitor_watchdog_feed_timestamp_seconds", ""] == first:
                    await asyncio.sleep(0.1)

    run(story)


ASKED = {
    "another page": (b"GET / HTTP/1.1\r\n\r\n", b"HTTP/1.1 404 Not Found"),
    "another method": (b"POST /metrics HTTP/1.1\r\n\r\n", b"HTTP/1.1 405 Method Not Allowed"),
    "with a question": (b"GET /metrics?name=x HTTP/1.0\r\n\r\n", b"HTTP/1.1 200 OK"),
    "no HTTP": (b"\x00\xff\r\n\r\n", b"HTTP/1.1 405 Method Not Allowed"),
    "too long": (b"GET /" + b"x" * 20_000, b""),
    "nothing": (b"", b""),
}


def test_the_page_is_on_loopback_alone_and_answers_nothing_else(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        port = free_port()
        async with Monitor(scene, tmp_path, METRICS_PORT=str(port)) as monitor:
            await monitor.start()
            for asked, answer in ASKED.values():
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(asked)
                writer.write_eof()
                with contextlib.suppress(ConnectionError):
                    assert (await reader.read()).split(b"\r\n")[0] == answer
                writer.close()
            listening = [line.split()[1] for line in Path("/proc/net/tcp").read_text().splitlines() if " 0A " in line]
            assert [one for one in listening if one.endswith(f":{port:04X}")] == [f"0100007F:{port:04X}"]

            other = tmp_path / "other"
            other.mkdir()
            async with Monitor(scene, other, METRICS_PORT=str(port)) as second:
                code, _, errors = await second.call("run", "--no-packs")
            assert (code, errors.splitlines()[-1]) == (
                2,
                f"METRICS_PORT: port {port} on 127.0.0.1 cannot be had (Address already in use); choose another",
            )
            assert "Traceback" not in monitor.text() + errors

    run(story)
