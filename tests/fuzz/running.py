"""Runs a parser over many inputs, each made from a seed and its number, so that any one of them can be made again."""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any, TypeVar

import pytest

T = TypeVar("T")
E = TypeVar("E", bound=Exception)
SEED = 1
PATIENCE = 2.0  # seconds of CPU for one small input
MILLION = 1_000_000
_QUICK = 400  # of a million inputs the ordinary run takes one in so many, but never fewer than _FEW
_FEW = 12
_PACKAGE = str(Path(__file__).parent.parent.parent / "monitor")


@dataclass(frozen=True, slots=True)
class Parser:
    """A parser under test: `make` makes an input, `check` hands it over and raises where it does what it must not.

    `share` is how many of a million inputs it gets; `ready` makes what all of them need, which may take its time.
    """

    name: str
    make: Callable[[Random], Any]
    check: Callable[[Any], object]
    share: int
    ready: Callable[[], object] = object


@dataclass(frozen=True, slots=True)
class Failure:
    """An input that made a parser do what it must not."""

    parser: str
    number: int
    input: str
    error: str
    place: str

    def __str__(self) -> str:
        return f"{self.parser}, input {self.number}: {self.input}\n{self.error}"


def outcome(call: Callable[[], T], refusal: type[E]) -> T | E:
    """Return what a call gives, or the refusal that it is allowed to raise."""
    try:
        return call()
    except refusal as error:
        return error


class Hung(BaseException):
    """A parser took longer than PATIENCE over one input."""


def run(parser: Parser, count: int, *, first: int = 0, seed: int = SEED) -> list[Failure]:
    """Hand `count` inputs to a parser; return the failures, of those at one place of the program the first."""
    parser.ready()
    failures: dict[str, Failure] = {}
    for number in range(first, first + count):
        failure = failure_of(parser, number, seed)
        if failure is not None:
            failures.setdefault(failure.place, failure)
    return list(failures.values())


def failure_of(parser: Parser, number: int, seed: int = SEED) -> Failure | None:
    """Hand one input to a parser; return what went wrong."""
    made = parser.make(Random(f"{parser.name} {seed} {number}"))
    try:
        with _patience():
            parser.check(made)
    except (Exception, Hung) as error:
        return Failure(parser.name, number, repr(made)[:3000], _told(error), _place(error))
    return None


def quick_and_long(parsers: Sequence[Parser]) -> tuple[Callable[[Parser], None], Callable[[Parser], None]]:
    """Return the two tests of a module's parsers: a few inputs for every run, FUZZ_INPUTS in all for the long one."""
    each = pytest.mark.parametrize("parser", parsers, ids=lambda parser: parser.name)

    @each
    def quick(parser: Parser) -> None:
        _assert_none(run(parser, max(_FEW, parser.share // _QUICK)))

    @pytest.mark.long
    @each
    def long(parser: Parser) -> None:
        _assert_none(run(parser, parser.share * int(os.environ.get("FUZZ_INPUTS", MILLION)) // MILLION))

    return quick, long


def _assert_none(failures: Sequence[Failure]) -> None:
    assert not failures, "\n".join(map(str, failures))


@contextmanager
def _patience() -> Iterator[None]:
    before = signal.signal(signal.SIGVTALRM, _out_of_patience)
    signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _out_of_patience(number: int, frame: FrameType | None) -> None:
    raise Hung(f"took more than {PATIENCE:g} seconds of CPU")


def _told(error: BaseException) -> str:
    return "".join(traceback.format_exception(error, limit=-8))


def _place(error: BaseException) -> str:
    """The line of the program that failed, else (a check that does not hold) that of the test."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if frame.filename.startswith(_PACKAGE)] or frames
    return f"{type(error).__name__} at {ours[-1].filename}:{ours[-1].lineno}"
