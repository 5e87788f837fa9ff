"""How a channel is called that its file does not name: as the command line says, else as the file is called."""

from __future__ import annotations

from pathlib import Path

from monitor.models import Channel


def named(id_: int | None, title: str | None, channel: str | None, path: Path) -> Channel:
    """Return the channel of a file: `channel` is the user name from the command line, else the stem is a guess."""
    if channel is not None:
        return Channel(id_, channel.removeprefix("@"), title)
    return Channel(id_, path.stem, title, guessed=True)
