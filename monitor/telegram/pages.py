"""A page of a channel's history: what may be taken from it, and how the one record in it that nobody can read is found.

Pure: the requests are the reader's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from telethon.tl import TLObject, types

from monitor.models import Channel
from monitor.sources.live import Page
from monitor.telegram.posts import Peers, convert, unparsed

_KINDS = (types.Message, types.MessageService)
_PROBE = 20  # windows searched in vain after which the page is asked for again, as a whole


def above(messages: Iterable[TLObject], after: int) -> list[TLObject]:
    """Return the messages with ids above `after`, in the order of their ids, each once.

    Telegram fills a page up with older ones, and an id that is no more may come back as an empty message.
    """
    found = {one.id: one for one in messages if isinstance(one, _KINDS) and one.id > after}
    return [found[id_] for id_ in sorted(found)]


def page_of(messages: Sequence[TLObject], after: int, channel: Channel, peers: Peers, *, full: bool) -> Page:
    """Make a page of messages above `after`; `full` says that there may be more of them above the last."""
    kept = _without_open_album(messages) if full else messages
    converted = convert(kept, peers.named(channel), peers)
    served = tuple(message.id for message in kept)
    return Page(
        converted.posts,
        converted.skipped,
        converted.rejected,
        served,
        max(served, default=after),
        full,
    )


def nothing_yet(after: int) -> Page:
    """Return a page that holds nothing and moves no cursor: it has to be asked for again."""
    return Page((), (), (), (), after, True)


def unreadable(channel: Channel, id_: int, raw: bytes) -> Page:
    """Return the page of one record that nobody can read; the next page begins after it."""
    bad = unparsed(channel, id_, raw, "the message holds something that this version of telethon does not know")
    return Page((), (), (bad,), (id_,), id_, True)


@dataclass(frozen=True, slots=True)
class Search:
    """Where the unreadable record of a page is looked for: among the ids from `low` on, `width` at a time.

    A page with such a record cannot be read as a whole, and nothing says which it is. So ids are asked for by
    themselves, in halves of what cannot be read. `after` is the cursor for which this holds; `windows` counts those
    that were empty, for the record may have been deleted meanwhile. A single id that cannot be read is `doubted` and
    asked for once more, lest one broken answer cost a sound post.
    """

    after: int
    low: int
    width: int
    windows: int = 0
    doubted: bool = False

    @classmethod
    def begin(cls, after: int, width: int) -> Search:
        """Begin after the cursor."""
        return cls(after, after + 1, width)

    @property
    def ids(self) -> list[int]:
        """The ids to ask for next."""
        return list(range(self.low, self.low + self.width))

    @property
    def wants_page(self) -> bool:
        """Whether the whole page is to be tried again before going on."""
        return self.windows > 0 and self.windows % _PROBE == 0

    def narrowed(self) -> Search | None:
        """Go on in the lower half of what could not be read; None: it is one id, and was asked for twice."""
        if self.width > 1:
            return replace(self, width=self.width // 2)
        return None if self.doubted else replace(self, doubted=True)

    def onward(self) -> Search:
        """Go on above what was empty."""
        return replace(self, low=self.low + self.width, windows=self.windows + 1, doubted=False)

    def probed(self) -> Search:
        """Go on after the whole page could still not be read."""
        return replace(self, windows=self.windows + 1)

    def moved(self, after: int) -> Search:
        """Go on after a cursor that has moved up to what could be read."""
        return replace(self, after=after, low=after + 1, windows=0, doubted=False)


def _without_open_album(messages: Sequence[TLObject]) -> Sequence[TLObject]:
    """Leave out the album at the end, which may go on in the next page, unless it is all there is."""
    group = getattr(messages[-1], "grouped_id", None) if messages else None
    if group is None:
        return messages
    start = next(index for index, one in enumerate(messages) if getattr(one, "grouped_id", None) == group)
    return messages[:start] or messages
