"""Public channels as an account of Telegram's reads them, without joining; LiveSource says who paces and retries."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from telethon import errors
from telethon.extensions import BinaryReader
from telethon.tl import TLObject, TLRequest, functions, types

from monitor.models import Channel
from monitor.sources.live import Action, Address, Hint, Look, NotPublic, Page, Remote, Revisit, Stale, Standing
from monitor.sources.source import AccessLost, ChannelGone, SourceError, Unreachable, Unreadable
from monitor.sources.telethon_json import restriction
from monitor.telegram import files
from monitor.telegram.client import Client, Garbled
from monitor.telegram.hints import hints_in
from monitor.telegram.pages import Search, above, nothing_yet, page_of, unreadable
from monitor.telegram.posts import SOURCE, Peers, convert, described, unparsed

_PAGE = 100  # messages, ids or channels in one request, at most
_TO_BE_LET_IN = 3  # requests that a data centre takes where the account is not signed in: export, import, addresses
_ALBUM = 10  # parts that an album has at most
_MESSAGES = (types.messages.ChannelMessages, types.messages.MessagesSlice, types.messages.Messages)


class TelegramReader:
    """A LiveSource on one account: see `monitor.sources.live.LiveSource` for what each method does and raises."""

    name = SOURCE
    heads_batch = _PAGE
    revisit_batch = _PAGE
    join_limit = 500
    blind_spots: tuple[str, ...] = ()
    piece_size = files.PIECE

    def __init__(self, client: Client) -> None:
        self.account = ""
        self._client = client
        self._searches: dict[int, Search] = {}
        self._moved: dict[int, int] = {}  # files that lie in another data centre than their record says

    async def open(self) -> None:
        """Connect and learn whose account this is."""
        await self._client.connect()
        account = await self._client.account()
        if account.bot:
            raise AccessLost(
                f"the session is that of the bot “{account.name}”, and bots may not read channels;"
                " sign in a person's account with `monitor login`"
            )
        self.account = str(account.id)

    async def close(self) -> None:
        """Disconnect."""
        await self._client.close()

    @property
    def clock_noticed(self) -> float | None:
        """By how many seconds Telegram's clock is ahead of ours, as far as Telegram complained; None: not connected."""
        return self._client.clock_ahead

    async def clock_ahead(self) -> float:
        """Ask by how many seconds Telegram's clock is ahead of ours."""
        config = await self._client.request(functions.help.GetConfigRequest(), Action.LOOK)
        return float((config.date - datetime.now(UTC)).total_seconds())

    async def resolve(self, name: str) -> Address:
        """Find the channel behind a user name."""
        wanted = _user_name(name)
        try:
            answer = await self._request(
                functions.contacts.ResolveUsernameRequest(wanted), Action.RESOLVE, types.contacts.ResolvedPeer
            )
        except Unreadable as error:
            if isinstance(error.__cause__, errors.UsernameNotOccupiedError):
                raise NotPublic(
                    f"nobody has the name @{wanted}; look it up in Telegram, it may have changed"
                ) from error
            if isinstance(error.__cause__, errors.UsernameInvalidError):
                raise NotPublic(f"@{wanted} is no user name; look it up in Telegram") from error
            raise
        return _public_channel(wanted, answer)

    async def look(self, address: Address) -> Look:
        """Ask what a channel says of itself; Telegram does not tell its newest id with that, `heads` does."""
        try:
            answer = await self._request(
                functions.channels.GetFullChannelRequest(_channel(address)), Action.LOOK, types.messages.ChatFull
            )
        except ChannelGone as error:
            unknown = isinstance(error.__cause__, errors.ChannelInvalidError)
            return Look(address, Standing.DELETED if unknown else Standing.PRIVATE, reason=str(error))
        found = Peers.of(answer.chats).channels.get(_id(address))
        if found is None:
            return Look(address, Standing.PRIVATE, reason="Telegram does not show the channel to this account any more")
        now = Address(described(found), found.access_hash or address.access)
        standing, reason = _standing(found, now.channel)
        members = answer.full_chat.participants_count
        return Look(now, standing, members=members, joined=not found.left, reason=reason)

    async def heads(self, addresses: Sequence[Address]) -> Mapping[int, int]:
        """Return the newest id by channel id."""
        peers = [types.InputDialogPeer(_peer(address)) for address in addresses]
        try:
            heads: dict[int, int] = await self._client.request(
                functions.messages.GetPeerDialogsRequest(peers), Action.HEADS, _read_heads
            )
        except Garbled as error:
            raise Unreadable("Telegram's answer on the newest posts cannot be read") from error
        asked = {_id(address) for address in addresses}
        return {channel: newest for channel, newest in heads.items() if channel in asked}

    async def history(self, address: Address, after: int, *, limit: int = _PAGE) -> Page:
        """Return the oldest posts with ids above `after`; at least as many are asked for as an album may have."""
        search = self._searches.pop(_id(address), None)
        if search is not None and search.after != after:
            search = None
        if search is not None and not search.wants_page:
            return await self._searched(address, search)
        asked = min(max(limit, _ALBUM + 1), _PAGE)
        try:
            answer = await self._messages(_history(address, after + 1, -asked, asked), Action.HISTORY)
        except Garbled:
            self._searches[_id(address)] = search.probed() if search else Search.begin(after, _PAGE)
            return nothing_yet(after)
        messages = above(answer.messages, after)
        full = len(messages) >= asked
        return page_of(messages, after, address.channel, Peers.of(answer.chats), full=full)

    async def at(self, address: Address, moment: datetime) -> int:
        """Return the newest id published before `moment`, 0 where there is none."""
        try:
            answer = await self._messages(_history(address, 0, 0, 1, moment), Action.AT)
        except Garbled as error:
            raise Unreadable("the post of that time cannot be read; start a little earlier") from error
        return max((one.id for one in above(answer.messages, 0)), default=0)

    async def revisit(self, address: Address, ids: Sequence[int]) -> Revisit:
        """Read posts again by their ids, those of an album together."""
        try:
            answer = await self._messages(_by_ids(address, ids), Action.REVISIT)
        except Garbled as error:
            if len(ids) > 1:
                return Revisit((), (), unread=tuple(ids))
            bad = unparsed(address.channel, ids[0], error.raw, "the post holds something unknown since it was edited")
            return Revisit((), (), rejected=(bad,))
        peers = Peers.of(answer.chats)
        messages = [one for one in above(answer.messages, 0) if one.id in set(ids)]
        found = convert(messages, peers.named(address.channel), peers)
        given = {one.id for one in messages}
        return Revisit(
            found.posts,
            tuple(id_ for id_ in ids if id_ not in given),
            tuple(one.id for one in messages if isinstance(one, types.MessageService)),
            found.rejected,
        )

    async def join(self, address: Address) -> None:
        """Join a channel, so that its posts are pushed."""
        request = functions.channels.JoinChannelRequest(_channel(address))
        await self._change(request, errors.UserAlreadyParticipantError)

    async def leave(self, address: Address) -> None:
        """Leave a channel."""
        request = functions.channels.LeaveChannelRequest(_channel(address))
        await self._change(request, errors.UserNotParticipantError)

    async def hints(self) -> AsyncIterator[Hint]:
        """Give a hint for each post, edit and deletion of a joined channel; SourceError when the connection breaks."""
        async for update in self._client.updates():
            for hint in hints_in(update, datetime.now(UTC)):
                yield hint

    def remotes(self, raw: bytes) -> tuple[Remote | None, ...]:
        """Return the files of a post by its raw record."""
        return files.remotes(raw)

    def errands(self, remote: Remote) -> int:
        """Return how many requests more than one the next piece takes: to be let in where the file lies."""
        return 0 if self._client.reaches(self._dc(remote)) else _TO_BE_LET_IN

    async def piece(self, remote: Remote, offset: int) -> bytes:
        """Return the bytes of a file from `offset` on."""
        request = files.request(remote, offset)
        try:
            answer = await self._client.request(request, Action.FILE, dc=self._dc(remote))
        except SourceError as error:
            if isinstance(error.__cause__, errors.FileMigrateError):
                self._moved[remote.file] = error.__cause__.new_dc
                raise Stale("the file lies in another data centre") from error
            if files.is_stale(error.__cause__):
                raise Stale("the reference to the file has expired") from error
            raise
        return bytes(_expected(answer, (types.upload.File,), Action.FILE).bytes)

    async def look_up(self, address: Address, message: int) -> Remote | None:
        """Return the file that a message carries now."""
        try:
            answer = await self._messages(_by_ids(address, [message]), Action.REVISIT)
        except Garbled as error:
            raise Unreadable("the post holds something unknown since it was edited") from error
        found = next((one for one in above(answer.messages, 0) if one.id == message), None)
        return files.remote_of(found) if isinstance(found, types.Message) else None

    def _dc(self, remote: Remote) -> int:
        return self._moved.get(remote.file, remote.dc)

    async def _searched(self, address: Address, search: Search) -> Page:
        """Look for the record of a page that cannot be read, in one request; see Search."""
        channel_id = _id(address)
        try:
            answer = await self._messages(_by_ids(address, search.ids), Action.HISTORY)
        except Garbled as error:
            narrower = search.narrowed()
            if narrower is None:
                return unreadable(address.channel, search.low, error.raw)
            self._searches[channel_id] = narrower
            return nothing_yet(search.after)
        messages = above(answer.messages, search.after)
        if not messages:
            self._searches[channel_id] = search.onward()
            return nothing_yet(search.after)
        page = page_of(messages, search.after, address.channel, Peers.of(answer.chats), full=True)
        self._searches[channel_id] = search.moved(page.up_to)
        return page

    async def _change(self, request: TLRequest, already: type[Exception]) -> None:
        """Join or leave; `already` is what Telegram answers where that was so before."""
        try:
            await self._client.request(request, Action.MEMBERSHIP)
        except Garbled:
            pass  # it is done, and what comes back with that is not needed
        except SourceError as error:
            if not isinstance(error.__cause__, already):
                raise

    async def _messages(self, request: TLRequest, action: Action) -> Any:
        """Ask for messages; Garbled where one of them cannot be read."""
        return _expected(await self._client.request(request, action), _MESSAGES, action)

    async def _request(self, request: TLRequest, action: Action, expected: type[TLObject]) -> Any:
        return _expected(await self._client.request(request, action), (expected,), action)


