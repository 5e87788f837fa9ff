"""What stands behind a command, read; what is wrong with it is answered with the right form. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

MUTE_FORM = "/mute LENGTH rule ID | entity ID | channel @NAME | text WORDS — as in /mute 8h rule prisoners"
_COMMAND = re.compile(r"/([A-Za-z]\w*)(?:@(\w+))?(?:\s+(.*))?", re.DOTALL)
_LENGTH = re.compile(r"(\d{1,5})([mhd])")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
LONGEST_MUTE = timedelta(days=90)


class WrongForm(Exception):  # noqa: N818  it is an answer
    """A command was written wrongly; the text is what to write."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command in small letters, to which bot it is addressed (None: to any), and what stands behind it."""

    name: str
    bot: str | None
    rest: str


@dataclass(frozen=True, slots=True)
class MuteWish:
    """What is to be muted, for how long: exactly one of the four is given."""

    length: timedelta
    rule: str | None = None
    entity: str | None = None
    channel: str | None = None
    text: str | None = None


def command(text: str) -> Command | None:
    """Read a message as a command; None: it is none."""
    found = _COMMAND.fullmatch(text.strip())
    if found is None:
        return None
    return Command(found[1].lower(), found[2], (found[3] or "").strip())


def mute_wish(rest: str) -> MuteWish:
    """Read what /mute is to mute. WrongForm: it is not written so."""
    words = rest.split(maxsplit=2)
    length = _length(words[0]) if len(words) == 3 else None
    if length is None or words[1].lower() not in ("rule", "entity", "channel", "text"):
        raise WrongForm(MUTE_FORM)
    if not timedelta(0) < length <= LONGEST_MUTE:
        raise WrongForm(f"A silence lasts a minute at least and {LONGEST_MUTE.days} days at most: {MUTE_FORM}")
    what = words[2].strip().removeprefix("@")
    if not what:
        raise WrongForm(MUTE_FORM)
    return MuteWish(length, **{words[1].lower(): what})


def number(rest: str, form: str) -> int:
    """Read one number. WrongForm: there is none."""
    text = rest.strip().removeprefix("#")
    if not text.isascii() or not text.isdecimal() or len(text) > 18:
        raise WrongForm(form)
    return int(text)


def last_wish(rest: str) -> tuple[int, str | None]:
    """Read what /last is to show: how many (10 unless said), and a rule, @entity or channel that they must be of."""
    count, of = 10, None
    for word in rest.split():
        if word.isascii() and word.isdecimal() and of is None:
            count = min(200, max(1, int(word[:4])))
        elif of is None:
            of = word
        else:
            raise WrongForm("/last [NUMBER] [RULE | @ENTITY | CHANNEL] — as in /last 20 prisoners")
    return count, of


def _length(word: str) -> timedelta | None:
    found = _LENGTH.fullmatch(word.lower())
    return int(found[1]) * _UNITS[found[2]] if found else None
