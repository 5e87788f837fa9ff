"""The list of channels as an analyst writes it. Pure: texts in, channels and faults out.

A channel is named `@name`, `name`, `t.me/name` or by its id; in a file one stands on a line, with options after it:

    name weight=2 level=high lang=ru    # comment

`weight` says how much sooner than others it is read, `level` is that of every alert from it, `lang`
its usual language until that is known from its posts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from monitor.models import Level

_ADDRESS = re.compile(r"(?:https?://)?(?:www\.)?(?:t|telegram)\.(?:me|dog)/", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}")
_ID = re.compile(r"(?:-100)?(\d{5,16})")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_WEIGHTS = (0.1, 100.0)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A channel that is to be read: its user name or its id, as `given` at a `place` (`channels.txt:3`)."""

    given: str
    place: str
    name: str | None = None
    id: int | None = None
    weight: float = 1.0
    level: Level | None = None
    language: str | None = None

    @property
    def key(self) -> str:
        """The user name in small letters, or the id as text."""
        return self.name.lower() if self.name else str(self.id)


@dataclass(frozen=True, slots=True)
class ChannelList:
    """The channels that could be read from a text, and a sentence for each that could not."""

    channels: tuple[Wanted, ...] = ()
    faults: tuple[str, ...] = ()


def parse_names(text: str) -> ChannelList:
    """Read names separated by commas, as in the setting CHANNELS."""
    return _collect(
        (_parse_line(part, f"CHANNELS, {place}.") for place, part in enumerate(text.split(","), 1) if part.strip())
    )


def parse_file(text: str, file: str) -> ChannelList:
    """Read a file with one channel a line; what follows a `#` is a comment."""
    lines = ((number, line.partition("#")[0].strip()) for number, line in enumerate(text.splitlines(), 1))
    return _collect(_parse_line(line, f"{file}:{number}") for number, line in lines if line)


def joined(lists: Sequence[ChannelList]) -> ChannelList:
    """Put lists together; a channel that stands in two counts as the first one says."""
    return _collect(
        [channel for one in lists for channel in one.channels], [fault for one in lists for fault in one.faults]
    )


def parse_name(text: str, place: str = "") -> Wanted | str:
    """Read one channel's name, address or id; a sentence where it is none."""
    given = text.strip()
    bare = _ADDRESS.sub("", given, count=1)
    was_address = bare != given
    at = f"{place}: " if place else ""
    if bare.startswith(("+", "joinchat/")):
        return f"{at}“{given}” is a private invitation; monitor reads public channels only, by their @name"
    if was_address and bare.startswith(("c/", "s/")):
        bare = bare[2:]
    bare = bare.removeprefix("@").partition("?")[0]
    bare = bare.partition("/")[0] if was_address else bare
    number = _ID.fullmatch(bare)
    if number is not None:
        return Wanted(given, place, id=int(number[1]))
    if _NAME.fullmatch(bare):
        return Wanted(given, place, name=bare)
    return f"{at}“{given}” is no channel; write @name, t.me/name or the channel's id"


def _parse_line(line: str, place: str) -> Wanted | str:
    name, *options = line.split()
    wanted = parse_name(name, place)
    for option in options:
        if isinstance(wanted, str):
            break
        wanted = _with_option(wanted, option)
    return wanted


def _with_option(wanted: Wanted, option: str) -> Wanted | str:
    name, _, value = option.partition("=")
    if name == "weight":
        try:
            weight = float(value)
        except ValueError:
            weight = -1.0
        if not _WEIGHTS[0] <= weight <= _WEIGHTS[1]:
            return f"{wanted.place}: weight={value} is no weight; write a number from 0.1 to 100, 1 is usual"
        return replace(wanted, weight=weight)
    if name == "level":
        if value not in tuple(Level):
            return f"{wanted.place}: level={value} is no level; write low, medium or high"
        return replace(wanted, level=Level(value))
    if name == "lang":
        if not _LANGUAGE.fullmatch(value):
            return (
                f"{wanted.place}: lang={value} is no language; write its code, as in ru, uk, be, nl, en, de, fr or pl"
            )
        return replace(wanted, language=value)
    return f"{wanted.place}: “{option}” is no option of a channel; there are weight=, level= and lang="


def _collect(parsed: Iterable[Wanted | str], faults: Iterable[str] = ()) -> ChannelList:
    channels: dict[str, Wanted] = {}
    found = list(faults)
    for one in parsed:
        if isinstance(one, str):
            found.append(one)
        elif one.key in channels:
            first = channels[one.key].place
            found.append(f"{one.place}: “{one.given}” stands in the list already ({first}); that place counts")
        else:
            channels[one.key] = one
    return ChannelList(tuple(channels.values()), tuple(found))
