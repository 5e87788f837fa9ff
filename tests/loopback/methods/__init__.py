"""The methods that the server answers, one family a module; importing them fills the table."""

from __future__ import annotations

from tests.loopback.methods import (
    authorization,
    bots,
    channels,
    differences,
    files,
    history,
    sending,
    users,
)
from tests.loopback.methods.table import METHODS

FAMILIES = (authorization, bots, channels, differences, files, history, sending, users)

__all__ = ["FAMILIES", "METHODS"]
