"""The program under strace: killed, or given an error, at a system call that the test names; and what it wrote.

`-D` lets strace watch from aside, so that the process that was started is the program itself, with its own exit code.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

WRITES = "pwrite64,fdatasync,fsync,ftruncate,unlink,rename,link"

needs_strace = pytest.mark.skipif(
    shutil.which("strace") is None,
    reason="strace is not here, without which no system call can be chosen; Debian has it: apt install strace",
)


def killed_at(number: int, calls: str, files: Sequence[Path] = ()) -> list[str]:
    """Return the command under which a program is killed before its `number`-th call of these kinds, on these files.

    A thread counts its own calls, so that a sweep names files that one thread writes. No files: any call.
    """
    return _strace(files, f"--inject={calls}:signal=KILL:when={number}", calls)


def failing_at(number: int, last: int, calls: str, error: str, files: Sequence[Path]) -> list[str]:
    """Return the command under which calls `number` to `last` of these kinds on these files fail with an error."""
    return _strace(files, f"--inject={calls}:error={error}:when={number}..{last}", calls)


def _strace(files: Sequence[Path], inject: str, calls: str) -> list[str]:
    paths = [part for file in files for part in ("-P", str(file))]
    return ["strace", "-D", "-f", "-qqq", "-o", "/dev/null", f"--trace={calls}", *paths, inject]
