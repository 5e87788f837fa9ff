"""What the program wrote to its database, call by call, and what may stand on the disk when the power fails.

A disk holds what was synced; of what was written since, any part may have got there: some writes and not others, in
any order, torn between two sectors. Sources: SQLite, "Atomic Commit In SQLite" (https://sqlite.org/atomiccommit.html).
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

SECTOR = 512
_CALLS = "pwrite64,write,fdatasync,fsync,ftruncate,unlink"
_LINE = re.compile(r"^\d+ +(\w+)\((.*)")
_FD = re.compile(r"^(\d+)<([^>]*)>(?:\(deleted\))?(?:, )?(.*)")
_BYTES = re.compile(r'^"((?:\\x[0-9a-f]{2})*)"(?:, (\d+))?(?:, (\d+))?')


@dataclass(frozen=True, slots=True)
class Call:
    """One call: `write` (data at offset), `truncate` (to offset), `sync`, `remove`, or `say` (data on stdout)."""

    kind: str
    file: str
    data: bytes = b""
    offset: int = 0


def recorded(trace: Path) -> list[str]:
    """Return the command under which a program runs so that `calls` can read what it wrote."""
    return ["strace", "-D", "-f", "-qqq", "-y", "-xx", "-s", "1000000", "-o", str(trace), f"--trace={_CALLS}"]


def calls(trace: Path, files: Sequence[str]) -> list[Call]:
    """Read a trace: the calls on files of these names and what was said on stdout, in their order."""
    with trace.open(encoding="ascii") as lines:
        return [call for call in map(_call, lines) if call is not None and (call.kind == "say" or call.file in files)]


def _call(line: str) -> Call | None:
    found = _LINE.match(line)
    if found is None:
        return None
    name, rest = found[1], found[2]
    if name == "unlink":
        return Call("remove", Path(_bytes(rest)[0].decode()).name)
    handle = _FD.match(rest)
    if handle is None:
        return None
    number, file, rest = handle[1], Path(_plain(handle[2]).decode()).name, handle[3]
    if name in ("fdatasync", "fsync"):
        return Call("sync", file)
    if name == "ftruncate":
        return Call("truncate", file, offset=int(rest.split(")")[0]))
    data, offset = _bytes(rest)
    if name == "write":
        return Call("say", "", data) if number == "1" else None
    return Call("write", file, data, offset)


def _bytes(text: str) -> tuple[bytes, int]:
    found = _BYTES.match(text)
    assert found is not None, text[:200]
    return _plain(found[1]), int(found[3] or 0)


def _plain(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


@dataclass(slots=True)
class Disk:
    """The files as they are surely there, and the writes that may be."""

    files: dict[str, bytearray] = field(default_factory=dict)
    pending: dict[str, list[Call]] = field(default_factory=dict)

    def take(self, call: Call) -> None:
        """Let a call happen."""
        if call.kind == "sync":
            for one in self.pending.pop(call.file, ()):
                _apply(self.files, one)
        elif call.kind != "say":
            waiting = self.pending.setdefault(call.file, [])
            if waiting and waiting[-1].kind == "remove":  # a new file of that name
                waiting.clear()
                self.files.pop(call.file, None)
            waiting.append(call)

    def after_power_cut(self, chance: float, dice: random.Random) -> dict[str, bytearray]:
        """Return files as they may stand when the power fails now: each unsynced call is there with that chance."""
        files = {name: bytearray(content) for name, content in self.files.items()}
        for waiting in self.pending.values():
            there = [_torn(call, dice) for call in waiting if dice.random() < chance]
            if dice.random() < 0.5:
                dice.shuffle(there)
            for call in there:
                _apply(files, call)
        return files


def _torn(call: Call, dice: random.Random) -> Call:
    sectors = len(call.data) // SECTOR
    if sectors < 2 or dice.random() > 0.2:
        return call
    return Call(call.kind, call.file, call.data[: SECTOR * dice.randrange(1, sectors)], call.offset)


def _apply(files: dict[str, bytearray], call: Call) -> None:
    if call.kind == "remove":
        files.pop(call.file, None)
        return
    content = files.setdefault(call.file, bytearray())
    if call.kind == "truncate":
        del content[call.offset :]
        return
    content.extend(bytes(max(0, call.offset + len(call.data) - len(content))))
    content[call.offset : call.offset + len(call.data)] = call.data


def states(
    made: Sequence[Call], cuts: Sequence[int], dice: random.Random
) -> Iterator[tuple[str, dict[str, bytearray]]]:
    """Yield, for each cut (a number of calls), what was said by then, and files as they may stand; three for each."""
    disk, said, done = Disk(), "", 0
    for cut in cuts:
        for call in made[done:cut]:
            disk.take(call)
            said += call.data.decode(errors="replace") if call.kind == "say" else ""
        done = cut
        for chance in (0.0, 0.5, 1.0):
            yield said, disk.after_power_cut(chance, dice)
