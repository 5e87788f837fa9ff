"""`monitor run` as a process: it reads, tells, stops, reloads and starts again."""

from __future__ import annotations

import asyncio
import signal
import socket
from pathlib import Path

from tests.loopback.faults import Fail, Slow
from tests.loopback.scene import Scene, run
from tests.running import RULES, Monitor


def test_it_reads_what_is_new_and_tells_it(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        scene.world.post(scene.news, "Старый пост о пленных.")
        async with Monitor(scene, tmp_path) as monitor:
            await monitor.start()
            await monitor.until(lambda: monitor.rows("SELECT * FROM cursors"))
            new = scene.world.post(scene.news, "Двое пленных обменяны.")
            await monitor.until(lambda: "Двое ⟦пленных⟧ обменяны." in monitor.output.decode())
            assert monitor.stored() == [new.id]
            code, seconds = await monitor.stop()
            assert code == 0
            assert seconds < 10
            assert monitor.rows("SELECT state FROM alerts") == [("delivered",)]

    run(story)


def test_after_kills_nothing_is_lost_twice_or_asked_again(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        async with Monitor(scene, tmp_path) as monitor:
            await monitor.start()
            await monitor.until(lambda: monitor.rows("SELECT * FROM cursors"))
            posted = []
            for number in range(3):
                posted += [scene.world.post(scene.news, f"Пост {number}.{part}").id for part in range(30)]
                await monitor.until(lambda number=number: len(monitor.stored()) > 30 * number)  # type: ignore[misc]
                await monitor.stop(signal.SIGKILL)
                posted.append(scene.world.post(scene.news, "Пока никто не смотрит").id)
                await monitor.start()
            await monitor.until(lambda: monitor.stored() == posted)
            assert monitor.rows("SELECT count(*) FROM revisions") == [(len(posted),)]
            assert scene.server.journal.count("contacts.resolveUsername") == 1
            assert (await monitor.stop(signal.SIGINT))[0] == 0

    run(story)


def test_it_stops_in_time_while_an_answer_is_waited_for(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        async with Monitor(scene, tmp_path) as monitor:
            scene.server.faults.add("messages.getHistory", Slow(25.0))
            await monitor.start()
            await monitor.until(lambda: scene.server.journal.count("messages.getHistory"))
            code, seconds = await monitor.stop()
            assert code == 0
            assert seconds < 10

    run(story)


def test_a_reload_takes_rules_and_channels_unless_they_are_wrong(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        more = scene.world.add_channel("more_example", "More")
        channels = tmp_path / "channels.txt"
        channels.write_text("news_example\n", encoding="utf-8")
        async with Monitor(scene, tmp_path, CHANNELS="", CHANNELS_FILE=str(channels)) as monitor:
            await monitor.start()
            await monitor.until(lambda: monitor.rows("SELECT * FROM cursors"))
            rules = tmp_path / "rules" / "rules.yaml"
            rules.write_text("rules: [", encoding="utf-8")
            await _reload(monitor, "reload_refused")
            channels.write_text("news_example\nmore_example weight=9999\n", encoding="utf-8")
            rules.write_text(RULES.replace("пленный", "обмен").replace("Пленные", "Обмен"), encoding="utf-8")
            await _reload(monitor, "reload_refused")
            scene.world.post(scene.news, "Пленные дома.")
            await monitor.until(lambda: "⟦Пленные⟧" in monitor.output.decode())
            channels.write_text("news_example\nmore_example weight=9\n", encoding="utf-8")
            await _reload(monitor, "reloaded")
            await monitor.until(lambda: len(monitor.rows("SELECT * FROM cursors")) == 2)
            scene.world.post(more, "Обмен начался.")
            await monitor.until(lambda: "⟦Обмен⟧" in monitor.output.decode())
            assert monitor.rows("SELECT DISTINCT kind FROM notices") == [("reload refused",)]

    run(story)


def test_a_notifier_that_is_told_to_wait_holds_nobody_else(tmp_path: Path) -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 600\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    async def story(scene: Scene) -> None:
        async with await asyncio.start_server(refuse, "127.0.0.1", 0) as hook:
            url = f"http://127.0.0.1:{hook.sockets[0].getsockname()[1]}/"
            async with Monitor(scene, tmp_path, WEBHOOK_URL=url, WEBHOOK_SECRET="secret") as monitor:
                await monitor.start()
                await monitor.until(lambda: monitor.rows("SELECT * FROM cursors"))
                scene.world.post(scene.news, "Двое пленных.")
                await monitor.until(lambda: monitor.lines("held"))
                scene.world.post(scene.news, "Трое пленных дома.")
                await monitor.until(lambda: "⟦пленных⟧ дома" in monitor.output.decode(), 10)
                code, seconds = await monitor.stop()
                assert (code, seconds < 10) == (0, True)

    run(story)


async def _reload(monitor: Monitor, event: str) -> None:
    seen = len(monitor.lines(event))
    assert monitor.process is not None
    monitor.process.send_signal(signal.SIGHUP)
    await monitor.until(lambda: len(monitor.lines(event)) > seen)


def test_a_check_online_is_no_second_lookup(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        async with Monitor(scene, tmp_path, CHANNELS="news_example,reader_example,nobody_example") as monitor:
            code, out, _ = await monitor.call("check", "--online")
            wrong = sorted(line for line in out.splitlines() if line.startswith("WRONG"))
            assert (code, len(wrong)) == (1, 2)
            assert "@nobody_example" in wrong[1] or "@nobody_example" in wrong[0]
            assert "ok    clock: as Telegram's" in out
            assert "ok    channel news_example" in out
            monitor.settings["CHANNELS"] = "news_example"
            await monitor.start()
            await monitor.until(lambda: monitor.rows("SELECT * FROM cursors"))
            assert scene.server.journal.count("contacts.resolveUsername") == 3

    run(story)


def test_one_instance_a_database(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        async with Monitor(scene, tmp_path) as monitor:
            await monitor.start()
            code, _, errors = await monitor.call("run", "--no-packs")
            assert code == 2
            assert monitor.process is not None
            assert errors.strip() == (
                f"another monitor (process {monitor.process.pid}) reads into this database already; stop it first"
            )
            assert monitor.process.returncode is None

    run(story)


def test_a_dead_session_stops_reading_until_it_is_signed_in_again(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        async with Monitor(scene, tmp_path) as monitor:
            await monitor.start()
            await monitor.until(lambda: monitor.rows("SELECT * FROM cursors"))
            scene.world.post(scene.news, "Двое пленных.")
            await monitor.until(monitor.stored)
            scene.server.faults.add("*", Fail(401, "SESSION_REVOKED"), times=None)
            await monitor.until(lambda: monitor.lines("access_lost"))
            calls = scene.server.journal.count()
            await asyncio.sleep(1.0)
            assert scene.server.journal.count() - calls < 3
            assert "пленных" in monitor.output.decode()
            code, out, _ = await monitor.call("status")
            assert code == 1
            assert "Nothing is read" in out
            assert monitor.rows("SELECT kind, level FROM notices") == [("access lost", "high")]
            # The account is in order again: signing in is all that the person has to do.
            scene.server.faults.clear()
            assert monitor.process is not None
            code, out, error = await monitor.call("login")
            assert code == 0, error
            assert f"The monitor that runs (process {monitor.process.pid}) reads on with it." in out
            scene.world.post(scene.news, "Трое пленных.")
            await monitor.until(lambda: len(monitor.stored()) == 2)
            assert (await monitor.stop())[0] == 0

    run(story)


def test_systemd_is_told_how_it_goes(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            address = tmp_path / "notify"
            manager.bind(str(address))
            manager.setblocking(False)
            loop = asyncio.get_running_loop()
            told: list[str] = []

            async def listen() -> None:
                while True:
                    told.append((await loop.sock_recv(manager, 4096)).decode())

            listening = asyncio.create_task(listen())
            settings = {"NOTIFY_SOCKET": str(address), "WATCHDOG_USEC": "900000"}
            async with Monitor(scene, tmp_path, **settings) as monitor:
                await monitor.start()
                await monitor.until(lambda: "STATUS=reading 1 of 1 channels" in told)
                await monitor.until(lambda: told.count("WATCHDOG=1") > 2)
                await _reload(monitor, "reloaded")
                assert (await monitor.stop())[0] == 0
            listening.cancel()
        kinds = [message.partition("=")[0] for message in told if message[:6] not in ("STATUS", "WATCHD")]
        assert kinds == ["READY", "RELOADING", "READY", "STOPPING"]

    run(story)


def test_a_server_that_is_away_at_the_start_is_waited_for(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        async with Monitor(scene, tmp_path) as monitor:
            await scene.server.stop()
            await monitor.start()
            await monitor.until(lambda: monitor.lines("unreachable"))
            assert not monitor.lines("source_open")
            await scene.server.start()
            await monitor.until(lambda: monitor.rows("SELECT * FROM cursors"), 40)
            assert (await monitor.stop())[0] == 0

    run(story)


def test_a_joined_channel_is_read_when_it_is_pushed(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        others = [scene.world.add_channel(f"quiet_example_{number}") for number in range(20)]
        for other in others:
            scene.world.post(other)
        names = ",".join(["news_example", *(other.username or "" for other in others)])
        # So few requests that only a hint can lead to a quick read.
        async with Monitor(scene, tmp_path, CHANNELS=names, POLL_REQUESTS_PER_MINUTE="120") as monitor:
            await monitor.start()
            await monitor.until(lambda: len(monitor.rows("SELECT * FROM cursors")) == 21, 60)
            code, out, _ = await monitor.call("channels", "join", "@news_example")
            assert (code, out) == (0, "@news_example: joined (1 of 500)\n")
            post = scene.world.post(scene.news, "Двое пленных.")
            await monitor.until(lambda: monitor.stored() == [post.id], 5)
            scene.world.delete(scene.news, post.id)
            await monitor.until(lambda: monitor.rows("SELECT * FROM deletions"), 10)

    run(story)


REFUSED = {
    "no settings of an application": ({"TELEGRAM_API_ID": ""}, "TELEGRAM_API_ID: is not set;"),
    "a list that is not there": ({"CHANNELS_FILE": "nowhere.txt"}, "CHANNELS_FILE: nowhere.txt cannot be read as text"),
    "rules that are wrong": ({"RULES": "nowhere"}, "nowhere"),
    "a database that is a folder": ({"DATABASE": "tests"}, "tests: this is a folder; name a database file"),
}


def test_a_wrong_configuration_is_one_sentence_and_exit_code_two(tmp_path: Path) -> None:
    async def story(scene: Scene) -> None:
        async with Monitor(scene, tmp_path) as monitor:
            right = dict(monitor.settings)
            for settings, sentence in REFUSED.values():
                monitor.settings = {**right, **settings}
                code, out, errors = await monitor.call("run", "--no-packs")
                assert (code, out) == (2, "")
                assert sentence in errors
                assert "Traceback" not in errors

    run(story)
