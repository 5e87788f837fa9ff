"""Draws the README's picture of a replay: part of what `monitor replay seeds` prints, and its summary.

python docs/picture.py        writes docs/replay.svg
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

from monitor.alerts.render import MARKS

ROOT = Path(__file__).parent.parent
WIDTH = 104
# A line of each alert that is shown: the same event in four languages.
SHOWN = ("Губернатору Гладкову лично", "Незалежно перевірити", "Nobody has verified", "Het korps toont")
GAP = Text("⋮", style="dim")

# The drawing as rich makes it, but with the reader's own fonts: nothing is fetched from anywhere.
DRAWING = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: {char_height}px; line-height: {line_height}px; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def main() -> None:
    """Run the command as on a terminal and draw what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "monitor", "replay", "seeds"],
        cwd=ROOT,
        env={**os.environ, "FORCE_COLOR": "1", "TERM": "xterm-256color", "COLUMNS": str(WIDTH), "TIMEZONE": "UTC"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    shown = [alert for alert in _alerts(Text.from_ansi(done.stdout)) if any(mark in alert for mark in SHOWN)]
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    console.print(Text("$ monitor replay seeds", style="bold"))
    for part in [one for alert in shown for one in (GAP, alert)] + [GAP, Text(done.stderr.rstrip())]:
        console.print(part, soft_wrap=False)
    console.save_svg(
        str(ROOT / "docs" / "replay.svg"),
        title="monitor",
        theme=MONOKAI,
        code_format=DRAWING,
        unique_id="replay",
    )


def _alerts(output: Text) -> Iterator[Text]:
    """Cut the output into alerts: each begins with the mark of its level."""
    lines = output.split("\n")
    starts = [number for number, line in enumerate(lines) if line.plain.startswith(tuple(MARKS.values()))]
    for start, end in pairwise([*starts, len(lines)]):
        alert = Text("\n").join(lines[start:end])
        alert.rstrip()
        yield alert


if __name__ == "__main__":
    main()
