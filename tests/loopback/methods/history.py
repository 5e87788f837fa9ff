"""Reading messages: pages of history, single messages, the tops of many chats."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from telethon.tl import types
from telethon.tl.functions import channels, messages

from tests.loopback import wire
from tests.loopback.box import Box, Message
from tests.loopback.errors import bad_request
from tests.loopback.methods import lookup
from tests.loopback.methods.differences import state
from tests.loopback.methods.table import method
from tests.loopback.peers import Channel, Peer, User
from tests.loopback.rpc import Call

# A page is never longer; it has this length if none is asked for.
LONGEST_PAGE = 100
_USUAL_PAGE = 20
# How many messages can be asked for by id at once (core.telegram.org/api/updates, recovering gaps).
MOST_IDS = 200
# How many channels one getPeerDialogs may ask for.
MOST_DIALOGS = 100


@method(messages.GetHistoryRequest, bots=False)
def get_history(call: Call) -> Any:
    """Return a page of a chat's history, newest first."""
    return _page(call, lookup.peer(call, call.request.peer), lambda message: True)


@method(messages.SearchRequest, bots=False)
def search(call: Call) -> Any:
    """Return a page of those messages of a chat that contain a text."""
    words = call.request.q.casefold()
    return _page(call, lookup.peer(call, call.request.peer), lambda message: words in _text(message).casefold())


def _text(message: Message) -> str:
    return getattr(message, "message", None) or ""


def _page(call: Call, peer: Peer, wanted: Any) -> Any:
    request = call.request
    owner, box = call.world.box_of(call.account, peer)
    if not isinstance(owner, Channel) or isinstance(request, messages.SearchRequest):
        box = _part(box, lambda message: wanted(message) and (owner is peer or message.peer_id == peer.peer))
    found = box.page(
        offset_id=request.offset_id,
        offset_date=getattr(request, "offset_date", None),
        add_offset=request.add_offset,
        limit=min(request.limit or _USUAL_PAGE, LONGEST_PAGE),
        min_id=request.min_id,
        max_id=request.max_id,
        fill=call.server.fill_pages,
    )
    return _messages(call, owner, peer, found, len(box))


def _part(box: Box, wanted: Any) -> Box:
    """Return a box with only some of the messages."""
    part = Box()
    for message in box.messages.values():
        if wanted(message):
            part.add(message)
    return part


def _messages(call: Call, owner: User | Channel, peer: Peer, found: Sequence[Message], count: int) -> Any:
    shown = [call.world.shown(message, call.account, owner) for message in found]
    chats, users = call.world.cast(shown, call.account, peer)
    if isinstance(owner, Channel):
        return types.messages.ChannelMessages(owner.box.pts, count, shown, [], chats, users)
    if len(found) < count:
        return types.messages.MessagesSlice(count, shown, [], chats, users)
    return types.messages.Messages(shown, [], chats, users)


@method(channels.GetMessagesRequest)
def get_channel_messages(call: Call) -> Any:
    """Return messages of a channel by id, in the order asked for; messageEmpty for one deleted or never there."""
    channel = lookup.channel(call, call.request.channel)
    return _by_id(call, channel, channel)


@method(messages.GetMessagesRequest)
def get_messages(call: Call) -> Any:
    """Return messages of the account's own box by id."""
    return _by_id(call, call.account, call.account)


def _by_id(call: Call, owner: User | Channel, peer: Peer) -> Any:
    ids = [named.id for named in call.request.id if isinstance(named, types.InputMessageID)]
    if len(ids) > MOST_IDS:
        raise bad_request("MSG_ID_INVALID")
    empty_of = owner.peer if isinstance(owner, Channel) else None
    there = {one: owner.box.messages[one] for one in ids if one in owner.box.messages}
    answer = _messages(call, owner, peer, list(there.values()), len(there))
    shown = {message.id: message for message in answer.messages}
    answer.messages = [shown.get(one) or types.MessageEmpty(one, empty_of) for one in ids]
    return answer


@method(messages.GetPeerDialogsRequest, bots=False)
def get_peer_dialogs(call: Call) -> Any:
    """Return the newest message and the state of several chats, joined or not."""
    if len(call.request.peers) > MOST_DIALOGS:
        raise bad_request("LIMIT_INVALID")
    peers = [lookup.peer(call, named.peer) for named in call.request.peers]
    if not call.server.dialogs_of_strangers:
        peers = [peer for peer in peers if isinstance(peer, User) or call.account.id in peer.members]
    dialogs, tops, chats, users = _dialogs(call, peers)
    return types.messages.PeerDialogs(dialogs, tops, chats, users, state(call.account))


@method(messages.GetDialogsRequest, bots=False)
def get_dialogs(call: Call) -> Any:
    """Return the account's chats, the one with the newest message first."""
    request, account, world = call.request, call.account, call.world
    peers: list[Peer] = [place for place in world.channels.values() if account.id in place.members]
    spoken = {
        (type(message.peer_id), str(message.peer_id)): message.peer_id for message in account.box.messages.values()
    }
    peers += [peer for named in spoken.values() if (peer := world.peer_of(named)) is not None]
    dated = [(top.date, peer) for peer in peers if (top := _top(call, peer)) is not None]
    dated.sort(key=lambda entry: entry[0], reverse=True)
    start = request.offset_date if request.offset_date and request.offset_date.timestamp() > 0 else None
    kept = [peer for date, peer in dated if start is None or date < start][: request.limit or _USUAL_PAGE]
    dialogs, tops, chats, users = _dialogs(call, kept)
    return types.messages.DialogsSlice(len(dated), dialogs, tops, chats, users)


def _top(call: Call, peer: Peer) -> Message | None:
    """Return the newest message with a peer."""
    if isinstance(peer, Channel):
        return peer.box.messages.get(peer.box.top)
    own = (message for message in call.account.box.messages.values() if message.peer_id == peer.peer)
    return max(own, key=lambda message: message.id, default=None)


def _dialogs(call: Call, peers: Sequence[Peer]) -> tuple[list[Any], list[Any], list[Any], list[Any]]:
    """Return dialogs, their newest messages, and the chats and users in them."""
    dialogs, tops = [], []
    for peer in peers:
        top = _top(call, peer)
        if top is not None:
            owner, _ = call.world.box_of(call.account, peer)
            tops.append(call.world.shown(top, call.account, owner))
        dialogs.append(
            wire.fill(
                types.Dialog,
                peer=peer.peer,
                top_message=top.id if top else 0,
                pts=peer.box.pts if isinstance(peer, Channel) else None,
            )
        )
    chats, users = call.world.cast(tops, call.account, *peers)
    return dialogs, tops, chats, users


@method(messages.ReadHistoryRequest, channels.ReadHistoryRequest, bots=False)
def read_history(call: Call) -> Any:
    """Take note that messages were read; nobody asks for it here."""
    if isinstance(call.request, channels.ReadHistoryRequest):
        lookup.channel(call, call.request.channel)
        return True
    lookup.peer(call, call.request.peer)
    return types.messages.AffectedMessages(call.account.box.pts, 0)
