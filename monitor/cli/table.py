"""Tables of channels, for terminals of any width."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.measure import Measurement
from rich.table import Table

_WIDEST = 10_000  # characters: what a table would need is asked for where nothing bounds it
_RIGHT = frozenset(("read up to", "posts/day"))


def fitted(console: Console, names: Sequence[str], rows: Sequence[Sequence[str]], less: Sequence[str]) -> Table:
    """Return a table of `rows` whose first column is never broken.

    Where not even the longest words fit, it goes without the columns of `less`, the first of them first.
    """
    unbounded = console.options.update(width=_WIDEST)
    for number in range(len(less) + 1):
        left_out = less[:number]
        table = Table(box=None, pad_edge=False)
        for at, name in enumerate(names):
            if name not in left_out:
                table.add_column(name, justify="right" if name in _RIGHT else "left", overflow="fold", no_wrap=at == 0)
        for row in rows:
            table.add_row(*(cell for name, cell in zip(names, row, strict=True) if name not in left_out))
        if Measurement.get(console, unbounded, table).minimum <= console.width:
            break
    return table
