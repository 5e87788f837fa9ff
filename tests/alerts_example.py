"""An alert of one post, for the tests of the alerts' parts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from monitor.models import Alert, Channel, EntityMention, Findings, Level, Match, Mention, Post

TEXT = "Капустин предложил обменять двух пленных в Новой Таволжанке до 17:00."


def mention(text: str, form: str, **of: str) -> Mention:
    """The first place of `form` in `text` as a mention."""
    start = text.index(form)
    return Mention(start, start + len(form), form.lower(), form.lower(), "as written", **of)


def example(text: str = TEXT, forms: tuple[str, ...] = ("пленных",), **changes: object) -> Alert:
    """A high alert whose rule `prisoners` fired on `forms`; `changes` go to the post."""
    post = Post(
        channel=Channel(1700000001, "russvolcorps", "РДК"),
        id=412,
        date=datetime(2023, 6, 4, 9, 5, tzinfo=UTC),
        body=text,
        raw=b"{}",
        ids=(412,),
        url="https://t.me/russvolcorps/412",
    )
    found = tuple(mention(text, form, rule="prisoners", term="captive") for form in forms)
    person = (
        (
            EntityMention(
                "denis-kapustin", "person", "Denis Kapustin", (mention(text, "Капустин", entity="denis-kapustin"),)
            ),
        )
        if "Капустин" in text
        else ()
    )
    findings = Findings((Match("prisoners", "Prisoners of war", Level.HIGH, found),), person)
    return Alert(7, replace(post, **changes), 1, "ru", findings, Level.HIGH)
