"""The values that all parts hand to each other: frozen, without I/O.

Every date is an aware datetime in UTC. Every span is `(start, end)` in code points of the published text, end
exclusive.
"""

from monitor.models.alerts import Alert, AnyAlert, Bundle, Due, Fold, FollowUp, Kind, Message, Note, Silence
from monitor.models.findings import EntityKind, EntityMention, Findings, Match, Mention, Span
from monitor.models.levels import Level, highest
from monitor.models.posts import Channel, Forward, Media, Post, Rejected, Skipped
from monitor.models.stories import Appearance, StoryChoice

__all__ = [
    "Alert",
    "AnyAlert",
    "Appearance",
    "Bundle",
    "Channel",
    "Due",
    "EntityKind",
    "EntityMention",
    "Findings",
    "Fold",
    "FollowUp",
    "Forward",
    "Kind",
    "Level",
    "Match",
    "Media",
    "Mention",
    "Message",
    "Note",
    "Post",
    "Rejected",
    "Silence",
    "Skipped",
    "Span",
    "StoryChoice",
    "highest",
]
