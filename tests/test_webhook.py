"""The webhook on a real server of this machine: signed, the same key at every attempt, and what servers do wrong."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from monitor.alerts.notifier import Dispatch, NotifierError
from monitor.alerts.render import render
from monitor.alerts.webhook import WebhookNotifier, address_fault
from monitor.models import Kind, Level, Message, Note
from tests.alerts_example import TEXT, example
from tests.receiver import Receiver, listening, plain
from tests.test_render_bundles import bundle, member
from tests.test_render_changes import reply

UTC_ZONE = ZoneInfo("UTC")
SECRET = "long-secret-of-the-desk"
HOW = Dispatch(-7, ring=True, reply_to="00000000000000aa")
NOTE = Note(3, "gone", Level.MEDIUM, "@news_example was deleted.", datetime(2023, 6, 4, 9, tzinfo=UTC))


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with listening() as server:
        yield server


def _send(url: str, message: Message = NOTE, *, edits: int = 0, patience: float = 5.0) -> str | None:
    async def send() -> str | None:
        hook = WebhookNotifier(url, SECRET, UTC_ZONE, patience=patience)
        try:
            key = await hook.send(message, HOW)
            for _ in range(edits):
                await hook.edit(message, HOW, key or "")
            return key
        finally:
            await hook.close()

    return asyncio.run(send())


def test_a_post_is_signed_and_has_the_values_of_the_alert(receiver: Receiver) -> None:
    key = _send(receiver.url, example(), edits=1)
    (headers, body), (later_headers, later) = receiver.got
    stamp = headers["X-Monitor-Timestamp"]
    expected = hmac.new(SECRET.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    assert headers["X-Monitor-Signature"] == f"sha256={expected}"
    assert abs(int(stamp) - time.time()) < 60
    assert (headers["Idempotency-Key"], later_headers["Idempotency-Key"].split("-")[0]) == (key, key)

    said: dict[str, Any] = json.loads(body)
    assert key == said["key"] == "fffffffffffffff9"
    assert (said["event"], json.loads(later)["event"]) == ("new", "update")
    assert said["reply_to"] == "00000000000000aa"
    assert (said["kind"], said["level"], said["id"], said["language"]) == ("post", "high", 7, "ru")
    assert said["post"]["channel"] == {"id": 1700000001, "name": "russvolcorps", "title": "РДК"}
    [rule] = said["rules"]
    [[start, end]] = rule["spans"]
    assert (rule["id"], said["post"]["text"][start:end]) == ("prisoners", "пленных")
    assert [one["name"] for one in said["entities"]] == ["Denis Kapustin"]
    assert said["text"].startswith("🔴 HIGH · Prisoners of war")


def test_what_the_readme_shows_tells_our_posts_from_others(receiver: Receiver) -> None:
    readme = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    shown = readme.partition("<!-- checked by tests/test_webhook.py -->\n```python\n")[2].partition("```")[0]
    names: dict[str, Any] = {}
    exec(shown, names)
    _send(receiver.url)
    [(headers, body)] = receiver.got
    old = {**headers, "X-Monitor-Timestamp": str(int(headers["X-Monitor-Timestamp"]) - 400)}
    genuine = names["is_genuine"]
    assert genuine(SECRET, headers, body)
    assert [genuine("other", headers, body), genuine(SECRET, headers, body + b" "), genuine(SECRET, old, body)] == [
        False, False, False,
    ]  # fmt: skip


_FOLLOWED = reply(Kind.EDIT, TEXT.replace("двух", "трёх"), *example().findings.matches)
_BUNDLE = bundle(Kind.SUMMARY, member(1), member(2), total=9)
KINDS: dict[str, tuple[Message, dict[str, Any]]] = {
    "a note": (
        NOTE,
        {"id": 3, "level": "medium", "kind": "note", "about": "gone", "at": "2023-06-04T09:00:00+00:00"},
    ),
    "several alerts in one": (
        _BUNDLE,
        {
            "id": 99,
            "level": "low",
            "kind": "summary",
            "total": 9,
            "members": [1, 2],
            "opened": "2023-06-04T09:05:00+00:00",
            "until": "2023-06-04T10:05:00+00:00",
        },
    ),
    "an edit": (
        _FOLLOWED,
        {
            "id": 9,
            "level": "high",
            "kind": "edit",
            "alert": 7,
            "noticed": "2023-06-04T12:25:00+00:00",
            "revision": 2,
            "text_before": TEXT,
            "post": {
                "channel": {"id": 1700000001, "name": "russvolcorps", "title": "РДК"},
                "post_id": 412,
                "date": "2023-06-04T09:05:00+00:00",
                "edited": "2023-06-04T10:30:00+00:00",
                "url": "https://t.me/russvolcorps/412",
                "text": TEXT.replace("двух", "трёх"),
            },
            "rules": [{"id": "prisoners", "title": "Prisoners of war", "level": "high", "spans": [[33, 40]]}],
            "entities": [{"id": "denis-kapustin", "kind": "person", "name": "Denis Kapustin", "spans": [[0, 8]]}],
        },
    ),
}


@pytest.mark.parametrize("case", KINDS)
def test_each_kind_of_message_has_its_values(case: str, receiver: Receiver) -> None:
    message, expected = KINDS[case]
    key = _send(receiver.url, message)
    said = json.loads(receiver.got[0][1])
    common = {"event": "new", "key": key, "reply_to": HOW.reply_to, "text": render(message, zone=UTC_ZONE).text}
    assert said == {**common, **expected}


def test_an_update_has_a_key_of_its_own_which_stays_when_it_is_sent_again(receiver: Receiver) -> None:
    async def send() -> None:
        hook = WebhookNotifier(receiver.url, SECRET, UTC_ZONE)
        key = await hook.send(example(), HOW) or ""
        for text in ("Троє пленных.", "Троє пленных.", "Семеро пленных."):
            await hook.edit(example(text), HOW, key)
        await hook.close()

    asyncio.run(send())
    keys = [headers["Idempotency-Key"] for headers, _ in receiver.got]
    assert len(set(keys)) == 3
    assert keys[1] == keys[2]


def _hang(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(1.0)
    handler.close_connection = True


def _endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(500)
    handler.end_headers()
    try:
        for _ in range(1000):
            handler.wfile.write(b"x" * 65536)
    except OSError:
        pass
    handler.close_connection = True


ANSWERS: dict[str, tuple[Callable[[BaseHTTPRequestHandler], None], dict[str, object], str]] = {
    "a server's own trouble": (lambda h: plain(h, 500), {"passing": True}, "answers 500"),
    "an endless answer": (_endless, {"passing": True}, "answers 500"),
    "overload with a wait": (lambda h: plain(h, 503, Retry_After="90"), {"retry_after": 90.0}, "asks to wait"),
    "a wait without end": (lambda h: plain(h, 429, Retry_After="9" * 30), {"retry_after": 3600.0}, "asks to wait"),
    "a wait that is none": (lambda h: plain(h, 429, Retry_After="soon"), {"retry_after": 60.0}, "asks to wait"),
    "overload": (lambda h: plain(h, 429), {"passing": True}, "answers 429"),
    "elsewhere": (lambda h: plain(h, 302, Location="http://10.0.0.1/"), {}, "redirects are not followed"),
    "not allowed": (lambda h: plain(h, 401), {}, "check the address and the secret"),
    "not there": (lambda h: plain(h, 404), {}, "check the address and the secret"),
    "a message that it does not take": (lambda h: plain(h, 422), {"refused": True}, "does not take this message"),
    "it hangs": (_hang, {"passing": True}, "does not answer"),
}


@pytest.mark.parametrize("case", ANSWERS)
def test_what_a_server_does_wrong(case: str, receiver: Receiver) -> None:
    receiver.answer, expected, told = ANSWERS[case]
    with pytest.raises(NotifierError) as caught:
        _send(receiver.url, patience=0.3 if case == "it hangs" else 5.0)
    wanted = {"retry_after": None, "passing": False, "refused": False, **expected}
    assert {name: getattr(caught.value, name) for name in wanted} == wanted
    assert told in str(caught.value)
    assert "127.0.0.1 (WEBHOOK_URL)" in str(caught.value)
    assert SECRET not in str(caught.value)
    assert len(receiver.got) == 1


def test_nobody_listens(receiver: Receiver) -> None:
    with pytest.raises(NotifierError) as caught:
        _send("http://127.0.0.1:1/alerts")
    assert caught.value.passing


@pytest.mark.parametrize(
    ("url", "fine"),
    [
        ("https://desk.example.org/alerts", True),
        ("http://127.0.0.1:8080/", True),
        ("http://localhost/", True),
        ("http://desk.example.org/alerts", False),
        ("ftp://desk.example.org/", False),
        ("desk.example.org", False),
        ("https://", False),
        ("http://[::1", False),
    ],
)
def test_addresses(url: str, fine: bool) -> None:
    assert (address_fault(url) is None) is fine
