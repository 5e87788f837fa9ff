"""The digest's picture: posts by hour and rule, as a PNG.

    python -m monitor.digest.picture < counts.json > picture.png

It is drawn by a process of its own, since matplotlib would stay in the daemon's memory for ever.
"""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import orjson

_PATIENCE = 60.0
_MOST_RULES = 8
_WIDTH, _HEIGHT = 8.0, 4.0  # inches, at 120 dots each


async def drawn(by_hour: Mapping[str, Mapping[datetime, int]], since: datetime, until: datetime, zone: str) -> bytes:
    """Have the picture drawn; OSError or TimeoutError: it could not be."""
    given = orjson.dumps(
        {
            "since": since.isoformat(),
            "until": until.isoformat(),
            "zone": zone,
            "rules": {
                rule: {hour.isoformat(): count for hour, count in hours.items()} for rule, hours in by_hour.items()
            },
        }
    )
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "monitor.digest.picture"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(_PATIENCE):
            png, _ = await process.communicate(given)
    finally:
        if process.returncode is None:
            process.kill()
    if process.returncode != 0 or not png.startswith(b"\x89PNG"):
        raise OSError(f"the picture could not be drawn (exit code {process.returncode})")
    return png


def draw(by_hour: Mapping[str, Mapping[datetime, int]], since: datetime, until: datetime, zone: ZoneInfo) -> bytes:
    """Draw stacked bars, one an hour, one colour a rule; the rarest rules beyond eight are one colour."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib.dates import AutoDateLocator, DateFormatter, date2num
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    hours = _hours(since, until)
    figure = Figure(figsize=(_WIDTH, _HEIGHT), dpi=120, layout="constrained")
    axes = figure.subplots()
    below = [0] * len(hours)
    starts = [float(date2num(hour)) for hour in hours]  # type: ignore[no-untyped-call]
    for rule, counts in _most_frequent(by_hour):
        heights = [counts.get(hour, 0) for hour in hours]
        axes.bar(starts, heights, 1 / 25, bottom=below, label=rule, align="edge")
        below = [one + other for one, other in zip(below, heights, strict=True)]
    axes.set_ylabel("posts an hour")
    axes.xaxis.set_major_locator(AutoDateLocator(tz=zone))  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_formatter(DateFormatter("%a %H:%M", tz=zone))  # type: ignore[no-untyped-call]
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_title(f"Posts by hour and rule, {zone.key}")
    if by_hour:
        axes.legend(loc="upper left", fontsize="small")
    target = io.BytesIO()
    figure.savefig(target, format="png")
    return target.getvalue()


def _hours(since: datetime, until: datetime) -> list[datetime]:
    first = since.replace(minute=0, second=0, microsecond=0)
    return [first + timedelta(hours=hour) for hour in range(int((until - first) / timedelta(hours=1)) + 1)]


def _most_frequent(by_hour: Mapping[str, Mapping[datetime, int]]) -> list[tuple[str, Mapping[datetime, int]]]:
    ordered = sorted(by_hour.items(), key=lambda item: -sum(item[1].values()))
    others: dict[datetime, int] = {}
    for _, counts in ordered[_MOST_RULES - 1 :] if len(ordered) > _MOST_RULES else ():
        for hour, count in counts.items():
            others[hour] = others.get(hour, 0) + count
    return [*ordered[: _MOST_RULES - 1], ("other rules", others)] if others else ordered


def _main() -> None:
    given = orjson.loads(sys.stdin.buffer.read())
    read = datetime.fromisoformat
    rules = {rule: {read(hour): count for hour, count in hours.items()} for rule, hours in given["rules"].items()}
    png = draw(rules, read(given["since"]), read(given["until"]), ZoneInfo(given["zone"]))
    sys.stdout.buffer.write(png)


if __name__ == "__main__":
    _main()
