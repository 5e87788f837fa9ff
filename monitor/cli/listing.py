"""The desk's list of channels, out of CHANNELS and CHANNELS_FILE."""

from __future__ import annotations

from monitor.config import ConfigError, Settings
from monitor.reading.channel_list import ChannelList, joined, parse_file, parse_names


def listed(settings: Settings) -> ChannelList:
    """Read the list; ConfigError where its file cannot be read."""
    lists = [parse_names(settings.channels)]
    path = settings.channels_file
    if path is not None:
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(
                f"CHANNELS_FILE: {path} cannot be read as text ({error}); name a file with one channel a line"
            ) from error
        lists.append(parse_file(text, path.name))
    return joined(lists)
