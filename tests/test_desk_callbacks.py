"""What buttons carry: only what we sealed, for this chat, for a week, is taken."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.buttons import Mute
from monitor.desk.callbacks import LIFETIME, Callback, Press, Sealer, of_mute, to_mute
from monitor.desk.keyboard import alert_keys
from monitor.models import Kind
from monitor.store.audit import Verdict
from tests.test_render_bundles import bundle, member

NOW = datetime(2026, 3, 28, 12, tzinfo=UTC)
CHAT = -1001234567890
SEALER = Sealer("123:token")


@given(
    st.sampled_from(list(Press)),
    st.integers(-(2**63), 2**63 - 1),
    st.integers(0, 2**16 - 1),
    st.integers(-(2**62), 2**62),
)
def test_what_was_sealed_comes_back(press: Press, subject: int, parameter: int, chat: int) -> None:
    data = SEALER.seal(Callback(press, subject, parameter), chat, NOW)
    assert len(data) <= 64
    assert SEALER.open(data, chat, NOW + LIFETIME) == Callback(press, subject, parameter)
    assert SEALER.open(data, chat, NOW + LIFETIME + timedelta(seconds=1)) == "expired"


def test_random_data_is_never_taken() -> None:
    draw = random.Random(7)
    sizes = [*range(65), *(28 for _ in range(935))]
    assert {SEALER.open(draw.randbytes(size), CHAT, NOW) for size in sizes} == {"forged"}


def test_a_seal_is_good_for_its_bits_its_chat_and_its_key_alone() -> None:
    data = SEALER.seal(Callback(Press.MUTE, 7, 33), CHAT, NOW)
    for bit in range(8 * len(data)):
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        assert SEALER.open(bytes(changed), CHAT, NOW) == "forged", bit
    assert SEALER.open(data, CHAT + 1, NOW) == "forged"
    assert Sealer("123:other").open(data, CHAT, NOW) == "forged"
    assert SEALER.open(data + b"\0", CHAT, NOW) == SEALER.open(data[:-1], CHAT, NOW) == "forged"


@pytest.mark.parametrize("hours", [1, 8, 24, 16_383])
@pytest.mark.parametrize(("rules", "channel"), [(True, True), (True, False), (False, True)])
def test_mutes_fit_into_their_two_bytes(hours: int, rules: bool, channel: bool) -> None:
    mute = Mute(timedelta(hours=hours), rules, channel)
    assert of_mute(mute) < 2**16
    assert to_mute(of_mute(mute)) == mute


def test_a_bundle_of_one_has_the_buttons_of_its_member_and_a_larger_one_none() -> None:
    alone = alert_keys(bundle(Kind.BUNDLE, member(5)), Verdict(), SEALER, CHAT, NOW)
    assert alone == alert_keys(member(5), Verdict(), SEALER, CHAT, NOW)
    assert [len(row) for row in alone] == [3, 2, 2, 1]
    assert alert_keys(bundle(Kind.BUNDLE, member(5), member(6)), Verdict(), SEALER, CHAT, NOW) == []


@pytest.mark.parametrize("url", [None, "", "t.me/a/5", "javascript:alert(1)", "tg://resolve?domain=a"])
def test_open_leads_to_pages_alone(url: str | None) -> None:
    alert = replace(member(5), post=replace(member(5).post, url=url))
    assert [label for label, _ in alert_keys(alert, Verdict(), SEALER, CHAT, NOW)[0]] == ["Acknowledge", "False alarm"]
