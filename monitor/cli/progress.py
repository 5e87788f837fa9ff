"""How far a command has come, on the terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from monitor.models import Post


@contextmanager
def progress(paths: tuple[str, ...]) -> Iterator[Callable[[list[Post]], None]]:
    """Show a bar on a terminal, by the bytes of the files; nothing in a pipe."""
    # Not the console's own question: FORCE_COLOR makes it say yes in a pipe.
    if not sys.stderr.isatty():
        yield lambda batch: None
        return
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.fields[posts]:,} posts"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=_size(paths) or None, posts=0)

        def advance(batch: list[Post]) -> None:
            done = int(bar.tasks[task].fields["posts"]) + len(batch)
            bar.update(task, advance=sum(len(post.raw) for post in batch), posts=done)

        yield advance


@contextmanager
def sending(total: int) -> Iterator[Callable[[int], None]]:
    """Show how many of `total` messages are sent: a bar on a terminal, else a line a minute."""
    if not sys.stderr.isatty():
        yield _once_a_minute(total)
        return
    columns = (SpinnerColumn(), TextColumn("{task.completed:,.0f} of {task.total:,.0f} sent"), BarColumn())
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total)
        yield lambda sent: bar.update(task, completed=sent)


def _once_a_minute(total: int) -> Callable[[int], None]:
    told_at = time.monotonic()

    def tell(sent: int) -> None:
        nonlocal told_at
        if time.monotonic() - told_at >= 60:
            told_at = time.monotonic()
            print(f"{sent:,} of {total:,} messages sent", file=sys.stderr, flush=True)

    return tell


def _size(paths: tuple[str, ...]) -> int:
    files = (file for path in map(Path, paths) for file in ([path] if path.is_file() else path.rglob("*")))
    return sum(map(_bytes, files))


def _bytes(file: Path) -> int:
    try:
        return file.stat().st_size if file.is_file() else 0
    except OSError:
        return 0
