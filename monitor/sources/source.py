"""What a source of posts gives, and the errors it may raise.

The error tree:

    SourceError                 something between us and the posts; its text is one sentence for the analyst
    ├── Unreadable              the source as a whole cannot be read (no such file, not this format)
    ├── ChannelGone             the channel was deleted, made private or forbidden to us
    ├── Wait(seconds, action)   the source asks us to come back later (a flood wait, a 429), with what it concerns
    ├── Unreachable             the network or the far side failed; worth a retry with back-off
    └── AccessLost              our own account or key is refused; nothing can be read until a person acts
"""

from __future__ import annotations

from monitor.models import Post, Rejected, Skipped

Read = Post | Rejected | Skipped


class SourceError(Exception):
    """Something stands between us and the posts; the text is one sentence that says what, where and what to do."""


class Unreadable(SourceError):  # noqa: N818  the tree reads as its leaves
    """The source as a whole cannot be read."""


class ChannelGone(SourceError):  # noqa: N818  the tree reads as its leaves
    """The channel was deleted, made private or forbidden to this account."""


class Wait(SourceError):  # noqa: N818  the tree reads as its leaves
    """The far side asks to be left alone for `seconds`; `action` names the kind of request it concerns, None: all."""

    def __init__(self, message: str, seconds: float, action: str | None = None) -> None:
        super().__init__(message)
        self.seconds = seconds
        self.action = action


class Unreachable(SourceError):  # noqa: N818  the tree reads as its leaves
    """The network or the far side failed; a retry with back-off may help."""


class AccessLost(SourceError):  # noqa: N818  the tree reads as its leaves
    """Our own account or key is refused until a person acts."""
