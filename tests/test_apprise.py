"""Apprise as a notifier, by its json:// service on a real server of this machine."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from monitor.alerts.apprise import AppriseNotifier
from monitor.alerts.notifier import Dispatch, NotifierError
from monitor.alerts.render import render
from monitor.cli.notifying import notifiers
from monitor.config import ConfigError, Settings
from monitor.models import Level, Message, Note
from tests.alerts_example import example
from tests.receiver import Receiver, listening, plain

# A service that Apprise loads with all others uses a module that Python 3.13 has no more.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

ZONE = ZoneInfo("Europe/Amsterdam")
HOW = Dispatch(5, ring=True)
NOTE = Note(3, "gone", Level.MEDIUM, "@news_example was deleted.", datetime(2023, 6, 4, 9, tzinfo=UTC))


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with listening() as server:
        yield server


def _url(receiver: Receiver) -> str:
    return f"json://127.0.0.1:{receiver.server_address[1]}/topsecret"


def _send(url: str, message: Message) -> str | None:
    async def send() -> str | None:
        notifier = AppriseNotifier(url, ZONE, patience=5.0)
        try:
            return await notifier.send(message, HOW)
        finally:
            await notifier.close()

    return asyncio.run(send())


@pytest.mark.parametrize(
    ("message", "kind"),
    [(example("Двох <b>пленных</b> & *вернули*."), "warning"), (NOTE, "info")],
    ids=["alert", "note"],
)
def test_the_message_comes_as_plain_text(message: Message, kind: str, receiver: Receiver) -> None:
    assert _send(_url(receiver), message) is None
    [(_, body)] = receiver.got
    said = json.loads(body)
    assert f"{said['title']}\n{said['message']}" == render(message, zone=ZONE).text
    assert said["type"] == kind


def test_what_is_not_taken_is_tried_again(receiver: Receiver) -> None:
    receiver.answer = lambda handler: plain(handler, 500)
    with pytest.raises(NotifierError, match=r"JSON \(APPRISE_URLS\) did not take the message") as caught:
        _send(_url(receiver), NOTE)
    assert caught.value.passing
    assert "topsecret" not in str(caught.value)


def _settings(urls: str) -> Settings:
    return Settings(_env_file=None, apprise_urls=urls)  # type: ignore[call-arg,arg-type]


def test_each_address_has_an_outbox_of_its_own() -> None:
    told = notifiers(_settings("json://127.0.0.1/a  json://127.0.0.1/b\njson://127.0.0.1/a"), None)
    names = [one.name for one in told]
    assert names[0] == "console"
    assert len(set(names)) == len(names) == 3
    assert all(name.startswith("apprise json ") and "127" not in name for name in names[1:])


def test_an_address_that_is_none_is_named_by_its_place() -> None:
    with pytest.raises(ConfigError, match=r"^APPRISE_URLS: address 2 is no address that Apprise knows") as caught:
        notifiers(_settings("json://127.0.0.1/a pigeon://topsecret"), None)
    assert "topsecret" not in str(caught.value)


def test_without_the_extra_it_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['apprise'] = None\n"
        "from monitor.cli.notifying import notifiers\n"
        "from monitor.config import ConfigError, Settings\n"
        "try:\n    notifiers(Settings(_env_file=None, apprise_urls='json://127.0.0.1/'), None)\n"
        "except ConfigError as error:\n    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "APPRISE_URLS: needs an extra; run: pip install 'monitor[apprise]'\n"