def _expected(answer: Any, kinds: tuple[type[TLObject], ...], action: Action) -> Any:
    if not isinstance(answer, kinds):
        raise Unreachable(f"Telegram's answer to “{action}” is none ({type(answer).__name__})")
    return answer


def _user_name(name: str) -> str:
    wanted = name.strip().removeprefix("https://").removeprefix("t.me/").removeprefix("@").strip("/")
    if wanted.startswith(("+", "joinchat/")):
        raise NotPublic("a private invite link leads to no public channel; only public ones are read")
    if wanted.lstrip("-").isdigit():
        raise NotPublic(f"the id {wanted} alone leads nowhere; write the channel's user name, the id is kept with it")
    return wanted


def _public_channel(wanted: str, answer: types.contacts.ResolvedPeer) -> Address:
    if not isinstance(answer.peer, types.PeerChannel):
        raise NotPublic(f"@{wanted} is a person or a bot, not a channel; only public channels are read")
    found = next((chat for chat in answer.chats if chat.id == answer.peer.channel_id), None)
    if not isinstance(found, types.Channel):
        raise NotPublic(f"@{wanted} does not let this account in; it may be banned there")
    if not found.broadcast:
        raise NotPublic(f"@{wanted} is a group, not a channel; only public channels are read")
    return Address(described(found), found.access_hash)


