"""Which posts of a batch are not stored yet: looked up together, not one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import orjson
from sqlite_utils import Database

from monitor.models import Channel, Forward, Media, Post
from monitor.store import identity
from monitor.store.chain import content_hash
from monitor.store.records import Fresh
from monitor.store.rows import json_list, shown_text, sound, sound_or_none


@dataclass(slots=True)
class _Stored:
    """A post as it is stored, or as this batch will leave it: its id and album ids, and its revisions so far."""

    post_id: int
    album: frozenset[int]
    text: str
    latest: int = 0
    contents: set[bytes] = field(default_factory=set)
    purged: bool = False


_Key = tuple[int, int]  # channel key and Telegram's id of the post or of a part of it


def fresh_posts(db: Database, posts: Sequence[Post], channels: Mapping[Channel, identity.Known]) -> list[Fresh]:
    """Return the new posts and new revisions among `posts`, in their order; see `Store.fresh`."""
    known = [channels[post.channel] for post in posts]
    wanted = [(one.key, number) for one, post in zip(known, posts, strict=True) for number in _numbers(post)]
    stored = _stored(db, wanted)
    found = []
    for channel, post in zip(known, posts, strict=True):
        readable = _readable(post)
        one, is_new = _revise(stored, channel.key, readable)
        if is_new:
            found.append(
                Fresh(_completed(readable, channel, one), channel.key, one.latest, channel.usual_language, post.channel)
            )
    return found


def _numbers(post: Post) -> tuple[int, ...]:
    """Return the Telegram ids by which a post is known, its own first."""
    return (post.id,) if len(post.ids) < 2 else (post.id, *(number for number in post.ids if number != post.id))


def _stored(db: Database, wanted: list[_Key]) -> dict[_Key, _Stored]:
    keys = json_list(wanted)
    stored: dict[_Key, _Stored] = {}
    for channel, post_id, number, content in db.execute(
        "SELECT p.channel, p.post_id, r.number, r.content_sha256 FROM json_each(?) w"
        " CROSS JOIN posts p ON p.channel = w.value ->> 0 AND p.post_id = w.value ->> 1"
        " JOIN revisions r ON r.post = p.id",
        [keys],
    ):
        _add(stored, (channel, post_id), post_id, number, content)
    if db.execute("SELECT 1 FROM album_posts LIMIT 1").fetchone() is not None:
        _add_albums(db, keys, stored)
    if db.execute("SELECT 1 FROM purged LIMIT 1").fetchone() is not None:
        _mark_purged(db, stored)
    return stored


def _mark_purged(db: Database, stored: dict[_Key, _Stored]) -> None:
    """Tell which of the stored posts were removed on purpose: they are not stored again."""
    keys = json_list([(key[0], one.post_id) for key, one in stored.items()])
    gone = {
        (channel, post_id)
        for channel, post_id in db.execute(
            "SELECT p.channel, p.post_id FROM json_each(?) w"
            " CROSS JOIN posts p ON p.channel = w.value ->> 0 AND p.post_id = w.value ->> 1"
            " JOIN purged x ON x.post = p.id",
            [keys],
        )
    }
    for key, one in stored.items():
        one.purged = (key[0], one.post_id) in gone


def _add(stored: dict[_Key, _Stored], key: _Key, post_id: int, number: int, content: bytes) -> None:
    one = stored.get(key)
    if one is None:
        one = stored[key] = _Stored(post_id, frozenset(), "")
    one.latest = max(one.latest, number)
    one.contents.add(content)


def _add_albums(db: Database, keys: str, stored: dict[_Key, _Stored]) -> None:
    """Let each id of a stored album lead to its post, and know that post's ids and newest text."""
    rows = db.execute(
        "SELECT a.channel, a.telegram_id, p.id, p.post_id, r.body, r.attached, r.number, r.content_sha256, p.latest,"
        " (SELECT json_group_array(b.telegram_id) FROM album_posts b WHERE b.post = p.id) FROM json_each(?) w"
        " CROSS JOIN album_posts a ON a.channel = w.value ->> 0 AND a.telegram_id = w.value ->> 1"
        " JOIN posts p ON p.id = a.post JOIN revisions r ON r.post = p.id",
        [keys],
    ).fetchall()
    albums: dict[_Key, _Stored] = {}
    for channel, _, _, post_id, body, attached, number, content, latest, ids in rows:
        key = (channel, post_id)
        _add(albums, key, post_id, number, content)
        albums[key].album = frozenset(orjson.loads(ids))
        if number == latest:
            albums[key].text = shown_text(body, attached)
    for channel, telegram_id, _, post_id, *_ in rows:
        if telegram_id == post_id:
            stored[channel, telegram_id] = albums[channel, post_id]
        else:
            stored.setdefault((channel, telegram_id), albums[channel, post_id])


def _revise(stored: dict[_Key, _Stored], key: int, post: Post) -> tuple[_Stored, bool]:
    """Find the post that this is a revision of and count it in; False: nothing of it is new."""
    numbers = _numbers(post)
    content = content_hash(post.text, (media.kind for media in post.media), post.forward is not None)
    one = next((stored[key, number] for number in numbers if (key, number) in stored), None)
    if one is None:
        one = _Stored(post.id, frozenset(numbers), post.text)
    elif one.purged or content in one.contents or _is_part(post, one):
        return one, False
    for number in numbers:
        stored.setdefault((key, number), one)
    one.latest += 1
    one.contents.add(content)
    one.text = post.text
    return one, True


def _is_part(post: Post, album: _Stored) -> bool:
    """Tell whether a post is one picture of a stored album, as sources give it that do not know of albums."""
    return len(album.album) > 1 and len(post.ids) < 2 and post.id in album.album and post.text in album.text


def _readable(post: Post) -> Post:
    """Return the post with texts that can be stored, each bad character replaced by one."""
    body, attached = sound(post.body), tuple(map(sound, post.attached))
    return post if body is post.body and attached == post.attached else replace(post, body=body, attached=attached)


def _completed(post: Post, known: identity.Known, one: _Stored) -> Post:
    channel = identity.completed(post.channel, known, post.as_of)
    return replace(
        post,
        channel=channel,
        id=one.post_id,
        ids=post.ids or (post.id,),
        url=sound_or_none(post.url) or identity.link(channel, post.id, known.taken),
        source=sound(post.source),
        media=tuple(map(_sound_media, post.media)),
        forward=_sound_forward(post.forward),
    )


def _sound_media(media: Media) -> Media:
    return replace(
        media, kind=sound(media.kind), mime=sound_or_none(media.mime), file_name=sound_or_none(media.file_name)
    )


def _sound_forward(forward: Forward | None) -> Forward | None:
    return None if forward is None else replace(forward, name=sound_or_none(forward.name))
