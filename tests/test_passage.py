"""The part of a post that an alert shows."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.alerts.passage import harmless, passage, quoted_whole


def _cut(text: str, form: str, limit: int) -> str:
    start = text.index(form)
    cut = passage(text, [(start, start + len(form))], limit)
    assert [cut.text[s:e] for s, e in cut.spans] == [form]
    return cut.text


LONG = "Утром было тихо. Днём пошёл дождь. Вечером вывели пленных из подвала. Ночью снова стреляли. Утром стало тихо."


@pytest.mark.parametrize(
    ("text", "form", "limit", "expected"),
    [
        ("Вывели пленных.", "пленных", 100, "Вывели пленных."),
        ("\n\n Вывели пленных. \n", "пленных", 100, "Вывели пленных."),
        (LONG, "пленных", 64, "… Вечером вывели пленных из подвала. Ночью снова стреляли. …"),
        (LONG, "тихо", 50, "Утром было тихо. Днём пошёл дождь. …"),
        ("слово " * 30 + "пленных " + "слово " * 30, "пленных", 40, "… слово пленных слово слово слово …"),
    ],
)
def test_cut_around_the_mention(text: str, form: str, limit: int, expected: str) -> None:
    assert _cut(text, form, limit) == expected


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("Легион «Свобода России» сообщает", "Легион «Свобода России", "Легион «Свобода России»"),
        ('ЧВК "Вагнер", бойцы', 'ЧВК "Вагнер', 'ЧВК "Вагнер"'),
        ("die „Gruppe Wagner“ sagt", "„Gruppe Wagner", "„Gruppe Wagner“"),
        ("«Их взяли в плен», сказал он", "плен", "плен"),
        ("легион «Свобода» России»", "легион «Свобода» России", "легион «Свобода» России"),
        ("ЧВК «Вагнер", "ЧВК «Вагнер", "ЧВК «Вагнер"),
    ],
)
def test_a_mention_keeps_its_closing_quotation_mark(text: str, form: str, expected: str) -> None:
    at = text.index(form)
    start, end = quoted_whole(text, (at, at + len(form)))
    assert text[start:end] == expected
    assert passage(text, [(at, at + len(form))], 100).spans == ((start, end),)


def test_mentions_outside_the_cut_are_left_out() -> None:
    cut = passage(LONG, [(0, 4), (len(LONG) - 5, len(LONG) - 1)], 40)
    assert cut.text == "Утром было тихо. Днём пошёл дождь. …"
    assert [cut.text[s:e] for s, e in cut.spans] == ["Утро"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\x1b[31mb", "a\ufffd[31mb"),
        ("a\u202eb\u202c", "a\u2060b\u2060"),
        ("a\r\nb\tc\x00", "a \nb c\ufffd"),
        ("обычный текст — «цитата»", "обычный текст — «цитата»"),
    ],
)
def test_harmless_keeps_every_offset(text: str, expected: str) -> None:
    assert harmless(text) == expected


@settings(max_examples=200, derandomize=True, deadline=None)
@given(st.text(max_size=300), st.text(min_size=1, max_size=10), st.text(max_size=300), st.integers(20, 200))
def test_the_first_mention_is_always_shown_within_the_limit(before: str, form: str, after: str, limit: int) -> None:
    text = before + form + after
    span = (len(before), len(before) + len(form))
    cut = passage(text, [span], limit)
    assert len(cut.text) <= limit
    if form.strip():
        assert harmless(form).strip() in {cut.text[s:e].strip() for s, e in cut.spans}