def _standing(found: types.Channel, channel: Channel) -> tuple[Standing, str | None]:
    if channel.name is None:
        return Standing.PRIVATE, "the channel has no public name any more"
    everywhere = [one.to_dict() for one in found.restriction_reason or () if one.platform == "all"]
    if found.restricted and everywhere:
        return Standing.RESTRICTED, restriction(everywhere)
    return Standing.OPEN, None


def _id(address: Address) -> int:
    assert address.channel.id is not None, "a resolved channel has an id"
    return address.channel.id


def _channel(address: Address) -> types.InputChannel:
    return types.InputChannel(_id(address), address.access or 0)


def _peer(address: Address) -> types.InputPeerChannel:
    return types.InputPeerChannel(_id(address), address.access or 0)


def _history(
    address: Address, offset_id: int, add_offset: int, limit: int, before: datetime | None = None
) -> TLRequest:
    return functions.messages.GetHistoryRequest(
        _peer(address),
        offset_id=offset_id,
        offset_date=before,
        add_offset=add_offset,
        limit=limit,
        max_id=0,
        min_id=0,
        hash=0,
    )


def _by_ids(address: Address, ids: Sequence[int]) -> TLRequest:
    return functions.channels.GetMessagesRequest(_channel(address), [types.InputMessageID(id_) for id_ in ids])


def _read_heads(reader: BinaryReader) -> dict[int, int]:
    """Read the newest ids out of messages.peerDialogs, whose newest posts (any of them may be odd) are passed over."""
    if reader.read_int(signed=False) != types.messages.PeerDialogs.CONSTRUCTOR_ID:
        raise ValueError("these are no dialogs")
    return {
        dialog.peer.channel_id: dialog.top_message
        for dialog in reader.tgread_vector()
        if isinstance(dialog.peer, types.PeerChannel) and dialog.top_message
    }
