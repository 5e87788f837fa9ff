"""A live source without an account: the public preview pages t.me/s/<channel>.

A page shows the newest posts, or with `?before=N` the newest below an id. Reading goes from the cursor upwards all the
same: where the newest page does not reach down to the cursor, the posts right above it are asked for in windows that
are small enough for a page. A page counts only where it is seen to reach the cursor.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from monitor.models import Channel, Post, Rejected, Skipped
from monitor.sources.fields import FieldError
from monitor.sources.live import Action, Address, Hint, Look, NotPublic, Page, Revisit, Standing, Unparsed
from monitor.sources.preview_client import PATIENCE, PUBLIC_BASE, NoPreview, PreviewClient
from monitor.sources.preview_page import Entry, PreviewPage, parse_page
from monitor.sources.preview_search import Search
from monitor.sources.source import ChannelGone, Unreadable, Wait

BLIND_SPOTS = (
    "Without an account, deleted posts are not noticed.",
    "Channels without a preview page (restricted ones, and those whose owner switched it off) cannot be read.",
    "Of an edited post only the text of now is seen, not when it was edited; edits between two reads are seen as one.",
    "Numbers of views and members are rounded, and the sizes of files are not told.",
    "A renamed channel is lost, because its pages are known by name alone.",
)
_NAME = re.compile(r"[A-Za-z]\w{3,31}", re.ASCII)
_HIGHEST = 2**31 - 1  # of Telegram's ids
_WINDOW = 20  # ids asked for at once; a page holds about as many posts
_ALBUM_KINDS = frozenset({"photo", "video", "document", "audio"})
_PAUSE = 1.0  # seconds between the steps of a search
_MOST_PAGES = 60  # of a search: more than halving all ids takes


class PreviewSource:
    """Reads the pages under a base address; the protocol `LiveSource` says what each method does.

    `patience` is how many seconds a page may take. Raises ValueError for a base that is no address.
    """

    name = "preview"
    account = "preview"
    heads_batch = 0
    revisit_batch = 0
    join_limit = 0
    blind_spots: tuple[str, ...] = BLIND_SPOTS

    def __init__(self, base: str = PUBLIC_BASE, *, patience: float = PATIENCE) -> None:
        self._client = PreviewClient(base, patience=patience)
        self._covered: dict[str, int] = {}  # the lowest id that the newest page reaches down to, by name
        self._windows: dict[str, int] = {}  # smaller windows where a page holds fewer posts
        self._searches: dict[tuple[str, datetime], Search] = {}

    async def open(self) -> None:
        """Make ready; there is no account to learn of."""
        await self._client.open()

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def resolve(self, name: str) -> Address:
        """Find the channel of a user name by its newest page."""
        if not _NAME.fullmatch(name):
            raise NotPublic(
                f"“{name}” is no user name of a public channel; write it as in @name, without an account ids "
                "and invite links lead nowhere"
            )
        try:
            page = await self._page(name)
        except NoPreview as error:
            raise NotPublic(
                f"{error}: it is no public channel, or one that only an account can read (SOURCE=telegram)"
            ) from error
        return Address(_described(page, Channel(None, name)))

    async def look(self, address: Address) -> Look:
        """Ask what the newest page says of a channel."""
        name = address.channel.name
        if name is None:
            return Look(address, Standing.PRIVATE, reason="no user name of it is known, and pages are known by name")
        try:
            page = await self._page(name)
        except NoPreview as error:
            return Look(address, Standing.PRIVATE, reason=str(error))
        found = _described(page, address.channel)
        if found.id != address.channel.id and address.channel.id is not None:
            return Look(address, Standing.PRIVATE, reason=_taken(name, found.id))
        return Look(Address(found), last=max(_ids(page.entries), default=0), members=page.members)

    async def heads(self, addresses: Sequence[Address]) -> Mapping[int, int]:
        """Not served."""
        raise Unreadable("preview pages show one channel each")

    async def history(self, address: Address, after: int, *, limit: int = 100) -> Page:
        """Return the posts right above `after` that one page shows; `limit` is the far side's own."""
        name = _named(address)
        window = self._windows.get(name, _WINDOW)
        covered = self._covered.get(name)
        before = min(after + 1 + window, covered) if covered is not None and after + 1 < covered else None
        try:
            page = await self._page(name, before)
        except NoPreview as error:
            raise ChannelGone(f"{error} any more") from error
        channel = _same(page, address.channel)
        reaches = not page.older or any(id_ <= after + 1 for id_ in _ids(_posts(page.entries)))
        if before is None:
            self._note_newest(name, page)
            return _taken_from(page.entries, channel, after) if reaches else _nothing(after)
        if any(entry.ids[0] >= before for entry in _posts(page.entries)):
            raise Unreadable(f"@{name}: the page shows other posts than those that were asked for")
        if not reaches:
            self._windows[name] = max(1, window // 2)
            return _nothing(after)
        # The newest page begins with a whole post; a window may end within one.
        up_to = before - 1 if before == covered else _end_of_whole_posts(page.entries, after, before - 1)
        return _taken_from(page.entries, channel, after, up_to)

    async def at(self, address: Address, moment: datetime) -> int:
        """Return the newest id from before `moment`; while more than one page is needed for that, Wait says so."""
        name = _named(address)
        search = self._searches.pop((name, moment), Search(moment))
        try:
            page = await self._page(name, search.before)
        except NoPreview as error:
            raise ChannelGone(f"{error} any more") from error
        _same(page, address.channel)
        if search.before is None:
            self._note_newest(name, page)
        posts = [(entry.ids[-1], entry.read.date) for entry in page.entries if isinstance(entry.read, Post)]
        search = search.after_page(posts, older=page.older)
        if search.answer is not None:
            return search.answer
        if search.pages >= _MOST_PAGES:
            raise Unreadable(f"@{name}: no post of {moment:%Y-%m-%d} is found; its pages contradict each other")
        self._searches[name, moment] = search
        raise Wait(f"@{name}: the first post since {moment:%Y-%m-%d} is being looked for", _PAUSE, Action.AT)

    async def revisit(self, address: Address, ids: Sequence[int]) -> Revisit:
        """Not served."""
        raise Unreadable("preview pages show no posts by their ids")

    async def join(self, address: Address) -> None:
        """Not served."""
        raise Unreadable("without an account no channel can be joined")

    async def leave(self, address: Address) -> None:
        """Not served."""
        raise Unreadable("without an account no channel can be left")

    async def hints(self) -> AsyncIterator[Hint]:
        """Give nothing, for ever: pages are not pushed."""
        await asyncio.get_running_loop().create_future()
        nothing: tuple[Hint, ...] = ()
        for hint in nothing:
            yield hint

    def _note_newest(self, name: str, page: PreviewPage) -> None:
        """Note how far down the newest page reaches for certain: its first post may be the rest of an album."""
        posts = _posts(page.entries)
        whole = posts[1:] if len(posts) > 1 and _may_be_cut(posts[0]) else posts
        self._covered[name] = whole[0].ids[0] if whole and page.older else 0

    async def _page(self, name: str, before: int | None = None) -> PreviewPage:
        url, content = await self._client.fetch(name, f"?before={before}" if before is not None else "")
        try:
            page = parse_page(content, url)
        except FieldError as error:
            raise Unreadable(f"{url}: {error}") from error
        if page is None:
            raise Unreadable(f"{url}: is no page of t.me; something else answers in its place")
        firsts = [entry.ids[0] for entry in page.entries if entry.ids]
        if firsts != sorted(firsts) or any(id_ > _HIGHEST for id_ in _ids(page.entries)):
            raise Unreadable(f"{url}: the posts' ids are out of order")
        return page


def _named(address: Address) -> str:
    name = address.channel.name
    if name is None or not _NAME.fullmatch(name):
        raise ChannelGone("no user name of the channel is known, and preview pages are known by name alone")
    return name


def _ids(entries: Iterable[Entry]) -> list[int]:
    return [id_ for entry in entries for id_ in entry.ids]


def _channel_id(page: PreviewPage, known: int | None) -> int | None:
    """The channel that the page's posts name: the known one if any does, else the first."""
    named = [entry.read.channel.id for entry in page.entries if isinstance(entry.read, Post)]
    found = [id_ for id_ in named if id_ is not None]
    return known if known in found or not found else found[0]


def _described(page: PreviewPage, asked: Channel) -> Channel:
    return Channel(_channel_id(page, asked.id), page.name or asked.name, page.title or asked.title)


def _taken(name: str, id_: int | None) -> str:
    return f"@{name} now leads to another channel (id {id_})"


def _same(page: PreviewPage, channel: Channel) -> Channel:
    """Return the channel with its id; raises ChannelGone where the page is that of another one."""
    found = _channel_id(page, channel.id)
    if channel.id is not None and found != channel.id:
        raise ChannelGone(f"{_taken(channel.name or '', found)}, which is not read")
    return replace(channel, id=found)


def _posts(entries: Iterable[Entry]) -> list[Entry]:
    """What stands in its place by its id; service messages may stand anywhere."""
    return [entry for entry in entries if entry.ids and not isinstance(entry.read, Skipped)]


def _may_be_cut(entry: Entry) -> bool:
    return isinstance(entry.read, Post) and any(media.kind in _ALBUM_KINDS for media in entry.read.media)


def _end_of_whole_posts(entries: Iterable[Entry], after: int, up_to: int) -> int:
    """Return up to where posts are whole: an album that may go on above `up_to` is left out, unless it is all."""
    last = next(reversed(_posts(entries)), None)
    if last is None or not _may_be_cut(last) or last.ids[-1] < up_to or last.ids[0] - 1 <= after:
        return up_to
    return last.ids[0] - 1


def _nothing(after: int) -> Page:
    """A page that holds nothing yet and moves no cursor: it has to be asked for again, by another window."""
    return Page((), (), (), (), after, more=True)


def _taken_from(entries: Sequence[Entry], channel: Channel, after: int, up_to: int | None = None) -> Page:
    """Make a page of what stands above `after`, and not above `up_to`; without that it is the newest, with no more."""
    kept = [
        entry
        for entry in entries
        if not entry.ids or (entry.ids[-1] > after and (up_to is None or entry.ids[0] <= up_to))
    ]
    posts: list[Post] = []
    skipped: list[Skipped] = []
    rejected: list[Unparsed] = []
    for entry in kept:
        read = _checked(entry, channel)
        if isinstance(read, Post):
            posts.append(replace(read, channel=replace(read.channel, id=channel.id)))
        elif isinstance(read, Skipped):
            skipped.append(read)
        elif entry.ids:
            rejected.append(Unparsed(entry.ids[0], entry.raw, read))
        else:
            skipped.append(Skipped(read.file, "post without an id"))
    served = sorted({id_ for id_ in _ids(kept) if id_ > after and (up_to is None or id_ <= up_to)})
    end = max([after, *served]) if up_to is None else up_to
    return Page(tuple(posts), tuple(skipped), tuple(rejected), tuple(served), end, more=up_to is not None)


def _checked(entry: Entry, channel: Channel) -> Post | Skipped | Rejected:
    """Refuse a post that says that it is another channel's."""
    read = entry.read
    if isinstance(read, Post):
        other_name = (read.channel.name or "").lower() != (channel.name or "").lower()
        if other_name or read.channel.id not in (None, channel.id):
            return Rejected(read.source, None, "the post says that it is another channel's")
    return read
